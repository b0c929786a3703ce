"""Brokers that ask for credentials, and connections that do not bring what they ask for: the first
try says which field of the connection to change, and never the password."""

import concurrent.futures
import json
import tempfile
import unittest

from .outside import Sluice, own_servers

PIPELINE = """\
version: 1
pipeline: secured
settings: {{timezone: UTC, checkpoint: {{interval: 100ms}}}}
connections:
  broker: {{type: kafka, brokers: "${{env:BROKERS}}", {fields}}}
sources:
  orders:
    kafka: {{connection: broker, topic: orders}}
    format: json
    columns: {{id: bigint}}
sinks:
  copies: {{from: orders, kafka: {{connection: broker, topic: copies}}, format: json}}
errors: {{on_error: fail}}
"""

PLAIN = 'security: sasl_plaintext, mechanism: PLAIN, username: {user}, password: "${{env:SECRET}}"'
WRONG = "a password that nobody has"
BOTH = "correct connections.broker.username and connections.broker.password"
# (case, of the connection, its listener and password, code, what is said, what is to be changed)
CASES = (
    ("password", PLAIN, "SECURED", WRONG, "E4002", "Invalid username or password", BOTH),
    (
        "user",
        PLAIN.replace("{user}", "nobody"),
        "SECURED",
        None,
        "E4002",
        "Invalid username or password",
        BOTH,
    ),
    (
        "mechanism",
        PLAIN.replace("PLAIN,", "SCRAM-SHA-512,"),
        "SECURED",
        None,
        "E4002",
        "supported mechanisms: PLAIN",
        "set connections.broker.mechanism",
    ),
    (
        "no credentials",
        "security: plaintext",
        "SECURED",
        None,
        "E4002",
        "might require SASL",
        "set connections.broker.security, username and password",
    ),
    (
        "credentials that nobody asks for",
        PLAIN,
        "OPEN",
        None,
        "E4002",
        "handshake failed",
        "correct connections.broker.security",
    ),
    (
        "TLS against plain text",
        "security: ssl",
        "OPEN",
        None,
        "E4001",
        "SSL",
        "set connections.broker.security",
    ),
)


class Credentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = cls.enterClassContext(own_servers("kafka"))
        for topic in ("orders", "copies"):
            cls.servers.create_topic(topic)

    def run_with(self, fields, listener, password, *arguments):
        """(exit status, what it said) of a run with this connection."""
        known = self.servers.environment
        variables = {
            "BROKERS": known["KAFKA_SECURED_BROKERS" if listener == "SECURED" else "KAFKA_BROKERS"],
            "SECRET": password or known["KAFKA_PASSWORD"],
        }
        with tempfile.TemporaryDirectory() as work:
            sluice = Sluice(work, variables)
            fields = fields.format(user=known["KAFKA_USER"])
            sluice.write(PIPELINE.format(fields=fields))
            return sluice.run(*arguments)

    def test_what_does_not_fit_names_the_field(self):
        """All at once, because a client tries for as long as it waits for brokers that start."""
        calls = [(case, ("run", "pipeline.yaml")) for case in CASES]
        calls.append((CASES[0], ("validate", "--env", "pipeline.yaml")))
        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            ended = pool.map(lambda call: self.run_with(*call[0][1:4], *call[1]), calls)
            for (case, arguments), (status, said) in zip(calls, ended):
                name, _, _, _, code, text, advice = case
                with self.subTest(name, arguments=arguments):
                    self.assertEqual(status, 3, said)
                    for part in (f"error {code} ", text, advice):
                        self.assertIn(part, said)
                    self.assertNotIn(WRONG, said)
                    self.assertNotIn(self.servers.environment["KAFKA_PASSWORD"], said)

    def test_right_ones_bring_every_record(self):
        self.servers.produce("orders", [json.dumps({"id": 1}).encode()])
        status, said = self.run_with(
            PLAIN, "SECURED", None, "run", "pipeline.yaml", "--until", "now", "--close"
        )
        self.assertEqual(status, 0, said)
        self.assertEqual([json.loads(each) for each in self.servers.read("copies")], [{"id": 1}])


if __name__ == "__main__":
    unittest.main()

"""Secrets of a pipeline, by variable and by file: nothing that sluice says or stores has them."""

import base64
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from outside.outside import shared_servers, unique_name

from .service import Service, wait_for

PIPELINE = """\
version: 1
pipeline: {pipeline}
settings: {{checkpoint: {{interval: 100ms}}}}
connections:
  disk: {{type: file, path: "${{env:SERVICE_DATA}}"}}
  by_variable:
    type: postgres
    dsn: "${{env:DSN}} user={by_variable}"
    password: "${{env:PG_SECRET}}"
  by_file:
    type: postgres
    dsn: "${{env:DSN}} user={by_file}"
    password: "${{secret:file:{file}}}"
sources:
  rows:
    file: {{connection: disk, path: rows.jsonl}}
    format: json
    columns: {{id: text}}
lookups:
  names:
    postgres: {{connection: by_file, table: public.{by_file}, key: [id]}}
    columns: {{name: text}}
steps:
  named: {{sql: "SELECT r.id, n.name FROM rows r JOIN LATERAL lookup('names', r.id) n ON true"}}
sinks:
  written: {{from: named, postgres: {{connection: by_variable, table: public.{by_variable}}}}}
errors: {{dead_letter: {{file: {{connection: disk, path: dead.jsonl}}}}}}
"""


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = cls.enterClassContext(shared_servers())

    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.service = Service(self.work)
        self.addCleanup(self.service.abandon)
        self.secrets = {"by_variable": unique_name("Mx7/ q+w"), "by_file": unique_name("Zk9'\"é")}
        self.users = {name: unique_name(name) for name in self.secrets}
        for name, secret in self.secrets.items():
            user = self.users[name]
            quoted = secret.replace("'", "''")
            self.servers.sql(f"CREATE ROLE {user} LOGIN SUPERUSER PASSWORD '{quoted}'")
            self.servers.sql(f"CREATE TABLE public.{user} (id text PRIMARY KEY, name text)")
        looked_up = self.users["by_file"]
        self.servers.sql(f"INSERT INTO public.{looked_up} VALUES ('a', 'A'), ('b', 'B')")
        secret_file = self.work / "password"
        secret_file.write_text(self.secrets["by_file"] + "\n", encoding="utf-8")
        self.name = unique_name("secrets")
        text = PIPELINE.format(pipeline=self.name, file=secret_file, **self.users)
        self.service.write("pipelines/secrets.yaml", text)
        self.service.write("data/rows.jsonl", '{"id": "a"}\n{"id": 1, "id": [}\n{"id": "b"}\n')
        self.service.environment |= {
            "DSN": self.servers.environment["PG_DSN"],
            "SERVICE_DATA": str(self.work / "data"),
            "PG_SECRET": self.secrets["by_variable"],
        }

    def forms(self, secret):
        """A secret as bytes of its own, in JSON, in a URL, and in base64."""
        raw = secret.encode()
        return {
            raw,
            json.dumps(secret)[1:-1].encode(),
            json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
            urllib.parse.quote(secret).encode(),
            base64.b64encode(raw).rstrip(b"="),
        }

    def assert_secret_free(self, what, content):
        content = content.encode() if isinstance(content, str) else content
        self.assertTrue(content, f"{what} is empty: it shows nothing")
        for name, secret in self.secrets.items():
            for form in self.forms(secret):
                self.assertNotIn(form, content, f"{what} shows the secret {name}")

    def say(self, *arguments, file="pipelines/secrets.yaml"):
        done = subprocess.run(
            [self.service.command()[0], *arguments, file],
            cwd=self.work,
            env={name: str(value) for name, value in self.service.environment.items()},
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_a_running_pipeline_shows_none(self):
        self.service.start()
        self.service.wait_for_state(self.name, "FINISHED")
        written = f"SELECT id, name FROM public.{self.users['by_variable']} ORDER BY id"
        self.assertEqual(self.servers.sql(written), [("a", "A"), ("b", "B")])
        paths = ("/metrics", "/readyz", "/healthz")
        for path in (*paths, "/api/v1/pipelines", f"/api/v1/pipelines/{self.name}"):
            status, body = self.service.ask(path)
            self.assertEqual(status, 200, path)
            self.assert_secret_free(path, body)
        self.assertEqual(self.service.stop(), 0)
        self.assert_secret_free("the log", self.service.log.read_bytes())
        stored = [path for path in (self.work / "state").rglob("*") if path.is_file()]
        self.assertGreater(len(stored), 1)
        for path in stored:
            if path.stat().st_size:
                self.assert_secret_free(path.name, path.read_bytes())

    def test_verbs_show_none(self):
        for arguments in (
            ("validate", "--explain"),
            ("validate", "--env", "--explain"),
            ("validate", "--env", "--json", "--explain"),
            ("graph",),
            ("graph", "--json"),
            ("graph", "--dot"),
            ("graph", "--mermaid"),
        ):
            status, said = self.say(*arguments)
            self.assertEqual(status, 0, said)
            self.assert_secret_free(" ".join(arguments), said)

    def test_a_server_that_refuses_them_shows_none(self):
        for user in self.users.values():
            self.servers.sql(f"ALTER ROLE {user} PASSWORD 'another'")
        status, said = self.say("validate", "--env")
        self.assertEqual(status, 3, said)
        self.assertIn(b"E4002", said)
        self.assert_secret_free("validate --env", said)
        self.service.start()
        self.service.wait_for_state(self.name, "FAILED", "RESTARTING")
        self.assert_secret_free("/readyz", self.service.ask("/readyz")[1])
        wait_for(lambda: "E4002" in self.service.log.read_text(), "the log names the refusal")
        self.assert_secret_free("the log", self.service.log.read_bytes())


if __name__ == "__main__":
    unittest.main()

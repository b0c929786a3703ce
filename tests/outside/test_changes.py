"""Changes of a table as Debezium writes them to a topic, keys and tombstones and all: what is in
PostgreSQL afterwards is the table as it is, also over stops."""

import json
import unittest

from .outside import OutsideTest, shared_servers

PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, checkpoint: {{interval: 200ms}}}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  report: {{type: postgres, dsn: "${{env:DSN}}"}}
sources:
  orders:
    kafka: {{connection: kafka, topic: {name}}}
    format: debezium_json
    changelog: {{key: [id], ops: all}}
    columns: {{id: int, amount: "numeric(9,2)", note: text}}
steps:
  totals: {{sql: "SELECT 1 AS k, count(*) AS orders, sum(amount) AS amount FROM orders"}}
sinks:
  rows: {{from: orders, postgres: {{connection: report, table: {name}, key: [id]}}, mode: upsert}}
  sums:
    from: totals
    postgres: {{connection: report, table: {name}_sums, key: [k]}}
    mode: upsert
errors: {{dead_letter: {{kafka: {{connection: kafka, topic: {name}_dead}}}}}}
"""

UNAVAILABLE = "__debezium_unavailable_value"


def row(number, amount, note="x"):
    return {"id": number, "amount": amount, "note": note}


def change(operation, before, after):
    """The record of a change, with the key that Debezium gives it."""
    value = {"before": before, "after": after, "source": {"table": "orders"}, "op": operation}
    return {"id": (after or before)["id"]}, value


def tombstone(number):
    return {"id": number}, None


class DebeziumOverKafka(OutsideTest):
    def setUp(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "changes", PIPELINE, topics=("{name}", "{name}_dead"))
        self.servers.sql(
            f"CREATE TABLE {self.name} (id int PRIMARY KEY, amount numeric(9,2), note text)"
        )
        self.servers.sql(
            f"CREATE TABLE {self.name}_sums (k int PRIMARY KEY, orders bigint, amount numeric)"
        )

    def run_over(self, *records):
        for key, value in records:
            text = None if value is None else json.dumps(value)
            self.servers.produce(self.name, [text], key=json.dumps(key))
        status, text = self.sluice.run("run", "pipeline.yaml", "--until", "now")
        self.assertEqual(status, 0, text)

    def rows(self):
        found = self.servers.sql(f"SELECT id, amount::text, note FROM {self.name} ORDER BY id")
        return [(number, amount, note) for number, amount, note in found]

    def sums(self):
        (found,) = self.servers.sql(f"SELECT orders, amount::text FROM {self.name}_sums")
        return found

    def test_the_table_is_followed_over_stops(self):
        self.run_over(
            change("r", None, row(1, 1)),
            change("r", None, row(2, 2)),
            change("c", None, row(3, 3)),
            change("u", None, row(1, 1.5)),
        )
        self.assertEqual(self.rows(), [(1, "1.50", "x"), (2, "2.00", "x"), (3, "3.00", "x")])
        self.assertEqual(self.sums(), (3, "6.50"))
        # The key of 2 changes to 4; of the deletion of 3 compaction left the tombstone alone; and
        # the connector, started again, reads 1 once more.
        self.run_over(
            change("d", row(2, None, None), None),
            tombstone(2),
            change("c", None, row(4, 2)),
            tombstone(3),
            change("r", None, row(1, 1.5)),
        )
        self.assertEqual(self.rows(), [(1, "1.50", "x"), (4, "2.00", "x")])
        self.assertEqual(self.sums(), (2, "3.50"))
        self.assertEqual(self.servers.read(f"{self.name}_dead"), [])

    def test_what_cannot_be_known_is_a_letter(self):
        self.run_over(
            change("c", None, row(1, 1)),
            change("u", None, row(1, 2, UNAVAILABLE)),
            change("u", None, row(1, "AfQ=")),
            change("d", None, row(1, 1)),
        )
        self.assertEqual(self.rows(), [(1, "1.00", "x")])
        letters = [json.loads(value) for value in self.servers.read(f"{self.name}_dead")]
        self.assertEqual(
            [(letter["offset"], letter["code"]) for letter in letters],
            [(1, "E3002"), (2, "E3002"), (3, "E3001")],
        )
        advices = ["REPLICA IDENTITY FULL", "`decimals: text`", "REPLICA IDENTITY FULL"]
        for letter, advice in zip(letters, advices):
            self.assertIn(advice, letter["message"])


if __name__ == "__main__":
    unittest.main()

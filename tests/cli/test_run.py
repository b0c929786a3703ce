"""`sluice run` to its end, without servers: exit status and what it says."""

import json
import pathlib
import tempfile
import unittest

from support.command import run_sluice

PIPELINE = """version: 1
pipeline: orders
connections:
  disk: {type: file, path: data}
sources:
  orders:
    file: {connection: disk, path: orders.jsonl}
    format: json
    columns: {id: bigint}
sinks:
  copies: {from: orders, file: {connection: disk, path: copies.jsonl}, format: json}
errors:
  dead_letter: {file: {connection: disk, path: dead.jsonl}}
  stop_after: {count: 2, within: 1h}
"""


class StopAfter(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.work / "data").mkdir()
        (self.work / "orders.yaml").write_text(PIPELINE, encoding="utf-8")

    def write(self, *values):
        lines = "".join(json.dumps({"id": value}) + "\n" for value in values)
        (self.work / "data/orders.jsonl").write_text(lines, encoding="utf-8")

    def read(self, name):
        lines = (self.work / "data" / name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def run_pipeline(self):
        status, _, said = run_sluice("run", "orders.yaml", cwd=self.work)
        return status, said

    def test_too_many_dead_letters_fail_the_run_and_are_there_to_be_looked_at(self):
        self.write(1, "one", 2, "two", "three")
        status, said = self.run_pipeline()
        self.assertEqual(status, 1, said)
        self.assertIn("error E3501 more than 2 dead letters within 3600 s", said)
        self.assertIn("the last one: E3002", said)
        self.assertEqual([letter["code"] for letter in self.read("dead.jsonl")], ["E3002"] * 3)
        self.assertEqual(self.read("copies.jsonl"), [{"id": 1}, {"id": 2}])
        # The next start goes on behind them.
        status, said = self.run_pipeline()
        self.assertEqual(status, 0, said)
        self.assertEqual(len(self.read("dead.jsonl")), 3)

    def test_as_many_as_are_allowed_do_not(self):
        self.write("one", 1, "two")
        status, said = self.run_pipeline()
        self.assertEqual(status, 0, said)
        self.assertEqual(len(self.read("dead.jsonl")), 2)


if __name__ == "__main__":
    unittest.main()

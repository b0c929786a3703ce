"""`sluice validate` of a folder: all its pipelines, and what they may not share."""

import json
import pathlib
import tempfile
import unittest

from support.command import run_sluice

PIPELINE = """version: 1
pipeline: {name}
connections:
  disk: {{type: file, path: data}}
  report: {{type: postgres, dsn: "{dsn}"}}
  cache: {{type: redis, url: "{url}"}}
  log: {{type: kafka, brokers: "localhost:9092"}}
sources:
  orders:
    file: {{connection: disk, path: orders.jsonl}}
    format: json
    columns: {{id: int, n: int}}
steps:
  totals: {{sql: "SELECT id, sum(n) AS n FROM orders GROUP BY id"}}
sinks:
{sinks}
errors: {{on_error: fail}}
"""
TABLE = (
    "  t: {from: totals, postgres: {connection: report, table: ads.totals, key: [id]}, "
    "mode: upsert}"
)
APPENDED = "  t: {from: orders, postgres: {connection: report, table: ads.totals}}"
KEYS = '  k: {from: totals, redis: {connection: cache, key: "totals:{id}"}, mode: upsert}'
TOPIC = (
    "  l: {from: totals, kafka: {connection: log, topic: totals, key: [id]}, "
    "format: json, mode: upsert}"
)
FILE = "  f: {from: orders, file: {connection: disk, path: out.jsonl}, format: json}"


def pipeline(name, *sinks, dsn="host=db dbname=dw", url="redis://cache"):
    return PIPELINE.format(name=name, sinks="\n".join(sinks), dsn=dsn, url=url)


class ValidateFolder(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.work / "pipelines").mkdir()

    def write(self, name, text):
        (self.work / "pipelines" / name).write_text(text, encoding="utf-8")

    def validate(self):
        """The exit code, and code and text of each problem by the file it stands in."""
        status, said, _ = run_sluice("validate", "pipelines", "--json", cwd=self.work)
        found = {}
        for result in json.loads(said)["result"]:
            name = pathlib.PurePath(result["file"]).name
            found[name] = [f"{one['code']} {one['message']}" for one in result["diagnostics"]]
        return status, found

    def test_every_pipeline_is_checked_but_for_parts_of_others(self):
        self.write("a.yaml", pipeline("a", FILE))
        self.write("b.yaml", pipeline("b", TABLE).replace("sum(n)", "sum(m)"))
        self.write("part.yaml", "version: 1\nsteps:\n  some: {sql: SELECT id FROM orders}\n")
        whole = pipeline("whole", TOPIC.replace("totals", "some")).replace(
            "steps:\n  totals: {sql: \"SELECT id, sum(n) AS n FROM orders GROUP BY id\"}\n",
            "include: [part.yaml]\n",
        )
        self.write("whole.yaml", whole.replace("mode: upsert", "mode: append"))
        status, found = self.validate()
        self.assertEqual(status, 2)
        self.assertEqual(sorted(found), ["a.yaml", "b.yaml", "whole.yaml"])
        self.assertRegex(" ".join(found["b.yaml"]), "E2104 unknown column")
        self.assertEqual(found["whole.yaml"], [])

    def test_two_of_one_name_are_refused(self):
        self.write("a.yaml", pipeline("same", TABLE))
        self.write("b.yaml", pipeline("same", KEYS))
        problem = "E1305 pipelines/a.yaml has a pipeline named same too"
        status, found = self.validate()
        self.assertEqual(status, 2)
        self.assertIn(problem, found["b.yaml"])

    def test_two_that_write_what_only_one_may_are_refused(self):
        cases = {
            "table ads.totals of db:5432/dw": (TABLE, TABLE),
            "keys totals:{} of cache:6379/0": (KEYS, KEYS),
            "topic totals of localhost:9092": (TOPIC, TOPIC),
            "file data/out.jsonl": (FILE, FILE),
        }
        for what, (first, second) in cases.items():
            with self.subTest(what):
                sink = first.split(":")[0].strip()
                self.write("a.yaml", pipeline("a", first))
                self.write(
                    "b.yaml",
                    pipeline("b", second, dsn="postgresql://me@db/dw", url="redis://cache:6379/0"),
                )
                status, found = self.validate()
                self.assertEqual(status, 2)
                self.assertIn(
                    f"E1305 {what} is written by sink {sink} of pipeline a too", found["b.yaml"]
                )

    def test_keys_of_two_patterns_that_may_meet_are_warned_of(self):
        self.write("a.yaml", pipeline("a", KEYS))
        self.write("b.yaml", pipeline("b", KEYS.replace("totals:{", "totals:all:{")))
        status, found = self.validate()
        self.assertEqual((status, found["a.yaml"]), (0, []))
        self.assertIn(
            "E1305 keys totals:all:{} of cache:6379/0 may be keys totals:{} of cache:6379/0 too, "
            "which sink k of pipeline a writes",
            found["b.yaml"],
        )

    def test_what_several_may_write_is_no_problem(self):
        self.write("a.yaml", pipeline("a", APPENDED, KEYS))
        self.write("b.yaml", pipeline("b", APPENDED, KEYS.replace("totals:{", "sums:{")))
        self.write("c.yaml", pipeline("c", TABLE, dsn="host=db dbname=other"))
        status, found = self.validate()
        self.assertEqual((status, found), (0, {"a.yaml": [], "b.yaml": [], "c.yaml": []}))

    def test_what_is_passed_over_is_said(self):
        self.write("a.yaml", pipeline("a", FILE))
        self.write("b.yml", pipeline("b", FILE))
        passed = "E1311 pipelines/b.yml is passed over: the pipelines of a folder are its *.yaml"
        status, found = self.validate()
        self.assertEqual((status, found["b.yml"]), (0, [passed]))

    def test_folder_without_a_pipeline_is_an_error(self):
        status, found = self.validate()
        self.assertEqual(status, 2)
        self.assertEqual(
            found, {"pipelines": ["E1311 pipelines holds no pipeline file (*.yaml)"]}
        )


if __name__ == "__main__":
    unittest.main()

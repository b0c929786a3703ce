"""`sluice graph`: plan, tasks, drawings."""

import json
import pathlib
import re
import tempfile
import unittest

from support.command import run_sluice

PIPELINE = """version: 1
pipeline: visits
settings: {parallelism: 2}
connections:
  disk: {type: file, path: data}
sources:
  visits:
    file: {connection: disk, path: visits.jsonl}
    format: json
    columns: {at: timestamptz, page: text}
    event_time: {column: at, out_of_order: 10s}
steps:
  by_minute:
    sql: |
      SELECT window_start, page, count(*) AS visits
      FROM TUMBLE(visits, at, INTERVAL '1 minute') GROUP BY window_start, page
sinks:
  report: {from: by_minute, file: {connection: disk, path: report.jsonl}, format: json}
errors: {dead_letter: {file: {connection: disk, path: dead.jsonl}}}
"""

TASKS = """task 0, in each of 2 slots
  0 visits: source disk/file:visits.jsonl
  1 by_minute: project <- 0
  2a by_minute: local aggregate <- 1
task 1, in each of 2 slots
  2 by_minute: window aggregate <- 2a by hash(page)
  3 by_minute: project <- 2
  4 report: sink to disk <- 3
every task
  5 dead_letter: sink to disk <- dead letters
"""


class GraphTest(unittest.TestCase):
    def graph(self, *flags, pipeline=PIPELINE):
        with tempfile.TemporaryDirectory() as work:
            path = pathlib.Path(work) / "visits.yaml"
            path.write_text(pipeline, encoding="utf-8")
            return run_sluice("graph", path, *flags)

    def test_shows_plan_and_tasks_with_one_numbering(self):
        status, text, problems = self.graph()
        self.assertEqual(status, 0, problems)
        plan, _, tasks = text.partition("\n\n")
        self.assertEqual(tasks, TASKS)
        self.assertEqual(
            re.findall(r"^\d+ \w+", plan, re.MULTILINE),
            ["0 visits", "1 by_minute", "2 by_minute", "3 by_minute", "4 report"],
        )

    def test_one_slot_is_one_task(self):
        tasks = self.graph("--parallelism", "1")[1].partition("\n\n")[2]
        self.assertEqual(tasks.count("task 0\n"), 1, tasks)
        self.assertNotIn("task 1", tasks)
        self.assertNotIn("hash", tasks)

    def test_drawings_have_every_node_and_edge(self):
        edges = {"--dot": r"n(\w+) -> n(\w+)", "--mermaid": r"n(\w+) --.*> ?.*n(\w+)$"}
        expected = {("0", "1"), ("1", "2a"), ("2a", "2"), ("2", "3"), ("3", "4")}
        for flag, edge in edges.items():
            text = self.graph(flag)[1]
            found = re.findall(edge, text, re.MULTILINE)
            self.assertEqual(set(found), expected, text)
            self.assertIn("hash(page)", text)
        self.assertIn('-->|"hash(page)"|', self.graph("--mermaid")[1])
        self.assertNotEqual(self.graph("--dot", "--mermaid")[0], 0)

    def test_json_has_all_of_it(self):
        result = json.loads(self.graph("--json")[1])["result"]
        self.assertEqual(result["tasks"], TASKS)
        self.assertEqual(set(result), {"plan", "tasks", "dot", "mermaid"})

    def test_wrong_file_is_told_with_its_place(self):
        status, text, problems = self.graph(pipeline=PIPELINE.replace("page, count", "pag, count"))
        self.assertEqual((status, text), (2, ""))
        self.assertRegex(problems, r"visits\.yaml:15:\d+ +error E2104")


if __name__ == "__main__":
    unittest.main()

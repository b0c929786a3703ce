"""`sluice test`: the tests of a pipeline file, what a failing one says, which are run."""

import json
import pathlib
import tempfile
import unittest

from support.command import run_sluice

TRADE = pathlib.Path(__file__).resolve().parents[2] / "pipelines/trade.yaml"

PIPELINE = """version: 1
pipeline: visits
connections:
  disk: {type: file, path: data}
sources:
  visits:
    file: {connection: disk, path: visits.jsonl}
    format: json
    columns: {at: timestamptz, page: text, seconds: int}
    event_time: {column: at, out_of_order: 10s}
steps:
  long: {sql: "SELECT page, seconds FROM visits WHERE seconds > 9"}
  by_minute:
    sql: |
      SELECT window_start, page, count(*) AS visits
      FROM TUMBLE(visits, at, INTERVAL '1 minute') GROUP BY window_start, page
sinks:
  report: {from: by_minute, file: {connection: disk, path: report.jsonl}, format: json}
  longest: {from: long, file: {connection: disk, path: longest.jsonl}, format: json}
errors: {dead_letter: {file: {connection: disk, path: dead.jsonl}}}
tests:
  - name: the minute closes
    given:
      visits:
        - {at: "2026-01-01T00:00:05Z", page: /home, seconds: 3}
        - {at: "2026-01-01T00:00:09Z", page: /home, seconds: 30}
    advance_watermark: "2026-01-01T00:01:00Z"
    expect:
      report: [{window_start: "2026-01-01T00:00:00Z", page: /home, visits: 2}]
  - name: what is expected does not come
    given:
      visits:
        - {at: "2026-01-01T00:00:05Z", page: /home, seconds: 3}
        - {at: "2026-01-01T00:00:09Z", page: /home, seconds: 30}
        - {at: "2026-01-01T00:00:09Z", page: /cart, seconds: thirty}
    advance_watermark: "2026-01-01T00:01:00Z"
    expect:
      report:
        - {page: /home, visits: 3}
        - {page: /cart}
      long: []
      dead_letter: [{step: visits}]
"""

FAILING = """\
pass  visits.yaml:22:5  the minute closes
FAIL  visits.yaml:30:5  what is expected does not come
  visits.yaml:39:11  report: a row differs
    expected {page: /home, visits: 3}
    actual   {window_start: 2026-01-01 00:00:00+00, page: /home, visits: 2}
    visits: expected 3, actual 2
  visits.yaml:40:11  report: a row is missing
    expected {page: /cart}
  visits.yaml:41:7  long: a row too many
    actual   {page: /home, seconds: 30}
1 passed, 1 failed
"""


class FileTestsTest(unittest.TestCase):
    maxDiff = None

    def run_file(self, *arguments, file=TRADE):
        return run_sluice("test", file, *arguments, cwd=self.work)

    def setUp(self):
        self.work = self.enterContext(tempfile.TemporaryDirectory())

    def run_text(self, *arguments, pipeline=PIPELINE):
        (pathlib.Path(self.work) / "visits.yaml").write_text(pipeline, encoding="utf-8")
        return self.run_file(*arguments, file="visits.yaml")

    def test_the_trade_file_passes_its_own_tests(self):
        status, text, problems = self.run_file()
        self.assertEqual((status, problems), (0, ""), text)
        self.assertRegex(text, r"\A(pass .*\n)+[1-9]\d* passed, 0 failed\n\Z")
        status, crashed, problems = self.run_file("--crash")
        self.assertEqual((status, problems), (0, ""), crashed)
        self.assertRegex(crashed, r"\A(pass .* \([1-9]\d* restarts\)\n)+\d+ passed, 0 failed\n\Z")
        self.assertEqual(crashed.splitlines()[-1], text.splitlines()[-1])

    def test_a_failing_test_shows_rows_and_columns_at_their_lines(self):
        self.assertEqual(self.run_text(), (1, FAILING, ""))
        # Rows sent row by row, with a crash after each, differ in the same way.
        status, text, _ = self.run_text("--crash")
        self.assertEqual(status, 1)
        self.assertIn("does not come (4 restarts)", text)
        lines = [line for line in text.splitlines() if line.startswith("  ")]
        self.assertEqual(lines, [line for line in FAILING.splitlines() if line.startswith("  ")])

    def test_k_chooses_by_a_part_of_the_name(self):
        passed = "pass  visits.yaml:22:5  the minute closes\n1 passed, 0 failed\n"
        self.assertEqual(self.run_text("-k", "minute"), (0, passed, ""))
        self.assertEqual(self.run_text("-k", "minute", "--quiet")[1], "1 passed, 0 failed\n")
        status, text, problems = self.run_text("-k", "hour")
        self.assertEqual((status, text), (2, ""))
        self.assertIn("E1306", problems)

    def test_json_has_every_failure_with_its_place(self):
        status, text, problems = self.run_text("--json")
        self.assertEqual((status, problems), (1, ""))
        answer = json.loads(text)
        self.assertEqual(
            (answer["command"], answer["ok"], answer["summary"]),
            ("test", False, "1 passed, 1 failed"),
        )
        passed, failed = answer["result"]
        good = {"line": 22, "passed": True, "restarts": 0, "failures": []}
        self.assertEqual(passed, {"name": "the minute closes"} | good)
        self.assertFalse(failed["passed"])
        self.assertEqual(
            failed["failures"][0],
            {
                "file": "visits.yaml",
                "line": 39,
                "column": 11,
                "relation": "report",
                "message": "a row differs",
                "expected": "{page: /home, visits: 3}",
                "actual": "{window_start: 2026-01-01 00:00:00+00, page: /home, visits: 2}",
                "differences": [{"column": "visits", "expected": "3", "actual": "2"}],
            },
        )
        self.assertEqual([each["line"] for each in failed["failures"]], [39, 40, 41])

    def test_a_wrong_file_is_told_with_its_place(self):
        wrong = PIPELINE.replace("long: []", "longer: []")
        for arguments in ((), ("--json",)):
            status, text, problems = self.run_text(*arguments, pipeline=wrong)
            self.assertEqual(status, 2)
            self.assertIn("E1306", text + problems)
            self.assertIn("longer", text + problems)


if __name__ == "__main__":
    unittest.main()

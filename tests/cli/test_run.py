"""`sluice run` to its end, without servers: exit status and what it says."""

import fcntl
import json
import os
import pathlib
import shutil
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


class StartedAgain(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.work / "data").mkdir()
        (self.work / "data/orders.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
        (self.work / "orders.yaml").write_text(PIPELINE, encoding="utf-8")

    def run_pipeline(self):
        status, _, said = run_sluice("run", "orders.yaml", cwd=self.work)
        return status, said

    def test_finished_pipeline_says_so(self):
        status, said = self.run_pipeline()
        self.assertEqual((status, "is finished" in said), (0, False), said)
        status, said = self.run_pipeline()
        self.assertEqual(status, 0, said)
        self.assertIn("the pipeline is finished: it reads nothing any more", said)

    def test_folder_in_use_names_the_process_that_uses_it(self):
        self.assertEqual(self.run_pipeline()[0], 0)
        lock = self.work / "state/sluice.orders/LOCK"
        with open(lock, "r+", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            held.write(f"{os.getpid()}\n")
            held.truncate()
            held.flush()
            status, said = self.run_pipeline()
        self.assertEqual(status, 3, said)
        self.assertIn(f"LOCK is locked by process {os.getpid()}", said)
        # The next one that gets it leaves its own id.
        self.assertEqual(self.run_pipeline()[0], 0)
        self.assertNotEqual(lock.read_text(encoding="utf-8"), f"{os.getpid()}\n")

    def test_wrong_tests_are_warned_of_and_keep_nobody_from_running(self):
        wrong = PIPELINE + "tests:\n  - {name: t, given: {none: []}, expect: {}}\n"
        (self.work / "orders.yaml").write_text(wrong, encoding="utf-8")
        status, said = self.run_pipeline()
        self.assertEqual(status, 0, said)
        self.assertIn('warning E1306 there is no source or lookup "none"', said)
        for verb in ("validate", "test"):
            status, _, said = run_sluice(verb, "orders.yaml", cwd=self.work)
            self.assertEqual(status, 2, said)
            self.assertIn('error E1306 there is no source or lookup "none"', said)


PLACES = """version: 1
pipeline: places
settings: {{timezone: UTC}}
connections: {{disk: {{type: file, path: data}}}}
sources:
  orders:
    file: {{connection: disk, path: orders.jsonl}}
    format: json
    on_unknown_field: {unknown}
    columns: {{id: int, at: timestamptz, name: text}}
    event_time: {{column: at, out_of_order: 10s}}
steps:
  doubled:
    sql: SELECT id * 2 AS id, at, name FROM orders
    check: [{{name: small, expr: "id < 100", on_fail: {policy}}}]
  counted:
    sql: |
      SELECT window_start, max(id) AS id, count(*) FILTER (WHERE id > 5) AS large
      FROM TUMBLE(doubled, at, INTERVAL '1 minute') GROUP BY window_start
    late: {{then: {policy}}}
sinks:
  counts: {{from: counted, file: {{connection: disk, path: counts.jsonl}}, format: json}}
errors: {errors}
"""
LETTERS = "{dead_letter: {file: {connection: disk, path: dead.jsonl}}}"
AT = "2026-01-01T00:0{}:00Z"
GOOD = {"id": 1, "at": AT.format(0)}
# Each is on its own line behind a good one, at offset 40.
BAD = {
    "E3002": ({"id": "x", "at": AT.format(0)}, "source", "orders"),
    "E3004": ({"id": 1}, "source", "orders"),
    "E3102": ({"id": 2**31 - 1, "at": AT.format(0)}, "step", "doubled"),
    "E3201": ({"id": 99, "at": AT.format(0)}, "step", "doubled"),
    "E3301": ({"id": 1, "at": "2025-01-01T00:00:00Z"}, "step", "counted"),
}


class Places(unittest.TestCase):
    """A row that stops the pipeline, or becomes a letter, is told with its place."""

    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_over(self, *rows, policy="fail", errors="{on_error: fail}", unknown="ignore"):
        """(exit status, lines of the log, the rest of standard error)"""
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "data").mkdir(parents=True)
        text = PLACES.format(policy=policy, errors=errors, unknown=unknown)
        (self.work / "places.yaml").write_text(text, encoding="utf-8")
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (self.work / "data/orders.jsonl").write_text(lines, encoding="utf-8")
        status, _, said = run_sluice("run", "places.yaml", cwd=self.work)
        is_json = lambda line: line.startswith("{")  # noqa: E731
        log = [json.loads(line) for line in said.splitlines() if is_json(line)]
        return status, log, [line for line in said.splitlines() if not is_json(line)]

    def test_of_a_row_that_stops_the_pipeline(self):
        for code, (row, role, name) in BAD.items():
            with self.subTest(code):
                status, log, said = self.run_over(GOOD, row)
                self.assertEqual(status, 1, said)
                place = f"{role} {name}, topic orders.jsonl, partition 0, offset 40: "
                self.assertIn(f"error {code} {place}", said[-1])
                (failed,) = (line for line in log if line["msg"] == "pipeline run failed")
                self.assertEqual(
                    [failed[field] for field in ("code", "step", "topic", "partition", "offset")],
                    [code, name, "orders.jsonl", 0, 40],
                )
                shown = [json.loads(failed["row"])["id"]] if "row" in failed else []
                expected = {"E3102": [row["id"]], "E3201": [198], "E3301": [2]}
                self.assertEqual(shown, expected.get(code, []))
                if shown:
                    self.assertIn("; the row: " + failed["row"], said[-1])

    def test_of_a_field_that_nobody_declared(self):
        status, _, said = self.run_over(GOOD, GOOD | {"new": 1}, unknown="fail")
        self.assertEqual(status, 1, said)
        place = "source orders, topic orders.jsonl, partition 0, offset 40: "
        self.assertIn(f"error E3007 {place}", said[-1])

    def test_of_letters(self):
        rows = [row for row, _, _ in BAD.values()]
        status, log, said = self.run_over(GOOD, *rows, policy="dead_letter", errors=LETTERS)
        self.assertEqual(status, 0, said)
        text = (self.work / "data/dead.jsonl").read_text(encoding="utf-8")
        letters = {each["code"]: each for each in map(json.loads, text.splitlines())}
        self.assertEqual(set(letters), set(BAD))
        logged = {line["code"]: line for line in log if line["msg"] == "dead letter"}
        for code, letter in letters.items():
            row, _, name = BAD[code]
            self.assertEqual(letter["event_time"], row.get("at"), code)
            told = [logged[code][field] for field in ("step", "topic", "partition", "offset")]
            self.assertEqual(told, [name, "orders.jsonl", 0, letter["offset"]])
            self.assertEqual(logged[code]["pipeline"], "places")
            self.assertNotIn("row", logged[code])
        # Columns that the planner adds are named by what they are.
        late = {"id": 2, "(id > 5)": False, "at": "2025-01-01T00:00:00Z"}
        self.assertEqual(letters["E3301"]["row"], late)

    def test_of_where_reading_begins(self):
        _, log, _ = self.run_over(GOOD)
        (begins,) = (line for line in log if line["msg"] == "reading begins")
        self.assertEqual(
            [begins[field] for field in ("step", "topic", "partition", "offset")],
            ["orders", "orders.jsonl", 0, 0],
        )


class ChangedState(unittest.TestCase):
    def test_a_state_that_does_not_fit_the_file_is_outside_of_it(self):
        work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (work / "data").mkdir()
        (work / "data/orders.jsonl").write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
        text = PLACES.format(policy="fail", errors="{on_error: fail}", unknown="ignore")
        (work / "places.yaml").write_text(text, encoding="utf-8")
        stop_at_once = ("run", "places.yaml", "--until", "now")
        self.assertEqual(run_sluice(*stop_at_once, cwd=work)[0], 0)
        edited = text.replace("max(id)", "min(id)")
        (work / "places.yaml").write_text(edited, encoding="utf-8")
        status, _, said = run_sluice("run", "places.yaml", cwd=work)
        self.assertEqual(status, 3, said)
        self.assertRegex(said, r"error E5004 .*counted.* \(undo the edit; .*`was`")


if __name__ == "__main__":
    unittest.main()

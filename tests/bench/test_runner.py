"""Tests of the benchmarks' own judgement, and of the YSB pipeline's rows with few events."""

import contextlib
import io
import json
import os
import pathlib
import tempfile
import unittest
import unittest.mock

from runner import campaigns, group_by, interval_join, latency, main, ysb_memory
from runner.context import Context
from runner.process import BenchError, run
from runner.report import Measure, Report, amount, at_least, at_most

ROW = '{"window_start":"2025-01-01T00:00:10Z","campaign_id":"c","views":3}\n'
GROUP = (1735689610000, "c")


class Differences(unittest.TestCase):
    def test_equal_rows_are_no_problem(self):
        self.assertEqual([], campaigns.differences({GROUP: 3}, campaigns.count_rows([ROW])))

    def test_every_kind_of_wrong_row_is_found(self):
        for expected, rows in (
            ({GROUP: 4}, [ROW]),
            ({GROUP: 3}, [ROW, ROW]),
            ({GROUP: 3}, []),
            ({}, [ROW]),
            ({}, []),
        ):
            with self.subTest(expected=expected, rows=rows):
                self.assertTrue(campaigns.differences(expected, campaigns.count_rows(rows)))


class Latency(unittest.TestCase):
    def test_percentiles_and_silence_are_of_the_records(self):
        rows = [(number, number * 1000, number * 1000 + 5000) for number in range(99)]
        rows.append((99, 99_000, 999_000))
        p50, p99, silence = latency.measures_of(("exactly_once", "10ms", 2, 100), [rows])
        self.assertEqual(("exactly_once, 10ms, 2 slots: p50", 5.0), (p50.name, p50.median))
        self.assertEqual((900.0, 896.0), (p99.median, silence.median))

    def test_every_record_must_be_there_once(self):
        rows = [(0, 0, 1), (1, 0, 1), (1, 0, 2)]
        self.assertEqual([], latency.differences(rows[:2], 2))
        for records in (2, 3):
            self.assertTrue(latency.differences(rows, records))

    def test_the_first_run_of_a_broker_that_has_just_started_does_not_count(self):
        warm = [(number, number * 1000, number * 1000 + 5000) for number in range(10)]
        cold = [(number, due, due + 9_000_000) for number, due, _ in warm]
        context = unittest.mock.MagicMock(runs=2, events=1000)
        runs = [cold] + [warm] * context.runs * len(latency.SETTINGS)
        with unittest.mock.patch.object(latency, "run_once", side_effect=runs):
            report = latency.run(context)
        self.assertEqual([], report.problems)
        self.assertEqual(
            [[5.0, 5.0]] * len(latency.SETTINGS),
            [measure.values for measure in report.measures if measure.name.endswith("p50")],
        )


class Reports(unittest.TestCase):
    def test_median_is_judged_against_the_goal(self):
        self.assertIn("≥ 3.00: met", Measure("a", "M/s", [1.0, 3.1, 9.0], at_least(3.0)).line())
        self.assertIn("≥ 3.00: NOT met", Measure("a", "M/s", [2.9, 2.8, 9.0], at_least(3.0)).line())
        self.assertIn("≤ 50.0: NOT met", Measure("a", "MB", [50.1], at_most(50)).line())

    def test_wrong_results_are_shown_instead_of_the_check(self):
        lines = list(Report("a", {}, [], ["row 1 missing"], "all equal").lines())
        self.assertEqual(["a: ", "  WRONG: row 1 missing"], lines)

    def test_amounts_have_three_digits(self):
        self.assertEqual(
            ["0", "0.123", "1.23", "12.3", "123", "1,235"],
            [amount(value) for value in (0, 0.1234, 1.234, 12.34, 123.4, 1234.6)],
        )


class Processes(unittest.TestCase):
    def test_a_failing_program_is_an_error_that_names_its_log(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            with self.assertRaisesRegex(BenchError, f"ended with 3, see {log}"):
                run(["sh", "-c", "echo broken >&2; exit 3"], log)
            self.assertEqual("broken\n", log.read_text())

    def test_a_program_that_is_not_there_is_an_error_that_names_its_log(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            with self.assertRaisesRegex(BenchError, f"could not be started, see {log}"):
                run([pathlib.Path(folder) / "missing"], log)

    def test_the_memory_of_the_benchmark_itself_is_not_counted(self):
        held = bytearray(os.urandom(1 << 20) * 256)
        with tempfile.TemporaryDirectory() as folder:
            finished = run(["echo", "done"], pathlib.Path(folder) / "log")
        self.assertEqual("done\n", finished.output)
        self.assertLess(0, finished.peak_bytes)
        self.assertLess(finished.peak_bytes, len(held) / 4)


class YsbMemory(unittest.TestCase):
    def test_rows_equal_the_recomputation(self):
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            build = pathlib.Path(os.environ["SLUICE_BUILD"])
            report = ysb_memory.run(Context(build, work, runs=1, events=300_000, seed=7))
        self.assertEqual([], report.problems)
        self.assertIn("400 rows", report.checked)  # 100 campaigns, 30 s and a part behind it


class State(unittest.TestCase):
    def test_results_equal_the_recomputation(self):
        for module in (interval_join, group_by):
            with tempfile.TemporaryDirectory() as folder:
                work = pathlib.Path(folder)
                build = pathlib.Path(os.environ["SLUICE_BUILD"])
                report = module.run(Context(build, work, runs=1, events=0, seed=7, rows=30_000))
            self.assertEqual([], report.problems)

    def test_pairs_are_counted_by_key_and_time(self):
        at_ms = 1_000_000
        events = [(1, at_ms, 1), (1, at_ms, 5), (2, at_ms + 1, 7), (1, at_ms + 10_001, 9)]
        self.assertEqual({"pairs": 6, "total": 0}, interval_join.expected_row(events))
        events[3] = (1, at_ms + 10_000, 9)
        self.assertEqual({"pairs": 8, "total": 12}, interval_join.expected_row(events))


class WithServers(unittest.TestCase):
    def test_results_of_both_pipelines_are_right_and_figures_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            figures = pathlib.Path(folder) / "figures.json"
            options = ["--runs", "1", "--events", "100000", "--orders", "1000"]
            options += ["--build-dir", os.environ["SLUICE_BUILD"], "--json", str(figures)]
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                status = main.main(["ysb-kafka", "latency", "trade-memory", *options])
            found = json.loads(figures.read_text(encoding="utf-8"))
        self.assertEqual(0, status, shown.getvalue())
        names = [report["name"] for report in found["benchmarks"]]
        self.assertEqual(["ysb-kafka", "latency", "trade-memory"], names)
        self.assertTrue(all(report["right"] for report in found["benchmarks"]))


if __name__ == "__main__":
    unittest.main()

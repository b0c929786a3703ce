"""`sluice validate` as a user sees it: whole files, every problem of YAML and SQL in one run."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
TRADE_FILE = HERE.parents[1] / "pipelines/trade.yaml"


def validate(folder, *arguments):
    environment = {name: value for name, value in os.environ.items() if name != "PG_HOST"}
    return subprocess.run(
        [os.environ["SLUICE_BINARY"], "validate", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def without_time(text):
    return re.sub(r"\(\d+ ms\)", "(… ms)", text)


class Validate(unittest.TestCase):
    maxDiff = None

    def test_each_file_gets_exactly_its_problems(self):
        """With SLUICE_ACCEPT=1 what is said becomes expected, to be reviewed in the diff."""
        folders = sorted(path.parent for path in HERE.glob("*/pipeline.yaml"))
        self.assertGreaterEqual(len(folders), 4)
        for folder in folders:
            with self.subTest(folder.name):
                done = validate(folder, "pipeline.yaml")
                said = without_time(done.stdout + done.stderr)
                if os.environ.get("SLUICE_ACCEPT") == "1":
                    (folder / "expected.txt").write_text(said, encoding="utf-8")
                expected = (folder / "expected.txt").read_text(encoding="utf-8")
                self.assertEqual(said, expected)
                self.assertEqual(done.returncode, 2)

    def test_json_has_the_problems_of_the_text(self):
        folder = HERE / "001_file_and_sql"
        told = json.loads(validate(folder, "--json", "pipeline.yaml").stdout)
        problems = told["result"][0]["diagnostics"]
        text = (folder / "expected.txt").read_text(encoding="utf-8")
        for problem in problems:
            place = f"{problem['file']}:{problem['line']}:{problem['column']}"
            self.assertIn(f"{place}  {problem['severity']} {problem['code']} ", text)
        self.assertEqual(len(problems), text.count("pipeline.yaml:"))
        self.assertFalse(told["ok"])

    def test_file_that_cannot_be_read_is_told(self):
        beneath = "test_validate.py/pipeline.yaml"
        for path, why in (("nowhere.yaml", "No such file"), (beneath, "Not a directory")):
            done = validate(HERE, path)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, rf"\A{re.escape(path)}  error E1001 .*{why}.*\n1 error, ")

    def test_exit_code_tells_a_wrong_file_from_an_environment_that_does_not_suit(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        text = (HERE / "008_one_file_for_two_sinks/pipeline.yaml").read_text(encoding="utf-8")
        pathlib.Path(folder, "wrong.yaml").write_text(text, encoding="utf-8")
        for sink in ("second", "third", "other"):
            text = re.sub(f"  {sink}: .*\n", "", text)
        pathlib.Path(folder, "right.yaml").write_text(text, encoding="utf-8")
        self.assertEqual(validate(folder, "right.yaml").returncode, 0)
        missing = validate(folder, "--env", "right.yaml")
        self.assertIn("E4103 data/orders.jsonl does not exist", missing.stderr)
        self.assertEqual(missing.returncode, 3, missing.stderr)
        for files in (["right.yaml", "wrong.yaml"], ["wrong.yaml", "right.yaml"]):
            self.assertEqual(validate(folder, "--env", *files).returncode, 2)
        pathlib.Path(folder, "data").mkdir()
        pathlib.Path(folder, "data/orders.jsonl").touch()
        suits = validate(folder, "--env", "right.yaml")
        self.assertEqual(suits.returncode, 0, suits.stderr)

    def test_trade_file_takes_less_than_100_ms(self):
        """The fastest of some runs: the machine may be busy with other tests."""
        runs = [validate(HERE, str(TRADE_FILE)) for _ in range(10)]
        for run in runs:
            self.assertEqual(run.returncode, 0, run.stderr)
        times_ms = [int(re.search(r"\((\d+) ms\)", run.stdout + run.stderr)[1]) for run in runs]
        self.assertLess(min(times_ms), 100, times_ms)


if __name__ == "__main__":
    unittest.main()

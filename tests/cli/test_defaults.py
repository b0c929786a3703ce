"""`validate --explain`: every default in force, of the trade pipeline."""

import json
import os
import pathlib
import subprocess
import unittest

import yaml

HERE = pathlib.Path(__file__).parent
TRADE_FILE = HERE.parents[1] / "pipelines/trade.yaml"


def sluice(*arguments):
    return subprocess.run(
        [os.environ["SLUICE_BINARY"], *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def told_defaults():
    told = json.loads(sluice("validate", "--explain", "--json", TRADE_FILE))
    return told["result"][0]["defaults"]


class Defaults(unittest.TestCase):
    maxDiff = None

    def test_they_are_exactly_these(self):
        """With SLUICE_ACCEPT=1 what is said becomes expected, to be reviewed in the diff."""
        said = "".join(f"{entry['path']} = {entry['value']}\n" for entry in told_defaults())
        expected = HERE / "trade_defaults.txt"
        if os.environ.get("SLUICE_ACCEPT") == "1":
            expected.write_text(said, encoding="utf-8")
        self.assertEqual(said, expected.read_text(encoding="utf-8"))

    def test_text_and_json_are_the_same(self):
        lines = sluice("validate", "--explain", TRADE_FILE).splitlines()
        defaults = told_defaults()
        self.assertGreater(len(defaults), 50)
        for entry in defaults:
            why = f"   # {entry['why']}" if entry["why"] else ""
            self.assertIn(f"{entry['path']} = {entry['value']}{why}", lines)
        self.assertNotIn("defaults", json.loads(sluice("validate", "--json", TRADE_FILE)))

    def test_no_option_of_a_source_or_sink_is_forgotten(self):
        """Each stands in the file, or among the defaults: those that are new, too."""
        pipeline = yaml.safe_load(TRADE_FILE.read_text(encoding="utf-8"))
        paths = {entry["path"] for entry in told_defaults()}
        checked = 0
        for section in ("sources", "sinks"):
            connectors = json.loads(sluice("list", section, "--json"))["result"]
            options = {one["name"]: one["help"].split(", ") for one in connectors}
            for name, part in pipeline[section].items():
                connector = next(known for known in options if known in part)
                for option in options[connector]:
                    is_stated = option in part[connector]
                    path = f"{section}.{name}.{connector}.{option}"
                    self.assertNotEqual(is_stated, path in paths, path)
                    checked += 1
        self.assertGreater(checked, 20)


if __name__ == "__main__":
    unittest.main()

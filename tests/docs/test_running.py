"""docs/running.md against the binary: verbs and metrics that it names exist, and the other way
round."""

import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNING = (ROOT / "docs/running.md").read_text(encoding="utf-8")


def sluice(*arguments):
    done = subprocess.run(
        [os.environ["SLUICE_BINARY"], *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


class RunningTest(unittest.TestCase):
    def verb_rows(self):
        table = RUNNING.partition("| verb | |\n|---|---|\n")[2].partition("\n\n")[0]
        return dict(re.match(r"\| `(\w+)([^`]*)`", row).groups() for row in table.splitlines())

    def test_every_verb_has_its_row(self):
        verbs = sluice("--help")[1].partition("Subcommands:")[2]
        self.assertEqual(set(re.findall(r"^  (\w+) ", verbs, re.MULTILINE)), set(self.verb_rows()))

    def test_every_flag_of_a_verb_exists_and_has_an_example(self):
        for verb, usage in self.verb_rows().items():
            status, text = sluice(verb, "--help")
            self.assertEqual(status, 0, text)
            self.assertIn("Example: sluice " + verb, text)
            for flag in re.findall(r"--[\w-]+", usage):
                self.assertIn(flag, text, verb)

    def test_metrics_are_those_of_the_catalogue(self):
        catalogue = (ROOT / "src/env/metrics.hpp").read_text(encoding="utf-8")
        names = set(re.findall(r'"(sluice_\w+)"', catalogue))
        self.assertEqual(set(re.findall(r"`(sluice_[a-z_]+)", RUNNING)), names)

    def test_settings_that_are_shown_are_valid(self):
        config = ROOT / "config/sluice.yaml"
        status, text = sluice("serve", "/nowhere", "--json", "--config", config)
        self.assertEqual(status, 2, text)
        error = json.loads(text.splitlines()[-1])["error"]
        self.assertEqual((error["code"], error["diagnostics"]), ("E1311", []))
        self.assertIn("/nowhere", error["message"])


if __name__ == "__main__":
    unittest.main()

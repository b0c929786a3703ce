"""The first pipeline of README.md, followed to the letter."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block_after(text):
    """The first fenced block behind a text of the README."""
    _, found, rest = README.partition(text)
    if not found:
        raise AssertionError(f"README.md does not say {text!r}")
    return re.search(r"^```\w*\n(.*?)^```", rest, re.MULTILINE | re.DOTALL).group(1)


def session():
    """[(command, what it prints)] of the block with `$` prompts."""
    steps = []
    for line in block_after("Then:").splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


def without_times(text):
    return re.sub(r"\(\d+ ms\)", "(… ms)", text)


class FirstPipelineTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.work = pathlib.Path(temporary.name)
        (self.work / "bin").mkdir()
        (self.work / "bin" / "sluice").symlink_to(os.path.abspath(os.environ["SLUICE_BINARY"]))
        (self.work / "data").mkdir()
        self.write("visits.yaml", "Save this as `visits.yaml`")
        self.write("data/visits.jsonl", "these records as `data/visits.jsonl`")

    def write(self, path, text):
        (self.work / path).write_text(block_after(text), encoding="utf-8")

    def shell(self, command, **options):
        path = f"{self.work / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            command,
            shell=True,
            cwd=self.work,
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
            check=True,
            **options,
        ).stdout

    def test_commands_print_what_the_readme_shows(self):
        steps = session()
        self.assertEqual(
            [command for command, _ in steps],
            ["sluice validate visits.yaml", "sluice run visits.yaml", "cat data/report.jsonl"],
        )
        for command, expected in steps:
            # Standard error shows progress and logs where a terminal shows nothing of them.
            is_shown = command.startswith("sluice validate")
            printed = self.shell(command, stderr=subprocess.STDOUT if is_shown else None)
            self.assertEqual(
                without_times(printed).splitlines(),
                [without_times(line) for line in expected],
                command,
            )

    def test_bad_record_is_the_dead_letter_that_the_readme_tells_of(self):
        self.shell("sluice run visits.yaml", stderr=subprocess.DEVNULL)
        letters = (self.work / "data/dead_letters.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(letter)["code"] for letter in letters], ["E3002"])
        self.assertIn("E3002", self.shell("sluice explain E3002"))

    def test_starting_afresh_gives_the_same_report(self):
        self.shell("sluice run visits.yaml", stderr=subprocess.DEVNULL)
        report = (self.work / "data/report.jsonl").read_text(encoding="utf-8")
        self.shell("rm -r state data/report.jsonl data/dead_letters.jsonl data/.sluice-*")
        self.shell("sluice run visits.yaml", stderr=subprocess.DEVNULL)
        self.assertEqual((self.work / "data/report.jsonl").read_text(encoding="utf-8"), report)


if __name__ == "__main__":
    unittest.main()

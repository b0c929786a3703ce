"""The unit in config/ leaves a service little to harm."""
import re
import shutil
import subprocess
import unittest
from pathlib import Path

UNIT = Path(__file__).resolve().parents[2] / "config" / "sluice.service"
WORST_EXPOSURE = 2.0


class Unit(unittest.TestCase):
    def test_has_a_limit_of_memory(self):
        self.assertRegex(UNIT.read_text(), r"(?m)^MemoryMax=\S+$")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not there")
    def test_exposure_is_low(self):
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT],
            capture_output=True, text=True)
        level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told.stdout)
        self.assertIsNotNone(level, told.stdout + told.stderr)
        self.assertLess(float(level[1]), WORST_EXPOSURE, told.stdout)


if __name__ == "__main__":
    unittest.main()

"""One call of the binary under test, to its end."""

import os
import subprocess


def run_sluice(*arguments, cwd=None):
    """(exit status, what it wrote to standard output, and to standard error)"""
    done = subprocess.run(
        [os.environ["SLUICE_BINARY"], *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr

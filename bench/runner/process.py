"""Runs a program to its end and tells what it took."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys

MEASURE = pathlib.Path(__file__).with_name("measure.py")


class BenchError(Exception):
    """A program did not do what was asked; the text says which, and where its log is."""


@dataclasses.dataclass(frozen=True)
class Finished:
    output: str
    wall_s: float
    cpu_s: float  # user and system, of all its threads
    peak_bytes: int  # resident


def run(command, log, environment=None):
    """Standard error goes to the file `log`. Raises BenchError for an exit status other than 0."""
    read_end, write_end = os.pipe()
    with open(log, "ab") as errors, open(read_end, encoding="utf-8") as taken:
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", MEASURE, str(write_end), *map(str, command)],
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=[write_end],
                text=True,
            )
        finally:
            os.close(write_end)
        output, _ = process.communicate()
        answer = taken.read()
    if not answer:
        raise BenchError(f"{command[0]} could not be started, see {log}")
    values = json.loads(answer)
    if (code := values.pop("returncode")) != 0:
        raise BenchError(f"{command[0]} ended with {code}, see {log}")
    return Finished(output, **values)

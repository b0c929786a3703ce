"""Runs a program to its end and tells what it took."""

import dataclasses
import os
import subprocess
import time


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
    with open(log, "ab") as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process.stdout:
            output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchError(f"{command[0]} ended with {process.returncode}, see {log}")
    return Finished(
        output,
        time.monotonic() - started,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * 1024,
    )

"""The binary under test as a process that goes on until it is told to end, and its log."""

import json
import signal
import subprocess

from support.waiting import PATIENCE_S


class Process:
    """One at a time; all append to one log."""

    def __init__(self, log):
        self.log = log
        self.process = None

    def spawn(self, command, errors=None, **settings):
        """What it says goes to the log; its errors, if given, to another file."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if errors is None else errors,
                **settings,
            )

    def must_run(self):
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}:\n{self.log.read_text()}")

    def stop(self):
        """The exit status after SIGTERM."""
        self.must_run()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def abandon(self):
        """Leaves no process behind, whatever happened."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def lines(self):
        """Of the log so far, those that are whole and in JSON."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

"""Lives of `sluice run` over one state folder: started with failpoints armed, killed, stopped,
waited for."""

import collections
import re
import signal
import subprocess
import time

from .. import stage

# The engine's own, and those of the connectors that the trade pipeline uses.
FAILPOINTS = [stage.ROOT / "src/env/failpoints.def"] + [
    stage.ROOT / "connectors" / connector / "failpoints.hpp"
    for connector in ("kafka", "postgres", "redis")
]
AT_RANDOM = "at random"
_INTERVAL = "checkpoint: {interval: 1s, timeout: 2m}"
# Reached only by a process in which something else has gone wrong before.
PROVOKED_BY = {"publish_after_resolve": "kafka_after_commit"}
# More than a run has epochs: every spool stays, to be compared with what the targets show.
_RETAINED = 100_000


class LifeError(Exception):
    """The engine did something that it must not do."""


def failpoint_names():
    text = "".join(path.read_text(encoding="utf-8") for path in FAILPOINTS)
    stated = r'^SLUICE_FAILPOINT\((\w+),|^inline constexpr Failpoint \w+\{\s*"(\w+)"'
    return [own or connectors for own, connectors in re.findall(stated, text, re.MULTILINE)]


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"


def write_pipeline(work, name, interval):
    """The trade pipeline with another checkpoint interval, and all of its spools kept."""
    text = stage.PIPELINE.read_text(encoding="utf-8")
    changed = f"checkpoint: {{interval: {interval}, timeout: 2m, retain_spools: {_RETAINED}}}"
    if text.count(_INTERVAL) != 1:
        raise LifeError(f"{stage.PIPELINE} does not say {_INTERVAL!r} once")
    path = work / f"{name}.yaml"
    path.write_text(text.replace(_INTERVAL, changed), encoding="utf-8")
    return path


class Lives:
    """Every life appends to a log of its own, whose path errors name."""

    def __init__(self, binary, work, environment):
        self._binary = str(binary)
        self._work = work
        self._environment = environment
        self._number = 0
        self.state = work / "state"
        # `quick` decides often; `whole` decides all that it reads at once, at its end.
        self.quick = write_pipeline(work, "quick", "100ms")
        self.whole = write_pipeline(work, "whole", "1h")
        self.strikes = collections.Counter()

    @property
    def folder(self):
        return self.state / "sluice.trade"

    def start(self, pipeline, *flags, points=(), action="kill", state=None):
        environment = dict(self._environment)
        if points:
            armed = [f"{point}={action}" for point in points]
            armed += [f"{PROVOKED_BY[point]}=error" for point in points if point in PROVOKED_BY]
            environment["SLUICE_FAILPOINTS"] = ",".join(armed)
        self._number += 1
        log = self._work / f"life-{self._number}.log"
        command = [self._binary, "run", str(pipeline), "--state-dir", str(state or self.state)]
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [*command, *flags],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        process.log = log
        return process

    @staticmethod
    def text_of(process):
        return process.log.read_text(encoding="utf-8", errors="replace")

    def end(self, process, wanted, timeout_s=60):
        """Waits until the process has ended by itself with this status."""
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise LifeError(f"no end after {timeout_s} s, see {process.log}") from None
        if status != wanted:
            raise LifeError(f"ended with {status}, not {wanted}, see {process.log}")

    def run(self, pipeline, *flags):
        """A life that reads all that is there and ends well."""
        self.end(self.start(pipeline, "--until", "now", *flags), wanted=0)

    def note_strike(self, process):
        """The failpoint at which the process killed itself."""
        struck = re.findall(r"^failpoint (\w+): killed$", self.text_of(process), re.MULTILINE)
        if not struck:
            raise LifeError(f"killed by something else, see {process.log}")
        self.strikes[struck[-1]] += 1
        return struck[-1]

    def strike(self, pipeline, points, *flags, timeout_s=60):
        """A life that ends at one of the points, whose name it returns."""
        process = self.start(pipeline, *flags, points=points)
        self.end(process, wanted=-signal.SIGKILL, timeout_s=timeout_s)
        return self.note_strike(process)

    def kill_after(self, seconds, points):
        """A life that is killed from outside, unless one of the points comes first."""
        process = self.start(self.quick, points=points)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.strikes[AT_RANDOM] += 1
            return AT_RANDOM
        if status != -signal.SIGKILL:
            raise LifeError(f"ended by itself with {status}, see {process.log}")
        return self.note_strike(process)

    def stop_at(self, point):
        """A life that stops itself at the point with SIGSTOP; returns when it has."""
        process = self.start(self.quick, points=[point], action="stop")
        deadline = time.monotonic() + 60
        while not is_stopped(process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise LifeError(f"did not stop at {point}, see {process.log}")
            time.sleep(0.005)
        return process

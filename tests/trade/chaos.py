"""Kills the trade pipeline again and again, at random and at every step of the checkpoint and
publish protocol, lets a second process take it over, and compares every sink with the
recomputation. Prints where it struck. Exit status 1 when anything differs or a step was never
hit."""

import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import clock, demo, readers, topics

FAILPOINTS = demo.ROOT / "src/env/failpoints.def"
# Reached only in some epochs, large ones or those with rows that a trigger refuses: armed in every
# life until they have struck often enough.
RARE_POINTS = ("redis_after_chunk", "postgres_after_rejects")
STRIKES = 3
FENCED = "E4402"
POINT_TIMEOUT_S = 12
FEED_S = 150
BACKLOG_S = 25


class ChaosError(Exception):
    """The engine did something that it must not do."""


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--orders", type=int, default=12_000, help="of backlog and of feed each")
    parser.add_argument("--kills", type=int, default=30, help="random ones")
    binary = demo.ROOT / "build/dev/src/cli/sluice"
    parser.add_argument("--sluice", type=pathlib.Path, default=binary)
    return parser.parse_args(arguments)


def failpoint_names():
    text = FAILPOINTS.read_text(encoding="utf-8")
    return re.findall(r"^SLUICE_FAILPOINT\((\w+),", text, re.MULTILINE)


class Runner:
    """Starts `sluice run` over one state folder; every life appends to one log."""

    def __init__(self, binary, work, environment):
        self.binary = str(binary)
        self.log = work / "sluice.log"
        self.state = work / "state"
        self.environment = environment
        self.strikes = collections.Counter()

    def start(self, *flags, points=(), state=None, log=None):
        environment = dict(self.environment)
        if points:
            environment["SLUICE_FAILPOINTS"] = ",".join(f"{point}=kill" for point in points)
        command = [self.binary, "run", str(demo.PIPELINE), "--state-dir", str(state or self.state)]
        with open(log or self.log, "ab") as log:
            return subprocess.Popen(
                [*command, *flags],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def strike(self, points, timeout_s):
        """One life that ends at one of the points, or is killed after a while."""
        rare = [point for point in RARE_POINTS if self.strikes[point] < STRIKES]
        process = self.start(points=[*points, *rare])
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.strikes["at random"] += 1
            return
        if status != -signal.SIGKILL:
            raise ChaosError(f"sluice run ended by itself with {status}, see {self.log}")
        log = self.log.read_text(encoding="utf-8", errors="replace")
        self.strikes[re.findall(r"^failpoint (\w+): killed$", log, re.MULTILINE)[-1]] += 1

    def finish(self):
        done = self.start("--until", "now")
        if done.wait(120) != 0:
            raise ChaosError(f"the last run ended with {done.returncode}, see {self.log}")

    def take_over(self):
        """A second process claims the pipeline of a stopped one; the first must find out."""
        first = self.start()
        time.sleep(4)
        first.send_signal(signal.SIGSTOP)
        copied = self.state.with_name("state-taken-over")
        shutil.copytree(self.state, copied)
        log = self.log.with_name("second.log")
        second = self.start(state=copied, log=log)
        deadline = time.monotonic() + 60
        while b"RUNNING" not in log.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.1)
        first.send_signal(signal.SIGCONT)
        try:
            status = first.wait(60)
        finally:
            first.kill()
        if status != 3 or FENCED not in self.log.read_text(encoding="utf-8", errors="replace"):
            raise ChaosError(f"the process that was taken over ended with {status}, not fenced")
        if second.poll() is not None:
            raise ChaosError(f"the new owner was harmed: it ended with {second.returncode}")
        second.terminate()
        if second.wait(60) != 0:
            raise ChaosError(f"the new owner ended with {second.returncode} after SIGTERM")
        self.state = copied
        self.strikes["taken over while stopped"] += 1


def generate(options, environment, seed, rate):
    command = [sys.executable, "-B", "-m", "trade.generate", "--seed", str(seed)]
    command += ["--orders", str(options.orders), "--rate", str(rate), "--day", clock.yesterday()]
    return subprocess.Popen(
        command, env=environment, cwd=demo.ROOT / "tests", stdout=subprocess.DEVNULL
    )


def play(options, runner, environment):
    draw = random.Random(options.seed)
    names = failpoint_names()
    feed = generate(options, environment, options.seed, rate=options.orders * 5 / FEED_S)
    time.sleep(BACKLOG_S)
    runner.take_over()
    rounds = [name for name in names if name not in RARE_POINTS] * STRIKES
    rounds += [None] * options.kills
    draw.shuffle(rounds)
    for name in rounds:
        if name is None:
            runner.strike([], draw.uniform(0.2, 2.5))
        else:
            runner.strike([name], POINT_TIMEOUT_S)
    if feed.poll() is None:
        feed.wait(300)
    runner.finish()
    return [name for name in names if runner.strikes[name] == 0]


def main(arguments=None):
    options = options_of(arguments)
    if not os.access(options.sluice, os.X_OK):
        sys.exit(f"chaos: {options.sluice} is missing: run ./dev build --preset dev")
    started = time.monotonic()
    work = pathlib.Path(tempfile.mkdtemp(prefix="sluice-chaos-"))
    addresses, guard = demo.start_servers(work)
    environment = os.environ | addresses
    os.environ["PGPASSFILE"] = addresses["PGPASSFILE"]
    demo.say(started, f"seed {options.seed}, work in {work}")
    runner = Runner(options.sluice, work, environment)
    missed, agreed = [], False
    try:
        topics.create(addresses["KAFKA_BROKERS"])
        demo.create_tables(readers.default_dsn(addresses))
        missed = play(options, runner, environment)
        agreed = demo.compare_all(demo.sink_options(environment), started, closed=False)
    except ChaosError as error:
        print(f"chaos: {error}", file=sys.stderr)
    finally:
        guard.stdin.close()
        guard.wait()
    for name, count in runner.strikes.most_common():
        print(f"  {count:4} x {name}")
    if missed:
        print(f"chaos: never reached: {', '.join(missed)}", file=sys.stderr)
    demo.say(started, "every sink equals the recomputation" if agreed else f"FAILED, see {work}")
    if agreed and not missed:
        shutil.rmtree(work)
    return 0 if agreed and not missed else 1


if __name__ == "__main__":
    sys.exit(main())

"""Runs the trade pipeline from generated records to its reports, through crashes, and compares
every sink with the recomputation. Exit status 1 when anything differs."""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

from .. import clock, readers, stage, topics
from ..comparison import report
from . import engine

RECORDS_PER_ORDER = 5
FEWEST_KILLS = 5


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=45, help="how long records are fed for")
    parser.add_argument(
        "--sluice", type=pathlib.Path, default=stage.ROOT / "build/release/src/cli/sluice"
    )
    parser.add_argument("--keep", action="store_true", help="leave log and state where they are")
    return parser.parse_args(arguments)


def start_feed(options, environment):
    rate = options.orders * RECORDS_PER_ORDER / options.seconds
    command = [sys.executable, "-B", "-m", "trade.generator.generate", "--seed", str(options.seed)]
    command += ["--orders", str(options.orders), "--rate", str(rate), "--day", clock.yesterday()]
    return subprocess.Popen(command, env=environment, cwd=stage.ROOT / "tests")


def play(options, running, environment, started):
    """Feeds, crashes, waits, stops, closes; true when every comparison agreed."""
    draw = random.Random(options.seed)
    sinks = stage.sink_options(environment)
    running.start()
    feed = start_feed(options, environment)
    pause = options.seconds / (FEWEST_KILLS + 2)
    try:
        running.crash_until(lambda: feed.poll() is not None, lambda: pause * draw.uniform(0.4, 1.4))
    finally:
        feed.kill()
    if feed.wait() != 0:
        raise engine.EngineError(f"the generator ended with {feed.returncode}")
    while running.kills < FEWEST_KILLS:
        running.kill()
        running.start()
    stage.say(started, f"all records are written; sluice serve was killed {running.kills} times")
    agreed = stage.compare_all(sinks, started, closed=False)
    report.main(sinks)
    running.stop()
    if not agreed:
        return False
    running.close_windows(stage.PIPELINE)
    return stage.compare_all(sinks, started, closed=True)


def main(arguments=None):
    options = options_of(arguments)
    if not os.access(options.sluice, os.X_OK):
        sys.exit(f"demo: {options.sluice} is missing: run ./dev build")
    started = time.monotonic()
    work = pathlib.Path(tempfile.mkdtemp(prefix="sluice-demo-"))
    pipelines = work / "pipelines"
    pipelines.mkdir()
    shutil.copy(stage.PIPELINE, pipelines)
    addresses, guard = stage.start_servers(work)
    environment = os.environ | addresses
    os.environ["PGPASSFILE"] = addresses["PGPASSFILE"]
    stage.say(started, f"Kafka, PostgreSQL and Redis run; seed {options.seed}, work in {work}")
    running = engine.Engine(options.sluice, pipelines, work, environment)
    agreed = False
    try:
        topics.create(addresses["KAFKA_BROKERS"])
        stage.create_tables(readers.default_dsn(addresses))
        agreed = play(options, running, environment, started)
    except engine.EngineError as error:
        print(f"demo: {error}", file=sys.stderr)
    finally:
        running.abandon()
        guard.stdin.close()
        guard.wait()
        if agreed and not options.keep:
            shutil.rmtree(work)
    verdict = "every sink equals the recomputation" if agreed else f"FAILED, see {work}"
    stage.say(started, f"{verdict}; killed {running.kills} times, seed {options.seed}")
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())

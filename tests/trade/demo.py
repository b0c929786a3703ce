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

import psycopg2

from . import clock, compare, engine, readers, recompute, report, topics

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "pipelines" / "trade.yaml"
RECORDS_PER_ORDER = 5
FEWEST_KILLS = 5


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=45, help="how long records are fed for")
    parser.add_argument(
        "--sluice", type=pathlib.Path, default=ROOT / "build/release/src/cli/sluice"
    )
    parser.add_argument("--keep", action="store_true", help="leave log and state where they are")
    return parser.parse_args(arguments)


def say(started, text):
    print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)


def start_servers(work):
    """Private servers that end with this process, however it ends; their environment, and the pipe
    that keeps them."""
    folder = work / "servers"
    dev = str(ROOT / "dev")
    guard = subprocess.Popen(
        [dev, "hold", "--dir", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    guard.stdout.readline()
    subprocess.run([dev, "up", "--guarded", "--dir", folder], check=True, stdout=subprocess.DEVNULL)
    lines = (folder / "env").read_text(encoding="utf-8").splitlines()
    assignments = (line.removeprefix("export ").replace("'", "") for line in lines)
    return dict(assignment.split("=", 1) for assignment in assignments), guard


def create_tables(dsn):
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        for script in (PIPELINE.with_suffix(".sql"), ROOT / "tests/trade/refuse.sql"):
            cursor.execute(script.read_text(encoding="utf-8"))
    connection.close()


def start_feed(options, environment):
    rate = options.orders * RECORDS_PER_ORDER / options.seconds
    command = [sys.executable, "-B", "-m", "trade.generate", "--seed", str(options.seed)]
    command += ["--orders", str(options.orders), "--rate", str(rate), "--day", clock.yesterday()]
    return subprocess.Popen(command, env=environment, cwd=ROOT / "tests")


def sink_options(environment):
    """What compare and report want on their command lines."""
    return [
        *("--brokers", environment["KAFKA_BROKERS"]),
        *("--postgres", readers.default_dsn(environment)),
        *("--redis", f"redis://{environment['REDIS_ADDR']}/0"),
    ]


def compare_all(sinks, started, closed):
    """Compares until everything agrees or a minute has passed; true when it does."""
    options = compare.options_parser().parse_args(
        [*sinks, "--wait", "60", *(["--closed"] if closed else [])]
    )
    records = recompute.read_input(options)
    expected = recompute.from_options(options, records)
    found = compare.wait_for_agreement(options, expected, records)
    which = "after closing every window" if closed else "up to the last watermark"
    say(started, f"sinks against the recomputation, {which}")
    compare.show(expected, found)
    return not found


def play(options, running, environment, started):
    """Feeds, crashes, waits, stops, closes; true when every comparison agreed."""
    draw = random.Random(options.seed)
    sinks = sink_options(environment)
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
    say(started, f"all records are written; sluice serve was killed {running.kills} times")
    agreed = compare_all(sinks, started, closed=False)
    report.main(sinks)
    running.stop()
    if not agreed:
        return False
    running.close_windows(PIPELINE)
    return compare_all(sinks, started, closed=True)


def main(arguments=None):
    options = options_of(arguments)
    if not os.access(options.sluice, os.X_OK):
        sys.exit(f"demo: {options.sluice} is missing: run ./dev build")
    started = time.monotonic()
    work = pathlib.Path(tempfile.mkdtemp(prefix="sluice-demo-"))
    pipelines = work / "pipelines"
    pipelines.mkdir()
    shutil.copy(PIPELINE, pipelines)
    addresses, guard = start_servers(work)
    environment = os.environ | addresses
    os.environ["PGPASSFILE"] = addresses["PGPASSFILE"]
    say(started, f"Kafka, PostgreSQL and Redis run; seed {options.seed}, work in {work}")
    running = engine.Engine(options.sluice, pipelines, work, environment)
    agreed = False
    try:
        topics.create(addresses["KAFKA_BROKERS"])
        create_tables(readers.default_dsn(addresses))
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
    say(started, f"{verdict}; killed {running.kills} times, seed {options.seed}")
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())

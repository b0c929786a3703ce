"""What every run of the trade pipeline stands on: private servers with its tables, and the
comparison of all sinks with the recomputation."""

import contextlib
import pathlib
import subprocess
import time

import psycopg2

from . import readers
from .comparison import compare
from .recomputation import recompute

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "pipelines" / "trade.yaml"


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
    """Where they are missing; with what makes one of them refuse a province's rows."""
    with contextlib.closing(psycopg2.connect(dsn)) as connection, connection:
        with connection.cursor() as cursor:
            for script in (PIPELINE.with_suffix(".sql"), ROOT / "tests/trade/refuse.sql"):
                cursor.execute(script.read_text(encoding="utf-8"))


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

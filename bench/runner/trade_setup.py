"""The trade pipeline's topics and tables, empty and filled."""

import subprocess
import sys

import redis
from trade import clock, stage, topics

from .context import ROOT
from .process import BenchError

PIPELINE = stage.PIPELINE
OUTPUT_TOPICS = {name: count for name, count, _ in topics.read_list() if not name.startswith("ods")}


STOP_AFTER = "stop_after: {count: 100, within: 1m}"


def write_tolerant_pipeline(folder):
    """The pipeline without its limit of dead letters: in a backlog of a whole day at full speed the
    day's bad rows come within a minute."""
    text = PIPELINE.read_text(encoding="utf-8")
    if STOP_AFTER not in text:
        raise BenchError(f"{PIPELINE} has no longer {STOP_AFTER}")
    path = folder / PIPELINE.name
    path.write_text(text.replace(STOP_AFTER, "stop_after: {count: 1000000, within: 1m}"), "utf-8")
    return path


def prepare(context):
    """Creates what is missing."""
    topics.create(context.servers.brokers)
    stage.create_tables(context.servers.dsn)


def reset(context):
    """Empties what the pipeline writes to."""
    for name, partitions in OUTPUT_TOPICS.items():
        context.servers.replace_topic(name, partitions)
    with context.servers.connect() as connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE ads.gmv_minute, ads.order_status")
    redis.Redis.from_url(f"redis://{context.servers.addresses['REDIS_ADDR']}/0").flushdb()


def fill(context):
    """Writes a day of orders, details and page logs; the text says what was written."""
    command = [sys.executable, "-B", "-m", "trade.generator.generate", "--seed", str(context.seed)]
    command += ["--orders", str(context.orders), "--brokers", context.servers.brokers]
    command += ["--day", clock.yesterday()]
    return subprocess.run(
        command, cwd=ROOT / "tests", check=True, capture_output=True, text=True
    ).stdout

"""latency: from a topic to a topic at a steady rate: how long a record takes."""

import string

from . import process
from .daemon import Daemon
from .report import Measure, Report, at_most

NAME = "latency"
TARGETS = ("sluice_pulse",)
HELP = "1,000 records a second from a topic to a topic: p50 and p99 of their latency"

RATE = 1000
MOST_RECORDS = 10_000
# What stands still longer than this, though records come, waits for something: in a run with
# checkpoints every 10 ms.
LONGEST_SILENCE_MS = 500

# delivery, interval, parallelism, the longest p50 in ms
SETTINGS = (
    ("at_least_once", "1s", 1, 50),
    ("exactly_once", "10ms", 1, 100),
    ("exactly_once", "10ms", 2, 100),
)


def write_pipeline(context, folder, settings):
    """The pipeline's file, and the topics that it reads and writes."""
    delivery, interval, parallelism, _ = settings
    names = ("source", "target", "letters")
    topics = {name: context.unique_name(f"pulse_{name}") for name in names}
    for topic in topics.values():
        context.servers.create_topic(topic, parallelism)
    text = (context.bench / "latency/passing.yaml").read_text(encoding="utf-8")
    path = folder / "passing.yaml"
    # ${env:…} is the pipeline's own.
    filled = string.Template(text).safe_substitute(
        topics, delivery=delivery, interval=interval, parallelism=parallelism
    )
    path.write_text(filled, encoding="utf-8")
    return path, topics


def run_once(context, folder, settings, records):
    """(number, due, seen) in µs of each record, in the order in which they were seen."""
    path, topics = write_pipeline(context, folder, settings)
    daemon = Daemon(context, folder, path)
    try:
        daemon.start()
        daemon.seconds_until(daemon.is_ready, "a ready service")
        command = [context.binary("bench/sluice_pulse"), "--brokers", context.servers.brokers]
        command += ["--to", topics["source"], "--from", topics["target"]]
        command += ["--partitions", settings[2], "--rate", RATE, "--records", records]
        output = process.run(command, daemon.log).output
        daemon.stop()
    finally:
        daemon.kill()
    return [tuple(map(int, line.split("\t"))) for line in output.splitlines()]


def percentile(values, share):
    """Of sorted values, in ms."""
    return values[min(len(values) - 1, int(share * len(values)))] / 1000


def silence_ms(rows):
    """The longest time in which no record was seen."""
    seen = [row[2] for row in rows]
    return max(after - before for before, after in zip(seen, seen[1:])) / 1000


def differences(rows, records):
    """What is wrong with what was seen, in words; empty when each record is there once."""
    numbers = [row[0] for row in rows]
    if sorted(numbers) == list(range(records)):
        return []
    missing = records - len(set(numbers))
    return [f"{missing} records missing, {len(numbers) - len(set(numbers))} more than once"]


def measures_of(settings, runs):
    delivery, interval, parallelism, longest_p50_ms = settings
    name = f"{delivery}, {interval}, {parallelism} slot" + ("s" if parallelism > 1 else "")
    latencies = [sorted(seen - due for _, due, seen in rows) for rows in runs]
    median = [percentile(each, 0.5) for each in latencies]
    yield Measure(f"{name}: p50", "ms", median, at_most(longest_p50_ms))
    yield Measure(f"{name}: p99", "ms", [percentile(each, 0.99) for each in latencies])
    silences = [silence_ms(rows) for rows in runs]
    yield Measure(f"{name}: silence", "ms", silences, at_most(LONGEST_SILENCE_MS))


def run(context):
    records = min(MOST_RECORDS, context.events // 100)
    # A broker that has just been started needs twice the time for a request, and beside other work
    # falls behind: what is measured then is its backlog.
    with context.folder(f"{NAME}-warm-up") as folder:
        run_once(context, folder, SETTINGS[0], records)
    measures, problems = [], []
    for settings in SETTINGS:
        runs = []
        for number in range(context.runs):
            with context.folder(f"{NAME}-{number}") as folder:
                runs.append(run_once(context, folder, settings, records))
            problems += differences(runs[-1], records)
        measures += measures_of(settings, runs)
    setting = {"records": records, "a second": RATE, "partitions": "as many as slots"}
    return Report(NAME, setting, measures, problems, f"all {records} records once in every run")

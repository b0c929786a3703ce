"""ysb-kafka: the whole way, from a topic to a topic, against what librdkafka alone can read."""

import dataclasses
import json

from . import campaigns, process, ysb_topic
from .process import BenchError
from .report import Measure, Report, at_least

NAME = "ysb-kafka"
TARGETS = ysb_topic.TARGETS
HELP = "YSB events from a topic, exactly once to a topic, against the raw librdkafka drain"

PARALLELISM = (2, 1)
# Under this name other benchmarks of the same invocation find the CPU per event of every run.
COSTS = "costs of ysb-kafka"


@dataclasses.dataclass
class Rounds:
    """Figures of each round; a round is the drain, then the pipeline at each parallelism."""

    drains: list = dataclasses.field(default_factory=list)
    pipelines: dict = dataclasses.field(default_factory=lambda: {n: [] for n in PARALLELISM})
    problems: list = dataclasses.field(default_factory=list)


def run_pipeline(context, folder, parallelism):
    """The whole process, from exec to its end after the last epoch is published; and what was wrong
    with its rows."""
    servers, expected = context.servers, ysb_topic.feed(context)
    before = servers.ends(ysb_topic.REPORT_TOPIC, ysb_topic.PARTITIONS)
    command = [context.sluice, "run", context.bench / "ysb/kafka.yaml", "--quiet"]
    command += ["--state-dir", folder / "state", "--until", "now", "--close"]
    command += ["--parallelism", parallelism, "--namespace", context.unique_name("bench")]
    finished = process.run(command, folder / "log", servers.addresses)
    rows = servers.values_after(ysb_topic.REPORT_TOPIC, before)
    return finished, campaigns.differences(expected, campaigns.count_rows(rows))


def run_round(context, folder, rounds):
    drained = ysb_topic.drain(context, folder / "log")
    if json.loads(drained.output)["messages"] != context.events:
        raise BenchError(f"the drain read {drained.output}, not {context.events} events")
    rounds.drains.append(drained)
    for parallelism in PARALLELISM:
        with context.folder(f"{folder.name}-{parallelism}") as inner:
            finished, wrong = run_pipeline(context, inner, parallelism)
        rounds.pipelines[parallelism].append(finished)
        rounds.problems += wrong


def measures_of(name, runs, events):
    yield Measure(f"{name}: throughput", "M/s", [events / run.wall_s / 1e6 for run in runs])
    yield Measure(f"{name}: CPU per event", "µs", costs(runs, events))
    yield Measure(f"{name}: peak memory", "MB", [run.peak_bytes / 1e6 for run in runs])


def costs(runs, events):
    """CPU per event in µs, of each run."""
    return [run.cpu_s / events * 1e6 for run in runs]


def ratios(rounds, parallelism):
    pairs = zip(rounds.drains, rounds.pipelines[parallelism])
    return [100 * drained.wall_s / run.wall_s for drained, run in pairs]


def run(context):
    expected = ysb_topic.feed(context)
    rounds = Rounds()
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            run_round(context, folder, rounds)
    letters = context.servers.values_after(ysb_topic.DEAD_LETTER_TOPIC, [0])
    if letters:
        rounds.problems.append(f"{len(letters)} dead letters, the first: {letters[0]!r}")
    events = context.events
    measures = [*measures_of("drain", rounds.drains, events)]
    for parallelism, runs in rounds.pipelines.items():
        measures += measures_of(f"parallelism {parallelism}", runs, events)
    for parallelism in PARALLELISM:
        share = ratios(rounds, parallelism)
        measures.append(
            Measure(f"parallelism {parallelism}: of the drain", "%", share, at_least(55))
        )
        context.cache.setdefault(COSTS, []).extend(costs(rounds.pipelines[parallelism], events))
    setting = {
        "events": events,
        "bytes each": 253,
        "partitions": ysb_topic.PARTITIONS,
        "delivery": "exactly_once",
        "checkpoint": "1s",
        "producer batch": "1 MB",
    }
    checked = f"{len(expected)} rows equal the recomputation in every run"
    return Report(NAME, setting, measures, rounds.problems, checked)

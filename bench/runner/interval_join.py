"""interval-join: a file joined with itself by key and time, evenly and with one hot key."""

import bisect
import collections

from . import event_file
from .report import Measure, Report, at_least, at_most

NAME = "interval-join"
TARGETS = ()
HELP = "a file joined with itself within 10 s: rows per CPU-second, evenly and with a hot key"

RANGE_MS = 10_000
ROWS_PER_KEY = 3
HOT_SHARE = 0.01


def expected_row(events):
    """The pairs (a, b) of one key with b.at in [a.at, a.at + range]: how many, and the sum of their
    differences."""
    times, numbers = collections.defaultdict(list), collections.defaultdict(list)
    for key, at_ms, number in events:
        times[key].append(at_ms)
        numbers[key].append(number)
    pairs = total = 0
    for key, own in times.items():
        sums = [0]
        for number in numbers[key]:
            sums.append(sums[-1] + number)
        for at_ms, number in zip(own, numbers[key]):
            first = bisect.bisect_left(own, at_ms)
            last = bisect.bisect_right(own, at_ms + RANGE_MS)
            pairs += last - first
            total += sums[last] - sums[first] - (last - first) * number
    return {"pairs": pairs, "total": total}


def measure(context, hot_share):
    """CPU seconds of each run, pairs, and what was wrong."""
    seconds, problems = [], []
    keys = max(1, context.rows // ROWS_PER_KEY)
    events = list(event_file.make_events(context.seed, context.rows, keys, hot_share))
    expected = expected_row(events)
    for number in range(context.runs):
        with context.folder(f"{NAME}-{hot_share}-{number}") as folder:
            (folder / "in").mkdir()
            (folder / "out").mkdir()
            event_file.write(folder / "in/events.jsonl", events)
            finished, row, wrong = event_file.run(context, folder, "state/interval_join.yaml")
        seconds.append(finished.cpu_s)
        problems += wrong + event_file.difference(expected, row)
    return seconds, expected["pairs"], problems


def run(context):
    even_s, even_pairs, problems = measure(context, 0.0)
    hot_s, hot_pairs, hot_problems = measure(context, HOT_SHARE)
    return Report(
        NAME,
        {
            "rows of each side": context.rows,
            "keys": context.rows // ROWS_PER_KEY,
            "pairs": even_pairs,
            "pairs with the hot key": hot_pairs,
            "parallelism": 1,
        },
        [
            Measure(
                "rows of a side per CPU-second",
                "M/s",
                [context.rows / cpu_s / 1e6 for cpu_s in even_s],
                at_least(1.2),
            ),
            Measure(
                "CPU per row of a side",
                "µs",
                [cpu_s / context.rows * 1e6 for cpu_s in even_s],
            ),
            Measure(
                "with 1 % of rows on one key, longer by",
                "times",
                [hot / even for hot, even in zip(hot_s, even_s)],
                at_most(3.0),
            ),
        ],
        problems + hot_problems,
        "the pairs equal the recomputation's in every run",
    )

"""Files of events for benchmarks of state; `sluice run` over one, and the row it ends with."""

import json
import random

from . import process

EVENTS_PER_MS = 30
FIRST_MS = 1_700_000_000_000


def make_events(seed, count, keys, hot_share=0.0):
    """(key, time in ms, number) of each event, in the order of their times. Keys are spread evenly,
    but for a share of the events that have key 0."""
    choose = random.Random(seed)
    for number in range(count):
        key = 0 if choose.random() < hot_share else choose.randrange(keys)
        yield key, FIRST_MS + number // EVENTS_PER_MS, number


def write(path, events):
    with open(path, "w", encoding="utf-8") as lines:
        for key, at_ms, number in events:
            lines.write(f'{{"k":{key},"at":{at_ms},"v":{number}}}\n')


def run(context, folder, pipeline):
    """What `pipeline` took over the folder's `in`, the last row of its report, and problems."""
    out = folder / "out"
    finished = process.run(
        [context.sluice, "run", context.bench / pipeline, "--quiet"]
        + ["--state-dir", folder / "state"],
        folder / "log",
        {"BENCH_IN": str(folder / "in"), "BENCH_OUT": str(out)},
    )
    letters = out / "dead_letters.jsonl"
    problems = ["there are dead letters"] if letters.exists() and letters.stat().st_size else []
    with open(out / "report.jsonl", encoding="utf-8") as rows:
        last = json.loads(list(rows)[-1])
    return finished, last, problems


def difference(expected, row):
    """In words; empty when the row has the expected values."""
    found = {name: row.get(name) for name in expected}
    return [] if found == expected else [f"the report says {found}, the recomputation {expected}"]

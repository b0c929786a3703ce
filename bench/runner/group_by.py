"""group-by: sums by key without windows over many keys: what a key takes."""

import collections

from . import event_file
from .report import Measure, Report, at_most

NAME = "group-by"
TARGETS = ()
HELP = "an unwindowed sum over very many keys: memory, and CPU per row"

ROWS_PER_KEY = 3


def expected_row(events):
    totals = collections.Counter()
    for key, _, number in events:
        totals[key] += number
    return {"keys": len(totals), "total": sum(totals.values())}


def run(context):
    events = list(event_file.make_events(context.seed, context.rows, context.rows // ROWS_PER_KEY))
    expected = expected_row(events)
    runs, problems = [], []
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            (folder / "in").mkdir()
            (folder / "out").mkdir()
            event_file.write(folder / "in/events.jsonl", events)
            finished, row, wrong = event_file.run(context, folder, "state/group_by.yaml")
        runs.append(finished)
        problems += wrong + event_file.difference(expected, row)
    return Report(
        NAME,
        {"rows": context.rows, "keys": expected["keys"], "parallelism": 1, "checkpoint": "1s"},
        [
            Measure("peak memory", "MB", [run.peak_bytes / 1e6 for run in runs], at_most(200)),
            Measure("CPU per row", "µs", [run.cpu_s / context.rows * 1e6 for run in runs]),
        ],
        problems,
        "the sums equal the recomputation's in every run",
    )

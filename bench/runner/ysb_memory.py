"""ysb-memory: the engine alone, from bytes in memory to counted windows, on one core."""

import json

from . import campaigns, process
from .report import Measure, Report, at_least

NAME = "ysb-memory"
TARGETS = ("sluice_ysb_memory",)
HELP = "YSB events from memory: filter, lookup, 10 s count, exactly once to a file"


def run_once(context, folder):
    """The figures of one run, and what was wrong with its rows."""
    out = folder / "out"
    out.mkdir(parents=True)
    finished = process.run(
        [
            context.binary("bench/sluice_ysb_memory"),
            context.bench / "ysb/memory.yaml",
            *("--state-dir", folder / "state"),
            *("--expected", folder / "expected.tsv"),
            *("--events", context.events),
            *("--seed", context.seed),
        ],
        folder / "log",
        {"YSB_OUT": str(out)},
    )
    expected = campaigns.read_expected(folder / "expected.tsv")
    with open(out / "report.jsonl", encoding="utf-8") as rows:
        problems = campaigns.differences(expected, campaigns.count_rows(rows))
    letters = out / "dead_letters.jsonl"
    if letters.exists() and letters.stat().st_size:
        problems.append("there are dead letters")
    return json.loads(finished.output), problems, len(expected)


def run(context):
    figures, problems = [], []
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            found, wrong, rows = run_once(context, folder)
        figures.append(found)
        problems += wrong
    events = context.events
    return Report(
        NAME,
        {
            "events": events,
            "bytes each": round(figures[0]["bytes"] / events),
            "partitions": 4,
            "parallelism": 1,
            "delivery": "exactly_once",
            "checkpoint": "1s",
        },
        [
            Measure(
                "events per CPU-second",
                "M/s",
                [events / found["cpu_s"] / 1e6 for found in figures],
                at_least(3.0),
            ),
            Measure(
                "CPU per event", "µs", [found["cpu_s"] / events * 1e6 for found in figures]
            ),
            Measure(
                "events per second of wall clock",
                "M/s",
                [events / found["wall_s"] / 1e6 for found in figures],
            ),
        ],
        problems,
        f"{rows} rows equal the recomputation in every run",
    )

"""Compares every sink of the trade pipeline with the recomputation; exit status 1 when anything
differs."""

import argparse
import collections
import sys
import time

from .. import clock, readers, records
from ..recomputation import recompute
from . import sinks

_SHOWN = 8

# Of one sink: expected keys that are absent, keys that are too many, (key, expected, actual) that
# differ, and problems of form.
Difference = collections.namedtuple("Difference", "missing unexpected changed problems")


def difference(expected, read):
    """Difference between an expected container and what was read; empty lists when they agree."""
    rows = read.rows
    missing = [key for key in expected if key not in rows]
    unexpected = [key for key in rows if key not in expected]
    changed = [
        (key, row, rows[key])
        for key, row in expected.items()
        if key in rows and _exact(row) != _exact(rows[key])
    ]
    return Difference(missing, unexpected, changed, read.problems)


def _exact(row):
    """A row of the DWD topic compares by its numbers' digits too: 10.50 is not 10.5."""
    if not isinstance(row, dict):
        return row
    return {name: value if value is None else str(value) for name, value in row.items()}


def read_sinks(options, topics):
    """Sink name -> Read, of all five sinks."""
    return {
        "dwd_order_detail_topic": sinks.dwd(readers.read_topic(options.brokers, records.DWD_TOPIC)),
        "ads_gmv_minute": sinks.gmv(readers.gmv_rows(options)),
        "ads_order_status": sinks.order_status(readers.order_status_rows(options)),
        "ads_traffic_day": sinks.traffic_day(readers.traffic_hashes(options)),
        "dead_letter": sinks.dead_letters(
            readers.read_topic(options.brokers, records.DEAD_LETTER_TOPIC), topics
        ),
    }


def expected_sinks(expected):
    """The same names -> expected container."""
    return {
        "dwd_order_detail_topic": expected.dwd,
        "ads_gmv_minute": expected.gmv,
        "ads_order_status": dict(expected.order_status),
        "ads_traffic_day": expected.traffic,
        "dead_letter": expected.dead_letters,
    }


def differences(expected, actual):
    """Sink name -> Difference, of the sinks that differ."""
    found = {}
    for name, rows in expected_sinks(expected).items():
        found_here = difference(rows, actual[name])
        if any(found_here):
            found[name] = found_here
    return found


def _readable(key):
    """A key with its event times as local times."""
    if isinstance(key, tuple):
        return "(" + ", ".join(_readable(part) for part in key) + ")"
    is_time = isinstance(key, int) and key > clock.DAY
    return clock.format_local(key) if is_time else str(key)


def show(expected, found):
    """Prints a line for each sink and the first few differences."""
    for name, rows in expected_sinks(expected).items():
        if name not in found:
            count = sum(rows.values()) if name == "dead_letter" else len(rows)
            print(f"{name:24} {count:8} rows agree")
            continue
        missing, unexpected, changed, problems = found[name]
        print(
            f"{name:24} DIFFERS: {len(missing)} missing, {len(unexpected)} unexpected, "
            f"{len(changed)} changed, {len(problems)} malformed"
        )
        for key in missing[:_SHOWN]:
            print(f"  - {_readable(key)} {rows[key]}")
        for key in unexpected[:_SHOWN]:
            print(f"  + {_readable(key)}")
        for key, wanted, got in changed[:_SHOWN]:
            print(f"  ! {_readable(key)}\n      expected {wanted}\n      actual   {got}")
        for problem in problems[:_SHOWN]:
            print(f"  ? {problem}")


def wait_for_agreement(options, expected, topics):
    """Reads the sinks until they agree or options.wait seconds have passed; the last
    differences."""
    deadline = time.monotonic() + options.wait
    while True:
        found = differences(expected, read_sinks(options, topics))
        if not found or time.monotonic() >= deadline:
            return found
        time.sleep(1)


def options_parser():
    parser = argparse.ArgumentParser(prog="trade.comparison.compare", description=__doc__)
    recompute.add_options(parser)
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for agreement")
    return parser


def main(arguments=None):
    options = options_parser().parse_args(arguments)
    topics = recompute.read_input(options)
    expected = recompute.from_options(options, topics)
    found = wait_for_agreement(options, expected, topics)
    show(expected, found)
    read = sum(expected.records.values())
    if found:
        print(f"{len(found)} of 5 sinks differ from the recomputation of {read} records")
        return 1
    print(f"all sinks agree with the recomputation of {read} records")
    return 0


if __name__ == "__main__":
    sys.exit(main())

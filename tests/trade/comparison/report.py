"""Prints the reports as the sinks hold them: GMV, orders by status, the traffic curve, dead
letters."""

import argparse
import collections
import datetime
import json
import sys
import unicodedata

from .. import codes, readers, records

_ZONE = datetime.timezone(datetime.timedelta(hours=8))
_STATUS_NAMES = {
    "1001": "unpaid",
    "1002": "paid",
    "1003": "cancelled",
    "1004": "finished",
    "1005": "refund asked",
    "1006": "refunded",
}
_BAR_WIDTH = 40


def width(text):
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(title, header, rows):
    """The lines of a table; numbers to the right, texts to the left."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [
        max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(header)
    ]
    numeric = [all(not isinstance(row[i], str) for row in rows) for i in range(len(header))]
    lines = ["", title]
    for row in [list(header), ["-" * size for size in widths], *cells]:
        padded = [
            " " * (size - width(cell)) + cell if right else cell + " " * (size - width(cell))
            for cell, size, right in zip(row, widths, numeric)
        ]
        lines.append("  " + "  ".join(padded).rstrip())
    return lines


def _cell(value):
    if value is None:
        return "NULL"
    return value if isinstance(value, str) else f"{value:,}"


def _local(time):
    return time.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M")


def gmv(rows, limit=15):
    """The busiest minutes and provinces, then the sums of every hour."""
    best = sorted(rows, key=lambda row: (-(row[4] or 0), row[0], row[1]))[:limit]
    lines = table(
        f"GMV per minute and province: the {len(best)} highest of {len(rows):,} rows",
        ("minute", "province", "name", "orders", "gmv"),
        [(_local(start), *rest) for start, *rest in best],
    )
    hours = collections.defaultdict(lambda: [0, 0])
    for start, _, _, orders, amount in rows:
        hour = hours[start.astimezone(_ZONE).strftime("%Y-%m-%d %H:00")]
        hour[0] += orders
        hour[1] += amount or 0
    sums = [(hour, *values) for hour, values in sorted(hours.items())]
    return lines + table("GMV per hour", ("hour", "orders", "gmv"), sums)


def order_status(rows):
    named = [(status, _STATUS_NAMES.get(status, ""), orders) for status, orders in sorted(rows)]
    return table("Orders by status", ("status", "meaning", "orders"), named)


def traffic(hashes):
    """The day's curve, all channels together, at every full hour; midnight ends its day."""
    curve = collections.defaultdict(lambda: [0, 0])
    for key, (fields, _) in hashes.items():
        _, _, day, _, hour, minute = key.split(":", 5)
        if minute == "00":
            point = curve[day, "24:00" if hour == "00" else f"{hour}:00"]
            point[0] += int(fields["pv"])
            point[1] += int(fields["uv"])
    highest = max((point[0] for point in curve.values()), default=0) or 1
    rows = [
        (day, until, pv, uv, "#" * (pv * _BAR_WIDTH // highest))
        for (day, until), (pv, uv) in sorted(curve.items())
    ]
    return table("Traffic of the day, up to", ("day", "time", "pv", "uv by channel", ""), rows)


def dead_letters(partitions):
    counts = collections.Counter()
    for record in (record for partition in partitions.values() for record in partition):
        letter = json.loads(record.value)
        counts[letter["code"], letter["step"]] += 1
    rows = [
        (code, codes.TITLES.get(code, ""), step, count)
        for (code, step), count in sorted(counts.items())
    ]
    return table("Dead letters by code", ("code", "meaning", "step", "rows"), rows)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="trade.comparison.report", description=__doc__)
    readers.add_options(parser)
    options = parser.parse_args(arguments)
    lines = gmv(readers.gmv_rows(options))
    lines += order_status(readers.order_status_rows(options))
    lines += traffic(readers.traffic_hashes(options))
    lines += dead_letters(readers.read_topic(options.brokers, records.DEAD_LETTER_TOPIC))
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())

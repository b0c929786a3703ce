"""A source's own rules, after decoding: watermarks, NULL keys and event times, max_ahead, keep-
first and keep-last deduplication. All of them look at one partition at a time."""

import collections

from .. import clock, codes

MAX_AHEAD = clock.HOUR
STATE_TTL = 26 * clock.HOUR

# A good row with its event time and `seen`: its partition's watermark just before it, or None if
# not behind.
Timed = collections.namedtuple("Timed", "columns time seen")


class EventTime:
    """The watermarks of one source's partitions."""

    def __init__(self, column, out_of_order):
        self.column = column
        self._out_of_order = out_of_order
        self._watermarks = {}

    def observe(self, record, row):
        """Returns (Timed or None, code or None). Every row with a readable time moves the
        watermark, bad rows and rows that a filter drops too, but not rows beyond max_ahead."""
        time = row.columns.get(self.column)
        if time is None:
            return None, codes.NO_EVENT_TIME
        if time > record.timestamp * 1000 + MAX_AHEAD:
            return None, codes.TIME_AHEAD
        watermark = self._watermarks.get(record.partition)
        behind = watermark is not None and time < watermark
        reached = time - self._out_of_order
        if watermark is None or reached > watermark:
            self._watermarks[record.partition] = reached
        return Timed(row.columns, time, watermark if behind else None), None

    def final(self, partitions):
        """The combined watermark at the end; every partition must have got to the same one,
        because which of them go idle first is a matter of wall-clock time."""
        reached = {self._watermarks.get(partition) for partition in partitions}
        if len(reached) != 1 or None in reached:
            raise ValueError(
                f"partitions end at different watermarks of {self.column}: {self._watermarks}"
            )
        return reached.pop()


class TtlGuard:
    """State entries die after STATE_TTL; the recomputation keeps them all, so the data must be
    younger."""

    def __init__(self):
        self._first = self._last = None

    def observe(self, time):
        self._first = time if self._first is None else min(self._first, time)
        self._last = time if self._last is None else max(self._last, time)
        if self._last - self._first > STATE_TTL:
            raise ValueError("rows lie further apart than the state's TTL, which is not recomputed")


class LastImage:
    """Keep-last deduplication by version over inserts, updates and deletes; yields retractions."""

    def __init__(self, key, version):
        self._key = key
        self._version = version
        self._entries = {}  # key -> (version, columns or None once deleted)

    def apply(self, operation, columns):
        """Returns (retracted columns or None, added columns or None)."""
        version = columns[self._version]
        key = columns[self._key]
        entry = self._entries.get(key)
        image = None if operation == "DELETE" else columns
        if entry is None:
            self._entries[key] = (version, image)
            return None, image
        kept_version, kept = entry
        if version < kept_version or image == kept:
            return None, None
        if kept is None and version == kept_version:
            return None, None  # an image from before the delete, delivered again
        self._entries[key] = (version, image)
        return kept, image

"""The page side of the pipeline recomputed: CUMULATE windows of one minute up to one day, per
channel."""

import collections

from .. import clock, codes
from . import decode, sources
from .expected import position

OUT_OF_ORDER = 10 * clock.SECOND
STEP = "dws_traffic_day"
SINK = "ads_traffic_day"
SOURCE = "ods_page_log"


class Traffic:
    """Feed every partition of the page topic, in any order of partitions, then call finish."""

    def __init__(self, expected):
        self._expected = expected
        self._time = sources.EventTime("ts", OUT_OF_ORDER)
        self._views = collections.defaultdict(collections.Counter)  # (day, channel) -> slot -> rows
        self._first_slot = collections.defaultdict(dict)  # (day, channel) -> mid -> slot

    def feed(self, record):
        try:
            row = decode.page_row(record.value)
        except decode.BadRecord:
            self._expected.bury(codes.UNREADABLE, SOURCE, position(record))
            return
        timed, code = self._time.observe(record, row)
        if row.error or code:
            self._expected.bury(row.error or code, SOURCE, position(record))
            return
        self._count(timed)

    def _count(self, timed):
        """A late row counts only in windows that its partition's watermark has not passed, that
        is from the slot of `seen` on, although its own slot is an earlier one."""
        day = clock.day_start(timed.time)
        slot = clock.minute_start(timed.time if timed.seen is None else timed.seen)
        mid, channel = timed.columns["mid"], timed.columns["channel"]
        if slot >= day + clock.DAY:
            self._expected.bury(codes.LATE, STEP, (mid, channel, timed.time))
            return
        self._views[day, channel][slot] += 1
        if mid is not None:
            slots = self._first_slot[day, channel]
            slots[mid] = min(slot, slots.get(mid, slot))

    def watermark(self, partitions):
        return self._time.final(partitions)

    def finish(self, watermark):
        """Every minute from a channel's first row to the day's end is a window, minutes without
        a row too."""
        for (day, channel), views in self._views.items():
            visitors = collections.Counter(self._first_slot[day, channel].values())
            pv = uv = 0
            for slot in range(min(views), day + clock.DAY, clock.MINUTE):
                end = slot + clock.MINUTE
                if watermark is not None and end > watermark:
                    break
                pv += views[slot]
                uv += visitors[slot]
                self._emit(day, end, channel, (pv, uv))

    def _emit(self, day, end, channel, counts):
        key = clock.local_day(day), clock.local_minute(end), channel
        if channel is None:
            self._expected.bury(codes.SINK_KEY_NULL, SINK, key)
        else:
            self._expected.traffic[key] = counts

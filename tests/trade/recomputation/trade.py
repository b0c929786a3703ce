"""The order side of the pipeline recomputed: both order topics into dwd rows, GMV per minute,
orders by status."""

import collections
import decimal

from .. import clock, codes, records
from . import decode, sources
from .expected import position

OUT_OF_ORDER = 30 * clock.SECOND
JOIN_ACCEPT = 10 * clock.MINUTE
JOIN_RANGE = 10 * clock.MINUTE
DWD_STEP = "dwd_order_detail"
GMV_SINK = "ads_gmv_minute"

_ORDER_COLUMNS = {
    "id": decode.text,
    "user_id": decode.text,
    "province_id": decode.text,
    "create_time": decode.local_time,
}
_DETAIL_COLUMNS = {
    "id": decode.text,
    "order_id": decode.text,
    "sku_id": decode.text,
    "sku_num": decode.integer,
    "split_total_amount": decode.numeric_16_2,
    "create_time": decode.local_time,
}
_STATE_COLUMNS = {"id": decode.text, "order_status": decode.text, "update_time": decode.local_time}
_TIME_ALONE = {"create_time": decode.local_time}


class InsertSource:
    """A Canal source with `ops: [insert]`, keep-first by id and an event time, up to the join's
    lateness."""

    def __init__(self, name, columns, expected):
        self.name = name
        self._columns = columns
        self._expected = expected
        self.time = sources.EventTime("create_time", OUT_OF_ORDER)
        self._ttl = sources.TtlGuard()
        self._seen_ids = set()

    def take(self, record, operation, image):
        """Returns the Timed row when it is good and new, else None."""
        inserts = operation == "INSERT"
        row = decode.image_row(image, self._columns if inserts else _TIME_ALONE)
        timed, code = self.time.observe(record, row)
        if not inserts:
            return None
        if row.error:
            code = row.error
        elif row.columns["id"] is None:
            code = codes.MISSING_KEY
        if code:
            self._expected.bury(code, self.name, position(record))
            return None
        self._ttl.observe(timed.time)
        if row.columns["id"] in self._seen_ids:
            return None
        self._seen_ids.add(row.columns["id"])
        return timed

    def refused_by_join(self, timed):
        """True, and a dead letter, when the row comes too late for the interval join."""
        if timed.seen is None or timed.time >= timed.seen - JOIN_ACCEPT:
            return False
        self._expected.bury(codes.LATE, DWD_STEP, timed.columns["id"])
        return True


class OrdersByStatus:
    """ods_order_state and the count over it."""

    name = "ods_order_state"

    def __init__(self, expected):
        self._expected = expected
        self._images = sources.LastImage("id", "update_time")
        self._ttl = sources.TtlGuard()

    def take(self, record, operation, image):
        self._ttl.observe(record.timestamp * 1000)
        columns, error = decode.image_row(image, _STATE_COLUMNS)
        if not error and None in (columns["id"], columns["update_time"]):
            error = codes.MISSING_KEY
        if error:
            self._expected.bury(error, self.name, position(record))
            return
        retracted, added = self._images.apply(operation, columns)
        if retracted:
            self._expected.order_status[retracted["order_status"]] -= 1
        if added:
            self._expected.order_status[added["order_status"]] += 1


class Trade:
    """Feed every partition of both topics, in any order of partitions, then call finish."""

    def __init__(self, expected, provinces, refused_province):
        self._expected = expected
        self._provinces = provinces
        self._refused_province = refused_province
        self._order_source = InsertSource("ods_order", _ORDER_COLUMNS, expected)
        self._detail_source = InsertSource("ods_order_detail", _DETAIL_COLUMNS, expected)
        self._by_status = OrdersByStatus(expected)
        self._orders = {}
        self._details = []

    def _images(self, record, readers):
        """What each source that reads the topic sees of a record; a broken one is bad for each."""
        try:
            return decode.canal_images(record.value)
        except decode.BadRecord:
            for reader in readers:
                self._expected.bury(codes.UNREADABLE, reader.name, position(record))
            return None, []

    def feed_order(self, record):
        operation, images = self._images(record, (self._order_source, self._by_status))
        for image in images:
            self._by_status.take(record, operation, image)
            timed = self._order_source.take(record, operation, image)
            if timed and not self._order_source.refused_by_join(timed):
                self._orders[timed.columns["id"]] = timed

    def feed_detail(self, record):
        operation, images = self._images(record, (self._detail_source,))
        for image in images:
            timed = self._detail_source.take(record, operation, image)
            # WHERE d.sku_num > 0 stands before the join: such rows never meet its state and are
            # never late.
            if timed is None or not (timed.columns["sku_num"] or 0) > 0:
                continue
            if not self._detail_source.refused_by_join(timed):
                self._details.append(timed)

    def watermark(self, partitions):
        """The join's combined watermark after everything has been fed."""
        return min(
            self._order_source.time.final(partitions[records.ORDERS]),
            self._detail_source.time.final(partitions[records.DETAILS]),
        )

    def finish(self, watermark):
        """Joins, checks, folds; watermark None means that every window was closed."""
        windows = collections.defaultdict(GmvWindow)
        for detail in self._details:
            order = self._orders.get(detail.columns["order_id"])
            if order is None or not detail.time - JOIN_RANGE <= order.time <= detail.time:
                continue
            amount = detail.columns["split_total_amount"]
            if amount is not None and amount < 0:
                self._expected.bury(codes.CHECK_FAILED, DWD_STEP, detail.columns["id"])
                continue
            self._add_dwd(detail, order)
            key = clock.minute_start(detail.time), order.columns["province_id"]
            seen = max((s for s in (detail.seen, order.seen) if s is not None), default=None)
            windows[key].add(detail.columns["order_id"], amount, seen)
        for key, window in windows.items():
            if watermark is None or key[0] + clock.MINUTE <= watermark:
                self._emit(key, window)
        self._expected.order_status = +self._expected.order_status

    def _add_dwd(self, detail, order):
        columns, province = detail.columns, order.columns["province_id"]
        amount = columns["split_total_amount"]
        self._expected.dwd[columns["id"]] = {
            "detail_id": columns["id"],
            "order_id": columns["order_id"],
            "sku_id": columns["sku_id"],
            "user_id": order.columns["user_id"],
            "province_id": province,
            "province_name": self._provinces.get(province),
            "sku_num": columns["sku_num"],
            "amount": amount,
            "create_time": clock.format_utc(detail.time),
        }

    def _emit(self, key, window):
        start, province = key
        code = None
        if province is None:
            code = codes.SINK_KEY_NULL
        elif "\0" in province or province == self._refused_province:
            code = codes.SINK_REFUSED
        if code is None:
            self._expected.gmv[key] = (
                self._provinces.get(province),
                len(window.orders),
                window.gmv,
            )
            return
        if window.latest_seen is not None and window.latest_seen >= start + clock.MINUTE:
            raise ValueError(
                f"a refused window is corrected by late rows, so its dead letters vary: {key}"
            )
        self._expected.bury(code, GMV_SINK, (start, province))


class GmvWindow:
    """One minute of one province."""

    def __init__(self):
        self.orders = set()
        self.gmv = None
        self.latest_seen = None

    def add(self, order_id, amount, seen):
        self.orders.add(order_id)
        if amount is not None:
            self.gmv = (self.gmv or decimal.Decimal("0.00")) + amount
        if seen is not None:
            self.latest_seen = max(seen, self.latest_seen or seen)

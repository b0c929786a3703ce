"""Bad input of every kind, a fixed number of each, at times where its fate does not depend on
luck."""

import json

from .. import clock
from . import messages
from ..records import DETAILS, ORDERS, PAGES
from .world import Page

REFUSED_PROVINCE = "99"


class Faults:
    """Schedules faults on a Stream before it runs."""

    def __init__(self, stream, count):
        self._stream = stream
        self._count = count
        self._random = stream.random
        self._number = 0

    def schedule(self):
        kinds = (
            self._unreadable,
            self._bad_details,
            self._bad_pages,
            self._ahead,
            self._late,
            self._odd_provinces,
            self._no_channel,
            self._ddl,
            self._unknown_orders,
        )
        for _ in range(self._count):
            for kind in kinds:
                kind()

    def _time(self):
        """Some time of the busy part: late enough for watermarks to have moved, well before
        midnight."""
        low = self._stream.start + (self._stream.midnight - self._stream.start) // 2
        high = self._stream.midnight - 70 * clock.MINUTE
        time = low + self._random.randrange(max(1, high - low))
        return time - time % clock.SECOND

    def _partition(self):
        return self._random.randrange(self._stream.settings.partitions)

    def _order(self, time, **changed):
        """An ordinary order of its own for a fault to hang on, on time; with one ordinary line."""
        self._number += 1
        world = self._stream.world
        order = world.order(time, clock.SECOND)._replace(
            changes=[("1001", time, time + clock.SECOND)], deleted=None
        )
        order = order._replace(**changed)
        self._stream.add_order(order)
        return order

    def _detail(self, order, **changed):
        line = self._stream.world.detail(order.id, order.created)._replace(
            number="2", amount="8.80"
        )
        return line._replace(**changed)

    def _send_detail(self, order, line, arrival=None):
        arrival = arrival or order.created + 2 * clock.SECOND
        value = messages.canal("order_detail", "INSERT", [messages.detail_row(line)], arrival)
        self._stream.at(arrival, DETAILS, order.partition, (order.id, value))

    def _unreadable(self):
        """Bytes that are no document, in every topic; no time in them is later than its
        partition's."""
        garbage = bytes(self._random.randrange(128, 256) for _ in range(40))
        bodies = [
            garbage,
            b"",
            None,
            b"{",
            b"[1,2,3]",
            b"42",
            b'{"data":"x","type":"INSERT","isDdl":false}',
        ]
        for topic in (ORDERS, DETAILS, PAGES):
            key = None if self._random.random() < 0.5 else "broken"
            body = bodies[self._random.randrange(6 if topic == PAGES else 7)]
            self._stream.at(self._time(), topic, self._partition(), (key, body))
            time = self._time()
            whole = self._sound_document(topic, time - clock.MINUTE)
            cut = whole[: len(whole) // 3]
            self._stream.at(time, topic, self._partition(), ("cut", cut))
            spoiled = whole.replace(b"SPOIL", b"\xc3\x28\xff")
            self._stream.at(time, topic, self._partition(), ("spoiled", spoiled))

    def _sound_document(self, topic, time):
        """A document with the text SPOIL in a column that the pipeline reads."""
        world = self._stream.world
        if topic == ORDERS:
            order = world.order(time, 0)._replace(user="SPOIL")
            return messages.canal(
                "order_info", "INSERT", [messages.order_row(order, "1001", time)], time
            )
        if topic == DETAILS:
            line = world.detail("o0", time)._replace(sku="SPOIL")
            return messages.canal("order_detail", "INSERT", [messages.detail_row(line)], time)
        return messages.page_log(Page("SPOIL", "web", "home", time))

    def _bad_details(self):
        """Single bad columns; the other rows of the same message stay good."""
        order = self._order(self._time())
        bad = (
            {"amount": "abc"},
            {"amount": "123456789012345678.00"},
            {"number": "x"},
            {"number": "99999999999"},
            {"created": "not a time"},
            {"created": "2026-13-45 00:00:00"},
            {"created": None},
            {"id": None},
        )
        lines = [self._detail(order, **change) for change in bad]
        rows = [
            messages.detail_row(line)
            for line in [self._detail(order), *lines[:2], self._detail(order)]
        ]
        arrival = order.created + 2 * clock.SECOND
        value = messages.canal("order_detail", "INSERT", rows, arrival)
        self._stream.at(arrival, DETAILS, order.partition, (order.id, value))
        for line in lines[2:]:
            self._send_detail(order, line)
        # Not bad: an unknown number is filtered, an unknown order joins nothing; a negative amount
        # fails the check.
        for change in ({"number": None}, {"order_id": None}, {"amount": "-5.00"}):
            self._send_detail(order, self._detail(order, **change))

    def _bad_pages(self):
        for time_value in ("abc", {"at": 1}, None, 9223372036854775807):
            time = self._time()
            page = Page("mid_1", "web", "home", time)
            document = messages.page_log(page).replace(
                b'"ts":%d' % (time // 1000), b'"ts":' + json.dumps(time_value).encode()
            )
            self._stream.at(time, PAGES, self._partition(), ("mid_1", document))

    def _ahead(self):
        """Event times beyond max_ahead. The order still counts by status, where no event time is
        asked for."""
        time = self._time()
        ahead = time + 2 * clock.HOUR
        order = self._order(time, created=ahead)
        self._send_detail(order, self._detail(order), time)
        for page_time in (ahead, 253370736000 * clock.SECOND):
            page = Page("mid_2", "web", "home", page_time)
            self._stream.at(time, PAGES, self._partition(), ("mid_2", messages.page_log(page)))

    def _late(self):
        """Later than `out_of_order` and `accept` together; pages come when their whole day is
        over."""
        time = self._time()
        delay = 25 * clock.MINUTE + self._random.randrange(30 * clock.MINUTE)
        late_order = self._order(time, changes=[("1001", time, time + delay)])
        self._send_detail(late_order, self._detail(late_order))
        order = self._order(self._time())
        self._send_detail(order, self._detail(order), order.created + delay)
        page = Page(
            f"mid_{self._random.randrange(6000)}",
            "web",
            "home",
            self._stream.midnight - 20 * clock.MINUTE,
        )
        self._stream.add_page(page, self._stream.midnight + 40 * clock.MINUTE)

    def _odd_provinces(self):
        """Provinces that the GMV table cannot take: NULL, with a NUL byte, refused by its
        trigger."""
        for province in (None, "7\0", REFUSED_PROVINCE):
            order = self._order(self._time(), province=province)
            self._send_detail(order, self._detail(order))

    def _no_channel(self):
        """In the last minutes of a day, because every later minute of the day has a dead letter
        for them."""
        self._number += 1
        time = self._stream.midnight - 2 * clock.MINUTE
        page = Page(f"mid_{self._number}", None, "home", time)
        self._stream.add_page(page, time)

    def _ddl(self):
        for topic, table in ((ORDERS, "order_info"), (DETAILS, "order_detail")):
            time = self._time()
            self._stream.at(time, topic, self._partition(), (None, messages.ddl(table, time)))

    def _unknown_orders(self):
        """A delete of an order that never was, and an insert of it that comes after its delete."""
        time = self._time()
        order = self._stream.world.order(time, 0)
        row = messages.order_row(order, "1001", time)
        for operation, arrival in (("DELETE", time), ("INSERT", time + 3 * clock.SECOND)):
            value = messages.canal("order_info", operation, [row], arrival)
            self._stream.at(arrival, ORDERS, order.partition, (order.id, value))

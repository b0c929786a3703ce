"""Turns the world into records in the order of their arrival, with the disorder of real feeds:
late and out-of-order rows, repeated deliveries, older and equal images, several rows a message,
DDL."""

import collections
import random

from .. import clock
from . import messages
from .faults import Faults
from ..murmur import partition_of
from ..records import DETAILS, ORDERS, PAGES, Record
from .world import World

# partitions: of each topic; faults: bad rows of each kind; pages: page views per order.
Settings = collections.namedtuple(
    "Settings", "seed orders day span_minutes partitions faults pages"
)

_LONGEST_DELAY = 20 * clock.MINUTE


class Stream:
    """Iterate over records() once. The same settings give the same bytes in the same order."""

    def __init__(self, settings):
        self.settings = settings
        self.random = random.Random(settings.seed)
        self.midnight = clock.parse_local(settings.day + " 00:00:00") + clock.DAY
        self.end = self.midnight + clock.HOUR
        self.start = self.end - settings.span_minutes * clock.MINUTE
        self.world = World(self.random, self.start, self.end, settings.partitions)
        self._minutes = collections.defaultdict(list)
        self._sequence = 0
        self._now = 0  # the minute being filled: nothing can arrive before it

    def at(self, arrival, topic, partition, content):
        """Schedules content: (key, bytes or None), or (key, row, old row) of an update that may
        share its message."""
        self._sequence += 1
        arrival = max(arrival, self._now)
        self._minutes[arrival // clock.MINUTE].append(
            (arrival, self._sequence, topic, partition, content)
        )

    def records(self):
        """Yields Records in arrival order; offsets are not known yet and are -1."""
        faults = Faults(self, self.settings.faults)
        faults.schedule()
        weights = [
            self.world.weight(self.start + m * clock.MINUTE)
            for m in range(self.settings.span_minutes)
        ]
        share = self.settings.orders / sum(weights)
        orders = pages = 0.0
        for number, weight in enumerate(weights):
            minute = self.start + number * clock.MINUTE
            self._now = minute
            before_orders, before_pages = int(orders), int(pages)
            orders += weight * share
            pages += weight * share * self.settings.pages
            self._add_orders(minute, int(orders) - before_orders)
            self._add_pages(minute, int(pages) - before_pages)
            yield from self._flush(minute // clock.MINUTE)
        self._add_end()
        for minute in sorted(self._minutes):
            yield from self._flush(minute)

    def _delay(self, disorder):
        """How long after its event a record arrives, in microseconds; sometimes late, never
        beyond ten minutes."""
        draw = self.random.random
        if draw() < 0.004:
            return clock.MINUTE + int(draw() * 7 * clock.MINUTE)
        return int(draw() * draw() * disorder)

    def _add_orders(self, minute, count):
        for _ in range(count):
            order = self.world.order(self.world.within(minute), self._delay(29 * clock.SECOND))
            self.add_order(order)
            lines = self.world.details(order)
            arrival = max(line.created for line in lines) + self._delay(25 * clock.SECOND)
            self.add_details(order.partition, lines, arrival)

    def add_details(self, partition, lines, arrival):
        """One message with all lines of an order; it may be delivered twice."""
        rows = [messages.detail_row(line) for line in lines]
        value = messages.canal("order_detail", "INSERT", rows, arrival)
        self.deliver(arrival, DETAILS, partition, (lines[0].order_id, value))

    def deliver(self, arrival, topic, partition, content):
        """Schedules a message, one time in a hundred a second time, at once or minutes later."""
        self.at(arrival, topic, partition, content)
        chance = self.random.random()
        if chance < 0.01:
            again = 0 if chance < 0.005 else int(chance * 100 * _LONGEST_DELAY)
            self.at(arrival + again, topic, partition, content)

    def add_order(self, order):
        """Insert, status changes and perhaps the delete of one order."""
        draw = self.random.random
        rows = [messages.order_row(order, status, updated) for status, updated, _ in order.changes]
        key = None if draw() < 0.001 else order.id
        for index, (status, updated, arrival) in enumerate(order.changes):
            if index == 0:
                # Of a few orders the insert never came: the topic started in the middle of their
                # life.
                if len(rows) == 1 or draw() > 0.001:
                    value = messages.canal("order_info", "INSERT", rows[:1], arrival)
                    self.deliver(arrival, ORDERS, order.partition, (key, value))
                continue
            previous = order.changes[index - 1]
            old = messages.old_status(previous[0], previous[1])
            self.deliver(arrival, ORDERS, order.partition, (key, rows[index], old))
            if draw() < 0.005:  # an equal image, but for a column that nobody reads
                equal = messages.order_row(order, status, updated, total="100.01")
                self.at(
                    arrival + clock.SECOND,
                    ORDERS,
                    order.partition,
                    (key, equal, '{"total_amount":"100.00"}'),
                )
        self._add_end_of_life(order, rows, key)

    def _add_end_of_life(self, order, rows, key):
        draw = self.random.random
        last = max(change[2] for change in order.changes)
        if order.deleted:
            value = messages.canal("order_info", "DELETE", rows[-1:], order.deleted)
            self.deliver(order.deleted, ORDERS, order.partition, (key, value))
            last = order.deleted
        if draw() < (0.2 if order.deleted else 0.01):  # an image from earlier comes once more
            again = rows[int(draw() * len(rows))]
            self.at(
                last + clock.SECOND * int(1 + draw() * 60),
                ORDERS,
                order.partition,
                (key, again, "{}"),
            )

    def _add_pages(self, minute, count):
        draw = self.random.random
        for _ in range(count):
            page = self.world.page(minute + int(draw() * 60_000) * 1000)
            delay = self._delay(9 * clock.SECOND)
            if self.midnight - 30 * clock.MINUTE < page.time < self.midnight:
                delay = min(delay, clock.SECOND)  # only faults are late for their whole day
            self.add_page(page, page.time + delay)

    def add_page(self, page, arrival):
        draw = self.random.random
        partitions = self.settings.partitions
        partition = partition_of(page.mid, partitions) if page.mid else int(draw() * partitions)
        content = page.mid, messages.page_log(page, ascii_only=draw() < 0.1)
        self.at(arrival, PAGES, partition, content)
        if draw() < 0.002:
            self.at(arrival, PAGES, partition, content)  # counted twice: page logs have no key

    def _add_end(self):
        """A last row of the same time in every partition, so that all end at one watermark."""
        arrival = self.end + clock.MINUTE
        for partition in range(self.settings.partitions):
            number = 0
            while partition_of(f"end{number}", self.settings.partitions) != partition:
                number += 1
            order = self.world.order(self.end, clock.MINUTE)._replace(
                id=f"end{number}",
                user="u0",
                partition=partition,
                changes=[("1001", self.end, arrival)],
                deleted=None,
            )
            self.add_order(order)
            self.add_details(
                partition, [self.world.detail(order.id, self.end)._replace(number="1")], arrival
            )
            self.add_page(self.world.page(self.end)._replace(mid=order.id), arrival)

    def _flush(self, minute):
        """Yields a minute's records; one update in ten waits to share its message with the
        partition's next."""
        waiting = collections.defaultdict(list)
        for arrival, _, topic, partition, content in sorted(self._minutes.pop(minute, ())):
            if len(content) == 2:
                yield Record(topic, partition, -1, arrival // 1000, *content)
                continue
            updates = waiting[partition]
            updates.append(content)
            if self.random.random() >= 0.1:
                yield _update(partition, updates, arrival)
                updates.clear()
        for partition, updates in waiting.items():
            if updates:
                yield _update(partition, updates, (minute + 1) * clock.MINUTE - 1000)


def _update(partition, updates, arrival):
    value = messages.canal(
        "order_info",
        "UPDATE",
        [row for _, row, _ in updates],
        arrival,
        old=[old for _, _, old in updates],
    )
    return Record(ORDERS, partition, -1, arrival // 1000, updates[0][0], value)

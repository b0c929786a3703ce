"""The consistent world: orders with their life, details, page views. All choices come from one
seeded Random.

Times are microseconds; each event has an arrival, which is when its record reaches Kafka."""

import collections
import math

from .. import clock
from ..murmur import partition_of

PROVINCE_COUNT = 34  # ids 1..34 are in dim.province
UNKNOWN_PROVINCE = "77"  # is not: a lookup miss
STATUS_PATHS = (
    ("1002", "1004"),
    ("1002", "1004"),
    ("1002",),
    ("1003",),
    ("1002", "1005", "1006"),
    (),
)
CHANNELS = ("Appstore", "xiaomi", "oppo", "vivo", "web", "应用宝")
PAGES = ("home", "search", "good_list", "good_detail", "cart", "trade", "payment")
ODD_TEXTS = ('u "quoted"', "u\\back", "用户名", "u😀", "line\nbreak\ttab", "nul\0inside", "")

# changes: list of (status, update_time, arrival), the first is the insert.
Order = collections.namedtuple("Order", "id user province created partition changes deleted")
Detail = collections.namedtuple("Detail", "id order_id sku number amount created")
Page = collections.namedtuple("Page", "mid channel page time")


class World:
    """Draws orders, details and pages for a minute at a time."""

    def __init__(self, random, start, end, partitions):
        self._random = random
        self._partitions = partitions
        self.start = start
        self.end = end
        self._next_order = 0
        self._next_detail = 0

    def weight(self, minute):
        """How busy a minute of the day is: a quiet night, a noon and an evening peak."""
        hour = (minute + clock.ZONE_OFFSET) % clock.DAY / clock.HOUR
        return (
            0.15
            + math.exp(-(((hour - 12) / 4) ** 2))
            + 1.4 * math.exp(-(((hour - 20.5) / 2.5) ** 2))
        )

    def within(self, minute):
        """A time of the minute, mostly whole seconds."""
        time = minute + self._random.randrange(60_000) * 1000
        return time if self._random.random() < 0.2 else time - time % clock.SECOND

    def order(self, created, delay):
        """A normal order whose insert arrives `delay` after its creation."""
        draw = self._random.random
        self._next_order += 1
        identity = f"o{self._next_order:07}"
        user = (
            f"u{int(draw() * 50_000)}" if draw() > 0.01 else ODD_TEXTS[int(draw() * len(ODD_TEXTS))]
        )
        province = (
            str(1 + int(draw() * draw() * PROVINCE_COUNT)) if draw() > 0.005 else UNKNOWN_PROVINCE
        )
        arrival = created + delay
        changes = [("1001", created, arrival)]
        updated = created
        for status in STATUS_PATHS[int(draw() * len(STATUS_PATHS))]:
            updated += clock.SECOND * int(5 + draw() * 1800)
            if updated > self.end:
                break
            # Now and then a change overtakes the one before it.
            arrival = (
                updated + int(draw() * 5) * clock.SECOND
                if draw() < 0.01
                else max(arrival, updated) + 1000
            )
            changes.append((status, updated, arrival))
        deleted = max(change[2] for change in changes) + clock.MINUTE
        if draw() > 0.02 or deleted > self.end:
            deleted = None
        return Order(
            identity,
            user,
            province,
            created,
            partition_of(identity, self._partitions),
            changes,
            deleted,
        )

    def details(self, order):
        """One to four lines of an order: most join it, a few lie outside the join's ten minutes."""
        draw = self._random.random
        chance = draw()
        shift = 0 if chance < 0.5 else int(draw() * 120) if chance < 0.9 else int(draw() * 620)
        if chance > 0.995:
            shift = -int(1 + draw() * 30)
        created = min(max(order.created + shift * clock.SECOND, self.start), self.end)
        return [self.detail(order.id, created) for _ in range(1 + int(draw() * draw() * 4))]

    def detail(self, order_id, created):
        draw = self._random.random
        self._next_detail += 1
        number = "0" if draw() < 0.01 else str(1 + int(draw() * 5))
        cents = 100 + int(draw() * draw() * 500_000)
        amount = f"{cents // 100}.{cents % 100:02}"
        chance = draw()
        if chance < 0.01:
            amount += "5"  # a third digit, to be rounded
        elif chance < 0.015:
            amount = None if chance < 0.012 else amount.split(".", maxsplit=1)[0]
        return Detail(
            f"d{self._next_detail:07}", order_id, f"s{int(draw() * 2000)}", number, amount, created
        )

    def page(self, time):
        draw = self._random.random
        channel = CHANNELS[int(draw() * draw() * len(CHANNELS))]
        mid = f"mid_{int(draw() * 6000)}" if draw() > 0.002 else None
        return Page(mid, channel, PAGES[int(draw() * len(PAGES))], time)

"""Hand-made records for the tests of the recomputation: one partition's feed, a line an event."""

import json

from .. import clock, records
from ..recomputation.recompute import recompute

DAY = "2026-01-01 "
PROVINCES = {"1": "Beijing"}


def at(text):
    """Microseconds of a time of the tests' day."""
    return clock.parse_local(DAY + text)


class Feed:
    """Collects records into partitions; a record's own time is its event's, or `kafka`."""

    def __init__(self):
        self.topics = {topic: {} for topic in records.SOURCE_TOPICS}

    def raw(self, topic, value, time, partition=0):
        feed = self.topics[topic].setdefault(partition, [])
        millis = (at(time) if isinstance(time, str) else time) // 1000
        feed.append(records.Record(topic, partition, len(feed), millis, None, value))

    def canal(self, topic, operation, rows, time, partition=0):
        document = {"data": rows, "old": None, "type": operation, "isDdl": False, "table": "t"}
        self.raw(topic, json.dumps(document).encode(), time, partition)

    def order(self, identity, created, **more):
        """An insert; `operation`, `partition`, `kafka` (record time) and columns may be given."""
        operation, partition = more.pop("operation", "INSERT"), more.pop("partition", 0)
        time = more.pop("kafka", created)
        row = {"id": identity, "user_id": "u1", "province_id": "1", "order_status": "1001"}
        row |= {"create_time": DAY + created, "update_time": DAY + created} | more
        self.canal(records.ORDERS, operation, [row], time, partition)

    def detail(self, identity, order, created, **more):
        partition, time = more.pop("partition", 0), more.pop("kafka", created)
        row = {"id": identity, "order_id": order, "sku_id": "s1", "sku_num": "1"}
        row |= {"split_total_amount": "10.00", "create_time": DAY + created} | more
        self.canal(records.DETAILS, "INSERT", [row], time, partition)

    def page(self, mid, time, **more):
        partition, kafka = more.pop("partition", 0), more.pop("kafka", time)
        document = {"common": {"mid": mid, "ch": more.get("channel", "web")}}
        document["ts"] = more.get("ts", clock.parse_local(DAY + time) // 1000)
        self.raw(records.PAGES, json.dumps(document).encode(), kafka, partition)

    def result(self, closed=True, **more):
        return recompute(self.topics, PROVINCES, closed=closed, **more)


def letters(expected, code=None):
    """[(code, step, identity)] of the dead letters, sorted; each as often as it must come."""
    found = (letter for letter in expected.dead_letters.elements() if code in (None, letter[0]))
    return sorted(found, key=repr)

"""What the sinks must hold: plain containers that the recomputation fills and the comparison
reads."""

import collections


class Expected:
    """One attribute per sink, and how many records there were per topic.

    dwd: detail_id -> the topic's row, a dict as in its JSON; each detail appears once.
    gmv: (window_start micros, province_id) -> (province_name, orders, gmv Decimal).
    order_status: status -> orders.
    traffic: (day, minute, channel) -> (pv, uv).
    dead_letters: Counter of (code, step, identity), where identity is (topic, partition, offset)
    for a record that could not become a row, else the row's key.
    """

    def __init__(self):
        self.dwd = {}
        self.gmv = {}
        self.order_status = collections.Counter()
        self.traffic = {}
        self.dead_letters = collections.Counter()
        self.records = collections.Counter()

    def bury(self, code, step, identity):
        self.dead_letters[(code, step, identity)] += 1


def position(record):
    return record.topic, record.partition, record.offset

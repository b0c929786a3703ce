"""The rows that the bounded queries read: the same in a file and in a table of PostgreSQL."""

import datetime
import random

COLUMNS = {
    "sale": {
        "id": "int",
        "at": "timestamptz",
        "shop": "text",
        "product": "text",
        "qty": "int",
        "big": "bigint",
        "price": "numeric(12,2)",
        "weight": "double precision",
        "paid": "boolean",
        "note": "text",
        "day": "date",
        "wait": "interval",
        "doc": "jsonb",
    },
    "refund": {"id": "int", "sale_id": "int", "at": "timestamptz", "amount": "numeric(12,2)"},
}

START = datetime.datetime(2026, 3, 7, 20, tzinfo=datetime.timezone.utc)
SPAN_S = 3 * 24 * 3600
NOTES = ["", "a", "B", "Zoë", "你好", "it's", "tab\there", "longer note", 'quo"te']
# None equals another: which of equal ones is the largest depends on the order of the rows.
WAITS = ["1 day", "00:00:01.5", "1 mon", "-3 days", "2 hours 30 minutes", "29 days", "00:00:00"]


class Rows:
    """Drawn from a seed; in the order in which they are read, which is not that of their times."""

    def __init__(self, seed, sales):
        self._random = random.Random(seed)
        self.sale = [self._sale(number) for number in range(sales)]
        self.refund = [self._refund(number) for number in range(sales // 2)]

    def _or_null(self, value, share=0.1):
        return None if self._random.random() < share else value

    def _time(self, begin_s, end_s):
        seconds = self._random.uniform(begin_s, end_s)
        # Many share a moment, some lie on a window's edge.
        seconds = round(seconds / 300) * 300 if self._random.random() < 0.2 else round(seconds, 3)
        return START + datetime.timedelta(seconds=seconds)

    def _sale(self, number):
        draw = self._random
        at = self._time(0, SPAN_S)
        return {
            "id": number,
            "at": at.isoformat(),
            "shop": f"s{draw.randrange(12)}",
            "product": self._or_null(f"p{draw.randrange(30)}"),
            "qty": self._or_null(draw.randrange(1, 10)),
            "big": self._or_null(draw.randrange(-(2**62), 2**62)),
            "price": self._or_null(f"{draw.randrange(0, 20000) / 100:.2f}"),
            "weight": self._or_null(draw.choice([0.1, 2.5, 1e-3, 12345.678, draw.random()])),
            "paid": self._or_null(draw.random() < 0.7),
            "note": self._or_null(draw.choice(NOTES), 0.4),
            "day": at.date().isoformat(),
            "wait": self._or_null(draw.choice(WAITS)),
            "doc": self._or_null({"channel": draw.choice(["app", "web", None]), "n": number % 7}),
        }

    def _refund(self, number):
        draw = self._random
        sale = draw.choice(self.sale)
        sold = datetime.datetime.fromisoformat(sale["at"])
        # Before the sale and long after it, too; on the bounds of the joins sometimes.
        delay = draw.choice([0, 1800, 7200, 86400, draw.uniform(-7200, 100000)])
        return {
            "id": number,
            "sale_id": self._or_null(sale["id"], 0.05),
            "at": (sold + datetime.timedelta(seconds=round(delay, 3))).isoformat(),
            "amount": self._or_null(f"{draw.randrange(0, 9000) / 100:.2f}"),
        }

"""The generated world: repeatable, well placed, one result whatever the order of partitions."""

import collections
import json
import unittest

from .. import clock, codes, records
from ..murmur import murmur2, partition_of
from ..recomputation.recompute import recompute
from ..generator.stream import Settings, Stream

PROVINCES = {str(number): f"P{number}" for number in range(1, 35)}
SETTINGS = Settings(
    seed=7, orders=2000, day="2026-01-01", span_minutes=300, partitions=4, faults=2, pages=1.5
)


def topics_of(stream):
    topics = {topic: {} for topic in records.SOURCE_TOPICS}
    for record in stream:
        partition = topics[record.topic].setdefault(record.partition, [])
        partition.append(record._replace(offset=len(partition)))
    return topics


class Murmur(unittest.TestCase):
    def test_hashes_are_those_of_the_java_client(self):
        known = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536}
        known |= {b"a-little-bit-longer-string": -1486304829, b"abc": 479470107}
        for key, signed in known.items():
            self.assertEqual(signed & 0xFFFFFFFF, murmur2(key), key)


class World(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stream = list(Stream(SETTINGS).records())
        cls.topics = topics_of(cls.stream)

    def documents(self, topic):
        for record in self.stream:
            if record.topic != topic or not record.value:
                continue
            try:
                yield record, json.loads(record.value)
            except ValueError:
                continue

    def test_same_seed_gives_the_same_bytes_and_another_seed_others(self):
        self.assertEqual(self.stream, list(Stream(SETTINGS).records()))
        self.assertNotEqual(self.stream, list(Stream(SETTINGS._replace(seed=8)).records()))

    def test_records_of_a_partition_come_in_time(self):
        for partitions in self.topics.values():
            self.assertEqual(4, len(partitions))
            for feed in partitions.values():
                times = [record.timestamp for record in feed]
                self.assertLess(max(a - b for a, b in zip(times, times[1:])), 60_000)

    def test_each_key_stays_in_one_partition(self):
        for topic in (records.ORDERS, records.DETAILS):
            places = collections.defaultdict(set)
            for record, document in self.documents(topic):
                for row in isinstance(document, dict) and document.get("data") or ():
                    if isinstance(row, dict) and row["id"]:
                        places[row["id"]].add(record.partition)
            self.assertEqual([], [key for key, found in places.items() if len(found) > 1])
            self.assertGreater(len(places), 1000)

    def test_orders_lie_where_the_partitioner_puts_them(self):
        keyed = [record for record, _ in self.documents(records.ORDERS) if record.key]
        wrong = [r for r in keyed if r.key[0] == "o" and partition_of(r.key, 4) != r.partition]
        self.assertEqual([], wrong)

    def test_disorder_of_every_kind_is_there(self):
        operations, rows_a_message, repeated = collections.Counter(), set(), collections.Counter()
        for record, document in self.documents(records.ORDERS):
            if isinstance(document, dict):
                operations[document["type"], document["isDdl"]] += 1
                rows_a_message.add(len(document["data"] or ()))
                repeated[record.value] += 1
        kinds = {("INSERT", False), ("UPDATE", False), ("DELETE", False), ("ALTER", True)}
        self.assertLessEqual(kinds, set(operations))
        self.assertLessEqual({0, 1, 2}, rows_a_message)
        self.assertGreater(max(repeated.values()), 1)

    def test_result_does_not_depend_on_the_order_of_partitions(self):
        backwards = {
            topic: dict(reversed(partitions.items())) for topic, partitions in self.topics.items()
        }
        one, other = recompute(self.topics, PROVINCES), recompute(backwards, PROVINCES)
        for name in ("dwd", "gmv", "order_status", "traffic", "dead_letters"):
            self.assertEqual(getattr(one, name), getattr(other, name), name)
            self.assertTrue(getattr(one, name), name)

    def test_dead_letters_are_of_every_code_and_below_the_limit_of_the_pipeline(self):
        found = recompute(self.topics, PROVINCES).dead_letters
        self.assertEqual(9, len({code for code, _, _ in found}))
        self.assertLess(sum(found.values()), 90)

    def test_dead_letters_are_the_same_for_many_seeds(self):
        kinds = set()
        for seed in range(20, 26):
            stream = Stream(SETTINGS._replace(seed=seed)).records()
            found = recompute(topics_of(stream), PROVINCES).dead_letters
            counts = collections.Counter()
            for (code, step, _), times in found.items():
                counts[code, step] += times
            # Two faults of one sink may fall into one minute, and a bad text of an order comes with
            # each of its images.
            varying = {(codes.BAD_COLUMN, "ods_order")}
            kinds.add(
                frozenset(
                    (kind, count)
                    for kind, count in counts.items()
                    if not kind[1].startswith("ads_") and kind not in varying
                )
            )
        self.assertEqual(1, len(kinds), kinds)

    def test_closing_adds_only_the_windows_that_were_open(self):
        opened = recompute(self.topics, PROVINCES)
        closed = recompute(self.topics, PROVINCES, closed=True)
        self.assertLess(opened.gmv.items(), closed.gmv.items())
        self.assertLess(opened.traffic.items(), closed.traffic.items())
        self.assertEqual(opened.dwd, closed.dwd)

    def test_no_record_time_is_after_the_world_but_for_its_tail(self):
        end = clock.parse_local("2026-01-02 01:00:00") // 1000
        self.assertLess(max(record.timestamp for record in self.stream), end + 20 * 60_000)


if __name__ == "__main__":
    unittest.main()

"""Readers that look at the targets all the time while the engine is killed, and find what a torn,
doubled or lost epoch would show."""

import collections
import hashlib
import json
import threading

import confluent_kafka
import psycopg2
import redis

from .. import records

PROGRESS_TOPIC = "sluice.trade.kafka.progress"
TARGET_ID = "sluice.trade.report.0"
REDIS_MARKER = "sluice:marker:sluice.trade.cache.0"
_LOOK_EVERY_S = 0.05


class Watch(threading.Thread):
    """Looks again and again until stop(); `problems` are what must not be."""

    def __init__(self):
        super().__init__(daemon=True)
        self.problems = []
        self.looks = 0
        self._stopping = threading.Event()

    def run(self):
        while not self._stopping.is_set():
            try:
                self.look()
                self.looks += 1
            except Exception as error:  # a watch that ended by itself would prove nothing
                self.problems.append(f"{type(self).__name__}: {error!r}")
                return

    def look(self):
        raise NotImplementedError

    def pause(self):
        self._stopping.wait(_LOOK_EVERY_S)

    def stop(self):
        self._stopping.set()
        self.join()


class KafkaWatch(Watch):
    """A read_committed consumer of the pipeline's sinks. Every detail may be seen once."""

    TOPICS = (records.DWD_TOPIC, records.DEAD_LETTER_TOPIC)

    def __init__(self, brokers):
        super().__init__()
        self.seen = collections.defaultdict(list)  # (topic, partition) -> [(key, value)]
        self.marker_epoch = 0
        self._details = set()
        self._reached = {}
        self._consumer = confluent_kafka.Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": "trade-watch",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                "topic.metadata.refresh.interval.ms": 1000,
                "fetch.wait.max.ms": 20,
            }
        )
        self._assigned = [
            confluent_kafka.TopicPartition(topic, partition, 0)
            for topic in self.TOPICS
            for partition in self._consumer.list_topics(topic, timeout=15).topics[topic].partitions
        ]
        self._consumer.assign(self._assigned)

    def follow_progress(self):
        """To be called when the progress topic is there, once or more often."""
        if self._assigned[-1].topic == PROGRESS_TOPIC:
            return
        self._assigned.append(confluent_kafka.TopicPartition(PROGRESS_TOPIC, 0, 0))
        self._consumer.incremental_assign(self._assigned[-1:])

    def look(self):
        for message in self._consumer.consume(5000, timeout=0.02):
            self._take(message)

    def _take(self, message):
        place = message.topic(), message.partition()
        if message.error():
            if message.error().code() != confluent_kafka.KafkaError._PARTITION_EOF:
                raise RuntimeError(str(message.error()))
            self._reached[place] = message.offset()
            return
        self._reached[place] = message.offset() + 1
        if place[0] == PROGRESS_TOPIC:
            self._take_progress(message)
            return
        self.seen[place].append((message.key(), message.value()))
        if place[0] == records.DWD_TOPIC:
            detail = json.loads(message.value())["detail_id"]
            if detail in self._details:
                self.problems.append(f"Kafka shows detail {detail} twice")
            self._details.add(detail)

    def _take_progress(self, message):
        if message.key() != b"marker":
            return
        epoch = int(message.value().split()[2])
        if epoch < self.marker_epoch:
            self.problems.append(f"Kafka's marker went from {self.marker_epoch} to {epoch}")
        self.marker_epoch = epoch

    def has_reached_end(self):
        """Whether all that is committed now has been read."""
        return all(
            self._reached.get((at.topic, at.partition), 0)
            >= self._consumer.get_watermark_offsets(at, timeout=10)[1]
            for at in self._assigned
        )


class PostgresWatch(Watch):
    """Snapshots of marker and tables: one marker always shows the same rows, and never goes
    back."""

    STATE = """
        SELECT (SELECT (epoch, checksum)::text FROM sluice.progress WHERE target_id = %s),
               (SELECT epoch FROM sluice.progress WHERE target_id = %s),
               (SELECT coalesce(string_agg(o::text, '' ORDER BY order_status), '')
                  FROM ads.order_status o),
               (SELECT coalesce(string_agg(g::text, '' ORDER BY window_start, province_id), '')
                  FROM ads.gmv_minute g)"""

    def __init__(self, dsn):
        super().__init__()
        self.rows_at = {}  # marker -> digest of the rows
        self._epoch = 0
        self._connection = psycopg2.connect(dsn)
        self._connection.set_session(isolation_level="REPEATABLE READ", readonly=True)

    def look(self):
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('sluice.progress')")
            if cursor.fetchone()[0] is None:
                self.pause()
                return
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute(self.STATE, (TARGET_ID, TARGET_ID))
            marker, epoch, *rows = cursor.fetchone()
        if marker is not None:
            self._compare(marker, epoch, hashlib.sha256("|".join(rows).encode()).hexdigest())
        self.pause()

    def _compare(self, marker, epoch, digest):
        if epoch < self._epoch:
            self.problems.append(f"PostgreSQL's marker went from {self._epoch} to {epoch}")
        self._epoch = epoch
        if self.rows_at.setdefault(marker, digest) != digest:
            self.problems.append(f"PostgreSQL shows different rows at marker {marker}")


class RedisWatch(Watch):
    """Marker and number of keys at one moment: one marker always goes with the same keys."""

    def __init__(self, address):
        super().__init__()
        self.keys_at = {}  # (epoch, operations of the next one) -> number of keys
        self._client = redis.Redis.from_url(f"redis://{address}/0")

    def look(self):
        pipe = self._client.pipeline(transaction=True)
        marker, keys = pipe.get(REDIS_MARKER).dbsize().execute()
        if marker is not None:
            words = marker.split()
            point = int(words[3]), int(words[6])
            if self.keys_at and point < max(self.keys_at):
                self.problems.append(f"Redis' marker went back to {point}")
            if self.keys_at.setdefault(point, keys) != keys:
                self.problems.append(f"Redis shows {keys} keys at {point}, and other ones before")
        self.pause()

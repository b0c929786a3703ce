"""Reads source topics and sinks from the real servers: Kafka (read_committed), PostgreSQL,
Redis."""

import os
import time

import confluent_kafka
import psycopg2
import redis

from .records import Record, SOURCE_TOPICS

_SILENCE_LIMIT_S = 30.0
_BATCH = 20_000


def default_dsn(environment=os.environ):
    """The report database as pipelines/trade.yaml reaches it; empty parts are left to libpq
    (PGPASSFILE)."""
    parts = {
        "host": environment.get("PG_HOST"),
        "port": environment.get("PG_PORT"),
        "dbname": environment.get("PG_DATABASE", "report"),
        "user": environment.get("PG_USER", "etl"),
        "password": environment.get("PG_PASSWORD"),
    }
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)


def add_options(parser):
    parser.add_argument("--brokers", default=os.environ.get("KAFKA_BROKERS", "localhost:9092"))
    parser.add_argument("--postgres", default=default_dsn(), help="DSN of the report database")
    parser.add_argument(
        "--redis", default="redis://" + os.environ.get("REDIS_ADDR", "localhost:6379") + "/0"
    )


def read_topic(brokers, topic):
    """{partition: [Record]} of everything committed up to now, in offset order; raises on any
    failure."""
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "trade-reader",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 20,
        }
    )
    try:
        metadata = consumer.list_topics(topic, timeout=15).topics[topic]
        if metadata.error:
            raise RuntimeError(f"topic {topic}: {metadata.error}")
        partitions = {partition: [] for partition in sorted(metadata.partitions)}
        beginning = confluent_kafka.OFFSET_BEGINNING
        consumer.assign([confluent_kafka.TopicPartition(topic, p, beginning) for p in partitions])
        _drain(consumer, topic, partitions)
        return partitions
    finally:
        consumer.close()


def _drain(consumer, topic, partitions):
    """Reads until each partition has said once that it has no more."""
    unfinished = set(partitions)
    last_answer = time.monotonic()
    while unfinished:
        # Waits for the whole batch or the timeout, also when the topic has ended.
        messages = consumer.consume(_BATCH, timeout=0.1)
        if messages:
            last_answer = time.monotonic()
        elif time.monotonic() - last_answer > _SILENCE_LIMIT_S:
            raise RuntimeError(f"topic {topic}: no answer, partitions {unfinished} are unread")
        for message in messages:
            error = message.error()
            if error is None:
                key = message.key()
                partitions[message.partition()].append(
                    Record(
                        topic,
                        message.partition(),
                        message.offset(),
                        message.timestamp()[1],
                        None if key is None else key.decode("utf-8", "replace"),
                        message.value(),
                    )
                )
            elif error.code() == confluent_kafka.KafkaError._PARTITION_EOF:
                unfinished.discard(message.partition())
            else:
                raise RuntimeError(f"topic {topic}: {error}")


def read_sources(brokers):
    """{topic: {partition: [Record]}} of the three source topics."""
    return {topic: read_topic(brokers, topic) for topic in SOURCE_TOPICS}


def _query(dsn, statement):
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


def provinces(options):
    """id -> name of dim.province."""
    return dict(_query(options.postgres, "SELECT id, name FROM dim.province"))


def gmv_rows(options):
    """Rows (window_start, province_id, province_name, orders, gmv) of ads.gmv_minute."""
    return _query(
        options.postgres,
        "SELECT window_start, province_id, province_name, orders, gmv FROM ads.gmv_minute",
    )


def order_status_rows(options):
    return _query(options.postgres, "SELECT order_status, orders FROM ads.order_status")


def traffic_hashes(options):
    """key -> (fields, milliseconds to live) of every hash ads:traffic:*; a key of another type
    is an error."""
    client = redis.Redis.from_url(options.redis, decode_responses=True)
    keys = sorted(client.scan_iter(match="ads:traffic:*", count=5000))
    hashes = {}
    for start in range(0, len(keys), 1000):
        chunk = keys[start : start + 1000]
        pipe = client.pipeline(transaction=False)
        for key in chunk:
            pipe.hgetall(key)
            pipe.pttl(key)
        answers = pipe.execute()
        hashes.update(zip(chunk, zip(answers[::2], answers[1::2])))
    return hashes

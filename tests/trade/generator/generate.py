"""Writes a consistent world of orders, details and page views to Kafka or a file; the same seed
and day give the same bytes. Prints what it wrote."""

import argparse
import collections
import os
import sys
import time

from confluent_kafka import Producer

from .. import clock, records, topics
from .stream import Settings, Stream

_POLL_EVERY = 500


class KafkaWriter:
    """Produces records in order, to the partitions they name, at most `rate` a second (0: no
    limit)."""

    def __init__(self, brokers, rate):
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "enable.idempotence": True,
                "linger.ms": 20,
                "queue.buffering.max.messages": 500_000,
                "log_level": 3,
                "batch.size": 1_000_000,
            }
        )
        self._rate = rate
        self._started = time.monotonic()
        self._count = 0
        self._failure = None

    def write(self, record):
        while True:
            try:
                self._producer.produce(
                    record.topic,
                    record.value,
                    record.key,
                    record.partition,
                    on_delivery=self._delivered,
                    timestamp=record.timestamp,
                )
                break
            except BufferError:
                self._producer.poll(0.1)
        self._count += 1
        if self._count % _POLL_EVERY == 0 or self._rate:
            self._producer.poll(0)
        self._keep_rate()

    def _keep_rate(self):
        if self._rate:
            ahead = self._count / self._rate - (time.monotonic() - self._started)
            if ahead > 0.01:
                time.sleep(ahead)

    def _delivered(self, error, _):
        if error and not self._failure:
            self._failure = error

    def flush(self):
        """Returns when every record is acknowledged; raises if one was not."""
        unsent = self._producer.flush(60)
        if self._failure or unsent:
            raise RuntimeError(f"{unsent} records not acknowledged: {self._failure}")


def counted(stream, counts):
    for record in stream:
        counts[record.topic] += 1
        yield record


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="trade.generator.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--pages", type=float, default=1.5, help="page views per order")
    parser.add_argument("--faults", type=int, default=1, help="bad rows of each kind")
    parser.add_argument(
        "--day", default=clock.yesterday(), help="the day; the world ends an hour after it"
    )
    parser.add_argument(
        "--span-minutes", type=int, default=25 * 60, help="how long before that end it starts"
    )
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--brokers", default=os.environ.get("KAFKA_BROKERS", "localhost:9092"))
    parser.add_argument(
        "--rate", type=float, default=0, help="records a second; 0: as fast as possible"
    )
    parser.add_argument("--output", help="write a file of JSON lines instead of Kafka")
    options = parser.parse_args(arguments)
    if not 180 <= options.span_minutes <= 1500:
        parser.error("--span-minutes must be from 180 to 1500")
    return options


def main(arguments=None):
    options = options_of(arguments)
    settings = Settings(
        options.seed,
        options.orders,
        options.day,
        options.span_minutes,
        options.partitions,
        options.faults,
        options.pages,
    )
    counts = collections.Counter()
    started = time.monotonic()
    stream = counted(Stream(settings).records(), counts)
    if options.output:
        records.write_file(options.output, stream)
    else:
        topics.create(options.brokers, options.partitions)
        writer = KafkaWriter(options.brokers, options.rate)
        for record in stream:
            writer.write(record)
        writer.flush()
    shown = ", ".join(f"{topic} {count}" for topic, count in sorted(counts.items()))
    seconds = time.monotonic() - started
    print(f"seed {options.seed}, day {options.day}: {shown} records in {seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())

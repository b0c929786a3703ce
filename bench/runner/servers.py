"""Private Kafka, PostgreSQL and Redis servers, started when a benchmark first asks for them; and
what benchmarks do to them from outside."""

import time

import confluent_kafka
import psycopg2
from confluent_kafka import KafkaError
from confluent_kafka.admin import AdminClient, NewTopic
from trade import readers, stage

OPERATION_TIMEOUT_S = 60


class Servers:
    def __init__(self, work):
        self._work = work
        self._guard = None
        self._addresses = None

    @property
    def addresses(self):
        """Environment variables that say where each server answers."""
        if self._addresses is None:
            self._addresses, self._guard = stage.start_servers(self._work)
        return self._addresses

    @property
    def brokers(self):
        return self.addresses["KAFKA_BROKERS"]

    @property
    def dsn(self):
        """Of the report database."""
        passfile = self.addresses["PGPASSFILE"]
        return f"{readers.default_dsn(self.addresses)} passfile={passfile}"

    def connect(self):
        return psycopg2.connect(self.dsn)

    def stop(self):
        if self._guard is not None:
            self._guard.stdin.close()
            self._guard.wait()
        self._guard = self._addresses = None

    def create_topic(self, name, partitions):
        admin = AdminClient({"bootstrap.servers": self.brokers, "log_level": 3})
        topic = NewTopic(name, num_partitions=partitions, replication_factor=1)
        admin.create_topics([topic], operation_timeout=OPERATION_TIMEOUT_S)[name].result()

    def replace_topic(self, name, partitions):
        """An empty topic of this name."""
        admin = AdminClient({"bootstrap.servers": self.brokers, "log_level": 3})
        admin.delete_topics([name], operation_timeout=OPERATION_TIMEOUT_S)[name].result()
        deadline = time.monotonic() + OPERATION_TIMEOUT_S
        while True:
            try:
                self.create_topic(name, partitions)
                return
            except confluent_kafka.KafkaException as error:
                # The broker may still be at deleting it.
                is_there = error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS
                if not is_there or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def ends(self, topic, partitions):
        """The offset after the last record of each partition."""
        consumer = self._consumer()
        try:
            ends = []
            for partition in range(partitions):
                at = confluent_kafka.TopicPartition(topic, partition)
                ends.append(self._end(consumer, at))
            return ends
        finally:
            consumer.close()

    @staticmethod
    def _end(consumer, at):
        deadline = time.monotonic() + OPERATION_TIMEOUT_S
        while True:
            try:
                return consumer.get_watermark_offsets(at, timeout=OPERATION_TIMEOUT_S)[1]
            except confluent_kafka.KafkaException as error:
                # The leader of a new partition may not know its part yet.
                is_new = error.args[0].code() == KafkaError.NOT_LEADER_FOR_PARTITION
                if not is_new or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def values_after(self, topic, offsets):
        """The committed records of each partition from its offset on."""
        consumer = self._consumer()
        try:
            consumer.assign(
                [
                    confluent_kafka.TopicPartition(topic, partition, offset)
                    for partition, offset in enumerate(offsets)
                ]
            )
            values, unfinished = [], set(range(len(offsets)))
            while unfinished:
                for message in consumer.consume(1000, timeout=0.1):
                    error = message.error()
                    if error is None:
                        values.append(message.value())
                    elif error.code() == KafkaError._PARTITION_EOF:
                        unfinished.discard(message.partition())
                    else:
                        raise confluent_kafka.KafkaException(error)
            return values
        finally:
            consumer.close()

    def _consumer(self):
        return confluent_kafka.Consumer(
            {
                "bootstrap.servers": self.brokers,
                "group.id": "bench",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
            }
        )

"""Creates the topics of pipelines/trade.topics: one a line, `name partitions option=value ...`."""

import pathlib

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

LIST = pathlib.Path(__file__).resolve().parents[2] / "pipelines" / "trade.topics"


def read_list(path=LIST, partitions=None):
    """[(name, partitions, {option: value})]; `partitions` overrides the file's count where that
    is above one."""
    topics = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words:
            count = int(words[1])
            options = dict(word.split("=", 1) for word in words[2:])
            topics.append((words[0], partitions if partitions and count > 1 else count, options))
    return topics


def create(brokers, partitions=None):
    """Creates what is missing; a topic that exists is left as it is."""
    admin = AdminClient({"bootstrap.servers": brokers, "log_level": 3})
    wanted = [
        NewTopic(name, num_partitions=count, replication_factor=1, config=options)
        for name, count, options in read_list(partitions=partitions)
    ]
    for future in admin.create_topics(wanted, operation_timeout=15).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise

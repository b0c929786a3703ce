"""Records as they lie in Kafka, and the file (one JSON object a line) that keeps the same
records."""

import base64
import collections
import json

ORDERS = "ods_order_info"
DETAILS = "ods_order_detail"
PAGES = "ods_page_log"
SOURCE_TOPICS = (ORDERS, DETAILS, PAGES)
DWD_TOPIC = "dwd_trade_order_detail"
DEAD_LETTER_TOPIC = "dlq_trade"

# key is text or None, value is bytes or None, timestamp is milliseconds of Kafka's own record time.
Record = collections.namedtuple("Record", "topic partition offset timestamp key value")


def write_file(path, records):
    """Writes records in the order given, which must keep the order of each partition."""
    with open(path, "w", encoding="ascii") as out:
        for record in records:
            value = record.value
            out.write(
                json.dumps(
                    {
                        "topic": record.topic,
                        "partition": record.partition,
                        "key": record.key,
                        "value": None if value is None else base64.b64encode(value).decode(),
                        "timestamp": record.timestamp,
                    }
                )
                + "\n"
            )


def read_file(path):
    """{topic: {partition: [Record]}} with offsets counted from 0, as in freshly made topics."""
    topics = {topic: collections.defaultdict(list) for topic in SOURCE_TOPICS}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            item = json.loads(line)
            partition = topics[item["topic"]][item["partition"]]
            value = None if item["value"] is None else base64.b64decode(item["value"])
            partition.append(
                Record(
                    item["topic"],
                    item["partition"],
                    len(partition),
                    item["timestamp"],
                    item["key"],
                    value,
                )
            )
    return topics

"""Computes what every sink must hold, from the records of the source topics, partition by
partition.

No order between partitions is used anywhere: that the engine agrees is its promise that
interleaving, batching, parallelism, checkpoints and crashes do not change results."""

from .. import readers, records
from .expected import Expected
from .trade import Trade
from .traffic import Traffic

REFUSED_PROVINCE = "99"


def recompute(topics, provinces, refused_province=REFUSED_PROVINCE, closed=False):
    """topics: {topic: {partition: [Record in offset order]}}; provinces: id -> name of
    dim.province; refused_province: the one whose GMV rows the table's trigger refuses, or None;
    closed: whether the run closed its windows at the end. Returns Expected."""
    expected = Expected()
    trade = Trade(expected, provinces, refused_province)
    traffic = Traffic(expected)
    feeds = (
        (records.ORDERS, trade.feed_order),
        (records.DETAILS, trade.feed_detail),
        (records.PAGES, traffic.feed),
    )
    for topic, feed in feeds:
        for partition in topics[topic].values():
            expected.records[topic] += len(partition)
            for record in partition:
                feed(record)
    partitions = {topic: list(topics[topic]) for topic in records.SOURCE_TOPICS}
    trade.finish(None if closed else trade.watermark(partitions))
    traffic.finish(None if closed else traffic.watermark(partitions[records.PAGES]))
    return expected


def add_options(parser):
    """The options that compare and report share."""
    parser.add_argument(
        "--closed", action="store_true", help="the run ended with --close: all windows were sent"
    )
    parser.add_argument(
        "--input", help="file written by generate --output, instead of the Kafka topics"
    )
    parser.add_argument(
        "--refused-province",
        default=REFUSED_PROVINCE,
        help="province whose GMV rows a trigger of the table refuses; '' if there is none",
    )
    readers.add_options(parser)


def read_input(options):
    """The source topics' records, as the command line says."""
    return (
        records.read_file(options.input) if options.input else readers.read_sources(options.brokers)
    )


def from_options(options, topics):
    """Recomputes with the dimension of the report database."""
    refused = options.refused_province or None
    return recompute(topics, readers.provinces(options), refused, options.closed)

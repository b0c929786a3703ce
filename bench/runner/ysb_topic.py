"""The topic of YSB events, its ads in PostgreSQL, and what must come of it; fed when a benchmark
first asks for it."""

import pathlib

from . import campaigns, process

PARTITIONS = 4
EVENTS_TOPIC = "ysb_ad_events"
REPORT_TOPIC = "ysb_campaign_views"
DEAD_LETTER_TOPIC = "ysb_dead_letters"
TARGETS = ("sluice_ysb_feed", "sluice_ysb_drain")


def feed(context):
    """(window start in ms, campaign) → views."""
    if context.cache.get(EVENTS_TOPIC) is None:
        for topic in (EVENTS_TOPIC, REPORT_TOPIC):
            context.servers.create_topic(topic, PARTITIONS)
        context.servers.create_topic(DEAD_LETTER_TOPIC, 1)
        with context.folder("ysb-feed") as folder:
            fill(context, folder)
            context.cache[EVENTS_TOPIC] = campaigns.read_expected(folder / "expected.tsv")
    return context.cache[EVENTS_TOPIC]


def fill(context, folder: pathlib.Path):
    common = ["--brokers", context.servers.brokers, "--topic", EVENTS_TOPIC]
    common += ["--seed", context.seed, "--partitions", PARTITIONS]
    feeder = context.binary("bench/sluice_ysb_feed")
    command = [feeder, *common, "--events", context.events, "--ads", folder / "ads.tsv"]
    process.run(command, folder / "log")
    with context.servers.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ysb_ads (ad_id text PRIMARY KEY, campaign_id text NOT NULL)")
        with open(folder / "ads.tsv", encoding="utf-8") as ads:
            cursor.copy_expert("COPY ysb_ads FROM STDIN", ads)
    drain = context.binary("bench/sluice_ysb_drain")
    process.run([drain, *common, "--expected", folder / "expected.tsv"], folder / "log")


def drain(context, log):
    """Reads the topic with nothing but librdkafka."""
    command = [context.binary("bench/sluice_ysb_drain"), "--brokers", context.servers.brokers]
    return process.run([*command, "--topic", EVENTS_TOPIC, "--partitions", PARTITIONS], log)

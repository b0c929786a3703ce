"""Generator, comparison and report on real servers, with the sinks filled as a correct engine
would."""

import contextlib
import io
import os
import unittest

import confluent_kafka
import psycopg2
import psycopg2.extras
import redis

from outside.outside import own_servers

from .. import stage
from ..comparison import compare, report
from ..generator import generate
from ..recomputation import recompute
from .playback import dwd_records, gmv_table, letter_records, traffic_hashes

WORLD = ["--seed", "5", "--orders", "500", "--span-minutes", "240"]


def printed(verb, *arguments):
    """(what the verb's main returned, what it printed)."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        return verb.main(list(arguments)), out.getvalue()


class Servers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        environment = cls.enterClassContext(own_servers("kafka", "postgres", "redis")).environment
        os.environ["PGPASSFILE"] = environment["PGPASSFILE"]
        cls.options = stage.sink_options(environment)
        printed(generate, *WORLD, "--brokers", environment["KAFKA_BROKERS"])
        cls.fill()

    @classmethod
    def fill(cls):
        """Creates the tables and writes every sink."""
        parser = compare.options_parser()
        options = parser.parse_args(cls.options)
        cls.dsn, cls.redis = options.postgres, redis.Redis.from_url(options.redis)
        stage.create_tables(cls.dsn)
        topics = recompute.read_input(options)
        expected = recompute.from_options(options, topics)
        cls.insert("ads.gmv_minute", gmv_table(expected))
        cls.insert("ads.order_status", expected.order_status.items())
        for key, (fields, lives_ms) in traffic_hashes(expected).items():
            cls.redis.hset(key, mapping=fields)
            cls.redis.pexpire(key, lives_ms)
        producer = confluent_kafka.Producer({"bootstrap.servers": options.brokers})
        for partitions in (dwd_records(expected, 4), letter_records(expected, topics)):
            for record in (record for feed in partitions.values() for record in feed):
                producer.produce(record.topic, record.value, record.key, record.partition)
        producer.flush(30)

    @classmethod
    def execute(cls, statement, values=None):
        with contextlib.closing(psycopg2.connect(cls.dsn)) as connection, connection:
            with connection.cursor() as cursor:
                if values is None:
                    cursor.execute(statement)
                else:
                    psycopg2.extras.execute_values(cursor, statement, values)

    @classmethod
    def insert(cls, table, rows):
        cls.execute(f"INSERT INTO {table} VALUES %s", list(rows))

    def test_correct_sinks_agree_and_a_changed_row_does_not(self):
        status, text = printed(compare, *self.options)
        self.assertEqual(0, status, text)
        self.assertEqual(5, text.count("rows agree"), text)

        change = "UPDATE ads.order_status SET orders = orders {} 1 WHERE order_status = '1001'"
        self.execute(change.format("+"))
        self.addCleanup(self.execute, change.format("-"))
        status, text = printed(compare, *self.options)
        self.assertEqual(1, status, text)
        self.assertIn("ads_order_status         DIFFERS: 0 missing, 0 unexpected, 1 changed", text)

    def test_report_shows_every_table(self):
        _, text = printed(report, *self.options)
        for part in ("GMV per minute", "GMV per hour", "unpaid", "Traffic", "24:00", "late row"):
            self.assertIn(part, text)

    def test_trigger_refuses_the_province_that_the_recomputation_refuses(self):
        row = [("2026-01-01 00:00:00+08", recompute.REFUSED_PROVINCE, None, 1, 1)]
        with self.assertRaises(psycopg2.errors.RaiseException):
            self.insert("ads.gmv_minute", row)


if __name__ == "__main__":
    unittest.main()

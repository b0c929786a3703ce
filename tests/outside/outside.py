"""Real servers and the real binary, for tests of what comes from outside: a test's own servers or
those of the run, `sluice` as a process, its diagnostics, its exit status, its log, and what such
tests begin with."""

import contextlib
import itertools
import os
import pathlib
import subprocess
import tempfile
import unittest

import confluent_kafka
import confluent_kafka.admin
import psycopg2
import redis

from support.process import Process
from support.waiting import PATIENCE_S, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
_names = itertools.count(1)


def unique_name(prefix):
    """A name for topics, tables and pipelines that no other test of the run uses."""
    return f"{prefix}_{os.getpid()}_{next(_names)}"


class Servers:
    """Servers in a folder, as `./dev up` describes them."""

    def __init__(self, folder):
        self.folder = str(folder)

    def dev(self, verb, *arguments):
        subprocess.run(
            [ROOT / "dev", verb, "--dir", self.folder, *arguments], check=True, capture_output=True
        )

    @property
    def environment(self):
        lines = (pathlib.Path(self.folder) / "env").read_text(encoding="utf-8").splitlines()
        return dict(line.removeprefix("export ").replace("'", "").split("=", 1) for line in lines)

    def variables(self):
        """What pipelines of tests name as ${env:…}, of the servers that run."""
        found = self.environment
        variables = {}
        if "KAFKA_BROKERS" in found:
            variables["BROKERS"] = found["KAFKA_BROKERS"]
        if "PG_DSN" in found:
            variables["DSN"] = f"{found['PG_DSN']} passfile={found['PGPASSFILE']}"
        if "REDIS_ADDR" in found:
            variables["REDIS"] = f"redis://{found['REDIS_ADDR']}/0"
        return variables

    def create_topic(self, name, partitions=1, **config):
        admin = confluent_kafka.admin.AdminClient(
            {"bootstrap.servers": self.environment["KAFKA_BROKERS"]}
        )
        topic = confluent_kafka.admin.NewTopic(name, partitions, 1, config=config)
        admin.create_topics([topic])[name].result()

    def delete_topic(self, name):
        admin = confluent_kafka.admin.AdminClient(
            {"bootstrap.servers": self.environment["KAFKA_BROKERS"]}
        )
        admin.delete_topics([name])[name].result()

    def produce(self, topic, values, **record):
        producer = confluent_kafka.Producer(
            {
                "bootstrap.servers": self.environment["KAFKA_BROKERS"],
                "message.max.bytes": 20000000,
            }
        )
        for value in values:
            producer.produce(topic, value, **record)
        if producer.flush(PATIENCE_S):
            raise AssertionError(f"{topic} takes no records")

    def read(self, topic):
        """Committed values of all partitions, to their ends."""
        consumer = confluent_kafka.Consumer(
            {
                "bootstrap.servers": self.environment["KAFKA_BROKERS"],
                "group.id": "test",
                "enable.partition.eof": True,
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
            }
        )
        with contextlib.closing(consumer):
            partitions = consumer.list_topics(topic, PATIENCE_S).topics[topic].partitions
            beginning = confluent_kafka.OFFSET_BEGINNING
            consumer.assign(
                [confluent_kafka.TopicPartition(topic, each, beginning) for each in partitions]
            )
            values, ended = [], 0
            while ended < len(partitions):
                message = consumer.poll(PATIENCE_S)
                if message is None:
                    raise AssertionError(f"{topic} does not come to its end")
                if message.error():
                    ended += 1
                else:
                    values.append(message.value())
        return values

    def committed(self, group, topic):
        """The offset that the group has in the topic's first partition; negative without one."""
        consumer = confluent_kafka.Consumer(
            {"bootstrap.servers": self.environment["KAFKA_BROKERS"], "group.id": group}
        )
        with contextlib.closing(consumer):
            asked = [confluent_kafka.TopicPartition(topic, 0)]
            return consumer.committed(asked, PATIENCE_S)[0].offset

    def sql(self, statement, *parameters, database=None):
        only = {"dbname": database} if database else {}
        connection = psycopg2.connect(self.variables()["DSN"], **only)
        with contextlib.closing(connection):
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else None

    def redis(self):
        return redis.Redis.from_url(self.variables()["REDIS"], decode_responses=True)


@contextlib.contextmanager
def own_servers(*names):
    """Servers that this test alone may stop. They end with it, however it ends."""
    with tempfile.TemporaryDirectory(prefix="sluice-outside-") as folder:
        servers = Servers(pathlib.Path(folder) / "servers")
        with subprocess.Popen(
            [ROOT / "dev", "hold", "--dir", servers.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as guard:
            guard.stdout.readline()
            servers.dev("up", "--guarded", *names)
            yield servers
            guard.stdin.close()


@contextlib.contextmanager
def shared_servers():
    """The servers of the run; unique_name() everything."""
    if folder := os.environ.get("SLUICE_TEST_SERVERS"):
        yield Servers(folder)
    else:
        with own_servers() as servers:
            yield servers


class Sluice(Process):
    """The binary in a folder of its own, with one pipeline file."""

    def __init__(self, work, variables):
        self.work = pathlib.Path(work)
        super().__init__(self.work / "sluice.log")
        self.variables = variables

    def write(self, text, name="pipeline.yaml"):
        (self.work / name).write_text(text, encoding="utf-8")

    def _command(self, *arguments):
        return [os.environ["SLUICE_BINARY"], *arguments]

    def _settings(self):
        return {
            "cwd": self.work,
            "env": {**os.environ, **self.variables, "WORK": str(self.work)},
        }

    def run(self, *arguments):
        """(exit status, standard output and error) of a command that ends by itself."""
        done = subprocess.run(
            self._command(*arguments),
            **self._settings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_S,
            check=False,
        )
        return done.returncode, done.stdout.decode()

    def run_to_end(self):
        """The same of `run` until everything that is there has been read and published."""
        return self.run("run", "pipeline.yaml", "--until", "now", "--close")

    def start(self, errors=None, verb=("run",)):
        """What it says goes to the log; its errors, if given, to another file."""
        self.spawn(self._command(*verb, "pipeline.yaml"), errors, **self._settings())

    def logged(self, code):
        """Whether the log has a line of this code."""
        return any(line.get("code") == code for line in self.lines())


class OutsideTest(unittest.TestCase):
    """What tests begin with."""

    maxDiff = None

    def make_sluice(self, variables):
        """The binary in a folder of its own; both end with the test, however it ends."""
        sluice = Sluice(self.enterContext(tempfile.TemporaryDirectory()), variables)
        self.addCleanup(sluice.abandon)
        return sluice

    def prepare(self, servers, prefix, pipeline=None, topics=()):
        """`name`, which no other test uses, and `sluice` over these servers: with the pipeline of
        that name if there is one text for all, and with these topics of it."""
        self.servers = servers
        self.name = unique_name(prefix)
        self.sluice = self.make_sluice(servers.variables())
        if pipeline:
            self.sluice.write(pipeline.format(name=self.name))
        for topic in topics:
            servers.create_topic(topic.format(name=self.name))

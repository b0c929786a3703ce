"""`sluice serve` and servers that are away: at the start, in the middle; and who owns a state
folder."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import confluent_kafka
import psycopg2
from confluent_kafka.admin import AdminClient, NewTopic

from .service import Service, file_pipeline, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTITIONS = 2


def topic_pipeline(name):
    """Reads the topic <name>, counts by id, writes data/<name>_out.jsonl."""
    changes = {
        "version: 1": "version: 1\nsettings: {checkpoint: {interval: 100ms}}",
        "connections:": "connections:\n  kafka: {type: kafka, brokers: '${env:BROKERS}'}",
        f"file: {{connection: disk, path: {name}.jsonl}}":
            f"kafka: {{connection: kafka, topic: {name}}}",
    }  # fmt: skip
    text = file_pipeline(name)
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


class OutageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = os.path.join(temporary.name, "servers")
        guard = subprocess.Popen(
            [ROOT / "dev", "hold", "--dir", cls.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        cls.addClassCleanup(guard.wait)
        cls.addClassCleanup(guard.stdin.close)
        cls.addClassCleanup(guard.stdout.close)
        guard.stdout.readline()
        cls.dev("up", "--guarded")
        cls.dev("up", "--guarded", server="postgres")
        lines = pathlib.Path(cls.folder, "env").read_text(encoding="utf-8").splitlines()
        values = dict(line.removeprefix("export ").replace("'", "").split("=", 1) for line in lines)
        cls.brokers = values["KAFKA_BROKERS"]
        os.environ["PGPASSFILE"] = values["PGPASSFILE"]
        cls.dsn = " ".join(
            f"{name}={values['PG_' + variable]}"
            for name, variable in (("host", "HOST"), ("port", "PORT"), ("user", "USER"))
        )
        cls.dsn += f" dbname={values['PG_DATABASE']}"
        cls.base = f"{{type: postgres, dsn: '{cls.dsn}'}}"

    @classmethod
    def dev(cls, verb, *arguments, server="kafka"):
        subprocess.run(
            [ROOT / "dev", verb, "--dir", cls.folder, *arguments, server],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.service = self.new_service(temporary.name)
        self.name = self.id().rpartition(".")[2].removeprefix("test_")

    def new_service(self, work):
        service = Service(work)
        self.addCleanup(service.abandon)
        service.environment |= {"SERVICE_DATA": str(service.work / "data"), "BROKERS": self.brokers}
        return service

    def produce(self, ids):
        producer = confluent_kafka.Producer({"bootstrap.servers": self.brokers})
        for number in ids:
            value = json.dumps({"id": number, "amount": 2 + number})
            producer.produce(self.name, value, partition=number % PARTITIONS)
        self.assertEqual(producer.flush(30), 0)

    def create_topic(self):
        admin = AdminClient({"bootstrap.servers": self.brokers})
        topic = NewTopic(self.name, PARTITIONS, 1)
        admin.create_topics([topic])[self.name].result(30)

    def written_ids(self, service=None):
        path = (service or self.service).work / "data" / f"{self.name}_out.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return sorted(json.loads(line)["id"] for line in lines if line.startswith("{"))

    def wait_for_ids(self, ids):
        wait_for(lambda: self.written_ids() == list(ids), f"ids {ids} are written")

    def test_outage_degrades_with_its_cause_and_ends_by_itself(self):
        self.create_topic()
        self.service.write(f"pipelines/{self.name}.yaml", topic_pipeline(self.name))
        self.service.write("data/other.jsonl", '{"id": 1, "amount": 2}\n')
        self.service.write("pipelines/other.yaml", file_pipeline("other"))
        self.produce(range(10))
        self.service.start()
        self.wait_for_ids(range(10))
        self.assertEqual(self.service.state(self.name), ("RUNNING", ""))
        self.dev("kill")
        try:
            self.service.wait_for_state(self.name, "DEGRADED")
            self.assertRegex(self.service.state(self.name)[1], "source: E4001 .*broker")
            self.assertEqual(self.service.ask("/readyz")[0], 503)
            self.assertEqual(self.service.state("other")[0], "FINISHED")
        finally:
            self.dev("up")
        self.produce(range(10, 20))
        self.wait_for_ids(range(20))
        self.service.wait_for_state(self.name, "RUNNING")
        self.assertEqual(self.service.stop(), 0)

    def test_stop_ends_in_its_time_although_a_target_hangs(self):
        self.create_topic()
        base = f"connections:\n  base: {self.base}"
        text = topic_pipeline(self.name).replace("connections:", base)
        text = text.replace(
            f"file: {{connection: disk, path: {self.name}_out.jsonl}}\n    format: json",
            "postgres: {connection: base, table: public.hung}",
        )
        connection = psycopg2.connect(self.dsn)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE public.hung (id bigint, amount bigint)")
        connection.close()
        self.service.write(f"pipelines/{self.name}.yaml", text)
        self.service.write("sluice.yaml", "stop_timeout: 1s\n")
        self.service.start("--config", self.service.work / "sluice.yaml")
        self.service.wait_for_state(self.name, "RUNNING")
        self.dev("kill", "--signal", "STOP", server="postgres")
        try:
            self.produce(range(4))
            wait_for(
                lambda: self.service.metric("sluice_unpublished_epochs") >= 1,
                "an epoch waits for the target",
            )
            began = time.monotonic()
            self.assertEqual(self.service.stop(), 0)
            self.assertLess(time.monotonic() - began, 45)
        finally:
            self.dev("kill", "--signal", "CONT", server="postgres")

    def test_call_that_does_not_return_fails_its_pipeline_alone(self):
        self.create_topic()
        changes = {
            "interval: 100ms": "interval: 100ms, timeout: 1s",
            "connections:": "connections:\n"
            f"  base: {{type: postgres, dsn: '{self.dsn}', statement_timeout: 1h}}",
            "steps:": "lookups:\n  names: {postgres: {connection: base, table: public.names, "
            "key: [id]}, columns: {name: text}}\nsteps:",
            "SELECT id, amount FROM orders": "SELECT o.id, o.amount FROM orders o "
            "LEFT JOIN lookup('names', o.id) n ON true",
        }
        text = topic_pipeline(self.name)
        for old, new in changes.items():
            text = text.replace(old, new)
        connection = psycopg2.connect(self.dsn)
        self.addCleanup(connection.close)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE public.names (id bigint PRIMARY KEY, name text)")
        self.service.write(f"pipelines/{self.name}.yaml", text)
        self.service.write("data/other.jsonl", '{"id": 1, "amount": 2}\n')
        self.service.write("pipelines/other.yaml", file_pipeline("other"))
        self.service.write("sluice.yaml", "stop_timeout: 1s\n")
        self.service.start("--config", self.service.work / "sluice.yaml")
        self.service.wait_for_state(self.name, "RUNNING")
        connection.cursor().execute("LOCK TABLE public.names")
        self.produce(range(4))
        self.service.wait_for_state(self.name, "FAILED")
        self.assertRegex(self.service.state(self.name)[1], "E5006 .*: step large in slot [01]")
        self.assertEqual(self.service.state("other"), ("FINISHED", ""))
        began = time.monotonic()
        self.assertEqual(self.service.stop(), 0)
        self.assertLess(time.monotonic() - began, 30)

    def test_start_without_a_server_is_tried_again(self):
        self.create_topic()
        self.produce(range(4))
        self.dev("kill")
        try:
            self.service.write(f"pipelines/{self.name}.yaml", topic_pipeline(self.name))
            self.service.start()
            self.service.wait_for_state(self.name, "RESTARTING")
            self.assertIn("E4001", self.service.state(self.name)[1])
        finally:
            self.dev("up")
        self.wait_for_ids(range(4))
        self.service.wait_for_state(self.name, "RUNNING")
        self.assertGreaterEqual(self.service.metric("sluice_pipeline_restarts_total"), 1)
        self.assertEqual(self.service.unbalanced(), {})

    def test_second_service_on_one_state_folder_is_refused(self):
        self.create_topic()
        self.service.write(f"pipelines/{self.name}.yaml", topic_pipeline(self.name))
        self.service.start()
        self.service.wait_for_state(self.name, "RUNNING")
        with tempfile.TemporaryDirectory() as work:
            second = self.new_service(work)
            second.write(f"pipelines/{self.name}.yaml", topic_pipeline(self.name))
            (second.work / "state").symlink_to(self.service.work / "state")
            second.start()
            wait_for(lambda: "E5001" in second.state(self.name)[1], "the second is refused")
            second.abandon()
        self.produce(range(4))
        self.wait_for_ids(range(4))
        self.assertEqual(self.service.state(self.name), ("RUNNING", ""))

    def test_next_start_goes_on_after_sigkill_and_after_sigterm(self):
        self.create_topic()
        self.service.write(f"pipelines/{self.name}.yaml", topic_pipeline(self.name))
        self.service.start()
        self.produce(range(10))
        self.wait_for_ids(range(10))
        self.service.abandon()
        self.produce(range(10, 20))
        self.service.start()
        self.wait_for_ids(range(20))
        self.assertEqual(self.service.stop(), 0)
        self.service.start()
        self.produce(range(20, 30))
        self.wait_for_ids(range(30))
        wait_for(
            lambda: self.service.metric("sluice_end_to_end_latency_seconds_count") >= 1,
            "the latency of an epoch is measured",
        )
        self.assertEqual(self.service.unbalanced(), {})
        self.assertEqual(self.service.stop(), 0)


if __name__ == "__main__":
    unittest.main()

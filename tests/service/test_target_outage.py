"""A Kafka target that is away for some time while rows of another cluster go on: it is told, epochs
wait in spools, and afterwards each row is in the topic exactly once."""

import json
import pathlib
import unittest

from outside.outside import own_servers, shared_servers, unique_name

from .service import ServiceTest, wait_for

# Of a target, until its barriers wait: see CheckpointSettings::max_unpublished.
MOST_WAITING_EPOCHS = 3
ROWS_AT_ONCE = 2000

# An outage is told when a transaction is given up, so its timeout is short here.
PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, parallelism: 2, checkpoint: {{interval: 100ms}}}}
connections:
  from: {{type: kafka, brokers: "${{env:FROM}}"}}
  to:
    type: kafka
    brokers: "${{env:TO}}"
    properties: {{transaction.timeout.ms: "12000"}}
sources:
  orders:
    kafka: {{connection: from, topic: {name}}}
    format: json
    columns: {{id: bigint, text: text}}
sinks:
  copies: {{from: orders, kafka: {{connection: to, topic: {name}}}, format: json}}
errors: {{on_error: fail}}
"""


class KafkaTarget(ServiceTest):
    def setUp(self):
        self.source = self.enterContext(shared_servers())
        self.target = self.enterContext(own_servers("kafka"))
        self.name = unique_name("target_outage")
        self.source.create_topic(self.name, 2)
        self.target.create_topic(self.name, 2)
        super().setUp()
        self.service.environment |= {
            "FROM": self.source.environment["KAFKA_BROKERS"],
            "TO": self.target.environment["KAFKA_BROKERS"],
        }
        self.service.write("pipelines/orders.yaml", PIPELINE.format(name=self.name))
        self.produced = 0

    def produce(self, count):
        ids = range(self.produced, self.produced + count)
        rows = [json.dumps({"id": id, "text": "x" * 300}).encode() for id in ids]
        for partition in (0, 1):
            self.source.produce(self.name, rows[partition::2], partition=partition)
        self.produced += count

    def copied(self):
        return sorted(json.loads(value)["id"] for value in self.target.read(self.name))

    def wait_until_all_is_copied(self):
        wait_for(lambda: len(self.copied()) >= self.produced, f"all rows, see {self.service.log}")
        self.assertEqual(self.copied(), list(range(self.produced)))

    def wait_until_all_is_read(self):
        metric = "sluice_records_in_total"
        of_source = {"pipeline": self.name, "step": "orders"}
        wait_for(lambda: self.service.metric(metric, **of_source) == self.produced, "all is read")

    def waiting_epochs(self):
        return self.service.metric("sluice_unpublished_epochs", pipeline=self.name)

    def spooled_bytes(self):
        folder = pathlib.Path(self.service.work / "state")
        total = 0
        for spool in folder.glob(f"*{self.name}/spool-*"):
            try:
                total += spool.stat().st_size
            except FileNotFoundError:
                continue  # published meanwhile
        return total

    def test_rows_wait_in_spools_and_come_exactly_once(self):
        self.produce(100)
        self.service.start()
        self.wait_until_all_is_copied()
        self.target.dev("kill", "kafka")
        try:
            self.produce(100)
            self.service.wait_for_state(self.name, "DEGRADED")
            self.assertRegex(self.service.state(self.name)[1], "^target to: E4001 ")
            self.assertEqual(self.service.ask("/readyz")[0], 503)

            def most_epochs_wait():
                self.produce(10)
                return self.waiting_epochs() == MOST_WAITING_EPOCHS

            wait_for(most_epochs_wait, "epochs wait for the target")
            # No barrier comes any more, but rows do.
            self.wait_until_all_is_read()
            spooled = self.spooled_bytes()
            self.produce(ROWS_AT_ONCE)
            self.wait_until_all_is_read()
            wait_for(
                lambda: self.spooled_bytes() > spooled + ROWS_AT_ONCE * 300 / 2,
                "the running epoch's spool grows",
            )
            self.assertEqual(self.service.state(self.name)[0], "DEGRADED")
            self.assertEqual(self.waiting_epochs(), MOST_WAITING_EPOCHS)
        finally:
            self.target.dev("up", "kafka")
        self.service.wait_for_state(self.name, "RUNNING")
        self.wait_until_all_is_copied()
        self.produce(100)
        self.wait_until_all_is_copied()
        self.assertEqual(self.service.metric("sluice_pipeline_restarts_total"), 0)
        self.assertEqual(self.service.unbalanced(), {})
        self.assertEqual(self.service.stop(), 0)
        self.assertEqual(self.copied(), list(range(self.produced)))


if __name__ == "__main__":
    unittest.main()

"""A topic that is deleted and created again under a running pipeline, with more records than had
been read of it, or as many: the client would go on behind them without a word."""

import json
import signal
import unittest

from .outside import PATIENCE_S, OutsideTest, shared_servers, wait_for

PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, checkpoint: {{interval: 100ms}}}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  disk: {{type: file, path: "${{env:WORK}}"}}
sources:
  orders:
    kafka: {{connection: kafka, topic: {name}, on_out_of_range: {policy}}}
    format: json
    columns: {{id: bigint}}
sinks:
  copies: {{from: orders, file: {{connection: disk, path: copies.jsonl}}, format: json}}
errors: {{on_error: fail}}
"""

FORMER = list(range(100))
NEW = list(range(1000, 1300))


class CreatedAgain(OutsideTest):
    @classmethod
    def setUpClass(cls):
        cls.shared = cls.enterClassContext(shared_servers())

    def setUp(self):
        self.prepare(self.shared, "created_again")

    def produce(self, ids):
        self.servers.produce(self.name, [json.dumps({"id": id}).encode() for id in ids])

    def copies(self):
        path = self.sluice.work / "copies.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return sorted(json.loads(line)["id"] for line in lines)

    def wait_for_copies(self, ids):
        def arrived():
            self.sluice.must_run()
            return len(self.copies()) >= len(ids)

        wait_for(arrived, f"{len(ids)} rows, see {self.sluice.log}")
        self.assertEqual(self.copies(), ids)

    def create_again_under(self, policy, new=NEW):
        self.sluice.write(PIPELINE.format(name=self.name, policy=policy))
        self.servers.create_topic(self.name)
        self.produce(FORMER)
        self.sluice.start()
        self.wait_for_copies(FORMER)
        wait_for(self.is_saved, "they are saved")
        # It sees nothing of the topic in between.
        self.sluice.process.send_signal(signal.SIGSTOP)
        self.servers.delete_topic(self.name)
        self.servers.create_topic(self.name)
        self.produce(new)
        self.sluice.process.send_signal(signal.SIGCONT)

    def is_saved(self):
        manifests = self.sluice.work.glob(f"state/*{self.name}/MANIFEST-*")
        return any(b'"next_offset":100' in each.read_bytes() for each in manifests)

    def test_fail_ends_it_before_any_record_of_the_new_topic_counts(self):
        self.create_again_under("fail")
        self.assertEqual(self.sluice.process.wait(PATIENCE_S), 3, self.sluice.log.read_text())
        self.assertTrue(self.sluice.logged("E4102"), self.sluice.log.read_text())
        status, output = self.sluice.run("run", "pipeline.yaml")
        self.assertEqual(status, 3, output)
        self.assertIn("E4102", output)
        self.sluice.write(PIPELINE.format(name=self.name, policy="earliest"))
        self.sluice.start()
        self.wait_for_copies(FORMER + NEW)
        self.assertEqual(self.sluice.stop(), 0, self.sluice.log.read_text())
        self.assertEqual(self.copies(), FORMER + NEW)

    def test_exactly_as_many_records_are_noticed_although_none_of_them_is_read(self):
        self.create_again_under("fail", NEW[: len(FORMER)])
        self.assertEqual(self.sluice.process.wait(PATIENCE_S), 3, self.sluice.log.read_text())
        self.assertTrue(self.sluice.logged("E4102"), self.sluice.log.read_text())
        self.assertEqual(self.copies(), FORMER)

    def test_exactly_as_many_records_are_read_if_earliest_says_so(self):
        self.create_again_under("earliest", NEW[: len(FORMER)])
        self.wait_for_copies(FORMER + NEW[: len(FORMER)])
        self.assertEqual(self.sluice.stop(), 0, self.sluice.log.read_text())

    def test_earliest_reads_all_of_the_new_topic(self):
        self.create_again_under("earliest")
        self.wait_for_copies(FORMER + NEW)
        log = self.sluice.log.read_text()
        told = [json.loads(line) for line in log.splitlines() if "are passed over" in line]
        self.assertEqual([line["code"] for line in told], ["E4102"], log)
        self.assertEqual([line["offset"] for line in told], [0], log)
        self.assertEqual(self.sluice.stop(), 0, self.sluice.log.read_text())


if __name__ == "__main__":
    unittest.main()

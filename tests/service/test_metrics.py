"""/metrics after a run over a real Kafka with late and bad rows: every metric that docs/running.md
names is there, with a value that can be."""

import json
import pathlib
import re
import time
import unittest

from outside.outside import shared_servers, unique_name

from .service import ServiceTest, wait_for

RUNNING = pathlib.Path(__file__).resolve().parents[2] / "docs/running.md"
SLOTS = 2
BUDGET = 64 << 20

PIPELINE = """\
version: 1
pipeline: {name}
settings:
  timezone: UTC
  parallelism: 2
  checkpoint: {{interval: 100ms}}
  state: {{budget: 64MiB, ttl: 1h}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  disk: {{type: file, path: "${{env:SERVICE_DATA}}"}}
sources:
  visits:
    kafka: {{connection: kafka, topic: {name}}}
    format: json
    columns: {{at: timestamptz, page: text, n: int}}
    event_time: {{column: at, out_of_order: 10s}}
steps:
  shares: {{sql: "SELECT at, page, 100 / n AS share FROM visits"}}
  minutes:
    sql: |
      SELECT window_start, page, count(*) AS visits, count(DISTINCT share) AS shares
      FROM TUMBLE(shares, at, INTERVAL '1 minute') GROUP BY window_start, page
    late: {{accept: 0s, then: dead_letter}}
sinks:
  report: {{from: minutes, file: {{connection: disk, path: report.jsonl}}, format: json}}
errors: {{dead_letter: {{kafka: {{connection: kafka, topic: {name}_dead}}}}}}
"""


class Series:
    """What /metrics told: by name, the labels and value of each series."""

    def __init__(self, text, pipeline):
        self.by_name = {}
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            series, _, value = line.rpartition(" ")
            name, _, labels = series.partition("{")
            of = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            if of.pop("pipeline", pipeline) == pipeline:
                self.by_name.setdefault(name, []).append((of, float(value)))

    def values(self, name, **labels):
        wanted = labels.items()
        return [value for of, value in self.by_name.get(name, []) if wanted <= of.items()]

    def by(self, name, label):
        """The values by a label, those of one label together."""
        sums = {}
        for of, value in self.by_name.get(name, []):
            sums[of[label]] = sums.get(of[label], 0) + value
        return sums


class Metrics(ServiceTest):
    maxDiff = None

    def setUp(self):
        self.servers = self.enterContext(shared_servers())
        self.name = unique_name("metrics")
        self.servers.create_topic(self.name, 2)
        self.servers.create_topic(f"{self.name}_dead")
        super().setUp()
        self.service.environment |= {
            "BROKERS": self.servers.environment["KAFKA_BROKERS"],
        }
        self.service.write("pipelines/visits.yaml", PIPELINE.format(name=self.name))

    def produce(self, partition, *rows):
        values = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        self.servers.produce(self.name, values, partition=partition)

    def row(self, seconds_ago, page="/home", n=4):
        at = time.gmtime(self.began - seconds_ago)
        return {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", at), "page": page, "n": n}

    def series(self):
        status, text = self.service.ask("/metrics")
        self.assertEqual(status, 200)
        self.assertNotIn("Not described", text)
        return Series(text, self.name)

    def run_over_late_and_bad_rows(self):
        """Windows of ten minutes ago close; what is open yet stays in the state."""
        self.began = int(time.time())
        old = [self.row(600), self.row(600, "/cart"), self.row(600)]
        self.produce(0, *old, self.row(30), self.row(600), b"broken", self.row(30, n=0))
        self.produce(1, *old, self.row(50), self.row(50, "/cart"))
        self.service.start()
        dead = lambda: sum(self.series().values("sluice_dead_letters_total")) == 3
        wait_for(dead, f"three dead letters, see {self.service.log}")
        latency = "sluice_end_to_end_latency_seconds_count"
        wait_for(lambda: self.series().values(latency, sink="disk"), "a window is published")
        at_rest = lambda: sum(self.series().values("sluice_unpublished_epochs")) == 0
        wait_for(at_rest, "all is published")

    def test_every_metric_is_there_with_a_value_that_can_be(self):
        self.run_over_late_and_bad_rows()
        # The shares of a slot's time are of the last whole second, in which its thread may not have
        # come to run.
        series = wait_for(self.series_at_rest, "shares of each slot's time, all published")
        documented = set(re.findall(r"`(sluice_[a-z_]+)", RUNNING.read_text(encoding="utf-8")))
        told = {re.sub("_(bucket|sum|count)$", "", name) for name in series.by_name}
        self.assertEqual(documented - told, set())
        self.assertEqual(self.service.unbalanced(), {})
        self.expect_rows(series)
        self.expect_sources(series)
        self.expect_checkpoints(series)
        self.expect_tasks_and_memory(series)
        self.assertEqual(self.service.stop(), 0)

    def expect_rows(self, series):
        codes = series.by("sluice_dead_letters_total", "code")
        self.assertEqual(codes, {"E3001": 1, "E3101": 1, "E3301": 1})
        late = series.values("sluice_late_records_total", step="minutes", action="dead_letter")
        self.assertEqual(sum(late), 1)
        self.assertEqual(sum(series.values("sluice_records_in_total", step="visits")), 12)
        dead = series.by("sluice_records_dead_total", "step")
        self.assertEqual({step: n for step, n in dead.items() if n}, {"visits": 1, "shares": 1})
        # Two pages ten minutes ago, then what waits for its window's end.
        self.assertEqual(sum(series.values("sluice_records_out_total", step="report")), 2)
        self.assertGreater(sum(series.values("sluice_records_held", step="minutes")), 0)

    def expect_sources(self, series):
        lags = series.by_name["sluice_source_lag_records"]
        self.assertEqual(sorted(of["partition"] for of, _ in lags), ["0", "1"])
        self.assertEqual({of["topic"] for of, _ in lags}, {self.name})
        self.assertEqual({value for _, value in lags}, {0})
        behind = series.by("sluice_watermark_lag_seconds", "partition")
        since = time.time() - self.began
        for partition, newest in (("0", 30), ("1", 50)):
            self.assertGreaterEqual(behind[partition], newest + 10)
            self.assertLessEqual(behind[partition], newest + 10 + since + 1)

    def expect_checkpoints(self, series):
        (last,) = series.values("sluice_checkpoint_last_success_timestamp_seconds")
        self.assertGreaterEqual(last, self.began)
        self.assertLessEqual(last, time.time() + 1)
        (size,) = series.values("sluice_checkpoint_bytes")
        self.assertGreater(size, 0)
        self.assertGreaterEqual(series.by("sluice_checkpoints_total", "result")["completed"], 1)
        self.assertEqual(set(series.values("sluice_unpublished_epochs", sink="disk")), {0})
        for name, labels in (
            ("sluice_checkpoint_duration_seconds", {}),
            ("sluice_publish_duration_seconds", {"sink": "disk"}),
            ("sluice_publish_duration_seconds", {"sink": "kafka"}),
            ("sluice_end_to_end_latency_seconds", {"sink": "disk"}),
        ):
            (count,) = series.values(name + "_count", **labels)
            (total,) = series.values(name + "_sum", **labels)
            self.assertGreaterEqual(count, 1, name)
            # No single one can have taken longer than the test.
            self.assertTrue(0 < total <= count * (time.time() - self.began + 1), (name, total))
            buckets = series.values(name + "_bucket", **labels)
            self.assertEqual(buckets, sorted(buckets))
            self.assertEqual(buckets[-1], count)

    def shares_of_slots(self, series):
        """Busy, backpressured and idle of each slot."""
        shares = ("busy", "backpressured", "idle")
        by_slot = [series.by(f"sluice_task_{share}_ratio", "slot") for share in shares]
        return [[of_slot[slot] for of_slot in by_slot] for slot in by_slot[0]]

    def series_at_rest(self):
        series = self.series()
        slots = self.shares_of_slots(series)
        has_shares = len(slots) == SLOTS and all(map(any, slots))
        is_published = not any(series.values("sluice_unpublished_epochs"))
        return series if has_shares and is_published else None

    def expect_tasks_and_memory(self, series):
        for times in self.shares_of_slots(series):
            self.assertTrue(all(0 <= share <= 1 for share in times), times)
            self.assertAlmostEqual(sum(times), 1, delta=0.1)
        channels = series.by_name["sluice_channel_fill_ratio"]
        self.assertTrue(all({"from", "to"} <= of.keys() for of, _ in channels), channels)
        self.assertTrue(all(0 <= value <= 1 for _, value in channels), channels)
        state = sum(series.values("sluice_state_bytes", step="minutes"))
        (memory,) = series.values("sluice_memory_bytes")
        self.assertTrue(0 < state <= memory < BUDGET, (state, memory))
        states = series.by("sluice_pipeline_state", "state")
        self.assertEqual({state for state, value in states.items() if value}, {"RUNNING"})
        self.assertEqual(series.values("sluice_pipeline_restarts_total"), [0])


if __name__ == "__main__":
    unittest.main()

"""Servers that are away, at the start and in the middle, things that are missing, and a budget that
is too small: each is told with a code, and nothing is lost."""

import json
import pathlib
import unittest

from .outside import OutsideTest, own_servers, shared_servers, wait_for

PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, checkpoint: {{interval: 100ms}}}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  report: {{type: postgres, dsn: "${{env:DSN}}", connect_timeout: 2s}}
  cache: {{type: redis, url: "${{env:REDIS}}", timeout: 1s}}
sources:
  orders:
    kafka: {{connection: kafka, topic: {name}_in}}
    format: json
    columns: {{id: bigint, city: text}}
lookups:
  dim:
    postgres: {{connection: report, table: {name}_dim, key: [id]}}
    columns: {{label: text}}
    cache: {{ttl: 1ms, max_rows: 1, missing_ttl: 1ms}}
steps:
  labelled:
    sql: SELECT o.id, d.label FROM orders o LEFT JOIN LATERAL lookup('dim', o.city) d ON true
sinks:
  rows: {{from: labelled, postgres: {{connection: report, table: {name}}}, mode: append}}
  copies: {{from: orders, kafka: {{connection: kafka, topic: {name}_out}}, format: json}}
  cached: {{from: orders, redis: {{connection: cache, key: "{name}:{{id}}"}}, mode: append}}
errors: {{on_error: fail}}
"""

NOBODY = {
    "BROKERS": "127.0.0.1:1",
    "DSN": "host=127.0.0.1 port=1 user=nobody",
    "REDIS": "redis://127.0.0.1:1/0",
}


class Outage(OutsideTest):
    def prepare_all_but(self, servers, *missing):
        topics = [f"{{name}}_{topic}" for topic in ("in", "out") if topic not in missing]
        self.prepare(servers, "outage", PIPELINE, topics)
        if "table" not in missing:
            servers.sql(f"CREATE TABLE {self.name} (id bigint, label text)")
        if "dim" not in missing:
            servers.sql(f"CREATE TABLE {self.name}_dim (id text, label text)")
            servers.sql(f"INSERT INTO {self.name}_dim VALUES ('x', 'the x')")

    def produce(self, first, count):
        self.servers.produce(
            f"{self.name}_in",
            [json.dumps({"id": id, "city": "x"}).encode() for id in range(first, first + count)],
        )

    def rows(self):
        return sorted(self.servers.sql(f"SELECT id, label FROM {self.name}"))

    def copies(self):
        return sorted(json.loads(value)["id"] for value in self.servers.read(f"{self.name}_out"))

    def cached(self):
        keys = self.servers.redis().keys(f"{self.name}:*")
        return sorted(int(key.split(":")[1]) for key in keys)

    def expect_all(self, count):
        self.assertEqual(self.rows(), [(id, "the x") for id in range(1, count + 1)])
        self.assertEqual(self.copies(), list(range(1, count + 1)))
        self.assertEqual(self.cached(), list(range(1, count + 1)))

    def wait_for_rows(self, count):
        def arrived():
            self.sluice.must_run()
            return len(self.rows()) >= count

        wait_for(arrived, f"{count} rows, see {self.sluice.log}")


class AtTheStart(Outage):
    """`sluice run` says what is wrong, and ends with 3 instead of waiting."""

    @classmethod
    def setUpClass(cls):
        cls.shared = cls.enterClassContext(shared_servers())

    def test_servers_that_cannot_be_reached(self):
        for variable, text in (
            ("BROKERS", "127.0.0.1:1"),
            ("DSN", "PostgreSQL: "),
            ("REDIS", "Redis: Connection refused"),
        ):
            with self.subTest(variable):
                self.prepare_all_but(self.shared)
                self.produce(1, 3)
                good = self.sluice.variables
                self.sluice.variables = good | {variable: NOBODY[variable]}
                status, output = self.sluice.run("run", "pipeline.yaml")
                self.assertEqual(status, 3, output)
                self.assertIn("E4001", output)
                self.assertIn(text, output)
                self.sluice.variables = good
                status, output = self.sluice.run_to_end()
                self.assertEqual(status, 0, output)
                self.expect_all(3)

    def test_things_that_are_missing(self):
        for what, code in (("out", "E4101"), ("table", "E4201"), ("dim", "E4201")):
            with self.subTest(what):
                self.prepare_all_but(self.shared, what)
                self.produce(1, 3)
                status, output = self.sluice.run("run", "pipeline.yaml", "--until", "now")
                self.assertEqual(status, 3, output)
                self.assertIn(code, output)
                self.assertIn(self.name, output)

    def test_a_source_topic_that_is_missing(self):
        self.prepare_all_but(self.shared, "in")
        status, output = self.sluice.run("run", "pipeline.yaml")
        self.assertEqual(status, 3, output)
        self.assertIn(f"E4101 topic {self.name}_in", output)


class InTheMiddle(Outage):
    """Each server crashes while records flow; its part waits in the spool and comes afterwards."""

    @classmethod
    def setUpClass(cls):
        cls.own = cls.enterClassContext(own_servers())

    def spools(self):
        return list(pathlib.Path(self.sluice.work).glob(f"state/*{self.name}/spool-*"))

    def start_and_see_ten(self):
        self.prepare_all_but(self.own)
        self.sluice.start()
        self.produce(1, 10)
        self.wait_for_rows(10)

    def finish(self, count):
        self.wait_for_rows(count)
        self.assertEqual(self.sluice.stop(), 0, self.sluice.log.read_text())
        self.expect_all(count)

    def test_postgres(self):
        self.start_and_see_ten()
        self.own.dev("kill", "postgres")
        self.produce(11, 10)
        wait_for(lambda: self.sluice.logged("E4001") or self.sluice.logged("E4301"), "it is told")
        self.sluice.must_run()
        self.own.dev("up", "postgres")
        self.produce(21, 10)
        self.finish(30)

    def test_redis(self):
        self.start_and_see_ten()
        self.own.dev("kill", "redis")
        self.produce(11, 10)
        wait_for(lambda: self.sluice.logged("E4001"), "it is told")
        wait_for(self.spools, "epochs wait in spools")
        # The other targets do not wait for it.
        self.wait_for_rows(20)
        self.own.dev("up", "redis")
        self.finish(20)

    def test_kafka(self):
        self.start_and_see_ten()
        self.own.dev("kill", "kafka")
        self.own.dev("up", "kafka")
        self.sluice.must_run()
        self.produce(11, 10)
        self.finish(20)


BUDGET = """\
version: 1
pipeline: budget
settings: {{timezone: UTC, state: {{ttl: 1h, budget: {budget}}}, checkpoint: {{interval: 50ms}}}}
connections:
  disk: {{type: file, path: "${{env:WORK}}"}}
sources:
  words: {{file: {{connection: disk, path: words.jsonl}}, format: json, columns: {{word: text}}}}
steps:
  counts: {{sql: "SELECT word, count(*) AS n FROM words GROUP BY word"}}
sinks:
  out:
    from: counts
    file: {{connection: disk, path: out.jsonl, key: [word]}}
    format: json
    mode: upsert
errors: {{on_error: fail}}
"""


class Budget(OutsideTest):
    def test_more_state_than_the_budget_is_told_and_goes_on_with_a_larger_one(self):
        sluice = self.make_sluice({})
        words = [f"{'x' * 400}{number}" for number in range(60_000)]
        sluice.write("".join(json.dumps({"word": word}) + "\n" for word in words), "words.jsonl")
        sluice.write(BUDGET.format(budget="16MiB"))
        status, output = sluice.run("run", "pipeline.yaml")
        self.assertEqual(status, 1, output)
        self.assertIn("E5005", output)
        sluice.write(BUDGET.format(budget="512MiB"))
        status, output = sluice.run("run", "pipeline.yaml")
        self.assertEqual(status, 0, output)
        lines = (sluice.work / "out.jsonl").read_text().splitlines()
        counts = {row["word"]: row["n"] for row in map(json.loads, lines)}
        self.assertEqual(counts, dict.fromkeys(words, 1))


if __name__ == "__main__":
    unittest.main()

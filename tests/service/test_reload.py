"""SIGHUP: `sluice serve` takes up what was added, changed and removed in its folder, over a real
Kafka. Whatever happens to a pipeline, each row counts once, and its neighbours go on."""

import collections
import json
import signal
import threading
import unittest

from outside.outside import shared_servers, unique_name

from .service import ServiceTest, wait_for

CITIES = ("bonn", "cork", "oslo")

# Copies each row with the number of the edit, and counts by city.
PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, parallelism: 2, checkpoint: {{interval: 100ms}}, state: {{ttl: 1h}}}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
sources:
  orders:
    kafka: {{connection: kafka, topic: {topic}}}
    format: json
    columns: {{id: bigint, city: text}}
steps:
  copied: {{sql: "SELECT id, {edit} AS edit FROM orders"}}
  totals: {{sql: "SELECT city, count(*) AS n, sum(id) AS ids FROM orders GROUP BY city"}}
sinks:
  copies: {{from: copied, kafka: {{connection: kafka, topic: {name}_copies}}, format: json}}
  sums:
    from: totals
    kafka: {{connection: kafka, topic: {name}_sums, key: [city]}}
    format: json
    mode: upsert
errors: {{on_error: fail}}
"""


class Reload(ServiceTest):
    maxDiff = None

    def setUp(self):
        self.servers = self.enterContext(shared_servers())
        self.topic = unique_name("reload")
        self.servers.create_topic(self.topic, 2)
        self.produced = 0
        super().setUp()
        self.service.environment |= self.servers.variables()
        self.folder = self.service.work / "pipelines"

    def pipeline(self, suffix):
        """A name, with its topics."""
        name = f"{self.topic}_{suffix}"
        self.servers.create_topic(f"{name}_copies")
        self.servers.create_topic(f"{name}_sums")
        return name

    def text(self, name, edit=1):
        return PIPELINE.format(name=name, topic=self.topic, edit=edit)

    def put(self, name, text):
        """Beside its place and then there, so that nobody reads half of it."""
        beside = self.folder / f"{name}.new"
        beside.write_text(text, encoding="utf-8")
        beside.rename(self.folder / f"{name}.yaml")

    def produce(self, count=20):
        rows = [
            json.dumps({"id": id, "city": CITIES[id % len(CITIES)]}).encode()
            for id in range(self.produced, self.produced + count)
        ]
        for partition in (0, 1):
            self.servers.produce(self.topic, rows[partition::2], partition=partition)
        self.produced += count

    def hang_up(self):
        self.service.process.send_signal(signal.SIGHUP)

    def reload(self):
        """Until it is told what became of it."""
        done = "what runs is what the files say"
        count = lambda: sum(line["msg"].startswith(done) for line in self.service.lines())
        before = count()
        self.hang_up()
        wait_for(lambda: count() > before, f"the reload is done, see {self.service.log}")
        return next(line for line in reversed(self.service.lines()) if line["msg"].startswith(done))

    def listed(self):
        """What /api/v1/pipelines says, by name."""
        return {
            one["name"]: one
            for one in json.loads(self.service.ask("/api/v1/pipelines")[1])["pipelines"]
        }

    def epoch(self, name):
        checkpoint = self.listed()[name]["checkpoint"]
        return checkpoint["epoch"] if checkpoint else 0

    def read_by(self, name):
        """How many rows the version that runs has read."""
        return self.service.metric("sluice_records_in_total", pipeline=name, step="orders")

    def wait_for_rows(self, name):
        """Until every row is copied; fails when one is copied twice or counted wrongly."""
        rows = []

        def all_are_there():
            rows[:] = [json.loads(value) for value in self.servers.read(f"{name}_copies")]
            return len(rows) >= self.produced

        wait_for(all_are_there, f"all rows of {name}, see {self.service.log}")
        self.assertEqual(sorted(row["id"] for row in rows), list(range(self.produced)))
        expected = collections.Counter(CITIES[id % len(CITIES)] for id in range(self.produced))
        ids = collections.Counter()
        for id in range(self.produced):
            ids[CITIES[id % len(CITIES)]] += id
        wanted = {city: (n, ids[city]) for city, n in expected.items()}
        wait_for(lambda: self.sums(name) == wanted, f"{wanted}, see {self.service.log}")
        return rows

    def sums(self, name):
        """The last row of each city."""
        rows = [json.loads(value) for value in self.servers.read(f"{name}_sums") if value]
        return {row["city"]: (row["n"], int(row["ids"])) for row in rows}

    def start(self, *names):
        for name in names:
            self.put(name, self.text(name))
        self.service.start()
        for name in names:
            self.service.wait_for_state(name, "RUNNING")

    def expect_refused(self, name, pattern):
        """Of a change: the version before goes on, and everybody is told."""
        self.reload()
        one = self.listed()[name]
        self.assertEqual((one["state"], one["version"]), ("RUNNING", 1))
        self.assertRegex(one["refused"], pattern)
        self.assertEqual(self.service.metric("sluice_pipeline_refused", pipeline=name), 1)
        lines = self.service.lines()
        told = [line for line in lines if line["msg"].startswith("change is refused")]
        self.assertRegex(told[-1]["cause"], pattern)
        self.assertTrue(told[-1]["advice"])
        self.produce()
        self.wait_for_rows(name)

    def test_added_changed_and_removed_files_are_taken_up(self):
        suffixes = ("changed", "removed", "other", "added")
        changed, removed, other, added = map(self.pipeline, suffixes)
        self.start(changed, removed, other)
        self.produce()
        for name in (changed, removed, other):
            self.wait_for_rows(name)
        since = self.listed()[other]["since"]
        self.put(changed, self.text(changed, edit=2))
        (self.folder / f"{removed}.yaml").unlink()
        self.put(added, self.text(added))
        told = self.reload()
        numbers = {"added": 1, "changed": 1, "removed": 1, "refused": 0, "unchanged": 1}
        self.assertEqual({kind: told[kind] for kind in numbers}, numbers)
        listed = self.listed()
        self.assertEqual(set(listed), {changed, other, added})
        self.assertEqual((listed[changed]["version"], listed[changed]["refused"]), (2, None))
        self.assertEqual((listed[other]["version"], listed[other]["since"]), (1, since))
        self.assertNotIn(f'"{removed}"', self.service.ask("/metrics")[1])
        self.assertEqual(self.service.ask(f"/api/v1/pipelines/{removed}")[0], 404)
        self.assertTrue((self.service.work / "state" / f"sluice.{removed}").is_dir())
        self.produce()
        edits = [row["edit"] for row in self.wait_for_rows(changed)]
        self.assertEqual(edits, [1] * 20 + [2] * 20)
        self.wait_for_rows(added)
        self.put(removed, self.text(removed))
        self.reload()
        for name in (removed, other):
            self.wait_for_rows(name)
        self.assertEqual(self.service.stop(), 0)

    def test_refused_change_leaves_the_version_before_it(self):
        name, neighbour = self.pipeline("edited"), self.pipeline("neighbour")
        self.start(name, neighbour)
        self.produce()
        self.wait_for_rows(name)
        good = self.text(name)
        self.put(name, good.replace("sum(id)", "max(id)"))
        self.expect_refused(name, r"yaml:\d+:\d+ E5004 .*sum")
        self.put(name, good.replace("SELECT city", "SELECT town"))
        self.expect_refused(name, r"yaml:\d+:\d+ E2104 .*town")
        self.put(name, "")
        self.expect_refused(name, "E1002 the file is empty")
        self.put(name, good[: good.index("steps:")])
        self.expect_refused(name, "E1301 .*no sinks")
        self.put(name, good.replace(f"{name}_sums", f"{neighbour}_sums"))
        self.expect_refused(name, f"E1305 .*{neighbour}_sums .*is written by sink sums")
        self.put(name, self.text(name, edit=2))
        self.reload()
        one = self.listed()[name]
        self.assertEqual((one["version"], one["refused"]), (2, None))
        self.assertEqual(self.service.metric("sluice_pipeline_refused"), 0)
        self.produce()
        self.assertIn(2, [row["edit"] for row in self.wait_for_rows(name)])
        self.assertEqual(self.listed()[neighbour]["version"], 1)

    def test_version_that_its_start_refuses_gives_way_to_the_former_one(self):
        name = self.pipeline("edited")
        self.start(name)
        self.produce()
        self.wait_for_rows(name)
        copies = f"kafka: {{connection: kafka, topic: {name}_copies}}, format: json"
        missing = "postgres: {connection: base, table: public.reload_missing}"
        base = 'connections:\n  base: {type: postgres, dsn: "${env:DSN}"}'
        text = self.text(name, edit=2).replace(copies, missing)
        self.put(name, text.replace("connections:", base))
        told = self.reload()
        self.assertEqual((told["changed"], told["refused"]), (0, 1))
        self.service.wait_for_state(name, "RUNNING")
        self.assertRegex(self.listed()[name]["refused"], "E4201 .*reload_missing")
        self.produce()
        self.assertEqual({row["edit"] for row in self.wait_for_rows(name)}, {1})

    def test_edit_without_a_meaning_touches_nothing(self):
        name = self.pipeline("same")
        self.start(name)
        before = self.listed()[name]
        (self.folder / f"{name}.yaml").unlink()
        self.service.write("pipelines/renamed.yaml", "# said\n" + self.text(name) + "tests: {}\n")
        self.assertEqual(self.reload()["unchanged"], 1)
        after = self.listed()[name]
        self.assertTrue(after["file"].endswith("renamed.yaml"))
        self.assertEqual((after["version"], after["since"]), (1, before["since"]))

    def test_folder_that_is_away_stops_nothing(self):
        name = self.pipeline("steady")
        self.start(name)
        elsewhere = self.folder.with_name("elsewhere")
        self.folder.rename(elsewhere)
        self.hang_up()
        refused = lambda: json.loads(self.service.ask("/api/v1/pipelines")[1])["reload"]["refused"]
        self.assertIn("E1311", wait_for(refused, "the reload is refused"))
        self.assertEqual(self.service.metric("sluice_config_refused"), 1)
        self.produce()
        self.wait_for_rows(name)
        elsewhere.rename(self.folder)
        self.reload()
        self.assertIsNone(refused())
        self.assertEqual(self.listed()[name]["version"], 1)

    def test_changes_under_load_count_each_row_once_beside_a_neighbour_that_goes_on(self):
        name, neighbour = self.pipeline("loaded"), self.pipeline("neighbour")
        self.start(name, neighbour)
        self.produce()
        self.wait_for_rows(name)
        since = self.listed()[neighbour]["since"]
        is_over = threading.Event()

        def produce():
            while not is_over.is_set():
                self.produce(10)

        producer = threading.Thread(target=produce)
        producer.start()
        try:
            for edit in range(2, 6):
                epoch = self.epoch(neighbour)
                self.put(name, self.text(name, edit))
                self.reload()
                wait_for(lambda: self.epoch(neighbour) > epoch, "the neighbour's epochs go on")
                wait_for(lambda: self.read_by(name) > 0, "the new version reads rows")
        finally:
            is_over.set()
            producer.join()
        rows = self.wait_for_rows(name)
        self.assertEqual({row["edit"] for row in rows}, {1, 2, 3, 4, 5})
        self.wait_for_rows(neighbour)
        self.assertEqual(self.listed()[neighbour]["since"], since)
        self.assertEqual(self.listed()[name]["version"], 5)
        self.assertEqual(self.service.stop(), 0)

    def test_kill_in_the_middle_of_a_reload_loses_nothing(self):
        name = self.pipeline("killed")
        self.start(name)
        read, started = "reading the pipelines' files again", "its new version has started"
        ends = (read, "STOPP", "STOPPED", started)
        for edit, end in enumerate(ends, 2):
            self.produce()
            self.put(name, self.text(name, edit))
            first = len(self.service.lines())
            self.hang_up()
            said = lambda: any(
                line.get("state", "").startswith(end) or end in line["msg"]
                for line in self.service.lines()[first:]
            )
            wait_for(said, f"{end}, see {self.service.log}")
            self.service.abandon()
            self.produce()
            self.service.start()
            rows = self.wait_for_rows(name)
            self.assertEqual(max(row["edit"] for row in rows), edit)
        self.assertEqual(self.service.stop(), 0)

    def test_many_signals_beside_readers_end_at_what_the_folder_says(self):
        steady, coming = self.pipeline("steady"), self.pipeline("coming")
        self.start(steady)
        is_over = threading.Event()
        failures = []

        def read():
            while not is_over.is_set():
                for path in ("/metrics", "/readyz", f"/api/v1/pipelines/{coming}"):
                    if self.service.ask(path)[0] not in (200, 404, 503):
                        failures.append(path)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for edit in range(1, 31):
                if edit % 3 == 0:
                    (self.folder / f"{coming}.yaml").unlink()
                else:
                    self.put(coming, self.text(coming, edit))
                self.hang_up()
                if edit % 2:
                    self.hang_up()
                if edit % 10 == 0:
                    self.produce()
        finally:
            is_over.set()
            for reader in readers:
                reader.join()
        self.assertEqual(failures, [])
        self.put(coming, self.text(coming, 99))
        self.reload()
        self.produce()
        rows = self.wait_for_rows(coming)
        self.assertEqual(max(row["edit"] for row in rows), 99)
        self.wait_for_rows(steady)
        self.assertEqual(self.listed()[steady]["version"], 1)
        self.hang_up()
        self.assertEqual(self.service.stop(), 0)


if __name__ == "__main__":
    unittest.main()

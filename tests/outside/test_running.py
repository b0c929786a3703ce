"""`sluice run` in the foreground: its line of progress, as text and in the log, and its end by a
signal, and by a second one while the first cannot be obeyed."""

import datetime
import json
import os
import pathlib
import pty
import re
import signal
import socket
import threading
import time
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
    kafka: {{connection: kafka, topic: {name}}}
    format: json
    columns: {{id: bigint, at: timestamptz}}
    event_time: {{column: at, out_of_order: 10s}}
sinks:
  copies: {{from: orders, file: {{connection: disk, path: copies.jsonl}}, format: json}}
errors: {{on_error: fail}}
"""

TEXT = re.compile(
    r"^(?P<state>[A-Z]+) +(?P<rate>\d+) records/s  lag (?P<lag>\d+)  watermark (?P<watermark>.+?)"
    r"  checkpoint (?P<age>\S+) ago$",
    re.MULTILINE,
)
# Of the latest record, less `out_of_order`.
WATERMARK = "2024-01-01 00:00:49+00"

WINDOWS = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  disk: {{type: file, path: "${{env:WORK}}"}}
sources:
  orders:
    kafka: {{connection: kafka, topic: {name}}}
    format: json
    columns: {{id: bigint, at: timestamptz}}
    event_time: {{column: at, out_of_order: 10s}}
steps:
  by_minute:
    sql: |
      SELECT window_end, count(*) AS orders FROM TUMBLE(orders, at, INTERVAL '1 minute')
      GROUP BY window_end
sinks:
  minutes: {{from: by_minute, file: {{connection: disk, path: minutes.jsonl}}, format: json}}
errors: {{on_error: fail}}
"""

SILENT = """\
version: 1
pipeline: silent
connections:
  disk: {type: file, path: "${env:WORK}"}
  cache: {type: redis, url: "${env:REDIS}", timeout: 1h}
sources:
  orders:
    file: {connection: disk, path: orders.jsonl}
    format: json
    columns: {id: bigint, n: int}
sinks:
  cached: {from: orders, redis: {connection: cache, key: "silent:{id}"}, mode: append}
errors: {on_error: fail}
"""


def progress_lines(sluice):
    sluice.must_run()
    return [line for line in sluice.lines() if line["msg"] == "progress"]


def written_at(line):
    return datetime.datetime.fromisoformat(line["ts"].replace("Z", "+00:00")).timestamp()


class Progress(OutsideTest):
    def setUp(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "running", PIPELINE, topics=("{name}",))
        times = [f"2024-01-01T00:00:{second:02}Z" for second in range(60)]
        rows = [json.dumps({"id": id, "at": at}).encode() for id, at in enumerate(times)]
        servers.produce(self.name, rows)

    def test_a_line_a_second_in_the_log_while_something_moves(self):
        self.sluice.start()

        def lines():
            return progress_lines(self.sluice)

        wait_for(lambda: lines() and lines()[-1].get("watermark") == WATERMARK, "all has been read")
        wait_for(lambda: lines()[-1]["records_per_second"] == 0, "the line of the pause")
        count = len(lines())
        wait_for(lambda: time.time() - written_at(lines()[-1]) > 3, "silence while nothing moves")
        self.assertEqual(len(lines()), count)
        for line in lines():
            self.assertEqual((line["pipeline"], line["level"]), (self.name, "info"))
        last = lines()[-1]
        self.assertEqual((last["state"], last["lag_records"]), ("RUNNING", 0))
        self.assertIsInstance(last["checkpoint_age_s"], float)
        # The rates of all seconds together are what there was to read.
        self.assertEqual(sum(line["records_per_second"] for line in lines()), 60)
        self.assertEqual(self.sluice.stop(), 0)

    def test_a_line_a_second_as_text_on_a_terminal(self):
        terminal, its_end = pty.openpty()
        self.addCleanup(os.close, terminal)
        self.sluice.start(errors=its_end)
        os.close(its_end)
        said = bytearray()

        def keep_reading():
            try:
                while some := os.read(terminal, 4096):
                    said.extend(some)
            except OSError:
                return  # a terminal that nobody holds any more

        reader = threading.Thread(target=keep_reading)
        reader.start()

        def lines():
            self.assertIsNone(self.sluice.process.poll(), said.decode())
            return list(TEXT.finditer(said.decode().replace("\r", "")))

        # A line may show the watermark before the last records are counted.
        wait_for(lambda: sum(int(line["rate"]) for line in lines()) >= 60, "all has been read")
        wait_for(lambda: lines()[-1]["watermark"] == WATERMARK, "the watermark is shown")
        self.assertEqual(sum(int(line["rate"]) for line in lines()), 60)
        last = lines()[-1]
        self.assertEqual((last["state"], last["lag"]), ("RUNNING", "0"))
        self.assertRegex(last["age"], r"^\d+\.\ds$")
        self.sluice.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.sluice.process.wait(PATIENCE_S), 0)
        reader.join()


class Held(OutsideTest):
    """What a run leaves in its state is listed at its end."""

    def test_open_windows_are_listed_until_they_are_closed(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "held", WINDOWS, topics=("{name}",))
        sluice = self.sluice
        times = [f"2024-01-01T00:{second // 60:02}:{second % 60:02}Z" for second in range(100)]
        rows = [json.dumps({"id": id, "at": at}).encode() for id, at in enumerate(times)]
        servers.produce(self.name, rows)
        command = ("run", "pipeline.yaml", "--until", "now")
        status, said = sluice.run(*command)
        self.assertEqual(status, 0, said)
        # The first minute was sent when the watermark passed it.
        self.assertIn(
            "held in state, for the next start:\n"
            "  by_minute window_aggregate: groups of 40 rows\n",
            said,
        )
        status, said = sluice.run(*command, "--json")
        self.assertEqual(status, 0, said)
        envelope = json.loads(said.splitlines()[-1])
        held = [{"step": "by_minute", "operator": "window_aggregate", "rows": 40}]
        self.assertEqual(envelope["result"]["held"], held)
        self.assertNotIn("held in state", sluice.run(*command, "-q")[1])
        status, said = sluice.run(*command, "--close")
        self.assertEqual((status, "held in state" in said), (0, False), said)


class NeverBegan(OutsideTest):
    """A run that found no topic leaves nothing behind that keeps another folder from the target."""

    def test_another_state_folder_may_come(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "never_began", PIPELINE)
        sluice = self.sluice
        status, said = sluice.run("run", "pipeline.yaml", "--until", "now", "--state-dir", "first")
        self.assertEqual(status, 3, said)
        servers.create_topic(self.name)
        status, said = sluice.run("run", "pipeline.yaml", "--until", "now", "--state-dir", "second")
        self.assertEqual(status, 0, said)


class LagTools(OutsideTest):
    """The offsets of the pipeline's consumer group are those of its last checkpoint."""

    def setUp(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "lag_tools", topics=("{name}",))
        self.write("100ms")
        self.produce()

    def write(self, interval):
        self.sluice.write(PIPELINE.format(name=self.name).replace("100ms", interval))

    def produce(self):
        self.servers.produce(self.name, [b'{"id": 1, "at": "2024-01-01T00:00:00Z"}'] * 60)

    def committed(self):
        return self.servers.committed(f"sluice.{self.name}", self.name)

    def start_and_read_sixty(self, log):
        self.sluice.log = self.sluice.work / log
        self.sluice.start()

        def are_read():
            lines = progress_lines(self.sluice)
            return sum(line["records_per_second"] for line in lines) == 60

        wait_for(are_read, "all records are read")

    def kill(self):
        self.sluice.process.send_signal(signal.SIGKILL)
        self.sluice.process.wait(PATIENCE_S)

    def test_a_run_that_ends_leaves_how_far_it_has_read(self):
        status, said = self.sluice.run("run", "pipeline.yaml", "--until", "now")
        self.assertEqual(status, 0, said)
        self.assertEqual(self.committed(), 60)

    def test_what_is_read_counts_when_it_is_decided_whether_the_run_is_stopped_or_killed(self):
        self.sluice.start()
        wait_for(lambda: self.committed() == 60, "the first records are decided")
        self.kill()
        self.assertEqual(self.committed(), 60)

        self.write("1h")
        self.produce()
        self.start_and_read_sixty("second.log")
        self.assertEqual(self.committed(), 60)
        self.kill()
        self.assertEqual(self.committed(), 60)
        self.start_and_read_sixty("third.log")
        self.assertEqual(self.sluice.stop(), 0)
        self.assertEqual(self.committed(), 120)


class SecondSignal(OutsideTest):
    """Redis accepts and never answers: the first signal cannot be obeyed at once."""

    def setUp(self):
        server = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        server.settimeout(PATIENCE_S)
        self.server = server
        self.sluice = self.make_sluice({"REDIS": address})
        self.sluice.write(SILENT)
        self.sluice.write('{"id": 1, "n": 2}\n', "orders.jsonl")

    def accept(self):
        try:
            self.enterContext(self.server.accept()[0])
        except TimeoutError:
            self.sluice.must_run()
            raise

    def signal(self, number):
        """Sends it and waits until the process has taken it: two may not become one."""
        process = self.sluice.process
        process.send_signal(number)
        status = pathlib.Path(f"/proc/{process.pid}/status")

        def is_taken():
            if process.poll() is not None:
                return True
            pending = re.search(r"^ShdPnd:\s*(\w+)$", status.read_text(), re.MULTILINE)[1]
            return not int(pending, 16) & 1 << (number - 1)

        wait_for(is_taken, "the signal is taken")

    def test_a_second_signal_ends_the_process_at_once_with_143(self):
        # Whoever runs the tests may ignore it, which is inherited.
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        for first, second in (
            (signal.SIGTERM, signal.SIGTERM),
            (signal.SIGINT, signal.SIGTERM),
            (signal.SIGHUP, signal.SIGTERM),
        ):
            with self.subTest(f"{first.name}, {second.name}"):
                self.sluice.start()
                self.accept()
                self.signal(first)
                self.assertIsNone(self.sluice.process.poll(), "the first only asks")
                self.signal(second)
                self.assertEqual(self.sluice.process.wait(PATIENCE_S), 143)

    def test_a_verb_that_keeps_nothing_ends_at_the_first_signal(self):
        self.sluice.start(verb=("validate", "--env"))
        self.accept()
        self.sluice.process.send_signal(signal.SIGINT)
        self.assertEqual(self.sluice.process.wait(PATIENCE_S), -signal.SIGINT)


if __name__ == "__main__":
    unittest.main()

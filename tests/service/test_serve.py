"""`sluice serve` over pipelines of files: no server needed."""

import json
import signal
import socket
import time
import unittest

from .service import ServiceTest, file_pipeline, wait_for

ROWS = [{"id": number, "amount": number} for number in range(5)]


class ServeTest(ServiceTest):
    def add(self, name, text=None, rows=ROWS, **options):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        self.service.write(f"data/{name}.jsonl", lines)
        self.service.write(f"pipelines/{name}.yaml", text or file_pipeline(name, **options))

    def written(self, name):
        text = (self.service.work / "data" / f"{name}_out.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def test_pipelines_run_to_their_end_and_are_counted(self):
        self.add("first")
        self.add("second")
        self.service.start()
        for name in ("first", "second"):
            self.service.wait_for_state(name, "FINISHED")
            self.assertEqual(self.written(name), ROWS[2:])
        self.assertEqual(self.service.ask("/readyz")[0], 200)
        self.assertEqual(self.service.ask("/healthz")[0], 200)
        metric = self.service.metric
        self.assertEqual(metric("sluice_records_in_total", pipeline="first", step="orders"), 5)
        self.assertEqual(metric("sluice_records_dropped_total", pipeline="first"), 2)
        self.assertEqual(metric("sluice_pipeline_state", pipeline="first", state="FINISHED"), 1)
        self.assertGreaterEqual(
            metric("sluice_checkpoint_duration_seconds_count", pipeline="first"), 1
        )
        self.assertEqual(self.service.stop(), 0)

    def test_file_with_errors_is_reported_and_leaves_others_alone(self):
        self.add("good")
        self.add("wrong", file_pipeline("wrong").replace("amount > 1", "amont > 1"))
        self.service.start()
        self.service.wait_for_state("good", "FINISHED")
        self.assertEqual(self.written("good"), ROWS[2:])
        status, body = self.service.ask("/readyz")
        self.assertEqual((status, json.loads(body)["ready"]), (503, False))
        state, cause = self.service.state("wrong")
        self.assertEqual(state, "FAILED")
        self.assertRegex(cause, r"wrong\.yaml:\d+:\d+ E2104 .*amont")
        self.assertEqual(self.service.stop(), 0)

    def test_pipeline_that_fails_names_its_cause_and_leaves_others_alone(self):
        self.add("good")
        self.add("bad", rows=[{"id": "no number", "amount": 2}], on_error="fail")
        self.service.start()
        self.service.wait_for_state("bad", "FAILED")
        self.service.wait_for_state("good", "FINISHED")
        self.assertIn("E3", self.service.state("bad")[1])
        self.assertEqual(self.service.ask("/readyz")[0], 503)
        self.assertEqual(self.service.ask("/healthz")[0], 200)
        self.assertEqual(self.service.metric("sluice_pipeline_state", state="FAILED"), 1)
        self.assertEqual(self.service.stop(), 0)

    def test_second_file_of_one_name_is_refused(self):
        self.add("a", file_pipeline("a"))
        self.add("b", file_pipeline("a"))
        self.service.start()
        self.service.wait_for_state("a", "FINISHED")
        state, cause = self.service.state("b")
        self.assertEqual(state, "FAILED")
        self.assertRegex(cause, r"b\.yaml:2:11 E1305 .*a\.yaml has a pipeline named a too")
        (refused,) = (line for line in self.service.lines() if line["msg"] == "pipeline is refused")
        self.assertEqual((refused["code"], refused["pipeline"]), ("E1305", "b"))
        self.assertTrue(refused["place"].endswith("b.yaml:2:11"), refused)

    def test_second_pipeline_that_writes_one_file_is_refused(self):
        self.add("a")
        self.add("b", file_pipeline("b").replace("b_out.jsonl", "a_out.jsonl"))
        self.service.start()
        self.service.wait_for_state("a", "FINISHED")
        state, cause = self.service.state("b")
        self.assertEqual(state, "FAILED")
        self.assertRegex(cause, r"E1305 file .*a_out\.jsonl is written by sink out of pipeline a")
        self.assertEqual(self.written("a"), ROWS[2:])

    def test_wrong_tests_and_files_of_another_ending_are_warned_of(self):
        self.add("a", file_pipeline("a") + "tests: {}\n")
        self.service.write("pipelines/b.yml", file_pipeline("b"))
        self.service.start()
        self.service.wait_for_state("a", "FINISHED")
        self.assertEqual(self.service.ask("/readyz")[0], 200)
        warned = {line["code"] for line in self.service.lines() if line["level"] == "warning"}
        self.assertEqual(warned, {"E1303", "E1311"})

    def test_the_end_of_its_terminal_does_not_end_it(self):
        self.add("first")
        self.service.start()
        self.service.wait_for_state("first", "FINISHED")
        self.service.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.service.ask("/readyz")[0], 200)
        self.assertEqual(self.service.stop(), 0)

    def test_included_file_is_no_pipeline(self):
        head, step = file_pipeline("parted").split("steps:\n")
        step, sinks = step.split("sinks:\n")
        self.service.write("pipelines/large.yaml", "version: 1\nsteps:\n" + step)
        self.add("parted", head + "include: [large.yaml]\nsinks:\n" + sinks)
        self.service.start()
        self.service.wait_for_state("parted", "FINISHED")
        self.assertEqual(self.service.ask("/readyz")[0], 200)

    def test_api_tells_of_one_and_of_all(self):
        self.add("first")
        self.service.start()
        self.service.wait_for_state("first", "FINISHED")
        status, body = self.service.ask("/api/v1/pipelines")
        self.assertEqual((status, len(json.loads(body)["pipelines"])), (200, 1))
        status, body = self.service.ask("/api/v1/pipelines/first")
        self.assertEqual((status, json.loads(body)["state"]), (200, "FINISHED"))
        self.assertEqual(self.service.ask("/api/v1/pipelines/none")[0], 404)
        self.assertEqual(self.service.ask("/../etc/passwd")[0], 404)

    def test_requests_of_others_are_refused(self):
        self.add("first")
        self.service.start()
        ask = self.service.ask
        self.assertEqual(ask("/metrics", headers={"Host": "example.com"})[0], 403)
        self.assertEqual(ask("/metrics", headers={"Origin": "http://example.com"})[0], 403)
        self.assertEqual(ask("/metrics", headers={"Origin": "http://localhost:1"})[0], 200)
        self.assertEqual(ask("/metrics", method="POST")[0], 405)
        self.assertEqual(ask("/metrics", method="DELETE")[0], 405)
        self.assertEqual(ask("/" + "x" * 20_000)[0], 414)

    def test_silent_connections_hold_up_neither_requests_nor_the_end(self):
        self.add("first")
        self.service.start()
        began = time.monotonic()
        for _ in range(20):
            silent = socket.create_connection(("127.0.0.1", self.service.port), timeout=5)
            self.addCleanup(silent.close)
        self.assertEqual(self.service.ask("/healthz", timeout=30)[0], 200)
        self.assertEqual(self.service.stop(), 0)
        self.assertLess(time.monotonic() - began, 45)

    def test_unix_socket_answers_also_after_a_kill(self):
        self.add("first")
        path = str(self.service.work / "http.sock")
        for _ in range(2):
            self.service.start(listen="unix:" + path)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(path)
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))
            self.service.abandon()

    def test_folder_without_any_valid_pipeline_does_not_start(self):
        status, text = self.service.run_to_end()
        self.assertEqual(status, 2)
        self.assertIn("E1311", text)
        self.assertIn("holds no pipeline file", text)
        self.add("wrong", "version: 1\n")
        status, text = self.service.run_to_end()
        self.assertEqual(status, 2)
        self.assertIn("E1311", text)
        self.assertIn("wrong.yaml", text)

    def test_address_that_is_open_to_others_or_taken_does_not_start(self):
        self.add("first")
        status, text = self.service.run_to_end("--listen", "0.0.0.0:7117")
        self.assertEqual(status, 2)
        self.assertIn("TLS", text)
        self.service.start()
        status, text = self.service.run_to_end("--listen", f"127.0.0.1:{self.service.port}")
        self.assertEqual(status, 3, text)
        self.assertIn("E4502", text)

    def test_settings_are_read_from_the_file(self):
        self.add("first")
        self.service.write("sluice.yaml", "http: {listen: '127.0.0.1:99999'}\nlgo: {}\n")
        status, text = self.service.run_to_end("--config", self.service.work / "sluice.yaml")
        self.assertEqual(status, 2)
        self.assertIn("sluice.yaml:1:16", text)
        self.assertIn("E1302", text)

    def test_service_manager_is_told(self):
        self.add("first")
        path = str(self.service.work / "notify.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(path)
            notices.settimeout(20)
            self.service.environment["NOTIFY_SOCKET"] = path
            self.service.start()
            heard = set()
            wait_for(
                lambda: heard.add(notices.recv(1000))
                or {b"READY=1", b"WATCHDOG=1", b"STATUS=1 pipeline: 1 FINISHED"} <= heard,
                "READY, WATCHDOG and STATUS are sent",
            )
            self.assertEqual(self.service.stop(), 0)
            wait_for(lambda: notices.recv(1000) == b"STOPPING=1", "STOPPING is sent")


if __name__ == "__main__":
    unittest.main()

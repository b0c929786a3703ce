"""Clients that hurt: none keeps the service from others, from its bounds or from its end."""

import socket
import stat
import time
import unittest

from .service import ServiceTest, file_pipeline, wait_for

STOP_S = 2
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
PIECE = b"X-Filler: " + b"x" * 1000 + b"\r\n"


class ClientsTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.service.write("data/a.jsonl", "")
        self.service.write("pipelines/a.yaml", file_pipeline("a"))

    def connect(self, first_bytes=b""):
        client = socket.create_connection(("127.0.0.1", self.service.port), timeout=10)
        self.addCleanup(client.close)
        client.sendall(first_bytes)
        return client

    def is_healthy(self):
        self.assertEqual(self.service.ask("/healthz", timeout=2), (200, "ok\n"))

    def ask_raw(self, request):
        """All that the service answers until it closes."""
        client = self.connect(request)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        return answer

    def end_of(self, client):
        """After how many seconds the service has closed, whatever is sent meanwhile."""
        began = time.monotonic()
        client.settimeout(0.05)

        def is_closed():
            try:
                client.sendall(b"x")
                return client.recv(1) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        wait_for(is_closed, "the service closes the connection")
        return time.monotonic() - began

    def test_headers_without_end_are_cut_off(self):
        self.service.start()
        client = self.connect(HEAD)
        sent = 0
        try:
            while sent < 64 << 20:
                client.sendall(PIECE)
                sent += len(PIECE)
        except OSError:
            pass
        self.assertLess(sent, 64 << 20)
        self.is_healthy()

    def test_one_large_request_is_refused(self):
        self.service.start()
        answer = self.ask_raw(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n")
        self.assertRegex(answer, b"^HTTP/1.1 4(14|31) |^$")
        self.is_healthy()

    def test_clients_that_never_end_a_request_keep_nobody_waiting(self):
        self.service.start()
        slow = [self.connect(HEAD + b"X-Slow: ") for _ in range(300)]
        for client in slow[-20:]:
            client.sendall(b"x")
        self.is_healthy()
        began = time.monotonic()
        self.assertEqual(self.service.stop(), 0)
        self.assertLess(time.monotonic() - began, STOP_S)

    def test_client_that_sends_a_byte_at_a_time_is_closed(self):
        self.service.start()
        self.assertLess(self.end_of(self.connect(HEAD + b"X-Slow: ")), 9)

    def test_client_that_reads_no_answer_keeps_nobody_waiting(self):
        self.service.start()
        for _ in range(100):
            self.connect(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.is_healthy()
        began = time.monotonic()
        self.assertEqual(self.service.stop(), 0)
        self.assertLess(time.monotonic() - began, STOP_S)

    def test_ranges_are_ignored(self):
        self.service.start()
        for ranges in ("bytes=0-0", "bytes=" + "0-0," * 500 + "1-1", "bytes=9-1", "rubbish"):
            answer = self.service.ask("/healthz", headers={"Range": ranges})
            self.assertEqual(answer, (200, "ok\n"))

    def test_a_host_is_named_once_and_is_this_machine(self):
        self.service.start()
        for hosts in (b"Host: a.example\r\n", b"Host: localhost\r\nhost: localhost\r\n"):
            answer = self.ask_raw(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 403 "), answer)
        answer = self.ask_raw(b"GET /healthz HTTP/1.1\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 40"), answer)

    def test_a_body_and_other_methods_are_refused(self):
        self.service.start()
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            self.assertEqual(self.service.ask("/healthz", method=method)[0], 405)
        body = b"Content-Length: 1000000\r\n\r\n" + b"x" * 10_000
        self.assertNotIn(b" 200 ", self.ask_raw(HEAD + body))
        self.assertEqual(self.service.ask("/healthz", method="HEAD"), (200, ""))

    def test_unix_socket_is_for_its_owner_and_group(self):
        path = self.service.work / "http.sock"
        self.service.start(listen=f"unix:{path}")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o660)
        self.assertEqual(self.service.stop(), 0)
        self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main()

"""A running `sluice serve` over one pipeline file, asked through a Unix socket."""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from .process import BenchError

PATIENCE_S = 120
# Between two questions; what is waited for may have been there this long.
POLL_S = 0.002


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class Daemon:
    def __init__(self, context, folder, pipeline):
        self._folder = folder
        self._socket = folder / "socket"
        self.log = folder / "log"
        self.state = folder / "state"
        self.name_space = context.unique_name("bench")
        self._environment = os.environ | context.servers.addresses
        pipelines = folder / "pipelines"
        pipelines.mkdir()
        shutil.copy(pipeline, pipelines)
        self._command = [context.sluice, "serve", pipelines, "--state-dir", self.state]
        self._command += ["--namespace", self.name_space, "--listen", f"unix:{self._socket}"]
        self._process = None
        self._started = 0.0

    def start(self):
        self._socket.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self._started = time.monotonic()
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stderr=log
            )

    def seconds_until(self, is_reached, what):
        """From the start of the process until `is_reached()`."""
        while True:
            reached, now = is_reached(), time.monotonic()
            if reached:
                return now - self._started
            if self._process.poll() is not None or now > self._started + PATIENCE_S:
                raise BenchError(f"sluice serve did not reach: {what}; see {self.log}")
            time.sleep(POLL_S)

    def metrics(self):
        """[(name with labels, value)]; empty while nothing answers."""
        lines = self._ask("/metrics")[1].splitlines()
        samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return [(series, float(value)) for series, _, value in samples if series]

    def metric(self, name, **labels):
        """The sum of the series of this name that have these labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(
            value
            for series, value in self.metrics()
            if series.partition("{")[0] == name and all(label in series for label in wanted)
        )

    def is_ready(self):
        return self._ask("/readyz")[0] == http.HTTPStatus.OK

    def _ask(self, path):
        """(status, body); (0, "") while nothing answers."""
        connection = _Connection(self._socket)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def status(self, name):
        """A line of /proc/PID/status in bytes, of those in kB."""
        text = pathlib.Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith(name + ":"))
        return int(line.split()[1]) * 1024

    def cpu_s(self):
        """User and system time so far."""
        text = pathlib.Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        if self._process.wait(PATIENCE_S) != 0:
            raise BenchError(f"sluice serve did not stop well, see {self.log}")

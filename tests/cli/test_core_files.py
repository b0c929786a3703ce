"""The memory of a process holds secrets: it leaves no core file, and nobody may read it."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

from support.waiting import PATIENCE_S, wait_for

NOBODY = 65534
PIPELINE = """\
version: 1
pipeline: idle
connections: {disk: {type: file, path: .}}
sources: {rows: {file: {connection: disk, path: rows.jsonl}, format: json, columns: {id: text}}}
sinks: {out: {from: rows, file: {connection: disk, path: out.jsonl}, format: json}}
errors: {on_error: fail}
"""


class CoreFiles(unittest.TestCase):
    """Of a service that idles; as root it is started as another user, whom /proc then names as
    the owner of a process that may be read."""

    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.user = NOBODY if os.getuid() == 0 else os.getuid()
        (self.work / "pipelines").mkdir()
        (self.work / "pipelines/idle.yaml").write_text(PIPELINE, encoding="utf-8")
        (self.work / "rows.jsonl").write_text("", encoding="utf-8")
        self.binary = self.work / "sluice"
        shutil.copy(os.environ["SLUICE_BINARY"], self.binary)
        for path in (self.work, *self.work.rglob("*")):
            os.chown(path, self.user, -1)

    def start(self, **variables):
        """A process that has come as far as listening, with the limits of whoever wants a core."""
        log = open(self.work / "log", "wb")
        self.addCleanup(log.close)
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        process = subprocess.Popen(
            [self.binary, "serve", "pipelines", "--listen", "127.0.0.1:0"],
            cwd=self.work,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stderr=log,
            user=self.user if os.getuid() == 0 else None,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        listens = lambda: "address" in (self.work / "log").read_text(encoding="utf-8")  # noqa: E731
        wait_for(listens, "the service listens")
        return process

    def core_limit(self, process):
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        return line.split()[4:6]

    def test_a_process_cannot_be_dumped_or_read(self):
        process = self.start()
        self.assertEqual(self.core_limit(process), ["0", "0"])
        self.assertEqual(os.stat(f"/proc/{process.pid}/mem").st_uid, 0)
        process.send_signal(signal.SIGABRT)
        self.assertEqual(process.wait(PATIENCE_S), -signal.SIGABRT)
        self.assertEqual(list(self.work.glob("core*")), [])

    def test_it_can_where_that_is_wanted(self):
        process = self.start(SLUICE_CORE_FILES="1")
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        limit = "unlimited" if hard == resource.RLIM_INFINITY else str(hard)
        # The other limit is lowered by sanitizers.
        self.assertEqual(self.core_limit(process)[1], limit)
        self.assertEqual(os.stat(f"/proc/{process.pid}/mem").st_uid, self.user)


if __name__ == "__main__":
    unittest.main()

"""A running `sluice serve`, for the demo: start, SIGKILL, start again, SIGTERM."""

import signal
import subprocess
import time

STOP_TIMEOUT_S = 60


class EngineError(Exception):
    """The engine did something that it must not do; the text says what, and where its log is."""


class Engine:
    """One process at a time over one folder of pipelines and one state folder. All lives append to
    one log."""

    def __init__(self, binary, pipelines, work, environment):
        self.binary = str(binary)
        self.log = work / "sluice.log"
        self.state = work / "state"
        self.kills = 0
        self._pipelines = pipelines
        self._environment = environment
        self._process = None

    def start(self):
        command = [self.binary, "serve", str(self._pipelines), "--state-dir", str(self.state)]
        command += ["--listen", "127.0.0.1:0"]
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def must_run(self):
        """Raises when the process has ended by itself."""
        status = self._process.poll()
        if status is not None:
            raise EngineError(f"sluice serve ended by itself with {status}, see {self.log}")

    def kill(self):
        """SIGKILL, as a crash of the machine's worst kind; nothing is told to the process."""
        self.must_run()
        self._process.kill()
        self._process.wait()
        self.kills += 1

    def stop(self):
        """SIGTERM; the final checkpoint and its publishing must end with status 0."""
        self.must_run()
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(STOP_TIMEOUT_S)
        if status != 0:
            raise EngineError(f"sluice serve ended with {status} after SIGTERM, see {self.log}")

    def close_windows(self, pipeline):
        """Runs the stopped pipeline once more to its end, closing every window."""
        command = [self.binary, "run", str(pipeline), "--state-dir", str(self.state)]
        with open(self.log, "ab") as log:
            done = subprocess.run(
                [*command, "--until", "now", "--close"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=STOP_TIMEOUT_S,
                check=False,
            )
        if done.returncode != 0:
            raise EngineError(f"sluice run --close ended with {done.returncode}, see {self.log}")

    def abandon(self):
        """Leaves no process behind, whatever happened."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def crash_until(self, finished, pause):
        """Kills and restarts at intervals drawn from `pause()` seconds until `finished()`."""
        while not finished():
            deadline = time.monotonic() + pause()
            while time.monotonic() < deadline and not finished():
                self.must_run()
                time.sleep(0.05)
            if not finished():
                self.kill()
                self.start()

"""A folder of running servers: a subfolder each with data, log and ports, and one file `env`.

Commands on one folder take its lock, so two of them never start the same server twice.
"""
import contextlib
import dataclasses
import fcntl
import json
import pathlib
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from servers import kafka, postgres, redis
from servers.ports import free_port
from servers.process import Process, kill, spawn, stop

KINDS = {kind.NAME: kind for kind in (kafka, postgres, redis)}
START_ATTEMPTS = 5
STOP_TIMEOUT_S = 20
DELETE_ATTEMPTS = 5
# Marks a folder whose guard lives.
GUARDED = "guarded"


class ServerError(Exception):
    pass


class ServerFolder:
    def __init__(self, path: pathlib.Path):
        self.path = path.resolve()

    @contextlib.contextmanager
    def locked(self):
        self.path.mkdir(parents=True, exist_ok=True)
        with open(self.path / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def mark_guarded(self) -> None:
        with self.locked():
            (self.path / GUARDED).touch()

    def start(self, names: list[str], must_be_guarded: bool = False) -> None:
        """Starts those that do not run, on the ports they had, and waits until each answers.

        A guard whose test was killed may have deleted the folder just before: nobody would end what
        is started then."""
        with self.locked(), ThreadPoolExecutor(len(names)) as pool:
            if must_be_guarded and not (self.path / GUARDED).exists():
                if not any((self.path / name).exists() for name in KINDS):
                    self._delete()
                raise ServerError(f"nobody guards {self.path}")
            for started in [pool.submit(self._start_one, name) for name in names]:
                started.result()
            self._write_env()

    def stop(self, names: list[str]) -> None:
        with self.locked(), ThreadPoolExecutor(len(names)) as pool:
            for stopped in [pool.submit(self._stop_one, name) for name in names]:
                stopped.result()

    def restart(self, names: list[str]) -> None:
        self.stop(names)
        self.start(names)

    def signal(self, names: list[str], number: int) -> None:
        with self.locked():
            for name in names:
                process = self.process(name)
                if process is None:
                    raise ServerError(f"{name} does not run in {self.path}")
                if number == signal.SIGKILL:
                    kill(process)
                else:
                    process.signal_tree(number)

    def remove(self) -> None:
        """Kills what runs, for the data goes too, and deletes the folder."""
        if not self.path.exists():
            return
        with self.locked():
            for name in KINDS:
                process = self.process(name)
                if process is not None:
                    kill(process)
            self._delete()

    def _delete(self) -> None:
        """Another cleaner, or the last thread of a server that dies, may still be in the folder."""
        for _ in range(DELETE_ATTEMPTS):
            if not self.path.exists():
                return
            shutil.rmtree(self.path, ignore_errors=True)
        if self.path.exists():
            shutil.rmtree(self.path)

    def process(self, name: str) -> Process | None:
        """The running process of a server, or none."""
        state = self._read_state(name)
        if "pid" not in state:
            return None
        process = Process(state["pid"], state["start_ticks"])
        return process if process.is_alive() else None

    def environment(self) -> dict[str, str]:
        """Where each server answers, or will again after a stop: the ports stay."""
        values = {}
        for name, kind in KINDS.items():
            state = self._read_state(name)
            if state:
                values |= kind.environment(self.path / name, state["ports"])
        return values

    def _start_one(self, name: str) -> None:
        if self.process(name) is not None:
            return
        kind, folder = KINDS[name], self.path / name
        folder.mkdir(exist_ok=True)
        known_ports = self._read_state(name).get("ports", {})
        for _ in range(START_ATTEMPTS):
            ports = {port: known_ports.get(port) or free_port() for port in kind.PORTS}
            kind.prepare(folder, ports)
            process = spawn(kind.command(folder, ports), self._log(name), folder)
            self._write_state(name, dataclasses.asdict(process) | {"ports": ports})
            if self._await_ready(kind, folder, ports, process):
                return
            kill(process)
        raise ServerError(
            f"{name} does not start; the end of {self._log(name)}:\n{self._log_end(name)}")

    def _await_ready(self, kind, folder: pathlib.Path, ports: dict, process: Process) -> bool:
        """False when the process ends first, as it does when another took one of its ports."""
        deadline = time.monotonic() + kind.READY_TIMEOUT_S
        while process.is_alive():
            if process.listens_on(ports[kind.PORTS[0]]) and kind.answers(folder, ports):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.03)
        return False

    def _stop_one(self, name: str) -> None:
        process = self.process(name)
        if process is not None:
            stop(process, KINDS[name].STOP_SIGNAL, STOP_TIMEOUT_S)

    def _write_env(self) -> None:
        lines = [f"export {key}='{value}'\n" for key, value in self.environment().items()]
        being_made = self.path / "env.new"
        being_made.write_text("".join(lines))
        being_made.rename(self.path / "env")

    def _read_state(self, name: str) -> dict:
        try:
            return json.loads((self.path / name / "process.json").read_text())
        except FileNotFoundError:
            return {}

    def _write_state(self, name: str, state: dict) -> None:
        (self.path / name / "process.json").write_text(json.dumps(state))

    def _log(self, name: str) -> pathlib.Path:
        return self.path / name / "server.log"

    def _log_end(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join(lines[-20:])

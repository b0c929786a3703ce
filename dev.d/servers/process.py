"""A server process that outlives the script that started it, known by its id and its start time."""
import contextlib
import dataclasses
import os
import pathlib
import signal
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Process:
    pid: int
    start_ticks: int

    def is_alive(self) -> bool:
        return _start_ticks(self.pid) == self.start_ticks

    def signal(self, number: int) -> None:
        """Signals this process only if it is still the one that was started."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(self.pid, number)

    def descendants(self) -> list["Process"]:
        parents = {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                stat = _stat(int(entry.name))
                if stat:
                    child = Process(int(entry.name), int(stat[19]))
                    parents.setdefault(int(stat[1]), []).append(child)
        found, to_visit = [], [self.pid]
        while to_visit:
            children = parents.get(to_visit.pop(), [])
            found += children
            to_visit += [child.pid for child in children]
        return found

    def signal_tree(self, number: int) -> None:
        for process in [self, *self.descendants()]:
            process.signal(number)

    def wait_until_dead(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while self.is_alive():
            if time.monotonic() > deadline:
                return False
            _reap(self.pid)
            time.sleep(0.01)
        return True

    def listens_on(self, port: int) -> bool:
        """True when this very process holds the listening socket, and not another on the port."""
        inodes = _listening_inodes(port)
        if not inodes:
            return False
        try:
            for fd in os.scandir(f"/proc/{self.pid}/fd"):
                if os.readlink(fd.path) in inodes:
                    return True
        except OSError:
            return False
        return False


def spawn(command: list[str], log: pathlib.Path, cwd: pathlib.Path) -> Process:
    with open(log, "ab") as out:
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.STDOUT, start_new_session=True)
    return Process(child.pid, _start_ticks(child.pid) or 0)


def stop(process: Process, number: int, timeout_s: float) -> None:
    """Asks with the signal; a server that does not end in time is killed with its children."""
    process.signal(signal.SIGCONT)
    process.signal(number)
    if not process.wait_until_dead(timeout_s):
        kill(process)


def kill(process: Process) -> None:
    """Ends the process and its children at once, as a crash of the machine would."""
    tree = [process, *process.descendants()]
    for member in tree:
        member.signal(signal.SIGKILL)
    for member in tree:
        member.wait_until_dead(timeout_s=10)


def _stat(process: int | str) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on. The name before them may hold spaces."""
    try:
        text = pathlib.Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def _has_living_thread(pid: int) -> bool:
    """The last thread to die closes the sockets, and the first one may be dead before it."""
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            stat = _stat(f"{pid}/task/{thread}")
            if stat and stat[0] not in "ZX":
                return True
    return False


def _start_ticks(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[19]) if stat and _has_living_thread(pid) else None


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # Started by an earlier command, so init reaps it.


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = pathlib.Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return inodes

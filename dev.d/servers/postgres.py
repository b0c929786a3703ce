"""A PostgreSQL server with a superuser and a database called sluice, and a random password."""
import functools
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import subprocess

NAME = "postgres"
PORTS = ("port",)
STOP_SIGNAL = signal.SIGINT
READY_TIMEOUT_S = 60
SERVER_USER = "postgres"

# These make a crash of the server lose nothing, as in production, and the start quick.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "log_min_messages": "warning",
}


@functools.cache
def program(name: str) -> str:
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
                       key=lambda path: float(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise RuntimeError(f"PostgreSQL's {name} is not installed: run ./dev setup")
    return found


def prepare(folder: pathlib.Path, ports: dict[str, int]) -> None:
    data = folder / "data"
    if data.exists():
        # Left by a crash. The caller knows that the server is dead; the server's own check would
        # take a dead process that nobody has reaped for a living one.
        (data / "postmaster.pid").unlink(missing_ok=True)
        return
    _write_private(folder / "password", secrets.token_hex(16) + "\n")
    being_made = folder / "data.new"
    shutil.rmtree(being_made, ignore_errors=True)
    being_made.mkdir(mode=0o700)
    _give_to_server_user(being_made)
    _run([program("initdb"), "-D", str(being_made), "-U", "sluice",
          f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--no-sync",
          "--encoding=UTF8", "--locale=C.UTF-8"])
    _run([program("postgres"), "--single", "-F", "-D", str(being_made), "postgres"],
         "CREATE DATABASE sluice\n")
    being_made.rename(data)


def command(folder: pathlib.Path, ports: dict[str, int]) -> list[str]:
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    return [*_as_server_user(), program("postgres"), "-D", str(folder / "data"),
            "-p", str(ports["port"]), *settings]


def answers(folder: pathlib.Path, ports: dict[str, int]) -> bool:
    check = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(ports["port"]),
             "-d", "sluice"]
    return subprocess.run(check, stdin=subprocess.DEVNULL).returncode == 0


def environment(folder: pathlib.Path, ports: dict[str, int]) -> dict[str, str]:
    password = (folder / "password").read_text().strip()
    _write_private(folder / "pgpass", f"127.0.0.1:{ports['port']}:*:sluice:{password}\n")
    return {
        "PG_HOST": "127.0.0.1",
        "PG_PORT": str(ports["port"]),
        "PG_USER": "sluice",
        "PG_DATABASE": "sluice",
        "PG_PASSWORD_FILE": str(folder / "password"),
        "PGPASSFILE": str(folder / "pgpass"),
        "PG_DSN": f"host=127.0.0.1 port={ports['port']} user=sluice dbname=sluice",
    }


def _as_server_user() -> list[str]:
    """The server refuses to run as root. Its user keeps one capability, to reach root's folders."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups",
            "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def _give_to_server_user(path: pathlib.Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam(SERVER_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _write_private(path: pathlib.Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)


def _run(arguments: list[str], standard_input: str = "") -> None:
    done = subprocess.run([*_as_server_user(), *arguments], input=standard_input, text=True,
                          cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed:\n{done.stdout}")

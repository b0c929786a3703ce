"""A Redis server that keeps what it acknowledged and never evicts a key."""
import pathlib
import signal
import socket

NAME = "redis"
PORTS = ("port",)
STOP_SIGNAL = signal.SIGTERM
READY_TIMEOUT_S = 20


def prepare(folder: pathlib.Path, ports: dict[str, int]) -> None:
    (folder / "data").mkdir(exist_ok=True)


def command(folder: pathlib.Path, ports: dict[str, int]) -> list[str]:
    return ["redis-server", "--bind", "127.0.0.1", "--port", str(ports["port"]),
            "--dir", str(folder / "data"), "--appendonly", "yes", "--save", "",
            "--maxmemory-policy", "noeviction", "--loglevel", "warning"]


def answers(folder: pathlib.Path, ports: dict[str, int]) -> bool:
    """A server that still loads its file answers with an error instead of PONG."""
    try:
        with socket.create_connection(("127.0.0.1", ports["port"]), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def environment(folder: pathlib.Path, ports: dict[str, int]) -> dict[str, str]:
    return {"REDIS_ADDR": f"127.0.0.1:{ports['port']}"}

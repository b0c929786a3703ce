"""Free loopback ports for servers."""
import random
import socket

# Below the range from which the kernel takes the ports of outgoing connections, so that a server
# which is stopped for a while finds its port free again.
FIRST, LAST = 20000, 32000


def free_port() -> int:
    """A port that nothing listens on now. Another process may take it first: callers try again."""
    for _ in range(1000):
        port = random.SystemRandom().randint(FIRST, LAST)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError(f"no free port between {FIRST} and {LAST}")

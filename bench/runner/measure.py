"""Runs a command and writes what it took to a file descriptor, as a line of JSON: measure.py
DESCRIPTOR COMMAND…

A program of its own, since the peak memory that the system counts for a process begins with that of
the one which started it, and a benchmark may hold far more than what it measures.
"""

import json
import os
import sys
import time

descriptor, command = int(sys.argv[1]), sys.argv[2:]
os.set_inheritable(descriptor, False)
started = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, used = os.wait4(pid, 0)
taken = {
    "returncode": os.waitstatus_to_exitcode(status),
    "wall_s": time.monotonic() - started,
    "cpu_s": used.ru_utime + used.ru_stime,
    "peak_bytes": used.ru_maxrss * 1024,
}
os.write(descriptor, json.dumps(taken).encode())

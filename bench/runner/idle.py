"""idle: what a service costs that has nothing to do."""

import time

from . import trade_setup
from .daemon import Daemon
from .report import Measure, Report, at_most

NAME = "idle"
TARGETS = ()
HELP = "sluice serve with the trade pipeline and empty topics: memory and CPU"

SETTLE_S = 3
WATCH_S = 10


def run_once(context, folder):
    """Resident bytes and percent of one core."""
    daemon = Daemon(context, folder, trade_setup.PIPELINE)
    try:
        daemon.start()
        daemon.seconds_until(daemon.is_ready, "a ready service")
        time.sleep(SETTLE_S)
        before_s, started = daemon.cpu_s(), time.monotonic()
        time.sleep(WATCH_S)
        used_s, watched_s = daemon.cpu_s() - before_s, time.monotonic() - started
        resident = daemon.status("VmRSS")
        daemon.stop()
    finally:
        daemon.kill()
    return resident, 100 * used_s / watched_s


def run(context):
    trade_setup.prepare(context)
    resident, percents = [], []
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            trade_setup.reset(context)
            found, percent = run_once(context, folder)
        resident.append(found / 1e6)
        percents.append(percent)
    return Report(
        NAME,
        {"pipelines": "trade", "watched": f"{WATCH_S}s"},
        [
            Measure("resident memory", "MB", resident, at_most(50)),
            Measure("CPU", "% of a core", percents),
        ],
        [],
    )

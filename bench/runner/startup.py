"""startup: from exec to the first record that the source has read, as /metrics tells it; and the
same after SIGKILL in the middle of a backlog, whose rows must still be right."""

from . import campaigns, process, ysb_topic
from .daemon import Daemon
from .report import Measure, Report, at_most

NAME = "startup"
TARGETS = ysb_topic.TARGETS
HELP = "sluice serve with the YSB topic: start, and kill -9, to the first record read"


def has_read(daemon):
    return daemon.metric("sluice_records_in_total", step="ad_events") > 0


def has_checkpoint(daemon):
    return daemon.metric("sluice_checkpoints_total", result="completed") > 0


def run_once(context, folder):
    """Seconds of the start and of the start after the kill, CPU seconds of the start, and what was
    wrong with the rows."""
    expected = ysb_topic.feed(context)
    before = context.servers.ends(ysb_topic.REPORT_TOPIC, ysb_topic.PARTITIONS)
    pipeline = context.bench / "ysb/kafka.yaml"
    daemon = Daemon(context, folder, pipeline)
    try:
        daemon.start()
        first_s = daemon.seconds_until(lambda: has_read(daemon), "first record")
        cpu_s = daemon.cpu_s()
        daemon.seconds_until(lambda: has_checkpoint(daemon), "first checkpoint")
        daemon.kill()
        daemon.start()
        again_s = daemon.seconds_until(lambda: has_read(daemon), "first record after the kill")
        daemon.stop()
    finally:
        daemon.kill()
    command = [context.sluice, "run", pipeline, "--quiet", "--until", "now", "--close"]
    command += ["--state-dir", daemon.state, "--namespace", daemon.name_space]
    process.run(command, daemon.log, context.servers.addresses)
    rows = campaigns.count_rows(context.servers.values_after(ysb_topic.REPORT_TOPIC, before))
    return first_s, again_s, cpu_s, campaigns.differences(expected, rows)


def run(context):
    expected = ysb_topic.feed(context)
    starts, restarts, costs, problems = [], [], [], []
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            first_s, again_s, cpu_s, wrong = run_once(context, folder)
        starts.append(first_s * 1000)
        restarts.append(again_s * 1000)
        costs.append(cpu_s * 1000)
        problems += wrong
    return Report(
        NAME,
        {"events": context.events, "parallelism": 2, "delivery": "exactly_once"},
        [
            Measure("exec to first record", "ms", starts, at_most(500)),
            Measure("CPU by then", "ms", costs),
            Measure("kill -9, exec to first record", "ms", restarts),
        ],
        problems,
        f"{len(expected)} rows equal the recomputation after every kill",
    )

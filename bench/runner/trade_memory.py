"""trade-memory: the trade pipeline at full speed through a backlog, every sink compared."""

from trade import stage
from trade.comparison import compare
from trade.recomputation import recompute

from . import process, trade_setup
from .report import Measure, Report, at_most

NAME = "trade-memory"
TARGETS = ()
HELP = "the trade pipeline through a backlog on real servers: peak memory and throughput"


def compare_options(context):
    addresses = context.servers.addresses
    arguments = [*stage.sink_options(addresses), "--wait", "10", "--closed"]
    options = compare.options_parser().parse_args(arguments)
    options.postgres = context.servers.dsn
    return options


def run_once(context, folder):
    trade_setup.reset(context)
    pipeline = trade_setup.write_tolerant_pipeline(folder)
    command = [context.sluice, "run", pipeline, "--quiet", "--until", "now", "--close"]
    command += ["--state-dir", folder / "state", "--namespace", context.unique_name("bench")]
    return process.run(command, folder / "log", context.servers.addresses)


def problems_of(options, expected, records):
    found = compare.wait_for_agreement(options, expected, records)
    if found:
        compare.show(expected, found)
    return [f"sink {name} differs from the recomputation" for name in found]


def run(context):
    trade_setup.prepare(context)
    trade_setup.fill(context)
    options = compare_options(context)
    records = recompute.read_input(options)
    expected = recompute.from_options(options, records)
    count = sum(len(feed) for topic in records.values() for feed in topic.values())
    runs, problems = [], []
    for number in range(context.runs):
        with context.folder(f"{NAME}-{number}") as folder:
            runs.append(run_once(context, folder))
            problems += problems_of(options, expected, records)
    return Report(
        NAME,
        {"records": count, "orders": context.orders, "parallelism": 2, "delivery": "exactly_once"},
        [
            Measure("peak memory", "MB", [run.peak_bytes / 1e6 for run in runs], at_most(400)),
            Measure("throughput", "k/s", [count / run.wall_s / 1e3 for run in runs]),
            Measure("CPU per record", "µs", [run.cpu_s / count * 1e6 for run in runs]),
        ],
        problems,
        "every sink equals the recomputation in every run",
    )

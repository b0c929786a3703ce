"""Measures speed and memory of the release build against the goals, and checks every result. The
exit status says whether the results were right, not whether they were fast."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from . import (
    flink,
    group_by,
    idle,
    interval_join,
    latency,
    machine,
    micro,
    startup,
    trade_memory,
    ysb_kafka,
    ysb_memory,
)
from .context import ROOT, Context
from .process import BenchError
from .servers import Servers

# In this order they run: idle before the trade topics are filled.
MODULES = (
    ysb_memory,
    ysb_kafka,
    latency,
    startup,
    idle,
    trade_memory,
    interval_join,
    group_by,
)
PEERS = (flink,)
BENCHMARKS = {module.NAME: module for module in MODULES}


def options_of(arguments):
    listed = "\n".join(f"  {name:<13} {module.HELP}" for name, module in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description=__doc__,
        epilog=f"benchmarks (all, when none is named):\n{listed}\n"
        + "".join(f"with --peers:\n  {peer.NAME:<13} {peer.HELP}\n" for peer in PEERS)
        + f"when named alone:\n  {micro.NAME:<13} {micro.HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--runs", type=int, default=3, help="of each; the median counts")
    parser.add_argument("--json", type=pathlib.Path, help="also write all figures to this file")
    parser.add_argument("--events", type=int, default=5_000_000, help="YSB events of a run")
    parser.add_argument("--orders", type=int, default=100_000, help="of the trade backlog")
    parser.add_argument("--rows", type=int, default=3_000_000, help="of interval-join, group-by")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--preset", default="release", help="what to build and measure")
    parser.add_argument("--build-dir", type=pathlib.Path, help="measure this build as it is")
    parser.add_argument("--peers", action="store_true", help="also measure other engines")
    options = parser.parse_args(arguments)
    options.names = options.names or list(BENCHMARKS)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown and options.names != [micro.NAME]:
        parser.error(f"no benchmark {unknown[0]}")
    return options


def built(options, targets):
    """The folder of the build to measure, brought up to date unless it was named."""
    if options.build_dir:
        return options.build_dir
    subprocess.run(
        [ROOT / "dev", "build", "--preset", options.preset, *sorted(targets)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return ROOT / "build" / options.preset


def main(arguments=None):
    options = options_of(arguments)
    if options.names == [micro.NAME]:
        return micro.run(built(options, micro.TARGETS))
    modules = [module for module in MODULES if module.NAME in options.names]
    modules += PEERS if options.peers else ()
    folder = built(options, {"sluice"}.union(*(module.TARGETS for module in modules)))
    facts = machine.describe(ROOT, folder / "src/cli/sluice")
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), flush=True)
    work = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    servers = Servers(work)
    context = Context(
        build=folder,
        work=work,
        runs=options.runs,
        events=options.events,
        seed=options.seed,
        orders=options.orders,
        rows=options.rows,
        servers=servers,
    )
    reports = []
    try:
        for module in modules:
            reports.append(module.run(context))
            print("\n" + "\n".join(reports[-1].lines()), flush=True)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    finally:
        servers.stop()
    work.rmdir()
    if options.json:
        found = {"machine": facts, "benchmarks": [report.to_json() for report in reports]}
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 1 if any(report.problems for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())

"""flink: Flink SQL over the topic of ysb-kafka, doing the same; settings in bench/peers/flink."""

import json
import os
import pathlib
import shutil
import string
import subprocess
import sys
import tempfile

from . import campaigns, process, ysb_kafka, ysb_topic
from .context import ROOT
from .report import Measure, Report, at_least

NAME = "flink"
TARGETS = ysb_topic.TARGETS
HELP = "a peer: Flink SQL over the same topic (--peers; fetched on first use, 320 MB)"

PEER = ROOT / "bench/peers/flink"
VERSION = "2.2.1"
PARALLELISM = (2, 1)
REPORT_TOPIC = "ysb_flink_views"
# Flink reflects upon these packages on Java 17.
OPENED = ("lang", "lang.reflect", "net", "io", "nio", "text", "time", "util", "util.concurrent")


def distribution():
    """Flink's jars in the user's cache folder, fetched the first time."""
    base = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    target = base / "sluice" / f"flink-{VERSION}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            fetch(pathlib.Path(work))
            (pathlib.Path(work) / "jars").rename(target)
    return target


def fetch(work):
    wheel = f"apache-flink-libraries=={VERSION}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*pip, work / "wheel", wheel], check=True, stdout=sys.stderr)
    mvn = ["mvn", "-B", "-q", "-Dstyle.color=never", "-f", PEER / "pom.xml"]
    mvn += ["dependency:copy-dependencies", "-DexcludeTransitive=true"]
    mvn.append(f"-DoutputDirectory={work / 'jars'}")
    subprocess.run(mvn, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    for jar in (work / "wheel/pyflink/lib").glob("*.jar"):
        shutil.move(jar, work / "jars")


def write_statements(context, folder):
    addresses = context.servers.addresses
    line = pathlib.Path(addresses["PGPASSFILE"]).read_text(encoding="utf-8").splitlines()[0]
    database, user = addresses["PG_DATABASE"], addresses["PG_USER"]
    text = string.Template((PEER / "campaign_views.sql").read_text(encoding="utf-8")).substitute(
        events_topic=ysb_topic.EVENTS_TOPIC,
        report_topic=REPORT_TOPIC,
        brokers=context.servers.brokers,
        jdbc_url=f"jdbc:postgresql://{addresses['PG_HOST']}:{addresses['PG_PORT']}/{database}",
        user=user,
        password=line.rsplit(":", 1)[1],
        id=context.unique_name("flink"),
    )
    path = folder / "statements.sql"
    path.write_text(text, encoding="utf-8")
    return path


def run_once(context, folder, parallelism):
    """What Flink took, in seconds, and what was wrong with its rows."""
    expected = ysb_topic.feed(context)
    before = context.servers.ends(REPORT_TOPIC, ysb_topic.PARTITIONS)
    opened = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in OPENED]
    command = ["java", "-Xmx2g", *opened, "-cp", f"{distribution()}/*", PEER / "RunSql.java"]
    command += [write_statements(context, folder), parallelism]
    finished = process.run(command, folder / "log")
    values = context.servers.values_after(REPORT_TOPIC, before)
    took = json.loads(finished.output.splitlines()[-1])
    return took, campaigns.differences(expected, campaigns.count_rows(values))


def run(context):
    expected = ysb_topic.feed(context)
    context.servers.create_topic(REPORT_TOPIC, ysb_topic.PARTITIONS)
    measures, problems, all_costs = [], [], []
    for parallelism in PARALLELISM:
        runs = []
        for number in range(context.runs):
            with context.folder(f"{NAME}-{parallelism}-{number}") as folder:
                took, wrong = run_once(context, folder, parallelism)
            runs.append(took)
            problems += wrong
        throughputs = [context.events / took["wall_s"] / 1e6 for took in runs]
        costs = [took["cpu_s"] / context.events * 1e6 for took in runs]
        measures.append(Measure(f"parallelism {parallelism}: throughput", "M/s", throughputs))
        measures.append(Measure(f"parallelism {parallelism}: CPU per event", "µs", costs))
        all_costs += costs
    if ysb_kafka.COSTS in context.cache:
        # The best run of each counts.
        times = min(all_costs) / min(context.cache[ysb_kafka.COSTS])
        measures.append(
            Measure("sluice: events per CPU-second", "× Flink's", [times], at_least(6))
        )
    setting = {"version": VERSION, "events": context.events, "delivery": "exactly_once"}
    setting |= {"checkpoint": "1s", "object reuse": "on", "heap": "2 GB"}
    checked = f"{len(expected)} rows equal the recomputation in every run"
    return Report(NAME, setting, measures, problems, checked)

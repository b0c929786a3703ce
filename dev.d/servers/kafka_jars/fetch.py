"""Keeps the broker's jars, and what an empty metadata log starts with, in the user's cache folder.

Safe to run twice at once.
"""
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
POM = HERE / "pom.xml"
ANY_CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"

FORMAT_PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:1
listeners=BROKER://127.0.0.1:2,CONTROLLER://127.0.0.1:1
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs={log_dir}
"""


def cache_folder() -> pathlib.Path:
    version = re.search(r"<kafka.version>([^<]+)<", POM.read_text()).group(1)
    digest = hashlib.sha256(POM.read_bytes()).hexdigest()[:8]
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "sluice" / f"kafka-{version}-{digest}"


def ensure() -> pathlib.Path:
    """Returns a folder with jars/ and bootstrap.checkpoint, fetching them the first time."""
    target = cache_folder()
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / "kafka.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            print("kafka: fetching the broker's jars", file=sys.stderr, flush=True)
            _fetch(target)
    return target


def _fetch(target: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        made = pathlib.Path(work) / "made"
        subprocess.run(
            ["mvn", "-B", "-q", "-Dstyle.color=never", "-f", str(POM),
             "dependency:copy-dependencies", "-DincludeScope=runtime",
             f"-DoutputDirectory={made / 'jars'}"],
            check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        _format_metadata(pathlib.Path(work), made)
        made.rename(target)


def _format_metadata(work: pathlib.Path, made: pathlib.Path) -> None:
    """The formatted log names no port and no cluster, so one copy serves every broker.

    That saves each broker the start of a JVM.
    """
    log_dir = work / "log"
    properties = work / "format.properties"
    properties.write_text(FORMAT_PROPERTIES.format(log_dir=log_dir))
    subprocess.run(
        ["java", "-cp", str(made / "jars" / "*"), "kafka.tools.StorageTool", "format",
         "-t", ANY_CLUSTER_ID, "-c", str(properties)],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copy(log_dir / "bootstrap.checkpoint", made / "bootstrap.checkpoint")


if __name__ == "__main__":
    print(f"kafka: jars are in {ensure()}")

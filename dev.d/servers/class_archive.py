"""Makes the JVM keep the classes the broker loads, which shortens later starts. For ./dev setup."""
import os
import pathlib
import tempfile

from servers import kafka
from servers.folder import ServerFolder


def ensure() -> None:
    archive = kafka.class_archive()
    if archive.exists():
        return
    print("setup: recording the classes of the Kafka broker", flush=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as work:
        being_made = pathlib.Path(work) / archive.name
        os.environ["JAVA_TOOL_OPTIONS"] = f"-XX:ArchiveClassesAtExit={being_made}"
        folder = ServerFolder(pathlib.Path(work) / "servers")
        folder.start([kafka.NAME])
        folder.stop([kafka.NAME])
        being_made.rename(archive)


if __name__ == "__main__":
    ensure()

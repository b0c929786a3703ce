"""Versions and the machine, without which a figure means nothing."""

import os
import pathlib
import platform
import re
import subprocess


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def memory_gib():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def output_of(command, folder=None):
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(root):
    """Of a checkout; a tree that was unpacked from an archive knows none."""
    is_checkout = (root / ".git").exists()
    return output_of(["git", "describe", "--always", "--dirty"], root) if is_checkout else "unknown"


def broker_version(root):
    text = (root / "dev.d/servers/kafka_jars/pom.xml").read_text(encoding="utf-8")
    return re.search(r"<kafka.version>(.*)</kafka.version>", text).group(1)


def describe(root, sluice):
    return {
        "sluice": output_of([sluice, "--version"]),
        "commit": commit(root),
        "librdkafka": output_of(["pkg-config", "--modversion", "rdkafka"]),
        "broker": f"Kafka {broker_version(root)}",
        "kernel": platform.release(),
        "cpu": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{memory_gib()} GiB",
        "load before": os.getloadavg()[0],
    }

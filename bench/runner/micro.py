"""micro: the google-benchmark programs of bench/, one after the other."""

import subprocess

NAME = "micro"
TARGETS = ("aggregate_benchmark", "decode_benchmark")
HELP = "google-benchmark programs of single operators and decoders; no goals"


def run(build):
    """The first exit status that is not 0, or 0."""
    statuses = [
        subprocess.run([build / "bench" / name], check=False).returncode for name in TARGETS
    ]
    return next((status for status in statuses if status), 0)

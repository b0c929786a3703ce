"""What every benchmark is given: where things are, how often and how much."""

import contextlib
import dataclasses
import itertools
import pathlib
import shutil

from .servers import Servers

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Context:
    build: pathlib.Path  # folder of the build that is measured
    work: pathlib.Path  # for files of the runs
    runs: int
    events: int
    seed: int
    orders: int = 100_000
    rows: int = 3_000_000
    servers: Servers | None = None
    bench: pathlib.Path = ROOT / "bench"
    cache: dict = dataclasses.field(default_factory=dict)  # what benchmarks share, by name
    numbers: itertools.count = dataclasses.field(default_factory=itertools.count)

    def binary(self, name):
        return self.build / name

    @property
    def sluice(self):
        return self.binary("src/cli/sluice")

    def unique_name(self, start):
        return f"{start}_{next(self.numbers)}"

    @contextlib.contextmanager
    def folder(self, name):
        """A new folder, removed after success; after a failure its log is there to be read."""
        path = self.work / name
        path.mkdir()
        yield path
        shutil.rmtree(path)

"""A running `sluice serve` for tests: its folder of pipelines, its answers, its end."""

import collections
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support.process import Process
from support.waiting import PATIENCE_S, wait_for


class Service(Process):
    """One process over the folders `pipelines`, `data` and `state` in `work`."""

    def __init__(self, work):
        self.work = pathlib.Path(work)
        super().__init__(self.work / "sluice.log")
        self.environment = dict(os.environ)
        self.port = None
        for name in ("pipelines", "data"):
            (self.work / name).mkdir()

    def write(self, path, text):
        (self.work / path).write_text(text, encoding="utf-8")

    def command(self, *arguments):
        return [
            *(os.environ["SLUICE_BINARY"], "serve", self.work / "pipelines"),
            *("--state-dir", self.work / "state"),
            *arguments,
        ]

    def start(self, *arguments, listen="127.0.0.1:0"):
        before = len(self.lines())
        self.spawn(self.command("--listen", listen, *arguments), env=self.environment)
        address = wait_for(lambda: self.address(before), "the service listens")
        self.port = None if address.startswith("unix:") else int(address.rsplit(":", 1)[1])

    def run_to_end(self, *arguments):
        """(exit status, standard error) of a service that must not come up."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        return done.returncode, done.stderr

    def address(self, first_line):
        self.must_run()
        found = (line.get("address") for line in self.lines()[first_line:])
        return next((address for address in found if address), None)

    def ask(self, path, method="GET", headers=None, timeout=10):
        """(status, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def state(self, pipeline):
        """(state, cause), as /readyz tells them."""
        pipelines = json.loads(self.ask("/readyz")[1])["pipelines"]
        return next((one["state"], one["cause"]) for one in pipelines if one["name"] == pipeline)

    def wait_for_state(self, pipeline, *states):
        wait_for(
            lambda: self.state(pipeline)[0] in states,
            f"{pipeline} is {' or '.join(states)}, see {self.log}",
        )

    def metric(self, name, **labels):
        """The sum of the series of this name that have these labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        total = 0.0
        for line in self.ask("/metrics")[1].splitlines():
            series, _, value = line.rpartition(" ")
            of_name = series.partition("{")[0] == name
            if of_name and all(label in series for label in wanted):
                total += float(value)
        return total

    def unbalanced(self):
        """By operator: how many rows came in and are neither gone nor held, where not none."""
        signs = {"in": 1, "created": 1, "restored": 1, "out": -1, "dropped": -1, "dead": -1}
        names = {f"sluice_records_{name}_total": sign for name, sign in signs.items()}
        names |= {"sluice_late_records_total": -1, "sluice_records_held": -1}
        rows = collections.Counter()
        for line in self.ask("/metrics")[1].splitlines():
            series, _, value = line.rpartition(" ")
            name, _, labels = series.partition("{")
            of = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            if name in names:
                rows[of["pipeline"], of["step"], of["operator"]] += names[name] * int(value)
        return {operator: count for operator, count in rows.items() if count}


def file_pipeline(name, on_error="drop"):
    """Reads data/<name>.jsonl, keeps amounts above 1, writes data/<name>_out.jsonl."""
    return f"""version: 1
pipeline: {name}
connections:
  disk:
    type: file
    path: ${{env:SERVICE_DATA}}
sources:
  orders:
    file: {{connection: disk, path: {name}.jsonl}}
    format: json
    columns: {{id: bigint, amount: bigint}}
steps:
  large:
    sql: SELECT id, amount FROM orders WHERE amount > 1
sinks:
  out:
    from: large
    file: {{connection: disk, path: {name}_out.jsonl}}
    format: json
    mode: append
errors: {{on_error: {on_error}}}
"""


class ServiceTest(unittest.TestCase):
    """Each test has a service of its own, in a folder that goes with it."""

    def setUp(self):
        self.service = Service(self.enterContext(tempfile.TemporaryDirectory()))
        self.addCleanup(self.service.abandon)
        self.service.environment["SERVICE_DATA"] = str(self.service.work / "data")

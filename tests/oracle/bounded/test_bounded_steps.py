"""Bounded queries through the whole engine and in a real PostgreSQL: the same rows."""

import collections
import json
import math
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import psycopg2
import psycopg2.extras
import yaml

from outside.outside import shared_servers

from .rows import COLUMNS, Rows

CASES = yaml.safe_load((pathlib.Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
SALES = 3000
ZONE = "Asia/Shanghai"


def seed_of_run():
    return int(os.environ.get("SLUICE_ORACLE_SEED", "1"))


def pipeline(cases):
    """One pipeline with a step and a sink for each case."""
    sources = {
        name: {
            "file": {"connection": "files", "path": f"{name}.jsonl"},
            "format": "json",
            "columns": columns,
            "event_time": {"column": "at", "out_of_order": "30d"},
        }
        for name, columns in COLUMNS.items()
    }
    steps, sinks = {}, {}
    for case in cases:
        name = case["name"]
        steps[name] = {"sql": case["sql"]}
        target = {"connection": "files", "path": f"{name}.out"}
        if "key" in case:
            target["key"] = case["key"]
        mode = "upsert" if "key" in case else "append"
        sinks["to_" + name] = {"from": name, "file": target, "format": "json", "mode": mode}
    return {
        "version": 1,
        "pipeline": "bounded",
        "settings": {"timezone": ZONE, "parallelism": 2},
        "connections": {"files": {"type": "file", "path": "."}},
        "sources": sources,
        "steps": steps,
        "sinks": sinks,
        "errors": {"dead_letter": {"file": {"connection": "files", "path": "dead.jsonl"}}},
    }


def read_json(text):
    """Numbers as the text they are written as: their scale counts."""
    return json.loads(text, parse_int=str, parse_float=str)


def comparable(value):
    """Times of PostgreSQL as the engine writes them into JSON."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", value):
        return value.removesuffix("+00:00") + "Z"
    return value


def fold(lines, key):
    """The rows that are there at the end of a file of changes."""
    rows = {}
    for line in lines:
        place = json.dumps([line[column] for column in key])
        change = line.pop("op")
        if change == "-D":
            rows.pop(place, None)
        else:
            rows[place] = line
    return list(rows.values())


class BoundedSteps(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        print(f"seed {seed_of_run()} (SLUICE_ORACLE_SEED), {SALES} sales")
        rows = Rows(seed_of_run(), SALES)
        cls.connect()
        for name in COLUMNS:
            cls.load(name, getattr(rows, name))
        cls.run_engine()

    @classmethod
    def connect(cls):
        environment = cls.enterClassContext(shared_servers()).environment
        os.environ["PGPASSFILE"] = environment["PGPASSFILE"]
        connection = psycopg2.connect(environment["PG_DSN"])
        cls.addClassCleanup(connection.close)
        cls.cursor = connection.cursor()
        cls.cursor.execute(f"SET timezone = '{ZONE}'")

    @classmethod
    def load(cls, name, rows):
        # Texts compare as in the engine.
        columns = ", ".join(
            f'{column} {kind}{" COLLATE " + chr(34) + "C" + chr(34) if kind == "text" else ""}'
            for column, kind in COLUMNS[name].items()
        )
        cls.cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
        values = [
            [psycopg2.extras.Json(v) if isinstance(v, dict) else v for v in row.values()]
            for row in rows
        ]
        psycopg2.extras.execute_values(cls.cursor, f"INSERT INTO {name} VALUES %s", values)
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (cls.folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")

    @classmethod
    def run_engine(cls):
        (cls.folder / "bounded.yaml").write_text(
            yaml.safe_dump(pipeline(CASES), sort_keys=False), encoding="utf-8"
        )
        done = subprocess.run(
            [os.environ["SLUICE_BINARY"], "run", "bounded.yaml", "--state-dir", "state"],
            cwd=cls.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"sluice run ended with {done.returncode}: {done.stderr[-4000:]}")
        dead = cls.folder / "dead.jsonl"
        if dead.exists() and dead.stat().st_size:
            raise AssertionError(f"dead letters: {dead.read_text(encoding='utf-8')[:2000]}")

    def engine_rows(self, case):
        path = self.folder / f"{case['name']}.out"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        lines = [read_json(line) for line in text.splitlines()]
        return fold(lines, case["key"]) if "key" in case else lines

    def postgres_rows(self, case):
        query = case.get("postgres", case["sql"])
        self.cursor.execute(f"CREATE TEMP TABLE result AS {query}")
        # Instants are written in UTC, whatever zone the query saw.
        self.cursor.execute("SET timezone = 'UTC'")
        self.cursor.execute("SELECT to_jsonb(result)::text FROM result")
        rows = [read_json(text) for (text,) in self.cursor.fetchall()]
        self.cursor.execute(f"SET timezone = '{ZONE}'; DROP TABLE result")
        return [{name: comparable(value) for name, value in row.items()} for row in rows]

    def compare(self, case):
        doubles = case.get("doubles", [])

        def split(rows):
            """Rows without their doubles, and the doubles by such row."""
            exact = collections.Counter()
            inexact = {}
            for row in rows:
                rest = {name: value for name, value in row.items() if name not in doubles}
                place = json.dumps(rest, sort_keys=True, ensure_ascii=False)
                exact[place] += 1
                inexact[place] = [row[name] for name in doubles]
            return exact, inexact

        own, own_doubles = split(self.engine_rows(case))
        theirs, their_doubles = split(self.postgres_rows(case))
        message = f"seed {seed_of_run()}: rows of the engine alone, rows of PostgreSQL alone"
        differences = (list((own - theirs).elements())[:5], list((theirs - own).elements())[:5])
        self.assertEqual(differences, ([], []), message)
        for place, values in their_doubles.items():
            for ours, wanted in zip(own_doubles[place], values):
                same = ours == wanted or math.isclose(float(ours), float(wanted), rel_tol=1e-9)
                self.assertTrue(same, f"{place}: {ours} instead of {wanted}")
        return sum(theirs.values())

    def test_every_case_gives_the_rows_of_postgres(self):
        empty = []
        for case in CASES:
            with self.subTest(case["name"]):
                count = self.compare(case)
                print(f"{case['name']}: {count} rows")
                if not count:
                    empty.append(case["name"])
        self.assertEqual(empty, ["no_groups"], "cases that compare nothing")


if __name__ == "__main__":
    unittest.main()

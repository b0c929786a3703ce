"""Short SQL that doubles with each level when it is written out: an answer at once, in little
memory."""

import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

LEVELS = 30
MEMORY_BYTES = 1 << 30

PIPELINE = """version: 1
pipeline: large
connections: {{disk: {{type: file, path: data}}}}
sources:
  event:
    file: {{connection: disk, path: e.jsonl}}
    format: json
    columns: {{n: bigint, t: text}}
steps: {{large: {{sql: "{sql}"}}}}
sinks: {{result: {{from: large, file: {{connection: disk, path: o.jsonl}}, format: json}}}}
errors: {{on_error: drop}}
"""


def nested(first, level):
    sql = first
    for _ in range(LEVELS):
        sql = level.format(sql)
    return sql


def shared_names():
    names = [
        f"c{i + 1} AS (SELECT n FROM c{i} UNION ALL SELECT n FROM c{i})" for i in range(LEVELS)
    ]
    return f"WITH c0 AS (SELECT n FROM event), {', '.join(names)} SELECT n FROM c{LEVELS}"


QUERIES = {
    "sums": (nested("SELECT n AS a FROM event", "SELECT a + a AS a FROM ({})"), None),
    "filtered sums": (
        nested("SELECT n AS a FROM event", "SELECT a + a AS a FROM ({}) WHERE a + a > 1"),
        None,
    ),
    "texts": (nested("SELECT t AS a FROM event", "SELECT a || a AS a FROM ({})"), None),
    "filtered texts": (
        nested("SELECT t AS a FROM event", "SELECT a || a AS a FROM ({}) WHERE a || a <> 'x'"),
        None,
    ),
    "names of WITH": (shared_names(), "E2001"),
    "NULLIF": (f"SELECT {nested('n', 'NULLIF({}, 1)')} AS a FROM event", "more than 100000 parts"),
    "CASE": (
        f"SELECT {nested('n', 'CASE {} WHEN 1 THEN 2 WHEN 3 THEN 4 END')} AS a FROM event",
        "more than 100000 parts",
    ),
    "BETWEEN": (
        f"SELECT {nested('(n > 1)', '({} BETWEEN false AND true)')} AS a FROM event",
        "more than 100000 parts",
    ),
}


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


class LargeQueriesTest(unittest.TestCase):
    def test_is_planned_or_refused_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "large.yaml")
            for name, (sql, refusal) in QUERIES.items():
                with self.subTest(name):
                    file.write_text(PIPELINE.format(sql=sql))
                    done = subprocess.run(
                        [os.environ["SLUICE_BINARY"], "validate", file.name],
                        cwd=folder,
                        capture_output=True,
                        text=True,
                        timeout=20,
                        check=False,
                        preexec_fn=None if "san" in os.environ["SLUICE_BINARY"] else limit_memory,
                    )
                    output = done.stdout + done.stderr
                    self.assertEqual(done.returncode, 2 if refusal else 0, output)
                    self.assertIn(refusal or "0 errors", output)


if __name__ == "__main__":
    unittest.main()

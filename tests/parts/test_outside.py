"""A project outside the tree adds a connector, a format, functions, an aggregate and a rewrite of
plans by new files and a line of CMake each, and a pipeline uses them all."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOYS = pathlib.Path(__file__).parent / "toys"

PIPELINE = """version: 1
pipeline: toys
connections:
  numbers: {type: toy}
  disk: {type: file, path: data}
sources:
  numbers:
    toy: {connection: numbers, count: 4}
    format: json
    columns: {n: bigint}
steps:
  squares:
    sql: SELECT n, toy_square(n) AS square FROM numbers WHERE toy_promise(n > 0)
  products:
    sql: SELECT n % 2 AS odd, toy_product(n) AS product FROM numbers GROUP BY n % 2
sinks:
  pairs: {from: squares, file: {connection: disk, path: pairs.txt}, format: toy_pairs}
  groups:
    from: products
    file: {connection: disk, path: products.txt, key: [odd]}
    format: toy_pairs
    mode: upsert
errors:
  dead_letter: {file: {connection: disk, path: dead.jsonl}}
"""


def run(*command, cwd, timeout_s=300):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return done.returncode, done.stdout


class PartsFromOutside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        shutil.copytree(TOYS, cls.work / "toys")
        (cls.work / "data").mkdir()
        (cls.work / "toys.yaml").write_text(PIPELINE, encoding="utf-8")
        cls.binary = cls.work / "build/sluice_with_toys"
        cls.must(
            os.environ["SLUICE_CMAKE"],
            *("-G", "Ninja", "-S", "toys", "-B", "build"),
            "-DSluice_DIR=" + os.environ["SLUICE_BUILD"],
        )
        cls.must("ninja", "-C", "build", "sluice_with_toys")

    @classmethod
    def must(cls, *command):
        status, said = run(*command, cwd=cls.work)
        if status != 0:
            raise AssertionError(f"{' '.join(map(str, command))} gave {status}:\n{said}")
        return said

    def written(self, name):
        return (self.work / "data" / name).read_text(encoding="utf-8").splitlines()

    def test_a_pipeline_uses_all_of_them(self):
        self.must(self.binary, "run", "toys.yaml")
        pairs = self.written("pairs.txt")
        # The rewrite has left the filter out: computed, it would have refused every row.
        self.assertEqual(pairs, [f"n={n} square={n * n}" for n in range(1, 5)])
        products = self.written("products.txt")
        self.assertCountEqual(products, ["op=+I odd=0 product=8", "op=+I odd=1 product=3"])
        self.assertFalse((self.work / "data/dead.jsonl").exists())

    def test_they_are_listed_beside_the_binary_s_own(self):
        functions = self.must(self.binary, "list", "functions")
        self.assertIn("toy_square(bigint)", functions)
        self.assertIn("toy_product(bigint)", functions)
        self.assertIn("lower(text)", functions)
        sources = self.must(self.binary, "list", "sources")
        self.assertIn("toy", sources)
        self.assertIn("kafka", sources)

    def test_their_options_are_checked_as_those_of_any_other(self):
        wrong = PIPELINE.replace("count: 4", "count: many")
        (self.work / "wrong.yaml").write_text(wrong, encoding="utf-8")
        status, said = run(self.binary, "validate", "wrong.yaml", cwd=self.work)
        self.assertEqual(status, 2, said)
        self.assertIn("count", said)


if __name__ == "__main__":
    unittest.main()

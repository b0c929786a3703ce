"""Checks the house rules that a machine can check: `tidy.py ROOT` lists every problem.

What was there before a rule is in ratchet.txt as `RULE PATH COUNT`: more problems than that fail,
and so do fewer, until the line is lowered or removed. The list only shrinks.
"""
import collections
import pathlib
import sys

import codes
import functions
import rooms
import words
from source import Problem, Source, read_sources

RATCHET = "tests/tidy/ratchet.txt"
CHECKS = (rooms.check, functions.check, words.check, codes.check)


def find_problems(sources: list[Source]) -> list[Problem]:
    return sorted((problem for check in CHECKS for problem in check(sources)),
                  key=lambda problem: (problem.path, problem.line, problem.rule))


def apply_ratchet(problems: list[Problem], ratchet: str) -> list[Problem]:
    """Takes out what the ratchet tolerates and adds its lines that tolerate more than there is."""
    by_place = collections.defaultdict(list)
    for problem in problems:
        by_place[problem.rule, problem.path].append(problem)
    for number, line in enumerate(ratchet.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        rule, path, tolerated = line.split()
        found = len(by_place[rule, path])
        if found <= int(tolerated):
            by_place[rule, path] = []
        if found < int(tolerated):
            stale = Problem(RATCHET, number, "ratchet", f"{rule} {path} is down to {found}")
            by_place["ratchet", f"{rule} {path}"].append(stale)
    return [problem for found in by_place.values() for problem in found]


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    sources = read_sources(root)
    problems = apply_ratchet(find_problems(sources), (root / RATCHET).read_text())
    for problem in problems:
        print(problem)
    print(f"tidy: {len(sources)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

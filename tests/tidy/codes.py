"""Rule untested-code: every error of the catalogue is met by a test, as its code or its name."""
import re
from collections.abc import Iterator

from source import Problem, Source

CATALOGUE = "src/base/error_catalogue.def"
ENTRY = re.compile(r"^SLUICE_ERROR\((\d{4}), (\w+),")
# A code of a dead letter or message, or the name in C++.
MENTION = re.compile(r"\bE(\d{4})\b|\bErrorCode::(\w+)")


def check(sources: list[Source]) -> Iterator[Problem]:
    catalogue = next((source for source in sources if str(source.path) == CATALOGUE), None)
    if catalogue is None:
        return
    met = set()
    for source in sources:
        if source.folder == "tests" and source.path.parts[1] != "tidy":
            met.update(code or name for code, name in MENTION.findall(source.text))
    for number, line in enumerate(catalogue.lines, 1):
        entry = ENTRY.match(line)
        if entry and not met & set(entry.groups()):
            yield catalogue.problem(number, "untested-code",
                                    f"no test meets E{entry[1]}, {entry[2]}")

"""Rule room-include: a file includes only what its room may use, directly or through others."""
import re
from collections.abc import Iterator

from source import Problem, Source

DECLARATION = re.compile(r"^\s*sluice_(room|connector)\((\w+)([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def read_uses(sources: list[Source]) -> dict[str, set[str]]:
    """Room → all rooms it may include, itself too. Connectors are named connectors/NAME."""
    direct = {}
    for source in sources:
        if source.path.name == "CMakeLists.txt" and source.folder in ("src", "connectors"):
            for kind, name, rest in DECLARATION.findall(source.text):
                if kind == "connector":
                    direct[f"connectors/{name}"] = {"kit"} | words_after("USES", rest)
                else:
                    direct[name] = words_after("USES", rest)
    return {room: closure(room, direct) for room in direct}


def words_after(keyword: str, text: str) -> set[str]:
    found, inside = set(), False
    for word in text.split():
        if word.isupper():
            inside = word == keyword
        elif inside:
            found.add(word)
    return found


def closure(room: str, direct: dict[str, set[str]]) -> set[str]:
    reached, to_visit = set(), [room]
    while to_visit:
        current = to_visit.pop()
        if current not in reached:
            reached.add(current)
            to_visit += direct.get(current, ())
    return reached


def check(sources: list[Source]) -> Iterator[Problem]:
    uses = read_uses(sources)
    for source in sources:
        if not source.is_cpp or source.folder not in ("src", "connectors"):
            continue
        room = room_of_file(source)
        if room not in uses:
            yield source.problem(1, "room-include", f"{room} is not declared in CMakeLists.txt")
            continue
        for number, line in enumerate(source.lines, 1):
            match = INCLUDE.match(line)
            if match and room_of_include(match.group(1)) not in uses[room]:
                yield source.problem(number, "room-include",
                                     f"{room} may not include {match.group(1)}")


def room_of_file(source: Source) -> str:
    parts = source.path.parts
    return parts[1] if parts[0] == "src" else f"connectors/{parts[1]}"


def room_of_include(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "connectors" else parts[0]

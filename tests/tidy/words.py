"""Rules about one file or one line: sizes, names, header comments, words out of place."""
import re
from collections.abc import Iterator

from source import CODE_FOLDERS, Problem, Source

MAX_FILE_LINES = 400
MAX_COLUMNS = 100
VAGUE_WORDS = {"util", "utils", "common", "helper", "helpers", "misc"}
MIN_EXPLANATION = 20

HEAVY_LIBRARY = re.compile(
    r"#\s*include\s+[<\"](nlohmann/(?!json_fwd)|simdjson|spdlog|fmt|yaml-cpp|re2|pg_query|CLI|"
    r"microhttpd|prometheus)")
CLIENT_LIBRARY = re.compile(r"#\s*include\s+[<\"](librdkafka|libpq|hiredis)\b")
OUTSIDE_CLOCK = re.compile(
    r"\b(system_clock|high_resolution_clock|random_device)\b"
    r"|\b(clock_gettime|gettimeofday)\s*\(|\bstd::time\s*\(")
STEADY_CLOCK = re.compile(r"\bsteady_clock\b")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<!\w)::sleep\s*\(")
URL = re.compile(r"https?://([^\s/\"'<>)`]+)")
OWN_HOSTS = re.compile(
    r"^(localhost|127\.0\.0\.1|\[::1\]|([\w-]+\.)*example(\.(com|org|net))?)?(:|$)"
    r"|^maven\.apache\.org$|^www\.w3\.org$|^[{$%]")
TODO = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b[:\s]*(.*)")
COMMENT_START = re.compile(r"//|#|/\*|\"\"\"|<!--")


def check(sources: list[Source]) -> Iterator[Problem]:
    for source in sources:
        yield from check_size(source)
        yield from check_name(source)
        yield from check_comments(source)
        yield from check_hosts(source)
        if source.is_cpp:
            yield from check_cpp(source)
        if source.is_header and source.folder != "tests":
            yield from check_header(source)


def check_size(source: Source) -> Iterator[Problem]:
    is_program = source.is_cpp or source.path.suffix == ".py"
    if is_program and len(source.lines) > MAX_FILE_LINES:
        yield source.problem(1, "file-length",
                             f"{len(source.lines)} lines, at most {MAX_FILE_LINES}")
    is_table = source.path.suffix in (".def", ".yaml", ".txt")
    if is_table and source.path.name != "CMakeLists.txt":
        return
    for number, line in enumerate(source.lines, 1):
        if len(line) > MAX_COLUMNS:
            yield source.problem(number, "width", f"{len(line)} columns, at most {MAX_COLUMNS}")


def check_name(source: Source) -> Iterator[Problem]:
    if source.folder not in CODE_FOLDERS:
        return
    for part in source.path.parts:
        vague = VAGUE_WORDS & set(re.split(r"[_.\-]", part.lower()))
        if vague:
            yield source.problem(1, "vague-name", f"'{vague.pop()}' does not say what it holds")


def check_comments(source: Source) -> Iterator[Problem]:
    for number, line in enumerate(source.lines, 1):
        comment = COMMENT_START.search(line)
        todo = TODO.search(line, comment.end()) if comment else None
        if todo and len(todo.group(2)) < MIN_EXPLANATION:
            yield source.problem(number, "todo", f"{todo.group(1)} does not say what is missing")


def check_hosts(source: Source) -> Iterator[Problem]:
    for number, line in enumerate(source.lines, 1):
        for host in URL.findall(line):
            if not OWN_HOSTS.search(host):
                yield source.problem(number, "host", f"{host} is not on this machine")


def check_header(source: Source) -> Iterator[Problem]:
    if not source.text.startswith("// "):
        yield source.problem(1, "header-comment", "a header opens with what it is and who uses it")
    if "#pragma once" not in source.text:
        yield source.problem(1, "header-guard", "no #pragma once")
    for number, line in enumerate(source.lines, 1):
        is_of_connector = source.folder == "connectors"
        if HEAVY_LIBRARY.search(line) or CLIENT_LIBRARY.search(line) and not is_of_connector:
            yield source.problem(number, "heavy-header",
                                 "include this library in a .cpp file, not in a header")
        if line.lstrip().startswith("using namespace "):
            yield source.problem(number, "using-namespace", "reaches every file that includes this")


def check_cpp(source: Source) -> Iterator[Problem]:
    is_engine = source.folder in ("src", "connectors")
    owns_clock = source.folder == "src" and source.path.parts[1] == "env"
    for number, line in enumerate(source.bare.splitlines(), 1):
        if is_engine and "std::regex" in line:
            yield source.problem(number, "regex", "use re2, which is bounded in time")
        # A connector waits for a real server, so its deadlines are in real time.
        is_reading_clock = OUTSIDE_CLOCK.search(line) or (
            source.folder == "src" and STEADY_CLOCK.search(line))
        if is_engine and not owns_clock and is_reading_clock:
            yield source.problem(number, "clock", "time and randomness come through env")
        if SLEEP.search(line) and not owns_clock:
            yield source.problem(number, "sleep", "wait for a condition")
        if "DISABLED_" in line or re.search(r"GTEST_SKIP\(\)\s*;", line):
            yield source.problem(number, "skipped-test", "a test is skipped only with its reason")

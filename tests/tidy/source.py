"""The project's own text files, and C++ text with comments and literals blanked out."""
import dataclasses
import functools
import pathlib
import re

CODE_FOLDERS = ("src", "connectors", "tests", "bench")
OTHER_FOLDERS = ("cmake", "dev.d", "docker", ".ci")
ROOT_FILES = ("CMakeLists.txt", "dev")
TEXT_SUFFIXES = {".cpp", ".hpp", ".def", ".py", ".sh", ".cmake", ".txt", ".yaml", ""}
GENERATED = "__pycache__"

LITERAL_OR_COMMENT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'",
    re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Problem:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclasses.dataclass(frozen=True)
class Source:
    path: pathlib.PurePosixPath
    text: str

    @functools.cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @functools.cached_property
    def bare(self) -> str:
        """The text of a C++ file, each comment and literal replaced by spaces; lines stay."""
        def blank(match: re.Match) -> str:
            return re.sub(r"[^\n]", " ", match.group())
        return LITERAL_OR_COMMENT.sub(blank, self.text)

    @property
    def is_cpp(self) -> bool:
        return self.path.suffix in (".cpp", ".hpp")

    @property
    def is_header(self) -> bool:
        return self.path.suffix == ".hpp"

    @property
    def folder(self) -> str:
        """src, connectors, tests …"""
        return self.path.parts[0]

    def problem(self, line: int, rule: str, message: str) -> Problem:
        return Problem(str(self.path), line, rule, message)


def read_sources(root: pathlib.Path) -> list[Source]:
    paths = [root / name for name in ROOT_FILES if (root / name).is_file()]
    for folder in CODE_FOLDERS + OTHER_FOLDERS:
        paths += [path for path in (root / folder).rglob("*") if path.is_file()]
    return [Source(pathlib.PurePosixPath(path.relative_to(root)), path.read_text())
            for path in sorted(paths)
            if path.suffix in TEXT_SUFFIXES and GENERATED not in path.parts and is_text(path)]


def is_text(path: pathlib.Path) -> bool:
    """Input files of tests may hold any bytes on purpose."""
    try:
        path.read_text()
    except UnicodeDecodeError:
        return False
    return True

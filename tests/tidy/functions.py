"""Rules function-length and parameters: an estimate that counts braces."""
import dataclasses
import re
from collections.abc import Iterator

from source import Problem, Source

MAX_FUNCTION_LINES = 70
MAX_PARAMETERS = 5

SCOPE = re.compile(r"\b(namespace|class|struct|union|extern|enum)\b")
TEMPLATE_HEAD = re.compile(r"^\s*template\s*<[^{}()]*?>\s*(?=[\w\[:])")
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
OPENING, CLOSING = "([{<", ")]}>"


@dataclasses.dataclass
class Block:
    is_scope: bool
    first_line: int
    head: str


def check(sources: list[Source]) -> Iterator[Problem]:
    for source in sources:
        if source.is_cpp:
            yield from check_file(source)


def check_file(source: Source) -> Iterator[Problem]:
    text = PREPROCESSOR.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source.bare)
    open_blocks: list[Block] = []
    head_start, line = 0, 1
    for position, character in enumerate(text):
        if character == "\n":
            line += 1
        elif character == "{":
            head = text[head_start:position]
            first_line = line - head.lstrip().count("\n")
            open_blocks.append(Block(is_scope(head), first_line, head))
            head_start = position + 1
        elif character == "}":
            head_start = position + 1
            if open_blocks:
                yield from judge(source, open_blocks.pop(), open_blocks, line)
        elif character == ";":
            head_start = position + 1


def is_scope(head: str) -> bool:
    head = TEMPLATE_HEAD.sub("", head)
    return bool(SCOPE.search(head)) and "(" not in head


def judge(source: Source, block: Block, around: list[Block], last_line: int) -> Iterator[Problem]:
    """A body is a function's when only namespaces and classes are around it; tables are data."""
    is_table = block.head.rstrip().endswith("=")
    if block.is_scope or is_table or not all(outer.is_scope for outer in around):
        return
    lines = last_line - block.first_line + 1
    if lines > MAX_FUNCTION_LINES:
        yield source.problem(block.first_line, "function-length",
                             f"{lines} lines, at most {MAX_FUNCTION_LINES}")
    count = parameter_count(block.head)
    if count > MAX_PARAMETERS:
        yield source.problem(block.first_line, "parameters",
                             f"{count} parameters, at most {MAX_PARAMETERS}: use an options struct")


def parameter_count(head: str) -> int:
    head = TEMPLATE_HEAD.sub("", head)
    start = head.find("(")
    if start < 0 or "=" in head[:start] or re.match(r"\s*TEST(_[FP])?$", head[:start]):
        return 0
    depth, count, has_text = 0, 1, False
    for character in head[start:]:
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
            if depth == 0:
                break
        elif character == "," and depth == 1:
            count += 1
        elif not character.isspace():
            has_text = True
    return count if has_text else 0

"""Comments that suppress, as they stand in YAML files and in pages.

In YAML `# roadmap: ignore[RS209] why`, in a page `<!-- roadmap: ignore[RS209] why -->`: at the end
of a line for what is found in it, on a line of its own for the line below.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from roadmap_site.load.nodes import parse
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span

IsComment = Callable[[int, int], bool]
"""Whether what looks like a comment at a line and column is one: it may stand inside a text."""

_SIGN = "roadmap:"
# Bounded, so that a line of a megabyte is read once.
_IN_YAML = re.compile(r"#[ \t]*roadmap:[ \t]*ignore(?![\w-])(?:\[(?P<codes>[^\]]{0,500})\])?")
_IN_PAGE = re.compile(
    r"<!--[ \t]*roadmap:[ \t]*ignore(?![\w-])(?:\[(?P<codes>[^\]]{0,500})\])?"
    r"(?P<why>(?:(?!-->).){0,500})-->"
)
_BLOCK_HEADER = re.compile(r"(?:[&!]\S*[ \t]+)*[|>][-+\d]*[ \t]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that suppresses: its place, the codes it names, and the line that it is about."""

    span: Span
    codes: tuple[tuple[str, Span], ...]
    reason: str
    line: int


def comments(file: SourceFile) -> Iterator[Comment]:
    """The suppressing comments of a file, in order."""
    if _SIGN not in file.text:
        return
    lines = file.lines
    numbers = {number for number, line in enumerate(lines, start=1) if _SIGN in line}
    in_page = file.path.endswith(".md")
    if in_page:
        pattern, sign, is_comment = _IN_PAGE, "<!--", _in_page(lines)
    else:
        pattern, sign, is_comment = _IN_YAML, "#", _in_yaml(file, numbers)
    below = _lines_below(lines, sign, numbers)
    for number in sorted(numbers):
        line = lines[number - 1]
        for match in pattern.finditer(line):
            if not is_comment(number, match.start() + 1):
                continue
            end = match.end() if in_page else len(line)
            why = match["why"] if in_page else line[match.end() :]
            start = match.start("codes") + 1
            yield Comment(
                Span(file, number, match.start() + 1, number, end + 1),
                tuple(
                    (code[0], Span(file, number, start + code.start(), number, start + code.end()))
                    for code in re.finditer(r"[^\s,]+", match["codes"] or "")
                ),
                " ".join(why[: _REASON_LENGTH * 2].split())[:_REASON_LENGTH],
                number if (line[: match.start()] + line[end:]).strip() else below[number],
            )
            if not in_page:
                break  # the rest of the line belongs to it


def _lines_below(lines: Sequence[str], sign: str, numbers: set[int]) -> dict[int, int]:
    """For each of the numbered lines, the next one that holds more than a comment."""
    found = {}
    below = len(lines) + 1
    for number in range(len(lines), 0, -1):
        if number in numbers:
            found[number] = below
        line = lines[number - 1].lstrip()
        if line and not line.startswith(sign):
            below = number
    return found


def _in_yaml(file: SourceFile, numbers: set[int]) -> IsComment:
    """How to tell in these lines of a YAML file: no # inside a text begins a comment."""
    texts: dict[int, list[Span]] = defaultdict(list)
    root, _ = parse(file)
    todo = [root] if root else []
    seen: set[int] = set()  # aliases may lead to one node ten thousand times
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            for number in range(node.start.line + 1, node.end.line + 2):
                if number in numbers:
                    texts[number].append(node.span)
        else:
            todo += _children(node)

    for some in texts.values():
        some.sort(key=_start)

    def is_comment(number: int, column: int) -> bool:
        before = file.line(number)[: column - 1]
        # A file that cannot be parsed says so, and nothing else; a line that was commented out
        # suppresses nothing any more.
        if root is None or before[-1:].strip() or before.lstrip().startswith("#"):
            return False
        before_it = bisect_right(texts[number], (number, column), key=_start)
        return not before_it or not _holds(texts[number][before_it - 1], number, column)

    return is_comment


def _start(text: Span) -> tuple[int, int]:
    return text.line, text.column


def _holds(text: Span, number: int, column: int) -> bool:
    if (number, column) >= (text.end_line, text.end_column):
        return False
    # The | of a text in lines may have a comment behind it.
    head = text.file.line(number)[text.column - 1 : column - 1]
    return number != text.line or not _BLOCK_HEADER.fullmatch(head)


def _in_page(lines: Sequence[str]) -> IsComment:
    """How to tell in a page: no <!-- inside code begins a comment."""
    code: set[int] = set()
    fence = ""
    for number, line in enumerate(lines, start=1):
        match = _FENCE.match(line)
        if fence or match or line.startswith(("    ", "\t")):
            code.add(number)
        if fence:
            if match and match[1].startswith(fence) and not line[match.end() :].strip():
                fence = ""
        elif match:
            fence = match[1]

    def is_comment(number: int, column: int) -> bool:
        return number not in code and lines[number - 1].count("`", 0, column - 1) % 2 == 0

    return is_comment


def _children(node: Node) -> list[Node]:
    if isinstance(node, SequenceNode):
        return node.children
    if isinstance(node, MappingNode):
        return [child for pair in node.pairs.values() for child in pair]
    return []

"""Where a value stands: files, spans, and the positioned YAML tree the model is read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol


class Mark(Protocol):
    """A position as the YAML parser reports it: 0-based line and column, in characters."""

    line: int
    column: int
    index: int


# The line breaks of YAML 1.1, by which the parser counts lines (section 4.2 of that specification).
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True)
class SourceFile:
    """One file of the curriculum: `path` is relative to the curriculum folder, with `/`."""

    path: str
    text: str = field(repr=False, compare=False)

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines as the YAML parser counts them, without their breaks.

        The last is empty: the parser goes on to it even where the one before it has no break.
        """
        lines = _BREAK.split(self.text)
        return lines if not lines[-1] else [*lines, ""]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """The 0-based position in the text of a 1-based line and column; the end's, past it."""
        starts = self._line_starts
        if line > len(starts):
            return len(self.text)
        return min(starts[line - 1] + column - 1, len(self.text))

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of a 0-based position in the text."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def newline(self) -> str:
        """How lines end in this file, by its first line."""
        match = _BREAK.search(self.text)
        return "\r\n" if match and match[0] == "\r\n" else "\n"

    def line(self, number: int) -> str:
        """The text of 1-based line `number`; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one file. Lines and columns are 1-based and count characters."""

    file: SourceFile
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def whole(cls, file: SourceFile) -> Span:
        """The first character of a file: for faults that belong to no line of it."""
        return cls(file, 1, 1, 1, 1)

    @classmethod
    def after(cls, file: SourceFile, head: str) -> Span:
        """The place in a file that follows `head`, the beginning of its text."""
        lines = _BREAK.split(head)
        line, column = len(lines), len(lines[-1]) + 1
        return cls(file, line, column, line, column)

    @property
    def offsets(self) -> tuple[int, int]:
        """Where it begins and ends in the file's text, 0-based."""
        file = self.file
        return file.offset(self.line, self.column), file.offset(self.end_line, self.end_column)

    @property
    def text(self) -> str:
        """What stands there, to the letter."""
        start, end = self.offsets
        return self.file.text[start:end]

    @property
    def head(self) -> Span:
        """Its first character: where an editor wants to be."""
        return Span(self.file, self.line, self.column, self.line, self.column)

    def contains(self, other: Span) -> bool:
        """Whether `other` begins inside this span (same file)."""
        return (
            self.file.path == other.file.path
            and (self.line, self.column) <= (other.line, other.column)
            and (other.line, other.column) <= (self.end_line, self.end_column)
        )


class Node:
    """A YAML node with its place. `file` is shared; marks are the parser's own, 0-based."""

    __slots__ = ("end", "file", "start")

    def __init__(self, file: SourceFile, start: Mark, end: Mark) -> None:
        self.file = file
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """This node's place, 1-based."""
        start, end = self.start, self.end
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def under(self, step: str | int) -> Node | None:
        """The value under a key or at an index, or None."""
        if isinstance(self, MappingNode) and isinstance(step, str):
            return self.get(step)
        if isinstance(self, SequenceNode) and isinstance(step, int):
            return self.children[step] if step < len(self.children) else None
        return None

    def key_span(self, key: str) -> Span:
        """The place of a key of this mapping, or of the node where there is none."""
        pair = self.pairs.get(key) if isinstance(self, MappingNode) else None
        return pair[0].span if pair else self.span

    def at(self, *path: str | int) -> Span:
        """The place of the value at `path` (keys and indexes), or of the deepest node there is."""
        node: Node = self
        for step in path:
            child = node.under(step)
            if child is None:
                break
            node = child
        return node.span


class ScalarNode(Node):
    """A scalar. `value` is its text; `plain` is false where it was quoted or a block."""

    __slots__ = ("plain", "value")

    def __init__(self, file: SourceFile, start: Mark, end: Mark, value: str, plain: bool) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.value = value
        self.plain = plain


class SequenceNode(Node):
    """A list; `children` in order."""

    __slots__ = ("children",)

    def __init__(self, file: SourceFile, start: Mark, end: Mark) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.children: list[Node] = []


class MappingNode(Node):
    """A mapping; `pairs` in order. Duplicate keys are reported while reading, the first is kept."""

    __slots__ = ("pairs",)

    def __init__(self, file: SourceFile, start: Mark, end: Mark) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.pairs: dict[str, tuple[ScalarNode, Node]] = {}

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        pair = self.pairs.get(key)
        return pair[1] if pair else None

    def __iter__(self) -> Iterator[tuple[str, ScalarNode, Node]]:
        for name, (key, value) in self.pairs.items():
            yield name, key, value

"""Passages of Markdown, which the parser takes out of their lines, back to where they stand."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from roadmap_site.model.source import SourceFile, Span


class Passage:
    """A text that stands in a file line by line, without what precedes it on its lines.

    `first` is the 1-based number of its first line. A cell of a table is looked for from the
    column `after` on; a bar in it may have lost its backslash.
    """

    def __init__(self, file: SourceFile, first: int, text: str, after: int | None = None) -> None:
        self._file = file
        self._first = first
        self._text = text
        lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in lines[:-1])]
        self._has_escapes = False
        self._columns: list[int | None]
        """Where each of its lines begins in its line of the file; None where that is not known."""
        if after is None:
            self._columns = [_column(file.line(first + n), line) for n, line in enumerate(lines)]
            return
        source = file.line(first)
        column = source.find(text, after)
        if column < 0:
            self._has_escapes = True
            column = source.find(text.replace("|", "\\|"), after)
        self._columns = [column if column >= 0 else None]

    @property
    def end(self) -> int:
        """The 0-based column after its last character."""
        return self._position(len(self._text))[1] - 1

    def span(self, start: int, end: int) -> Span:
        """Where text[start:end] stands; the whole line where that cannot be said."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        if column > 0 and end_column > 0:
            return Span(self._file, line, column, end_line, end_column)
        return line_span(self._file, line)

    def _position(self, offset: int) -> tuple[int, int]:
        """1-based line and column; column 0 where it is not known."""
        number = bisect_right(self._starts, offset) - 1
        start = self._columns[number]
        if start is None:
            return self._first + number, 0
        column = start + offset - self._starts[number] + 1
        if self._has_escapes:
            column += self._text.count("|", 0, offset)
        return self._first + number, column


def _column(source: str, line: str) -> int | None:
    """Where a line of a text begins in its line of the file.

    What precedes it may read like it; nothing follows it but white space and `#`. Of a tab before
    it, spaces may be left, which puts its beginning before that of the file's.
    """
    bare = line.lstrip(" ")
    column = source.rfind(bare)
    return column - (len(line) - len(bare)) if column >= 0 else None


def line_span(file: SourceFile, number: int) -> Span:
    """A line without the white space around it."""
    line = file.line(number)
    indent = len(line) - len(line.lstrip())
    return Span(file, number, indent + 1, number, len(line.rstrip()) + 1)

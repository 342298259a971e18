"""Where each character of a YAML scalar's value stands in what is written.

It reads scalars once more, the way libyaml does (YAML 1.1, chapters 8 and 9), and notes what each
stretch of the value was made of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_BREAKS = "\n\r\x85\u2028\u2029"
_BREAK = rf"(?:\r\n|[{_BREAKS}])"
_FOLD = rf"(?P<fold>[ \t]*+{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+)|(?P<text>[ \t]++"
_PLAIN = re.compile(rf"{_FOLD}|[^ \t{_BREAKS}]++)")
_SINGLE = re.compile(rf"(?P<quote>'')|{_FOLD}|[^ \t'{_BREAKS}]++)")
_DOUBLE = re.compile(
    rf"\\(?P<join>{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+)"
    r"|\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<one>.))"
    rf"|{_FOLD}|[^ \t\\{_BREAKS}]++)"
)
_ONE_BREAK = re.compile(_BREAK)
_LINE = re.compile(rf"([^{_BREAKS}]*+)({_BREAK}|\Z)")
_PROPERTY = re.compile(
    rf"(?:&[A-Za-z0-9_-]+|![^ \t{_BREAKS}]*+)(?:[ \t]++|{_BREAK}\ufeff?|#[^{_BREAKS}]*+)*+"
)
"""An anchor or a tag, and what may stand before the text: the parser drops marks of byte order."""
_HEADER = re.compile(rf"[|>][-+0-9]*+[ \t]*+(?:#[^{_BREAKS}]*+)?{_BREAK}?")
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
"""Letters after a backslash that stand for another character; others stand for themselves."""

_Piece = tuple[str, int, int]
"""A stretch of the value, and where what made it begins and ends in the source."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How a scalar's value is written.

    `starts` are where the stretches of the value begin, in order, and `sources` where what made
    each begins and ends. A stretch as long as its source is there to the letter.
    """

    starts: list[int]
    sources: list[tuple[int, int]]

    def source_of(self, start: int, end: int) -> tuple[int, int]:
        """Where value[start:end] stands; a character that is an escape is the whole escape."""
        return self._character(start)[0], self._character(end - 1)[1]

    def _character(self, at: int) -> tuple[int, int]:
        number = bisect_right(self.starts, at) - 1
        begin, end = self.sources[number]
        length = self.starts[number + 1] - self.starts[number]
        if length != end - begin:
            return begin, end
        begin += at - self.starts[number]
        return begin, begin + 1


def body_start(source: str) -> int:
    """Where a scalar's text or its opening quote begins, after its anchor, tag and comments."""
    at = 0
    while source[at : at + 1] in ("&", "!") and (found := _PROPERTY.match(source, at)):
        at = found.end()
    return at


def writing_of(source: str, value: str) -> Writing | None:
    """How `source`, which begins with the text or its quote, writes a value.

    None where it is not written in a way known here.
    """
    opening = source[:1]
    if opening in ("|", ">"):
        pieces = list(_block(source, value))
    elif opening == '"':
        pieces = list(_double(source))
    elif opening == "'":
        pieces = list(_flowing(_SINGLE, source, 1, len(source) - 1))
    else:
        pieces = list(_flowing(_PLAIN, source, 0, len(source)))
    read = "".join(text for text, _, _ in pieces)
    # How a block ends says nothing about where its text stands.
    if read != value and not (opening in ("|", ">") and _bare(read) == _bare(value)):
        return None
    starts, at = [], 0
    for text, _, _ in pieces:
        starts.append(at)
        at += len(text)
    return Writing([*starts, at], [(start, end) for _, start, end in pieces])


def _bare(value: str) -> str:
    return value.rstrip(_BREAKS)


def _flowing(pattern: re.Pattern[str], source: str, start: int, end: int) -> Iterator[_Piece]:
    for found in pattern.finditer(source, start, end):
        kind = found.lastgroup
        if kind == "text":
            yield found[0], found.start(), found.end()
        else:
            yield "'" if kind == "quote" else _folded(found[0]), found.start(), found.end()


def _double(source: str) -> Iterator[_Piece]:
    for found in _DOUBLE.finditer(source, 1, len(source) - 1):
        kind = found.lastgroup
        text = found[0]
        if kind == "fold":
            text = _folded(text)
        elif kind == "join":
            text = "".join(_breaks(text)[1:])
        elif kind == "one":
            text = _ESCAPES.get(found["one"], found["one"])
        elif kind != "text":
            assert kind
            text = _character_of(found[kind])
        yield text, found.start(), found.end()


def _character_of(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def _breaks(text: str) -> list[str]:
    """The line breaks in a text as the parser reads them."""
    return [found if found in ("\u2028", "\u2029") else "\n" for found in _ONE_BREAK.findall(text)]


def _folded(text: str) -> str:
    """What line breaks and the white space around them become."""
    first, *others = _breaks(text)
    if first == "\n":
        return "".join(others) or " "
    return first + "".join(others)


def _block(source: str, value: str) -> Iterator[_Piece]:
    """The lines of a literal or folded text."""
    header = _HEADER.match(source)
    assert header
    is_folded = source[0] == ">"
    lines = [line for line in _LINE.finditer(source, header.end()) if line[0]]
    indent = _indent(lines, value)
    held: list[tuple[str, int, int]] = []  # the breaks since the last line that had a text
    was_indented = True  # before the first line nothing is folded
    for line in lines:
        start, end = line.span(1)
        text = line[1][indent:]
        if text and line[1][:indent].strip(" "):
            return  # less indented: not of this block
        if text:
            is_indented = text[0] in " \t"
            if held and is_folded and not was_indented and not is_indented and held[0][0] == "\n":
                # One break is read as a space; of several the first is left out.
                held[0] = ("" if len(held) > 1 else " ", *held[0][1:])
            yield from (piece for piece in held if piece[0])
            held = []
            yield text, start + indent, end
            was_indented = is_indented
        held += [(text, *line.span(2)) for text in _breaks(line[2])]
    yield from held


def _indent(lines: list[re.Match[str]], value: str) -> int:
    """How far a block's text is indented, told by its first line that is not blank."""
    source_line = next((line[1] for line in lines if line[1].strip(" ")), "")
    value_line = next((line for line in re.split(_BREAK, value) if line.strip(" ")), "")
    return max(_leading(source_line) - _leading(value_line), 0)


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

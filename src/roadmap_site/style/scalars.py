"""One text of a YAML file as the house style writes it.

What a text says is never changed, only what YAML needs around it: quotes, and the places of line
breaks that are read as spaces. The editor's own breaks stay while every line fits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

WIDTH = 110
"""Columns of a line; a word that is longer has a line of its own."""

BREAK = re.compile("[\n\u2028\u2029]")
"""The breaks of YAML 1.1 that are left once `normal` has seen to the others."""
_ODD_BREAK = re.compile("[\u2028\u2029]")
_SPACE = re.compile(r"(?<=[^ \t]) (?=[^ \t])")
_OPENS_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<]")
_CLOSES_PLAIN = re.compile(r"[ \t\n]$|:(?:[ \t\n]|$)|[ \t\n]#|\t")
_INDICATOR = re.compile(r"[-?:](?:[ \t]|$)")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}:?]")
# What some reader of YAML takes for something else than a text: there quotes have a meaning.
_SPECIAL = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|[-+]?\.?\d[-+.:_\dabcdefxozt ]*",
    re.IGNORECASE,
)
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_OPEN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[ \t]*$")


def quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return _ESCAPES.get(match[0]) or (f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}")


def can_be_plain(text: str, *, in_flow: bool = False) -> bool:
    """Whether a text needs no quotes."""
    return (
        bool(_OPENS_PLAIN.match(text))
        and not _CLOSES_PLAIN.search(text)
        and not _ESCAPED.search(text.replace('"', "").replace("\\", ""))
        and not (in_flow and _NOT_IN_FLOW.search(text))
        and not _SPECIAL.fullmatch(text)
    )


def written(text: str, *, in_flow: bool = False) -> str:
    """A text on one line, in quotes where it needs them."""
    return text if can_be_plain(text, in_flow=in_flow) else quoted(text)


def lines_of(source: str, value: str, *, in_flow: bool = False) -> list[str]:
    """A plain or quoted text in the style's quotes, as the lines that the editor made of it.

    An empty line stands for a break that belongs to the text.
    """
    old = source[:1] if source[:1] in ("'", '"') else ""
    lines = BREAK.split(source[1:-1] if old else source)
    if len(lines) > 1:
        if _ODD_BREAK.search(source) or (old == '"' and any(map(_OPEN_ESCAPE.search, lines[:-1]))):
            return [quoted(value)]
        first, *middle, last = lines
        lines = [
            first.rstrip(" \t"),
            *(line.strip(" \t") for line in middle),
            last.lstrip(" \t"),
        ]
        if not lines[0] or not lines[-1]:
            return [quoted(value)]
    if not old:
        # The parser skips a byte order mark that begins a line, and takes a lone dash that stood in
        # brackets for an entry outside of them.
        is_fit = "\ufeff" not in source and not _INDICATOR.match(lines[0])
        return lines if is_fit else [quoted(value)]
    quote = old
    if "\n" not in value and can_be_plain(value, in_flow=in_flow) and "\\" not in source:
        quote = ""
    elif '"' not in value and "\\" not in value:
        quote = '"'
    if old == "'" and quote != "'":
        lines = [line.replace("''", "'") for line in lines]
    lines[0] = quote + lines[0]
    lines[-1] += quote
    return lines


def on_one_line(source: str, value: str, *, in_flow: bool = False) -> str:
    """The same without a break, as keys and lists in brackets want it."""
    if "\n" in value:
        return quoted(value)
    return " ".join(lines_of(source, value, in_flow=in_flow))


def wrapped(lines: Sequence[str], column: int, indent: int) -> list[str]:
    """Lines that fit, the first from `column` on and the others from `indent`.

    They are filled anew where one of them is too long.
    """
    if column + len(lines[0]) <= WIDTH and all(indent + len(line) <= WIDTH for line in lines[1:]):
        return list(lines)
    quote = lines[0][:1] if lines[0][:1] in ("'", '"') else ""
    filled: list[str] = []
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        else:
            if paragraph:
                at = indent if filled else column
                filled += _filled(" ".join(paragraph), at, indent, quote)
            paragraph = []
            filled.append("")
    return filled[:-1]


def _filled(text: str, column: int, indent: int, quote: str = "") -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _words(text, quote):
        if line and (indent if lines else column) + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _words(text: str, quote: str) -> list[str]:
    """A text's parts between which a break is read as the space that it replaces."""
    words: list[str] = []
    for part in _SPACE.split(text):
        # A space beside a quote stays there; one behind a backslash is a letter like others.
        is_held = words and (
            (quote and quote in (words[-1], part))
            or (quote == '"' and _OPEN_ESCAPE.search(words[-1]))
        )
        if is_held:
            words[-1] += f" {part}"
        else:
            words.append(part)
    return words


# --------------------------------------------------------------------------- block scalars

HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(#[^\n\u2028\u2029]*)?")


def block_of(source: str, value: str, indent: int) -> tuple[str, list[str], str] | None:
    """A literal or folded text: its header, its lines from `indent` on, and the header's comment.

    None where the text holds what such a block cannot carry to the letter.
    """
    header = HEADER.match(source)
    assert header
    comment = (header[1] or "").rstrip(" \t")
    body = value.rstrip("\n")
    if not body.strip(" \t\n") or _ESCAPED.search(_LEGAL.sub("", value)):
        return None
    breaks = len(value) - len(body)
    if source[0] == "|":
        lines = body.split("\n")
    else:
        folded = _folded_lines(source[header.end() :], body)
        if folded is None:
            return None
        lines = _refilled(folded, indent)
    lead = next(line for line in lines if line)
    mark = "2" if lead[0] in " \t" else ""
    chomp = ("-", "")[breaks] if breaks < 2 else "+"
    margin = " " * indent
    lines = [f"{margin}{line}" if line else "" for line in lines] + [""] * (breaks - 1)
    return f"{source[0]}{mark}{chomp}", lines, comment


_LEGAL = re.compile(r'[\\"\n\t]')


def _folded_lines(source: str, body: str) -> list[str] | None:
    """A folded text's own lines, without the indentation they have in the file."""
    lines = BREAK.split(source)[1:]
    while lines and not lines[-1].strip(" "):
        lines.pop()
    if any(line and not line.strip(" \t") for line in body.split("\n")):
        return None  # lines of spaces only: where the indentation ends is a guess
    lead = next(line for line in lines if line.strip(" "))
    in_text = next(line for line in body.split("\n") if line)
    cut = _leading(lead) - _leading(in_text)
    return [line[cut:] for line in lines]


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _refilled(lines: Sequence[str], indent: int) -> list[str]:
    """Folded lines, those paragraphs filled anew that hold one too long."""
    done: list[str] = []
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line and line[0] not in " \t":
            paragraph.append(line)
            continue
        if paragraph:
            is_long = any(indent + len(part) > WIDTH for part in paragraph)
            done += _filled(" ".join(paragraph), indent, indent) if is_long else paragraph
        paragraph = []
        done.append(line)
    return done[:-1]

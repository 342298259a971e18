"""Scalars to values: texts, words from a list, numbers, dates, durations."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from roadmap_site.load import faults
from roadmap_site.load.spelling import meant, nearest, respelling
from roadmap_site.model.diagnostic import Diagnostic, cited
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode
from roadmap_site.model.values import DATE_PATTERN, INTEGER_PATTERN, Duration, Numbers

T = TypeVar("T")
Decoder = Callable[[Node, list[Diagnostic]], Any]

BAD: Final = object()
"""What a decoder returns in place of a value, having said why."""

_SPACES = re.compile("[ \t\n\r\x85\u2028\u2029]+")
# Unicode's bidirectional embeddings, overrides and isolates, and the C0/C1 controls YAML lets pass.
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def _scalar(node: Node, diagnostics: list[Diagnostic], wanted: str) -> str | None:
    if not isinstance(node, ScalarNode):
        diagnostics.append(
            wrong_type(
                node, wanted, "a text that has `: ` in it or begins with [ or { wants quotes"
            )
        )
        return None
    value = node.value
    if not value.isascii() or not value.isprintable():
        invisible = _INVISIBLE.search(value)
        if invisible:
            message = (
                f"the text holds the character U+{ord(invisible[0]):04X}, which no reader sees"
            )
            diagnostics.append(faults.INVISIBLE_CHARACTER.at(node.span, message, hint="delete it"))
            value = _INVISIBLE.sub("", value)
    if not value.strip() or (node.plain and value in ("~", "null")):
        message = f"nothing stands where {wanted} is wanted"
        hint = "write it, or delete the line; a text that begins with # wants quotes"
        diagnostics.append(faults.BLANK_VALUE.at(node.span, message, hint=hint))
        return None
    return value


def text(node: Node, diagnostics: list[Diagnostic]) -> Any:
    """One line of words, however it was folded."""
    value = _scalar(node, diagnostics, "a text")
    if value is None:
        return BAD
    if "  " in value or not value.isprintable():
        # One line, however the editor folded it. No-break spaces stay.
        value = _SPACES.sub(" ", value)
    return value.strip()


def prose(node: Node, diagnostics: list[Diagnostic]) -> Any:
    """Paragraphs."""
    value = _scalar(node, diagnostics, "a text")
    return BAD if value is None else value.strip()


def verbatim(node: Node, diagnostics: list[Diagnostic]) -> Any:
    """A text to the letter."""
    value = _scalar(node, diagnostics, "a text")
    return BAD if value is None else value


def word_decoder(words: tuple[str, ...]) -> Decoder:
    """A decoder of one word out of several."""
    listed = ", ".join(f"`{word}`" for word in words)

    def decode_word(node: Node, diagnostics: list[Diagnostic]) -> Any:
        value = _scalar(node, diagnostics, "one of " + listed)
        if value is None:
            return BAD
        if value not in words:
            near = nearest(value, words)
            hint = f"did you mean `{near}`?" if near else f"it is one of {listed}"
            message = f"{cited(value)} is none of the words known here"
            fix = respelling(node, meant(value, words))
            diagnostics.append(faults.INVALID_VALUE.at(node.span, message, hint=hint, fix=fix))
            return BAD
        return value

    return decode_word


def boolean(node: Node, diagnostics: list[Diagnostic]) -> Any:
    """`true` or `false`, unquoted."""
    value = _scalar(node, diagnostics, "true or false")
    if value is None:
        return BAD
    if isinstance(node, ScalarNode) and node.plain and value in ("true", "false"):
        return value == "true"
    message = f"{cited(value)} is neither `true` nor `false`"
    diagnostics.append(faults.WRONG_TYPE.at(node.span, message, hint="write true or false"))
    return BAD


def _parsed(
    parse: Callable[[str], T | None], wanted: str, hint: str
) -> Callable[[Node, list[Diagnostic]], T | Any]:
    def decode_parsed(node: Node, diagnostics: list[Diagnostic]) -> Any:
        """The value that a text writes."""
        text = _scalar(node, diagnostics, wanted)
        if text is None:
            return BAD
        value = parse(text)
        if value is None:
            message = f"{cited(text)} is not {wanted}"
            diagnostics.append(faults.INVALID_VALUE.at(node.span, message, hint=hint))
            return BAD
        return value

    return decode_parsed


_INTEGER = re.compile(INTEGER_PATTERN)
_DATE = re.compile(DATE_PATTERN)

integer = _parsed(
    lambda text: int(text) if _INTEGER.fullmatch(text) else None,
    "a whole number",
    "write digits only",
)
date = _parsed(
    lambda text: text if _DATE.fullmatch(text) else None,
    "a date",
    "write it as 2026, 2026-11 or 2026-11-20",
)
duration = _parsed(
    Duration.parse,
    "a length of time",
    "write it like 30min, 5-6h, ~200h, 1-2w, 3mo or 10-12h/week",
)
numbers = _parsed(
    Numbers.parse, "a number or a span of numbers", "write it like 3 or 3-4, from 1 to 9999"
)


def wrong_type(node: Node, wanted: str, hint: str) -> Diagnostic:
    """The fault of a node of another kind than is wanted."""
    if isinstance(node, MappingNode):
        found = "a mapping"
    elif isinstance(node, SequenceNode):
        found = "a list"
    else:
        found = "a text" if isinstance(node, ScalarNode) and node.value else "nothing"
    return faults.WRONG_TYPE.at(node.span, f"{found} stands where {wanted} is wanted", hint=hint)

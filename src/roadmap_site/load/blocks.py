"""Admonitions, tabs and Markdown in HTML, which CommonMark does not have."""

from __future__ import annotations

import re

from roadmap_site.load.html import read_attributes
from roadmap_site.model.pages import Block
from roadmap_site.model.source import SourceFile, Span

_BLOCK = re.compile(
    r"[ \t]*(?:(?:!!!|\?\?\?\+?) ?([\w-]+)(?: +[\w-]+)*+(?: +\"(.*)\")?|===[!+]* +\"(.*)\")"
    r"(?: *<!--[^<>]*-->)?\s*$"  # what accepts a fault stands in a comment
)
_ONE_TAG = re.compile(r"[ \t]*<[a-z][\w-]*+([^<>]*+)>\s*$", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
INDENT = 4
"""How far Python-Markdown indents what belongs to an admonition or a tab."""


def is_title(line: str) -> bool:
    """Whether an admonition or a tab begins with a line."""
    return _BLOCK.match(line) is not None


def unwrapped(
    file: SourceFile, lines: list[str]
) -> tuple[list[str], list[Block], list[tuple[int, str]]]:
    """The lines, as many as before, with what admonitions and tabs hold moved out to the left.

    The titles of these come apart, each with its line.
    """
    blocks: list[Block] = []
    titles: list[tuple[int, str]] = []
    flat: list[str] = []
    open_blocks: list[int] = []  # how far each one's content is indented
    fence = ""
    for number, line in enumerate(lines, start=1):
        indent = len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(INDENT))
        if line.strip():
            while open_blocks and indent < open_blocks[-1]:
                open_blocks.pop()
                fence = ""
        if not fence and (found := _BLOCK.match(line)):
            if found[1]:
                start, end = found.start(1) + 1, found.end(1) + 1
                blocks.append(Block(Span(file, number, start, number, end), found[1]))
            if title := found[2] or found[3]:
                titles.append((number, title))
            open_blocks.append(indent + INDENT)
            flat.append("")
            continue
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        wraps = (
            not fence and (tag := _ONE_TAG.match(line)) and "markdown" in read_attributes(tag[1])
        )
        flat.append("" if wraps else _outdented(line, INDENT * len(open_blocks)))
    return flat, blocks, titles


def _outdented(line: str, columns: int) -> str:
    at = column = 0
    while column < columns and line[at : at + 1] in (" ", "\t"):
        column += 1 if line[at] == " " else INDENT - column % INDENT
        at += 1
    return line[at:]

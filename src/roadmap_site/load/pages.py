"""Hand-written Markdown to what is checked of it: the only importer of markdown_it.

MkDocs renders the pages with Python-Markdown, which does not say where anything stands. What this
reads for their checks is the common ground of the two; admonitions and tabs, which CommonMark does
not have, are unwrapped first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from roadmap_site.load.nodes import parse
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.pages import Block, Heading, Link, WrittenPage
from roadmap_site.model.source import MappingNode, ScalarNode, SourceFile, Span

FOLDER = "pages/"
ENDING = ".md"
MAX_BYTES = 256 << 10
"""A page's size: finding links in the most tangled text of that size takes seconds."""

_META = re.compile(r"\A---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_BLOCK = re.compile(r"( *)(?:!!!|\?\?\?\+?) +([\w-]+)|( *)===[!+]* +\"")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_ATTRIBUTES = re.compile(r"\s*\{:?([^{}]*)\}\s*$")
_ANCHOR = re.compile(r"#([^\s#.=]+)")
INDENT = 4
"""How far Python-Markdown indents what belongs to an admonition or a tab."""


def read_page(file: SourceFile) -> tuple[WrittenPage, list[Diagnostic]]:
    """A page's parts with their places, and what is wrong with the YAML of its front matter."""
    meta, diagnostics = _front_matter(file)
    lines = [*file.lines]
    if found := _META.match(file.text):
        count = found[0].count("\n")
        lines[:count] = [""] * count
    lines, blocks = _unwrapped(file, lines)
    parser = MarkdownIt("commonmark").enable("table")
    # Every address is wanted as it is written, the unsafe ones above all.
    parser.validateLink = lambda url: url is not None  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    tokens = parser.parse("\n".join(lines))
    inlines = list(_inlines(tokens))
    page = WrittenPage(
        file=file,
        meta=meta,
        headings=tuple(_headings(file, inlines)),
        links=tuple(link for _, token in inlines for link in _links(file, token)),
        blocks=tuple(blocks),
        texts=tuple(text for _, token in inlines for text in _texts(file, token)),
        open_fence=_open_fence(file, tokens, lines),
    )
    return page, diagnostics


def _front_matter(file: SourceFile) -> tuple[dict[str, str] | None, list[Diagnostic]]:
    found = _META.match(file.text)
    if not found or not found[1].strip():
        return {}, []
    # Cut where the document ends, so that places stay what they are in the whole file.
    node, diagnostics = parse(SourceFile(file.path, file.text[: found.end(1)]))
    if not isinstance(node, MappingNode):
        return None, diagnostics
    pairs = {key: child.value for key, _, child in node if isinstance(child, ScalarNode)}
    return pairs, diagnostics


def _unwrapped(file: SourceFile, lines: list[str]) -> tuple[list[str], list[Block]]:
    """The lines, as many as before, with what admonitions and tabs hold moved out to the left."""
    blocks: list[Block] = []
    flat: list[str] = []
    open_blocks: list[int] = []  # how far each one's content is indented
    fence = ""
    for number, line in enumerate(lines, start=1):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            while open_blocks and indent < open_blocks[-1]:
                open_blocks.pop()
                fence = ""
        if not fence and (found := _BLOCK.match(line)):
            if found[2]:
                start, end = found.start(2) + 1, found.end(2) + 1
                blocks.append(Block(Span(file, number, start, number, end), found[2]))
            open_blocks.append(indent + INDENT)
            flat.append("")
            continue
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        flat.append(line[INDENT * len(open_blocks) :])
    return flat, blocks


def _inlines(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token of running text, with the token that opens what it stands in."""
    for before, token in pairwise(tokens):
        if token.type == "inline" and token.map:
            yield before, token


def _headings(file: SourceFile, inlines: list[tuple[Token, Token]]) -> Iterator[Heading]:
    for opening, token in inlines:
        if opening.type == "heading_open" and token.map:
            text = _words(token.children or [])
            anchor = ""
            if attributes := _ATTRIBUTES.search(text):
                text = text[: attributes.start()]
                anchor = found[1] if (found := _ANCHOR.search(attributes[1])) else ""
            yield Heading(_line_span(file, token.map[0] + 1), int(opening.tag[1:]), text, anchor)


def _words(tokens: list[Token]) -> str:
    """What a reader sees of running text; of an image, its alternative text."""
    words = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type == "image":
            words.append(_words(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words).strip()


def _links(file: SourceFile, inline: Token) -> Iterator[Link]:
    assert inline.map
    place = _Place(file, inline.map[0] + 1, inline.map[1])
    opened: list[tuple[Token, int]] = []
    tokens = inline.children or []
    for position, token in enumerate(tokens):
        if token.type == "link_open":
            opened.append((token, position))
        elif token.type == "link_close" and opened:
            opening, start = opened.pop()
            yield place.link(_words(tokens[start:position]), str(opening.attrs.get("href", "")))
        elif token.type == "image":
            text = _words(token.children or [])
            yield place.link(text, str(token.attrs.get("src", "")), is_image=True)


class _Place:
    """A stretch of lines, in which links are found again one after the other."""

    def __init__(self, file: SourceFile, first: int, last: int) -> None:
        self.file = file
        self.first = first
        lines = [file.line(number) for number in range(first, last + 1)]
        self.text = "\n".join(lines)
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self.at = 0
        self.elsewhere: set[str] = set()

    def link(self, text: str, target: str, *, is_image: bool = False) -> Link:
        """The next link with these words and this target."""
        start = -1 if target in self.elsewhere else self.text.find(target or "]()", self.at)
        if start < 0:  # its target stands below the text, or in other letters
            self.elsewhere.add(target)
            span = _line_span(self.file, self.first)
            return Link(span, text, target, span, is_image)
        start += 0 if target else 2
        end = start + len(target)
        opening = self.text.rfind("![" if is_image else "[", self.at, start)
        self.at = end
        span = self._span(opening if opening >= 0 else start, end)
        return Link(span, text, target, self._span(start, end), is_image)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.file, *self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset) - 1
        return self.first + line, offset - self.starts[line] + 1


def _texts(file: SourceFile, inline: Token) -> Iterator[tuple[str, Span]]:
    """The words of each line, code left out."""
    assert inline.map
    number, words = inline.map[0] + 1, ""
    for token in inline.children or []:
        if token.type == "text":
            words += token.content
        elif token.type == "code_inline":
            words += "``"
        elif token.type in ("softbreak", "hardbreak"):
            yield words, _line_span(file, number)
            number, words = number + 1, ""
    yield words, _line_span(file, number)


def _open_fence(file: SourceFile, tokens: list[Token], lines: list[str]) -> Span | None:
    for token in tokens:
        if token.type == "fence" and token.map:
            start, end = token.map
            last = lines[end - 1].strip() if end <= len(lines) else ""
            if end - 1 == start or not last.startswith(token.markup[:3]):
                return _line_span(file, start + 1)
    return None


def _line_span(file: SourceFile, number: int) -> Span:
    line = file.line(number)
    indent = len(line) - len(line.lstrip())
    return Span(file, number, indent + 1, number, len(line.rstrip()) + 1)

"""Hand-written Markdown to what is checked of it: headings, links, words, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from roadmap_site.load.blocks import unwrapped
from roadmap_site.load.html import html_targets
from roadmap_site.load.markdown import PLACED, Target, Token, markdown_parser
from roadmap_site.load.nodes import parse
from roadmap_site.load.passages import Passage, line_span
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.pages import Heading, Link, WrittenPage
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SourceFile, Span

FOLDER = "pages/"
ENDING = ".md"
MAX_BYTES = 256 << 10
"""A page's size: finding links in the most tangled text of that size takes seconds."""

_META = re.compile(r"\A---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ATTRIBUTES = re.compile(r"(?<!\s)\s*+\{:?([^{}]*)\}\s*$")
_ANCHOR = re.compile(r"#([^\s#.=]+)")
_BARE_TAG = re.compile(r"<[\w -]+>")


def read_page(file: SourceFile) -> tuple[WrittenPage, list[Diagnostic]]:
    """A page's parts with their places, and what is wrong with the YAML of its front matter."""
    meta, diagnostics = _meta(file)
    lines = [*file.lines]
    if found := _META.match(file.text):
        count = found[0].count("\n")
        lines[:count] = [""] * count
    lines, blocks, titles = unwrapped(file, lines)
    env: dict[str, Any] = {"written": file.lines}
    parser = markdown_parser()
    tokens = parser.parse("\n".join(lines), env)
    for number, title in titles:
        for token in parser.parseInline(title, env):
            token.map = [number - 1, number]
            tokens.append(token)
    inlines = list(_inlines(tokens))
    passages = list(_passages(file, tokens))
    definitions = dict(_definitions(file, env))
    page = WrittenPage(
        file=file,
        meta=meta,
        headings=tuple(_headings(file, inlines)),
        links=tuple(link for passage in passages for link in _links(*passage, definitions)),
        blocks=tuple(blocks),
        texts=tuple(text for _, token in inlines for text in _texts(file, token)),
        unlinked=tuple(text for passage in passages for text in _unlinked(*passage)),
        open_fence=_open_fence(file, tokens, lines),
        html_links=tuple(link for passage in passages for link in _html_links(*passage)),
    )
    return page, diagnostics


def front_matter(file: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    """The tree of a page's front matter, if it has any, and what is wrong with its YAML."""
    found = _META.match(file.text)
    if not found or not found[1].strip():
        return None, []
    # Cut where the document ends, so that places stay what they are in the whole file.
    return parse(SourceFile(file.path, file.text[: found.end(1)]))


def _meta(file: SourceFile) -> tuple[dict[str, str] | None, list[Diagnostic]]:
    found = _META.match(file.text)
    if not found or not found[1].strip():
        return {}, []
    node, diagnostics = front_matter(file)
    if not isinstance(node, MappingNode):
        return None, diagnostics
    pairs = {key: child.value for key, _, child in node if isinstance(child, ScalarNode)}
    return pairs, diagnostics


_Definitions = Mapping[str, Span]
"""Where the address of each definition stands, by its label."""


def _inlines(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    """Each token of running text, with the token that opens what it stands in."""
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type == "inline" and token.map:
            yield before, token


def _passages(file: SourceFile, tokens: list[Token]) -> Iterator[tuple[Token, Passage]]:
    """Each token of running text and of raw HTML, with where it stands."""
    row, end = 0, 0
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type not in ("inline", "html_block") or not token.map:
            continue
        line = token.map[0] + 1
        if before.type in ("td_open", "th_open"):
            passage = Passage(file, line, token.content, end if line == row else 0)
            row, end = line, passage.end
        else:
            passage = Passage(file, line, token.content)
        yield token, passage


def _definitions(file: SourceFile, env: Mapping[str, Any]) -> Iterator[tuple[str, Span]]:
    for label, found in env.get("references", {}).items():
        first, last = found["map"]
        target = found["href"]
        # Nothing that precedes a definition on its line has brackets.
        start = file.line(first + 1).find("[") + target.start
        length = target.end - target.start
        if start + length <= len(file.line(first + 1)):
            yield label, Span(file, first + 1, start + 1, first + 1, start + length + 1)
            continue
        for number in range(first + 2, last + 1):
            column = file.line(number).find(target)
            if column >= 0:
                yield label, Span(file, number, column + 1, number, column + length + 1)
                break


def _headings(file: SourceFile, inlines: list[tuple[Token, Token]]) -> Iterator[Heading]:
    for opening, token in inlines:
        if opening.type == "heading_open" and token.map:
            text = _words(token.children or [])
            anchor = ""
            if attributes := _ATTRIBUTES.search(text):
                text = text[: attributes.start()]
                anchor = found[1] if (found := _ANCHOR.search(attributes[1])) else ""
            yield Heading(line_span(file, token.map[0] + 1), int(opening.tag[1:]), text, anchor)


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


def _links(inline: Token, place: Passage, definitions: _Definitions) -> Iterator[Link]:
    opened: list[tuple[Token, int]] = []
    tokens = inline.children or []
    for position, token in enumerate(tokens):
        if token.type == "link_open":
            opened.append((token, position))
        elif token.type == "link_close" and opened:
            opening, start = opened.pop()
            text = _words(tokens[start:position])
            yield _link(place, opening, text, opening.attrs.get("href", ""), definitions)
        elif token.type == "image":
            text = _words(token.children or [])
            yield _link(place, token, text, token.attrs.get("src", ""), definitions)


def _link(
    place: Passage, token: Token, text: str, target: object, definitions: _Definitions
) -> Link:
    """A link or an image whose token says where in its text it begins."""
    start, end = token.meta["at"]
    is_image = token.type == "image"
    if "label" in token.meta:
        span = definitions.get(token.meta["label"]) or place.span(start, end)
        return Link(place.span(start, end), text, str(target), span, is_image)
    if not isinstance(target, Target):
        is_autolink = token.markup == "autolink"
        meant = str(target).replace("&amp;", "&")
        target = Target(meant, start + 1 if is_autolink else end - 1, end - 1)
    span = place.span(start, target.end)
    return Link(span, text, str(target), place.span(target.start, target.end), is_image)


def _html_links(token: Token, place: Passage) -> Iterator[Link]:
    """What raw HTML links to; a tag in running text is a piece of its own."""
    for piece in [token] if token.type == "html_block" else token.children or []:
        if piece.type in ("html_block", "html_inline"):
            first = piece.meta["at"][0] if piece.type == "html_inline" else 0
            for found in html_targets(piece.content[: piece.meta.get("end")]):
                span = place.span(first + found.start, first + found.end)
                yield Link(span, "", found.target, span)


def _unlinked(inline: Token, place: Passage) -> Iterator[tuple[str, Span]]:
    """Each line as it is written, but for blanks in place of links, tags and code.

    Tags of names alone stay: what readers are to fill in is one here, as in `<owner>/<name>`.
    """
    letters = list(inline.content)
    for token in inline.children or []:
        is_bare_tag = token.type == "html_inline" and _BARE_TAG.fullmatch(token.content)
        if token.type in PLACED and not is_bare_tag:
            start, end = token.meta["at"]
            letters[start:end] = [" " if letter != "\n" else "\n" for letter in letters[start:end]]
    at = 0
    for line in "".join(letters).split("\n") if inline.type == "inline" else ():
        text = line.lstrip(" ")
        yield text, place.span(at + len(line) - len(text), at + len(line))
        at += len(line) + 1


def _texts(file: SourceFile, inline: Token) -> Iterator[tuple[str, Span]]:
    """The words of each line, code left out."""
    assert inline.map
    first, words = inline.map[0] + 1, ""
    # Not every break is a token: titles of links, tags and code may go on over lines too.
    breaks = [at for at, letter in enumerate(inline.content) if letter == "\n"]
    number, ends = first, list[int]()
    for token in inline.children or []:
        line = number
        if token.type == "text":
            words += token.content
        elif token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            ends.append(token.meta["at"][1])
        elif token.type == "link_close":
            line = first + bisect_left(breaks, ends.pop())
        elif token.type in PLACED:
            words += "``" if token.type == "code_inline" else ""
            line = first + bisect_left(breaks, token.meta["at"][1])
        if line != number:
            yield words, line_span(file, number)
            number, words = line, ""
    yield words, line_span(file, number)


def _open_fence(file: SourceFile, tokens: list[Token], lines: list[str]) -> Span | None:
    for token in tokens:
        if token.type == "fence" and token.map:
            start, end = token.map
            last = lines[end - 1].strip() if end <= len(lines) else ""
            if end - 1 == start or not last.startswith(token.markup[:3]):
                return line_span(file, start + 1)
    return None

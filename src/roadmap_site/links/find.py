"""Every address of a curriculum, once for each place where it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from roadmap_site.links.prose import CODE, addresses
from roadmap_site.links.scalars import Writing, body_start, writing_of
from roadmap_site.load import faults, pages, scalars
from roadmap_site.load.files import MAX_BYTES, Files
from roadmap_site.load.nodes import parse
from roadmap_site.load.project import ROOT_FILE, YAML_ENDINGS, read_source, without_gc
from roadmap_site.model import curriculum
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.links import Mention, leads_out
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SourceFile,
    Span,
)

ADDRESS_KEYS = frozenset(
    field.name
    for value in vars(curriculum).values()
    if is_dataclass(value)
    for field in fields(value)
    if field.type == "Url"
)
"""The keys of the model whose value is an address, whatever it looks like."""
_SKIPPED = frozenset({"code"})
"""The key of code examples: what an address is for there, only the program knows."""
_SKIPPED_AT_ROOT = _SKIPPED | {"check"}
"""In `curriculum.yml` also the key that says how it is checked: no reader sees it."""

MISSES_AT_MOST = 20
"""Addresses of one line of a page that are looked for in vain: they are written with escapes."""


@dataclass(frozen=True, slots=True)
class Found:
    """The addresses of files, in order of file and place, and why some could not be read."""

    mentions: tuple[Mention, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def find(files: Files, paths: Collection[str] | None = None) -> Found:
    """Every address in the YAML files and in the pages of a curriculum.

    `paths`, relative to the curriculum, are the files and folders to look at; all where there are
    none. Where there is no curriculum, every Markdown file is a page.
    """
    wanted = None if paths is None else frozenset(paths)
    has_pages_anywhere = ROOT_FILE not in files.paths
    mentions: list[Mention] = []
    diagnostics: list[Diagnostic] = []
    with without_gc():
        for path in files.paths:
            is_page = path.endswith(pages.ENDING)
            if is_page:
                is_wanted = has_pages_anywhere or path.startswith(pages.FOLDER)
            else:
                is_wanted = path.endswith(YAML_ENDINGS)
            if is_wanted and is_below(path, wanted):
                most = pages.MAX_BYTES if is_page else MAX_BYTES
                file, refused = read_source(files, path, most)
                diagnostics += refused
                if file:
                    some, faulty = _look(file)
                    mentions += some
                    diagnostics += faulty
    return Found(tuple(mentions), tuple(diagnostics))


def is_below(path: str, paths: Collection[str] | None) -> bool:
    """Whether a path or a folder that it is in is among some; every one is where there are none.

    `.` stands for the whole curriculum.
    """
    if paths is None or "." in paths:
        return True
    while path and path not in paths and f"{path}/" not in paths:
        path = path.rpartition("/")[0]
    return bool(path)


def mentions_in(file: SourceFile) -> list[Mention]:
    """Every address in a YAML file or a Markdown page, by the ending of its name, in order.

    Nothing comes of what cannot be parsed.
    """
    with without_gc():
        return _look(file)[0]


def _look(file: SourceFile) -> tuple[list[Mention], list[Diagnostic]]:
    if file.path.endswith(pages.ENDING):
        node, diagnostics = pages.front_matter(file)
        mentions = _in_tree(file, node)
        mentions += _in_page(file)
    else:
        node, diagnostics = parse(file)
        mentions = _in_tree(file, node)
    # Of a file that is read, only what hides a part of it matters here.
    hidden = [d for d in diagnostics if node is None or d.rule is faults.DUPLICATE_KEY]
    return mentions, hidden


def _in_page(file: SourceFile) -> Iterator[Mention]:
    """What a page links to or names; a definition that several links share stands there once."""
    page, _ = pages.read_page(file)
    places = {
        (link.target_span.offsets, link.target): link.target_span
        for link in (*page.links, *page.html_links)
        if leads_out(link.target)
    }
    places |= {(span.offsets, span.text): span for span in _named(page)}
    for (_, target), span in sorted(places.items()):
        yield Mention(target, span, span.text == target)


def _named(page: WrittenPage) -> Iterator[Span]:
    """The addresses that stand in the words of a page, outside of links and code."""
    links = defaultdict(list)
    for link in (*page.links, *page.html_links):
        for span in (link.span, link.target_span):
            for number in range(span.line, span.end_line + 1):
                start = span.column - 1 if number == span.line else 0
                end = span.end_column - 1 if number == span.end_line else MAX_BYTES
                links[number].append((start, end))
    lines: dict[int, _Words] = {}
    for text, place in page.unlinked:
        for start, end in addresses(text):
            number = place.line
            if number not in lines:
                lines[number] = _Words(page.file.line(number), links[number])
            at = lines[number].next(text[start:end])
            if at is not None:
                yield Span(page.file, number, at + 1, number, at + 1 + end - start)


class _Words:
    """A line, in which addresses are found again one after the other, outside of some stretches."""

    def __init__(self, line: str, links: Iterable[tuple[int, int]]) -> None:
        self.line = line
        self.at = self.missed = 0
        self.taken: list[tuple[int, int]] = []
        for start, end in sorted((*links, *(code.span() for code in CODE.finditer(line)))):
            if self.taken and start <= self.taken[-1][1]:
                self.taken[-1] = self.taken[-1][0], max(end, self.taken[-1][1])
            else:
                self.taken.append((start, end))

    def next(self, url: str) -> int | None:
        """Where an address stands next; None where it is not there to the letter."""
        at = self.line.find(url, self.at) if self.missed < MISSES_AT_MOST else -1
        while at >= 0:
            place = bisect_right(self.taken, at, key=lambda stretch: stretch[0]) - 1
            if place < 0 or self.taken[place][1] <= at:
                self.at = at + len(url)
                return at
            at = self.line.find(url, self.taken[place][1])
        self.missed += 1
        return None


def _in_tree(file: SourceFile, root: Node | None) -> list[Mention]:
    found: list[tuple[ScalarNode, bool]] = []
    if root is not None:
        skipped = _SKIPPED_AT_ROOT if file.path == ROOT_FILE else _SKIPPED
        _gather(root, found, set(), skipped)
    mentions: list[Mention] = []
    for node, is_address in found:
        _add(mentions, file, node, is_address)
    return mentions


def _gather(
    node: Node, found: list[tuple[ScalarNode, bool]], seen: set[int], skipped: Collection[str]
) -> None:
    """The scalars that may hold an address, in order, and whether each as a whole is one.

    What an alias repeats is seen once: its children are the anchor's own.
    """
    if isinstance(node, MappingNode):
        if id(node.pairs) in seen:
            return
        seen.add(id(node.pairs))
        for name, (_, child) in node.pairs.items():
            if name in skipped:
                continue
            if child.__class__ is ScalarNode:
                if name in ADDRESS_KEYS:
                    found.append((child, True))
                elif "://" in child.value:
                    found.append((child, False))
            else:
                _gather(child, found, seen, _SKIPPED)
    elif isinstance(node, SequenceNode):
        if id(node.children) in seen:
            return
        seen.add(id(node.children))
        for child in node.children:
            if child.__class__ is ScalarNode:
                if "://" in child.value:
                    found.append((child, False))
            else:
                _gather(child, found, seen, skipped)
    elif isinstance(node, ScalarNode):
        found.append((node, False))


def _add(mentions: list[Mention], file: SourceFile, node: ScalarNode, is_address: bool) -> None:
    """Add what a scalar mentions."""
    value = node.value
    if is_address:
        url = scalars.text(node, [])
        if url is scalars.BAD:
            return
        start = len(value) - len(value.lstrip())
        places = [(start, len(value.rstrip()), url)]
    else:
        places = [(start, end, value[start:end]) for start, end in addresses(value)]
    if not places:
        return
    text, first, last = file.text, node.start.index, node.end.index
    if text[first] in "&!":
        first += body_start(text[first:last])
    writing: Writing | None = None
    quote = 1 if text[first] in "\"'" else 0
    if text[first + quote : last - quote] == value:
        first += quote
    else:
        writing = writing_of(text[first:last], value)
        if writing is None:  # an alias
            mentions += [Mention(url, node.span, is_literal=False) for _, _, url in places]
            return
    is_on_one_line = node.start.line == node.end.line
    for start, end, url in places:
        if writing:
            start, end = writing.source_of(start, end)
        start, end = first + start, first + end
        if is_on_one_line:
            line, before = node.start.line + 1, node.start.index - node.start.column - 1
            span = Span(file, line, start - before, line, end - before)
        else:
            span = Span(file, *file.position(start), *file.position(end))
        mentions.append(Mention(url, span, text[start:end] == url))

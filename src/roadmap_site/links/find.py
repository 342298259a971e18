"""Every address of a curriculum, once for each place where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass

from roadmap_site.links.prose import addresses
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
    places |= {(span.offsets, url): span for url, span in _named(page)}
    for (_, target), span in sorted(places.items()):
        yield Mention(target, span, span.text == target)


def _named(page: WrittenPage) -> Iterator[tuple[str, Span]]:
    """The addresses in the words of a page, as they are meant, and where they are written."""
    for text, line in page.unlinked:
        if "://" not in text:
            continue
        # Code is blank already; what backticks are left are text.
        words = _ENTITY.sub(lambda found: " " * len(found[0]), text.replace("`", " "))
        for start, end in addresses(words):
            url = text[start:end].rstrip("\\")
            column = line.column + start
            span = Span(page.file, line.line, column, line.line, column + len(url))
            # Of a cell that has escapes, no more than the line is sure.
            place = span if span.text == url else line
            yield _ESCAPED.sub(r"\1", url).replace("&amp;", "&"), place


_ENTITY = re.compile(r"&(?!amp;)#?\w{1,40};")
"""Any character but `&`, which alone is written so within addresses; others are around them."""
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


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

"""Pages that are written by hand in Markdown, as far as they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roadmap_site.model.source import SourceFile, Span

GENERATED = frozenset(
    {
        "",
        "compare",
        "contribute",
        "contribute/rules",
        "credits",
        "progress",
        "projects",
        "questions",
        "resources",
        "topics",
    }
)
"""Addresses that a site has without a page written by hand."""


def address_of(path: str) -> str:
    """The address of a hand-written page, `guide/start` for `pages/guide/start.md`."""
    stem = path.removeprefix("pages/").removesuffix(".md")
    folder, _, name = stem.rpartition("/")
    return folder if name in ("index", "README") else stem


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `anchor` is what follows `#` in its address where the page says it itself."""

    span: Span
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image: its words (an image's are its alternative text), and where it leads.

    `target_span` is the address itself, which of a link by reference stands in the definition.
    """

    span: Span
    text: str
    target: str
    target_span: Span
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """An admonition (`!!! note`), by its type."""

    span: Span
    type: str


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """One file of `pages/`.

    `meta` is its front matter (None where that cannot be read), `texts` its words line by line
    without code, `unlinked` its lines as they are written with blanks for links, code, most tags,
    `open_fence` the line that opens a block of code which is never closed, `html_links` what its
    raw HTML links to and shows, without words.
    """

    file: SourceFile
    meta: Mapping[str, str] | None
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    texts: tuple[tuple[str, Span], ...]
    unlinked: tuple[tuple[str, Span], ...] = ()
    open_fence: Span | None = None
    html_links: tuple[Link, ...] = ()

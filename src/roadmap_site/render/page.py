"""What rendering makes: pages, and the drafts they are made from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roadmap_site.model.source import Span

DESCRIPTION_LENGTH = 160
"""Characters of a page's description that search engines show."""
FOUND_AS, FOUND_BY = 200, 10_000
"""Characters of a page's title and words in the search index, which every reader loads whole."""


def clip(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    """A text on one line, cut at a word."""
    flat = " ".join(text[: length * 4].split()).strip()
    if len(flat) <= length:
        return flat
    head, space, _ = flat[: length - 1].rpartition(" ")
    return (head if space else flat[: length - 1]).rstrip(" ,.;:") + "…"


_ONE_LETTER = re.compile(r"(?<![\w-])([^\W\d_])-(?=[^\W\d_])")


def search_text(*parts: str) -> str:
    """Parts of a text that a page is found by, names of one letter and a word (k-NN) joined too.

    Search engines part words at hyphens; half of k-NN is no word to look for.
    """
    text = ". ".join(part for part in parts if part)
    joined = [_ONE_LETTER.sub(r"\1", word) for word in text.split() if _ONE_LETTER.search(word)]
    return " ".join((text, *dict.fromkeys(joined)))


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What the search finds a page by. Plain text both."""

    title: str
    text: str

    def bounded(self) -> SearchEntry:
        """Itself, cut where somebody wrote a book."""
        return SearchEntry(clip(self.title, FOUND_AS), clip(self.text, FOUND_BY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page before its template is filled: what the template sees is `view`.

    `beside` names the template, of the same view, of what stands beside the article.
    """

    path: str
    template: str
    view: Mapping[str, Any]
    beside: str = ""
    title: str
    description: str
    span: Span | None = None
    updated: str = ""
    track: str = ""
    tone: int = 0
    card: Mapping[str, Any] | None = None
    nav_groups: Sequence[Mapping[str, Any]] = ()
    data: Mapping[str, Any] | None = None
    search: SearchEntry | None = None
    previous: str = ""
    next: str = ""
    is_prose: bool = False
    sections: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rendered page.

    `path` is its site path, empty for home, else with a trailing slash. `html` is the inside of
    its article, `beside` what stands next to it, `data` the script element of its structured data
    for its head; either may be empty. `span` is where in the YAML it comes from, None for a page
    about the YAML as such. `updated` is the
    ISO date its YAML last changed, or empty. `nav` is its track's side navigation. `previous` and
    `next` are site paths. `is_prose`: it reads like a page written by hand, and wants those pages'
    style sheet. `sections` are the anchors and titles of what it is made of, where it is long.
    """

    path: str
    kind: str
    title: str
    description: str
    html: str
    span: Span | None = None
    beside: str = ""
    data: str = ""
    updated: str = ""
    track: str = ""
    tone: int = 0
    nav: Mapping[str, Any] | None = None
    search: SearchEntry | None = None
    previous: str = ""
    next: str = ""
    is_prose: bool = False
    sections: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Everything a host has to publish.

    `tagline` says what it is where a page does not, on one short line. `files` are data files and
    redirects by site path; `redirects` maps old site paths to new ones
    (their documents are in `files` too).
    """

    pages: tuple[Page, ...]
    tagline: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)

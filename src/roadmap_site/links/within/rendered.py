"""A site as it was rendered: its pages with their anchors and links, and where a link leads."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from roadmap_site.links.resolution import WEB_ADDRESS, resolved, without_dots
from roadmap_site.load.html import anchors, tags, targets
from roadmap_site.model.web import PORTS

SITEMAP, SEARCH = "sitemap.xml", "search/search_index.json"
_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML file by its path in the site, with its anchors and its links, each once, in order.

    Links are as they are meant, character references replaced. `base` is what its `base href` says,
    `refresh` where it sends readers on by itself; either may be empty.
    """

    path: str
    anchors: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    base: str = ""
    refresh: str = ""

    @property
    def address(self) -> str:
        """Its site path as readers know it, `guide/` for `guide/index.html`."""
        return address_of_file(self.path)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A place in the site: a site path and an anchor, decoded; the anchor is empty for the page.

    `is_outside`: it is at the site's host, but not below the site's address; `path` is then the
    whole path at that host.
    """

    path: str
    anchor: str = ""
    is_outside: bool = False

    @property
    def url(self) -> str:
        """It as a link from the root of the site, or the host; letters of any script stay."""
        anchor = f"#{_encoded(self.anchor)}" if self.anchor else ""
        return f"/{_encoded(self.path.removeprefix('/'))}{anchor}"


@dataclass(frozen=True, slots=True)
class RenderedSite:
    """Every file of a site: `documents` are the HTML files, by path, `files` the paths of all.

    `lists` are the addresses that the site map and the search index have, by the path of each.
    """

    documents: Mapping[str, Document]
    files: frozenset[str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def file_of(self, path: str) -> str:
        """The file that a server answers a site path with; empty where there is none."""
        if path in self.files:
            return path
        # A server sends readers of `topics` on to `topics/`.
        index = posixpath.join(path, _INDEX) if path else _INDEX
        return index if index in self.files else ""

    def has(self, address: Address) -> bool:
        """Whether a reader gets there."""
        file = "" if address.is_outside else self.file_of(address.path)
        document = self.documents.get(file)
        return bool(file) and (document is None or _has_anchor(document, address.anchor))


def _has_anchor(document: Document, anchor: str) -> bool:
    # Two underscores begin what belongs to the theme, whose scripts may add it.
    return not anchor or anchor in document.anchors or anchor.startswith("__")


def address_of_file(path: str) -> str:
    """The site path that readers know a file by."""
    folder, _, name = path.rpartition("/")
    return path if name != _INDEX else f"{folder}/" if folder else ""


_STRANGE = re.compile(
    r"[\x00-\x20\x7f%?#\"<>\\^`{|}\x80-\xa0\u2000-\u200f\u2028-\u202f\u2066-\u2069]"
)


def _encoded(text: str) -> str:
    return _STRANGE.sub(lambda found: quote(found[0]), text)


# ------------------------------------------------------------------------------------ reading


def read_site(folder: Path) -> RenderedSite:
    """Read a folder that a site was built into."""
    files = {
        Path(at, name).relative_to(folder).as_posix()
        for at, _, names in os.walk(folder)
        for name in names
    }
    documents = {
        path: read_document(path, _text(folder / path))
        for path in sorted(files)
        if path.endswith((".html", ".htm"))
    }
    lists = {}
    if SITEMAP in files:
        locations = _LOCATION.findall(_text(folder / SITEMAP))
        lists[SITEMAP] = tuple(unescape(url.strip()) for url in locations)
    if SEARCH in files:
        lists[SEARCH] = tuple(_found_at(_text(folder / SEARCH)))
    return RenderedSite(documents, frozenset(files), lists)


_LOCATION = re.compile(r"<loc>([^<]*)</loc>")


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _found_at(index: str) -> Iterable[str]:
    """The addresses that a search index of MkDocs leads to."""
    try:
        entries = json.loads(index)["docs"]
        return [str(entry["location"]) for entry in entries]
    except (ValueError, LookupError, TypeError):  # a theme may keep another kind of index there
        return []


def read_document(path: str, html: str) -> Document:
    """An HTML file of a site."""
    found: dict[str, None] = {}
    ids: set[str] = set()
    base = refresh = ""
    for name, attributes in tags(html):
        ids.update(anchors(name, attributes))
        if name == "base":
            base = base or attributes.get("href", "")
            continue
        leads = dict.fromkeys(targets(name, attributes))
        found.update(leads)
        if name == "meta" and leads:
            refresh = refresh or next(iter(leads))
    return Document(path, frozenset(ids), tuple(found), base, refresh)


# ---------------------------------------------------------------------------------- resolving

_SLASHES = re.compile("//+")
_HERE = "https://this-site.invalid"
"""Stands for the site's own host, so that links that name one are told from those that do not."""
_DIRECTIVE = ":~:"
"""What begins a text fragment, which browsers keep to themselves."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a site stands: its host, empty where nobody knows, a port of its own, its path."""

    host: str = ""
    port: int | None = None
    path: str = "/"


def home_of(site_url: str) -> Home:
    """Where the site of a `site_url` stands."""
    try:
        parts = urlsplit(site_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Home()
    path = unquote(parts.path).strip("/")
    own = None if port in (None, *PORTS.values()) else port
    return Home(host, own, f"/{path}/" if path else "/") if host else Home()


def is_own(url: str, site_url: str) -> bool:
    """Whether an absolute address is one of the site that stands at `site_url`.

    A site that only its own machine knows has none: readers could not open it.
    """
    home = home_of(site_url)
    if home.host == "localhost" or _IP.fullmatch(home.host):
        return False
    # Most addresses are of other hosts, and a search for a word is the quickest way to know.
    if not home.host or home.host not in url.lower():
        return False
    return WEB_ADDRESS.fullmatch(url) is not None and address_of(url, home) is not None


_IP = re.compile(r"[\d.]+|.*:.*")


@lru_cache(maxsize=16)  # file after file
def _base(home: Home, path: str, base: str) -> str:
    """What the links of a file are resolved against."""
    here = f"{_HERE}{quote(home.path + address_of_file(path))}"
    named = resolved(here, base) if base else here
    return named if WEB_ADDRESS.fullmatch(named) else here


def address_of(link: str, home: Home, path: str = "", base: str = "") -> Address | None:
    """Where a link leads that stands in a file of the site; None for another site's address.

    `base` is the `base href` of the document.
    """
    url = resolved(_base(home, path, base), link)
    is_whole = not url.startswith(f"{_HERE}/")
    if is_whole:
        there = home_of(url) if WEB_ADDRESS.fullmatch(url) else Home()
        if not there.host or (there.host, there.port) != (home.host, home.port):
            return None
    parts = urlsplit(url)
    # Servers differ in what they make of several slashes in a row; most take them for one.
    whole = _SLASHES.sub("/", unquote(without_dots(parts.path))) or "/"
    anchor = unquote(parts.fragment.partition(_DIRECTIVE)[0])
    if anchor.lower() == "top":
        anchor = ""
    if f"{whole}/" == home.path:
        return Address("", anchor)
    if not whole.startswith(home.path):
        return None if is_whole else Address(whole, anchor, is_outside=True)
    return Address(whole.removeprefix(home.path), anchor)

"""Links within the site, held against what it really renders. Nothing is asked of the network.

A fault is reported where it is written: a link of a page written by hand at its line, a generated
one at the references in the YAML that it is made of. All places count as changed here; who compares
with a revision knows better.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import quote

from roadmap_site.links.within.origins import made_of, referred
from roadmap_site.links.within.rendered import (
    SEARCH,
    SITEMAP,
    Address,
    RenderedSite,
    address_of,
    address_of_file,
    home_of,
)
from roadmap_site.links.within.written import Written, written_links
from roadmap_site.load.spelling import nearest
from roadmap_site.model.addresses import RESOURCES, place_address
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import cited
from roadmap_site.model.index import Index
from roadmap_site.model.links import CheckedLink, Judged, LinkStatus, Mention
from roadmap_site.model.moves import Moves, moves
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import Span

MAX_BEARERS = 10
"""Pages that are named as the place of a link which nobody has written. One that stands on more
belongs to none of them: it is the navigation's or the theme's."""
MAX_HINTED = 20
"""Faults for which a near name is sought, which takes some milliseconds each. Where there are more
of them, it is no slip of the pen."""
_SHEETS = re.compile(rf"{RESOURCES}(?:page-\d+/)?index\.html")


def internal_links(
    site: RenderedSite,
    curriculum: Curriculum,
    *,
    pages: Mapping[str, WrittenPage],
    site_url: str = "",
    mentions: Iterable[Mention] = (),
) -> tuple[CheckedLink, ...]:
    """Every link within a site that leads nowhere, once, in order of their first places.

    `pages` are those written by hand, by the paths of their HTML files. `site_url` is where the
    site will stand. `mentions` are absolute addresses of the site itself, as `is_own` tells; they
    are in what is returned even where they are fine.
    """
    return _Check(site, Index(curriculum), pages, site_url).links(mentions)


class _Check:
    """One site under examination: what was found so far, and what is looked up more than once."""

    def __init__(
        self, site: RenderedSite, index: Index, pages: Mapping[str, WrittenPage], site_url: str
    ) -> None:
        self.site = site
        self.index = index
        self.pages = pages
        self.home = home_of(site_url)
        self.bearers: dict[Address, list[str]] = defaultdict(list)
        """The files on which a broken link stands, once each."""
        self.places: dict[Address, list[Mention]] = defaultdict(list)
        self.said: dict[Address, str] = {}
        """What is wrong, where it is not that the site lacks something."""
        self.borne: dict[Address, str] = {}
        """Who has a link that nobody has written."""
        self.by_page: dict[str, Mapping[Address, Sequence[Written]]] = {}

    def links(self, mentions: Iterable[Mention]) -> tuple[CheckedLink, ...]:
        fine = self._own(mentions)
        self._rendered()
        self._references()
        for address, files in self.bearers.items():
            self._trace(address, files)
        hints = len(self.places) <= MAX_HINTED
        faults = [self._fault(it, _once(some), hints) for it, some in self.places.items()]
        return tuple(sorted([*fine, *faults], key=lambda link: link.mentions[0].sort_key))

    # -------------------------------------------------------------------------- what is broken

    def _own(self, mentions: Iterable[Mention]) -> list[CheckedLink]:
        """Note the absolute addresses of the site that lead nowhere, and return the rest."""
        fine: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            address = address_of(mention.url, self.home)
            if address is None:
                continue
            if self.site.has(address):
                fine[mention.url].append(mention)
            else:
                self._note(address, mention.span, is_changed=mention.is_changed)
        ok = Judged(LinkStatus.OK)
        return [CheckedLink(url, ok, tuple(some)) for url, some in fine.items()]

    def _rendered(self) -> None:
        """Note the links of each file that lead nowhere."""
        for path, document in self.site.documents.items():
            self._bear(path, document.links, document.base, path)
        for path in (SITEMAP, SEARCH):
            self._bear(path, self.site.lists.get(path, ()))

    def _bear(self, file: str, links: Iterable[str], base: str = "", at: str = "") -> None:
        for link in links:
            address = address_of(link, self.home, at, base)
            if address is not None and not self.site.has(address):
                files = self.bearers[address]
                if files[-1:] != [file]:
                    files.append(file)

    def _references(self) -> None:
        """Note what the YAML refers to and the site does not have."""
        library: set[str] = set()
        for path, document in self.site.documents.items():
            if _SHEETS.fullmatch(path):
                library |= document.anchors
        for address, spans in referred(self.index).items():
            page = self.site.file_of(address.path)
            is_there = (
                address.anchor in library
                if page and address.path == RESOURCES
                else self.site.has(address)
            )
            # What stands on a page that is written by hand is for its author to say.
            if is_there or (address.anchor and page in self.pages):
                continue
            for span in spans:
                self._note(address, span)

    # ------------------------------------------------------------------- where it is written

    def _note(self, address: Address, span: Span, *, is_changed: bool = True) -> None:
        mention = Mention(self._url(address), span, is_literal=False, is_changed=is_changed)
        self.places[address].append(mention)

    def _url(self, address: Address) -> str:
        """An address of the site from its root on; another of its host with the host."""
        return f"//{self.home.host}{address.url}" if address.is_outside else address.url

    def _trace(self, address: Address, files: Sequence[str]) -> None:
        """Find out where a broken link is written that stands on some files."""
        is_written = False
        for file in files:
            for link in self._written(file).get(address, ()):
                is_written = True
                self._note_written(file, address, link)
        if is_written or address in self.places:
            return
        self.borne[address] = _borne(files)
        for span in self._made_of(address, files):
            self._note(address, span)

    def _written(self, file: str) -> Mapping[Address, Sequence[Written]]:
        if file not in self.pages:
            return {}
        if file not in self.by_page:
            page, document = self.pages[file], self.site.documents[file]
            self.by_page[file] = written_links(page, document, self.site, self.home)
        return self.by_page[file]

    def _note_written(self, file: str, address: Address, link: Written) -> None:
        if link.meant is None:
            self._note(address, link.span)
        elif not self.site.has(link.meant):
            self._note(link.meant, link.span)
        else:
            right = f"{link.target.partition('#')[0].removesuffix('.md')}/index.md"
            if link.is_raw:
                folder = posixpath.dirname(file)
                right = quote(posixpath.relpath(f"/{link.meant.path}", f"/{folder}"))
                right += "/" if link.meant.path.endswith("/") else ""
            self.said[address] = f"{cited(link.target)} leads nowhere; write {cited(right)}"
            self._note(address, link.span)

    def _made_of(self, address: Address, files: Sequence[str]) -> Iterator[Span]:
        """What a link that nobody has written is made of, as far as it can be said."""
        if span := self.origins.get(address):
            yield span
            return
        found = []
        for file in files if len(files) <= MAX_BEARERS else ():
            if file in self.pages:
                found.append(Span.whole(self.pages[file].file))
            elif span := self.origins.get(Address(address_of_file(file))):
                found.append(span)
        yield from found or [self.index.curriculum.about.node.span.head]

    @cached_property
    def origins(self) -> Mapping[Address, Span]:
        return made_of(self.index)

    # ------------------------------------------------------------------------ what is wrong

    def _fault(self, address: Address, places: tuple[Mention, ...], hints: bool) -> CheckedLink:
        status, detail = self._verdict(address, hints)
        if borne := self.borne.get(address):
            detail = f"{detail}; {borne}"
        return CheckedLink(self._url(address), Judged(status, detail), places)

    def _verdict(self, address: Address, hints: bool) -> tuple[LinkStatus, str]:
        if said := self.said.get(address):
            return LinkStatus.BROKEN, said
        if address.is_outside:
            return self._outside(address)
        file = self.site.file_of(address.path)
        if not file:
            return LinkStatus.BROKEN, self._no_file(address.path, hints)
        page, anchor = self.site.documents[file], cited(f"#{address.anchor}")
        name = _name(page.address)
        if page.refresh:
            return LinkStatus.BROKEN, f"{name} leads on elsewhere, and {anchor} is lost on the way"
        if now := self._moved(address):
            detail = f"it moved to {cited(now)}, where only scripts lead readers on"
            return LinkStatus.MOVED, detail
        near = _like(address.anchor, page.anchors) if hints else ""
        hint = f"; did you mean {cited(f'#{near}')}?" if near else ""
        return LinkStatus.BROKEN, f"{name} has no {anchor}{hint}"

    def _outside(self, address: Address) -> tuple[LinkStatus, str]:
        """What to say of an address at the site's host that is not the site's."""
        where = cited(self.home.path)
        if self.site.file_of(address.path.lstrip("/")):
            detail = f"it leads out of the site, which stands below {where}; write it from there"
            return LinkStatus.BROKEN, detail
        return LinkStatus.SUSPECT, f"it leads out of the site, which stands below {where}"

    def _no_file(self, path: str, hints: bool) -> str:
        is_page = path == "" or path.endswith("/") or "." not in path.rpartition("/")[2]
        known: Iterable[str] = self.site.files
        if is_page:
            known = {document.address for document in self.site.documents.values()}
        near = _like(path, known) if hints else ""
        hint = f"; did you mean {cited(near)}?" if near else ""
        return f"the site has no {'page' if is_page else 'file'} {cited(path or '/')}{hint}"

    def _moved(self, address: Address) -> str:
        """The site path of what has moved from where an address leads; empty where none has."""
        if not address.path.startswith("tracks/"):
            return ""
        key = f"{address.path.removeprefix('tracks/').rstrip('/')}/{address.anchor}"
        now = self.moves.resolve(key)
        path, _, id = now.rpartition("/")
        found = Address(place_address(path), id)
        return found.url.lstrip("/") if now != key and self.site.has(found) else ""

    @cached_property
    def moves(self) -> Moves:
        return moves(self.index.curriculum)


def _name(path: str) -> str:
    return f"the page {cited(path)}" if path else "the home page"


def _borne(files: Sequence[str]) -> str:
    """Which file has a link, and how many others."""
    first = cited(address_of_file(files[0]) or "/")
    if len(files) == 1:
        return f"{first} leads there"
    return f"{first} and {len(files) - 1} other{'s' if len(files) > 2 else ''} lead there"


def _like(word: str, known: Iterable[str]) -> str:
    """The known word that one may have meant: the same in other letters, else the nearest."""
    some = sorted(filter(None, known))
    same = [other for other in some if other.casefold() == word.casefold()]
    return same[0] if same else nearest(word, some)


def _once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions in order, one a place."""
    found: dict[tuple[str, int, int], Mention] = {}
    for mention in mentions:
        found.setdefault(mention.sort_key, mention)
    return tuple(found[at] for at in sorted(found))

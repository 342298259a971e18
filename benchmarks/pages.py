"""How heavy the pages of a built site are. Bytes throughout; 1 KB is 1,000 of them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

WEEK_KINDS = ("week", "phase")
"""A phase without weeks has a week's page."""

_ARTICLE = re.compile(rb"<article\b.*</article>", re.DOTALL)
_KIND = re.compile(rb'data-rm-kind="([a-z-]+)"')
_TICK = re.compile(rb'class="rm-tick"')
_OWN_ASSET = re.compile(rb'(?:href|src)="[./]*?(assets/roadmap/[^"?]+\.(?:css|js))"')
# Static imports of a module; those in a call are fetched later.
_IMPORT = re.compile(rb'^(?:import|export)\b[^;(]*?"\./([\w./-]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageSize:
    """One page. `kind` is empty for those written by hand; `shell` is what is not its article."""

    path: str
    kind: str
    total: int
    gzipped: int
    article: int
    ticks: int

    @property
    def shell(self) -> int:
        return self.total - self.article

    @property
    def allowance(self) -> int:
        """What a week's article may weigh: 4 KB, and 300 bytes for each item to tick."""
        return 4_000 + 300 * self.ticks

    @property
    def is_week(self) -> bool:
        return self.kind in WEEK_KINDS


def page_sizes(site: Path) -> list[PageSize]:
    """Every page of a site built with the plugin, redirects left out."""
    found = []
    for path in sorted(site.rglob("*.html")):
        html = path.read_bytes()
        if article := _ARTICLE.search(html):
            found.append(_measured(path.relative_to(site).as_posix(), html, article[0]))
    return found


def _measured(path: str, html: bytes, article: bytes) -> PageSize:
    kind = _KIND.search(article)
    return PageSize(
        path=path.removesuffix("index.html"),
        kind=kind[1].decode() if kind else "",
        total=len(html),
        gzipped=_gzipped(html),
        article=len(article),
        ticks=len(_TICK.findall(article)),
    )


def _gzipped(data: bytes) -> int:
    """Its length as a server sends it: zlib's default level in gzip's frame."""
    packer = zlib.compressobj(wbits=31)
    return len(packer.compress(data)) + len(packer.flush())


def assets_at_first(site: Path, pages: Iterable[PageSize], suffix: str) -> dict[str, int]:
    """The site's own files of a kind (`.css`, `.js`) that a page loads before anyone does anything.

    Each with its gzipped length, by site path: what the page links to, and what that imports. The
    page is the one that loads the most.
    """
    loads = (_loaded(site, _html(site, page), suffix) for page in _one_of_each_kind(pages))
    return max(loads, key=lambda found: sum(found.values()))


def _loaded(site: Path, html: bytes, suffix: str) -> dict[str, int]:
    waiting = {asset.decode() for asset in _OWN_ASSET.findall(html)}
    waiting = {asset for asset in waiting if asset.endswith(suffix)}
    found: dict[str, int] = {}
    while waiting:
        path = waiting.pop()
        data = (site / path).read_bytes()
        found[path] = _gzipped(data)
        folder = path.rpartition("/")[0]
        imported = (f"{folder}/{name.decode()}" for name in _IMPORT.findall(data))
        waiting.update(name for name in imported if name not in found)
    return dict(sorted(found.items()))


def _html(site: Path, page: PageSize) -> bytes:
    path = site / page.path
    return (path / "index.html" if path.is_dir() else path).read_bytes()


def _one_of_each_kind(pages: Iterable[PageSize]) -> Iterator[PageSize]:
    return iter({page.kind: page for page in pages}.values())

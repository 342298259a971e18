"""What pages written by hand link to, by the addresses that MkDocs makes of it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from roadmap_site.links.rendered import Address, Document, Home, RenderedSite, address_of
from roadmap_site.links.tags import tags, targets
from roadmap_site.model.pages import Link, WrittenPage
from roadmap_site.model.source import SourceFile, Span

_SOURCE = ".md"
_OWN_FOLDER = ("index", "README")


@dataclass(frozen=True, slots=True)
class Written:
    """A link in Markdown or raw HTML: its target as written, and the place of it.

    `meant` is the page of a file of Markdown that MkDocs did not find; None for all else.
    """

    target: str
    span: Span
    meant: Address | None = None


def written_links(
    page: WrittenPage, document: Document, site: RenderedSite, home: Home
) -> Mapping[Address, list[Written]]:
    """The links of a page written by hand, by the address that each has once it is rendered.

    MkDocs takes the target for a file beside the page. What it finds becomes the address of that
    file; what it does not find, and raw HTML, stays as it is, and browsers take it for an address.
    """
    found: dict[Address, list[Written]] = defaultdict(list)
    for target, span in _targets(page):
        meant = _of_file(target, document, page, site)
        if target in document.links and (
            asked := address_of(target, home, document.path, document.base)
        ):
            # Nobody means the file `page/other.md` in the site, which is what a browser asks for.
            is_source = asked.path.endswith(_SOURCE) and meant is not None
            found[asked].append(Written(target, span, meant if is_source else None))
        elif meant:
            found[meant].append(Written(target, span))
    return found


def _targets(page: WrittenPage) -> Iterator[tuple[str, Span]]:
    """Every target that stands on a page, in Markdown and in raw HTML, and its place."""
    for link in page.links:
        yield link.target, _place(page.file, link)
    for name, attributes, start in tags(page.file.text):
        for target in targets(name, attributes):
            if target:
                at = page.file.text.find(target, start)
                yield target, _span(page.file, at if at >= 0 else start, target)


def _place(file: SourceFile, link: Link) -> Span:
    """Where a link's target is written: where a label stands for it, where that is defined."""
    if not link.target or link.target_span.text == link.target:
        return link.target_span
    found = re.search(
        rf"^ {{0,3}}\[[^\]\n]+\]:[ \t]*<?({re.escape(link.target)})", file.text, re.MULTILINE
    )
    return _span(file, found.start(1), link.target) if found else link.target_span


def _span(file: SourceFile, start: int, text: str) -> Span:
    begin, end = file.position(start), file.position(start + len(text))
    return Span(file, *begin, *end)


def _of_file(
    target: str, document: Document, page: WrittenPage, site: RenderedSite
) -> Address | None:
    """Where MkDocs leads a target that names a file; None where it names none, or one outside."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = unquote(parts.path)
    folder = _folder(document.path, page.file.path)
    path = posixpath.normpath(posixpath.join(folder, path).lstrip("/"))
    if path.split("/")[0] == "..":
        return None
    anchor = unquote(parts.fragment)
    if not path.endswith(_SOURCE):
        return Address(path, anchor)
    stem = path.removesuffix(_SOURCE)
    above, _, name = stem.rpartition("/")
    if name in _OWN_FOLDER:
        return Address(f"{above}/" if above else "", anchor)
    is_flat = f"{stem}.html" in site.files
    return Address(f"{stem}.html" if is_flat else f"{stem}/", anchor)


def _folder(rendered: str, source: str) -> str:
    """The folder that a page's file is in, seen from MkDocs' folder of pages."""
    folder, _, name = rendered.rpartition("/")
    stem = source.rpartition("/")[2].removesuffix(_SOURCE)
    if name == "index.html" and stem not in _OWN_FOLDER:
        return folder.rpartition("/")[0]
    return folder

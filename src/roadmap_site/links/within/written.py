"""What pages written by hand link to, by the addresses that MkDocs makes of it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from roadmap_site.links.within.rendered import Address, Document, Home, RenderedSite, address_of
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import Span

_SOURCE = ".md"
_OWN_FOLDER = ("index", "README")


@dataclass(frozen=True, slots=True)
class Written:
    """A link in Markdown or raw HTML: its target as written, and the place of it.

    `meant` is where its file stands in the site, where it names one that MkDocs did not find or,
    in raw HTML, did not look for. None for all else.
    """

    target: str
    span: Span
    is_raw: bool
    meant: Address | None = None


def written_links(
    page: WrittenPage, document: Document, site: RenderedSite, home: Home
) -> Mapping[Address, list[Written]]:
    """The links of a page written by hand, by the address that each has once it is rendered.

    MkDocs takes the target for a file beside the page. What it finds becomes the address of that
    file; what it does not find, and raw HTML, stays as it is, and browsers take it for an address.
    """
    found: dict[Address, list[Written]] = defaultdict(list)
    written = [(link, False) for link in page.links] + [(link, True) for link in page.html_links]
    raw = {link.target for link in page.html_links}
    for link, is_raw in written:
        target, span = link.target, link.target_span
        meant = _of_file(target, document, page, site)
        is_found = not is_raw and target in raw and meant is not None and site.has(meant)
        if target in document.links and not is_found:
            if asked := address_of(target, home, document.path, document.base):
                named = meant if meant and _FILE.search(urlsplit(target).path) else None
                found[asked].append(Written(target, span, is_raw, named))
        elif meant:
            found[meant].append(Written(target, span, is_raw))
    return found


_FILE = re.compile(r"\.(?!html?$)\w+$")
"""How a target ends that is a file's name rather than a page's address."""


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

"""RS4xx: addresses that the site links to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from roadmap_site.load.spelling import respelling
from roadmap_site.model.curriculum import Resource, Source
from roadmap_site.model.diagnostic import Diagnostic, Severity, cited, rule
from roadmap_site.model.index import Index
from roadmap_site.model.source import Node, Span

_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*\.?", re.UNICODE)
_NOT_PUBLIC = (".localhost", ".local", ".internal")
_FORBIDDEN = re.compile(r"[\s<>\"'`\\^{|}\x00-\x1f\x7f]")
_TRACKING = re.compile(r"utm_[a-z]+|gclid|fbclid|mc_[ce]id", re.ASCII)


def url_fault(url: str) -> str:
    """What is wrong with an address that a page is to link to; empty where nothing is.

    http and https only, a public host name, no user name or password: anything else is either
    unsafe to follow or leads nowhere for a reader.
    """
    if _FORBIDDEN.search(url):
        return "the address holds a character that addresses cannot have"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "this is not an address"
    if parts.scheme not in ("http", "https"):
        return "the address does not begin with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "the address holds a user name or password"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host) or host.rstrip(".").endswith(_NOT_PUBLIC):
            return "the address has no public host name"
        return ""
    return "" if address.is_global else "the address is a private one"


def _addresses(index: Index) -> Iterator[tuple[str, Span, Node | None]]:
    """Every address that the site links to: where it is written, and its node."""
    for entity in index.entities:
        if isinstance(entity, Resource | Source) and entity.url:
            yield entity.url, entity.node.at("url"), entity.node.under("url")


@rule("RS401", "bad-url", Severity.ERROR)
def bad_url(index: Index) -> Iterator[Diagnostic]:
    """An address that cannot be linked to.

    What it checks: each `url` is http or https, with a public host name and without a user name.

    Why it matters: a `javascript:` address would run on the site, and others lead nowhere.

    Example: `url: www.example.com/book`

    Use instead: `url: https://www.example.com/book`
    """
    for url, span, _ in _addresses(index):
        if fault := url_fault(url):
            hint = "give that of a page which everybody can open, as a browser shows it"
            yield bad_url.at(span, fault, hint=hint)


@rule("RS404", "tracked-url", Severity.WARNING)
def tracked_url(index: Index) -> Iterator[Diagnostic]:
    """An address that tells where the reader came from.

    What it checks: no `url` carries utm_ or similar parameters.

    Why it matters: they are for somebody's statistics, and make one page look like two.

    Example: `url: https://example.org/?utm_source=newsletter`

    Use instead: `url: https://example.org/`
    """
    for url, span, node in _addresses(index):
        clean, dropped = _untracked(url)
        if dropped:
            yield tracked_url.at(
                span,
                f"the address carries {cited(dropped[0])}",
                hint="cut it off the address",
                fix=respelling(node, clean),
            )


def _untracked(url: str) -> tuple[str, list[str]]:
    """An address without what tracks its reader, and the names of the parameters dropped."""
    bare, mark, fragment = url.partition("#")
    address, asked, query = bare.partition("?")
    if not asked:
        return url, []
    kept: list[str] = []
    dropped: list[str] = []
    for parameter in query.split("&"):
        name = unquote(parameter.partition("=")[0])
        (dropped if _TRACKING.fullmatch(name.lower()) else kept).append(parameter)
    clean = f"{address}?{'&'.join(kept)}" if kept else address
    return clean + mark + fragment, [unquote(p.partition("=")[0]) for p in dropped]


RULES = (bad_url, tracked_url)

"""RS4xx: addresses that the site links to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import unquote, urlsplit

from roadmap_site.load.spelling import respelling
from roadmap_site.model.curriculum import Resource, Source
from roadmap_site.model.diagnostic import Diagnostic, Edit, Fix, Severity, cited, rule
from roadmap_site.model.index import Index
from roadmap_site.model.links import leads_out
from roadmap_site.model.pages import Link
from roadmap_site.model.source import Span
from roadmap_site.model.web import SHORTENERS, UNFIT, is_public

_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*\.?", re.UNICODE)
_NOT_PUBLIC = (".localhost", ".local", ".internal")
# Parameters of campaigns, of advertisers' clicks and of sellers who share what a reader pays.
_TRACKING = re.compile(
    r"utm_[a-z]+|[dg]clid|fbclid|msclkid|yclid|[gw]braid|mc_[ce]id|igshid|mkt_tok|_hs(?:enc|mi)"
    r"|irclickid|ran(?:mid|eaid|siteid)|aff(?:iliate)?_?id",
    re.ASCII,
)
_TRACKING_OF = {"amazon": "tag", "youtu": "si", "youtube": "si"}
"""What means the like on one site only, by a part of its host's name."""

# fmt: off
_PASSING = frozenset((
    "cdn.discordapp.com", "file.io", "media.discordapp.net", "transfer.sh",
    "webcache.googleusercontent.com",
))
# fmt: on
_ARXIV = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?(?:\.pdf)?/?",
    re.ASCII,
)
_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s?)(10\.\d{4,9}/[^\s?#]+)",
    re.ASCII | re.IGNORECASE,
)


def url_fault(url: str) -> str:
    """What is wrong with an address that a page is to link to; empty where nothing is.

    http and https only, a public host name, no user name or password: anything else is either
    unsafe to follow or leads nowhere for a reader.
    """
    if UNFIT.search(url):
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
    return "" if is_public(address) else "the address is a private one"


Rewriting = Callable[[str], Fix | None]
"""Gives the fix that writes another address in place of one, unless that is not safe."""


def _addresses(index: Index) -> Iterator[tuple[str, Span, Rewriting]]:
    """Every address out of the site: of the library, of sources and of hand-written pages."""
    for entity in index.entities:
        if isinstance(entity, Resource | Source) and entity.url:
            node = entity.node.under("url")
            yield entity.url, entity.node.at("url"), partial(respelling, node)
    for page in index.curriculum.pages.values():
        for link in page.links:
            if leads_out(link.target):
                yield link.target, link.target_span, partial(_rewriting, link)


def _rewriting(link: Link, target: str) -> Fix | None:
    if not target or link.target_span.text != link.target or not _PLAIN_TARGET.fullmatch(target):
        return None
    return Fix(f"write {cited(target)}", (Edit(link.target_span, target),))


_PLAIN_TARGET = re.compile(r"[^\s<>()]+")


@rule("RS401", "bad-url", Severity.ERROR)
def bad_url(index: Index) -> Iterator[Diagnostic]:
    """An address that cannot be linked to.

    What it checks: each `url`, and each address on a hand-written page, is http or https, with a
    public host name and without a user name.

    Why it matters: a `javascript:` address would run on the site, and others lead nowhere.

    Example: `url: www.example.com/book`

    Use instead: `url: https://www.example.com/book`
    """
    for url, span, rewrite in _addresses(index):
        if fault := url_fault(url):
            hint = "give that of a page which everybody can open, as a browser shows it"
            yield bad_url.at(span, fault, hint=hint, fix=rewrite(_canonical(url)))


@rule("RS404", "tracked-url", Severity.WARNING, fixable=True)
def tracked_url(index: Index) -> Iterator[Diagnostic]:
    """An address that tells where the reader came from.

    What it checks: no `url` carries parameters that name a campaign (utm_ and the like), a click
    or a seller who gets a share.

    Why it matters: they are for somebody's statistics, and make one page look like two.

    Example: `url: https://example.org/?utm_source=newsletter`

    Use instead: `url: https://example.org/`
    """
    for url, span, rewrite in _addresses(index):
        clean, dropped = _untracked(url)
        if dropped:
            yield tracked_url.at(
                span,
                f"the address carries {cited(dropped[0])}",
                hint="cut it off the address",
                fix=rewrite(clean),
            )


def _untracked(url: str) -> tuple[str, list[str]]:
    """An address without what tracks its reader, and the names of the parameters dropped."""
    bare, mark, fragment = url.partition("#")
    address, asked, query = bare.partition("?")
    if not asked:
        return url, []
    own = {_TRACKING_OF.get(part) for part in _host(url).split(".")}
    kept: list[str] = []
    dropped: list[str] = []
    for parameter in query.split("&"):
        name = unquote(parameter.partition("=")[0]).lower()
        tracks = _TRACKING.fullmatch(name) or name in own
        (dropped if tracks else kept).append(parameter)
    clean = f"{address}?{'&'.join(kept)}" if kept else address
    return clean + mark + fragment, [unquote(p.partition("=")[0]) for p in dropped]


def _host(url: str) -> str:
    """The host that an address names, in lower case; empty where that cannot be said."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@rule("RS405", "plain-http", Severity.WARNING, fixable=True)
def plain_http(index: Index) -> Iterator[Diagnostic]:
    """An address without encryption.

    What it checks: each `url` begins with https://. It is mended by machine where another address
    of the same host does.

    Why it matters: whoever is on the way can read and change what the learner gets.

    Example: `url: http://docs.python.org/3/`

    Use instead: `url: https://docs.python.org/3/`; where the host cannot do it:
    `accept: {RS405: "the author's server speaks http only"}`
    """
    secure: set[str] | None = None
    for url, span, rewrite in _addresses(index):
        if url[:7].lower() == "http://" and not url_fault(url):
            if secure is None:
                every = (other for other, _, _ in _addresses(index))
                secure = {_host(other) for other in every if other[:8].lower() == "https://"}
            yield plain_http.at(
                span,
                "the address begins with http://",
                hint="write https://, if the page opens there too",
                fix=rewrite(f"https://{url[7:]}") if _host(url) in secure else None,
            )


@rule("RS406", "indirect-paper-url", Severity.WARNING, fixable=True)
def indirect_paper_url(index: Index) -> Iterator[Diagnostic]:
    """A paper by another address than its lasting one.

    What it checks: a DOI is written https://doi.org/10..., a paper on arXiv
    https://arxiv.org/abs/..., without a version.

    Why it matters: these are the addresses that are promised to last; the PDF of one version is
    neither the newest nor easy to read on a phone, and one paper would be two resources.

    Example: `url: https://arxiv.org/pdf/1706.03762v7.pdf`

    Use instead: `url: https://arxiv.org/abs/1706.03762`
    """
    for url, span, rewrite in _addresses(index):
        # Most addresses are neither, and a search for a word is the quickest way to know.
        if "doi" not in url and "arxiv" not in url:
            continue
        wanted = _canonical(url)
        if wanted and wanted != url and not url_fault(url):
            yield indirect_paper_url.at(
                span,
                "this is not the lasting address of the paper",
                hint=f"write {cited(wanted)}",
                fix=rewrite(wanted),
            )


def _canonical(url: str) -> str:
    """The lasting address of the paper that an address leads to; empty where it is none."""
    if doi := _DOI.fullmatch(url):
        return f"https://doi.org/{doi[1]}"
    if arxiv := _ARXIV.fullmatch(url):
        return f"https://arxiv.org/abs/{arxiv[1]}"
    return ""


@rule("RS407", "passing-url", Severity.WARNING)
def passing_url(index: Index) -> Iterator[Diagnostic]:
    """An address that hides where it leads, or will not last.

    What it checks: no `url` goes through a shortener (bit.ly and the like), a cache or a place
    that keeps files for some days.

    Why it matters: a reader cannot see where it leads, and it can change or end at any time.

    Example: `url: https://bit.ly/3xYzAbC`

    Use instead: the address that it leads to.
    """
    for url, span, _ in _addresses(index):
        host = _host(url).removeprefix("www.")
        if host in SHORTENERS:
            message = f"{cited(host)} hides where the address leads"
        elif host in _PASSING or host.endswith(".translate.goog"):
            message = f"addresses on {cited(host)} do not last"
        else:
            continue
        yield passing_url.at(span, message, hint="open it, and write the address it leads to")


RULES = (bad_url, tracked_url, plain_http, indirect_paper_url, passing_url)

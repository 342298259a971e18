"""What a success is worth: whether its page is the one that was meant, and where it stands now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from roadmap_site.links.judging import signs
from roadmap_site.links.judging.sites import Site
from roadmap_site.links.seen import Hop, PageFacts, Seen
from roadmap_site.links.settings import MAX_URL
from roadmap_site.model.diagnostic import cited
from roadmap_site.model.links import Judged, LinkStatus
from roadmap_site.model.web import is_writable

_PERMANENT = frozenset({301, 308})
_SCRIPTS = re.compile(
    r"[!/].*"  # a route
    r"|L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?"  # lines of a file
    r"|(?:issuecomment|discussioncomment|pullrequestreview|issue|event|note)[-_]\d+"
    r"|discussion_r\d+|diff-\w+"
    r"|[^=]+=.*",  # `page=3` of a PDF, `t=30s` of a video, `gid=0` of a sheet
    re.DOTALL | re.ASCII,
)
"""Fragments that no element of a page needs to be called after."""
_DOTTED = re.compile(r"\.(?=[0-9A-F]{2})")


def judge_success(url: str, seen: Seen, site: Site | None) -> Judged:
    """Judge an address, as it is written, by an attempt that ended with a success.

    `site` is what is known of its site, if anything is.
    """
    code, final = seen.hops[-1].code, seen.final
    ok = Judged(LinkStatus.OK, code=code, final=final)
    if site and site.ask:
        return ok
    if site and site.is_walled and signs.is_login(final):
        return replace(ok, status=LinkStatus.BLOCKED, detail=f"{site.name} asks to log in")
    if doubt := _doubt(url, seen):
        return replace(ok, status=LinkStatus.SUSPECT, detail=doubt)
    if lost := _lost_fragment(url, seen, site):
        detail = f"the page has nothing called {cited(lost)}"
        return replace(ok, status=LinkStatus.FRAGMENT, detail=detail)
    if len(seen.hops) == 1:
        return ok
    target = _target(url, seen.hops)
    if reason := _why_not_moved(url, target, seen.hops):
        return replace(ok, detail=reason)
    return replace(ok, status=LinkStatus.MOVED, detail="moved for good", replacement=target)


def _doubt(url: str, seen: Seen) -> str:
    """Why a success may be none."""
    page, final = seen.page, seen.final
    if page and signs.says_gone(page.title) and not signs.is_about_gone(url):
        return f"the page's title is {cited(page.title)}"
    is_redirected = len(seen.hops) > 1
    if is_redirected and signs.is_about_gone(final) and not signs.is_about_gone(url):
        return "it leads to a page for what is not found"
    if signs.is_home(url):
        return ""
    if is_redirected and _is_bare_home(final) and not _own_fragment(seen.hops):
        is_for_good = all(hop.code in _PERMANENT for hop in seen.hops[:-1])
        if signs.same_site(url, final):
            return "it leads to the home page"
        if is_for_good and not (signs.is_named_after(final, url) or signs.is_short(url)):
            return "it leads to another site's home page"
    if page and page.refresh and _is_bare_home(page.refresh) and signs.same_site(url, page.refresh):
        return "it leads to the home page"
    return ""


def _is_bare_home(url: str) -> bool:
    """A home page that no query tells to show something else, and no route either."""
    return signs.is_home(url) and "?" not in url and "#" not in url


def _why_not_moved(url: str, target: str, hops: Sequence[Hop]) -> str:
    """Why nobody should write the address at which redirects ended; empty where they should."""
    before, final = hops[0].url, hops[-1].url
    if not all(hop.code in _PERMANENT for hop in hops[:-1]):
        return "redirects, for now"
    if final == before or target == url:
        return "redirects to itself"
    if signs.is_login(final) and not signs.is_login(url):
        return "redirects to a page to log in"
    if before.startswith("https:") and not final.startswith("https:"):
        return "redirects to an address without encryption"
    if signs.is_passing(final, before):
        return "redirects to an address made for one visit"
    if signs.adds_locale(final, before):
        return "redirects to one of several languages"
    return "" if _is_fit(target) else "redirects to an address that nobody should write"


def _is_fit(url: str) -> bool:
    """Whether an address can be written in place of another."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        is_writable(url)
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port != 0
        and len(url) <= MAX_URL
    )


def _target(url: str, hops: Sequence[Hop]) -> str:
    """The last address, with the fragment that a browser would have there."""
    final = hops[-1].url.partition("#")[0]
    fragment = _own_fragment(hops) or url.partition("#")[2]
    return f"{final}#{fragment}" if fragment else final


def _own_fragment(hops: Sequence[Hop]) -> str:
    """The fragment that the redirects gave, if they did; the last one counts."""
    given = [hop.location.partition("#")[2] for hop in hops[:-1]]
    return next((fragment for fragment in reversed(given) if fragment), "")


def _lost_fragment(url: str, seen: Seen, site: Site | None) -> str:
    """The place that an address names and its page does not have, as far as anybody can say."""
    fragment = url.partition("#")[2].partition(":~:")[0]
    page = seen.page
    if (
        not fragment
        or not page
        or not page.is_whole
        or page.is_scripted
        or page.refresh
        or (site and not site.has_anchors)
        or _own_fragment(seen.hops)
        or fragment.lower() == "top"
        or _SCRIPTS.fullmatch(fragment)
    ):
        return ""
    return "" if _has_anchor(page, fragment) else fragment


def _has_anchor(page: PageFacts, fragment: str) -> bool:
    name = unquote(fragment)
    # Wikipedia once wrote `.C3.A9` for what is `%C3%A9` now.
    names = {fragment, name, unquote(_DOTTED.sub("%", fragment))}
    # Sites that show what users wrote put this before its ids, and scripts that find it.
    names |= {f"user-content-{name}", f"user-content-{name.lower()}"}
    names.add(name.removeprefix("user-content-"))
    return not names.isdisjoint(page.anchors) or any(
        "%" in anchor and unquote(anchor) == name for anchor in page.anchors
    )

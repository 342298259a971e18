"""What was seen of an address, judged: pure, and slow to call anything broken.

Every attempt is judged by itself first. Then, in this order:

1. a success in any attempt counts; the other was weather
2. an address that nothing may be asked for is invalid
3. a wall says that nothing can be known, and outweighs a 404 beside it
4. two attempts that failed for good in the same way are broken, and nothing else is
5. a certificate that cannot be trusted
6. silence alone is a timeout, anything else flaky: also what was gone once, and then something else
7. nothing but the run's own limits: unchecked
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from roadmap_site.links import signs
from roadmap_site.links.seen import Failure, Hop, PageFacts, Seen
from roadmap_site.links.settings import MAX_URL, Settings
from roadmap_site.links.sites import Site, question
from roadmap_site.model.diagnostic import cited
from roadmap_site.model.links import Judged, LinkStatus

_PERMANENT = frozenset({301, 308})
_GONE = frozenset({404, 410})
_OF_THE_MOMENT = frozenset({408, 421, 425})
"""Refusals that are no more than weather: a slow request, the wrong connection, too early."""
_PATIENCE = Settings().patience

_WORDS = {
    Failure.NO_HOST: "the host does not exist",
    Failure.UNREACHABLE: "the host cannot be reached",
    Failure.REFUSED: "the host refuses the connection",
    Failure.RESET: "the host closes the connection without an answer",
    Failure.TLS: "the certificate cannot be trusted",
    Failure.REDIRECT_LOOP: "it redirects in a circle",
    Failure.TOO_MANY_REDIRECTS: "it redirects too many times",
    Failure.BAD_REDIRECT: "it redirects to what is no address",
    Failure.NOT_PUBLIC: "it leads to an address that is not public",
    Failure.WAIT: "the host asks to wait longer than this run may",
    Failure.HOST_DOWN: "the host did not answer others before",
}
"""What a failure is called, where its own name is not a sentence."""
_ABOUT_REDIRECTS = frozenset(
    {Failure.REDIRECT_LOOP, Failure.TOO_MANY_REDIRECTS, Failure.BAD_REDIRECT}
)
_STATUS_OF = {
    Failure.NO_HOST: LinkStatus.BROKEN,
    Failure.REDIRECT_LOOP: LinkStatus.BROKEN,
    Failure.TOO_MANY_REDIRECTS: LinkStatus.BROKEN,
    Failure.BAD_REDIRECT: LinkStatus.BROKEN,
    Failure.NOT_PUBLIC: LinkStatus.INVALID,
    Failure.TLS: LinkStatus.TLS,
    Failure.WAIT: LinkStatus.BLOCKED,
    Failure.TIMEOUT: LinkStatus.TIMEOUT,
    Failure.HOST_DOWN: LinkStatus.TIMEOUT,
    Failure.DEADLINE: LinkStatus.UNCHECKED,
    Failure.LIMIT: LinkStatus.UNCHECKED,
    Failure.LOOKUP: LinkStatus.FLAKY,
    Failure.REFUSED: LinkStatus.FLAKY,
    Failure.UNREACHABLE: LinkStatus.FLAKY,
    Failure.RESET: LinkStatus.FLAKY,
    Failure.GARBAGE: LinkStatus.FLAKY,
}
_SUCCESSES = (LinkStatus.OK, LinkStatus.MOVED, LinkStatus.FRAGMENT, LinkStatus.SUSPECT)
_ONCE = frozenset(
    {
        Failure.TLS,  # a certificate does not change within a run
        Failure.NOT_PUBLIC,
        Failure.WAIT,
        Failure.DEADLINE,
        Failure.LIMIT,
    }
)
"""Failures that a second attempt would not change, or must not try to."""

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
_UNFIT = re.compile(r"[\s\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What one attempt says, and which `kind` of failure for good it is, if it is one."""

    judged: Judged
    kind: str = ""


def wants_second(seen: Seen) -> bool:
    """Whether an attempt is to be made again in the second pass.

    It is where the cause may pass, and where a link would be called broken.
    """
    if seen.failure:
        return seen.failure not in _ONCE
    code = seen.code
    if code is None or _wall(seen):
        return False
    if code in _GONE:
        return True
    may_wait = seen.retry_after is None or seen.retry_after <= _PATIENCE
    return (code == 429 or code in _OF_THE_MOMENT or 500 <= code < 600) and may_wait


def judge(url: str, seen: Sequence[Seen]) -> Judged:
    """Judge an address, as it is written, by the attempts at it in order (or at what is asked).

    No attempt at all leaves it unchecked.
    """
    site = question(url).site
    opinions = [_opinion(url, attempt, site) for attempt in seen]
    told = [one for one in opinions if one.judged.status is not LinkStatus.UNCHECKED]
    if not told:
        return opinions[-1].judged if opinions else Judged(LinkStatus.UNCHECKED)
    of_status: dict[LinkStatus, Judged] = {one.judged.status: one.judged for one in told}
    for status in (*_SUCCESSES, LinkStatus.INVALID, LinkStatus.BLOCKED):
        if status in of_status:
            return of_status[status]
    last = told[-1].judged
    is_sure = len(told) > 1 and len({one.kind for one in told}) == 1
    if is_sure and last.status is LinkStatus.BROKEN:
        return replace(last, detail=_together(told))
    if LinkStatus.TLS in of_status:
        return of_status[LinkStatus.TLS]
    is_silent = set(of_status) == {LinkStatus.TIMEOUT}
    return replace(
        last,
        status=LinkStatus.TIMEOUT if is_silent else LinkStatus.FLAKY,
        detail=_together(told),
    )


def _together(told: Sequence[_Opinion]) -> str:
    details = [one.judged.detail for one in told]
    if len(details) == 1:
        return f"{details[0]}, once" if told[0].judged.status is LinkStatus.BROKEN else details[0]
    if len(set(details)) == 1:
        return f"{details[0]}, twice"
    return ", then ".join(details)


def _opinion(url: str, seen: Seen, site: Site | None) -> _Opinion:
    code = seen.hops[-1].code if seen.hops else None

    def says(status: LinkStatus, detail: str, kind: str = "") -> _Opinion:
        return _Opinion(Judged(status, detail, code=code, final=seen.final), kind)

    if seen.failure:
        detail = _failed(seen)
        if seen.failure is Failure.WAIT and code is not None:
            detail = f"{detail} ({_named(code)})"
        elif seen.hops and seen.failure not in _ABOUT_REDIRECTS:
            detail = f"after a redirect, {detail}"
        kind = "redirects" if seen.failure in _ABOUT_REDIRECTS else seen.failure.value
        return says(_STATUS_OF[seen.failure], detail, kind)
    if code is None:
        return says(LinkStatus.UNCHECKED, "")
    if wall := _wall(seen):
        return says(LinkStatus.BLOCKED, f"asks programs to stay away ({_named(code)}, {wall})")
    if 200 <= code < 300 or (site and code in site.found):
        return _Opinion(_success(url, seen, site))
    if site and site.is_walled:
        return says(LinkStatus.BLOCKED, f"{site.name} does not answer programs ({_named(code)})")
    if code in _GONE:
        detail = f"{site.gone} ({_named(code)})" if site and site.gone else _named(code)
        if len(seen.hops) > 1:
            detail = f"redirects to {detail}" if detail == _named(code) else detail
        return says(LinkStatus.BROKEN, detail, "gone")
    if code < 400:
        return says(LinkStatus.FLAKY, f"{_named(code)}, and nothing to follow")
    if 500 <= code < 600 or code in _OF_THE_MOMENT:
        return says(LinkStatus.FLAKY, _named(code))
    # Any other refusal says something about who asked. 999 is no status of HTTP; walls use it.
    return says(LinkStatus.BLOCKED, f"refuses programs ({_named(code)})")


def _failed(seen: Seen) -> str:
    """A failure in words, with what the attempt tells about it."""
    if seen.failure is None:
        return ""
    words = _WORDS.get(seen.failure, seen.failure.value)
    if not seen.detail:
        return words
    if seen.failure is Failure.NOT_PUBLIC:
        return seen.detail
    if seen.failure in (Failure.TLS, Failure.BAD_REDIRECT):
        # "it has expired" goes on with the sentence; anything else is one by itself.
        return f"{words}: {seen.detail}" if seen.detail.startswith("it ") else seen.detail
    return words


def _wall(seen: Seen) -> str:
    """What kind of wall an answer is that asks for a person; empty for any other."""
    headers = seen.headers
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare challenge"
    if headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha"):
        return "AWS challenge"
    if headers.get("x-vercel-mitigated", "").lower() in ("challenge", "deny"):
        return "Vercel challenge"
    if seen.page and signs.is_challenge(seen.page.title):
        return "challenge"
    return ""


def _named(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return f"status {code}"


def _success(url: str, seen: Seen, site: Site | None) -> Judged:
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
        if is_for_good and not signs.is_named_after(final, url):
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
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port != 0
        and len(url) <= MAX_URL
        and url.isprintable()
        and not _UNFIT.search(url)
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

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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from roadmap_site.links.judging import signs
from roadmap_site.links.judging.sites import Site, question
from roadmap_site.links.judging.success import judge_success
from roadmap_site.links.seen import GONE, Failure, Seen
from roadmap_site.links.settings import Settings
from roadmap_site.model.links import Judged, LinkStatus

_OF_THE_MOMENT = frozenset({408, 421, 425})
"""Refusals that are no more than weather: a slow request, the wrong connection, too early."""
_PATIENCE = Settings().patience
"""Of a run by default. Who asks for more of it is not asked again: the answer would be the same."""
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
    Failure.OTHER_PROGRAM: LinkStatus.BLOCKED,
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
        Failure.OTHER_PROGRAM,
        Failure.DEADLINE,
        Failure.LIMIT,
    }
)
"""Failures that a second attempt would not change, or must not try to."""


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
    if code in GONE:
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
        is_answered=any(_is_answered(attempt) for attempt in seen),
    )


def _is_answered(seen: Seen) -> bool:
    """Whether an attempt found somebody, and neither a server's own failure nor a page gone."""
    if seen.failure:
        return seen.failure is Failure.GARBAGE
    return seen.code is not None and seen.code < 500 and seen.code not in GONE


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
        detail = _failed(seen.failure, seen.detail)
        if seen.failure is Failure.WAIT and code is not None:
            detail = f"{detail} ({_named(code)})"
        elif seen.hops and seen.failure not in (*_ABOUT_REDIRECTS, Failure.OTHER_PROGRAM):
            detail = f"after a redirect, {detail}"
        kind = "redirects" if seen.failure in _ABOUT_REDIRECTS else seen.failure.value
        return says(_STATUS_OF[seen.failure], detail, kind)
    if code is None:
        return says(LinkStatus.UNCHECKED, "")
    if wall := _wall(seen):
        return says(LinkStatus.BLOCKED, f"asks programs to stay away ({_named(code)}, {wall})")
    if 200 <= code < 300 or (site and code in site.found):
        return _Opinion(judge_success(url, seen, site))
    if site and site.is_walled:
        return says(LinkStatus.BLOCKED, f"{site.name} does not answer programs ({_named(code)})")
    if code in GONE:
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


def _failed(failure: Failure, detail: str) -> str:
    """A failure in words, with what the attempt tells about it."""
    if not detail:
        return failure.value
    if failure is Failure.NOT_PUBLIC:
        return detail
    if failure in (Failure.TLS, Failure.BAD_REDIRECT):
        # "it has expired" goes on with the sentence; anything else is one by itself.
        return f"{failure.value}: {detail}" if detail.startswith("it ") else detail
    return failure.value


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

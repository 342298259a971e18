"""What is known of single sites: where a page says nothing, and what is asked instead.

The one table of its kind. A row stands for what no other answer of the site would tell; how pages,
walls and redirects are judged in general is said in `judge`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from roadmap_site.model.web import PORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A row: for which addresses it is, what it changes, and why.

    `path` is what path and query together match, whole; its groups fill in `ask`, which is what is
    asked instead (empty: the address itself). What is asked instead has no anchors and moves
    nowhere that matters. `follows` is whether redirects are followed. `found` are statuses that
    mean success there, besides 2xx. `gone` says what 404 and 410 mean, in words. `has_anchors`: its
    HTML has the anchors that its pages show. `is_walled`: refusals of any kind, 404 included, say
    nothing about the page.
    """

    name: str
    hosts: frozenset[str]
    reason: str
    path: re.Pattern[str] = re.compile(r".*", re.DOTALL)
    ask: str = ""
    follows: bool = True
    found: frozenset[int] = frozenset()
    gone: str = ""
    has_anchors: bool = True
    is_walled: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked to learn about an address, how, and by which row, if one is for it."""

    ask: str
    follows: bool = True
    site: Site | None = None


_YOUTUBE_REASON = """
A video that was removed or made private still has a page, which answers 200
(stevenvachon/broken-link-checker#237). Its oEmbed answer is 401 for videos that only may not be
embedded (lycheeverse/lychee#214). The thumbnail is missing for both removed and private ones
(debs-obrien/debbie.codes#590), lychee tells them by it (lycheeverse/lychee#906), and all of 8,664
public videos had one of this size (webstudio-is/webstudio#5525). Nothing of the kind is known of
playlists and channels, which are asked like any page.
"""
_THUMBNAIL = r"https://i.ytimg.com/vi/\1/hqdefault.jpg"

SITES = (
    Site(
        name="YouTube",
        hosts=frozenset(
            f"{start}{name}"
            for name in ("youtube.com", "youtube-nocookie.com")
            for start in ("", "www.", "m.", "music.")
        ),
        reason=_YOUTUBE_REASON,
        path=re.compile(
            r"/(?:watch/?\?(?:.*&)?v=|(?:shorts|live|embed|v)/)([\w-]{11})(?:[/?&].*)?", re.ASCII
        ),
        ask=_THUMBNAIL,
        gone="the video is gone or private",
    ),
    Site(
        name="YouTube",
        hosts=frozenset({"youtu.be", "www.youtu.be"}),
        reason=_YOUTUBE_REASON,
        path=re.compile(r"/([\w-]{11})(?:[/?&].*)?", re.ASCII),
        ask=_THUMBNAIL,
        gone="the video is gone or private",
    ),
    Site(
        name="GitHub",
        hosts=frozenset({"github.com", "www.github.com", "gist.github.com"}),
        reason="""
        Scripts make the anchors: of lines (lycheeverse/lychee#2116), of headings in files
        (kumahq/kuma-website#1697), of comments. What is not there answers 404; that a repository is
        private does too, and no reader gets further. Too many questions are answered with 429
        (nextstrain/augur#1808) or 503 (GSA-TTS/agentic-coding-patterns#317), which is said in
        general.
        """,
        has_anchors=False,
    ),
    Site(
        name="DOI",
        hosts=frozenset({"doi.org", "www.doi.org", "dx.doi.org"}),
        reason="""
        The resolver redirects a registered name to its publisher and answers 404 for any other
        (doi.org, "DOI Resolution Documentation"; docs.rs, "aspero doi"). A name is written because
        it stays when the publisher's address changes, and publishers refuse programs
        (neurodesk/neurodesk.github.io-hugo#638), so that the redirect is all that is asked for.
        """,
        path=re.compile(r"/(10[./].+)", re.DOTALL),
        ask=r"https://doi.org/\1",
        follows=False,
        found=frozenset({301, 302, 303, 307, 308}),
        gone="no such DOI is registered",
    ),
    Site(
        name="PyPI",
        hosts=frozenset({"pypi.org", "www.pypi.org"}),
        reason="""
        A project's page is a challenge for browsers, with status 200 and without the page's anchors
        (pypi/warehouse#17285, pypa/packaging.python.org#1744). The JSON about the same project is
        for programs.
        """,
        path=re.compile(r"/(?:project|p)/([\w.-]+(?:/[\w.+!-]+)?)/?(?:\?.*)?", re.ASCII),
        ask=r"https://pypi.org/pypi/\1/json",
        gone="PyPI has no such project or version",
    ),
    Site(
        name="LinkedIn",
        hosts=frozenset({"linkedin.com"}),
        reason="""
        It answers 999 to programs whatever they ask for and however they call themselves
        (gjtorikian/html-proofer#215, textlint-rule/textlint-rule-no-dead-link#109), or leads to a
        page to log in. It is asked, since some pages are open, but only a success counts.
        """,
        is_walled=True,
    ),
)
"""All rows; the first that is for an address counts."""

_COUNTRY = re.compile(r"(?:[a-z]{2,3}|www)\.(?=linkedin\.com$)")


def question(url: str) -> Question:
    """What to ask for an address; the address itself, without its fragment, in general."""
    asked = url.partition("#")[0]
    try:
        parts = urlsplit(asked)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return Question(asked)
    host = _COUNTRY.sub("", host)
    if parts.scheme not in ("http", "https") or port not in (None, *PORTS.values()):
        return Question(asked)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    for site in SITES:
        if host in site.hosts and (match := site.path.fullmatch(path)):
            ask = match.expand(site.ask) if site.ask else asked
            return Question(ask, site.follows, site)
    return Question(asked)

"""RS8xx: what becomes of links. `roadmap-site links` finds it, by asking; `check` never does."""

from __future__ import annotations

from roadmap_site.model.diagnostic import Rule, Severity
from roadmap_site.model.links import CheckedLink, LinkStatus


def _of(code: str, name: str, severity: Severity, doc: str, *, fixable: bool = False) -> Rule:
    return Rule(code, name, severity, doc, fixable=fixable, command="links")


BROKEN_LINK = _of(
    "RS801",
    "broken-link",
    Severity.ERROR,
    """A `broken` link: it leads nowhere.

    What it checks: each address has a host that exists, redirects that end, and an answer other
    than 404 and 410. All of this is believed only when it is seen twice. Within the site, the page
    and the anchor are there. With `--since`, this fails where the address is new; elsewhere it is
    an info, and a warning where it is within the site. What was `tls`, `flaky` or `timeout` in four
    whole runs with `--cache`, over two days or more, is broken too. With `--cache`, what was broken
    is warned of until a run sees that it is not.

    Why it matters: a learner who follows it is left alone.

    Example: `url: https://docs.python.org/3/no-such-page.html`

    Use instead: the address that the page has now, or another resource that teaches the same.
    """,
)
INVALID_LINK = _of(
    "RS802",
    "invalid-link",
    Severity.ERROR,
    """An `invalid` link: nothing may be asked for it.

    What it checks: each address is http or https, at port 80 or 443, of a public host, and so is
    each that it redirects to. With `--since`, this fails where the address is new; elsewhere it is
    an info.

    Why it matters: readers cannot open it, and whoever checks it could be led to what is private.

    Example: `url: http://192.168.0.1/notes`

    Use instead: the address that everybody can open.
    """,
)
MOVED_LINK = _of(
    "RS803",
    "moved-link",
    Severity.INFO,
    """A `moved` link: it leads on to another address for good.

    What it checks: no address redirects for good, with 301 or 308 at every step, to a page of the
    same kind that works.

    Why it matters: the old address works only as long as somebody keeps it up.

    Example: `url: https://numpy.org/devdocs/user/quickstart`

    Use instead: the address that it leads to; the hint gives it, and
    `roadmap-site links --fix` writes it.
    """,
    fixable=True,
)
MISSING_FRAGMENT = _of(
    "RS804",
    "missing-fragment",
    Severity.WARNING,
    """A `fragment` that its page does not have.

    What it checks: what follows `#` in an address is an id or a name in the page's HTML. Pages that
    scripts make, and those too long to read to the end, are left alone.

    Why it matters: the reader lands at the top of the page and has to search.

    Example: `url: https://docs.python.org/3/tutorial/classes.html#no-such-part`

    Use instead: an anchor that the page has, or its address without one.
    """,
)
SUSPECT_LINK = _of(
    "RS805",
    "suspect-link",
    Severity.WARNING,
    """A `suspect` link: its page looks as if it were gone.

    What it checks: no page has a title that says it was not found while its host says 200, and no
    address of a page leads to its site's home page.

    Why it matters: the host says that all is well; the reader may see that it is not.

    Example: `url: https://example.org/courses/2019` that leads to `https://example.org/`

    Use instead: the address that has what is meant. Where a browser shows just that, all is well,
    and the link can be accepted in place.
    """,
)
UNTRUSTED_LINK = _of(
    "RS806",
    "untrusted-link",
    Severity.WARNING,
    """A `tls` fault: the certificate of the host cannot be trusted.

    What it checks: the certificate of each host is in date, made out to its name, and signed by
    somebody whom browsers trust. Four whole runs with `--cache` that find otherwise, over two days
    or more, make it a broken link.

    Why it matters: browsers warn so loudly that readers turn back.

    Example: `url: https://expired.badssl.com/`

    Use instead: another resource, until the host's owner has mended it.
    """,
)
FLAKY_LINK = _of(
    "RS807",
    "flaky-link",
    Severity.WARNING,
    """A `flaky` link: its host failed, twice.

    What it checks: no host answers with 5xx, refuses the connection or closes it without an answer,
    in both passes of a run. Four whole runs with `--cache` that find it so, over two days or more,
    make it a broken link.

    Why it matters: it may be a bad day, or the end. It says nothing about the change at hand.

    Example: `url: https://example.org/always-down`

    Use instead: nothing to write yet; look again in some days.
    """,
)
SILENT_LINK = _of(
    "RS808",
    "silent-link",
    Severity.WARNING,
    """A `timeout`: no answer came in time, twice.

    What it checks: each address answers within the seconds that `--timeout` gives, in one of the
    two passes of a run. Four whole runs with `--cache` in which it does not, over two days or more,
    make it a broken link.

    Why it matters: a reader does not wait that long either. It says nothing about the change at
    hand.

    Example: `url: https://example.org/slow`

    Use instead: nothing to write yet; look again in some days.
    """,
)
BLOCKED_LINK = _of(
    "RS809",
    "blocked-link",
    Severity.INFO,
    """A `blocked` link: its host does not answer programs.

    What it checks: each host says whether the page is there. Many refuse programs, with 401, 403,
    429, 999 and the like, set them a puzzle for people, or ask for more patience than a run has.
    Some lead on to another program than a browser.

    Why it matters: nothing is known about it; a person who opens it may well see the page.

    Example: `url: https://www.linkedin.com/learning/python-essential-training`

    Use instead: nothing, where a browser opens it; otherwise a resource that everybody can read.
    """,
)
UNCHECKED_LINK = _of(
    "RS810",
    "unchecked-link",
    Severity.INFO,
    """An `unchecked` link: nobody asked for it.

    What it checks: every address was asked for. Offline none is, and none after the run's
    `--deadline` or beyond its `--limit`.

    Why it matters: nothing is known about it.

    Example: the 301st new address of a pull request from a fork

    Use instead: nothing to write; the next whole run asks for it.
    """,
)
RULE_OF: dict[LinkStatus, Rule] = {
    LinkStatus.BROKEN: BROKEN_LINK,
    LinkStatus.INVALID: INVALID_LINK,
    LinkStatus.MOVED: MOVED_LINK,
    LinkStatus.FRAGMENT: MISSING_FRAGMENT,
    LinkStatus.SUSPECT: SUSPECT_LINK,
    LinkStatus.TLS: UNTRUSTED_LINK,
    LinkStatus.FLAKY: FLAKY_LINK,
    LinkStatus.TIMEOUT: SILENT_LINK,
    LinkStatus.BLOCKED: BLOCKED_LINK,
    LinkStatus.UNCHECKED: UNCHECKED_LINK,
}
"""The rule that each status offends against; ok offends against none."""
RULES = tuple(RULE_OF.values())


def rule_of(link: CheckedLink) -> Rule | None:
    """The rule that a link offends against, if it does.

    One that was broken, and may still be, is told as broken: who has accepted that has accepted it
    on days when its host is down, too.
    """
    return RULE_OF.get(LinkStatus.BROKEN if link.judged.was_broken else link.status)

"""RS8xx: what becomes of links. `roadmap-site links` finds it, by asking; `check` never does."""

from __future__ import annotations

from roadmap_site.model.diagnostic import Rule, Severity
from roadmap_site.model.links import LinkStatus


def _of(code: str, name: str, severity: Severity, doc: str, *, fixable: bool = False) -> Rule:
    return Rule(code, name, severity, doc, fixable=fixable, command="links")


BROKEN_LINK = _of(
    "RS801",
    "broken-link",
    Severity.ERROR,
    """A link that leads nowhere.

    What it checks: each address answers, and not with 404 or 410, which is asked twice; its host
    exists; its redirects end. Within the site, the page and the anchor are there.

    Why it matters: a learner who follows it is left alone.

    Example: `url: https://docs.python.org/3/no-such-page.html`

    Use instead: the page's new address, or another resource that teaches the same.
    """,
)
INVALID_LINK = _of(
    "RS802",
    "invalid-link",
    Severity.ERROR,
    """A link that nothing may be asked for.

    What it checks: each address is http or https, at port 80 or 443, of a public host, and so is
    each that it redirects to.

    Why it matters: readers cannot open it, and a program that did could be led to what is private.

    Example: `url: http://192.168.0.1/notes`

    Use instead: the address that everybody can open.
    """,
)
MOVED_LINK = _of(
    "RS803",
    "moved-link",
    Severity.INFO,
    """A link that leads on to another address for good.

    What it checks: no address answers with permanent redirects (301, 308) alone to one that works.
    `roadmap-site links --fix` writes the new one.

    Why it matters: the old address works as long as somebody keeps it up.

    Example: `url: https://numpy.org/devdocs/user/quickstart`

    Use instead: the address that it leads to.
    """,
    fixable=True,
)
MISSING_FRAGMENT = _of(
    "RS804",
    "missing-fragment",
    Severity.WARNING,
    """A link to a place that its page does not have.

    What it checks: what follows `#` in an address is an id or a name on the page, as far as the
    page's HTML says; pages that scripts make are left alone.

    Why it matters: the reader lands at the top of the page and has to search.

    Example: `url: https://docs.python.org/3/tutorial/classes.html#no-such-part`

    Use instead: an anchor that the page has, or the page without one.
    """,
)
SUSPECT_LINK = _of(
    "RS805",
    "suspect-link",
    Severity.WARNING,
    """A link whose page looks as if it were gone.

    What it checks: no page answers 200 with a title that says it was not found, and none leads to
    its site's home page instead of what was asked for.

    Why it matters: the host says that all is well; the reader sees that it is not.

    Example: `url: https://example.org/courses/2019` that leads to `https://example.org/`

    Use instead: open it, and write the address that has what is meant.
    """,
)
UNTRUSTED_LINK = _of(
    "RS806",
    "untrusted-link",
    Severity.WARNING,
    """A link to a host whose certificate cannot be trusted.

    What it checks: the certificate of each host is in date, of its name, and signed by somebody
    browsers trust.

    Why it matters: browsers warn so loudly that readers turn back.

    Example: `url: https://expired.badssl.com/`

    Use instead: tell the host's owner; meanwhile, another resource.
    """,
)
FLAKY_LINK = _of(
    "RS807",
    "flaky-link",
    Severity.WARNING,
    """A link whose host failed, twice.

    What it checks: no address answers with 5xx, refuses the connection or closes it, in two passes.
    Four such runs over two days, and `links` calls it broken.

    Why it matters: it may be a bad day, or the end.

    Example: `url: https://example.org/always-down`

    Use instead: nothing yet; look again in some days.
    """,
)
SILENT_LINK = _of(
    "RS808",
    "silent-link",
    Severity.WARNING,
    """A link that did not answer in time, twice.

    What it checks: each address answers within the time that `--timeout` gives, in one of two
    passes. Four such runs over two days, and `links` calls it broken.

    Why it matters: a reader does not wait that long either.

    Example: `url: https://example.org/slow`

    Use instead: nothing yet; look again in some days.
    """,
)
BLOCKED_LINK = _of(
    "RS809",
    "blocked-link",
    Severity.INFO,
    """A link whose host does not answer programs.

    What it checks: no address answers with 401, 403, 407, 429, 451, 999 or a challenge for humans.

    Why it matters: nothing is known about it; a person who opens it may well see the page.

    Example: `url: https://www.linkedin.com/learning/python-essential-training`

    Use instead: nothing, where a browser opens it.
    """,
)
UNCHECKED_LINK = _of(
    "RS810",
    "unchecked-link",
    Severity.INFO,
    """A link that nobody asked for.

    What it checks: the run came to every address before its deadline and its limit.

    Why it matters: nothing is known about it.

    Example: the 301st new address of a pull request from a fork

    Use instead: nothing; the next whole run asks for it.
    """,
)
RULES = (
    BROKEN_LINK,
    INVALID_LINK,
    MOVED_LINK,
    MISSING_FRAGMENT,
    SUSPECT_LINK,
    UNTRUSTED_LINK,
    FLAKY_LINK,
    SILENT_LINK,
    BLOCKED_LINK,
    UNCHECKED_LINK,
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

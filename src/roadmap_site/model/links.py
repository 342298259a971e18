"""Links of a curriculum: where each stands, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from roadmap_site.model.source import Span


class LinkStatus(StrEnum):
    """What became of a link, the gravest first.

    - broken: it leads nowhere, for sure: 404 or 410 twice, a host that does not exist, a redirect
      that never ends; a page or an anchor that this site does not have
    - invalid: nothing may be asked for it: no address, another scheme or port, no public host
    - fragment: the page is there, the place in it that the address names is not
    - suspect: an answer that looks like a page which is gone (a title that says so, the home page)
    - tls: the host's certificate cannot be trusted
    - flaky: the host failed, twice: 5xx, a reset, a refused connection
    - timeout: no answer in time, twice
    - blocked: the host answers people, not programs: 401, 403, 429, 999, a challenge; or it leads
      on to another program than a browser
    - moved: it leads on for good, to an address that works
    - unchecked: nobody asked: offline, the deadline, the limit
    - ok: it works
    """

    BROKEN = "broken"
    INVALID = "invalid"
    FRAGMENT = "fragment"
    SUSPECT = "suspect"
    TLS = "tls"
    FLAKY = "flaky"
    TIMEOUT = "timeout"
    BLOCKED = "blocked"
    MOVED = "moved"
    UNCHECKED = "unchecked"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an address stands.

    `url` is the address that is meant; `span` is where it is written, from its first character on
    (an alias's own place where YAML repeats it by `*name`). `is_literal`: the file has the address
    there to the letter, so that it can be written anew. `is_changed`: it is new since the revision
    that is compared with; all are where nothing is.
    """

    url: str
    span: Span
    is_literal: bool = True
    is_changed: bool = True

    @property
    def sort_key(self) -> tuple[str, int, int]:
        """By file and place."""
        return self.span.file.path, self.span.line, self.span.column


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of an address: the status, why in a few words, and where it should lead.

    `replacement` is the whole address to write in place of a moved one, empty otherwise. `code` is
    the last HTTP status seen, `final` the address that gave it. `is_answered`: of a failure, that
    somebody is there and answers, if in no way that tells of the page. `was_broken`: an earlier run
    found it broken, and this one cannot say that it is not.
    """

    status: LinkStatus
    detail: str = ""
    replacement: str = ""
    code: int | None = None
    final: str = ""
    is_answered: bool = False
    was_broken: bool = False


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """An address with what became of it, and every place where it stands, in order."""

    url: str
    judged: Judged
    mentions: tuple[Mention, ...]

    @property
    def status(self) -> LinkStatus:
        """What became of it."""
        return self.judged.status


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What a run found: the links in order of their first place, and how it went.

    `notes` are sentences about the run as a whole (a host that stopped answering, a corrupt
    cache). `requests` counts the addresses asked for over the network, `remembered` those that the
    cache answered. `has_network` is false where hardly any host could be reached, so that the run
    says nothing about any link; `has_site` where the site could not be built, so that it says
    nothing about links within it.
    """

    links: tuple[CheckedLink, ...]
    notes: tuple[str, ...] = ()
    requests: int = 0
    remembered: int = 0
    has_network: bool = True
    has_site: bool = True

    def of(self, *statuses: LinkStatus) -> tuple[CheckedLink, ...]:
        """The links of some statuses."""
        return tuple(link for link in self.links if link.status in statuses)

    def counts(self) -> dict[LinkStatus, int]:
        """How many links there are of each status that occurs, the gravest first."""
        found = [link.status for link in self.links]
        return {status: found.count(status) for status in LinkStatus if status in found}


_OUTWARD = re.compile(r"(?!mailto:|tel:)(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def leads_out(target: str) -> bool:
    """Whether a link's target, as it is written, is an address to be found out of the site."""
    return _OUTWARD.match(target) is not None


def links_of(mentions: Iterable[Mention], judged: dict[str, Judged]) -> tuple[CheckedLink, ...]:
    """The mentions by address, each with what became of it; what was not asked is unchecked."""
    places: dict[str, list[Mention]] = {}
    for mention in mentions:
        places.setdefault(mention.url, []).append(mention)
    unknown = Judged(LinkStatus.UNCHECKED)
    return tuple(
        CheckedLink(url, judged.get(url, unknown), tuple(some)) for url, some in places.items()
    )

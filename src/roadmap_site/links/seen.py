"""What was seen of an address, before anybody judges it. Plain values, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

GONE = frozenset({404, 410})
"""Statuses by which a host says that there is no such page."""


class Failure(StrEnum):
    """Why there is no answer to judge, in words that reports show."""

    NO_HOST = "the host does not exist"  # the resolver says so for sure
    LOOKUP = "the host's name could not be looked up"  # it may exist
    REFUSED = "the host refuses the connection"
    UNREACHABLE = "the host cannot be reached"
    RESET = "the host closes the connection without an answer"
    TIMEOUT = "no answer in time"
    TLS = "the certificate cannot be trusted"
    GARBAGE = "the answer is not HTTP"
    TOO_MANY_REDIRECTS = "it redirects too many times"
    REDIRECT_LOOP = "it redirects in a circle"
    BAD_REDIRECT = "it redirects to what is no address"
    OTHER_PROGRAM = "it leads to another program than a browser"  # `vscode:`, `zoommtg:`
    NOT_PUBLIC = "it leads to an address that is not public"
    WAIT = "the host asks to wait longer than this run may"  # Retry-After beyond the budget
    HOST_DOWN = "the host did not answer others before"  # the circuit breaker
    DEADLINE = "the time for the whole run was over"
    LIMIT = "beyond the number of addresses that this run may ask for"


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way: who was asked, its status, and where it sent on (absolute)."""

    url: str
    code: int
    location: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What matters of an HTML page.

    `anchors` are its ids and names (`id`, and `name` of `a`), as written. `is_whole`: it was read
    to its end, and not cut where the budget ended. `is_scripted`: so much of it is made by scripts
    that its HTML says little about its anchors. `refresh` is where its `meta http-equiv=refresh`
    leads, absolute, or empty.
    """

    title: str = ""
    anchors: frozenset[str] = frozenset()
    is_whole: bool = True
    is_scripted: bool = False
    refresh: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One attempt at an address: the answers in order, and the failure that ended it, if one did.

    `headers` are those of the last answer that tell a wall, names in lower case. `page` is there
    where the last answer was HTML, and a success, 404, 410 or 5xx. `retry_after` is what it asked
    for, in seconds. `detail` is more about the failure, words of ours only: nothing a stranger
    wrote.
    """

    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: PageFacts | None = None
    retry_after: float | None = None
    detail: str = ""

    @property
    def code(self) -> int | None:
        """The status of the last answer, unless a failure came after it."""
        return self.hops[-1].code if self.hops and not self.failure else None

    @property
    def final(self) -> str:
        """The address that gave the last answer; empty where there was none."""
        return self.hops[-1].url if self.hops else ""

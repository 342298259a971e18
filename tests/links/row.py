"""A row of the truth table: what a server does, and what is to be made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from misbehaving import Behaviour
from roadmap_site.model.links import LinkStatus

PLAIN = "plain"
SECURE = "secure"


@dataclass(frozen=True, slots=True)
class Row:
    """An address, and its truth.

    `status` is what must come of it; some rows leave a choice where no standard decides, and say
    so in `why`. The address is `at` where that is given; otherwise the row has its own path,
    `/<name>`, followed by `tail`, on a host shared by those that harm no neighbour, or on a host of
    its own (`is_alone`: what pauses or breaks a host would touch others). `does` answers at that
    path, `greets` takes the connections of the host, and `also` answers at further `host/path`s.
    Hosts stand in braces, as `misbehaving.filled` reads them.

    `replacement` is where a moved address should lead. `requests` says how often the row's own path
    is asked in a run of the whole table, `sends_at_most` how many bytes it can get rid of. `waits`:
    its truth comes to light when time is up, and not before.
    """

    name: str
    status: LinkStatus | frozenset[LinkStatus]
    why: str
    does: Behaviour | None = None
    at: str = ""
    tail: str = ""
    is_alone: bool = False
    is_secure: bool = False
    greets: Behaviour | None = None
    also: Mapping[str, Behaviour] = field(default_factory=dict)
    replacement: str = ""
    requests: int | None = None
    sends_at_most: int | None = None
    waits: bool = False

    @property
    def host(self) -> str:
        if self.is_alone or self.greets:
            return self.name
        return SECURE if self.is_secure else PLAIN

    @property
    def url(self) -> str:
        scheme = "https" if self.is_secure else "http"
        return self.at or f"{scheme}://{{{self.host}}}/{self.name}{self.tail}"

    @property
    def statuses(self) -> frozenset[LinkStatus]:
        return self.status if isinstance(self.status, frozenset) else frozenset({self.status})


def either(*statuses: LinkStatus) -> frozenset[LinkStatus]:
    return frozenset(statuses)

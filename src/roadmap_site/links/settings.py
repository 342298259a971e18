"""How links are checked: what a run may set, and how much is read of what strangers send."""

from __future__ import annotations

from dataclasses import dataclass

MAX_URL = 8_192
"""Characters of an address; servers refuse longer ones."""
MAX_HOPS = 20
"""Redirects followed, as the Fetch standard has it (section 4.4)."""
MAX_BODY = 1 << 20
"""Bytes read of a body, and bytes that they may inflate to. Most heads and anchors are in there."""
MAX_HEAD = 1 << 17
"""Bytes received for the head of one answer, with what comes before it. Browsers take 256 KiB."""
MAX_ANSWER = 2 << 20
"""Bytes received from then on: the body, and how it is parted too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times are in seconds.

    `timeout` is for one attempt, redirects included; `gap` lies between the first pass and the
    second, in which what looked transient is asked again; `deadline` is for the whole run.
    `patience` is the longest Retry-After that is waited for. `concurrency` requests are under way
    at most, `per_host` of them at one host, which gets `rate` requests a second (0: no limit)
    after a `burst`. `breaker` failures to connect in a row, and a host is left alone. `limit` is
    the number of addresses asked for (0: all).
    """

    timeout: float = 10
    gap: float = 20
    deadline: float = 300
    patience: float = 60
    concurrency: int = 64
    per_host: int = 4
    rate: float = 10
    burst: int = 20
    breaker: int = 5
    limit: int = 0
    user_agent: str = "Mozilla/5.0 (compatible; roadmap-site)"
    """Says what asks: no host is to be fooled."""

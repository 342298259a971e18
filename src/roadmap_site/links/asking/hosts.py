"""How a host is treated: how many requests at a time, how often, when to wait, when to give up.

Times are of the loop's clock. The rate is kept by the generic cell rate algorithm (ITU-T I.371):
one number, the time at which the next request would be due if all came evenly.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from roadmap_site.links.seen import Failure, Seen
from roadmap_site.links.settings import Settings

_SLOWER, _SLOWEST = 1.5, 8
"""What a refusal makes of the time between requests, and how often the first time it gets."""
_FASTER = 0.1
"""What each answer takes off that time again, in parts of the first one."""
_BACKOFF, _LONGEST_BACKOFF = 0.5, 16.0
"""Seconds of the first pause after a 429 that names none; each further one is twice as long."""
_WIDER = 3
"""Requests at one host at most, with those that it is slow to answer, in parts of `per_host`."""
_LONG_WAITS = 10
"""Waits beyond the patience with nothing else in between, and a host is not asked any more."""
_TRIES = 8
"""Times that one address is asked again in a pass; fewer where its host answers nothing else."""
_TRIES_IN_VAIN = 4
AGAIN = 2
"""Of these, how many count in the second pass, after the gap, for what was refused in the first."""

_DOWN = (Failure.REFUSED, Failure.UNREACHABLE, Failure.LOOKUP, Failure.TIMEOUT)


@dataclass(slots=True, eq=False)
class Job:
    """One address to ask for, and the addresses in whose name it is asked.

    `refusals` counts the answers in this pass that asked to come back later. `started` is when it
    was asked last.
    """

    ask: str
    follows: bool
    host: str
    urls: list[str] = field(default_factory=list)
    seen: tuple[Seen, ...] = ()
    refusals: int = 0
    started: float = 0.0


class Host:
    """What is known of one host in a run."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.queue: deque[Job] = deque()
        self.is_offered = False
        self.fast = self.slow = 0
        self._patience = settings.patience
        self._per_host = self._widest = self._width = max(1, settings.per_host)
        self._has_failed = False
        self._base = self._interval = 1 / settings.rate if settings.rate > 0 else 0.0
        self._burst = max(1, settings.burst)
        self._due = 0.0
        self._paused_until = self._cut_at = 0.0
        self._breaker = settings.breaker
        self._answered_at = float("-inf")
        self._answered = 0  # since the last pause
        self._is_half_open = False
        self._start_over()

    def _start_over(self) -> None:
        self.closed: Failure | None = None  # why it is not asked any more
        self._down = self._pauses = self._long_waits = 0
        self._paused = 0.0

    def reopen(self) -> None:
        """Give the host another chance: a few requests, the first failure of which is the end."""
        self._is_half_open = self.closed is Failure.HOST_DOWN
        self._start_over()
        if self._is_half_open:
            self._down = self._breaker - 1
        if self._has_failed:
            self._widest = self._width = 1

    @property
    def has_room(self) -> bool:
        """Whether one more request may be under way."""
        most = self._per_host * (1 if self._is_half_open else _WIDER)
        return self.fast < self._width and self.fast + self.slow < most

    def wait(self, now: float) -> float:
        """Seconds until the next request; not positive where it may go now."""
        return max(self._paused_until, self._due - (self._burst - 1) * self._interval) - now

    def charge(self, now: float) -> None:
        """Count a request."""
        if self._interval:
            self._due = max(self._due, now) + self._interval

    def answered(self, now: float) -> None:
        """It gave an answer, other than to come back later."""
        self._start_over()
        self._is_half_open = False
        self._answered_at = now
        self._answered += 1
        self._interval = max(self._base, self._interval - self._base * _FASTER)
        self._width = min(self._widest, self._width + 1)

    def overloaded(self) -> None:
        """It failed by an answer (5xx), maybe because of what it was asked at a time.

        In the second pass it is asked one thing at a time, so that only its own faults are left.
        """
        self._has_failed = True

    def failed(self, job: Job, failure: Failure | None) -> None:
        """It gave no answer. Not a word against the host if it answered others meanwhile."""
        if failure not in _DOWN or self._answered_at > job.started:
            return
        self._down += 1
        if 0 < self._breaker <= self._down:
            self.closed = Failure.HOST_DOWN

    def refused(self, job: Job, wait: float | None, now: float) -> bool:
        """It asked to come back later; returns whether this address is to be asked again, then.

        A burst of such answers, to requests sent before the first of them, counts as one.
        """
        if wait is not None and wait > self._patience:
            self._long_waits += 1
            if self._long_waits >= _LONG_WAITS:
                self.closed = Failure.WAIT
            return False
        job.refusals += 1
        tries = _TRIES if self._answered_at > job.started else _TRIES_IN_VAIN
        comes_back = job.refusals < tries
        if job.started >= self._cut_at:
            self._cut_at = now
            self._interval = min(self._interval * _SLOWER, self._base * _SLOWEST)
            self._width = max(1, min(self._width // 2, self._answered))
            self._answered = 0
            if comes_back or self.queue or wait is not None:
                self._pause(wait, now)
        elif wait is not None:
            self._paused_until = max(self._paused_until, now + wait)
        return self.closed is None and comes_back

    def _pause(self, wait: float | None, now: float) -> None:
        backoff = min(_BACKOFF * 2**self._pauses, _LONGEST_BACKOFF, self._patience)
        seconds = backoff if wait is None else wait
        self._pauses += wait is None
        self._paused += seconds
        if self._paused > self._patience:
            self.closed = Failure.WAIT
        self._paused_until = max(self._paused_until, now + seconds)

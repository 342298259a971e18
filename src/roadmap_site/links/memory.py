"""What earlier runs made of links: verdicts that are served for a while, and strikes.

Failures are never served: they are remembered for their strikes, and for what was broken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from roadmap_site.model.links import Judged, LinkStatus

LIFETIME = {
    LinkStatus.OK: timedelta(days=14),
    LinkStatus.MOVED: timedelta(days=7),
    LinkStatus.BLOCKED: timedelta(days=3),  # a wall may open, and asking often builds walls
    LinkStatus.SUSPECT: timedelta(days=3),
    LinkStatus.FRAGMENT: timedelta(days=3),
}
"""How long a verdict is served. What is not here never is: the host may be back, an editor may
have to be told anew, and strikes count runs that asked."""
JITTER = 0.2
"""Lifetimes differ by this part, so that what was checked in one run does not expire in one."""
STRIKES = 4
STRIKING_TIME = timedelta(hours=48)
"""So many failed runs, over so long, and what may have been weather is none."""
STRIKE_GAP = timedelta(hours=1)
"""Runs closer than this are one run, begun again: they strike once."""
FORGOTTEN_AFTER = timedelta(days=90)
"""A link that no run has had for so long is in no curriculum any more."""

WEATHER = frozenset({LinkStatus.FLAKY, LinkStatus.TIMEOUT, LinkStatus.TLS})
"""Failures that may pass: what lasts of them is broken."""
UNSURE = WEATHER | {LinkStatus.BLOCKED, LinkStatus.SUSPECT, LinkStatus.UNCHECKED}
"""What does not say that a link is mended which was broken."""
_FAILURES = WEATHER | {LinkStatus.BROKEN}


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one address. Times are UTC, whole seconds."""

    judged: Judged
    at: datetime
    named: datetime
    checker: str = ""
    strikes: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(slots=True)
class Memory:
    """What earlier runs made of links, and what this one makes of them.

    `checker` names the checker and the options that verdicts depend on; what another one said is
    not served, its strikes count. `notes` are sentences about what could not be read.
    """

    records: dict[str, Record] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    checker: str = ""
    _now: datetime | None = field(default=None, init=False)

    def fresh(self, url: str, now: datetime) -> Judged | None:
        """What was made of an address not long ago; None where it has to be asked for.

        A record from the future is not served: one of the two clocks is wrong.
        """
        self._now = now = whole(now)
        record = self.records.get(url)
        if record is None:
            return None
        self.records[url] = replace(record, named=now)
        lifetime = LIFETIME.get(record.judged.status)
        if lifetime is None or record.checker != self.checker:
            return None
        age = now - record.at
        return record.judged if timedelta() <= age < lifetime * _stretch(url) else None

    def keep(self, url: str, judged: Judged, now: datetime) -> None:
        """Remember what this run made of an address that it asked for.

        A failure is a strike more, unless the last one is younger than STRIKE_GAP. What nobody
        asked for leaves strikes as they are, and so does a wall, behind which the address may be
        anything. Everything else ends them, any other answer included. What was broken stays so
        until a run can tell that it is not: there may be a wall now, or no time for a second look.
        """
        self._now = now = whole(now)
        before = self.records.get(url)
        if judged.status is LinkStatus.UNCHECKED:
            if before:
                self.records[url] = replace(before, named=now)
            return
        record = Record(judged, now, now, self.checker)
        has_failed = judged.status in _FAILURES and not judged.is_answered
        if before and (has_failed or judged.status is LinkStatus.BLOCKED):
            record = replace(record, strikes=before.strikes, first=before.first, last=before.last)
        if has_failed:
            record = _struck(record, now)
        was = _told(before) if before else None
        if before and was and was.status is LinkStatus.BROKEN and _told(record).status in UNSURE:
            record = replace(record, judged=was, at=before.at)
        self.records[url] = record

    def promoted(self, url: str, judged: Judged, now: datetime) -> Judged:
        """A failure that has lasted too long as what it is: broken; anything else as it is.

        It counts what was kept, this run's verdict included.
        """
        record = self.records.get(url)
        return _promoted(record, judged, whole(now)) if record else judged

    def has_failed(self, url: str) -> bool:
        """Whether the last run that asked for an address saw it fail."""
        record = self.records.get(url)
        return record is not None and record.judged.status in _FAILURES

    def broken(self, url: str) -> str:
        """When the last run that could tell found an address broken, and why; else empty."""
        record = self.records.get(url)
        told = _told(record) if record else None
        if not record or not told or told.status is not LinkStatus.BROKEN:
            return ""
        return f"broken on {record.at:%Y-%m-%d}: {told.detail}"

    @property
    def lasting(self) -> Iterator[tuple[str, Record]]:
        """The records by address, sorted, but those that no run has had for FORGOTTEN_AFTER."""
        for url, record in sorted(self.records.items()):
            if self._now is None or self._now - record.named <= FORGOTTEN_AFTER:
                yield url, record


def checker_key(version: str, options: Mapping[str, object]) -> str:
    """A short name for a version of the checker with the options that verdicts depend on."""
    text = json.dumps([version, sorted(options.items())], default=str)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _told(record: Record) -> Judged:
    """What the last run that could tell made of an address, by what all runs saw until then."""
    return _promoted(record, record.judged, record.at)


def _promoted(record: Record, judged: Judged, now: datetime) -> Judged:
    if not record.first or judged.status not in WEATHER:
        return judged
    if record.strikes < STRIKES or now - record.first < STRIKING_TIME:
        return judged
    since = f"so in {record.strikes} runs since {record.first:%Y-%m-%d}"
    detail = f"{judged.detail}; {since}" if judged.detail else since
    return replace(judged, status=LinkStatus.BROKEN, detail=detail)


def _struck(record: Record, now: datetime) -> Record:
    if record.first is None or record.last is None or record.strikes < 1:
        return replace(record, strikes=1, first=now, last=now)
    if record.last - now > STRIKE_GAP:  # a clock was wrong
        return replace(record, strikes=1, first=now, last=now)
    if now - record.last < STRIKE_GAP:
        return record
    return replace(record, strikes=record.strikes + 1, last=now)


def _stretch(url: str) -> float:
    """A factor of about one that is always the same for an address."""
    number = int.from_bytes(sha256(url.encode("utf-8", "backslashreplace")).digest()[:4], "big")
    return 1 + JITTER * (2 * number / 0xFFFFFFFF - 1)


def whole(moment: datetime) -> datetime:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)

"""What earlier runs made of links: a file of JSON lines, one a URL, that any damage leaves usable.

The first line is `{"schema": 1}`. Each other one is a record, sorted by address:

- `u`: the address as written, with its fragment, which is what was judged
- `v`: the status; `d` why, `r` the replacement, `c` the HTTP code, `f` the address that answered
- `ck`: a hash of the checker and its options; what another one said is not served
- `at`: when it was judged; `named`: when a run last had it (both UTC, ISO 8601, to the second)
- `strikes`: runs in a row that found it failing; `first` and `last` say when the first and the
  last of them were

What is absent is empty. Failures are remembered for their strikes alone and never served. The file
comes back from a cache that others may have written: its text is data, and nothing else.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from os import PathLike
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from roadmap_site.links.settings import MAX_URL
from roadmap_site.model.links import Judged, LinkStatus
from roadmap_site.model.web import is_writable

SCHEMA = 1
MAX_FILE = 64 << 20
"""Bytes of a file that are read; a record takes about 200."""
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
"""Failures that may pass: what lasts of them is broken, and none says that a link is mended."""
_FAILURES = WEATHER | {LinkStatus.BROKEN}
_TEXT = 1_000
"""Characters of a detail that are kept."""


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
        self._now = now = _whole(now)
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
        where this run cannot tell: it may have had no time for a second look.
        """
        self._now = now = _whole(now)
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
        if before and before.judged.status is LinkStatus.BROKEN and judged.status in WEATHER:
            record = replace(record, judged=before.judged, at=before.at)
        self.records[url] = record

    def promoted(self, url: str, judged: Judged, now: datetime) -> Judged:
        """A failure that has lasted too long as what it is: broken; anything else as it is.

        It counts what was kept, this run's verdict included.
        """
        record = self.records.get(url)
        if not record or not record.first or judged.status not in WEATHER:
            return judged
        if record.strikes < STRIKES or _whole(now) - record.first < STRIKING_TIME:
            return judged
        since = f"so in {record.strikes} runs since {record.first:%Y-%m-%d}"
        detail = f"{judged.detail}; {since}" if judged.detail else since
        return replace(judged, status=LinkStatus.BROKEN, detail=detail)

    def has_failed(self, url: str) -> bool:
        """Whether the last run that asked for an address saw it fail."""
        record = self.records.get(url)
        return record is not None and record.judged.status in _FAILURES

    def broken(self, url: str) -> str:
        """When the last run that could tell found an address broken, and why; else empty."""
        record = self.records.get(url)
        before = record and self.promoted(url, record.judged, record.at)
        if not record or not before or before.status is not LinkStatus.BROKEN:
            return ""
        return f"broken on {record.at:%Y-%m-%d}: {before.detail}"

    def write(self, path: str | PathLike[str]) -> None:
        """Put all of it in a file, whole or not at all. Raises OSError where that cannot be.

        Records that no run has had for FORGOTTEN_AFTER before this one are left out, and so are
        those of addresses that are too long to be asked for.
        """
        lines = [json.dumps({"schema": SCHEMA})]
        lines += [
            json.dumps(_fields(url, record), sort_keys=True)
            for url, record in sorted(self.records.items())
            if len(url) <= MAX_URL
            and (self._now is None or self._now - record.named <= FORGOTTEN_AFTER)
        ]
        _save(Path(path), "\n".join(lines) + "\n")


def checker_key(version: str, options: Mapping[str, object]) -> str:
    """A short name for a version of the checker with the options that verdicts depend on."""
    text = json.dumps([version, sorted(options.items())], default=str)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def read_memory(path: str | PathLike[str], checker: str = "") -> Memory:
    """Read what was written, as far as it can be read. Never raises; `notes` say what is amiss.

    A file that is not there is an empty memory, about which there is nothing to say.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():  # a pipe would have nothing to read
            raise OSError(errno.EINVAL, "it is not a file")
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except FileNotFoundError:
        return Memory(checker=checker)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is none"
        return Memory(notes=(f"what earlier runs found cannot be read: {why}",), checker=checker)
    if len(data) > MAX_FILE:
        return Memory(
            notes=(f"what earlier runs found is larger than {MAX_FILE >> 20} MiB: not used",),
            checker=checker,
        )
    lines = BytesIO(data)
    head = lines.readline()
    schema = _mapping(head).get("schema")
    if schema != SCHEMA or isinstance(schema, bool):
        what = "is of another version" if isinstance(schema, int) else "is damaged at its start"
        notes = (f"what earlier runs found {what}: everything is asked anew",) if data else ()
        return Memory(notes=notes, checker=checker)
    records: dict[str, Record] = {}
    damaged = 0
    for line in filter(bytes.strip, lines):
        found = _record(_mapping(line))
        if found:
            records[found[0]] = found[1]
        else:
            damaged += 1
    notes = ()
    if damaged:
        what = "a line" if damaged == 1 else f"{damaged} lines"
        notes = (f"{what} of what earlier runs found cannot be read: asked anew",)
    return Memory(records, notes, checker)


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


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _fields(url: str, record: Record) -> dict[str, object]:
    judged = record.judged
    fields: dict[str, object] = {
        "u": url,
        "v": judged.status.value,
        "d": judged.detail[:_TEXT],
        "r": judged.replacement,
        "c": judged.code,
        "f": judged.final[:MAX_URL],
        "ck": record.checker,
        "at": record.at.isoformat(),
        "named": record.named.isoformat(),
        "strikes": record.strikes,
        "first": record.first.isoformat() if record.first else None,
        "last": record.last.isoformat() if record.last else None,
    }
    return {name: value for name, value in fields.items() if value not in ("", None, 0)}


def _mapping(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _record(fields: dict[str, Any]) -> tuple[str, Record] | None:
    """A record, if a line has a whole one; what is odd about it makes it none."""
    texts = {name: fields.get(name, "") for name in ("u", "v", "d", "r", "f", "ck")}
    code, strikes = fields.get("c"), fields.get("strikes", 0)
    if not all(isinstance(text, str) and len(text) <= 2 * MAX_URL for text in texts.values()):
        return None
    if not texts["u"] or texts["v"] not in set(LinkStatus):
        return None
    if not (code is None or _is_number(code, 999)) or not _is_number(strikes, 1_000_000):
        return None
    times = {name: _time(fields.get(name)) for name in ("at", "named", "first", "last")}
    at, named, first, last = times.values()
    if at is None or named is None or any(times[name] is None and name in fields for name in times):
        return None
    status, target = LinkStatus(texts["v"]), texts["r"]
    if (status is LinkStatus.MOVED) != is_writable(target):
        return None
    judged = Judged(status, texts["d"], target, code, texts["f"])
    return texts["u"], Record(judged, at, named, texts["ck"], strikes, first, last)


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _time(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return _whole(moment) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _save(path: Path, text: str) -> None:
    if path.is_symlink():  # a stranger's branch may have one that leads to any file
        raise OSError(errno.ELOOP, "it is a symbolic link")
    try:
        path = path.resolve()
    except (RuntimeError, ValueError) as error:  # links in a circle, a NUL
        raise OSError(f"{path} is no path") from error
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe, a device
        raise OSError(errno.EINVAL, "it is not a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(text.encode("ascii"))
            stream.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

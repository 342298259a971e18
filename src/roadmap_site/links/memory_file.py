"""The file of a memory: JSON lines, one a URL, that any damage leaves usable.

The first line is `{"schema": 1}`. Each other one is a record, sorted by address:

- `u`: the address as written, with its fragment, which is what was judged
- `v`: the status; `d` why, `r` the replacement, `c` the HTTP code, `f` the address that answered
- `ck`: a hash of the checker and its options; what another one said is not served
- `at`: when it was judged; `named`: when a run last had it (both UTC, ISO 8601, to the second)
- `strikes`: runs in a row that found it failing; `first` and `last` say when the first and the
  last of them were

What is absent is empty. The file comes back from a cache that others may have written: its text is
data, and nothing else.
"""

from __future__ import annotations

import errno
import json
from datetime import datetime
from io import BytesIO
from os import PathLike
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from roadmap_site.links.memory import Memory, Record, whole
from roadmap_site.links.settings import MAX_URL
from roadmap_site.model.links import Judged, LinkStatus
from roadmap_site.model.web import is_writable

SCHEMA = 1
MAX_FILE = 64 << 20
"""Bytes of a file that are read; a record takes about 200."""
_TEXT = 1_000
"""Characters of a detail that are kept."""


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


def write_memory(memory: Memory, path: str | PathLike[str]) -> None:
    """Put all that lasts in a file, whole or not at all. Raises OSError where that cannot be.

    Records of addresses that are too long to be asked for are left out.
    """
    lines = [json.dumps({"schema": SCHEMA})]
    lines += [
        json.dumps(_fields(url, record), sort_keys=True)
        for url, record in memory.lasting
        if len(url) <= MAX_URL
    ]
    _save(Path(path), "\n".join(lines) + "\n")


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
        return whole(moment) if moment.tzinfo else None
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

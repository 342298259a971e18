"""The small values of a curriculum: ids and slugs, durations, periods."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import dropwhile
from typing import Literal, NewType

Id = NewType("Id", str)
"""A pinned id: what `slug` leaves unchanged."""
Prose = NewType("Prose", str)
"""Paragraphs parted by blank lines. Only `code spans` are marked up."""
CODE_SPAN = re.compile(r"`([^`\n]{1,400})`")
Verbatim = NewType("Verbatim", str)
"""A text kept to the letter, line breaks and indentation included."""
Url = NewType("Url", str)
TopicRef = NewType("TopicRef", str)
ResourceRef = NewType("ResourceRef", str)
BankRef = NewType("BankRef", str)
TrackRef = NewType("TrackRef", str)
FileRef = NewType("FileRef", str)
"""The stem of a YAML file that stands beside this one."""
Date = NewType("Date", str)
"""An ISO 8601 calendar date or year: 2026, 2026-11 or 2026-11-20."""

SLUG_LENGTH = 64
"""Characters a slug holds at most."""
FILE_NAME_BYTES = 255
"""What file systems take for a name; 64 letters of some scripts are 256 bytes of UTF-8."""

_SPELLED = str.maketrans({"+": " plus ", "#": " sharp ", "_": " "})
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum()}
"""The rest of ASCII; most texts hold nothing else, and a table is four times as fast."""


def slug(text: str) -> str:
    """The id derived from a text: lower case, words joined by `-`, letters of any script kept.

    `+` and `#` are spelled, so that C, C++ and C# differ. Empty where there is none of these, and
    no letter or digit. Longer texts are cut at a word, within SLUG_LENGTH characters.
    """
    # Only the head can matter, and a stranger's 1 MiB title should not be normalized whole.
    text = unicodedata.normalize("NFKC", text[: SLUG_LENGTH * 8]).lower()
    # Again, because some letters compose only in lower case (J with a caron).
    text = unicodedata.normalize("NFKC", text).translate(_SPELLED)
    if text.isascii():
        kept = text.translate(_NO_WORD).split()
    else:
        # \w leaves combining marks out, which Indic scripts need to keep their words apart.
        kept = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in text).split()
        # A mark that combines with nothing is no word, and would sit on the hyphen before it.
        kept = [word for word in ("".join(dropwhile(_is_mark, word)) for word in kept) if word]
    words = "-".join(kept)
    if len(words) <= SLUG_LENGTH:
        return words
    head, dash, _ = words[: SLUG_LENGTH + 1].rpartition("-")
    if dash:
        return head
    return words[:SLUG_LENGTH].encode()[:FILE_NAME_BYTES].decode(errors="ignore")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


Unit = Literal["min", "h", "d", "w", "mo"]

_UNIT_NAMES: dict[str, tuple[str, str]] = {
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "d": ("day", "days"),
    "w": ("week", "weeks"),
    "mo": ("month", "months"),
}
_HOURS = {"min": 1 / 60, "h": 1.0}
# Regular expressions that Python and JavaScript read alike: editors hold the YAML to them too.
DURATION_PATTERN = (
    r"(~?)([0-9]{1,4}(?:\.[0-9])?)(?:([-–])([0-9]{1,4}(?:\.[0-9])?))?"
    r"[ \t]?(min|h|d|w|mo)(?:/(week|day))?"
)
NUMBERS_PATTERN = "([0-9]{1,4})(?:([-–])([0-9]{1,4}))?"
INTEGER_PATTERN = "[0-9]{1,12}"
DATE_PATTERN = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
ID_PATTERN = r"[^\x00-/:-`{-\x7f]+(?:-[^\x00-/:-`{-\x7f]+)*"
"""What every id matches. Of scripts beyond ASCII it says nothing; `slug` does."""
_DURATION = re.compile(DURATION_PATTERN)
_NUMBERS = re.compile(NUMBERS_PATTERN)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time or of effort: `5-6h`, `30min`, `~200h`, `1-2w`, `8mo`, `10-12h/week`."""

    low: float
    high: float
    unit: Unit
    per: Literal["", "week", "day"] = ""
    about: bool = False
    dash: str = "-"

    @classmethod
    def parse(cls, text: str) -> Duration | None:
        """The duration a text writes, or None."""
        match = _DURATION.fullmatch(text.strip())
        if not match:
            return None
        about, low, dash, high, unit, per = match.groups()
        first, last = float(low), float(high or low)
        if last < first:
            return None
        return cls(first, last, unit, per or "", bool(about), dash or "-")  # type: ignore[arg-type]

    @property
    def amount(self) -> str:
        """The figures as written: `5-6`, `~200`."""
        low, high = f"{self.low:g}", f"{self.high:g}"
        span = low if self.low == self.high else f"{low}{self.dash}{high}"
        return f"~{span}" if self.about else span

    @property
    def hours(self) -> tuple[float, float] | None:
        """The range in hours, or None for a calendar length."""
        scale = _HOURS.get(self.unit)
        return (self.low * scale, self.high * scale) if scale else None

    def __str__(self) -> str:
        one, many = _UNIT_NAMES[self.unit]
        name = one if self.high == 1 else many
        return f"{self.amount} {name}" + (f" per {self.per}" if self.per else "")

    def iso(self) -> str:
        """ISO 8601, which has no ranges: the upper end."""
        amount = f"{self.high:g}"
        return {
            "min": f"PT{amount}M",
            "h": f"PT{amount}H",
            "d": f"P{amount}D",
            "w": f"P{amount}W",
            "mo": f"P{amount}M",
        }[self.unit]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number or a span of them, both ends included: `3`, `3-4`, `1–6`."""

    first: int
    last: int
    dash: str = "-"

    @classmethod
    def parse(cls, text: str) -> Numbers | None:
        """The span a text writes, or None (0 and falling spans are none)."""
        match = _NUMBERS.fullmatch(text.strip())
        if not match:
            return None
        first, last = int(match[1]), int(match[3] or match[1])
        return cls(first, last, match[2] or "-") if 0 < first <= last else None

    @property
    def count(self) -> int:
        """How many numbers the span holds."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.count == 1 else f"{self.first}{self.dash}{self.last}"

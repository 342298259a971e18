"""Texts for Markdown that other people read: a stranger may have written them.

A code span shows its text to the letter: no markup, no HTML, no link, and nobody is mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from roadmap_site.report.text import printable

_WORD = r"[^\W_]+(?:['-][^\W_]+)*"
_WORDS = re.compile(rf"(?!.*\bGH-){_WORD}(?:(?:[,;:]? | \(){_WORD}\)?)*", re.IGNORECASE)
"""Words in a sentence: nothing that GitHub makes markup, a link or a mention of."""
TEXT_LENGTH = 160
"""Characters shown of a text."""


def code_span(text: str, length: int = TEXT_LENGTH) -> str:
    """A text to the letter, on one line, cut where it is longer."""
    flat = printable(" ".join(text[: length * 4].split()))
    if len(flat) > length:
        flat = f"{flat[: length - 3]}..."
    # A span ends at a run of as many backticks as it began with.
    fence = "`" * (1 + max(map(len, re.findall("`+", flat)), default=0))
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{space}{flat}{space}{fence}" if flat else "` `"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table: its first column to the left, the others, which hold figures, to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def cell(text: str, length: int = TEXT_LENGTH) -> str:
    """A text for a cell of a table: as it is where it is words only, else to the letter."""
    if _WORDS.fullmatch(text) and len(text) <= length:
        return text
    # A cell ends at a bar, even within a code span.
    return code_span(text.replace("|", "\N{BROKEN BAR}"), length)

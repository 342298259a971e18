"""Which of the words that are known somebody meant to write, and the edit that writes it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from roadmap_site.model.diagnostic import Edit, Fix, cited
from roadmap_site.model.source import Node, ScalarNode, Span

SHORTEST_SLIP = 4
"""Letters of a word that can be taken for a slip of another: NLP and NLU are two."""

_SEPARATORS = re.compile(r"[\W_]+")
_PLAIN = re.compile(r"\w[^\s,\[\]{}]*(?<!:)")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or an empty text where none is near."""
    # A stranger's 100 KB word would take difflib minutes.
    close = difflib.get_close_matches(word[:80], list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


def meant(word: str, known: Iterable[str]) -> str:
    """The one known word that `word` is a slip of the pen from, or an empty text.

    Being alike is not enough to change what somebody wrote: supervised and unsupervised learning
    are. A slip is one letter too many, too few, wrong or out of turn, or other separators and case;
    figures are never slips.
    """
    bare = _bare(word[:80])
    found = [other for other in known if _bare(other) == bare or _is_slip(word, other)]
    return found[0] if len(found) == 1 else ""


def _bare(word: str) -> str:
    return _SEPARATORS.sub("", word).casefold()


def _is_slip(word: str, other: str) -> bool:
    if min(len(word), len(other)) < SHORTEST_SLIP or abs(len(word) - len(other)) > 1:
        return False
    start = next(
        (n for n, pair in enumerate(zip(word, other, strict=False)) if len({*pair}) > 1), -1
    )
    a, b = (word[start:], other[start:]) if start >= 0 else (word[len(other) :], other[len(word) :])
    if any(letter.isdigit() for letter in a[:1] + b[:1]):
        return False
    return b in (a[1:], a[1::-1] + a[2:]) or a == b[1:] or a[1:] == b[1:]


def respelling(node: Node | None, word: str, *, beside: Collection[str] = ()) -> Fix | None:
    """The fix that puts `word` in a scalar's place, unless it stands `beside` it already.

    Quotes stay as they are. None where the text is not written to the letter on one line (behind
    an alias or an anchor, with escapes, folded), or `word` would have to be quoted there.
    """
    if not word or word in beside or not isinstance(node, ScalarNode):
        return None
    if node.start.line != node.end.line:
        return None
    span = node.span
    source = span.text
    quote = source[:1] if source[:1] in ("'", '"') else ""
    if source != f"{quote}{node.value}{quote}":
        return None
    if quote:
        if quote in word or "\\" in word or not word.isprintable():
            return None
        span = Span(span.file, span.line, span.column + 1, span.end_line, span.end_column - 1)
    elif not _PLAIN.fullmatch(word) or not word.isprintable() or word == "null":
        return None
    return Fix(f"write {cited(word)}", (Edit(span, word),))

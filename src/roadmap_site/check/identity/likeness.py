"""Which of the things that are gone became which of the new ones, where the words make it sure.

Two texts are alike by `difflib`'s ratio, from 0 to 1. A pair is sure where it is alike by `SURE`,
has no other figures, and no other pair explains it as well: every other thing that is gone holds
fewer of the new text's words, and no other new text is made of the old one's words (it may have
been split). So a reworded text, whatever words it gained, is never taken for another text's: what
it kept comes from its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from roadmap_site.model.index import normal_name

SURE = 0.6
"""Likeness from which a text is the other one reworded, if nothing speaks against it."""
LIKELY = 0.4
"""Likeness from which a person is told that it may be."""
SPLIT = 0.5
"""Share of a new text's words that come from an old one, where this may have been split."""
COMMON = 25
"""New texts of other places that a word may stand in and still say that they could be meant."""
CANDIDATES = 3
"""How many are named."""

MOST_PAIRS = 4_000_000
"""Pairs that are looked at; beyond it only the same words are the same thing."""
LENGTH = 400
"""Characters that are compared: the time it takes grows with their square."""
_FIGURE = re.compile(r"\d+|[+#]+")
_WORD = re.compile(r"\w+")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, whatever their case."""
    return frozenset(_WORD.findall(text.casefold()))


def figures_of(text: str) -> tuple[str, ...]:
    """The numbers and signs of a text, by which things of one name differ: C++, chapters 1-3."""
    return tuple(_FIGURE.findall(text[:LENGTH]))


def likeness(one: str, other: str) -> float:
    """How alike two texts are: 1 for the same words in another case, 0 for nothing in common."""
    one, other = one[:LENGTH], other[:LENGTH]
    # The ratio may depend on the order of the two.
    first, second = sorted((" ".join(one.casefold().split()), " ".join(other.casefold().split())))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < LIKELY or matcher.quick_ratio() < LIKELY:
        return 0.0
    return matcher.ratio()


@dataclass(frozen=True, slots=True)
class Text:
    """One side of a pairing: a key, its words, and where it stands."""

    key: str
    words: str
    head: str = ""
    group: str = ""
    """Texts of different groups are never the same thing."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """`sure` is old key to new key; `maybe` names the likeliest new keys of each other old key."""

    sure: dict[str, str]
    maybe: dict[str, tuple[str, ...]]


def pair(gone: Sequence[Text], new: Sequence[Text], others: Iterable[str] = ()) -> Pairs:
    """Pair what is gone with what is new; `others` are old texts that are still in use, reworded.

    These may have lost words to a new text.
    """
    sure = same_words(gone, new)
    taken = set(sure.values())
    gone = [text for text in gone if text.key not in sure]
    new = [text for text in new if text.key not in taken]
    if len(gone) * len(new) > MOST_PAIRS:
        return Pairs(sure, {})
    old_words = {text.key: words_of(text.words) for text in gone}
    new_words = {text.key: words_of(text.words) for text in new}
    other_words = [words_of(text) for text in others]
    likely = _likely(gone, new, old_words, new_words)
    words_by_key = {text.key: text.words for text in new}

    # For each new text, how many of its words each old one holds.
    sources: dict[str, list[tuple[float, str]]] = {}
    for text in new:
        words = new_words[text.key]
        shares = [(_share(words, old_words[old.key]), old.key) for old in gone]
        shares += [(_share(words, other), "") for other in other_words]
        top = max(shares, default=(0.0, ""))[0]
        best_sources = sorted((share for share in shares if share[0] == top), reverse=True)
        rest = sorted((share for share in shares if share[0] < top), reverse=True)[:1]
        sources[text.key] = best_sources + rest
    halves: dict[str, int] = defaultdict(int)
    for ranked in sources.values():
        for share, old in ranked:
            if share < SPLIT or share < ranked[0][0]:
                break
            halves[old] += 1

    maybe: dict[str, tuple[str, ...]] = {}
    for text in gone:
        ranked = sorted(likely.get(text.key, ()), reverse=True)
        best = [
            key
            for ratio, key in ranked
            if ratio >= SURE
            and _are_figures_alike(text.words, words_by_key[key])
            and halves[text.key] <= 1
            and (
                _is_only_source(text.key, sources[key])
                or (not sources[key][0][0] and _are_alone(text.key, key, likely))
            )
        ]
        if len(best) == 1:
            sure[text.key] = best[0]
        elif ranked:
            maybe[text.key] = tuple(key for _, key in ranked[:CANDIDATES])
    return Pairs(sure, maybe)


def same_words(gone: Sequence[Text], new: Sequence[Text]) -> dict[str, str]:
    """Texts that are the same to the letter, where only one of each is meant."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    sides: dict[tuple[str, str], tuple[list[Text], list[Text]]] = defaultdict(lambda: ([], []))
    for number, texts in enumerate((gone, new)):
        for text in texts:
            sides[text.group, normal_name(text.words)][number].append(text)
    for old, now in sides.values():
        # The same words may stand in several tracks, once in each.
        for some_old, some_new in ((old, now), *_by_track(old, now)):
            rest_old = [text for text in some_old if text.key not in found]
            rest_new = [text for text in some_new if text.key not in taken]
            if len(rest_old) == len(rest_new) == 1:
                found[rest_old[0].key] = rest_new[0].key
                taken.add(rest_new[0].key)
    return found


def _by_track(old: list[Text], new: list[Text]) -> list[tuple[list[Text], list[Text]]]:
    def track(text: Text) -> str:
        return text.head.partition("/")[0]

    if len(old) < 2 and len(new) < 2:
        return []
    return [
        ([o for o in old if track(o) == name], [n for n in new if track(n) == name])
        for name in sorted({track(text) for text in old})
    ]


def _likely(
    gone: Sequence[Text],
    new: Sequence[Text],
    old_words: dict[str, frozenset[str]],
    new_words: dict[str, frozenset[str]],
) -> dict[str, list[tuple[float, str]]]:
    """For each old key the new ones that are alike, of those that share their place or a word.

    Not a word that stands everywhere: with thousands of texts each would be compared with each.
    """
    by_word: dict[str, set[int]] = defaultdict(set)
    by_head: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(new):
        by_head[text.head].add(number)
        for word in new_words[text.key]:
            by_word[word].add(number)
    found: dict[str, list[tuple[float, str]]] = {}
    for text in gone:
        beside = by_head.get(text.head, set())
        near = set(beside) if len(beside) <= COMMON else set()
        for word in old_words[text.key]:
            found_by_word = by_word.get(word, set())
            if len(found_by_word) <= COMMON:
                near |= found_by_word
        for number in sorted(near):
            other = new[number]
            if other.group == text.group:
                ratio = likeness(text.words, other.words)
                if ratio >= LIKELY:
                    found.setdefault(text.key, []).append((ratio, other.key))
    return found


def _share(words: frozenset[str], source: frozenset[str]) -> float:
    return len(words & source) / len(words) if words else 0.0


def _are_figures_alike(old: str, new: str) -> bool:
    one, other = figures_of(old), figures_of(new)
    return not one or not other or one == other


def _are_alone(old: str, new: str, likely: Mapping[str, Sequence[tuple[float, str]]]) -> bool:
    """Whether two texts are like nothing but each other, where whole words tell nothing."""
    return len(likely[old]) == 1 and not any(
        new == key for other, some in likely.items() if other != old for _, key in some
    )


def _is_only_source(key: str, ranked: Sequence[tuple[float, str]]) -> bool:
    """Whether no other old text holds as many of the new one's words."""
    share, first = ranked[0]
    return first == key and share > 0 and (len(ranked) == 1 or ranked[1][0] < share)

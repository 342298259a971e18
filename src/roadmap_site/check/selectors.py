"""Which rules an editor means: a code, a name, or the beginning that several codes share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from roadmap_site.load.decode import nearest
from roadmap_site.model.diagnostic import Rule

_PREFIX = re.compile(r"RS\d{0,2}", re.ASCII)
_CODE = re.compile(r"RS\d+", re.ASCII | re.IGNORECASE)


def matching(word: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that a word names: RS209, item-without-topic, RS2 or RS; none for any other."""
    if _PREFIX.fullmatch(word):
        return tuple(rule for rule in rules if rule.code.startswith(word))
    return tuple(rule for rule in rules if word in (rule.code, rule.name))


def nearest_rule(word: str, rules: Sequence[Rule]) -> str:
    """The code or name most like a word that names no rule; empty where none is near."""
    if _CODE.fullmatch(word):
        codes = [rule.code for rule in rules]
        swapped = [code for code in codes if sorted(code) == sorted(word.upper())]
        return swapped[0] if swapped else nearest(word.upper(), codes)
    return nearest(word.lower(), [rule.name for rule in rules])


def closeness(word: str) -> int:
    """How closely a word says which rule it means: of two that differ, the closer one holds."""
    return len(word) if _PREFIX.fullmatch(word) else len("RS000")

"""Slips of wording that YAML and hand-written pages are both searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, islice
from operator import eq

from roadmap_site.model.diagnostic import cited

# fmt: off
_SMALL_WORDS = frozenset((
    "the", "an", "of", "to", "in", "and", "or", "for", "with", "on", "are", "be", "it", "this",
    "from", "by", "at", "as", "you", "your", "we", "not", "will",
))
# fmt: on
_DOUBLED = re.compile(rf"\b({'|'.join(sorted(_SMALL_WORDS))})[ \n]+\1\b(?!['’-])")

PLACEHOLDER = re.compile(r"^(?:TODO|TBD|FIXME|XXX)\b(?! [a-z])|\b[Ll]orem ipsum\b")
"""A text to come; a TODO app is a project."""
_PLACEHOLDERS = ("TODO", "TBD", "FIXME", "XXX", "orem ipsum")

# fmt: off
_MISSPELT = {
    "accomodate": "accommodate", "acheive": "achieve", "accross": "across",
    "agressive": "aggressive", "alot": "a lot", "aparent": "apparent",
    "appearence": "appearance", "arguement": "argument", "assesment": "assessment",
    "becuase": "because", "begining": "beginning", "beleive": "believe", "calender": "calendar",
    "catagory": "category", "choosen": "chosen", "collegue": "colleague", "comming": "coming",
    "commited": "committed", "comparision": "comparison", "completly": "completely",
    "concensus": "consensus", "definately": "definitely", "dependancy": "dependency",
    "diffrent": "different", "dissapear": "disappear", "embarass": "embarrass",
    "enviroment": "environment", "existance": "existence", "experiance": "experience",
    "explaination": "explanation", "finaly": "finally", "foward": "forward", "freind": "friend",
    "goverment": "government", "grammer": "grammar", "gaurd": "guard", "happend": "happened",
    "immediatly": "immediately", "independant": "independent", "intresting": "interesting",
    "knowlege": "knowledge", "langauge": "language", "lenght": "length", "liason": "liaison",
    "libary": "library", "maintainance": "maintenance", "neccessary": "necessary",
    "noticable": "noticeable", "occassion": "occasion", "occured": "occurred",
    "occurence": "occurrence", "paramter": "parameter", "persistant": "persistent",
    "perfomance": "performance", "posession": "possession", "prefered": "preferred",
    "priviledge": "privilege", "probabilty": "probability", "publically": "publicly",
    "recieve": "receive", "recomend": "recommend", "refered": "referred",
    "relevent": "relevant", "seperate": "separate", "sucessful": "successful",
    "succesful": "successful", "suprise": "surprise", "teh": "the", "tommorow": "tomorrow",
    "truely": "truly", "unfortunatly": "unfortunately", "untill": "until", "usefull": "useful",
    "wich": "which", "writting": "writing",
}
# fmt: on
_WORD = re.compile(r"[a-z]+")
# As they stand between two spaces, so that a file's words can be held against them as they are.
_SIGNS = frozenset(
    f"{before}{word}{after}"
    for lower in _MISSPELT
    for word in (lower, lower.capitalize())
    for before in ("", '"', "'", "(")
    for after in ("", ".", ",", ":", ";", "?", "!", '"', "'", ")")
)


def has_slip(text: str) -> bool:
    """Whether a file may well have one: quick, and right but for words in odd punctuation."""
    words = text.split()
    if not _SIGNS.isdisjoint(words):
        return True
    twice = compress(words, map(eq, words, islice(words, 1, None)))
    return not _SMALL_WORDS.isdisjoint(twice)


def has_placeholder(text: str) -> bool:
    """Whether a file may have a text that is still to be written."""
    return any(sign in text for sign in _PLACEHOLDERS)


def slips(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the wording of a text, and what to do about each."""
    if found := _DOUBLED.search(text):
        yield f"{cited(found[1])} stands twice in a row", "drop one of the two"
    for word in dict.fromkeys(_WORD.findall(text.lower())):
        if right := _MISSPELT.get(word):
            yield f"{cited(word)} is misspelt", f"write `{right}`"

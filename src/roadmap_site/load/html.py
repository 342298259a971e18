"""Tags of an HTML text, as browsers find them, in time that grows with the text and no more.

Python's own parser takes seconds for a site. What stands in comments and scripts is no tag, and
neither is text in quotes or in code. What a stranger's page says besides its tags, in its title and
between them, `links.asking.page` reads in a pass of its own; it shares what is known of attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from html.entities import html5

_ATTRIBUTES = r"((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)"
# What is open where the text ends is matched too, lest each tag before it be tried to the end.
_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(script|style|textarea|title)(?=[\s/>]){_ATTRIBUTES}(?:>.*?(?:</\1(?=[\s/>])|\Z)|.*\Z)"
    rf"|<([a-z][^\s/>]*+){_ATTRIBUTES}(?:>|.*\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>][^\s>]*+)))?+"
)
_TELLING = re.compile(r"\b(?:href|src|srcset|id|name|data|poster|http-equiv)\s*+=", re.IGNORECASE)


def tags(html: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each tag that has an address or an anchor: its name and its attributes.

    Names are in lower case, values as they are meant. Where an attribute stands twice, the first
    holds.
    """
    for name, written, _ in _written(html):
        yield name, read_attributes(written)


def _written(html: str) -> Iterator[tuple[str, str, int]]:
    """Each tag with its attributes as they are written, and where they begin."""
    for found in _TAG.finditer(html):
        which = 2 if found[1] else 4
        attributes = found[which]
        if attributes and _TELLING.search(attributes):
            yield (found[1] or found[3]).lower(), attributes, found.start(which)


def read_attributes(written: str) -> Mapping[str, str]:
    """The attributes of a tag by name in lower case, their values as they are meant."""
    return _meanings(written, _values(written))


def _values(written: str) -> Mapping[str, tuple[int, int]]:
    """Where the value of each attribute stands; an empty place where it has none."""
    places: dict[str, tuple[int, int]] = {}
    for found in _ATTRIBUTE.finditer(written):
        group = found.lastindex
        places.setdefault(found[1].lower(), found.span(group or 0) if group != 1 else (0, 0))
    return places


def _meanings(written: str, places: Mapping[str, tuple[int, int]]) -> Mapping[str, str]:
    return {name: _meant(written[start:end]) for name, (start, end) in places.items()}


_REFERENCE = re.compile(r"&(?:#\w++;?+|([a-z][a-z0-9]*+(?:;|(?!=))))", re.IGNORECASE)


def _meant(value: str) -> str:
    """The value of an attribute, in which `&section=2` begins with no paragraph sign."""
    if "&" not in value:
        return value
    return _REFERENCE.sub(
        lambda found: html5.get(found[1], found[0]) if found[1] else unescape(found[0]), value
    )


def anchors(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """What follows `#` in addresses of a tag."""
    if id := attributes.get("id"):
        yield id
    if name == "a" and (old := attributes.get("name")):
        yield old


_ADDRESSES = {
    **dict.fromkeys(("a", "area", "link"), ("href",)),
    **dict.fromkeys(("audio", "embed", "iframe", "input", "script", "track"), ("src",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    "video": ("src", "poster"),
    "object": ("data",),
    "meta": ("content",),
}
"""The attributes that may have addresses, by tag."""
_ELSEWHERE = frozenset(("dns-prefetch", "preconnect"))
"""What a `link` is to other than a file."""
_CANDIDATE = re.compile(r"(?:^|,)\s*+([^\s,]++)")


def targets(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """The addresses that a tag leads to or loads, as they are meant."""
    for attribute in _leading(name, attributes):
        value = attributes[attribute]
        for start, end in _places(attribute, value):
            yield value[start:end]


def _leading(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """The attributes of a tag that have addresses."""
    if name == "meta" and attributes.get("http-equiv", "").lower() != "refresh":
        return
    if name == "link" and _ELSEWHERE.intersection(attributes.get("rel", "").lower().split()):
        return
    yield from (attribute for attribute in _ADDRESSES.get(name, ()) if attribute in attributes)


def _places(attribute: str, value: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in the value of an attribute."""
    if attribute == "srcset":
        if "data:" not in value:  # which has commas of its own
            yield from (found.span(1) for found in _CANDIDATE.finditer(value))
        return
    address = refresh(value)[1] if attribute == "content" else value.strip()
    if address:
        start = value.find(address)
        yield start, start + len(address)


@dataclass(frozen=True, slots=True)
class HtmlTarget:
    """An address as it is meant, and where it is written."""

    target: str
    start: int
    end: int


def html_targets(html: str) -> Iterator[HtmlTarget]:
    """Every address that the tags of a text lead to or load, with its place in the text."""
    for name, written, start in _written(html):
        places = _values(written)
        for attribute in _leading(name, _meanings(written, places)):
            first, last = places[attribute]
            for begin, end in _places(attribute, written[first:last]):
                target = _meant(written[first + begin : first + end])
                yield HtmlTarget(target, start + first + begin, start + first + end)


_REFRESH = re.compile(
    r"\s*+(\d{0,9}+)[\d.]*+\s*+[;,]?+\s*+(?:url\s*+=\s*+)?+(?:\"([^\"]*+)|'([^']*+)|(.*+))",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)


def refresh(content: str) -> tuple[int, str]:
    """After how many seconds `http-equiv=refresh` leads on, and where to (empty: nowhere else).

    HTML standard, section 4.2.5.3.
    """
    found = _REFRESH.match(content)
    if not found:
        return 0, ""
    return int(found[1] or 0), (found[2] or found[3] or found[4] or "").strip()

"""Tags of an HTML text: as browsers find them, in time that grows with the text and no more.

Python's own parser takes seconds for a site. What stands in comments and scripts is no tag, and
neither is text in quotes or in code. What a stranger's page says besides its tags, in its title and
between them, `asking.page` reads in a pass of its own; it shares what is known of attributes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

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


def tags(html: str) -> Iterator[tuple[str, Mapping[str, str], int]]:
    """Each tag that has an address or an anchor: its name, its attributes, where they begin.

    Names are in lower case, values as they are meant. Where an attribute stands twice, the first
    holds.
    """
    for found in _TAG.finditer(html):
        which = 2 if found[1] else 4
        attributes = found[which]
        if attributes and _TELLING.search(attributes):
            name = (found[1] or found[3]).lower()
            yield name, read_attributes(attributes), found.start(which)


def read_attributes(written: str) -> Mapping[str, str]:
    """The attributes of a tag by name in lower case, their values as they are meant."""
    values: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        value = double or single or bare
        values.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return values


def anchors(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """What follows `#` in addresses of a tag."""
    if id := attributes.get("id"):
        yield id
    if name == "a" and (old := attributes.get("name")):
        yield old


_SOURCES = frozenset(
    ("audio", "embed", "iframe", "img", "input", "script", "source", "track", "video")
)
_ELSEWHERE = frozenset(("dns-prefetch", "preconnect"))
"""What a `link` is to other than a file."""
_CANDIDATE = re.compile(r"(?:^|,)\s*+([^\s,]++)")


def targets(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """The addresses that a tag leads to or loads, as they are meant."""
    if name in ("a", "area", "link"):
        rel = attributes.get("rel", "").lower().split()
        if "href" in attributes and not (name == "link" and _ELSEWHERE.intersection(rel)):
            yield attributes["href"]
    elif name in _SOURCES or name == "object":
        own = attributes.get("data" if name == "object" else "src", "")
        yield from filter(None, (own, attributes.get("poster", "")))
        srcset = attributes.get("srcset", "")
        if "data:" not in srcset:  # which has commas of its own
            yield from _CANDIDATE.findall(srcset)
    elif name == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        yield from filter(None, refresh(attributes.get("content", ""))[1:])


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

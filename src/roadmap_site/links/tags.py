"""Tags of an HTML text: as browsers find them, in time that grows with the text and no more.

Python's own parser takes seconds for a site. What stands in comments and scripts is no tag, and
neither is text in quotes or in code.
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
            yield name, _read(attributes), found.start(which)


def _read(attributes: str) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
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
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL)
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
        found = _REFRESH.fullmatch(attributes.get("content", ""))
        if found and (url := found[1].strip().strip("\"'")):
            yield url

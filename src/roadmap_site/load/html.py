"""What raw HTML links to and shows, and where its attributes say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_OPENING = re.compile(r"<(?:(!--)|([a-z][a-z0-9-]*)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?+"
)
_TARGETS = {
    "a": "href",
    "area": "href",
    "audio": "src",
    "iframe": "src",
    "img": "src",
    "source": "src",
    "video": "src",
}
"""The attribute that has the address, by tag."""
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea")}
"""What ends elements that hold no tags."""


@dataclass(frozen=True, slots=True)
class HtmlTarget:
    """An address, and where its attribute's text begins and ends."""

    target: str
    start: int
    end: int


def html_targets(html: str) -> Iterator[HtmlTarget]:
    """Every address that tags lead to, comments left out.

    It goes through the text once, whatever is left open in it.
    """
    at = 0
    while opening := _OPENING.search(html, at):
        at = opening.end()
        if opening[1]:
            end = html.find("-->", at)
            at = len(html) if end < 0 else end + 3
            continue
        tag = opening[2].lower()
        wanted = _TARGETS.get(tag)
        while found := _ATTRIBUTE.match(html, at):
            at = found.end()
            if found[1].lower() == wanted and found.lastindex != 1:
                wanted = None  # the first of a name counts
                written = found[found.lastindex or 0]
                bare = written.strip()
                start = found.start(found.lastindex or 0) + written.find(bare)
                yield HtmlTarget(unescape(bare), start, start + len(bare))
        if tag in _RAW:
            closing = _RAW[tag].search(html, at)
            at = closing.end() if closing else len(html)

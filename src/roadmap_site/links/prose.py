"""Addresses in a text: where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roadmap_site.model.values import CODE_SPAN

# White space, quotes and brackets of markup end an address, as do marks that nobody sees and the
# punctuation of scripts that put no space after it. Letters of any script belong to it.
_END = (
    r"\s<>\"`\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u3001\u3002\u3008-\u3011\u3014-\u301b"
    "\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
)
_LENGTH = 4000
"""Characters of an address; what runs on without a space for longer is none."""
_WEB = re.compile(rf"(?<![A-Za-z0-9+])https?://[^{_END}]{{1,{_LENGTH}}}", re.IGNORECASE)
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_TRAILING = ".,;:!?'*([{\u2019\u2026"
_OPENING = {")": "(", "]": "[", "}": "{"}
_BRACKET = re.compile(r"[()\[\]{}]")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|\$[A-Z_]{2}")
"""What a reader fills in: an address that has one leads nowhere as it stands."""
_PLACEHOLDER_BEHIND = re.compile(r"[/=.:_-]<(?!w?br\b)[\w -]{1,40}>")


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses of the web stand in a text, outside of code spans.

    A text that is nothing but an address of another scheme (`ftp://...`) is one too.
    """
    if "://" not in text:
        return
    bare = text.strip()
    if _WHOLE.fullmatch(bare) and not bare.lower().startswith(("http://", "https://")):
        start = text.index(bare)
        yield start, start + len(bare)
        return
    code = [found.span() for found in CODE_SPAN.finditer(text)]
    passed = end = 0
    while found := _WEB.search(text, end):
        start, url = found.start(), _trimmed(found[0])
        before = text[start - 1 : start]
        if before == "*":
            url = _trimmed(url.partition("*")[0])
        elif before == "_":
            url = url.rstrip("_" + _TRAILING)
        # Where a bracket ended it another may follow at once.
        end = start + len(url)
        while passed < len(code) and code[passed][1] <= start:
            passed += 1
        is_code = passed < len(code) and code[passed][0] < start
        if is_code or url.rstrip("/").endswith(":"):
            continue
        if not _PLACEHOLDER.search(url) and not _PLACEHOLDER_BEHIND.match(text, found.end() - 1):
            yield start, end


def _trimmed(url: str) -> str:
    """An address without what belongs to the sentence around it."""
    opened: list[str] = []
    for found in _BRACKET.finditer(url):
        if found[0] not in _OPENING:
            opened.append(found[0])
        elif opened and opened[-1] == _OPENING[found[0]]:
            opened.pop()
        else:
            url = url[: found.start()]
            break
    return url.rstrip(_TRAILING)

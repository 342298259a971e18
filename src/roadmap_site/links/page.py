"""What matters of an HTML page."""

from __future__ import annotations

import re

from roadmap_site.links.seen import PageFacts

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_ANCHOR = re.compile(r"\bid=[\"']?([^\"'\s>]+)", re.IGNORECASE)


def page_facts(body: bytes, *, charset: str, base: str, is_whole: bool) -> PageFacts:  # noqa: ARG001
    """The facts of a page from its bytes."""
    text = body.decode("latin-1" if charset == "latin-1" else "utf-8", "replace")
    title = _TITLE.search(text)
    return PageFacts(
        title[1].strip() if title else "", frozenset(_ANCHOR.findall(text)), is_whole=is_whole
    )

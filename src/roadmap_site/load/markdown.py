"""Markdown to tokens that say where they stand: the only importer of markdown_it.

MkDocs renders the pages with Python-Markdown, which does not say where anything stands. What this
reads for their checks is the common ground of the two. What CommonMark does not have, admonitions,
tabs and Markdown in HTML, `blocks` unwraps first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers, rules_block, rules_inline
from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

__all__ = ["PLACED", "Target", "Token", "markdown_parser"]


class Target(str):
    """A link's address as it is meant, and where the text that it is written in has it."""

    __slots__ = ("end", "start")
    start: int
    end: int

    def __new__(cls, text: str, start: int, end: int) -> Target:
        """The address, and the positions in the text."""
        self = super().__new__(cls, text)
        self.start, self.end = start, end
        return self


def markdown_parser() -> MarkdownIt:
    """A parser whose links and raw tags say where in their text they stand."""
    parser = MarkdownIt("commonmark", {"store_labels": True}).enable("table")
    # Every address is wanted as it is written, the unsafe ones above all.
    parser.validateLink = lambda url: url is not None  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkLabel=helpers.parseLinkLabel,
        parseLinkDestination=_destination,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    for name, rule in _PLACING.items():
        parser.inline.ruler.at(name, _noting_place(rule))
    parser.block.ruler.at(
        "html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    return parser


_HTML_BLOCKS = {*block_names, "pre", "script", "style", "textarea"}
_VOID = {"base", "basefont", "col", "frame", "hr", "link", "param", "track"}


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of HTML as the site has it: it ends with its element, and not at a blank line only.

    Tags of running text begin none.
    """
    found = _TAG_NAME.match(_line(state, start))
    name = found[1].lower() if found else ""
    if name and name not in _HTML_BLOCKS:
        return False
    if name and not silent:
        of_same = re.compile(rf"<(/?){name}(?=[\s/>]|\Z)", re.IGNORECASE)
        depth = 0
        for number in range(start, end):
            line = _line(state, number)
            depth += sum(-1 if tag[1] else 1 for tag in of_same.finditer(line))
            if depth <= 0 or name in _VOID:
                end = number + 1
                break
            if not line.strip():
                break
    return rules_block.html_block(state, start, end, silent)


_TAG_NAME = re.compile(r"</?([a-z][a-z\d-]*)", re.IGNORECASE)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _destination(text: str, at: int, end: int) -> Any:
    result = helpers.parseLinkDestination(text, at, end)
    bracket = int(text.startswith("<", at))
    result.str = Target(result.str, at + bracket, result.pos - bracket)
    return result


def _noting_place(rule: _InlineRule) -> _InlineRule:
    def noting(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            # A text that was pending may come first; of a lone backtick nothing else does.
            for token in state.tokens[count:]:
                if token.type in PLACED:
                    token.meta["at"] = start, state.pos
                    break
        return True

    return noting


_InlineRule = Callable[[StateInline, bool], bool]
_PLACING: Mapping[str, _InlineRule] = {
    "autolink": rules_inline.autolink,
    "backticks": rules_inline.backtick,
    "html_inline": rules_inline.html_inline,
    "image": rules_inline.image,
    "link": rules_inline.link,
}
PLACED = ("code_inline", "html_inline", "image", "link_open")
"""The types of tokens whose `meta["at"]` is where they begin and end in their text."""

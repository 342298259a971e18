"""Markdown to tokens that say where they stand: the only importer of markdown_it.

MkDocs renders the pages with Python-Markdown, which does not say where anything stands. What this
reads for their checks is the common ground of the two. What CommonMark does not have, admonitions,
tabs and Markdown in HTML, `blocks` unwraps first, but for those that begin within a quote or on the
line that opens an item of a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers, rules_block, rules_inline
from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from roadmap_site.load.blocks import INDENT, is_title
from roadmap_site.load.html import read_attributes

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
    """A parser whose links and raw tags say where in their text they stand.

    `written` of its environment has the lines as they are in the file.
    """
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
    parser.block.ruler.at("code", _code)
    parser.block.ruler.before("fence", "admonition", _admonition, {"alt": ["paragraph"]})
    parser.block.ruler.at(
        "blockquote", _blockquote, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.core.ruler.after("normalize", "hide_bars", _hide_bars)
    parser.core.ruler.after("block", "show_bars", _show_bars)
    parser.core.ruler.after("block", "last_definitions", _last_definitions)
    return parser


_HIDDEN_BAR = "\0"
"""What stands for a bar in code, which divides no cells; no text has it once it is normalized."""
_CODE = re.compile(r"(?<![\\`])(`++)[^\n]{0,400}?(?<!`)\1(?!`)")


def _hide_bars(state: StateCore) -> None:
    """Keep bars in code from dividing cells of tables, as they do in CommonMark only."""
    if "|" in state.src:
        state.src = _CODE.sub(lambda found: found[0].replace("|", _HIDDEN_BAR), state.src)


def _show_bars(state: StateCore) -> None:
    for token in state.tokens:
        if _HIDDEN_BAR in token.content:
            token.content = token.content.replace(_HIDDEN_BAR, "|")


def _last_definitions(state: StateCore) -> None:
    """Of definitions with one label the last holds on the site, the first in CommonMark."""
    for found in state.env.get("duplicate_refs", ()):
        state.env["references"][found["label"]] = found


def _admonition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An admonition or a tab within a quote or a list: its title, and what is indented below."""
    if state.is_code_block(start) or not is_title(_line(state, start)):
        return False
    if silent:
        return True
    indent = _further(state.sCount[start])
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= indent):
        last += 1
    before = state.blkIndent, state.lineMax
    state.lineMax = start + 1
    rules_block.paragraph(state, start, start + 1, False)
    state.blkIndent, state.lineMax = indent, last
    state.level += 1  # too many within each other are not read
    state.md.block.tokenize(state, start + 1, last)
    state.level -= 1
    state.blkIndent, state.lineMax = before
    state.line = last
    return True


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A quote, which ends where lines without its mark do.

    In CommonMark they may belong to it, and it goes on; to find out that they do not takes all that
    is left of the page, for each quote anew.
    """
    if not silent and _line(state, start).startswith(">"):
        was_marked = True
        for number in range(start, end):
            is_marked = _line(state, number).startswith(">")
            if state.isEmpty(number) or (is_marked and not was_marked):
                end = number
                break
            was_marked = is_marked
    return rules_block.blockquote(state, start, end, silent)


def _code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Indented code as the site has it: within lists, which are indented by fours there."""
    first = _further(state.blkIndent)
    return state.sCount[start] >= first and rules_block.code(state, start, end, silent)


def _further(columns: int) -> int:
    """How far what belongs to so much indentation is indented: in fours, whatever a list has."""
    return -(-columns // INDENT) * INDENT + INDENT


_CODE_BLOCKS = {"pre", "script", "style", "textarea"}
_HTML_BLOCKS = {*block_names, *_CODE_BLOCKS}
_VOID = {"base", "basefont", "col", "frame", "hr", "link", "param", "track"}
_TAG_NAME = re.compile(r"</?([a-z][a-z\d-]*)", re.IGNORECASE)
_FIRST_TAG = re.compile(" {0,3}<")
_CLOSING = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
"""How a block ends that begins with no tag."""


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of HTML as the site has it: it ends with its element, and not at a blank line only.

    What is behind it on its last line is Markdown. None begins within lists and the like, nor do
    tags of running text begin one, tags whose text is Markdown, comments that are never closed.
    """
    line = _line(state, start)
    if not line.startswith("<") or not _FIRST_TAG.match(state.env["written"][start]):
        return False
    found = _TAG_NAME.match(line)
    name = found[1].lower() if found else ""
    if name and name not in _HTML_BLOCKS:
        return False
    closing = next((_CLOSING[opening] for opening in _CLOSING if line.startswith(opening)), "")
    if closing and not _is_closed(state, start, closing):
        return False
    if silent or state.is_code_block(start):
        return rules_block.html_block(state, start, end, silent)
    if name and "markdown" in read_attributes(line.partition(">")[0]):
        return False
    last, behind = end - 1, 0
    if name in _CODE_BLOCKS:
        closing = f"</{name}>"
    elif name:
        last, behind = _end_of_element(state, start, end, name)
    if not rules_block.html_block(state, start, last + 1, silent):
        return False
    line = _line(state, state.line - 1)
    if closing:
        pattern = re.compile(re.escape(closing), re.IGNORECASE)
        closed = pattern.search(line, 2 if state.line - 1 == start else 0)
        behind = closed.end() if closed else 0
    elif state.line - 1 != last:
        behind = 0
    if behind and line[behind:].strip():
        _read_on(state, len(line) - behind, end)
    return True


def _read_on(state: StateBlock, tail: int, end: int) -> None:
    """Read the last characters of a block of HTML as Markdown, and note where the HTML ends."""
    last, block = state.line - 1, state.tokens[-1]
    block.meta["end"] = len(block.content.removesuffix("\n")) - tail
    state.bMarks[last], state.tShift[last] = state.eMarks[last] - tail, 0
    rules_block.paragraph(state, last, end, False)


def _is_closed(state: StateBlock, start: int, closing: str) -> bool:
    last = state.env.setdefault("closings", {})
    if closing not in last:
        last[closing] = state.src.rfind(closing)
    return bool(last[closing] > state.bMarks[start])


def _end_of_element(state: StateBlock, start: int, end: int, name: str) -> tuple[int, int]:
    """The last line of an element, and where on it the element ends; 0 where it is not closed."""
    of_same = re.compile(rf"<(/?){name}(?=[\s/>]|\Z)", re.IGNORECASE)
    depth = 0
    for number in range(start, end):
        line = _line(state, number)
        behind = 0
        for tag in of_same.finditer(line):
            depth += -1 if tag[1] else 1
            if not behind and (depth <= 0 or name in _VOID):
                behind = line.find(">", tag.end()) + 1
        if depth <= 0 or name in _VOID:
            return number, behind
        if not line.strip():
            break
    return end - 1, 0


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _destination(text: str, at: int, end: int) -> Any:
    result = helpers.parseLinkDestination(text, at, end)
    bracket = int(text.startswith("<", at))
    result.str = Target(result.str.replace(_HIDDEN_BAR, "|"), at + bracket, result.pos - bracket)
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

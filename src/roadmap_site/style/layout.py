"""A YAML file laid out anew: its own nodes in their order, and the comments between them.

ruamel.yaml's round trip hangs comments on nodes, and moves some of them. Here a comment is what
stands between two values of the source, and it goes out between the same two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile
from roadmap_site.style.scalars import (
    BREAK,
    HEADER,
    WIDTH,
    block_of,
    lines_of,
    on_one_line,
    quoted,
    wrapped,
)

STEP = 2
"""Columns by which each level is indented."""
PARTED = {
    SequenceNode: frozenset({"branches", "modules", "questions", "weeks"}),
    MappingNode: frozenset({"topics"}),
}
"""Top-level keys whose entries have a blank line between them where they take several lines."""
KEY_AT_MOST = 1000
"""Characters of a key before its colon; the parser looks no further than 1,024."""

_ANCHOR = re.compile(r"&[\w-]+", re.ASCII)
_BETWEEN = re.compile(r"(?:[ \t\n\u2028\u2029]|#[^\n\u2028\u2029]*)*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_COMMENT_NEXT = re.compile(r"[ \t\n\u2028\u2029]*#")
_BEFORE_DOCUMENT = re.compile(r"(?:(?:[ \t]*(?:#[^\n]*)?|%[^\n]*)\n)*---(?=\s|$)")
LINE_ENDS = "\n\u2028\u2029"
_MARKS_OF_NO_NODE = ("", "?", "---", "...")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the source. `column` is -1 where something stands before it on its line."""

    text: str
    column: int
    after_blank: bool
    end: int


def laid_out(file: SourceFile, root: Node) -> str:
    """The file's text in the house style."""
    return _Printer(file).document(root)


class _Printer:
    """Lines written so far, and how far of the source they bring what stands there."""

    def __init__(self, file: SourceFile) -> None:
        self.text = file.text
        self.at = 0
        self.lines: list[str] = []
        self.is_closed = False
        self.keeps_blanks = False

    def document(self, root: Node) -> str:
        marker = _BEFORE_DOCUMENT.match(self.text)
        if marker:
            self.own_lines(self.between(marker.end())[0], 0, first=True)
        if isinstance(root, ScalarNode) or is_empty(root):
            self.entry(root.start.index, 0, inline=False, first=not self.lines)
        self.value(root, -STEP, -1, after_dash=False)
        self.own_lines(self.between(len(self.text))[0], 0)
        return "\n".join(self.lines) + "\n"

    # ------------------------------------------------------------------------------ nodes

    def value(
        self, node: Node, indent: int, column: int, *, after_dash: bool, parted: bool = False
    ) -> None:
        """What stands under a key or after a dash that itself stands at `indent`."""
        start = node.start.index
        anchor = None if starts_at_key(node) else _ANCHOR.match(self.text, start)
        head = anchor[0] if anchor else ""
        content = start
        if anchor:
            gap = _BETWEEN.match(self.text, anchor.end())
            content = gap.end() if gap else anchor.end()
        is_alias = not starts_at_key(node) and self.text[start : start + 1] == "*"
        if isinstance(node, MappingNode | SequenceNode) and not is_alias and not is_empty(node):
            flow = self.flow(node, content) if not self.is_root(indent) else None
            if flow is None or (after_dash and isinstance(node, MappingNode)):
                if head:
                    self.put(head)
                inner = indent + STEP
                is_inline = after_dash and not head
                if isinstance(node, MappingNode):
                    self.mapping(node, content, inner, inline=is_inline, parted=parted)
                else:
                    self.sequence(node, content, inner, inline=is_inline, parted=parted)
                return
            self.brackets(node, flow, head, content, indent, after_dash=after_dash)
            return
        if is_alias:
            self.words([self.text[start : node.end.index]], "", node, start, indent, after_dash)
        elif isinstance(node, ScalarNode):
            self.scalar(node, head, min(content, node.end.index), indent, column, after_dash)
        else:
            # Comments inside of empty brackets come before them.
            empty = "{}" if isinstance(node, MappingNode) else "[]"
            self.words([empty], head, node, node.end.index - 1, indent, after_dash)

    def is_root(self, indent: int) -> bool:
        return indent < 0

    def mapping(
        self, node: MappingNode, content: int, indent: int, *, inline: bool, parted: bool
    ) -> None:
        is_first = True
        # A file of the library: its entries are all there is.
        parted = parted or (
            indent == 0 and all(isinstance(child, MappingNode) for _, _, child in node)
        )
        begun = 0
        for name, key, child in node:
            part = parted and not is_first and len(self.lines) - begun > 1
            self.entry(
                key.start.index, indent, inline=inline and is_first, first=is_first, part=part
            )
            begun = len(self.lines) - 1
            is_first = False
            word = self.key(key)
            if len(word) > KEY_AT_MOST:
                self.put(f"? {word}")
                self.line(" " * indent + ":")
            else:
                self.put(f"{word}:")
            self.at = max(self.at, key.end.index)
            is_parted = indent == 0 and name in PARTED.get(type(child), ())
            self.value(child, indent, key.start.column, after_dash=False, parted=is_parted)
        self.end(node, content, indent, "{")

    def key(self, key: ScalarNode, *, in_flow: bool = False) -> str:
        start, end = key.start.index, key.end.index
        if self.text[start : start + 1] == "*":
            return f"{self.text[start:end]} "
        anchor = _ANCHOR.match(self.text, start)
        if anchor:
            gap = _BETWEEN.match(self.text, anchor.end())
            start = min(gap.end() if gap else anchor.end(), end)
        source = self.text[start:end]
        # An empty key is written out: the parser wants to see one.
        is_bare = source[:1] in ("|", ">", "")
        word = quoted(key.value) if is_bare else on_one_line(source, key.value, in_flow=in_flow)
        return f"{anchor[0]} {word}" if anchor else word

    def sequence(
        self, node: SequenceNode, content: int, indent: int, *, inline: bool, parted: bool
    ) -> None:
        is_flow = self.text[content] == "["
        is_first = True
        begun = 0
        dash = content
        for child in node.children:
            if is_flow:
                dash = child.start.index
            elif not is_first:
                gap = _BETWEEN.match(self.text, self.at)
                dash = gap.end() if gap else self.at
            part = parted and not is_first and len(self.lines) - begun > 1
            self.entry(dash, indent, inline=inline and is_first, first=is_first, part=part)
            begun = len(self.lines) - 1
            is_first = False
            self.put("-")
            if not is_flow:
                self.at = dash + 1
            self.value(child, indent, self.column(dash), after_dash=True)
        self.end(node, content, indent, "[")

    def end(self, node: Node, content: int, indent: int, bracket: str) -> None:
        """The comments that still belong inside of a list or a mapping."""
        if self.text[content] == bracket:
            self.own_lines(self.between(node.end.index - 1)[0], indent)
            self.at = node.end.index
        else:
            self.tail(self.column(content), indent)

    def flow(self, node: Node, content: int) -> str | None:
        """A short list or mapping in brackets; None where it is none, or must not stay one."""
        if self.text[content] not in "[{" or self.has_comment(node, content):
            return None
        if isinstance(node, SequenceNode):
            items = self.flow_items(node)
            return None if items is None else f"[{', '.join(items)}]"
        assert isinstance(node, MappingNode)
        pairs = []
        for _, key, child in node:
            word = self.key(key, in_flow=True)
            value = self.flow_scalar(child)
            if value is None and isinstance(child, SequenceNode):
                items = self.flow_items(child) if self.text[child.start.index] == "[" else None
                value = None if items is None else f"[{', '.join(items)}]"
            if not value or not word or key.start.index == key.end.index:
                return None
            pairs.append(f"{word}: {value}")
        one = f"{{{', '.join(pairs)}}}"
        return one if len(self.lines[-1]) + 1 + len(one) <= WIDTH else None

    def flow_items(self, node: SequenceNode) -> list[str] | None:
        items = [self.flow_scalar(child) for child in node.children]
        return [item for item in items if item] if all(items) else None

    def flow_scalar(self, node: Node) -> str | None:
        start, end = node.start.index, node.end.index
        source = self.text[start:end]
        if source[:1] == "*" and not starts_at_key(node):
            return source
        if not isinstance(node, ScalarNode) or not source or source[0] == "&":
            return None
        return on_one_line(source, node.value, in_flow=True)

    def has_comment(self, node: Node, content: int) -> bool:
        if "#" not in self.text[content : node.end.index]:
            return False
        at = content
        for leaf in leaves(node, self.text):
            if "#" in self.text[at : leaf.start.index]:
                return True
            at = leaf.end.index
        return "#" in self.text[at : node.end.index]

    # ------------------------------------------------------------------------ what fits a line

    def brackets(
        self, node: Node, one: str, head: str, content: int, indent: int, *, after_dash: bool
    ) -> None:
        """A list in brackets: on this line, else on the next, else on as many as it takes."""
        if head:
            self.put(head)
        self.place(content, indent)
        if len(self.lines[-1]) + 1 + len(one) <= WIDTH:
            self.put(one)
        else:
            if not after_dash and not self.lines[-1].isspace():
                self.line(" " * (indent + STEP))
            assert isinstance(node, SequenceNode)
            self.fill(self.flow_items(node) or [])
        self.at = node.end.index

    def fill(self, items: list[str]) -> None:
        self.put("[" + items[0])
        margin = " " * (self.lines[-1].index("[" + items[0]) + 1)
        for item in items[1:]:
            if len(self.lines[-1]) + len(item) + 3 > WIDTH:
                self.lines[-1] += ","
                self.line(margin + item)
            else:
                self.lines[-1] += f", {item}"
        self.lines[-1] += "]"

    def scalar(
        self, node: ScalarNode, head: str, start: int, indent: int, column: int, after_dash: bool
    ) -> None:
        source = self.text[start : node.end.index]
        if not source:
            if head:
                self.put(head)
            self.own_lines(self.between(node.end.index)[0], indent + STEP, first=True)
            if column >= 0:
                self.tail(column + 1, indent + STEP)
            return
        inner = max(indent + STEP, STEP)
        if source[0] in "|>":
            block = block_of(source, node.value, inner)
            if block:
                header, lines, comment = block
                if head:
                    self.put(head)
                self.place(start, indent)
                self.put(f"{header} {comment}" if comment else header)
                self.lines += lines
                self.is_closed = True
                self.keeps_blanks = header.endswith("+")
                self.at = node.end.index
                if not self.keeps_blanks:
                    self.at = start + len(source.rstrip(" \t\n\r\x85\u2028\u2029"))
                return
            self.words([quoted(node.value)], head, node, start, indent, after_dash)
            return
        self.words(lines_of(source, node.value), head, node, start, indent, after_dash)

    def words(
        self, lines: list[str], head: str, node: Node, start: int, indent: int, after_dash: bool
    ) -> None:
        """A plain or quoted text, on this line or, where the editor has it there, on the next."""
        is_below = bool(BREAK.search(self.text, self.at, start)) and not after_dash
        if head:
            self.put(head)
        self.place(start, indent)
        inner = max(indent + STEP, STEP)
        line = self.lines[-1]
        column = len(line) if line.isspace() or not line else len(line) + 1
        if is_below and line.strip() and (len(lines) > 1 or column + len(lines[0]) > WIDTH):
            self.line(" " * inner)
            column = inner
        first, *rest = wrapped(lines, column, inner)
        self.put(first)
        margin = " " * inner
        for more in rest:
            self.line(margin + more if more else "")
        self.at = node.end.index

    # ---------------------------------------------------------------------------- lines

    def put(self, text: str) -> None:
        """Add to the line at hand."""
        assert not self.is_closed
        line = self.lines[-1]
        self.lines[-1] = line + text if not line or line.isspace() else f"{line} {text}"

    def line(self, text: str, *, is_closed: bool = False) -> None:
        self.lines.append(text)
        self.is_closed = is_closed
        self.keeps_blanks = False

    def blank(self) -> None:
        # After a text that keeps its last line breaks one more would belong to it.
        if self.lines and not self.keeps_blanks:
            self.lines.append("")

    def place(self, start: int, indent: int) -> None:
        """Go where a value has to stand: on this line unless comments come between."""
        comments, _ = self.between(start)
        if comments:
            inner = max(indent + STEP, 0)
            self.own_lines(comments, inner, first=True)
            self.line(" " * inner)

    def entry(
        self, start: int, indent: int, *, inline: bool, first: bool, part: bool = False
    ) -> None:
        """Begin an entry, on a line of its own unless it may follow a dash.

        `part` puts a blank line before it and the comments that lead to it if there is none.
        """
        comments, after_blank = self.between(start)
        if inline and not comments:
            return
        beside = list(takewhile(lambda comment: comment.column < 0, comments))
        above = comments[len(beside) :]
        self.own_lines(beside, indent, first=first)
        if part and not after_blank and not any(comment.after_blank for comment in above):
            self.blank()
        self.own_lines(above, indent, first=first)
        if after_blank and (not first or above):
            self.blank()
        self.line(" " * indent)

    def own_lines(self, comments: list[Comment], indent: int, *, first: bool = False) -> None:
        for comment in comments:
            if comment.column < 0 and self.lines and not self.is_closed:
                self.lines[-1] += f" {comment.text}"
                self.is_closed = True
                continue
            if comment.after_blank and not first:
                self.blank()
            self.line(" " * indent + comment.text, is_closed=True)
            first = False

    def column(self, at: int) -> int:
        return at - self.text.rfind("\n", 0, at) - 1

    def tail(self, column: int, indent: int) -> None:
        """The comments below a block that are indented like it, or further."""
        if not _COMMENT_NEXT.match(self.text, self.at):
            return
        gap = _BETWEEN.match(self.text, self.at)
        end = gap.end() if gap else self.at
        begin = self.text.rfind("\n", 0, end) + 1
        next_column = end - begin if end < len(self.text) else -1
        if self.text.startswith(("...", "---"), end):
            next_column = -1
        comments = self.comments(self.at, end)
        for comment in comments:
            if comment.column >= 0 and (comment.column < column or comment.column <= next_column):
                break
            self.own_lines([comment], indent)
            self.at = comment.end

    # ------------------------------------------------------------------------- comments

    def between(self, stop: int) -> tuple[list[Comment], bool]:
        """The comments from here to `stop`, and whether a blank line comes after them."""
        start, self.at = self.at, max(self.at, stop)
        if "#" not in self.text[start:stop]:
            return [], bool(_BLANK_LINE.search(self.text, max(start - 1, 0), stop))
        comments = self.comments(start, stop)
        last = comments[-1].end if comments else start
        return comments, bool(_BLANK_LINE.search(self.text, last, stop))

    def comments(self, start: int, stop: int) -> list[Comment]:
        text = self.text
        found: list[Comment] = []
        at = seen = start
        while at < stop:
            line_break = BREAK.search(text, at, stop)
            end = line_break.start() if line_break else stop
            begins_line = at == 0 or text[at - 1] in LINE_ENDS
            is_directive = begins_line and text[at] == "%"
            # A tag's address may hold a #, which then is no comment.
            mark = text.find(" #", at, end) + 1 if is_directive else text.find("#", at, end)
            if mark > 0 or (mark == 0 and not is_directive):
                before = text[at:mark]
                is_own = begins_line and (is_directive or before.strip() in _MARKS_OF_NO_NODE)
                column = len(before) if is_own else -1
                blank = bool(_BLANK_LINE.search(text, max(seen - 1, 0), mark))
                found.append(Comment(text[mark:end].rstrip(" \t"), column, blank, end))
                seen = end
            at = line_break.end() if line_break else stop
        return found


def comments_in(file: SourceFile, root: Node) -> list[tuple[str, int]]:
    """Every comment of a file, and how many of its values (empty ones aside) end before it."""
    if "#" not in file.text:
        return []
    printer = _Printer(file)
    found = []
    number = 0
    for leaf in leaves(root, file.text):
        start, end = leaf.start.index, leaf.end.index
        if isinstance(leaf, ScalarNode):
            anchor = _ANCHOR.match(file.text, start)
            gap = _BETWEEN.match(file.text, anchor.end()) if anchor else None
            start = min(gap.end(), end) if gap else start
            if start == end:
                continue
        found += [(comment.text, number) for comment in printer.between(start)[0]]
        if file.text[start : start + 1] in ("|", ">"):
            header = HEADER.match(file.text, start)
            if header and header[1]:
                found.append((header[1].rstrip(" \t"), number))
        printer.at = end
        number += 1
    rest = printer.between(len(file.text))[0]
    return found + [(comment.text, number) for comment in rest]


def starts_at_key(node: Node) -> bool:
    """Whether what a mapping begins with (an anchor, say) is its first key's."""
    if not isinstance(node, MappingNode) or not node.pairs:
        return False
    key, _ = next(iter(node.pairs.values()))
    return key.start.index == node.start.index


def is_empty(node: Node) -> bool:
    """Whether a list or a mapping has nothing in it."""
    return (isinstance(node, SequenceNode) and not node.children) or (
        isinstance(node, MappingNode) and not node.pairs
    )


def leaves(node: Node, text: str) -> Iterator[Node]:
    """The values that hold no others, in order, keys and aliases among them."""
    is_alias = text[node.start.index : node.start.index + 1] == "*" and not starts_at_key(node)
    if isinstance(node, ScalarNode) or is_alias or is_empty(node):
        yield node
    elif isinstance(node, SequenceNode):
        for child in node.children:
            yield from leaves(child, text)
    elif isinstance(node, MappingNode):
        for _, key, child in node:
            yield key
            yield from leaves(child, text)

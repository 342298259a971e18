"""Edits of YAML that keep its style: a key more in a mapping, an entry more in a list.

Each function gives the edit, or None where the YAML is written in a way that it would not be safe
to change (behind an alias, say): then a person has to.
"""

from __future__ import annotations

import re

from roadmap_site.model.diagnostic import Edit
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span

_BREAK = re.compile(r"\r\n|\n|\r")
_DASHES = re.compile(r"\s*(- +)+")
"""What stands before an entry of a list of lines."""


def set_scalar(node: Node, text: str) -> Edit | None:
    """Put `text`, a plain word such as an id, in place of a scalar."""
    if not isinstance(node, ScalarNode) or _is_shared(node) or not _is_on_one_line(node):
        return None
    return Edit(node.span, text)


def insert_key(node: Node, key: str, value: str, *, shorthand: str = "") -> Edit | None:
    """Add `key: value` to a mapping, after its first key.

    `value` is YAML that fits on the line (an id, or `[a, b]`). A scalar that stands for a mapping
    becomes that mapping, its own text under the key `shorthand`.
    """
    if _is_shared(node):
        return None
    if isinstance(node, ScalarNode):
        return _as_mapping(node, key, value, shorthand) if shorthand else None
    if not isinstance(node, MappingNode) or not node.pairs or key in node.pairs:
        return None
    (first, child), *_ = node.pairs.values()
    if is_flow(node):
        return Edit(_point(child.span, at_end=True), f", {key}: {value}")
    indent = " " * (first.span.column - 1)
    newline = node.file.newline
    source = child.span.text
    if isinstance(child, ScalarNode) and source and source[0] not in "|>":
        # After the first value and what comments on it.
        line = child.span.end_line
        end = len(node.file.line(line)) + 1
        return Edit(Span(node.file, line, end, line, end), f"{newline}{indent}{key}: {value}")
    return Edit(_point(first.span), f"{key}: {value}{newline}{indent}")


def append_to_list(node: Node, *values: str) -> Edit | None:
    """Add entries, plain words such as ids, at the end of a list."""
    if not isinstance(node, SequenceNode) or _is_shared(node):
        return None
    if is_flow(node):
        if not node.children:
            return Edit(node.span, f"[{', '.join(values)}]") if _is_on_one_line(node) else None
        return Edit(_point(node.children[-1].span, at_end=True), "".join(f", {v}" for v in values))
    last = node.children[-1]
    if not isinstance(last, ScalarNode) or last.span.text[:1] in ("|", ">", ""):
        return None
    line = last.span.end_line
    end = len(node.file.line(line)) + 1
    indent = " " * (node.span.column - 1)
    entries = "".join(f"{node.file.newline}{indent}- {value}" for value in values)
    return Edit(Span(node.file, line, end, line, end), entries)


def delete_key(node: Node, key: str) -> Edit | None:
    """Take a key and its value out of a mapping that has others."""
    pair = node.pairs.get(key) if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not pair or len(node.pairs) < 2 or _is_shared(node):
        return None
    first, last = pair[0].span, _last_line(pair[1])
    if is_flow(node):
        return _without_flow_key(node, key)
    line = node.file.line(first.line)
    if line[: first.column - 1].strip() or not last:
        return None  # `- key:`, whose dash the next key would have to take over
    return delete_lines(node.file, first.line, last)


def delete_lines(file: SourceFile, first: int, last: int) -> Edit:
    """Take whole lines out, 1-based; a file that ends without a line break goes on doing so."""
    span = Span(file, first, 1, last + 1, 1)
    if first > 1 and not span.text.endswith(("\n", "\r", "\x85", "\u2028", "\u2029")):
        span = Span(file, first - 1, len(file.line(first - 1)) + 1, last + 1, 1)
    return Edit(span, "")


def _without_flow_key(node: MappingNode, key: str) -> Edit | None:
    names = list(node.pairs)
    at = names.index(key)
    start, end = node.pairs[key][0].span, node.pairs[key][1].span
    if at + 1 < len(names):
        following = node.pairs[names[at + 1]][0].span
        span = Span(node.file, start.line, start.column, following.line, following.column)
    else:
        before = node.pairs[names[at - 1]][1].span
        span = Span(node.file, before.end_line, before.end_column, end.end_line, end.end_column)
    # What may stand between two lines is a comment that has to stay.
    return Edit(span, "") if _is_on_one_line(node) else None


def _last_line(node: Node) -> int:
    """The last line that a value stands in; 0 where that is not sure."""
    if is_flow(node):
        return node.span.end_line
    if isinstance(node, ScalarNode):
        return 0 if node.span.text[:1] in ("|", ">", "&", "!", "") else node.span.end_line
    if isinstance(node, MappingNode) and node.pairs:
        return _last_line(list(node.pairs.values())[-1][1])
    if isinstance(node, SequenceNode) and node.children:
        return _last_line(node.children[-1])
    return 0


def remove_from_list(node: Node, position: int) -> Edit | None:
    """Take out an entry, a plain word such as an id, that is not the first of a list."""
    if not isinstance(node, SequenceNode) or not 0 < position < len(node.children):
        return None
    before, entry = node.children[position - 1 : position + 1]
    if not isinstance(entry, ScalarNode) or _is_shared(node) or _is_shared(entry):
        return None
    file, span = node.file, entry.span
    if is_flow(node):
        # With the comma before it, unless a comment stands between the two.
        gap = Span(file, *_end(before.span), *_end(span))
        between = gap.text.removesuffix(span.text)
        return Edit(gap, "") if between.strip() == "," else None
    line = file.line(span.line)
    if not _is_on_one_line(entry) or line.strip() != f"- {span.text}":
        return None
    last = file.line(span.line - 1)
    return Edit(Span(file, span.line - 1, len(last) + 1, span.line, len(line) + 1), "")


def is_flow(node: Node) -> bool:
    """Whether a list or a mapping is written in brackets."""
    return node.span.text[:1] in ("[", "{")


def _as_mapping(node: ScalarNode, key: str, value: str, shorthand: str) -> Edit | None:
    span = node.span
    source = span.text
    line = node.file.line(span.line)
    if not source:
        return None
    if not _DASHES.fullmatch(line[: span.column - 1]):
        start, _ = span.offsets
        before = node.file.text[:start].rstrip()
        # A comment may end in a comma.
        if not before.endswith(("[", ",")) or "#" in before.rpartition("\n")[2]:
            return None
        # Within brackets, where line breaks and indentation mean nothing.
        return Edit(span, f"{{{shorthand}: {source}, {key}: {value}}}")
    if source[0] in "|>":
        return None
    # `- Text` in a list of lines: what goes on below moves in by as much as the key takes.
    newline = node.file.newline
    indent = " " * (span.column - 1)
    last = node.file.line(span.end_line)
    tail = last[span.end_column - 1 :]
    lines = _BREAK.split(source)
    shifted = newline.join([lines[0], *(f"  {line}" if line else "" for line in lines[1:])])
    whole = Span(node.file, span.line, span.column, span.end_line, len(last) + 1)
    return Edit(whole, f"{shorthand}: {shifted}{tail}{newline}{indent}{key}: {value}")


def _is_shared(node: Node) -> bool:
    """Whether other places may share it through an anchor, or a tag stands before it."""
    return node.span.text[:1] in ("*", "&", "!")


def _is_on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column


def _point(span: Span, *, at_end: bool = False) -> Span:
    if at_end:
        return Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
    return span.head

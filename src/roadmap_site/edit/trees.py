"""Edits of YAML that keep its style: a key more in a mapping, an entry more in a list.

Each function gives the edit, or None where the YAML is written in a way that it would not be safe
to change (behind an alias, say): then a person has to.
"""

from __future__ import annotations

import re

from roadmap_site.model.diagnostic import Edit
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, Span

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
            return Edit(node.span, f"[{', '.join(values)}]")
        return Edit(_point(node.children[-1].span, at_end=True), "".join(f", {v}" for v in values))
    last = node.children[-1]
    if not isinstance(last, ScalarNode) or last.span.text[:1] in ("|", ">", ""):
        return None
    line = last.span.end_line
    end = len(node.file.line(line)) + 1
    indent = " " * (node.span.column - 1)
    entries = "".join(f"{node.file.newline}{indent}- {value}" for value in values)
    return Edit(Span(node.file, line, end, line, end), entries)


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
        if not node.file.text[:start].rstrip().endswith(("[", ",")):
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
    shifted = f"{newline}  ".join(source.splitlines())
    whole = Span(node.file, span.line, span.column, span.end_line, len(last) + 1)
    return Edit(whole, f"{shorthand}: {shifted}{tail}{newline}{indent}{key}: {value}")


def _is_shared(node: Node) -> bool:
    """Whether other places may share it through an anchor, or a tag stands before it."""
    return node.span.text[:1] in ("*", "&", "!")


def _is_on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _point(span: Span, *, at_end: bool = False) -> Span:
    if at_end:
        return Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
    return span.head

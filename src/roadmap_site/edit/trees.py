"""Edits of YAML that keep its style: a key more in a mapping, an entry more in a list.

Each function gives the edit, or None where the YAML is written in a way that it would not be safe
to change (behind an alias, say): then a person has to.
"""

from __future__ import annotations

from roadmap_site.model.diagnostic import Edit
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, Span


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


def append_to_list(node: Node, value: str) -> Edit | None:
    """Add an entry, a plain word such as an id, at the end of a list."""
    if not isinstance(node, SequenceNode) or _is_shared(node):
        return None
    if is_flow(node):
        if not node.children:
            return Edit(node.span, f"[{value}]")
        return Edit(_point(node.children[-1].span, at_end=True), f", {value}")
    last = node.children[-1]
    if not isinstance(last, ScalarNode) or last.span.text[:1] in ("|", ">", ""):
        return None
    line = last.span.end_line
    end = len(node.file.line(line)) + 1
    indent = " " * (node.span.column - 1)
    return Edit(Span(node.file, line, end, line, end), f"{node.file.newline}{indent}- {value}")


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
    source = node.span.text
    if not source:
        return None
    line = node.file.line(node.span.line)
    before = line[: node.span.column - 1]
    newline = node.file.newline
    if before.strip(" -") or not before.strip():
        # Within brackets, where only a text on one line can be sure to be read alike.
        if not _is_on_one_line(node) or not before.rstrip().endswith(("[", ",")):
            return None
        return Edit(node.span, f"{{{shorthand}: {source}, {key}: {value}}}")
    if source[0] in "|>":
        return None
    # `- Text` in a list of lines: what goes on below moves in by as much as the key takes.
    indent = " " * (node.span.column - 1)
    shifted = f"{newline}  ".join(source.splitlines())
    end = len(node.file.line(node.span.end_line)) + 1
    tail = node.file.line(node.span.end_line)[node.span.end_column - 1 :]
    span = Span(node.file, node.span.line, node.span.column, node.span.end_line, end)
    return Edit(span, f"{shorthand}: {shifted}{tail}{newline}{indent}{key}: {value}")


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

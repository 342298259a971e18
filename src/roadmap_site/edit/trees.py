"""Edits of YAML that keep its style: a key more in a mapping, an entry more in a list.

Each function gives the edit, or None where the YAML is written in a way that it would not be safe
to change (behind an alias, say): then a person has to.
"""

from __future__ import annotations

from roadmap_site.model.diagnostic import Edit
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span


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


def _point(span: Span, *, at_end: bool = False) -> Span:
    if at_end:
        return Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
    return span.head

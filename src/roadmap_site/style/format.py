"""A file's text in the house style, or why it stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from roadmap_site.load.nodes import parse
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile
from roadmap_site.style.layout import comments_in, laid_out

# What the parser reads as the same line break.
_SAME_BREAKS = re.compile("\r\n|[\r\x85]")
_RESERVED = frozenset({"", "~", "null", "true", "false"})
"""Plain words that the loader reads otherwise than the same words in quotes."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is the file's own where it has faults; `is_safe` is false where ours was wrong."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    is_safe: bool = True


def format_source(file: SourceFile) -> Formatted:
    """A file in the house style: the same values and comments, laid out anew.

    A file whose YAML has a fault stays as it is, and so does one that would not be read the same
    afterwards, whatever the reason: no text is worth a prettier one.
    """
    node, diagnostics = parse(file)
    if diagnostics or node is None:
        return Formatted(file.text, tuple(diagnostics))
    if _SAME_BREAKS.search(file.text):
        normal = SourceFile(file.path, _SAME_BREAKS.sub("\n", file.text))
        same, _ = parse(normal)
        if same is None or not is_same(node, same):
            return Formatted(file.text, is_safe=False)
        file, node = normal, same
    text = laid_out(file, node)
    if text == file.text:
        return Formatted(text)
    done = SourceFile(file.path, text)
    again, faults = parse(done)
    if (
        faults
        or again is None
        or not is_same(node, again)
        or comments_in(file, node) != comments_in(done, again)
    ):
        return Formatted(file.text, is_safe=False)
    return Formatted(text)


def is_same(one: Node, other: Node) -> bool:
    """Whether two trees say the same to the loader."""
    stack = [(one, other)]
    while stack:
        a, b = stack.pop()
        if a.__class__ is not b.__class__:
            return False
        if isinstance(a, ScalarNode) and isinstance(b, ScalarNode):
            if a.value != b.value or (a.plain != b.plain and a.value in _RESERVED):
                return False
        elif isinstance(a, SequenceNode) and isinstance(b, SequenceNode):
            if len(a.children) != len(b.children):
                return False
            stack += zip(a.children, b.children, strict=True)
        elif isinstance(a, MappingNode) and isinstance(b, MappingNode):
            if list(a.pairs) != list(b.pairs):
                return False
            stack += [(child, b.pairs[name][1]) for name, _, child in a]
    return True

"""YAML text to positioned nodes: the only importer of yaml.

The tree is built from the C parser's events by a loop, not by `yaml.compose`: that one recurses in
C and crashes the interpreter on deep nesting, and it would need a pass of its own for the bounds.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import yaml

from roadmap_site.load import faults
from roadmap_site.load.syntax import syntax_fault
from roadmap_site.model.diagnostic import Diagnostic, Related, cited
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span

MAX_DEPTH = 64
"""Levels of nesting; the deepest real place (month, week, module, topic, points) has about 14."""
MAX_ALIASED = 10_000
"""Values that aliases may repeat in one file."""
MAX_TAG_DIRECTIVES = 100
"""The parser compares each %TAG directive with all before it, and no curriculum needs any."""


def parse(file: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    """The file's one document as a tree, and what is wrong with its YAML.

    The tree is None where nothing could be read: after a syntax fault, or beyond the bounds.
    """
    if file.text.count("%TAG") > MAX_TAG_DIRECTIVES:
        message = f"the file has more than {MAX_TAG_DIRECTIVES} %TAG directives"
        hint = "delete them: tags mean nothing here"
        return None, [faults.YAML_BOUNDS.at(Span.whole(file), message, hint=hint)]
    try:
        return _compose(file)
    except yaml.reader.ReaderError as error:
        # The C parser counts bytes of UTF-8.
        head = file.text.encode()[: error.position].decode(errors="ignore")
        return None, [
            faults.YAML_SYNTAX.at(
                Span.after(file, head),
                f"the character U+{_code_point(error.character):04X} is not allowed in YAML",
                hint="delete it, or write it as an escape inside double quotes",
            )
        ]
    except yaml.MarkedYAMLError as error:
        return None, [syntax_fault(file, error)]


def _compose(file: SourceFile) -> tuple[Node | None, list[Diagnostic]]:
    # Names bound locally: this loop runs for every value of every file.
    scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
    mapping_start, sequence_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
    mapping_end, sequence_end = yaml.MappingEndEvent, yaml.SequenceEndEvent
    next_event = yaml.CSafeLoader(file.text).get_event

    diagnostics: list[Diagnostic] = []
    root: Node | None = None
    documents = 0
    stack: list[MappingNode | SequenceNode] = []
    keys: list[ScalarNode | None] = []  # the pending key of each open mapping
    anchors: dict[str, tuple[Node, int]] = {}
    open_anchors: list[tuple[str, int] | None] = []
    count = aliased = 0

    while True:
        event: Any = next_event()
        kind = event.__class__
        node: Node
        if kind is scalar_event:
            plain = event.implicit[0]
            node = ScalarNode(file, event.start_mark, event.end_mark, event.value, plain)
            count += 1
            if event.anchor:
                anchors[event.anchor] = (node, 1)
        elif kind is mapping_end or kind is sequence_end:
            done = stack.pop()
            done.end = event.end_mark
            if kind is mapping_end:
                keys.pop()
            opened = open_anchors.pop()
            if opened:
                anchors[opened[0]] = (done, count - opened[1])
            continue
        elif kind is mapping_start or kind is sequence_start:
            if len(stack) >= MAX_DEPTH:
                span = _span(file, event)
                message = f"nesting is deeper than {MAX_DEPTH} levels"
                hint = "close brackets where they end, and indent no further than the lists need"
                return None, [faults.YAML_BOUNDS.at(span, message, hint=hint)]
            node = (MappingNode if kind is mapping_start else SequenceNode)(
                file, event.start_mark, event.end_mark
            )
            count += 1
        elif kind is alias_event:
            found = anchors.get(event.anchor)
            if not found:
                return None, [_no_anchor(file, event, open_anchors)]
            # A node of its own, so that what is wrong with its use is said where it is used.
            node, size = copy(found[0]), found[1]
            node.start, node.end = event.start_mark, event.end_mark
            count += size
            aliased += size
            if aliased > MAX_ALIASED:
                message = f"aliases repeat more than {MAX_ALIASED:,} values"
                hint = "write the values out, or use fewer aliases"
                return None, [faults.YAML_BOUNDS.at(_span(file, event), message, hint=hint)]
        elif kind is yaml.StreamEndEvent:
            return root, diagnostics
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                message = "a second YAML document begins here"
                hint = "keep one document a file"
                return None, [faults.YAML_SYNTAX.at(_span(file, event), message, hint=hint)]
            continue
        else:
            continue

        if kind is not alias_event and event.tag:
            message = f"the tag {cited(event.tag)} means nothing here"
            hint = "delete it: values are read as what their key wants"
            diagnostics.append(faults.WRONG_TYPE.at(_span(file, event), message, hint=hint))
        if not stack:
            root = node
        else:
            parent = stack[-1]
            if parent.__class__ is SequenceNode:
                parent.children.append(node)
            else:
                assert isinstance(parent, MappingNode)
                pending = keys[-1]
                if pending is None:
                    if not isinstance(node, ScalarNode):
                        message = "a key has to be a word, not a list or a mapping"
                        hint = "a text with : or { in it wants double quotes"
                        return None, [faults.YAML_SYNTAX.at(_span(file, event), message, hint=hint)]
                    keys[-1] = node
                else:
                    keys[-1] = None
                    first = parent.pairs.setdefault(pending.value, (pending, node))
                    if first[0] is not pending:
                        diagnostics.append(_duplicate(pending, first[0]))
        if kind is mapping_start or kind is sequence_start:
            assert isinstance(node, MappingNode | SequenceNode)
            stack.append(node)
            if kind is mapping_start:
                keys.append(None)
            open_anchors.append((event.anchor, count - 1) if event.anchor else None)


def _no_anchor(
    file: SourceFile, event: Any, open_anchors: list[tuple[str, int] | None]
) -> Diagnostic:
    name = cited(f"*{event.anchor}")
    if any(opened and opened[0] == event.anchor for opened in open_anchors):
        return faults.YAML_BOUNDS.at(
            _span(file, event),
            f"the alias {name} stands inside its own anchor",
            hint="write the value out",
        )
    return faults.YAML_SYNTAX.at(
        _span(file, event),
        f"the alias {name} has no anchor before it",
        hint="a text that begins with * wants double quotes",
    )


def _duplicate(key: ScalarNode, first: ScalarNode) -> Diagnostic:
    return faults.DUPLICATE_KEY.at(
        key.span,
        f"the key {cited(key.value)} stands here a second time",
        hint="keep one of the two, or join what stands under them",
        related=(Related(first.span, "first here"),),
    )


def _span(file: SourceFile, event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _code_point(character: str | bytes | int) -> int:
    if isinstance(character, int):
        return character
    return ord(character[:1]) if character else 0

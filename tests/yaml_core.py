"""YAML as other programs read it, by YAML 1.2's core schema; the loader takes every scalar as text.

https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from typing import Any

from roadmap_site.load.nodes import parse
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_NULLS = {"", "~", "null", "Null", "NULL"}


def read_yaml(text: str) -> Any:
    """A text's one document."""
    root, _ = parse(SourceFile("test.yml", text))
    assert root is not None, text
    return _value(root)


def _value(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {name: _value(child) for name, _, child in node}
    if isinstance(node, SequenceNode):
        return [_value(child) for child in node.children]
    assert isinstance(node, ScalarNode)
    word = node.value
    if not node.plain:
        return word
    if word in _NULLS:
        return None
    if word in _TRUE | _FALSE:
        return word in _TRUE
    if _INTEGER.fullmatch(word):
        return int(word)
    if word.startswith("0x"):
        return int(word, 16)
    return float(word) if _FLOAT.fullmatch(word) else word

"""What refers to what: every id of something else that stands in the YAML, and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.index import Index
from roadmap_site.model.source import Node


def references(index: Index, kind: Any) -> Iterator[tuple[str, Entity, str, int | None]]:
    """Every reference of a kind: the id, who refers, under which key and at which position.

    `kind` is the type of the keys that hold them, TopicRef say.
    """
    for entity in index.entities:
        cls: type = type(entity)
        for name, several in _reference_fields(cls, kind):
            value = getattr(entity, name)
            if several:
                for position, id in enumerate(value or ()):
                    yield id, entity, name, position
            elif value:
                yield value, entity, name, None


def reference_node(entity: Entity, name: str, position: int | None) -> Node:
    """Where a reference is written; the entity itself where a bare id stands for it."""
    node = entity.node.under(name) or entity.node
    return node if position is None else node.under(position) or node


@cache
def _reference_fields(cls: Any, kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a class that hold references of a kind, and whether each holds several."""
    return tuple(
        (name, several) for name, (inner, several) in field_types(cls).items() if inner is kind
    )

"""What every mapping of the YAML has in common: keys with their meaning, a place, an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from roadmap_site.model.source import Node
from roadmap_site.model.values import Id


def key(doc: str, *, default: Any = MISSING, example: Any = None) -> Any:
    """A YAML key: what it holds, its value when absent (required without one), an example."""
    return field(default=default, metadata={"doc": doc, "example": example})


def derived(*, default: Any = MISSING) -> Any:
    """A field that the loader fills and no editor writes."""
    return field(default=default, metadata={"derived": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Anything written in YAML: `node` is where, down to each of its values."""

    shorthand: ClassVar[str] = ""
    """The key that a bare string stands for, where a string may stand for the whole mapping."""

    node: Node = field(repr=False, compare=False, metadata={"derived": True})
    accept: Mapping[str, str] | None = key(
        "Warnings accepted here: the rule's code, and the reason.", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Entity):
    """An entity with an id: pinned by the key `id`, else the slug of its `name_of`.

    The id of a track, bank, resource or topic is pinned by the folder, file or key that it stands
    under. `id_node` is where a pinned id is written, unless that is a folder's or file's name.
    """

    id: Id = key(
        "Pins the id that ticks are stored under; else it is derived from the words.", default=""
    )
    pinned: bool = derived(default=False)
    id_node: Node | None = field(
        default=None, repr=False, compare=False, metadata={"derived": True}
    )

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The words an id is derived from, given the entity's other values."""
        return str(values["title"])


@cache
def field_types(cls: type) -> Mapping[str, tuple[Any, bool]]:
    """The fields of a class of the model: each one's type, and whether it holds several.

    `X | None` counts as X, `tuple[X, ...]` as several X.
    """
    types = {}
    for name, hint in get_type_hints(cls).items():
        if get_origin(hint) is ClassVar:
            continue
        if get_origin(hint) in (Union, UnionType):
            hint = next(arg for arg in get_args(hint) if arg is not NoneType)
        several = get_origin(hint) is tuple
        types[name] = (get_args(hint)[0] if several else hint, several)
    return types

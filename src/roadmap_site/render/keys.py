"""The keys that editors write, as tables: read off the model, where each key is declared once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Literal, get_args, get_origin

from roadmap_site.model.curriculum import (
    Item,
    Mention,
    Phase,
    Project,
    Resource,
    Topic,
    Track,
    Week,
)
from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.values import (
    BankRef,
    Date,
    Duration,
    FileRef,
    Id,
    Numbers,
    Prose,
    ResourceRef,
    TopicRef,
    Url,
)

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mapping that the contribute page explains: its anchor, its name, where it stands.

    `many` is what a list of them is called.
    """

    entity: type[Entity]
    anchor: str
    title: str
    where: str
    many: str


KINDS = (
    Kind(Week, "week", "A week", "under `weeks` of a month", "weeks"),
    Kind(
        Item,
        "item",
        "An item to tick",
        "under `topics`, `practice`, `points`, `requirements` and `deliverables`",
        "items",
    ),
    Kind(Project, "project", "A project", "under `projects`", "projects"),
    Kind(Mention, "mention", "A resource where it is used", "under `resources`", "resources"),
    Kind(Resource, "resource", "A resource", "an entry of `resources/*.yml`", "resources"),
    Kind(Topic, "topic", "A topic", "an entry of `topics.yml`", "topics"),
    Kind(Phase, "month", "A month", "a file `tracks/<track>/<month>.yml`", "months"),
    Kind(Track, "track", "A track", "the file `tracks/<track>/track.yml`", "tracks"),
)
"""What the page explains, the commonest first."""

_BY_ENTITY: dict[Any, Kind] = {kind.entity: kind for kind in KINDS}
_LAST = ("id", "moved", "retired", "accept")
"""Keys of book-keeping, which stand after those that say something."""
_PINNED = (Resource, Topic, Track)
"""What is called by the key, or by the folder, that it stands under."""
_HOLDS: dict[Any, tuple[str, str]] = {
    bool: ("`true` or `false`", ""),
    int: ("a whole number", "whole numbers"),
    str: ("a text", "a list of texts"),
    Prose: ("paragraphs", ""),
    Duration: ("a length such as `45min`, `5-6h`, `2w` or `3mo`", ""),
    Numbers: ("a number or a span of them", ""),
    Date: ("a year, a month or a day", ""),
    Url: ("a web address", ""),
    Id: ("an id", ""),
    TopicRef: ("the id of a topic", "a list of ids of topics"),
    ResourceRef: ("the id of a resource", "a list of ids of resources"),
    BankRef: ("the name of a bank", "a list of names of banks"),
    FileRef: ("the name of a file", "a list of names of files"),
}
"""What a key of a type holds: one of them, several of them."""


def key_tables() -> list[View]:
    """A table for each of KINDS."""
    return [
        {
            "anchor": f"_{kind.anchor}",
            "title": kind.title,
            "where": kind.where,
            "shorthand": kind.entity.shorthand,
            "keys": list(_keys(kind.entity)),
        }
        for kind in KINDS
    ]


def _keys(entity: type[Entity]) -> Iterator[View]:
    """The keys of a mapping: what it cannot do without first, book-keeping last."""
    cls: type = entity
    types = field_types(cls)
    known = [
        field
        for field in fields(entity)
        if "doc" in field.metadata and not (field.name == "id" and entity in _PINNED)
    ]

    def order(field: Field[Any]) -> tuple[bool, int]:
        last = _LAST.index(field.name) + 1 if field.name in _LAST else 0
        return field.default is not MISSING, last

    for field in sorted(known, key=order):
        inner, several = types[field.name]
        kind = _BY_ENTITY.get(inner)
        yield {
            "name": field.name,
            "needed": field.default is MISSING,
            "doc": field.metadata["doc"],
            "holds": "" if kind else _holds(inner, several),
            "list_of": {"many": kind.many, "anchor": f"_{kind.anchor}"} if kind else None,
            "default": field.default if isinstance(field.default, str) else "",
            "example": _yaml(field.metadata["example"]),
        }


def _holds(inner: Any, several: bool) -> str:
    if get_origin(inner) is Literal:
        return "one of " + ", ".join(f"`{word}`" for word in get_args(inner))
    one, many = _HOLDS.get(inner, ("", ""))
    return many if several else one


def _yaml(example: object) -> str:
    """An example as one writes it."""
    if isinstance(example, list):
        return f"[{', '.join(example)}]"
    return str(example) if example is not None else ""

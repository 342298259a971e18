"""Nodes to the model, driven by the model's own fields; faults of shape are diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from roadmap_site.load import faults, scalars
from roadmap_site.load.scalars import BAD, Decoder, wrong_type
from roadmap_site.load.spelling import meant, nearest, respelling
from roadmap_site.model.curriculum import Code, Pay
from roadmap_site.model.diagnostic import Diagnostic, cited
from roadmap_site.model.entity import Entity, Named
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, Span
from roadmap_site.model.values import Date, Duration, Numbers, Prose, Verbatim, slug

T = TypeVar("T")


def decode(
    cls: type[T],
    node: Node,
    diagnostics: list[Diagnostic],
    id: str | None = None,
    id_node: Node | None = None,
) -> T | None:
    """The node as a `cls`, or None where what it cannot do without is missing or wrong.

    `id` is the id that the entity's place gives it (a folder's or file's name, a mapping's key),
    and `id_node` that key; such an entity has no `id` key. Every fault found goes to `diagnostics`.
    """
    value = _entity_decoder(cls, id, id_node)(node, diagnostics)
    return None if value is BAD else value


def decode_each(cls: type[T], node: Node, diagnostics: list[Diagnostic]) -> dict[str, T]:
    """A mapping of id to `cls`, those left out that could not be read."""
    if not isinstance(node, MappingNode):
        diagnostics.append(
            wrong_type(node, "a mapping of ids", "write an id and a colon above each")
        )
        return {}
    pairs = {name: decode(cls, child, diagnostics, name, key) for name, key, child in node}
    return {name: entity for name, entity in pairs.items() if entity is not None}


# ------------------------------------------------------------------------------- entities


@cache
def _compiled(cls: type) -> tuple[dict[str, Decoder], frozenset[str]]:
    """A class's YAML keys with how each is decoded, and which of them are required."""
    hints = get_type_hints(cls)
    keys = [f for f in fields(cls) if not f.metadata.get("derived")]
    required = frozenset(f.name for f in keys if f.default is MISSING)
    return {f.name: _decoder(hints[f.name]) for f in keys}, required


def _entity_decoder(cls: type, given_id: str | None = None, id_node: Node | None = None) -> Decoder:
    shorthand = getattr(cls, "shorthand", "")
    name_of = cls.name_of if issubclass(cls, Named) else None

    def decode_entity(node: Node, diagnostics: list[Diagnostic]) -> Any:
        decoders, required = _compiled(cls)
        values: dict[str, Any] = {"node": node}
        if isinstance(node, MappingNode):
            if shorthand and (fault := _unquoted_text(node, decoders, cls)):
                diagnostics.append(fault)
                return BAD
            good = True
            misspelt: set[str] = set()
            for name, (key, child) in node.pairs.items():
                decoder = decoders.get(name)
                if decoder is None:
                    near = nearest(name, decoders)
                    taken = {*node.pairs, *misspelt}
                    misspelt.add(near)
                    diagnostics.append(_unknown_key(key, decoders, cls, near, taken))
                    continue
                if given_id is not None and name == "id":
                    diagnostics.append(_needless_id(key, cls))
                    continue
                is_empty = isinstance(child, SequenceNode) and not child.children
                value = decoder(child, diagnostics)
                if value is BAD:
                    good = good and name not in required
                else:
                    values[name] = value
                    if is_empty and name in required:
                        diagnostics.append(_empty_list(child, name))
            if not required <= node.pairs.keys():
                # What a misspelt key was meant to be is not missing as well.
                missing = sorted(required - node.pairs.keys() - misspelt)
                diagnostics += [_missing_key(node, name, cls) for name in missing]
                return BAD
            if not good:
                return BAD
        elif isinstance(node, ScalarNode) and shorthand:
            value = decoders[shorthand](node, diagnostics)
            if value is BAD:
                return BAD
            values[shorthand] = value
        else:
            wanted = "a text or a mapping" if shorthand else f"a mapping ({_article(cls)})"
            diagnostics.append(
                wrong_type(node, wanted, "write its keys below each other, `key: value`")
            )
            return BAD
        if name_of is not None:
            if given_id is not None:
                values["id"], values["pinned"], values["id_node"] = given_id, True, id_node
            elif "id" in values:
                values["pinned"], values["id_node"] = True, node.under("id")
            else:
                values["id"] = slug(name_of(values))
        return cls(**values)

    return decode_entity


def _article(cls: type) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _unknown_key(
    key: ScalarNode, known: Iterable[str], cls: type, near: str, taken: set[str]
) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in known if name != "accept")
    return faults.UNKNOWN_KEY.at(
        key.span,
        f"{_article(cls)} has no key {cited(key.value)}",
        hint=f"did you mean `{near}`?" if near else f"it knows {names}",
        fix=respelling(key, meant(key.value, known), beside=taken),
    )


def _unquoted_text(node: MappingNode, known: Iterable[str], cls: type) -> Diagnostic | None:
    """The fault of `- Trees: an introduction`, which YAML reads as a mapping."""
    if len(node.pairs) != 1:
        return None
    ((name, (key, value)),) = node.pairs.items()
    if name in known or not isinstance(value, ScalarNode) or (name.islower() and " " not in name):
        return None
    return faults.UNKNOWN_KEY.at(
        key.span,
        f"{_article(cls)} has no key {cited(name)}",
        hint="put the whole text in double quotes: it has a `: ` in it",
    )


def _needless_id(key: ScalarNode, cls: type) -> Diagnostic:
    return faults.UNKNOWN_KEY.at(
        key.span,
        f"{_article(cls)} has no key `id`: its id is the name it stands under",
        hint="delete the line, and rename that if need be",
    )


def _empty_list(node: Node, name: str) -> Diagnostic:
    return faults.BLANK_VALUE.at(
        node.span, f"`{name}` has no entries", hint="add one; it cannot do without"
    )


def _missing_key(node: MappingNode, name: str, cls: type) -> Diagnostic:
    doc = next(f.metadata["doc"] for f in fields(cls) if f.name == name)
    start = node.start
    line, column = start.line + 1, start.column + 1
    # The first key's place, not the whole mapping: a caret under forty lines points at nothing.
    first = next(iter(node.pairs.values()), None)
    span = first[0].span if first else Span(node.file, line, column, line, column)
    return faults.MISSING_KEY.at(
        span,
        f"{_article(cls)} needs the key `{name}`",
        hint=f"add `{name}:` ({doc[0].lower()}{doc[1:].rstrip('.')})",
    )


# --------------------------------------------------------------------------------- values


@cache
def _decoder(hint: Any) -> Decoder:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not NoneType)
        return _decoder(inner)
    if origin is tuple:
        return _list_decoder(_decoder(get_args(hint)[0]))
    if origin is Literal:
        return scalars.word_decoder(get_args(hint))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_decoder(get_args(hint)[1])
    if hint is Prose:
        return scalars.prose
    if hint is Verbatim:
        return scalars.verbatim
    if hint is Date:
        return scalars.date
    if hint is Duration:
        return scalars.duration
    if hint is Numbers:
        return scalars.numbers
    if hint is bool:
        return scalars.boolean
    if hint is int:
        return scalars.integer
    if hint is str or isinstance(hint, NewType):
        return scalars.text
    if isinstance(hint, type) and (issubclass(hint, Entity) or hint in (Code, Pay)):
        return _entity_decoder(hint)
    raise TypeError(f"the model has a field of a type without a decoder: {hint}")


def _list_decoder(inner: Decoder) -> Decoder:
    def decode_list(node: Node, diagnostics: list[Diagnostic]) -> Any:
        if not isinstance(node, SequenceNode):
            diagnostics.append(
                wrong_type(
                    node,
                    "a list",
                    "begin each entry on a line of its own with `- `, even a lone one",
                )
            )
            return BAD
        values = [inner(child, diagnostics) for child in node.children]
        good = tuple(value for value in values if value is not BAD)
        if len(good) < len(values):
            # Positions in the model are positions in the tree: rules find places by them.
            pairs = zip(node.children, values, strict=True)
            node.children = [child for child, value in pairs if value is not BAD]
        return good

    return decode_list


def _mapping_decoder(inner: Any) -> Decoder:
    keyed = isinstance(inner, type) and issubclass(inner, Named)

    def decode_mapping(node: Node, diagnostics: list[Diagnostic]) -> Any:
        if not isinstance(node, MappingNode):
            diagnostics.append(wrong_type(node, "a mapping", "write `key: value` lines below it"))
            return BAD
        if keyed:
            return decode_each(inner, node, diagnostics)
        decoder = _decoder(inner)
        pairs = {name: decoder(child, diagnostics) for name, _, child in node}
        return {name: value for name, value in pairs.items() if value is not BAD}

    return decode_mapping

"""The model to JSON Schema 2020-12, one schema a kind of YAML file.

Whatever `load` takes for well shaped the schemas take too, and what they reject `check` reports.
They are worded for the YAML language server: which alternative stands first decides whose message
an editor reads, so texts stand before mappings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Final, Literal, get_args, get_origin

from roadmap_site.model.curriculum import (
    Bank,
    Curriculum,
    CurriculumFile,
    Mention,
    Phase,
    Resource,
    Topic,
    Track,
    Vocabulary,
)
from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.values import Id
from roadmap_site.schema.choices import AREA, Choices, choices, warning_codes
from roadmap_site.schema.snippets import SNIPPETS
from roadmap_site.schema.values import VALUES, Schema, text
from roadmap_site.schema.words import WORDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PUBLISHED = "schema/v1/"
"""Where they stand on the site. A change that makes files faulty which were none gets a v2."""
COMMENT = "Made by `roadmap-site schema` from the curriculum; changes made here are lost."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of YAML file: which files, by a glob without its ending, and the class of each."""

    files: str
    title: str
    cls: type
    each: bool = False
    """Whether it is a mapping of id to `cls`."""


KINDS: Final[Mapping[str, Kind]] = {
    "curriculum": Kind("curriculum", "The curriculum", CurriculumFile),
    "topics": Kind("topics", "The vocabulary of topics", Vocabulary),
    "resources": Kind("resources/*", "Resources of the library", Resource, each=True),
    "questions": Kind("questions/*", "A bank of interview questions", Bank),
    "track": Kind("tracks/*/track", "A track", Track),
    "month": Kind("tracks/*/!(track)", "A month of a track", Phase),
}

_NAMED_BY_PLACE = (Bank, Resource, Topic, Track)
"""Their id is the name they stand under."""
_ONE_OF: Mapping[type, tuple[tuple[str, ...], str]] = {
    Mention: (
        ("ref", "any_of", "all_of"),
        "Name a resource by `ref`, or several by `any_of` or `all_of`.",
    ),
    Phase: (
        ("month", "week", "length", "ongoing"),
        "Say when: give one of `month`, `week`, `length` and `ongoing`.",
    ),
}
_KEY: Schema = {
    "pattern": VALUES[Id][1]["pattern"],
    "errorMessage": VALUES[Id][1]["errorMessage"],
    "doNotSuggest": True,
}
"""An id as a key. Editors would suggest its pattern."""
_LIST = "Write a list: begin each entry on a line of its own with `- `, even a lone one."
_AT_LEAST: Mapping[tuple[type, str], int] = {(Mention, "any_of"): 2, (Mention, "all_of"): 2}
"""Entries a list has at least, where that is not told by its key being required."""


def schemas(curriculum: Curriculum | None = None, *, site_url: str = "") -> dict[str, Schema]:
    """A JSON Schema for each kind of YAML file, by the kind's name.

    With a curriculum they list its ids, so that editors can complete them and know others for
    wrong; without one they take any id. `site_url` is where the site that publishes them stands
    (with a trailing slash; empty for schemas that stand in a folder).
    """
    known = choices(curriculum) if curriculum else {}
    return {name: _document(name, kind, known, site_url) for name, kind in KINDS.items()}


def _document(name: str, kind: Kind, known: Choices, url: str) -> Schema:
    defs: dict[str, Schema] = {}
    if kind.each:
        body = _each(kind.cls, defs, known)
        doc = f"Each under its id. {_doc_of(kind.cls)}"
    else:
        body = _mapping(kind.cls, defs, known)
        doc = _doc_of(kind.cls)
    head: Schema = {"$schema": DIALECT}
    if url:
        head["$id"] = f"{url}{PUBLISHED}{name}.json"
    head |= {"$comment": COMMENT, "title": kind.title, **_described(doc)}
    return head | body | {"$defs": dict(sorted(defs.items()))}


# ------------------------------------------------------------------------------- entities


def _mapping(cls: type, defs: dict[str, Schema], known: Choices) -> Schema:
    """A mapping with the keys of a class."""
    keys = [f for f in fields(cls) if not f.metadata.get("derived")]
    if issubclass(cls, _NAMED_BY_PLACE):
        keys = [f for f in keys if f.name != "id"]
    # What every entity has comes after what makes it this one.
    keys.sort(key=lambda f: (f.default is not MISSING, f.name in ("id", "accept")))
    schema: Schema = {
        "type": "object",
        "properties": {f.name: _property(cls, f, defs, known) for f in keys},
        "additionalProperties": False,
    }
    required = [f.name for f in keys if f.default is MISSING]
    if required:
        schema["required"] = required
    if cls in _ONE_OF:
        names, message = _ONE_OF[cls]
        schema["anyOf"] = [{"required": [name], "errorMessage": message} for name in names]
    return schema


def _entity(cls: type, defs: dict[str, Schema], known: Choices) -> Schema:
    """A reference to the definition of a class, which is added where it is not there yet."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()
    if name not in defs:
        defs[name] = {}  # holds its place: an item may hold items
        title = name.replace("-", " ").capitalize()
        head = {"title": title, **_described(_doc_of(cls))}
        mapping = _mapping(cls, defs, known)
        shorthand = getattr(cls, "shorthand", "")
        if shorthand:
            mapping = {"title": title} | mapping  # editors name a new one by it
            defs[name] = head | {"anyOf": [_short(cls, shorthand, defs, known), mapping]}
        else:
            defs[name] = head | mapping
    return {"$ref": f"#/$defs/{name}"}


def _short(cls: type, key: str, defs: dict[str, Schema], known: Choices) -> Schema:
    """The text that may stand for a mapping; its message is read where neither is there."""
    hint, _ = field_types(cls)[key]
    value = _value(hint, defs, known)
    if value == {"$ref": "#/$defs/text"}:
        return text() | {
            "errorMessage": f"Write a text, or a mapping with the key `{key}`; "
            "a text that has `: ` in it wants double quotes."
        }
    return value  # an id, whose own message it is; editors do not put another in its place


def _each(cls: type, defs: dict[str, Schema], known: Choices) -> Schema:
    """A mapping of ids to a class."""
    schema: Schema = {
        "type": "object",
        "propertyNames": _KEY,
        "additionalProperties": _entity(cls, defs, known),
    }
    if cls in SNIPPETS:
        schema["defaultSnippets"] = deepcopy(SNIPPETS[cls])
    return schema


# --------------------------------------------------------------------------------- values


def _property(cls: type, key: Field[Any], defs: dict[str, Schema], known: Choices) -> Schema:
    hint, several = field_types(cls)[key.name]
    if cls is Topic and key.name == "area":
        hint = AREA
    if key.name == "accept":
        value: Schema = {"$ref": _accept(defs)}
    else:
        value = _value(hint, defs, known)
    if several:
        value = {"type": "array", "items": value, "errorMessage": _LIST}
        least = 1 if key.default is MISSING else _AT_LEAST.get((cls, key.name), 0)
        if least:
            value["minItems"] = least
        if hint in SNIPPETS:
            value["defaultSnippets"] = deepcopy(SNIPPETS[hint])
    example, default = key.metadata["example"], key.default
    notes = [key.metadata["doc"]]
    if default is MISSING:
        notes.append("Required.")
    elif isinstance(default, (bool, int)) or default:
        # An empty list or text as a default would be filled in with the key, and say nothing.
        value = value | {"default": default}
        notes.append(f"Without it: `{_yaml(default)}`.")
    if default is False:
        value["examples"] = [True]
    if example is not None:
        notes.append(f"Example: `{key.name}: {_yaml(example)}`")
    return value | _described(key.metadata["doc"], "\n\n".join(notes))


def _value(hint: Any, defs: dict[str, Schema], known: Choices) -> Schema:
    origin = get_origin(hint)
    if origin is Literal:
        words = WORDS[hint]
        return {
            "enum": list(get_args(hint)),
            "enumDescriptions": [words[word] for word in get_args(hint)],
            "errorMessage": f"Write one of {', '.join(get_args(hint))}.",
        }
    if origin is tuple:
        items = _value(get_args(hint)[0], defs, known)
        return {"type": "array", "items": items, "errorMessage": _LIST}
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(hint)[1]
        if isinstance(inner, type) and issubclass(inner, Entity):
            return _each(inner, defs, known)
        # Rules and patterns are no ids; areas are.
        names = {"propertyNames": _KEY} if inner is str else {}
        return {"type": "object", **names, "additionalProperties": _value(inner, defs, known)}
    if hint in VALUES or hint == AREA:
        return {"$ref": _define(hint, defs, known)}
    return _entity(hint, defs, known)


def _define(hint: Any, defs: dict[str, Schema], known: Choices) -> str:
    """The address of a small value's definition, which is added where it is not there yet."""
    name, schema = ("area-id", VALUES[Id][1]) if hint == AREA else VALUES[hint]
    if known.get(hint):
        noun = name.rpartition("-")[0]
        schema = {
            "enum": list(known[hint]),
            "enumDescriptions": list(known[hint].values()),
            "errorMessage": f"There is no {noun} of this name. If it is new, "
            "`roadmap-site schema` makes it known here.",
        }
    defs[name] = {"title": name.replace("-", " ").capitalize()} | deepcopy(schema)
    return f"#/$defs/{name}"


def _accept(defs: dict[str, Schema]) -> str:
    defs["accept"] = {
        "type": "object",
        "properties": {code: text() | _described(what) for code, what in warning_codes().items()},
        "additionalProperties": False,
    }
    return "#/$defs/accept"


# --------------------------------------------------------------------------------- wording


def _doc_of(cls: type) -> str:
    """The first sentence of a class's docstring."""
    first = (cls.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split())


def _described(plain: str, markdown: str = "") -> Schema:
    """Both kinds of description: what refers to a definition then has neither from there."""
    return {"description": plain, "markdownDescription": markdown or plain}


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return str(value)

"""What the YAML would have to say for nothing to be lost, as faults with their fixes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from roadmap_site.check.identity.faults import DROPPED_RECORD
from roadmap_site.check.rules.ids import id_span
from roadmap_site.edit import append_to_list, insert_key
from roadmap_site.model.curriculum import Phase, Place, Week
from roadmap_site.model.diagnostic import Diagnostic, Edit, Fix, Related, Rule, cited
from roadmap_site.model.entity import Entity, Named
from roadmap_site.model.index import entities_in
from roadmap_site.model.source import Span
from roadmap_site.model.values import slug


@dataclass(frozen=True, slots=True)
class Want:
    """A fault, and the value that a key of an entity has to have (or to list) to mend it."""

    fault: Rule
    span: Span
    message: str
    hint: str
    related: tuple[Related, ...] = ()
    owner: Entity | None = None
    key: str = ""
    value: str = ""


def diagnostics(wants: Iterable[Want]) -> Iterator[Diagnostic]:
    """The faults with their fixes: what is to be added to one list is one fix."""
    wants = list(wants)
    values: dict[tuple[int, str], list[str]] = defaultdict(list)
    for want in wants:
        if want.owner is not None:
            values[id(want.owner), want.key].append(want.value)
    for want in wants:
        fix = None
        # A pin goes first, alone: two weeks that swapped titles have to be pinned at once.
        waits = want.key != "id" and (id(want.owner), "id") in values
        if want.owner is not None and not waits:
            some = list(dict.fromkeys(values[id(want.owner), want.key]))
            edits = _edits(want.owner, want.key, some)
            if edits:
                is_alone = want.key in ("id", "moved_pages")
                listed = some[0] if is_alone else f"[{', '.join(some)}]"
                fix = Fix(f"write `{want.key}: {listed}`", edits)
        yield want.fault.at(want.span, want.message, hint=want.hint, related=want.related, fix=fix)


def _edits(owner: Entity, key: str, values: list[str]) -> tuple[Edit, ...]:
    node = owner.node
    if not all(map(_is_path, values)):
        return ()  # what is no id has no place in the YAML that a machine writes
    written = [_plain(value) for value in values]
    there = node.under(key)
    if key == "moved_pages":
        edit = _add_pair(owner, *values[0].split(": "))  # others follow in rounds of their own
        return (edit,) if edit else ()
    if key == "id":
        # Two claims to one pin are not for a machine to settle.
        edit = insert_key(node, key, written[0], shorthand=owner.shorthand)
        return (edit,) if edit and len(written) == 1 else ()
    if there is not None:
        edit = append_to_list(there, *written)
    else:
        edit = insert_key(node, key, f"[{', '.join(written)}]", shorthand=owner.shorthand)
    return (edit,) if edit else ()


def _is_path(value: str) -> bool:
    return all(step and slug(step) == step for step in re.split("/|: ", value))


def _add_pair(owner: Entity, old: str, new: str) -> Edit | None:
    there = owner.node.under("moved_pages")
    if there is None:
        return insert_key(owner.node, "moved_pages", f"{{{old}: {new}}}")
    return insert_key(there, old, new)


def _plain(id: str) -> str:
    return f'"{id}"' if id in ("null", "true", "false") else id


def retiring(want: Want, owner: Entity, key: str, value: str) -> Want:
    """The same of what was taken away for sure, since nothing is there that it may have become."""
    if _is_live(owner, value):
        return want
    hint = f"nothing new is there that it may have become: add `{key}: [{value}]` here"
    return replace(want, owner=owner, key=key, value=value, hint=hint)


def _is_live(owner: Entity, id: str) -> bool:
    """Whether something below a week or list has an id, so that it cannot be retired there."""
    return isinstance(owner, Week | Phase | Place) and any(
        isinstance(entity, Named) and entity.id == id for entity in entities_in(owner)
    )


def dropped(owner: Entity, key: str, value: str) -> Want:
    """A former or retired id that an entity named in the base, and names no more."""
    return Want(
        DROPPED_RECORD,
        id_span(owner) if isinstance(owner, Named) else owner.node.at(key),
        f"`{key}` no longer names {cited(value)}",
        f"put it back: `{key}: [{value}]`",
        owner=None if key == "retired" and _is_live(owner, value) else owner,
        key=key,
        value=value,
    )

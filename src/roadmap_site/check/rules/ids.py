"""RS1xx: ids that places, items and files go by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from roadmap_site.load.spelling import respelling
from roadmap_site.model.curriculum import Mention, Phase, Track, Week
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, cited, rule
from roadmap_site.model.entity import Named
from roadmap_site.model.index import Index
from roadmap_site.model.source import MappingNode, Node, Span
from roadmap_site.model.values import slug


def id_span(entity: Named) -> Span:
    """Where an entity's id comes from: its pin, else its words."""
    if entity.id_node:
        return entity.id_node.span
    for name in ("ref", "any_of", "all_of", "bank", "text", "title"):
        if words := entity.node.under(name):
            return words.span
    return entity.node.span


def _namespace(index: Index, track: Track) -> list[Named]:
    """What shares one namespace of ids in a track: its places, and the phases that have weeks."""
    places = [spot.entity for spot in index.places[track.id]]
    return [*places, *(phase for phase in track.phases if phase.weeks)]


def _repeated(entities: Iterable[Named]) -> Iterator[tuple[Named, Named]]:
    """Each entity whose id was taken, with the one that took it."""
    first: dict[str, Named] = {}
    for entity in entities:
        other = first.setdefault(entity.id, entity)
        if other is not entity and entity.id:
            yield entity, other


@rule("RS101", "duplicate-id", Severity.ERROR)
def duplicate_id(index: Index) -> Iterator[Diagnostic]:
    """Two things share an id.

    What it checks: within a track, no two places have the same id; within a place, no two items,
    whatever their kind or depth, and no two modules or branches; and no two files of the library
    hold the same resource.

    Why it matters: a tick is stored under track, place and item. Two items with one id would tick
    together, and nothing may be numbered silently, or a later edit would move the ticks.

    Example: `- Practice` under both the topics and the projects of one week.

    Use instead: `id:` on one of the two: `{text: Practice, id: practice-again}`.
    """
    hint = "drop one of the two, or give it an `id:` of its own"
    for track in index.curriculum.tracks:
        for entity, other in _repeated(_namespace(index, track)):
            yield duplicate_id.at(
                id_span(entity),
                f"the id {cited(entity.id)} is taken in this track",
                hint=hint,
                related=(Related(id_span(other), "by this"),),
            )
        for spot in index.places[track.id]:
            for entity, other in _repeated(tick.entity for tick in spot.ticks):
                yield duplicate_id.at(
                    id_span(entity),
                    f"the id {cited(entity.id)} is taken at this place",
                    hint=hint,
                    related=(Related(id_span(other), "by this"),),
                )
            if isinstance(spot.entity, Week | Phase):
                branches = spot.entity.branches if isinstance(spot.entity, Phase) else ()
                for entity, other in _repeated([*spot.entity.modules, *branches]):
                    yield duplicate_id.at(
                        id_span(entity),
                        f"the id {cited(entity.id)} is taken by a part of this place",
                        hint=hint,
                        related=(Related(id_span(other), "by this"),),
                    )
    for bank in index.curriculum.banks.values():
        for entity, other in _repeated(bank.questions):
            yield duplicate_id.at(
                id_span(entity),
                f"the id {cited(entity.id)} is taken in this bank",
                hint=hint,
                related=(Related(id_span(other), "by this"),),
            )
    for key, first in index.curriculum.twice.items():
        for again in first[1:]:
            yield duplicate_id.at(
                again.span,
                f"the resource {cited(key)} stands in the library a second time",
                hint="keep one entry: each resource stands once",
                related=(Related(first[0].span, "first here"),),
            )


@rule("RS102", "empty-id", Severity.ERROR)
def empty_id(index: Index) -> Iterator[Diagnostic]:
    """No id can be derived.

    What it checks: each thing that has an id derived from its words has a letter or a digit in
    them.

    Why it matters: without an id it has no address, and its tick no key.

    Example: a topic called `???`

    Use instead: `{text: "???", id: open-questions}`
    """
    for entity in index.entities:
        if isinstance(entity, Mention) and not entity.refs:
            continue  # said by aimless-mention
        if isinstance(entity, Named) and not entity.id and not entity.pinned:
            yield empty_id.at(
                id_span(entity),
                "no id can be derived from words without a letter or digit",
                hint="add `id:` with one of your choice",
            )


@rule("RS103", "malformed-id", Severity.ERROR, fixable=True)
def malformed_id(index: Index) -> Iterator[Diagnostic]:
    """A pinned id is not written as ids are.

    What it checks: ids, the names of tracks' folders and banks' files, and former ids under
    `moved` are lower case words joined by hyphens.

    Why it matters: ids stand in addresses and in the keys of ticks.

    Example: `id: My Week`

    Use instead: `id: my-week`
    """
    for id, span, action, pin in _written_ids(index):
        wanted = slug(id)
        if wanted != id or not id:
            yield malformed_id.at(
                span,
                f"{cited(id)} is not an id",
                hint=f"{action} `{wanted or 'like-this'}`",
                fix=respelling(pin, wanted),
            )


def _written_ids(index: Index) -> Iterator[tuple[str, Span, str, Node | None]]:
    """Every id that an editor wrote, where, and what is to be done to change it.

    The node is given where nothing else goes by the id: an `id:`, not a name or a key.
    """
    c = index.curriculum
    yield c.about.id, c.about.node.at("id"), "write it", c.about.node.under("id")
    for position, track in enumerate(c.about.tracks):
        if track in c.declared["tracks"]:
            yield (
                track,
                c.about.node.at("tracks", position),
                "rename the folder, and write it",
                None,
            )
    for position, bank in enumerate(c.about.banks):
        if bank in c.declared["banks"]:
            yield bank, c.about.node.at("banks", position), "rename the file, and write it", None
    areas = c.vocabulary.node.under("areas") if c.vocabulary else None
    if isinstance(areas, MappingNode):
        for area, key, _ in areas:
            yield area, key.span, "write it", None
    for entity in index.entities:
        if isinstance(entity, Named):
            if entity.id_node:
                pin = entity.node.under("id")
                own = pin if pin is entity.id_node else None
                yield entity.id, entity.id_node.span, "write it", own
            for name in ("moved", "retired"):
                for position, former in enumerate(getattr(entity, name, ())):
                    # Each step of a path is an id; how many there may be, misplaced-path says.
                    for step in former.split("/"):
                        yield step, entity.node.at(name, position), "write each id as", None


@rule("RS113", "moved-in-use", Severity.ERROR)
def moved_in_use(index: Index) -> Iterator[Diagnostic]:
    """A former id is somebody else's.

    What it checks: no id under `moved` is a place's id today, or stands under two of them.

    Why it matters: the old address cannot lead to two pages.

    Example: `moved: [cnns]` while another week is called CNNs

    Use instead: `id:` on the other week.
    """
    c = index.curriculum
    groups: list[Iterable[Named]] = [c.tracks, c.topics.values(), c.banks.values()]
    groups += [_namespace(index, track) for track in c.tracks]
    for group in groups:
        entities = list(group)
        taken: dict[str, Named] = {entity.id: entity for entity in entities}
        for entity in entities:
            for position, former in enumerate(getattr(entity, "moved", ())):
                other = taken.setdefault(former, entity)
                if other is not entity or former == entity.id:
                    yield moved_in_use.at(
                        entity.node.at("moved", position),
                        f"the former id {cited(former)} is in use",
                        hint="drop it, or pin another id on the other one",
                        related=(Related(id_span(other), "by this"),),
                    )


_PAGE_NUMBER = re.compile(r"page-\d+", re.ASCII)


@rule("RS115", "reserved-id", Severity.ERROR)
def reserved_id(index: Index) -> Iterator[Diagnostic]:
    """An id that the site needs for itself.

    What it checks: no place or phase is called `all`, no track `site` or `moves` and no topic
    `page-2` or the like, now or formerly.

    Why it matters: the site makes pages and files of these names, and one would hide the other.

    Example: a week called All

    Use instead: `id: all-together` on that week.
    """
    c = index.curriculum
    groups: list[tuple[Iterable[Named], Callable[[str], object], str]] = [
        (c.tracks, ("site", "moves").__contains__, "rename the folder"),
        (c.topics.values(), _PAGE_NUMBER.fullmatch, "choose another"),
        *((_namespace(index, track), "all".__eq__, "pin another with `id:`") for track in c.tracks),
    ]
    for entities, is_reserved, hint in groups:
        for entity in entities:
            wanted = [(entity.id, id_span(entity), hint)]
            for position, former in enumerate(getattr(entity, "moved", ())):
                wanted.append((former, entity.node.at("moved", position), "drop it"))
            for id, span, mending in wanted:
                if is_reserved(id):
                    message = f"the site needs the id {cited(id)} for itself"
                    yield reserved_id.at(span, message, hint=mending)


RULES = (duplicate_id, empty_id, malformed_id, moved_in_use, reserved_id)

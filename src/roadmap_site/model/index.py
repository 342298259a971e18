"""Facts derived from a curriculum once, for every rule and page to share."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from roadmap_site.model.curriculum import Block, Curriculum, Item, Phase, Track
from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.places import TickPlace, places
from roadmap_site.model.values import TopicRef

_NOT_IN_NAME = re.compile(r"[\W_]+")


def normal_name(name: str) -> str:
    """A name with case, spaces and punctuation set aside: k-NN, kNN and "K NN" are one."""
    spelled = name.casefold().replace("+", " plus ").replace("#", " sharp ")
    if spelled.isascii():
        return _NOT_IN_NAME.sub("", spelled)
    # \w leaves combining marks out, by which words of Indic scripts differ.
    composed = unicodedata.normalize("NFKC", spelled)
    return "".join(c for c in composed if unicodedata.category(c)[0] in "LNM")


@dataclass(frozen=True, slots=True)
class Teaching:
    """A topic taught at a place by an entity.

    `as_topic`: by what is to learn there, rather than by practice, a project or the whole place.
    """

    topic: TopicRef
    place: TickPlace | None
    track: Track
    phase: Phase | None
    entity: Entity
    as_topic: bool


class Index:
    """What rules and pages look up. Everything is computed at first use and kept."""

    def __init__(self, curriculum: Curriculum) -> None:
        self.curriculum = curriculum

    @cached_property
    def entities(self) -> list[Entity]:
        """Every entity of the curriculum, parents before children."""
        c = self.curriculum
        heads: list[Entity] = [c.about, *c.tracks, *c.resources.values(), *c.banks.values()]
        if c.vocabulary:
            heads.append(c.vocabulary)
        heads += c.topics.values()
        return [entity for head in heads for entity in entities_in(head)]

    def is_complete(self, track: Track) -> bool:
        """Whether all of a track could be read: of half a track nobody can say what it lacks."""
        return len(track.phases) == len(set(track.months)) and not any(
            path.startswith(f"tracks/{track.id}/") for path in self.curriculum.broken
        )

    @cached_property
    def is_all_complete(self) -> bool:
        """Whether every file could be read, and every file that is listed is there."""
        c = self.curriculum
        return (
            not c.broken
            and not c.unread
            and len(c.tracks) == len(set(c.about.tracks))
            and all(self.is_complete(track) for track in c.tracks)
        )

    @cached_property
    def places(self) -> dict[str, tuple[TickPlace, ...]]:
        """Each track's places, by track id."""
        return {track.id: tuple(places(track)) for track in self.curriculum.tracks}

    @cached_property
    def names(self) -> dict[str, TopicRef]:
        """Normalized labels and other names to topic ids; the first claim holds."""
        found: dict[str, TopicRef] = {}
        for id, topic in self.curriculum.topics.items():
            for name in (topic.label, *topic.also):
                if normal := normal_name(name):
                    found.setdefault(normal, TopicRef(id))
        return found

    def topics_of(self, item: Item) -> tuple[TopicRef, ...]:
        """The topics an item names: those it lists, else the one its text is the name of."""
        if item.teaches is not None:
            return item.teaches
        named = self.names.get(normal_name(item.text))
        return (named,) if named else ()

    @cached_property
    def teachings(self) -> dict[str, tuple[Teaching, ...]]:
        """Each track's teachings in the order of the road, by track id."""
        return {t.id: tuple(self._teachings(t)) for t in self.curriculum.tracks}

    @cached_property
    def leads_to(self) -> Mapping[str, list[TopicRef]]:
        """For each topic, those that require it."""
        found: dict[str, list[TopicRef]] = defaultdict(list)
        for id, topic in self.curriculum.topics.items():
            for required in topic.requires:
                found[required].append(TopicRef(id))
        return found

    def _teachings(self, track: Track) -> Iterator[Teaching]:
        seen_phase: Phase | None = None
        for place in self.places[track.id]:
            if place.phase is not None and place.phase is not seen_phase:
                seen_phase = place.phase
                own = place if place.kind == "phase" else None
                for topic in seen_phase.teaches:
                    yield Teaching(topic, own, track, seen_phase, seen_phase, False)
            if place.kind != "phase":
                for topic in place.entity.teaches:
                    yield Teaching(topic, place, track, place.phase, place.entity, False)
            blocks: Iterable[Block] = ()
            if place.kind in ("week", "phase"):
                blocks = [
                    *place.entity.modules,  # type: ignore[union-attr]
                    *(place.entity.branches if isinstance(place.entity, Phase) else ()),
                ]
            learn = _learning_items([place.entity, *blocks])
            for block in blocks:
                for topic in block.teaches:
                    yield Teaching(topic, place, track, place.phase, block, False)
            for tick in place.ticks:
                entity = tick.entity
                topics = self.topics_of(entity) if isinstance(entity, Item) else entity.teaches
                for topic in topics:
                    yield Teaching(topic, place, track, place.phase, entity, id(entity) in learn)
        for notes in (track.how_to_use, track.next_steps, track.outcomes, track.assessment):
            for reference in notes.items if notes else ():
                for topic in reference.teaches:
                    yield Teaching(topic, None, track, None, reference, False)


def _learning_items(blocks: Iterable[object]) -> set[int]:
    """The identities of what stands under topics and key concepts (points included)."""
    found: set[int] = set()
    for block in blocks:
        if isinstance(block, Block):
            _add_identities(block.topics, found)
            for group in block.key_concepts:
                _add_identities(group.items, found)
    return found


# No function within another: one that calls itself is a cycle, in which the model would be kept.
def _add_identities(items: Iterable[Item], found: set[int]) -> None:
    for item in items:
        found.add(id(item))
        _add_identities(item.points, found)


def entities_in(entity: Entity) -> list[Entity]:
    """An entity and all that it holds, parents before children."""
    found: list[Entity] = []
    _collect(entity, found)
    return found


@cache
def _child_fields(cls: type) -> tuple[tuple[str, bool], ...]:
    """The fields of a class that hold entities, and whether each holds several."""
    return tuple(
        (name, several)
        for name, (inner, several) in field_types(cls).items()
        if isinstance(inner, type) and issubclass(inner, Entity)
    )


def _collect(entity: Entity, found: list[Entity]) -> None:
    found.append(entity)
    cls: type = type(entity)
    for name, several in _child_fields(cls):
        value = getattr(entity, name)
        if several:
            for child in value:
                _collect(child, found)
        elif value is not None:
            _collect(value, found)

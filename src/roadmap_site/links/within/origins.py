"""Where in the YAML it stands that the site has an address, and who refers to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from roadmap_site.links.within.rendered import Address
from roadmap_site.model.addresses import (
    bank_address,
    phase_address,
    place_address,
    question_address,
    resource_address,
    tick_address,
    topic_address,
    track_address,
    whole_track_address,
)
from roadmap_site.model.curriculum import Item, Phase, Track
from roadmap_site.model.entity import Entity, Named
from roadmap_site.model.index import Index
from roadmap_site.model.pages import GENERATED
from roadmap_site.model.references import reference_node, references
from roadmap_site.model.source import Node, Span
from roadmap_site.model.values import BankRef, FileRef, ResourceRef, TopicRef, TrackRef

_ADDRESS_OF: Mapping[Any, Callable[[str], str]] = {
    TopicRef: topic_address,
    ResourceRef: resource_address,
    BankRef: bank_address,
    TrackRef: track_address,
}


def addressed(path: str) -> Address:
    """A site path of ours, an anchor with it or not, as an address."""
    return Address(*path.partition("#")[::2])


def referred(index: Index) -> Mapping[Address, list[Span]]:
    """Every address that the YAML refers to by an id, and the places where it does.

    A resource's is its entry in the library. An item whose words are a topic's name refers to it.
    """
    curriculum = index.curriculum
    found: dict[Address, list[Span]] = defaultdict(list)

    def add(path: str, node: Node) -> None:
        found[addressed(path)].append(node.span)

    for kind, address in _ADDRESS_OF.items():
        for id, entity, name, position in references(index, kind):
            add(address(id), reference_node(entity, name, position))
    for entity in index.entities:
        if isinstance(entity, Item) and entity.teaches is None:
            for id in index.topics_of(entity):
                add(topic_address(id), entity.node.under("text") or entity.node)
    for month, entity, name, position in references(index, FileRef):
        assert isinstance(entity, Track)
        for phase in entity.phases:
            if _stem(phase) == month:
                add(phase_address(entity, phase), reference_node(entity, name, position))
    moved = curriculum.about.node.under("moved_pages")
    for old, new in (curriculum.about.moved_pages or {}).items():
        if moved and (node := moved.under(old)):
            add(f"{new}/", node)
    return found


def _stem(phase: Phase) -> str:
    """The name of a phase's file, as tracks list it."""
    return phase.node.file.path.rpartition("/")[2].rpartition(".")[0]


def made_of(index: Index) -> Mapping[Address, Span]:
    """The addresses of generated pages and of what stands on them, and what each is made of."""
    curriculum = index.curriculum
    head = curriculum.about.node.span.head
    found = {Address(f"{path}/" if path else ""): head for path in GENERATED}
    for path, entity in _parts(index):
        found.setdefault(addressed(path), _head(entity))
    return found


def _parts(index: Index) -> Iterator[tuple[str, Entity]]:
    curriculum = index.curriculum
    for track in curriculum.tracks:
        yield track_address(track.id), track
        yield whole_track_address(track.id), track
        for phase in track.phases:
            yield phase_address(track, phase), phase
        for place in index.places[track.id]:
            yield place_address(place.key), place.entity
            for tick in place.ticks:
                yield tick_address(place, tick), tick.entity
    for topic in curriculum.topics.values():
        yield topic_address(topic.id), topic
    for resource in curriculum.resources.values():
        yield resource_address(resource.id), resource
    for bank in curriculum.banks.values():
        yield bank_address(bank.id), bank
        for question in bank.questions:
            yield question_address(bank.id, question.id), question


def _head(entity: Entity) -> Span:
    """Where an entity begins: its key, where it has one."""
    if isinstance(entity, Named) and entity.id_node and entity.id_node.file is entity.node.file:
        node = entity.id_node
        return node.span if node.start.line == node.end.line else node.span.head
    return entity.node.span.head

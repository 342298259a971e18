"""A curriculum in figures: weeks, hours, items, resources, and how its tracks meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from roadmap_site.model.curriculum import Project, Resource, Track
from roadmap_site.model.diagnostic import Report
from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.hours import Effort, calendar_weeks, effort, stops
from roadmap_site.model.index import Index, entities_in
from roadmap_site.model.values import ResourceRef


@dataclass(frozen=True, slots=True)
class TrackFigures:
    """A track in figures.

    `weeks` is what its weeks are numbered for, `pages` how many weeks and phases it has. Items are
    ticks: what its total counts (`required`), what it leaves out (`optional`), and what stands in
    branches of which a learner takes one (`choices`). Resources and topics count once each.
    """

    id: str
    title: str
    weeks: int
    pages: int
    effort: Effort | None
    required: int
    optional: int
    choices: int
    projects: int
    resources: int
    resources_by_type: Mapping[str, int]
    resources_by_cost: Mapping[str, int]
    topics: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A curriculum in figures.

    `shared` has how many topics two tracks both teach, by their ids; `taught_by` how many topics
    are taught by so many tracks, from none to all; `library` the resources by type and cost;
    `accepted` the warnings accepted in place, by the rule's code and name.
    """

    tracks: tuple[TrackFigures, ...]
    shared: Mapping[str, Mapping[str, int]]
    taught_by: Mapping[int, int]
    untaught: tuple[str, ...]
    library: Mapping[str, Mapping[str, int]]
    questions: int
    accepted: Mapping[str, int]


def figures(index: Index, report: Report) -> Figures:
    """Count what a curriculum has; the report says which warnings it accepts."""
    c = index.curriculum
    taught = {
        id: {teaching.topic for teaching in teachings if teaching.topic in c.topics}
        for id, teachings in index.teachings.items()
    }
    by_how_many = Counter(sum(topic in some for some in taught.values()) for topic in c.topics)
    accepted = Counter(f"{d.rule.code} {d.rule.name}" for d, _ in report.accepted)
    return Figures(
        tracks=tuple(_track(index, track, len(taught[track.id])) for track in c.tracks),
        shared={
            one: {other: len(taught[one] & taught[other]) for other in taught if other != one}
            for one in taught
        },
        taught_by={number: by_how_many[number] for number in range(len(taught) + 1)},
        untaught=tuple(t for t in c.topics if not any(t in some for some in taught.values())),
        library=_by_type_and_cost(c.resources.values()),
        questions=sum(len(bank.questions) for bank in c.banks.values()),
        accepted=dict(sorted(accepted.items())),
    )


def _track(index: Index, track: Track, topics: int) -> TrackFigures:
    ticks = [tick for place in index.places[track.id] for tick in place.ticks]
    named = _resources(index, track)
    return TrackFigures(
        id=track.id,
        title=track.short_title,
        weeks=calendar_weeks(track),
        pages=len(list(stops(track))),
        effort=effort(track),
        required=sum(not tick.left_out and not tick.branch for tick in ticks),
        optional=sum(tick.left_out for tick in ticks),
        choices=sum(not tick.left_out and bool(tick.branch) for tick in ticks),
        projects=sum(isinstance(tick.entity, Project) for tick in ticks),
        resources=len(named),
        resources_by_type=_counted(resource.type for resource in named),
        resources_by_cost=_counted(resource.cost for resource in named),
        topics=topics,
    )


def _resources(index: Index, track: Track) -> list[Resource]:
    """The resources that a track mentions or cites, once each."""
    refs: dict[str, None] = {}
    for entity in entities_in(track):
        refs.update(dict.fromkeys(_refs(entity)))
    library = index.curriculum.resources
    return [library[ref] for ref in refs if ref in library]


def _refs(entity: Entity) -> Iterator[str]:
    cls: type = type(entity)
    for name, (kind, several) in field_types(cls).items():
        if kind is ResourceRef and (value := getattr(entity, name)):
            yield from value if several else (value,)


def _counted(words: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(words).items()))


def _by_type_and_cost(resources: Iterable[Resource]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Counter[str]] = {}
    for resource in resources:
        found.setdefault(resource.type, Counter())[resource.cost] += 1
    return {kind: dict(sorted(by_cost.items())) for kind, by_cost in sorted(found.items())}

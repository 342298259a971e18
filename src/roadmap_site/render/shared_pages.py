"""The pages across tracks: home, topics, compare, projects, resources, questions, progress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from roadmap_site.model.addresses import (
    bank_address,
    place_address,
    tick_address,
    topic_address,
    track_address,
)
from roadmap_site.model.curriculum import (
    BankMention,
    Item,
    Mention,
    Project,
    Reference,
    Resource,
    Topic,
)
from roadmap_site.model.entity import Entity
from roadmap_site.model.index import entities_in
from roadmap_site.model.source import Span
from roadmap_site.render.data import COMPARED
from roadmap_site.render.page import Draft, SearchEntry, clip, search_text
from roadmap_site.render.road import Road
from roadmap_site.render.tick_views import PROJECT_KINDS, question_view, time_text

View = dict[str, Any]

LIST_AT_MOST = 250
"""Entries of a long list on one page; a longer list goes on on further pages."""
COMPARED_AT_MOST = 5
CELLS_AT_MOST = 2
USED_AT_MOST = 5

TYPE_NAMES = {
    "book": "Books",
    "course": "Courses",
    "documentation": "Documentation",
    "tutorial": "Tutorials",
    "paper": "Papers",
    "article": "Articles",
    "post": "Posts",
    "video": "Videos",
    "tool": "Tools",
    "platform": "Platforms",
    "community": "Communities",
    "collection": "Collections",
}


def shared_pages(road: Road, updated: Mapping[str, str]) -> Iterator[Draft]:
    """Every page that belongs to no track."""
    about = road.index.curriculum.about
    head = about.node.span.head
    yield _home(road, head)
    yield from _topic_pages(road, updated)
    yield _compare(road, head)
    yield from _project_pages(road, head)
    yield from _resource_pages(road)
    yield from _question_pages(road, head, updated)
    yield _progress(road, head)
    yield _credits(road, head)


def _home(road: Road, head: Span) -> Draft:
    about = road.index.curriculum.about
    return Draft(
        path="",
        template="home",
        view={"kind": "home", "track": None, "cards": list(road.cards.values())},
        title=about.title,
        description=clip(f"{about.tagline} {about.summary}"),
        span=head,
    )


# --------------------------------------------------------------------------------- long lists


def _paged(
    groups: Sequence[View], inside: str, path: str
) -> Iterator[tuple[str, list[View], View]]:
    """Groups of entries cut into pages: each page's path, its groups, and its pager."""
    sheets: list[list[View]] = [[]]
    room = LIST_AT_MOST
    for group in groups:
        entries = list(group[inside])
        while entries:
            if room == 0:
                sheets.append([])
                room = LIST_AT_MOST
            taken, entries = entries[:room], entries[room:]
            sheets[-1].append({**group, inside: taken})
            room -= len(taken)
    paths = [path, *(f"{path}page-{number}/" for number in range(2, len(sheets) + 1))]
    for number, groups_here in enumerate(sheets, start=1):
        pager = {
            "number": number,
            "total": len(sheets),
            "previous": paths[number - 2] if number > 1 else "",
            "next": paths[number] if number < len(sheets) else "",
        }
        yield paths[number - 1], groups_here, pager


def _numbered(title: str, pager: View) -> str:
    return title if pager["number"] == 1 else f"{title}, page {pager['number']}"


# ------------------------------------------------------------------------------------- topics


def _topic_pages(road: Road, updated: Mapping[str, str]) -> Iterator[Draft]:
    c = road.index.curriculum
    by_area: dict[str, list[Topic]] = defaultdict(list)
    for topic in c.topics.values():
        by_area[topic.area].append(topic)
    order = [*c.areas, *(area for area in by_area if area not in c.areas)]
    areas = [
        {
            "id": area,
            "label": c.areas.get(area, area),
            "topics": [_topic_row(road, topic) for topic in by_area[area]],
        }
        for area in order
        if by_area.get(area)
    ]
    head = (c.vocabulary or c.about).node.span.head
    where: dict[str, str] = {}
    for path, groups, pager in _paged(areas, "topics", "topics/"):
        for group in groups:
            where.setdefault(group["id"], path)
        yield Draft(
            path=path,
            template="topics",
            view={
                "kind": "topics",
                "track": None,
                "count": len(c.topics),
                "areas": groups,
                "pager": pager,
            },
            title=_numbered("Topics", pager),
            description=clip(f"{len(c.topics)} topics, and the weeks that teach them."),
            span=head,
        )
    uses = _resources_by_topic(road)
    date = updated.get("topics.yml", "")
    for topic in c.topics.values():
        area = {
            "label": c.areas.get(topic.area, topic.area),
            "url": f"{where[topic.area]}#{topic.area}",
        }
        yield Draft(
            path=topic_address(topic.id),
            template="topic",
            view={
                "kind": "topic",
                "track": None,
                "label": topic.label,
                "also": topic.also,
                "summary": topic.summary,
                "area": area,
                "requires": _topic_links(road, topic.requires),
                "leads_to": _topic_links(road, road.index.leads_to.get(topic.id, ())),
                "taught": _taught_views(road, topic),
                "resources": [_resource_view(c.resources[id]) for id in uses.get(topic.id, ())],
            },
            title=topic.label,
            description=clip(topic.summary),
            span=topic.node.span.head,
            updated=date,
            search=_topic_entry(road, topic),
        )


def _topic_entry(road: Road, topic: Topic) -> SearchEntry:
    """A topic is found by its other names; its title says which tracks teach it."""
    names = list(dict.fromkeys(p.track.short_title for p in road.taught.get(topic.id, ())))
    shown = names[:2] + ([f"{len(names) - 2} more"] if len(names) > 2 else [])
    where = ", ".join(shown) or "in no track yet"
    text = search_text(topic.label, *topic.also, topic.summary)
    return SearchEntry(f"{topic.label} · topic: {where}", text)


def _topic_row(road: Road, topic: Topic) -> View:
    tracks = dict.fromkeys(place.track.id for place in road.taught.get(topic.id, ()))
    return {
        "label": topic.label,
        "url": topic_address(topic.id),
        "tracks": [road.cards[id] for id in tracks],
    }


def _topic_links(road: Road, ids: Sequence[str]) -> list[View]:
    topics = road.index.curriculum.topics
    return [{"label": topics[id].label, "url": topic_address(id)} for id in ids if id in topics]


def _taught_views(road: Road, topic: Topic) -> list[View]:
    found: dict[str, list[View]] = {}
    for place in road.taught.get(topic.id, ()):
        found.setdefault(place.track.id, []).append(
            {
                "label": road.place_label(place) if place.key in road.by_key else "",
                "title": place.entity.title,
                "url": place_address(place.key),
            }
        )
    return [{"track": road.cards[id], "places": places} for id, places in found.items()]


def _resources_by_topic(road: Road) -> Mapping[str, list[str]]:
    """Resources of the library by the topics they say they teach."""
    found: dict[str, list[str]] = defaultdict(list)
    for id, resource in road.index.curriculum.resources.items():
        for topic in resource.teaches:
            found[topic].append(id)
    return found


# ------------------------------------------------------------------------------------ compare


def _compare(road: Road, head: Span) -> Draft:
    c = road.index.curriculum
    cards = list(road.cards.values())
    shown = cards[:COMPARED_AT_MOST]
    columns = {card["id"]: number for number, card in enumerate(shown)}
    rows: dict[str, list[View]] = {}
    for topic_id, topic in c.topics.items():
        places = [place for place in road.taught.get(topic_id, ()) if place.track.id in columns]
        if not places:
            continue
        cells: list[list[View]] = [[] for _ in shown]
        for place in places:
            cells[columns[place.track.id]].append(
                {"label": road.place_label(place), "url": place_address(place.key)}
            )
        rows.setdefault(topic.area, []).append(
            {
                "label": topic.label,
                "url": topic_address(topic_id),
                "cells": [
                    {"places": cell[:CELLS_AT_MOST], "more": max(0, len(cell) - CELLS_AT_MOST)}
                    for cell in cells
                ],
            }
        )
    order = [*c.areas, *(area for area in rows if area not in c.areas)]
    choices = [
        {"id": card["id"], "short": card["short"], "shown": card["id"] in columns} for card in cards
    ]
    return Draft(
        path="compare/",
        template="compare",
        view={
            "kind": "compare",
            "track": None,
            "cards": shown,
            "choices": choices if len(choices) > 1 else [],
            "facts": [
                {"label": label, "values": [card[name] or "not stated" for card in shown]}
                for label, name in COMPARED
            ],
            "areas": [
                {"label": c.areas.get(area, area), "topics": rows[area]}
                for area in order
                if area in rows
            ],
        },
        title="Compare the tracks",
        description=clip("The tracks side by side: length, effort, level, and topic by topic."),
        span=head,
    )


# ----------------------------------------------------------------------------------- projects


def _project_pages(road: Road, head: Span) -> Iterator[Draft]:
    groups = []
    for track in road.index.curriculum.tracks:
        projects = [
            {
                "title": tick.entity.title,
                "url": tick_address(place, tick),
                "brief": tick.entity.brief,
                "kind": PROJECT_KINDS[tick.entity.kind],
                "where": road.place_label(place),
                "time": time_text(tick.entity.time),
            }
            for place in road.index.places[track.id]
            for tick in place.ticks
            if isinstance(tick.entity, Project)
        ]
        if projects:
            groups.append({"track": road.cards[track.id], "projects": projects})
    count = sum(len(group["projects"]) for group in groups)
    for path, here, pager in _paged(groups, "projects", "projects/"):
        yield Draft(
            path=path,
            template="projects",
            view={
                "kind": "all-projects",
                "track": None,
                "count": count,
                "groups": here,
                "pager": pager,
            },
            title=_numbered("Projects", pager),
            description=clip(f"{count} things to build, track by track."),
            span=head,
        )


# ---------------------------------------------------------------------------------- resources


def _resource_pages(road: Road) -> Iterator[Draft]:
    c = road.index.curriculum
    used = _places_by_resource(road)
    by_type: dict[str, list[Resource]] = defaultdict(list)
    for resource in c.resources.values():
        by_type[resource.type].append(resource)
    groups = [
        {
            "id": f"_{kind}",
            "label": label,
            "resources": [
                {**_resource_view(resource), "id": resource.id, "used": used.get(resource.id, [])}
                for resource in sorted(
                    by_type[kind], key=lambda resource: (resource.title.casefold(), resource.id)
                )
            ],
        }
        for kind, label in TYPE_NAMES.items()
        if by_type.get(kind)
    ]
    first = next(iter(c.resources.values()), None)
    for path, here, pager in _paged(groups, "resources", "resources/"):
        yield Draft(
            path=path,
            template="resources",
            view={
                "kind": "resources",
                "track": None,
                "count": len(c.resources),
                "groups": here,
                "pager": pager,
            },
            title=_numbered("Resources", pager),
            description=clip(f"{len(c.resources)} books, courses, papers and tools."),
            span=(first or c.about).node.span.head,
        )


def _resource_view(resource: Resource) -> View:
    return {
        "id": "",
        "title": resource.title,
        "url": resource.url,
        "authors": ", ".join(resource.authors),
        "type": resource.type,
        "cost": resource.cost,
        "level": resource.level or "",
        "access": resource.access,
        "note": resource.note,
        "used": [],
    }


def _places_by_resource(road: Road) -> Mapping[str, list[View]]:
    """Where each resource is used: a handful of links."""
    found: dict[str, dict[str, View]] = defaultdict(dict)
    for track in road.index.curriculum.tracks:
        for place in road.index.places[track.id]:
            label = f"{track.short_title}, {road.place_label(place)}"
            link = {"label": label, "url": place_address(place.key)}
            _note_uses(found, place.entity, link)
        link = {"label": track.short_title, "url": track_address(track.id)}
        for notes in (track.how_to_use, track.assessment, track.outcomes, track.next_steps):
            if notes:
                _note_uses(found, notes, link)
    return {ref: list(links.values()) for ref, links in found.items()}


def _note_uses(found: Mapping[str, dict[str, View]], where: Entity, link: View) -> None:
    for entity in entities_in(where):
        refs = entity.refs if isinstance(entity, Mention) else ()
        if isinstance(entity, Item | Project | Reference):
            refs = entity.cites
        for ref in refs:
            if len(found[ref]) < USED_AT_MOST:
                found[ref][link["url"]] = link


# ---------------------------------------------------------------------------------- questions


def _question_pages(road: Road, head: Span, updated: Mapping[str, str]) -> Iterator[Draft]:
    c = road.index.curriculum
    banks = list(c.banks.values())
    yield Draft(
        path="questions/",
        template="questions",
        view={
            "kind": "questions",
            "track": None,
            "banks": [
                {
                    "title": bank.title,
                    "url": bank_address(bank.id),
                    "summary": bank.summary,
                    "count": len(bank.questions),
                }
                for bank in banks
            ],
        },
        title="Interview questions",
        description=clip("Interview questions with short answers, bank by bank."),
        span=head,
    )
    used: dict[str, dict[str, View]] = defaultdict(dict)
    for track in c.tracks:
        for place in road.index.places[track.id]:
            label = f"{track.short_title}: {road.place_label(place)}"
            link = {"label": label, "url": place_address(place.key)}
            for tick in place.ticks:
                if isinstance(tick.entity, BankMention):
                    used[tick.entity.bank][place.key] = link
    for bank in banks:
        yield Draft(
            path=bank_address(bank.id),
            template="bank",
            view={
                "kind": "bank",
                "track": None,
                "title": bank.title,
                "summary": bank.summary,
                "questions": [question_view(question) for question in bank.questions],
                "chips": _topic_links(road, bank.teaches),
                "used": list(used[bank.id].values())[:USED_AT_MOST],
            },
            title=bank.title,
            description=clip(bank.summary),
            span=bank.node.span.head,
            updated=updated.get(bank.node.file.path, ""),
            search=SearchEntry(bank.title, search_text(*(q.text for q in bank.questions))),
        )


# ------------------------------------------------------------------------- progress, credits


def _progress(road: Road, head: Span) -> Draft:
    cards = list(road.cards.values())
    return Draft(
        path="progress/",
        template="progress",
        view={
            "kind": "progress",
            "track": None,
            "cards": cards,
            "required": sum(card["required"] for card in cards),
        },
        title="My progress",
        description="Your ticks, track by track: what is done, what is left, export and import.",
        span=head,
    )


def _credits(road: Road, head: Span) -> Draft:
    entries = [
        {
            "track": road.cards[track.id],
            "source": {
                "title": track.source.title,
                "url": track.source.url,
                "authors": ", ".join(track.source.authors),
                "licence": track.source.licence,
                "dated": track.source.dated,
                "note": track.source.note,
            },
        }
        for track in road.index.curriculum.tracks
    ]
    return Draft(
        path="credits/",
        template="credits",
        view={"kind": "credits", "track": None, "entries": entries},
        title="Credits",
        description="The documents that the tracks come from.",
        span=head,
    )

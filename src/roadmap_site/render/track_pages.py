"""The pages of a track: its road, its weeks, and the lists beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from roadmap_site.model.addresses import (
    phase_address,
    place_address,
    topic_address,
    track_address,
    whole_track_address,
)
from roadmap_site.model.curriculum import (
    Checklist,
    Interview,
    Notes,
    Phase,
    Plan,
    ProjectSet,
    Shelf,
    Track,
    Week,
)
from roadmap_site.model.places import TickPlace, phase_label
from roadmap_site.render import structured
from roadmap_site.render.page import Draft, SearchEntry, clip, search_text
from roadmap_site.render.road import Road, Stop
from roadmap_site.render.tick_views import (
    bank_mention_view,
    block_view,
    item_view,
    mention_view,
    project_view,
    question_view,
    reference_views,
    time_text,
)

View = dict[str, Any]


def track_pages(road: Road, track: Track, updated: Mapping[str, str]) -> Iterator[Draft]:
    """Every page of a track. `updated` holds ISO dates by file path."""
    card = road.cards[track.id]
    stops = road.stops[track.id]
    beside = [place for place in road.index.places[track.id] if place.key not in road.by_key]
    groups = _nav_groups(track, stops, beside)
    dates = [updated[path] for path in _files(track) if path in updated]
    common = {"track": track.id, "tone": card["tone"], "nav_groups": groups, "card": card}
    yield _track_page(road, track, stops, beside, max(dates, default=""), common)
    yield _all_page(road, track, stops, max(dates, default=""), common)
    for stop in stops:
        date = updated.get(stop.entity.node.file.path, "")
        yield _stop_page(road, track, stops, stop, date, common)
    for place in beside:
        date = updated.get(f"tracks/{track.id}/track.yml", "")
        yield _beside_page(road, place, date, common)


def _files(track: Track) -> list[str]:
    return [f"tracks/{track.id}/{stem}.yml" for stem in ("track", *track.months)]


def _nav_groups(track: Track, stops: tuple[Stop, ...], beside: list[TickPlace]) -> list[View]:
    """The side navigation: a group for each phase, and one for what stands beside the road."""
    groups = []
    for phase in track.phases:
        own = [stop for stop in stops if stop.place.phase is phase]
        alone = not phase.weeks
        groups.append(
            {
                "label": phase_label(phase),
                "title": phase.short_title or phase.title,
                "items": [
                    {
                        "label": "" if alone else stop.label,
                        "title": stop.short,
                        "url": stop.url,
                    }
                    for stop in own
                ],
            }
        )
    if beside:
        groups.append(
            {
                "label": "",
                "title": "Beside the road",
                "items": [
                    {"label": "", "title": place.entity.title, "url": place_address(place.key)}
                    for place in beside
                ],
            }
        )
    return groups


# -------------------------------------------------------------------------------- the track


def _track_page(
    road: Road,
    track: Track,
    stops: tuple[Stop, ...],
    beside: list[TickPlace],
    date: str,
    common: Mapping[str, Any],
) -> Draft:
    card = road.cards[track.id]
    view = {
        "kind": "track",
        "track": card,
        "phases": [_phase_view(phase, stops) for phase in track.phases],
        "beyond": [_beside_view(place) for place in beside],
        "intro": track.intro,
        "closing": track.closing,
        "salaries": _salaries_view(track),
        "schedule": _schedule_view(track),
        "assessment": _notes_view(road, track.assessment),
        "outcomes": _notes_view(road, track.outcomes),
        "how_to_use": _notes_view(road, track.how_to_use),
        "next_steps": _notes_view(road, track.next_steps),
        "timeline": _timeline_view(track, stops),
        "source": {"title": track.source.title, "url": track.source.url},
    }
    names = " ".join(week.title for phase in track.phases for week in (*phase.weeks, phase))
    return Draft(
        path=track_address(track.id),
        template="track",
        view=view,
        title=track.title,
        description=clip(track.summary),
        span=track.node.span.head,
        updated=date,
        data=structured.course(road, track),
        search=SearchEntry(f"{track.title} · {track.short_title}", f"{track.summary} {names}"),
        **common,
    )


def _phase_view(phase: Phase, stops: tuple[Stop, ...]) -> View:
    own = [stop for stop in stops if stop.place.phase is phase]
    alone = None if phase.weeks else own[0]
    return {
        "id": phase.id,
        "label": phase_label(phase),
        "short": phase.short_title,
        "title": phase.title,
        "goal": phase.goal,
        "concept": phase.concept,
        "summary": phase.summary,
        "optional": phase.optional,
        "ongoing": phase.ongoing,
        "tools": phase.tools,
        "time": time_text(phase.time),
        "length": time_text(phase.length),
        "milestone": phase.milestone,
        "url": alone.url if alone else "",
        "place": alone.place.key if alone else "",
        "required": sum(stop.place.required for stop in own),
        "branches": [branch.title for branch in phase.branches],
        "weeks": [] if alone else [_stop_view(stop) for stop in own],
    }


def _stop_view(stop: Stop) -> View:
    return {
        "label": stop.label,
        "title": stop.title,
        "short": stop.short,
        "url": stop.url,
        "place": stop.place.key,
        "time": time_text(stop.entity.time),
        "milestone": stop.entity.milestone,
        "required": stop.place.required,
        "optional": stop.optional,
    }


def _beside_view(place: TickPlace) -> View:
    nouns = {
        "checklist": "skills",
        "plan": "steps",
        "shelf": "resources",
        "projects": "projects",
        "interview": "question banks and questions",
    }
    return {
        "kind": place.kind,
        "title": place.entity.title,
        "url": place_address(place.key),
        "place": place.key,
        "summary": place.entity.summary,
        "count": f"{len(place.ticks)} {nouns[place.kind]}",
    }


def _notes_view(road: Road, notes: Notes | None) -> View | None:
    if notes is None:
        return None
    return {
        "title": notes.title,
        "intro": notes.intro,
        "numbered": notes.numbered,
        "items": reference_views(road.index, notes.items),
    }


def _salaries_view(track: Track) -> View | None:
    table = track.salaries
    if table is None:
        return None
    regions = list(dict.fromkeys(pay.region for row in table.rows for pay in row.pay))
    return {
        "title": table.title,
        "as_of": table.as_of,
        "regions": regions,
        "rows": [
            {
                "role": row.role,
                "pay": [
                    next((pay.text for pay in row.pay if pay.region == region), "")
                    for region in regions
                ],
            }
            for row in table.rows
        ],
    }


def _schedule_view(track: Track) -> View | None:
    schedule = track.schedule
    if schedule is None:
        return None
    return {
        "title": schedule.title,
        "days": [
            {
                "title": day.title,
                "group": day.group,
                "time": time_text(day.time),
                "slots": [
                    {"title": slot.title, "text": slot.text, "time": time_text(slot.time)}
                    for slot in day.slots
                ],
            }
            for day in schedule.days
        ],
    }


def _timeline_view(track: Track, stops: tuple[Stop, ...]) -> View | None:
    timeline = track.timeline
    if timeline is None:
        return None
    rows = []
    for stop in stops:
        phase = stop.place.phase
        assert phase is not None
        period = phase_label(phase)
        if isinstance(stop.entity, Week):
            period = f"{period}, {stop.label}"
        rows.append(
            {
                "period": f"{period} (optional)" if stop.optional else period,
                "focus": stop.short,
                "time": time_text(stop.entity.time),
                "milestone": stop.entity.milestone,
            }
        )
    return {
        "title": timeline.title,
        "rows": rows,
        "total": {
            "period": timeline.total_label,
            "focus": timeline.focus,
            "time": time_text(track.total_time),
            "milestone": timeline.milestone,
        },
        "note": timeline.note,
    }


def _all_page(
    road: Road, track: Track, stops: tuple[Stop, ...], date: str, common: Mapping[str, Any]
) -> Draft:
    """The whole track as one checklist. Ids carry the place; keys come out the same."""
    phases = []
    for phase in track.phases:
        weeks = []
        for stop in stops:
            if stop.place.phase is phase:
                prefix = f"{stop.place.id}/"
                branches = phase.branches if stop.place.kind == "phase" else ()
                weeks.append(
                    {
                        **_stop_view(stop),
                        "optional": stop.optional or stop.ongoing,
                        "blocks": _blocks(road, stop.entity, prefix),
                        "branches": [
                            {
                                "id": branch.id,
                                "title": branch.title,
                                "block": block_view(road.index, branch, prefix),
                            }
                            for branch in branches
                        ],
                    }
                )
        phases.append(
            {"id": phase.id, "label": phase_label(phase), "title": phase.title, "weeks": weeks}
        )
    card = road.cards[track.id]
    return Draft(
        path=whole_track_address(track.id),
        template="all",
        view={"kind": "all", "track": card, "phases": phases},
        title=f"{track.title}: the whole track",
        description=clip(f"Every week of {track.title} as one checklist to print."),
        span=track.node.span.head,
        updated=date,
        **common,
    )


# --------------------------------------------------------------------------------- the weeks


def _stop_page(
    road: Road,
    track: Track,
    stops: tuple[Stop, ...],
    stop: Stop,
    date: str,
    common: Mapping[str, Any],
) -> Draft:
    entity, phase = stop.entity, stop.place.phase
    assert phase is not None
    topics = road.index.curriculum.topics
    taught = road.topics.get(stop.place.key, ())
    card = road.cards[track.id]
    alone = isinstance(entity, Phase)
    ticks = stop.place.ticks
    numbered = track.week_numbers == "track" and isinstance(entity, Week) and entity.week.count == 1
    number = (stop.label if numbered else str(stop.number)) + f" of {len(stops)}"
    branches = entity.branches if isinstance(entity, Phase) else ()
    view = {
        "kind": "phase" if alone else "week",
        "track": card,
        "place": stop.place.key,
        "phase": None
        if alone
        else {
            "label": f"{phase_label(phase)}: {phase.short_title or phase.title}",
            "title": phase.title,
            "url": phase_address(track, phase),
        },
        "label": stop.label,
        "title": stop.title,
        "position": number,
        "ordinal": stop.number,
        "total": len(stops),
        "time": time_text(entity.time),
        "goal": entity.goal,
        "summary": entity.summary,
        "concept": entity.concept,
        "milestone": entity.milestone,
        "optional": stop.optional,
        "ongoing": stop.ongoing,
        "blocks": _blocks(road, entity),
        "branches": [
            {
                "id": branch.id,
                "title": branch.title,
                "block": block_view(road.index, branch),
            }
            for branch in branches
        ],
        "choose": entity.choose if isinstance(entity, Phase) else "",
        "chips": [{"label": topics[t].label, "url": topic_address(t)} for t in taught],
        "also": road.also(stop.place),
        "prev": _step(stops[stop.number - 2]) if stop.number > 1 else None,
        "next": _step(stops[stop.number]) if stop.number < len(stops) else None,
        "required": stop.place.required,
        "first": ticks[0].id if ticks else "",
    }
    return Draft(
        path=stop.url,
        template="week",
        beside="week-beside",
        view=view,
        title=f"{stop.label}: {stop.title}",
        description=_stop_description(road, stop),
        span=entity.node.span.head,
        updated=date,
        data=structured.syllabus(road, track, stop),
        search=_search_entry(road, stop),
        previous=stops[stop.number - 2].url if stop.number > 1 else "",
        next=stops[stop.number].url if stop.number < len(stops) else "",
        **common,
    )


def _step(stop: Stop) -> View:
    return {"title": stop.short, "label": stop.label, "url": stop.url}


_OWN = ("topics", "key_concepts", "practice", "projects", "resources", "interview", "advice")


def _blocks(road: Road, entity: Week | Phase, prefix: str = "") -> list[View]:
    """A stop's modules, and what stands outside of them as a block of its own.

    The latter has no introduction, which is the page's, and beside modules only a title.
    """
    blocks = [block_view(road.index, module, prefix) for module in entity.modules]
    if any(getattr(entity, name) for name in _OWN):
        own = block_view(road.index, entity, prefix)
        own.update(id="_more", title="Also" if blocks else "")
        own.update(time="", concept="", summary="", goal="")
        blocks.append(own)
    return blocks


def _stop_description(road: Road, stop: Stop) -> str:
    entity = stop.entity
    said: str = entity.summary or entity.goal or entity.concept
    if not said:
        labels = road.index.curriculum.topics
        taught = road.topics.get(stop.place.key, ())
        said = ", ".join(labels[topic].label for topic in taught) or entity.title
    return clip(f"{stop.label} of {stop.place.track.title}. {said}")


def _search_entry(road: Road, stop: Stop) -> SearchEntry:
    """A week is found by its topics' other names too, and its title carries the track's."""
    topics = road.index.curriculum.topics
    words = [tick.words for tick in stop.place.ticks]
    names = [
        ", ".join((topics[topic].label, *topics[topic].also))
        for topic in road.topics.get(stop.place.key, ())
    ]
    text = search_text(stop.label, stop.entity.summary, *words, *names)
    return SearchEntry(f"{stop.title} · {stop.place.track.short_title}", text)


# --------------------------------------------------------------------------------- beside it


def _beside_page(road: Road, place: TickPlace, date: str, common: Mapping[str, Any]) -> Draft:
    entity, track = place.entity, place.track
    groups = [_group(road, group) for group in _groups(entity)]
    summary = getattr(entity, "summary", "")
    names = " ".join(tick.words for tick in place.ticks)
    return Draft(
        path=place_address(place.key),
        template="place",
        view={
            "kind": place.kind,
            "track": road.cards[track.id],
            "place": place.key,
            "title": entity.title,
            "summary": summary,
            "required": place.required,
            "groups": groups,
        },
        title=f"{entity.title}: {track.short_title}",
        description=clip(f"{entity.title} of {track.title}. {summary}"),
        span=entity.node.span.head,
        updated=date,
        search=SearchEntry(f"{entity.title} · {track.short_title}", search_text(names)),
        **common,
    )


def _groups(entity: object) -> Iterator[View]:
    """What a list beside the road holds, whatever its kind, as groups of one shape."""
    if isinstance(entity, Checklist):
        for tier in entity.tiers:
            yield {"title": tier.title, "optional": tier.optional, "items": tier.items}
    elif isinstance(entity, Plan):
        for period in entity.periods:
            yield {"title": period.title, "items": period.items}
    elif isinstance(entity, Shelf):
        for group in entity.groups:
            level = group.level or ""
            yield {"title": group.title, "level": level, "resources": group.resources}
    elif isinstance(entity, ProjectSet):
        for projects in entity.groups:
            yield {
                "title": projects.title,
                "optional": projects.optional,
                "projects": projects.projects,
            }
    elif isinstance(entity, Interview):
        if entity.banks:
            yield {"title": entity.banks_title, "banks": entity.banks}
        if entity.questions:
            yield {"title": entity.questions_title, "questions": entity.questions}


def _group(road: Road, group: View) -> View:
    index = road.index
    return {
        "title": group["title"],
        "level": group.get("level", ""),
        "optional": group.get("optional", False),
        "items": [item_view(index, item) for item in group.get("items", ())],
        "projects": [project_view(index, project) for project in group.get("projects", ())],
        "resources": [mention_view(index, mention) for mention in group.get("resources", ())],
        "banks": [bank_mention_view(index, bank) for bank in group.get("banks", ())],
        "questions": [question_view(question) for question in group.get("questions", ())],
    }

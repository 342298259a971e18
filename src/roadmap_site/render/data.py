"""The data files that the widgets fetch when they need to know a whole track."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from roadmap_site.model.addresses import place_address
from roadmap_site.model.curriculum import BankMention, Curriculum, Mention, Phase, Track
from roadmap_site.model.moves import moves
from roadmap_site.model.places import Tick, TickPlace
from roadmap_site.render.assets import FOLDER as ASSETS
from roadmap_site.render.road import Road

FOLDER = f"{ASSETS}/data"
COMPARED = (
    ("Length", "length"),
    ("Pace", "pace"),
    ("In all", "total_time"),
    ("Starts at", "level"),
    ("On the road", "unit"),
    ("For", "audience"),
    ("You build", "builds"),
)
"""The facts by which tracks are compared: the name of each, and where it is on a track's card."""


def data_files(road: Road) -> dict[str, str]:
    """Site path to JSON text: one file for the site, one for each track."""
    about = road.index.curriculum.about
    files = {}
    tracks = []
    for track in road.index.curriculum.tracks:
        path = f"{FOLDER}/{track.id}.json"
        card = road.cards[track.id]
        tracks.append(
            {name: card[name] for name in ("id", "title", "short", "url", "required")}
            | {"data": path}
        )
        files[path] = _json(_track(road, track))
    files[f"{FOLDER}/site.json"] = _json({"id": about.id, "title": about.title, "tracks": tracks})
    return files


def moves_file(curriculum: Curriculum) -> tuple[str, str] | None:
    """The map by which the widgets have ticks follow what moved: its site path and its text.

    None where nothing moved.
    """
    found = moves(curriculum)
    if not found:
        return None
    parts = {"tracks": found.tracks, "places": found.places, "items": found.items}
    return f"{FOLDER}/moves.json", _json({name: part for name, part in parts.items() if part})


def versioned(path: str, text: str) -> str:
    """The address of a file by which a browser tells that its text has changed."""
    return f"{path}?{sha256(text.encode()).hexdigest()[:8]}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _track(road: Road, track: Track) -> dict[str, Any]:
    card = road.cards[track.id]
    return {name: card[name] for name in ("id", "title", "short", "url", "tone")} | {
        "places": [_place(road, place) for place in road.index.places[track.id]],
        "facts": [card[name] for _, name in COMPARED],
        "topics": _topics(road, track),
    }


def _topics(road: Road, track: Track) -> list[list[Any]]:
    """What the track teaches, for comparing.

    A row a topic: its position in the vocabulary, id, label, area, and the positions of the places
    that teach it.
    """
    order = {id: number for number, id in enumerate(road.index.curriculum.topics)}
    topics, areas = road.index.curriculum.topics, road.index.curriculum.areas
    taught: dict[str, list[int]] = {}
    for position, place in enumerate(road.index.places[track.id]):
        for topic in road.topics.get(place.key, ()):
            taught.setdefault(topic, []).append(position)
    return [
        [order[id], id, topics[id].label, areas.get(topics[id].area, topics[id].area), where]
        for id, where in taught.items()
    ]


def _place(road: Road, place: TickPlace) -> dict[str, Any]:
    stop = road.by_key.get(place.key)
    view: dict[str, Any] = {
        "id": place.id,
        "kind": place.kind,
        "label": stop.label if stop else "",
        "title": place.entity.title,
        "url": place_address(place.key),
        "phase": place.phase.id if place.phase else "",
        "items": [_item(road, tick) for tick in place.ticks],
    }
    if isinstance(place.entity, Phase) and place.entity.branches:
        view["branches"] = [
            {"id": branch.id, "title": branch.title} for branch in place.entity.branches
        ]
    return view


def _item(road: Road, tick: Tick) -> list[Any]:
    row: list[Any] = [tick.id, tick.words or _title(road, tick) or tick.id, int(tick.left_out)]
    return [*row, tick.branch] if tick.branch else row


def _title(road: Road, tick: Tick) -> str:
    """What a mention is called by what it mentions."""
    c = road.index.curriculum
    if isinstance(tick.entity, Mention):
        return " / ".join(c.resources[ref].title for ref in tick.entity.refs if ref in c.resources)
    if isinstance(tick.entity, BankMention) and tick.entity.bank in c.banks:
        return c.banks[tick.entity.bank].title
    return ""

"""Where the parts of a curriculum stand in its site: site paths, some with an anchor."""

from __future__ import annotations

from roadmap_site.model.curriculum import Phase, Track
from roadmap_site.model.places import Tick, TickPlace

RESOURCES = "resources/"
"""The first page of the library. A long one goes on on further pages, `resources/page-2/`."""


def resource_address(id: str) -> str:
    """A resource in the library, whichever of its pages it is on."""
    return f"{RESOURCES}#{id}"


def topic_address(id: str) -> str:
    """A topic's page."""
    return f"topics/{id}/"


def bank_address(id: str) -> str:
    """The page of a bank of questions."""
    return f"questions/{id}/"


def question_address(bank: str, id: str) -> str:
    """A question on the page of its bank."""
    return f"{bank_address(bank)}#{id}"


def track_address(id: str) -> str:
    """A track's page."""
    return f"tracks/{id}/"


def whole_track_address(id: str) -> str:
    """The page that has a whole track as one list."""
    return f"{track_address(id)}all/"


def place_address(key: str) -> str:
    """The page of a place, by the head of its ticks' keys."""
    return f"tracks/{key}/"


def tick_address(place: TickPlace, tick: Tick) -> str:
    """What there is to tick on the page of its place."""
    return f"{place_address(place.key)}#{tick.id}"


def phase_address(track: Track, phase: Phase) -> str:
    """A phase on the page of its track."""
    return f"{track_address(track.id)}#_{phase.id}"

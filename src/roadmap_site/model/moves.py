"""Former keys and addresses: how ticks follow what was moved, renamed or put into another track.

An old key is followed by its longest part that is known: the item's, else its place's, else its
track's; and on from there, since what was moved once may have been moved again. The widgets do the
same with the map that the site ships (`templates/assets/moves.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roadmap_site.model.curriculum import Curriculum, Track
from roadmap_site.model.places import TickPlace, places

MAX_STEPS = 32
"""Moves followed for one key. A circle cannot be written without a fault, but may be loaded."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Old to new: track ids, keys of places (`track/place`), keys of ticks (`track/place/item`)."""

    tracks: Mapping[str, str]
    places: Mapping[str, str]
    items: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.tracks or self.places or self.items)

    def resolve(self, key: str) -> str:
        """Where the tick (or the place) that was stored under a key is now; itself if unknown."""
        for _ in range(MAX_STEPS):
            moved = self._step(key)
            if moved == key:
                break
            key = moved
        return key

    def _step(self, key: str) -> str:
        if key in self.items:
            return self.items[key]
        track, _, rest = key.partition("/")
        place, slash, item = rest.partition("/")
        head = f"{track}/{place}"
        if head in self.places:
            return self.places[head] + slash + item
        if track in self.tracks:
            return f"{self.tracks[track]}/{rest}" if rest else self.tracks[track]
        return key


def moves(curriculum: Curriculum) -> Moves:
    """All that a curriculum says of former keys; the first claim to one holds."""
    found: tuple[dict[str, str], ...] = ({}, {}, {})
    tracks, by_place, items = found
    for track in curriculum.tracks:
        for old in track.moved:
            tracks.setdefault(old, track.id)
        for place in places(track):
            for old in place.entity.moved:
                by_place.setdefault(former_place(track, old), place.key)
            for tick in place.ticks:
                for old in tick.entity.moved:
                    items.setdefault(former_item(place, old), f"{place.key}/{tick.id}")
    # What came back to where it was is there already.
    return Moves(*({old: key for old, key in some.items() if old != key} for some in found))


def former_place(track: Track, written: str) -> str:
    """The key that an entry under a place's `moved` names: `id`, or `track/id`."""
    return written if "/" in written else f"{track.id}/{written}"


def former_item(place: TickPlace, written: str) -> str:
    """The key that an entry under an item's `moved` names: `item`, `place/item` or all three."""
    steps = written.count("/")
    if steps == 0:
        return f"{place.key}/{written}"
    return written if steps > 1 else f"{place.track.id}/{written}"

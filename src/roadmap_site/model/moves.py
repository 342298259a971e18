"""Former keys and addresses: how ticks follow what was moved, renamed or put into another track.

A stored key is followed step by step, its track first, then its place, then the item: each step is
looked up under what the steps before it are called today. So a key that is years old needs no
chain of moves to be followed: however often a week was renamed, each of its former ids leads to
it. The widgets do the same with the map that the site ships (`templates/assets/moves.js`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roadmap_site.model.curriculum import Curriculum, Track
from roadmap_site.model.places import TickPlace, places


@dataclass(frozen=True, slots=True)
class Moves:
    """Old to new: track ids, keys of places (`track/place`), keys of ticks (`track/place/item`).

    Tracks and places of old keys are those of today, but for items of places that have become one:
    there the former place tells two items apart that had the same id.
    """

    tracks: Mapping[str, str]
    places: Mapping[str, str]
    items: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.tracks or self.places or self.items)

    def resolve(self, key: str) -> str:
        """Where the tick (or the place, or the track) of an old key is now; itself if unknown."""
        track, slash, rest = key.partition("/")
        track = self.tracks.get(track, track)
        if not slash:
            return track
        place, slash, item = rest.partition("/")
        head = f"{track}/{place}"
        if slash and (moved := self.items.get(f"{head}/{item}")):
            return moved
        head = self.places.get(head, head)
        if not slash:
            return head
        key = f"{head}/{item}"
        return self.items.get(key, key)


def moves(curriculum: Curriculum) -> Moves:
    """All that a curriculum says of former keys; the first claim to one holds."""
    tracks: dict[str, str] = {}
    by_place: dict[str, str] = {}
    items: dict[str, str] = {}
    found = Moves(tracks, by_place, items)
    for track in curriculum.tracks:
        for old in track.moved:
            tracks.setdefault(old, track.id)
    spots = [place for track in curriculum.tracks for place in places(track)]
    for place in spots:
        for old in place.entity.moved:
            by_place.setdefault(former_place(found, place.track, old), place.key)
    for place in spots:
        for tick in place.ticks:
            for old in tick.entity.moved:
                for key in former_item(found, place, old):
                    items.setdefault(key, f"{place.key}/{tick.id}")
    if by_place and items:
        # What is there today under the name of today is itself.
        for place in spots:
            for tick in place.ticks:
                items.pop(f"{place.key}/{tick.id}", None)
    # What came back to where it was is there already.
    return Moves(
        *(
            {old: key for old, key in some.items() if old != key}
            for some in (tracks, by_place, items)
        )
    )


def former_place(moves: Moves, track: Track, written: str) -> str:
    """The key that an entry under a place's `moved` names: `id`, or `track/id`."""
    folder, slash, id = written.rpartition("/")
    return f"{moves.tracks.get(folder, folder) if slash else track.id}/{id}"


def former_item(moves: Moves, place: TickPlace, written: str) -> tuple[str, ...]:
    """The keys that an entry under an item's `moved` names: `item`, `place/item` or all three.

    First that of the place as it is written, then that of the place as it is called today.
    """
    head, slash, item = written.rpartition("/")
    if not slash:
        return (f"{place.key}/{item}",)
    track, _, week = (head if "/" in head else f"{place.track.id}/{head}").partition("/")
    head = f"{moves.tracks.get(track, track)}/{week}"
    return tuple(dict.fromkeys((f"{head}/{item}", f"{moves.resolve(head)}/{item}")))

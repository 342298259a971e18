"""What a curriculum promises to keep: keys of ticks, places and branches, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from roadmap_site.model.curriculum import BankMention, Branch, Curriculum, Mention, Phase, Track
from roadmap_site.model.entity import Named
from roadmap_site.model.moves import Moves, moves
from roadmap_site.model.places import Tick, TickPlace, places


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What stands under a key: an item, or a branch of a phase.

    `head` is the key of its place; `words` are what a person would know it by.
    """

    key: str
    head: str
    words: str
    entity: Named
    place: TickPlace

    @property
    def id(self) -> str:
        """The last part of its key."""
        return self.entity.id

    @property
    def is_mention(self) -> bool:
        """Whether it is known by what it refers to rather than by its own words."""
        return isinstance(self.entity, Mention | BankMention)


class Keys:
    """The keys of one revision. The first claim to a key holds; a rule says that there are two.

    `like` is another revision: what it has to the letter is taken from there, and costs nothing.
    """

    def __init__(self, curriculum: Curriculum, like: Keys | None = None) -> None:
        self.curriculum = curriculum
        self.has_twins = False
        """Whether two things were seen under one key."""
        self.tracks: dict[str, Track] = {track.id: track for track in curriculum.tracks}
        self.places: dict[str, TickPlace] = {}
        self.by_track: dict[str, tuple[TickPlace, ...]] = {}
        for track in curriculum.tracks:
            if like and _is_same(track, like.tracks.get(track.id)):
                spots = like.by_track[track.id]
            else:
                spots = tuple(places(track))
            self.by_track[track.id] = spots
            for spot in spots:
                self.has_twins |= self.places.setdefault(spot.key, spot) is not spot
        self._items: dict[str, dict[str, Entry]] = {}

    @cached_property
    def moves(self) -> Moves:
        """What is said of former keys."""
        return moves(self.curriculum)

    def items(self, head: str) -> dict[str, Entry]:
        """What can be ticked at a place, by key."""
        if head not in self._items:
            place = self.places[head]
            found = self._items[head] = {}
            for tick in place.ticks:
                key = f"{head}/{tick.entity.id}"
                if key in found:
                    self.has_twins = True
                else:
                    found[key] = Entry(key, head, self._words(tick), tick.entity, place)
        return self._items[head]

    def entry(self, key: str) -> Entry:
        """What can be ticked under a key that is there."""
        return self.items(key.rpartition("/")[0])[key]

    def item(self, key: str | None) -> Entry | None:
        """What can be ticked under a key, if anything."""
        head = (key or "").rpartition("/")[0]
        return self.items(head).get(key or "") if head in self.places else None

    @cached_property
    def branches(self) -> dict[str, Entry]:
        """What can be chosen, by `<place>#<branch>`."""
        found: dict[str, Entry] = {}
        for head, place in self.places.items():
            for branch in _branches(place):
                key = f"{head}#{branch.id}"
                found.setdefault(key, Entry(key, head, branch.title, branch, place))
        return found

    @cached_property
    def retired(self) -> frozenset[str]:
        """Keys of tracks, places, items and branches that were taken away for good."""
        c = self.curriculum
        found: set[str] = set(c.about.retired_tracks)
        for track in c.tracks:
            found.update(f"{track.id}/{id}" for id in track.retired)
        for head, place in self.places.items():
            for id in place.entity.retired:
                found.update((f"{head}/{id}", f"{head}#{id}"))
        return frozenset(found)

    def is_retired(self, key: str) -> bool:
        """Whether a key, or all that it belongs to, was taken away."""
        if not self.retired:
            return False
        track, _, rest = key.partition("/")
        place = rest.partition("/")[0].partition("#")[0]
        return bool(self.retired & {key, track, f"{track}/{place}"})

    def _words(self, tick: Tick) -> str:
        entity = tick.entity
        if isinstance(entity, Mention):
            library = self.curriculum.resources
            titles = [library[ref].title if ref in library else ref for ref in entity.refs]
            return " ".join(part for part in (entity.text, *titles, entity.part) if part)
        if isinstance(entity, BankMention):
            bank = self.curriculum.banks.get(entity.bank)
            return bank.title if bank else entity.bank
        return tick.words


def _is_same(one: Track, other: Track | None) -> bool:
    """Whether two revisions share a track: whatever was read once is one value in both."""
    return (
        other is not None
        and one.node is other.node
        and len(one.phases) == len(other.phases)
        and all(a is b for a, b in zip(one.phases, other.phases, strict=True))
    )


def _branches(place: TickPlace) -> Iterator[Branch]:
    if isinstance(place.entity, Phase):
        yield from place.entity.branches

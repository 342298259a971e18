"""What changed between two states of a curriculum, by the keys that ticks are stored under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from roadmap_site.model.curriculum import BankMention, Curriculum, Mention, Track
from roadmap_site.model.diagnostic import Diagnostic, Report
from roadmap_site.model.hours import Effort, calendar_weeks, effort
from roadmap_site.model.index import Index
from roadmap_site.model.moves import moves
from roadmap_site.model.places import Tick, TickPlace

How = Literal["added", "moved", "reworded", "retired", "lost"]
What = Literal["track", "week", "list", "item", "topic", "resource"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    `key` is where it is now, or was where it is gone; `before` and `after` are its words, empty
    where it was not or is no more; `items` counts the ticks of a track, week or list that came or
    went as a whole. Lost is what is gone and was neither moved nor retired.
    """

    how: How
    what: What
    key: str
    before: str = ""
    after: str = ""
    old_key: str = ""
    items: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """A track's size: weeks, hours, and how many items its total counts."""

    weeks: int
    effort: Effort | None
    required: int


@dataclass(frozen=True, slots=True)
class TrackSizes:
    """A track's size before and after; None where it was not, or is no more."""

    id: str
    title: str
    before: Size | None
    after: Size | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed.

    `tracks` has those whose size is another; `found` and `mended` the faults that are new and
    gone, wherever they stand; `accepted` the warnings newly accepted, with the reasons;
    `unread` the tracks (by id) and files that could not be read in full, now or before, and so
    were not compared.
    """

    tracks: tuple[TrackSizes, ...]
    changes: tuple[Change, ...]
    found: tuple[Diagnostic, ...]
    mended: tuple[Diagnostic, ...]
    accepted: tuple[tuple[Diagnostic, str], ...]
    unread: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.tracks or self.changes or self.found or self.mended or self.accepted)


@dataclass(frozen=True, slots=True)
class State:
    """A curriculum as it is or was, and what a check says of it; None where there is none."""

    curriculum: Curriculum | None
    report: Report


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a key stands for: its kind, its words, and how many ticks are within."""

    what: What
    words: str
    items: int = 0


def compare(before: State, after: State) -> Changes:
    """What became of everything that has a key, from one state to the other."""
    old = Index(before.curriculum) if before.curriculum else None
    new = Index(after.curriculum) if after.curriculum else None
    accepted_before = {_alike(diagnostic) for diagnostic, _ in before.report.accepted}
    sizes: list[TrackSizes] = []
    changes: list[Change] = []
    unread = ["curriculum.yml"]
    if new is not None:
        unread = list(dict.fromkeys([*_halves(old, new), *_halves(new, old)]))
        sizes, changes = _of_tracks(old, new, unread)
        if old is not None:
            changes += _of_shared(old.curriculum, new.curriculum, unread)
    return Changes(
        tracks=tuple(sizes),
        changes=tuple(changes),
        found=tuple(_only_in(after.report, before.report)),
        mended=tuple(_only_in(before.report, after.report)),
        accepted=tuple(
            (diagnostic, reason)
            for diagnostic, reason in after.report.accepted
            if _alike(diagnostic) not in accepted_before
        ),
        unread=tuple(unread),
    )


def _alike(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """What a fault keeps while the lines around it move."""
    return diagnostic.rule.code, diagnostic.span.file.path, diagnostic.message


def _only_in(report: Report, other: Report) -> Iterator[Diagnostic]:
    """The faults that the other report has not, or has not as often."""
    left = Counter(map(_alike, other))
    for diagnostic in report:
        left[_alike(diagnostic)] -= 1
        if left[_alike(diagnostic)] < 0:
            yield diagnostic


def _halves(index: Index | None, other: Index | None) -> Iterator[str]:
    """The tracks that could not be read in full: of half a track nobody can say what it lacks."""
    if index is None:
        return
    read: dict[str, Track] = {track.id: track for track in index.curriculum.tracks}
    for id in index.curriculum.about.tracks:
        if id not in read or not index.is_complete(read[id]):
            yield id
    declared = index.curriculum.declared["tracks"]
    for track in other.curriculum.tracks if other else ():
        if track.id not in read and track.id in declared:
            yield track.id


# ----------------------------------------------------------------------------------------- by key


def _of_tracks(
    old: Index | None, new: Index, unread: Sequence[str]
) -> tuple[list[TrackSizes], list[Change]]:
    """The tracks of another size; what became of tracks, places and items."""
    old_tracks = old.curriculum.tracks if old else ()
    then: dict[str, Track] = {track.id: track for track in old_tracks if track.id not in unread}
    now: dict[str, Track] = {
        track.id: track for track in new.curriculum.tracks if track.id not in unread
    }
    old_places = {} if old is None else _places(old, then)
    new_places = _places(new, now)
    lead = moves(new.curriculum).resolve

    retired = {"": new.curriculum.about.retired_tracks}
    retired |= {track.id: track.retired for track in now.values()}
    retired |= {key: place.entity.retired for key, place in new_places.items()}

    changes: list[Change] = []
    pairs = {"": ""}
    pairs |= _match(_tracks(old, then), _tracks(new, now), lead, pairs, retired, changes)
    sizes = list(_sizes(old, new, then, now, pairs))
    pairs |= _match(_things(old_places), _things(new_places), lead, pairs, retired, changes)
    befores = {} if old is None else _items(old, old_places)
    _match(befores, _items(new, new_places), lead, pairs, retired, changes)
    return sizes, changes


def _of_shared(old: Curriculum, new: Curriculum, unread: list[str]) -> list[Change]:
    """What became of topics and resources; `unread` is told where that cannot be said."""
    changes: list[Change] = []
    if "topics" in new.declared and "topics" in old.declared:
        leads = {former: id for id, topic in new.topics.items() for former in topic.moved}
        befores, afters = (
            {id: _Thing("topic", topic.label) for id, topic in c.topics.items()} for c in (old, new)
        )
        retired = {"": new.vocabulary.retired if new.vocabulary else ()}
        _match(befores, afters, lambda id: leads.get(id, id), {"": ""}, retired, changes)
    else:
        unread.append("topics.yml")
    if "resources" in new.declared and "resources" in old.declared:
        befores, afters = (
            {id: _Thing("resource", found.title) for id, found in c.resources.items()}
            for c in (old, new)
        )
        # No tick hangs on an entry of the library: nothing is lost with it.
        _match(befores, afters, lambda id: id, {"": ""}, {"": tuple(befores)}, changes)
    else:
        unread.append("resources/")
    return changes


def _match(
    befores: Mapping[str, _Thing],
    afters: Mapping[str, _Thing],
    lead: Callable[[str], str],
    parents: Mapping[str, str],
    retired: Mapping[str, Collection[str]],
    changes: list[Change],
) -> dict[str, str]:
    """Pair old keys with new ones, and note what is not as it was; the pairs.

    `lead` follows a former key; `parents` pairs what holds these; `retired` has the ids that were
    given up, by the new key of what held them. What came or went with all that holds it is told
    there.
    """
    pairs: dict[str, str] = {}
    for old_key, thing in befores.items():
        new_key = old_key if old_key in afters else lead(old_key)
        parent, _, id = old_key.rpartition("/")
        holder = parents.get(parent)
        after = afters.get(new_key)
        if after is None:
            if holder is not None:
                how: How = "retired" if id in retired.get(holder, ()) else "lost"
                changes.append(Change(how, thing.what, old_key, thing.words, items=thing.items))
            continue
        pairs[old_key] = new_key
        with_holder = f"{holder}/{id}" if holder else id
        is_moved = new_key != with_holder
        if is_moved or thing.words != after.words:
            how = "moved" if is_moved else "reworded"
            changes.append(Change(how, after.what, new_key, thing.words, after.words, old_key))
    matched = set(pairs.values())
    holders = set(parents.values())
    for new_key, thing in afters.items():
        if new_key not in matched and new_key.rpartition("/")[0] in holders:
            changes.append(Change("added", thing.what, new_key, "", thing.words, "", thing.items))
    return pairs


# ------------------------------------------------------------------------------- what stands there


def _places(index: Index, tracks: Mapping[str, Track]) -> dict[str, TickPlace]:
    return {place.key: place for id in tracks for place in index.places[id]}


def _tracks(index: Index | None, tracks: Mapping[str, Track]) -> dict[str, _Thing]:
    if index is None:
        return {}
    return {
        id: _Thing("track", track.title, sum(len(place.ticks) for place in index.places[id]))
        for id, track in tracks.items()
    }


def _things(places: Mapping[str, TickPlace]) -> dict[str, _Thing]:
    return {
        key: _Thing(
            "week" if place.kind in ("week", "phase") else "list",
            place.entity.title,
            len(place.ticks),
        )
        for key, place in places.items()
    }


def _items(index: Index, places: Mapping[str, TickPlace]) -> dict[str, _Thing]:
    return {
        f"{key}/{tick.id}": _Thing("item", _words(index, tick))
        for key, place in places.items()
        for tick in place.ticks
    }


def _words(index: Index, tick: Tick) -> str:
    """What a learner reads beside the box."""
    entity = tick.entity
    if isinstance(entity, BankMention):
        bank = index.curriculum.banks.get(entity.bank)
        return bank.title if bank else entity.bank
    if tick.words or not isinstance(entity, Mention):
        return tick.words
    library = index.curriculum.resources
    titles = (library[ref].title if ref in library else ref for ref in entity.refs)
    name = (" or " if entity.any_of else " and ").join(titles)
    return f"{name}, {entity.part}" if entity.part else name


def _sizes(
    old: Index | None,
    new: Index,
    then: Mapping[str, Track],
    now: Mapping[str, Track],
    pairs: Mapping[str, str],
) -> Iterator[TrackSizes]:
    came_from = {to: former for former, to in pairs.items()}
    for id, track in now.items():
        was = then.get(came_from.get(id, ""))
        before = _size(old, was) if old and was else None
        after = _size(new, track)
        if before != after:
            yield TrackSizes(id, track.short_title, before, after)
    for id, track in then.items():
        if id not in pairs and old:
            yield TrackSizes(id, track.short_title, _size(old, track), None)


def _size(index: Index, track: Track) -> Size:
    required = sum(place.required for place in index.places[track.id])
    return Size(calendar_weeks(track), effort(track), required)

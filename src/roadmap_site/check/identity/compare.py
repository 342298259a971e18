"""Two revisions of a curriculum: what became of each track, place, item and branch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from roadmap_site.check.identity.keys import Entry, Keys
from roadmap_site.check.identity.likeness import (
    CANDIDATES,
    SURE,
    Pairs,
    Text,
    likeness,
    pair,
    same_words,
)
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.index import normal_name
from roadmap_site.model.places import TickPlace

A_PART = 0.25
"""Share of the other's items that it has to be at the least: several may have become one."""
MOSTLY = 0.5
"""Share of a place's items (or a track's) that are found in another, to say that it became that."""


@dataclass(slots=True)
class Fates:
    """What became of the things of one kind, by their old keys; of items, where a track changed.

    `kept` is old key to the key of today where the data says so (it is the same, or `moved` has
    it). `found` is the same for what the data does not say, but its words make sure. `maybe` names
    new keys that the rest may have become; `retired` are those that the data says were taken away.
    `added` are today's keys that nothing became.
    """

    kept: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def now(self, key: str) -> str | None:
        """The key of today, as far as it is known."""
        return self.kept.get(key) or self.found.get(key)

    @property
    def settled(self) -> set[str]:
        """Today's keys that something became."""
        return {*self.kept.values(), *self.found.values()}


@dataclass(slots=True)
class Comparison:
    """A base revision and today's, and what became of what."""

    base: Keys
    now: Keys
    tracks: Fates
    places: Fates
    items: Fates
    branches: Fates
    reworded: dict[str, str]
    """Old to new key of items that are the same, in other words."""

    def item_now(self, key: str) -> Entry | None:
        """What an item of the base is today, as far as it is known."""
        if _is_shared(key.rpartition("/")[0], self.base, self.now):
            return self.now.item(key)
        return self.now.item(self.items.now(key))

    @property
    def is_nothing_new(self) -> bool:
        """Whether nothing was added or reworded, so that what is gone was taken away."""
        kinds = (self.tracks, self.places, self.items, self.branches)
        # Of two things under one id only the first is seen.
        is_all_seen = not self.now.has_twins
        return is_all_seen and not self.reworded and not any(kind.added for kind in kinds)


def compare(old: Curriculum, new: Curriculum) -> Comparison:
    """Hold a revision against an older one."""
    now = Keys(new)
    base = Keys(old, now)
    tracks = _tracks(base, now)
    places = _places(base, now, tracks)
    items, reworded = _items(base, now, places)
    branches = _branches(base, now, places)
    return Comparison(base, now, tracks, places, items, branches, reworded)


def _tracks(base: Keys, now: Keys) -> Fates:
    fates = Fates()
    gone = []
    for id in base.tracks:
        moved = id if id in now.tracks else now.moves.resolve(id)
        if moved in now.tracks:
            fates.kept[id] = moved
        elif now.is_retired(id):
            fates.retired.append(id)
        else:
            gone.append(id)
    new = _unsettled(now.tracks, fates)
    if gone and new:
        shares = {
            (old, id): _share(_names(base, base.by_track[old]), _names(now, now.by_track[id]))
            for old in gone
            for id in new
        }
        _pair_by_content(fates, gone, new, shares)
    else:
        fates.maybe.update((id, ()) for id in gone)
    fates.added = _unsettled(now.tracks, fates)
    return fates


def _places(base: Keys, now: Keys, tracks: Fates) -> Fates:
    fates = Fates()
    gone = []
    changed = [spot for key, spot in now.places.items() if not _is_shared(key, base, now)]
    for key, place in base.places.items():
        if _is_shared(key, base, now):
            fates.kept[key] = key
            continue
        track = tracks.now(place.track.id)
        same = f"{track}/{place.id}" if track else key
        moved = same if same in now.places else _resolved(now, (key, same), now.places)
        if moved and not (moved == same and _is_another(place, now.places[same], changed)):
            fates.kept[key] = moved
        elif not moved and (now.is_retired(key) or now.is_retired(same)):
            fates.retired.append(key)
        else:
            gone.append(key)
    new = _unsettled(now.places, fates)
    if gone and new:
        old_names = {key: _names(base, [base.places[key]]) for key in gone}
        new_names = {key: _names(now, [now.places[key]]) for key in new}
        shares = {
            (old, key): _share(old_names[old], new_names[key])
            # One of many says little: a list of one item may be anywhere.
            if _share(new_names[key], old_names[old]) >= A_PART
            else 0.0
            for old in gone
            for key in new
        }
        for old, key in list(shares):
            # A little of what it held and a title that is alike will do, where nobody else claims.
            if 0 < shares[old, key] < MOSTLY:
                rivals = [shares[other, key] for other in gone if other != old]
                titles = base.places[old].entity.title, now.places[key].entity.title
                if not any(rivals) and likeness(*titles) >= SURE:
                    shares[old, key] = MOSTLY
        _pair_by_content(fates, gone, new, shares)
    else:
        fates.maybe.update((key, ()) for key in gone)
    settled = fates.settled
    for key in list(fates.maybe):
        # What looked like another thing under the old key has no better home: it is the old one.
        track = tracks.now(base.places[key].track.id)
        same = f"{track}/{base.places[key].id}"
        if same in now.places and same not in settled:
            fates.kept[key] = same
            settled.add(same)
            del fates.maybe[key]
    fates.added = _unsettled(now.places, fates)
    return fates


def _items(base: Keys, now: Keys, places: Fates) -> tuple[Fates, dict[str, str]]:
    fates = Fates()
    gone: list[Entry] = []
    apart: list[Entry] = []
    reworded: dict[str, str] = {}
    joined = Counter(places.now(head) for head in base.places)
    changed = [head for head in base.places if not _is_shared(head, base, now)]
    for entry in (entry for head in changed for entry in base.items(head).values()):
        key, head = entry.key, places.now(entry.head)
        same = f"{head}/{entry.id}" if head else key
        followed = now.moves.resolve(key)
        moved = now.item(followed) if followed != key else None
        moved = moved or now.item(same) or now.item(now.moves.resolve(same))
        if moved and moved.key == same != key and joined[head] > 1 and not _is_alike(entry, moved):
            moved = None  # of another of the places that became one
        if moved:
            fates.kept[key] = moved.key
            if entry.words != moved.words:
                reworded[key] = moved.key
        elif now.is_retired(key) or now.is_retired(same):
            if head:
                fates.retired.append(key)
            else:
                apart.append(entry)
        else:
            gone.append(entry)
    settled = fates.settled
    new = [
        entry
        for head in now.places
        if not _is_shared(head, base, now)
        for key, entry in now.items(head).items()
        if key not in settled
    ]
    # Where a whole place was retired, what stood in it may have moved out all the same.
    moved_out = same_words([_text(e, e.head) for e in apart], [_text(e, e.head) for e in new])
    fates.found.update(moved_out)
    fates.retired += [entry.key for entry in apart if entry.key not in moved_out]
    out = set(moved_out.values())
    new = [entry for entry in new if entry.key not in out]
    pairs = pair(
        [_text(entry, places.now(entry.head) or entry.head) for entry in gone],
        [_text(entry, entry.head) for entry in new],
        [base.entry(key).words for key in reworded],
    )
    _settle(fates, pairs, [entry.key for entry in gone])
    reworded |= {
        old: key for old, key in pairs.sure.items() if base.entry(old).words != now.entry(key).words
    }
    fates.added = _unsettled((entry.key for entry in new), fates)
    _name_neighbours(fates, places)
    return fates, reworded


def _name_neighbours(fates: Fates, places: Fates) -> None:
    """What is gone and like nothing may be what is new beside it, in other words altogether."""
    beside: dict[str, list[str]] = defaultdict(list)
    for key in fates.added:
        beside[key.rpartition("/")[0]].append(key)
    for key, candidates in fates.maybe.items():
        if not candidates:
            near = beside.get(places.now(key.rpartition("/")[0]) or "", [])
            fates.maybe[key] = tuple(near[:CANDIDATES])


def _branches(base: Keys, now: Keys, places: Fates) -> Fates:
    fates = Fates()
    gone: list[Entry] = []
    for key, entry in base.branches.items():
        head = places.now(entry.head)
        same = f"{head}#{entry.id}"
        if same in now.branches:
            fates.kept[key] = same
        elif head is None or now.is_retired(key) or now.is_retired(same):
            fates.retired.append(key)  # with its place, if this is gone
        else:
            gone.append(entry)
    new = [now.branches[key] for key in _unsettled(now.branches, fates)]
    # A branch belongs to its phase: the words of others mean nothing.
    pairs = pair(
        [Text(entry.key, entry.words, group=str(places.now(entry.head))) for entry in gone],
        [Text(entry.key, entry.words, group=entry.head) for entry in new],
    )
    _settle(fates, pairs, [entry.key for entry in gone])
    fates.added = _unsettled((entry.key for entry in new), fates)
    return fates


def _unsettled(keys: Iterable[str], fates: Fates) -> list[str]:
    """Today's keys that nothing became, as far as is known."""
    settled = fates.settled
    return [key for key in keys if key not in settled]


def _settle(fates: Fates, pairs: Pairs, gone: Iterable[str]) -> None:
    fates.found.update(pairs.sure)
    for key in gone:
        if key not in pairs.sure:
            fates.maybe[key] = pairs.maybe.get(key, ())


def _text(entry: Entry, head: str) -> Text:
    return Text(entry.key, entry.words, head, "mention" if entry.is_mention else "")


def _resolved(now: Keys, keys: Iterable[str], there: Mapping[str, object]) -> str | None:
    for key in keys:
        moved = now.moves.resolve(key)
        if moved != key and moved in there:
            return moved
    return None


def _is_alike(one: Entry, other: Entry) -> bool:
    return likeness(one.words, other.words) >= SURE


def _is_shared(head: str, base: Keys, now: Keys) -> bool:
    """Whether two revisions share a place: what was read once is one value in both."""
    one, other = base.places.get(head), now.places.get(head)
    return one is not None and other is not None and one.entity is other.entity


def _is_another(old: TickPlace, new: TickPlace, others: Iterable[TickPlace]) -> bool:
    """Whether a place under an old key is another one, as where two weeks swapped their titles.

    It is where it has little of what stood there and one of the `others` has most of it, unless the
    id is pinned: then somebody said that it is the same.
    """
    ids = {tick.entity.id for tick in old.ticks}
    if new.entity.pinned or len(ids) < 2 or _overlap(ids, new) >= MOSTLY:
        return False
    return any(other is not new and _overlap(ids, other) >= MOSTLY for other in others)


def _overlap(ids: Collection[str], place: TickPlace) -> float:
    return sum(tick.entity.id in ids for tick in place.ticks) / len(ids)


def _names(keys: Keys, spots: Iterable[TickPlace]) -> frozenset[str]:
    return frozenset(
        normal_name(entry.words) for spot in spots for entry in keys.items(spot.key).values()
    )


def _share(old: frozenset[str], new: frozenset[str]) -> float:
    return len(old & new) / len(old) if old else 0.0


def _pair_by_content(
    fates: Fates,
    gone: Sequence[str],
    new: Sequence[str],
    shares: Mapping[tuple[str, str], float],
) -> None:
    """Pair what holds mostly the same; several may have become one, but one not several."""
    for old in gone:
        ranked = sorted(((shares[old, key], key) for key in new), reverse=True)
        best, key = ranked[0]
        rest = ranked[1][0] if len(ranked) > 1 else 0.0
        if best >= MOSTLY and rest < MOSTLY:
            fates.found[old] = key
        else:
            fates.maybe[old] = tuple(key for share, key in ranked[:3] if share > 0)

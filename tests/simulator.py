"""An editor who changes a curriculum at random, and knows what became of each item.

The world is the curriculum's YAML as plain data. Every place and item in it carries a truth: a
number that stays with it whatever its words, place or order, and goes to all that came of it where
it was split or merged. Truths stand under the key `_t`, and are never written.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml

from roadmap_site.check.identity.likeness import likeness
from roadmap_site.load.files import InMemory
from roadmap_site.load.project import Loaded, load_files
from roadmap_site.model.places import places
from roadmap_site.model.source import MappingNode, Node, SequenceNode
from roadmap_site.model.values import slug

Data = Any
World = dict[str, Data]
Truth = int

ITEMS = ("topics", "practice", "requirements", "deliverables", "points", "items")
TEXTS = {
    "projects": "title",
    "resources": "ref",
    "interview": "bank",
    "banks": "bank",
    "questions": "text",
}
TRACK_FILE = re.compile(r"tracks/[^/]+/[^/]+\.yml")
PLACES = ("weeks", "checklists", "project_sets", "plans", "shelves")


# ------------------------------------------------------------------------------- the world


def text_key(name: str) -> str:
    return TEXTS.get(name, "text")


def kind_of(name: str) -> str:
    """Things of one kind may stand in each other's lists."""
    return name if name == "questions" else text_key(name)


def item_lists(data: Data) -> Iterator[tuple[str, list[Data]]]:
    """Every list of things to tick at or below a mapping, with its key, in order of the file."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "advice":
                continue  # its points are mere words
            if isinstance(value, list):
                if is_item_list(name, data) and not (name == "banks" and "tracks" in data):
                    yield name, value
                for entry in value:
                    yield from item_lists(entry)
            elif isinstance(value, dict):
                yield from item_lists(value)


def is_item_list(name: str, owner: Data) -> bool:
    if name in ("items", "questions") and "numbered" in owner:
        return False
    if name == "items":
        return "_notes" not in owner
    return name in ITEMS or name in TEXTS


def place_nodes(path: str, data: Data) -> Iterator[Data]:
    """The places of a file: its weeks, or itself; or what stands beside the road."""
    if path.endswith("/track.yml"):
        for name in PLACES[1:]:
            yield from data.get(name, ())
        if "interview" in data:
            yield data["interview"]
    elif "weeks" in data:
        yield from data["weeks"]
    else:
        yield data


def read(texts: Mapping[str, str]) -> World:
    """Texts as data, every item a mapping."""
    world = {path: yaml.load(text, yaml.CSafeLoader) for path, text in texts.items()}
    for path in list(filter(TRACK_FILE.fullmatch, world)):
        data = world[path]
        for name in ("how_to_use", "next_steps", "outcomes", "assessment"):
            if name in data:
                data[name]["_notes"] = True
        for name, entries in item_lists(data):
            entries[:] = [e if isinstance(e, dict) else {text_key(name): e} for e in entries]
    return world


def truths(world: World) -> Iterator[dict[str, Any]]:
    """Everything that has a truth, in an order that no fix changes."""
    for path in sorted(filter(TRACK_FILE.fullmatch, world)):
        data = world[path]
        if path.endswith("/track.yml"):
            yield data
        yield from place_nodes(path, data)
        for _, entries in item_lists(data):
            yield from entries


def write(world: World, rng: random.Random) -> dict[str, str]:
    """Data as texts, in one of the styles that people write."""

    def bare(value: Data, name: str = "") -> Data:
        if isinstance(value, dict):
            kept = {k: bare(v, k) for k, v in value.items() if k[0] != "_"}
            only = text_key(name)
            return kept[only] if name and list(kept) == [only] and "_t" in value else kept
        if isinstance(value, list):
            return [bare(entry, name) for entry in value]
        return value

    width, flow = rng.choice([60, 100, 1000]), rng.choice([False, None])
    return {
        path: yaml.dump(
            bare(data),
            Dumper=yaml.CSafeDumper,
            sort_keys=False,
            allow_unicode=True,
            width=width,
            default_flow_style=flow,
        )
        for path, data in world.items()
    }


def load_texts(texts: Mapping[str, str]) -> Loaded:
    return load_files(InMemory({path: text.encode() for path, text in texts.items()}))


# --------------------------------------------------------------------------------- the keys


def keys_of(world: World, loaded: Loaded) -> dict[str, Truth]:
    """The truth behind each live key of an item (`t/p/i`) and a place (`t/p`)."""
    assert loaded.curriculum
    where: dict[int, Truth] = {}
    for track in loaded.curriculum.tracks:
        for entity in (track, *track.phases):
            for data, node in _walk(world[entity.node.file.path], entity.node):
                where[id(node)] = data["_t"]
    found: dict[str, Truth] = {}
    for track in loaded.curriculum.tracks:
        for place in places(track):
            found.setdefault(place.key, where[id(place.entity.node)])
            for tick in place.ticks:
                found.setdefault(f"{place.key}/{tick.id}", where[id(tick.entity.node)])
    return found


def _walk(data: Data, node: Node) -> Iterator[tuple[Data, Node]]:
    if isinstance(data, dict):
        if "_t" in data:
            yield data, node
        if isinstance(node, MappingNode):
            for name, value in data.items():
                if name in node.pairs:
                    yield from _walk(value, node.pairs[name][1])
    elif isinstance(data, list) and isinstance(node, SequenceNode):
        for value, child in zip(data, node.children, strict=True):
            yield from _walk(value, child)


# -------------------------------------------------------------------------------- the editor


@dataclass
class Editor:
    """Changes a world, and keeps account of what it did."""

    rng: random.Random
    world: World
    count: int = 0
    heirs: dict[Truth, set[Truth]] = field(default_factory=dict)
    """What came of a thing that was split or merged."""
    deleted: set[Truth] = field(default_factory=set)

    def number(self) -> Truth:
        self.count += 1
        return self.count

    def begin(self) -> None:
        for thing in truths(self.world):
            thing["_t"] = self.number()

    def carry(self, texts: Mapping[str, str]) -> None:
        """Take over what a fix wrote into some files: it adds keys, and moves nothing."""
        fixed = read(texts)
        before = {path: self.world[path] for path in fixed}
        for old, new in zip(truths(before), truths(fixed), strict=True):
            new["_t"] = old["_t"]
        self.world |= fixed

    def save(self) -> tuple[World, dict[Truth, set[Truth]], set[Truth]]:
        return deepcopy(self.world), dict(self.heirs), set(self.deleted)

    def restore(self, saved: tuple[World, dict[Truth, set[Truth]], set[Truth]]) -> None:
        self.world, self.heirs, self.deleted = saved

    def items_in(self, place: Data) -> Iterator[dict[str, Any]]:
        for _, entries in item_lists(place):
            yield from entries

    def heirs_of(self, truth: Truth) -> set[Truth]:
        """A thing itself, or all that came of it."""
        if truth not in self.heirs:
            return {truth}
        return {last for heir in self.heirs[truth] for last in self.heirs_of(heir)}

    def is_deleted(self, truth: Truth) -> bool:
        return self.heirs_of(truth) <= self.deleted

    # What is there to change.

    def months(self) -> list[str]:
        return [p for p in self.world if TRACK_FILE.fullmatch(p) and not p.endswith("track.yml")]

    def places(self) -> list[tuple[str, Data]]:
        return [
            (path, place)
            for path in filter(TRACK_FILE.fullmatch, self.world)
            for place in place_nodes(path, self.world[path])
        ]

    def weeks(self) -> list[tuple[str, Data]]:
        return [
            (path, week) for path in self.months() for week in self.world[path].get("weeks", ())
        ]

    def lists(self, *, of_texts: bool = False) -> list[tuple[str, list[Data], Data]]:
        """Lists that hold something, and the place they stand in."""
        return [
            (name, entries, place)
            for _, place in self.places()
            for name, entries in item_lists(place)
            if entries and (not of_texts or text_key(name) in ("text", "title"))
        ]

    # What is done.

    def edit(self) -> str:
        """One change at random; its name, empty where it could not be made."""
        kinds = [
            (self.reword, 6),
            (self.reword_far, 1),
            (self.reorder, 3),
            (self.move, 5),
            (self.split, 1),
            (self.merge, 1),
            (self.delete, 2),
            (self.rename_week, 3),
            (self.delete_week, 0.4),
            (self.move_week, 1),
            (self.join_weeks, 0.5),
            (self.swap_titles, 0.5),
            (self.rename_track, 0.7),
        ]
        action = self.rng.choices([k for k, _ in kinds], [w for _, w in kinds])[0]
        return action.__name__ if action() else ""

    def word(self) -> str:
        syllables = [
            "za",
            "vo",
            "rik",
            "mel",
            "tup",
            "gra",
            "quo",
            "fen",
            "lis",
            "dor",
            "xan",
            "pim",
        ]
        return "".join(self.rng.choices(syllables, k=3))

    def reworded(self, text: str, low: float, high: float) -> str:
        """Other words for a text, whose likeness to it lies between two numbers."""
        best = text
        for _ in range(30):
            words = best.split()
            at = self.rng.randrange(len(words))
            match self.rng.randrange(4):
                case 0:
                    words[at] = self.word()
                case 1:
                    words.insert(at, self.word())
                case 2 if len(words) > 2:
                    del words[at]
                case _:
                    words[at] = words[at].swapcase() if self.rng.random() < 0.3 else self.word()
            attempt = " ".join(words)
            ratio = likeness(text, attempt)
            if ratio < low:
                continue
            best = attempt
            if ratio <= high and self.rng.random() < 0.5:
                break
        return best

    def reword(self) -> bool:
        return self._reword(0.62, 0.999)

    def reword_far(self) -> bool:
        return self._reword(0.0, 0.45)

    def _reword(self, low: float, high: float) -> bool:
        name, entries, place = self.rng.choice(self.lists(of_texts=True))
        item, key = self.rng.choice(entries), text_key(name)
        old = item[key]
        item[key] = self.reworded(old, low, high)
        return self._or_back(place, lambda: item.update({key: old}))

    def reorder(self) -> bool:
        lists = [entries for _, entries, _ in self.lists()]
        lists += [
            self.world[path]["weeks"] for path in self.months() if "weeks" in self.world[path]
        ]
        self.rng.shuffle(self.rng.choice(lists))
        return True

    def move(self) -> bool:
        name, entries, _ = self.rng.choice(self.lists())
        fitting = [
            (there, place)
            for other, there, place in self.lists()
            if kind_of(other) == kind_of(name)
        ]
        there, place = self.rng.choice(fitting)
        item = self.rng.choice(entries)
        if len(entries) < 2 or _holds(item, there):
            return False
        entries[:] = [entry for entry in entries if entry is not item]
        at = self.rng.randint(0, len(there))
        there.insert(at, item)

        def back() -> None:
            there[:] = [entry for entry in there if entry is not item]
            entries.append(item)

        return self._or_back(place, back)

    def split(self) -> bool:
        name, entries, place = self.rng.choice(self.lists(of_texts=True))
        key, item = text_key(name), self.rng.choice(entries)
        words = item[key].split()
        if len(words) < 4 or name == "questions":
            return False
        at = self.rng.randint(2, len(words) - 2)
        one = {**item, key: " ".join(words[:at]), "_t": self.number()}
        other: dict[str, Any] = {key: " ".join(words[at:]), "_t": self.number()}
        if "teaches" in item:
            other["teaches"] = item["teaches"]
        before = list(entries)
        entries[entries.index(item)] = one
        entries.append(other)
        if not self._or_back(place, lambda: entries.__setitem__(slice(None), before)):
            return False
        self.heirs[item["_t"]] = {int(one["_t"]), int(other["_t"])}
        return True

    def merge(self) -> bool:
        name, entries, place = self.rng.choice(self.lists(of_texts=True))
        key = text_key(name)
        if len(entries) < 3:
            return False
        one, other = self.rng.sample(entries, 2)
        if any(map(_points, (one, other))):
            return False
        both = {**one, key: f"{one[key]} and {other[key]}", "_t": self.number()}
        before = list(entries)
        entries[:] = [both if e is one else e for e in entries if e is not other]
        if not self._or_back(place, lambda: entries.__setitem__(slice(None), before)):
            return False
        self.heirs[one["_t"]] = self.heirs[other["_t"]] = {both["_t"]}
        return True

    def delete(self) -> bool:
        _, entries, _ = self.rng.choice(self.lists())
        if len(entries) < 2:
            return False
        item = entries.pop(self.rng.randrange(len(entries)))
        self._gone(item)
        return True

    def delete_week(self) -> bool:
        path, week = self.rng.choice(self.weeks())
        weeks = self.world[path]["weeks"]
        if len(weeks) < 2:
            return False
        weeks[:] = [other for other in weeks if other is not week]
        self._gone(week)
        return True

    def rename_week(self) -> bool:
        _, place = self.rng.choice(self.places())
        place["title"] = " ".join(self.word() for _ in range(3))
        return True

    def move_week(self) -> bool:
        (path, week), there = self.rng.choice(self.weeks()), self.rng.choice(self.months())
        weeks, others = self.world[path]["weeks"], self.world[there].get("weeks")
        if others is None or weeks is others or len(weeks) < 2:
            return False
        ids = {self._id(place) for p, place in self.places() if _track(p) == _track(there)}
        if _track(path) != _track(there) and self._id(week) in ids:
            return False
        weeks[:] = [other for other in weeks if other is not week]
        others.insert(self.rng.randint(0, len(others)), week)
        return True

    def join_weeks(self) -> bool:
        """All of a week goes into another one of the same track, and it is no more."""
        (path, week), (there, other) = self.rng.choice(self.weeks()), self.rng.choice(self.weeks())
        weeks = self.world[path]["weeks"]
        lists = {name: entries for name, entries in week.items() if is_item_list(name, week)}
        if week is other or _track(path) != _track(there) or len(weeks) < 2:
            return False
        if {"modules", "key_concepts", "moved", "retired"} & week.keys():
            return False
        before = {name: list(other[name]) for name in lists if name in other}
        for name, entries in lists.items():
            other[name] = [*other.get(name, ()), *entries]

        def back() -> None:
            for name in lists:
                del other[name]
            other.update(before)

        if not self._or_back(other, back):
            return False
        weeks[:] = [kept for kept in weeks if kept is not week]
        self.heirs[week["_t"]] = {other["_t"]}
        return True

    def swap_titles(self) -> bool:
        (path, week), (there, other) = self.rng.choice(self.weeks()), self.rng.choice(self.weeks())
        if week is other or _track(path) != _track(there) or "id" in week or "id" in other:
            return False
        week["title"], other["title"] = other["title"], week["title"]
        return True

    def rename_track(self) -> bool:
        tracks = self.world["curriculum.yml"]["tracks"]
        at = self.rng.randrange(len(tracks))
        old, new = tracks[at], f"{self.word()}-{self.word()}"
        tracks[at] = new
        for path in list(self.world):
            if path.startswith(f"tracks/{old}/"):
                self.world[path.replace(f"tracks/{old}/", f"tracks/{new}/", 1)] = self.world.pop(
                    path
                )
        return True

    def _id(self, place: Data) -> str:
        return str(place.get("id") or slug(place["title"]))

    def _gone(self, data: Data) -> None:
        if isinstance(data, dict):
            if "_t" in data:
                self.deleted.add(data["_t"])
            for value in data.values():
                self._gone(value)
        elif isinstance(data, list):
            for value in data:
                self._gone(value)

    def _or_back(self, place: Data, back: Any) -> bool:
        """Keep a change unless two things in a place would share an id, or it names its own."""
        ids = list(_ids(place))
        if len(ids) == len(set(ids)) and "" not in ids:
            return True
        back()
        return False


def _track(path: str) -> str:
    return path.split("/")[1]


def _points(item: Data) -> bool:
    return any(name in item for name in ("points", "requirements", "deliverables", "code"))


def _holds(item: Data, there: list[Data]) -> bool:
    return any(entries is there for _, entries in item_lists(item))


def _ids(place: Data) -> Iterator[str]:
    for name, entries in item_lists(place):
        for entry in entries:
            words = entry.get(text_key(name), "")
            if name == "resources":
                refs = (
                    entry.get("ref")
                    or " or ".join(entry.get("any_of", ()))
                    or " and ".join(entry.get("all_of", ()))
                )
                words = f"{refs} {entry.get('part', '')}"
            elif name in ("interview", "banks"):
                words = f"{words} questions"
            yield str(entry.get("id") or slug(str(words)))

"""A track's road as pages see it: its stops in order, their addresses, what they teach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from roadmap_site.model.addresses import place_address, track_address
from roadmap_site.model.curriculum import Phase, Track, Week
from roadmap_site.model.index import Index
from roadmap_site.model.places import TickPlace, phase_label, week_label
from roadmap_site.model.values import TopicRef

View = dict[str, Any]

TONES = 5
"""How many accent colours tracks take in turn."""
ALSO_AT_MOST = 5
_LOOK_AT_MOST = 40
"""Places looked at for each topic when others that teach the same are sought: a topic that a whole
large curriculum teaches must not make every page look at all of it."""
_WEEKS = {"d": 1 / 7, "w": 1.0, "mo": 52 / 12}


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the road: a week, or a phase without weeks."""

    place: TickPlace
    number: int
    label: str
    title: str
    short: str
    optional: bool
    ongoing: bool

    @property
    def url(self) -> str:
        """Its site path."""
        return place_address(self.place.key)

    @property
    def entity(self) -> Week | Phase:
        """What it is in the model."""
        entity = self.place.entity
        assert isinstance(entity, Week | Phase)
        return entity


class Road:
    """Addresses, labels and topics of every track, worked out once for all pages."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @cached_property
    def stops(self) -> Mapping[str, tuple[Stop, ...]]:
        """Each track's stops, by track id."""
        return {track.id: tuple(self._stops(track)) for track in self.index.curriculum.tracks}

    @cached_property
    def by_key(self) -> Mapping[str, Stop]:
        """Stops by the key of their place."""
        return {stop.place.key: stop for stops in self.stops.values() for stop in stops}

    @cached_property
    def topics(self) -> Mapping[str, tuple[TopicRef, ...]]:
        """The topics each place teaches, in order of first appearance, by the place's key."""
        known = self.index.curriculum.topics
        found: dict[str, dict[TopicRef, None]] = {}
        for teachings in self.index.teachings.values():
            for teaching in teachings:
                if teaching.place and teaching.topic in known:
                    found.setdefault(teaching.place.key, {})[teaching.topic] = None
        return {key: tuple(topics) for key, topics in found.items()}

    @cached_property
    def taught(self) -> Mapping[str, tuple[TickPlace, ...]]:
        """The places that teach each topic, in order of tracks, by the topic's id."""
        found: dict[str, list[TickPlace]] = {}
        for track in self.index.curriculum.tracks:
            for place in self.index.places[track.id]:
                for topic in self.topics.get(place.key, ()):
                    found.setdefault(topic, []).append(place)
        return {topic: tuple(places) for topic, places in found.items()}

    @cached_property
    def cards(self) -> Mapping[str, View]:
        """Each track in short, by its id."""
        lengths = {t.id: self._calendar_weeks(t) for t in self.index.curriculum.tracks}
        longest = max(lengths.values(), default=1) or 1
        return {
            track.id: self._card(track, number, lengths[track.id] / longest)
            for number, track in enumerate(self.index.curriculum.tracks)
        }

    def place_label(self, place: TickPlace) -> str:
        """What a place is called within its track: its week's label, else its title.

        Where weeks are numbered anew each month, the month's label comes first.
        """
        stop = self.by_key.get(place.key)
        if stop is None:
            return place.entity.title
        if isinstance(stop.entity, Week) and place.phase and place.track.week_numbers == "month":
            return f"{phase_label(place.phase)}, {stop.label}"
        return stop.label

    def also(self, place: TickPlace) -> list[View]:
        """Where other tracks teach what this place does: the best place of each, five at most."""
        shared: Counter[str] = Counter()
        for topic in self.topics.get(place.key, ()):
            for other in self.taught[topic][:_LOOK_AT_MOST]:
                if other.track is not place.track and other.key in self.by_key:
                    shared[other.key] += 1
        best: dict[str, str] = {}
        # most_common keeps the order of first sight among equals, so that builds do not differ.
        for key, _ in shared.most_common():
            best.setdefault(self.by_key[key].place.track.id, key)
        here = self.topics.get(place.key, ())
        labels = self.index.curriculum.topics
        views = []
        for track_id, key in list(best.items())[:ALSO_AT_MOST]:
            stop = self.by_key[key]
            there = set(self.topics[key])
            views.append(
                {
                    "track": self.cards[track_id],
                    "label": stop.label,
                    "title": stop.title,
                    "url": stop.url,
                    "shared": [labels[topic].label for topic in here if topic in there][:4],
                }
            )
        return views

    def required(self, track: Track) -> int:
        """How many ticks the track's total counts before any branch is chosen."""
        return sum(place.required for place in self.index.places[track.id])

    def _stops(self, track: Track) -> list[Stop]:
        stops: list[Stop] = []
        for place in self.index.places[track.id]:
            entity = place.entity
            if isinstance(entity, Week | Phase):
                phase = place.phase
                assert phase is not None
                label = week_label(entity) if isinstance(entity, Week) else phase_label(entity)
                stops.append(
                    Stop(
                        place,
                        len(stops) + 1,
                        label,
                        entity.title,
                        entity.short_title or entity.title,
                        phase.optional or entity.optional,
                        phase.ongoing,
                    )
                )
        return stops

    def _card(self, track: Track, number: int, share: float) -> View:
        stops = self.stops[track.id]
        first = next((stop for stop in stops if not stop.optional), stops[0] if stops else None)
        return {
            "id": track.id,
            "title": track.title,
            "subtitle": track.subtitle,
            "short": track.short_title,
            "summary": track.summary,
            "url": track_address(track.id),
            "length": str(track.length),
            "pace": str(track.pace) if track.pace else "",
            "total_time": str(track.total_time) if track.total_time else "",
            "level": track.level,
            "audience": track.audience,
            "builds": track.builds,
            "tone": number % TONES + 1,
            "required": self.required(track),
            "start_url": first.url if first else track_address(track.id),
            "unit": _unit(stops),
            "tags": track.tags,
            "share": max(4, round(100 * share)),
        }

    @staticmethod
    def _calendar_weeks(track: Track) -> float:
        return track.length.high * _WEEKS.get(track.length.unit, 0.0)


def _unit(stops: tuple[Stop, ...]) -> str:
    """What the road is made of: 12 weeks, 10 fortnights, 8 phases."""
    weeks = [stop.entity.week for stop in stops if isinstance(stop.entity, Week)]
    if len(weeks) == len(stops) and all(numbers.count == 2 for numbers in weeks):
        noun = "fortnight"
    elif weeks:
        stops = tuple(stop for stop in stops if isinstance(stop.entity, Week))
        noun = "week" if all(numbers.count == 1 for numbers in weeks) else "stage"
    else:
        noun = "phase"
    return f"{len(stops)} {noun}{'' if len(stops) == 1 else 's'}"

"""Old addresses and where they lead: what moved, and what was taken away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from roadmap_site.model.addresses import (
    bank_address,
    phase_address,
    place_address,
    topic_address,
    track_address,
    whole_track_address,
)
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.moves import Moves, former_place, moves
from roadmap_site.model.places import places
from roadmap_site.model.values import slug


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an old address leads. `is_gone`: what stood there was taken away, not moved."""

    target: str
    is_gone: bool = False


Found = Iterator[tuple[str, Redirect]]


def redirects(curriculum: Curriculum, used: Collection[str]) -> dict[str, Redirect]:
    """Old site paths and where they lead; one that is `used` by a page is never redirected.

    Of two claims to an address the first holds, and what moved goes before what was taken away.
    """
    found: dict[str, Redirect] = {}
    names = _names(curriculum)
    follow = moves(curriculum)
    for claims in (
        _moved(curriculum, follow, names),
        _gone(curriculum, names),
        _written(curriculum),
    ):
        for old, redirect in claims:
            if old not in used and _is_address(old):
                found.setdefault(old, redirect)
    return found


def _is_address(path: str) -> bool:
    """Whether each step is an id, so that no entry can write outside of the site."""
    return all(step and slug(step) == step for step in path.split("/")[:-1])


def _names(curriculum: Curriculum) -> Mapping[str, tuple[str, ...]]:
    """Each track's names of now and of before, by each of them."""
    found: dict[str, tuple[str, ...]] = {}
    for track in curriculum.tracks:
        for name in (track.id, *track.moved):
            found.setdefault(name, (track.id, *track.moved))
    return found


def _moved(curriculum: Curriculum, follow: Moves, names: Mapping[str, tuple[str, ...]]) -> Found:
    for track in curriculum.tracks:
        for old in track.moved:
            for page in (track_address, whole_track_address):
                yield page(old), Redirect(page(track.id))
        for place in places(track):
            keys = [place.key, *(former_place(follow, track, old) for old in place.entity.moved)]
            yield from _lead(keys, names, Redirect(place_address(place.key)))
        for phase in track.phases:
            if phase.weeks:  # it has no page of its own, but may have had one
                keys = [former_place(follow, track, old) for old in (phase.id, *phase.moved)]
                yield from _lead(keys, names, Redirect(phase_address(track, phase)))
    for topic in curriculum.topics.values():
        for old in topic.moved:
            yield topic_address(old), Redirect(topic_address(topic.id))
    for bank in curriculum.banks.values():
        for old in bank.moved:
            yield bank_address(old), Redirect(bank_address(bank.id))


def _lead(keys: Iterable[str], names: Mapping[str, tuple[str, ...]], redirect: Redirect) -> Found:
    """The addresses of places by their keys, under every name that their tracks have had."""
    for key in keys:
        track, _, place = key.partition("/")
        for name in names.get(track, (track,)):
            yield place_address(f"{name}/{place}"), redirect


def _written(curriculum: Curriculum) -> Found:
    """Pages written by hand, by their addresses."""
    for old, new in (curriculum.about.moved_pages or {}).items():
        if _is_address(f"{new}/"):
            yield f"{old}/", Redirect(f"{new}/")
    for old in curriculum.about.retired_pages:
        yield f"{old}/", Redirect("", is_gone=True)


def _gone(curriculum: Curriculum, names: Mapping[str, tuple[str, ...]]) -> Found:
    for track in curriculum.tracks:
        keys = [f"{track.id}/{id}" for id in track.retired]
        yield from _lead(keys, names, Redirect(track_address(track.id), is_gone=True))
    for topic in curriculum.vocabulary.retired if curriculum.vocabulary else ():
        yield topic_address(topic), Redirect("topics/", is_gone=True)
    for name in curriculum.about.retired_tracks:
        for page in (track_address, whole_track_address):
            yield page(name), Redirect("", is_gone=True)
    for bank in curriculum.about.retired_banks:
        yield bank_address(bank), Redirect("questions/", is_gone=True)

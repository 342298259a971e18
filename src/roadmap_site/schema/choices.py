"""What can be filled in for a name that is declared elsewhere: the ids of a loaded curriculum."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from roadmap_site.check import RULES
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.values import BankRef, FileRef, ResourceRef, TopicRef, TrackRef

AREA = "area"
"""Stands for the type of an area's id, which the model keeps as a text."""

Choices = Mapping[Any, Mapping[str, str]]
"""By the type that refers to it: every id, and what it is called."""


def choices(curriculum: Curriculum) -> Choices:
    """Every id of a curriculum, those of faulty entries included.

    A kind is absent where a file that declares it could not be read, for then any id may be right.
    """
    c = curriculum
    kinds: tuple[tuple[Any, str, Mapping[str, str]], ...] = (
        (TopicRef, "topics", {id: topic.label for id, topic in c.topics.items()}),
        (ResourceRef, "resources", {id: f"{r.title} ({r.type})" for id, r in c.resources.items()}),
        (BankRef, "banks", {id: bank.title for id, bank in c.banks.items()}),
        (TrackRef, "tracks", {track.id: track.title for track in c.tracks}),
    )
    found: dict[Any, Mapping[str, str]] = {
        kind: {**names, **{id: id for id in sorted(c.declared[name] - names.keys())}}
        for kind, name, names in kinds
        if name in c.declared
    }
    found[FileRef] = _months(c)
    if c.vocabulary:
        found[AREA] = c.areas
    return found


def _months(curriculum: Curriculum) -> Mapping[str, str]:
    """The month files of all tracks, listed or not: which file an editor writes in is not told."""
    titles: dict[str, str] = {track.id: track.short_title for track in curriculum.tracks}
    tracks: dict[str, list[str]] = {}
    for text in sorted({*curriculum.files, *(file.path for file in curriculum.unread)}):
        path = PurePosixPath(text)
        if path.parts[0] == "tracks" and len(path.parts) == 3 and path.stem != "track":
            tracks.setdefault(path.stem, []).append(titles.get(path.parts[1], path.parts[1]))
    return {stem: f"A month of {', '.join(names)}" for stem, names in tracks.items()}


def warning_codes() -> Mapping[str, str]:
    """The codes that `accept` takes, each with its rule's name and first line."""
    return {
        rule.code: f"{rule.name}: {rule.doc.partition(chr(10))[0]}"
        for rule in RULES
        if rule.is_acceptable
    }

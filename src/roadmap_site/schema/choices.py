"""What can be filled in for a name that is declared elsewhere: the ids of a loaded curriculum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadmap_site.check import RULES
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Severity
from roadmap_site.model.values import BankRef, FileRef, ResourceRef, TopicRef, TrackRef

AREA = "area"
"""Stands for the type of an area's id, which the model keeps as a text."""


def choices(curriculum: Curriculum) -> Mapping[Any, Mapping[str, str]]:
    """Every id by the type that refers to it, each with what it is called."""
    files: dict[str, list[str]] = {}
    for track in curriculum.tracks:
        for stem in track.months:
            files.setdefault(stem, []).append(track.short_title)
    return {
        TopicRef: {id: topic.label for id, topic in curriculum.topics.items()},
        ResourceRef: {
            id: f"{resource.title} ({resource.type})"
            for id, resource in curriculum.resources.items()
        },
        BankRef: {id: bank.title for id, bank in curriculum.banks.items()},
        TrackRef: {track.id: track.title for track in curriculum.tracks},
        FileRef: {stem: f"A month of {', '.join(tracks)}" for stem, tracks in files.items()},
        AREA: dict(curriculum.areas),
    }


def warning_codes() -> Mapping[str, str]:
    """The codes that `accept` takes, each with its rule's name and first line."""
    return {
        rule.code: f"{rule.name}: {rule.doc.partition(chr(10))[0]}"
        for rule in RULES
        if rule.severity is Severity.WARNING
    }

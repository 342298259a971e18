"""The five tracks hold what their documents hold, and what they say of it is sound.

The facts stand beside this in curriculum_facts/:
  topics.tsv       topic by track, the places that teach it: `m2w5` is week 5 of month 2, `p3` the
                   third phase of a track without weeks, `m3` the month as a whole
  differences.tsv  where topics.tsv departs from the documents' own matrix, and why
  urls.tsv         every address that a document gives, without its tracking parameters
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from roadmap_site.check import check
from roadmap_site.load import load
from roadmap_site.model.curriculum import Block, Code, Curriculum, Item, Phase, Track, Week
from roadmap_site.model.entity import Entity
from roadmap_site.model.index import Index, Teaching
from roadmap_site.model.places import TickPlace

FOLDER = Path(__file__).parent.parent / "curriculum"
FACTS = Path(__file__).parent / "curriculum_facts"
LOADED = load(FOLDER)

# Counted as the documents print them: an enumeration on one line is one item.
COUNTS: dict[str, dict[str, int]] = {
    "llm-in-3-months": {
        "phases": 3,
        "goals": 3,
        "weeks": 12,
        "topics": 36,
        "points": 1,
        "practice": 2,
        "mini projects": 11,
        "capstone projects": 1,
        "cited resources": 1,  # Kaggle Titanic
    },
    "engineer-in-8-months": {
        "phases": 5,
        "weeks": 10,
        "topics": 49,
        "key concepts": 10,
        "practice": 9,
        "code examples": 9,
        "mini projects": 15,
        "idea projects": 9,
        "tier Must Have": 7,
        "tier Good to Have": 6,
        "tier Nice to Have": 5,
        "banks in weeks": 4,
        "banks for interviews": 4,
        "system design questions": 5,
        "levels of pay": 4,
        "figures of pay": 8,
        "shelf Books": 3,
        "shelf Courses": 3,
        "shelf Practice": 3,
        "shelf Advertised in the source document": 1,
        "next steps": 5,
        "cited resources": 1,  # Kaggle
    },
    "essentials-in-12-weeks": {
        "phases": 3,
        "weeks": 12,
        "topics": 33,
        "practice": 24,
        "capstone projects": 1,  # the final week
        "shelf Books": 2,
        "shelf Online Courses": 2,
        "shelf Documentation": 2,
    },
    "specialist-in-52-weeks": {
        "phases": 8,
        "modules": 15,
        "concepts": 1,
        "branches": 4,
        "topics": 22,
        "milestone projects": 6,
        "portfolio projects": 1,
        "deliverables": 3,
        "advice": 5,
        # 8 lines with links; those of phases 4, 5 and 6 name three resources each.
        "resources": 14,
        "shelf Curated “LinkedIn-Style” Reading List": 4,
        "shelf Canonical Course & Reference Set": 6,
        "cited resources": 9,
        "plan Days 1–30": 3,
        "plan Days 31–60": 2,
        "plan Days 61–90": 2,
        "ways to use it": 5,
    },
    "working-professionals": {
        "phases": 5,
        "weeks": 16,
        "modules": 34,
        "concepts": 34,
        "topics": 151,
        "points": 25,
        "practice": 80,
        "capstone projects": 1,
        "portfolio projects": 4,
        "requirements": 6,
        "deliverables": 5,
        "resources": 83,  # and 20 on the shelf: 103
        "shelf Beginner Resources": 5,
        "shelf Intermediate Resources": 5,
        "shelf Advanced Resources": 5,
        "shelf Online Platforms and Communities": 5,
        "durations": 54,  # apart from those of slots and of the timeline
        "slots": 7,
        "self-assessments": 3,
        "outcomes": 4,
        "next steps": 4,
        "next steps, options": 5,
        "key milestones": 18,
    },
}
BANKS = {"python": 12, "tensorflow": 12, "pytorch": 12, "hugging-face": 12}
LENGTHS = {
    "llm-in-3-months": "3 months",
    "engineer-in-8-months": "8 months",
    "essentials-in-12-weeks": "3 months",
    "specialist-in-52-weeks": "52 weeks",
    "working-professionals": "4 months",
}
ROOTS = {
    "calculus",
    "descriptive-statistics",
    "git",
    "linear-algebra",
    "privacy-and-regulation",
    "probability",
    "python-fundamentals",
    "sql",
}
TEACH_NOTHING = {"Neural-symbolic integration patterns", "Environmental impact of ML"}
"""Topic items for which the vocabulary has no topic."""


@cache
def curriculum() -> Curriculum:
    assert LOADED.curriculum is not None, LOADED.diagnostics
    return LOADED.curriculum


@cache
def index() -> Index:
    return Index(curriculum())


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def blocks_of(track: Track) -> Iterator[Block]:
    """Phases, weeks, modules and branches."""
    for phase in track.phases:
        yield phase
        yield from phase.modules
        yield from phase.branches
        for week in phase.weeks:
            yield week
            yield from week.modules


def counts_of(track: Track) -> dict[str, int]:
    found: Counter[str] = Counter()
    found["phases"] = len(track.phases)
    for phase in track.phases:
        found["weeks"] += len(phase.weeks)
        found["branches"] += len(phase.branches)
        found["modules"] += len(phase.modules) + sum(len(week.modules) for week in phase.weeks)
    projects = [p for s in track.project_sets for group in s.groups for p in group.projects]
    for block in blocks_of(track):
        concepts = [item for group in block.key_concepts for item in group.items]
        found["goals"] += bool(block.goal)
        found["concepts"] += bool(block.concept)
        found["topics"] += len(block.topics)
        found["points"] += sum(len(item.points) for item in block.topics)
        found["key concepts"] += len(concepts)
        found["practice"] += len(block.practice)
        found["code examples"] += sum(item.code is not None for item in block.practice)
        found["resources"] += len(block.resources)
        found["banks in weeks"] += len(block.interview)
        found["advice"] += len(block.advice)
        projects += block.projects
    for project in projects:
        found[f"{project.kind} projects"] += 1
        found["requirements"] += len(project.requirements)
        found["deliverables"] += len(project.deliverables)
    found["cited resources"] = len([c for entity in entities_of(track) for c in cites_of(entity)])
    for checklist in track.checklists:
        found.update({f"tier {tier.title}": len(tier.items) for tier in checklist.tiers})
    for plan in track.plans:
        found.update({f"plan {period.title}": len(period.items) for period in plan.periods})
    for shelf in track.shelves:
        for shelf_group in shelf.groups:
            found[f"shelf {shelf_group.title or shelf.title}"] = len(shelf_group.resources)
    if track.interview:
        found["banks for interviews"] = len(track.interview.banks)
        found["system design questions"] = len(track.interview.questions)
    if track.salaries:
        found["levels of pay"] = len(track.salaries.rows)
        found["figures of pay"] = sum(len(row.pay) for row in track.salaries.rows)
    for name, notes in [
        ("self-assessments", track.assessment),
        ("outcomes", track.outcomes),
        ("next steps", track.next_steps),
        ("ways to use it", track.how_to_use),
    ]:
        found[name] = len(notes.items) if notes else 0
        found[f"{name}, options"] = sum(len(item.points) for item in notes.items) if notes else 0
    if track.schedule:
        days = track.schedule.days
        found["slots"] = sum(len(day.slots) for day in days)
        # Two days of a weekend share one time.
        found["durations"] += len({day.group or day.title for day in days if day.time})
    found["durations"] += sum(
        (block.time is not None) + (isinstance(block, Phase) and block.length is not None)
        for block in blocks_of(track)
    )
    if track.timeline:
        found["key milestones"] = 1 + sum(
            bool(block.milestone) for block in blocks_of(track) if isinstance(block, Week | Phase)
        )
    return {name: number for name, number in found.items() if number}


def entities_of(track: Track) -> list[Entity]:
    """Everything written in a track's folder."""
    folder = f"tracks/{track.id}/"
    return [e for e in index().entities if e.node.file.path.startswith(folder)]


def cites_of(entity: Entity) -> tuple[str, ...]:
    return getattr(entity, "cites", ())


def references_of(entity: Entity) -> tuple[str, ...]:
    return (*getattr(entity, "refs", ()), *cites_of(entity))


def place_in_matrix(teaching: Teaching) -> str:
    """The place of a teaching as topics.tsv writes it."""
    place: TickPlace | None = teaching.place
    phase = teaching.phase
    if place is None and phase is None:
        return "next"
    if place is not None and place.kind == "plan":
        return "plan90"
    if place is not None and place.kind == "projects":
        return "ideas" if place.id == "project-ideas" else "portfolio"
    if phase is None:
        assert place is not None
        return place.kind
    if phase.week or phase.ongoing:
        return f"p{teaching.track.phases.index(phase) + 1}"
    month = f"m{phase.month}" if phase.month else "pre"
    week = place.entity if place else None
    return f"{month}w{week.week}" if isinstance(week, Week) else month


def topic_items() -> list[Item]:
    """What stands under topics and key concepts, sub-points included."""
    found: list[Item] = []
    waiting = [
        item
        for track in curriculum().tracks
        for block in blocks_of(track)
        for item in (*block.topics, *(i for group in block.key_concepts for i in group.items))
    ]
    while waiting:
        item = waiting.pop(0)
        found.append(item)
        waiting += item.points
    return found


def code_examples() -> list[Any]:
    if LOADED.curriculum is None:
        return []
    return [
        pytest.param(place.key, tick.entity.code, id=place.key)
        for spots in index().places.values()
        for place in spots
        for tick in place.ticks
        if isinstance(tick.entity, Item) and tick.entity.code
    ]


def missing(packages: tuple[str, ...]) -> list[str]:
    """Those of the packages that are not installed, or in another version than the one asked."""
    lacking = []
    for package in packages:
        name, _, wanted = package.partition("==")
        try:
            if metadata.version(name) == wanted or not wanted:
                continue
        except metadata.PackageNotFoundError:
            pass
        lacking.append(package)
    return lacking


# ------------------------------------------------------------------------------------- the tests


def test_nothing_is_wrong_even_where_strict() -> None:
    report = check(LOADED)
    assert [f"{d.span.file.path}:{d.span.line} {d.rule.code} {d.message}" for d in report] == []
    assert not report.fails(strict=True)


@pytest.mark.parametrize("track_id", COUNTS)
def test_counts_are_those_of_the_document(track_id: str) -> None:
    (track,) = (track for track in curriculum().tracks if track.id == track_id)
    assert counts_of(track) == COUNTS[track_id]
    assert str(track.length) == LENGTHS[track_id]


def test_there_are_no_other_tracks() -> None:
    assert {track.id for track in curriculum().tracks} == set(COUNTS)


def test_banks_have_the_questions_they_announce() -> None:
    assert {id: len(bank.questions) for id, bank in curriculum().banks.items()} == BANKS
    for bank in curriculum().banks.values():
        assert all(question.answer for question in bank.questions)


@pytest.mark.parametrize("track_id", COUNTS)
def test_topics_are_taught_where_the_document_teaches_them(track_id: str) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for teaching in index().teachings[track_id]:
        found[teaching.topic].add(place_in_matrix(teaching))
    expected = {
        row["topic"]: set(re.split("[,+]", row[track_id])) - {""} for row in facts("topics.tsv")
    }
    assert found == {topic: places for topic, places in expected.items() if places}


def test_differences_from_the_documents_matrix_still_hold() -> None:
    matrix = {row["topic"]: row for row in facts("topics.tsv")}
    for row in facts("differences.tsv"):
        assert row["place"] in re.split("[,+]", matrix[row["topic"]][row["track"]])
        assert row["reason"]


def test_vocabulary_is_that_of_the_matrix() -> None:
    topics = curriculum().topics
    assert len(topics) == 112
    assert {id: (topic.label, topic.area) for id, topic in topics.items()} == {
        row["topic"]: (row["label"], row["area"]) for row in facts("topics.tsv")
    }


def test_vocabulary_is_a_graph_worth_following() -> None:
    topics = curriculum().topics

    @cache
    def longest(id: str) -> int:  # a cycle would recurse for ever, and fail
        return max((longest(required) + 1 for required in topics[id].requires), default=0)

    assert set(curriculum().roots) == ROOTS
    assert {id for id, topic in topics.items() if not topic.requires} == ROOTS
    assert len(topics) - len(ROOTS) >= 90
    assert max(longest(id) for id in topics) >= 6


def test_topic_items_that_teach_nothing_are_few_and_known() -> None:
    items = topic_items()
    silent = [item.text for item in items if not index().topics_of(item)]
    assert sorted(silent) == sorted(TEACH_NOTHING)
    assert len(silent) <= len(items) * 0.05


@pytest.mark.parametrize("track_id", COUNTS)
def test_addresses_of_the_document_are_there(track_id: str) -> None:
    (track,) = (track for track in curriculum().tracks if track.id == track_id)
    resources = curriculum().resources
    found = {resources[id].url for entity in entities_of(track) for id in references_of(entity)}
    assert {row["url"] for row in facts("urls.tsv") if row["track"] == track_id} <= found


@pytest.mark.parametrize(("name", "code"), code_examples())
def test_code_example_runs(name: str, code: Code, tmp_path: Path) -> None:
    compile(code.source, "example.py", "exec")
    if lacking := missing(code.packages):
        pytest.skip(f"{name}: compiled only, for want of {', '.join(lacking)}")
    (tmp_path / "example.py").write_text(code.source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "example.py"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout, "an example shows what it found"

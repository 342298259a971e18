"""Checking as a whole: what rules leave to each other, acceptances, order, circles."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builders import (
    CURRICULUM,
    LIBRARY,
    MONTH,
    ROOT,
    TOPICS,
    TRACK,
    found,
    project,
    report_of,
    write,
)
from roadmap_site import Severity
from roadmap_site.report import report_text

PHASE = "title: Basics\nweek: 1\n"
BANK = "title: Questions\nshort_title: Python\nsummary: The language.\nquestions:\n"


def replaced(path: str, old: str, new: str) -> dict[str, str]:
    """One of CURRICULUM's files with a change."""
    text = CURRICULUM[path]
    assert text.count(old) == 1
    return {path: text.replace(old, new)}


def test_the_small_curriculum_has_no_fault(tmp_path: Path) -> None:
    assert report_text(report_of(project(tmp_path))) == "no faults"


# ------------------------------------------------------------------ one mistake, one fault

ONE_MISTAKE = {
    "a topic's key is misspelt": (
        replaced(TOPICS, "summary: Doing", "sumary: Doing"),
        f"{TOPICS}:5 RS005",
    ),
    "the vocabulary's key is misspelt": (
        replaced(TOPICS, "topics:", "topcis:"),
        f"{TOPICS}:3 RS005",
    ),
    "the areas are misspelt": (replaced(TOPICS, "areas:", "area:"), f"{TOPICS}:1 RS005"),
    "requires is a text": (
        replaced(TOPICS, "requires: [printing]", "requires: printing"),
        f"{TOPICS}:5 RS007",
    ),
    "roots is a text": (
        replaced(TOPICS, "roots: [printing]", "roots: printing"), f"{TOPICS}:2 RS007"),
    "an area is a list": (
        replaced(TOPICS, "{basics: Basics}", "{basics: []}"), f"{TOPICS}:1 RS007"),
    "a resource cannot be read": (
        replaced(LIBRARY, "type: tutorial", "type: tutorail"),
        f"{LIBRARY}:1 RS008",
    ),
    "a resource file is a list": ({LIBRARY: "- tutorial\n"}, f"{LIBRARY}:1 RS007"),
    "a resource file has a syntax fault": ({LIBRARY: "a: b: c\n"}, f"{LIBRARY}:1 RS002"),
    "the tracks are missing": (replaced(ROOT, "tracks: [python]\n", ""), f"{ROOT}:1 RS006"),
    "the tracks are a text": (replaced(ROOT, "[python]", "python"), f"{ROOT}:5 RS007"),
    "there are no tracks": (
        {ROOT: CURRICULUM[ROOT].replace("[python]", "[]"), TRACK: None, MONTH: None,
         "tracks/python/rest.yml": None},
        f"{ROOT}:5 RS009",
    ),
    "a track cannot be read": (replaced(TRACK, "level: beginner\n", ""), f"{TRACK}:1 RS006"),
    "the months are misspelt": (replaced(TRACK, "months:", "month:"), f"{TRACK}:8 RS005"),
    "a month's name is a list": (replaced(TRACK, "[basics,", "[[basics],"), f"{TRACK}:8 RS007"),
    "a month is missing": ({MONTH: None}, f"{TRACK}:8 RS205"),
    "a month has no number": ({MONTH: PHASE.replace("week: 1", "wek: 1") + "topics: [Printing]\n"},
        f"{MONTH}:2 RS005"),
    "a month's number is none": (
        {MONTH: "title: Basics\nweek: one\ntopics: [Printing]\n"}, f"{MONTH}:2 RS008"),
    "a month is not YAML": ({MONTH: "title: [\n"}, f"{MONTH}:2 RS002"),
    "a week cannot be read": (
        {MONTH: PHASE + "weeks:\n- {week: 1, topics: [Printing]}\n"}, f"{MONTH}:4 RS006"),
    "a module cannot be read": (
        {MONTH: PHASE + "time: 9h\nmodules:\n- {time: 5h, topics: [Printing]}\n"
         "- {title: A, time: 4h, topics: [Printing]}\n"}, f"{MONTH}:5 RS006"),
    "a branch cannot be read": (
        {MONTH: PHASE + "choose: Any.\nbranches:\n- {topics: [Printing]}\n"
         "- {title: A, topics: [Printing]}\n"}, f"{MONTH}:5 RS006"),
    "topics are a text": ({MONTH: PHASE + "topics: Printing\n"}, f"{MONTH}:3 RS007"),
    "topics are empty": ({MONTH: PHASE + "topics:\n"}, f"{MONTH}:3 RS007"),
    "teaches is a text": (
        {MONTH: PHASE + "topics: [{text: Lines, teaches: printing}]\n"}, f"{MONTH}:3 RS007"),
    "a reference is a list": (
        {MONTH: PHASE + "resources: [{ref: [tutorial]}]\n"}, f"{MONTH}:3 RS007"),
    "an item has a colon": ({MONTH: PHASE + "topics: [Printing, Lines: a]\n"}, f"{MONTH}:3 RS005"),
    "an item has a mapping": (
        {MONTH: PHASE + "topics: [Printing, {}]\n"}, f"{MONTH}:3 RS006"),
    "an acceptance is a text": (
        {MONTH: PHASE + "accept: RS208\ntopics: [Printing]\n"}, f"{MONTH}:3 RS007"),
    "an acceptance has no reason": (
        {MONTH: PHASE + "accept: {RS208: }\ntopics: [Printing]\n"}, f"{MONTH}:3 RS009"),
    "an id is empty": (
        {MONTH: PHASE + "id: ''\ntopics: [Printing]\n"}, f"{MONTH}:3 RS009"),
    "a bank is listed but not there": (
        {ROOT: CURRICULUM[ROOT] + "banks: [python]\n", MONTH: PHASE + "topics: [Printing]\n"},
        f"{ROOT}:6 RS203"),
    "a bank is not listed": (
        {"questions/python.yml": BANK + "- {text: Q?, answer: A.}\n",
         MONTH: PHASE + "topics: [Printing]\ninterview: [python]\n"},
        "questions/python.yml:1 RS110"),
    "a question cannot be read": (
        {ROOT: CURRICULUM[ROOT] + "banks: [python]\n",
         "questions/python.yml": BANK + "- {text: Q?}\n- {text: R?, answer: A.}\n",
         MONTH: PHASE + "interview: [{bank: python, questions: 2}]\n"},
        "questions/python.yml:5 RS006"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "fault"), ONE_MISTAKE.values(), ids=ONE_MISTAKE)
def test_one_mistake_is_one_fault(tmp_path: Path, files: dict[str, str | None], fault: str) -> None:
    report = report_of(project(tmp_path, files))
    assert found(report) == [fault], report_text(report)


def test_numbers_may_be_huge(tmp_path: Path) -> None:
    month = "title: Basics\nweek: 1-9999\ntime: 9999h\ntopics: [Printing]\n"
    report = report_of(project(tmp_path, {MONTH: month}))
    assert found(report) == ["tracks/python/rest.yml:2 RS106", "tracks/python/rest.yml:5 RS106"]
    month = month.replace("9999", "99999")
    assert found(report_of(project(tmp_path, {MONTH: month}))) == [
        f"{MONTH}:2 RS008",
        f"{MONTH}:3 RS008",
    ]


# ---------------------------------------------------------------------------- acceptances

LATE = """\
title: Basics
week: 1
{outer}
modules:
  - title: First half
    {middle}
    topics:
      - {{text: Loops{inner}}}
"""
"""Loops before Printing, and three places to accept it at."""


def accepted_by(folder: Path, **places: str) -> tuple[list[str], list[str]]:
    """The faults, and the reasons of what was accepted."""
    text = LATE.format(**{"outer": "", "middle": "", "inner": "", **places})
    report = report_of(project(folder, {MONTH: text}))
    return [d.rule.code for d in report], [reason for _, reason in report.accepted]


def test_a_warning_is_accepted_anywhere_around_it(tmp_path: Path) -> None:
    assert accepted_by(tmp_path) == (["RS208"], [])
    for place in ("outer", "middle"):
        assert accepted_by(tmp_path, **{place: "accept: {RS208: why}"}) == ([], ["why"])
    assert accepted_by(tmp_path, inner=", accept: {RS208: why}") == ([], ["why"])


def test_the_innermost_acceptance_wins_and_the_others_are_unused(tmp_path: Path) -> None:
    codes, reasons = accepted_by(
        tmp_path,
        outer="accept: {RS208: outer}",
        middle="accept: {RS208: middle}",
        inner=", accept: {RS208: inner}",
    )
    assert (codes, reasons) == (["RS901", "RS901"], ["inner"])


def test_one_acceptance_accepts_every_such_warning_in_it(tmp_path: Path) -> None:
    text = PHASE + "accept: {RS010: They are quoted}\ntopics: [Printing]\n"
    text += 'practice: ["a\\u202Eb", "c\\u202Ed"]\n'
    report = report_of(project(tmp_path, {MONTH: text}))
    assert not report.diagnostics
    assert len(report.accepted) == 2
    assert not report.fails(strict=True)


def test_an_acceptance_ends_with_its_mapping(tmp_path: Path) -> None:
    text = PHASE + "practice:\n- {text: A, accept: {RS010: x}}\n" + '- "a\\u202Eb"\n'
    assert found(report_of(project(tmp_path, {MONTH: text}))) == [
        f"{MONTH}:4 RS901",
        f"{MONTH}:5 RS010",
    ]


def test_an_error_cannot_be_accepted(tmp_path: Path) -> None:
    text = PHASE + "accept: {RS101: why, RS005: why}\ntopics: [Printing, Printing]\nodd: 1\n"
    report = report_of(project(tmp_path, {MONTH: text}))
    assert [d.rule.code for d in report] == ["RS902", "RS902", "RS101", "RS005"]
    assert not report.accepted


def test_nothing_is_called_unused_beside_errors(tmp_path: Path) -> None:
    """A warning may be missing only because its rule waits for the error to be mended."""
    text = PHASE + "accept: {RS208: why}\ntopics: [Printing]\nodd: 1\n"
    assert [d.rule.code for d in report_of(project(tmp_path, {MONTH: text}))] == ["RS005"]


@pytest.mark.parametrize("path", [ROOT, TOPICS, TRACK, MONTH])
def test_every_file_takes_acceptances(tmp_path: Path, path: str) -> None:
    text = CURRICULUM[path] + "accept: {RS404: why}\n"
    assert [d.rule.code for d in report_of(project(tmp_path, {path: text}))] == ["RS901"]


def test_an_acceptance_in_an_alias_is_used_where_either_is(tmp_path: Path) -> None:
    text = PHASE + 'practice: [&a {text: Loops, accept: {RS010: x}, note: "\\u202E."}]\n'
    text += "key_concepts: [{title: Again, items: [*a]}]\n"
    codes = [d.rule.code for d in report_of(project(tmp_path, {MONTH: text}))]
    assert "RS901" not in codes
    assert "RS010" not in codes


# ---------------------------------------------------------------------------------- order


def test_the_order_of_files_never_changes_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "resources/a.yml": 'x: {title: X, type: book, url: "https://example.org/"}\n',
        "resources/b.yml": 'x: {title: X, type: book}\ny: {title: Y, type: book, url: "https://example.org"}\n',
        "resources/c.yml": "y: {title: Y, type: bok}\n",
        "questions/one.yml": "title: One\n",
        "questions/two.yml": "- two\n",
        "tracks/rust/track.yml": "title: Rust\n",
        "tracks/rust/one.yml": "title: One\n",
        "stray.yml": "",
        "other/stray.yml": "",
    }
    folder = project(tmp_path, files)
    before = report_text(report_of(folder))
    walk = os.walk

    def walk_otherwise(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for directory, folders, names in walk(top):
            random.shuffle(names)
            random.shuffle(folders)
            yield directory, folders, names

    monkeypatch.setattr(os, "walk", walk_otherwise)
    for seed in range(10):
        random.seed(seed)
        assert report_text(report_of(folder)) == before


def test_a_report_is_in_order_of_file_and_place(tmp_path: Path) -> None:
    report = report_of(project(tmp_path, {MONTH: "odd: 1\ntitle: 'A'\n", ROOT: "odd: 1\n"}))
    places = [(d.span.file.path, d.span.line, d.span.column) for d in report]
    assert places == sorted(places)
    assert report.count(Severity.ERROR) == len(places)


# -------------------------------------------------------------------------------- circles

NODES = 6
Graph = dict[int, list[int]]


def reachable(graph: Graph) -> set[tuple[int, int]]:
    """Every pair of which the first leads to the second: by brute force."""
    pairs = {(node, to) for node, tos in graph.items() for to in tos}
    for _ in graph:
        pairs |= {(a, d) for a, b in pairs for c, d in pairs if b == c}
    return pairs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("graphs"))


@settings(max_examples=100)
@given(
    st.fixed_dictionaries(
        {
            node: st.lists(st.integers(0, NODES - 1), unique=True, max_size=3)
            for node in range(NODES)
        }
    )
)
@example({0: [1], 1: [2], 2: [0], 3: [4], 4: [3], 5: [5]})
@example({0: [1, 2], 1: [3], 2: [3], 3: [4], 4: [], 5: []})
def test_circles_are_those_of_brute_force(folder: Path, graph: Graph) -> None:
    topics = {
        f"t{node}": {
            "label": f"T{node}",
            "area": "a",
            "summary": "S",
            "requires": [f"t{to}" for to in tos],
        }
        for node, tos in graph.items()
    }
    write(folder / TOPICS, json.dumps({"areas": {"a": "A"}, "topics": topics}))
    leads_to = reachable(graph)
    circular = {node for node in graph if (node, node) in leads_to}
    shown: set[int] = set()
    for diagnostic in report_of(folder):
        if diagnostic.rule.name == "prerequisite-cycle":
            path = [int(id[1:]) for id in diagnostic.message.split(": ")[1].split(" -> ")]
            assert path[0] == path[-1]
            assert all(to in graph[node] for node, to in pairwise(path))
            shown |= set(path)
    assert shown <= circular
    # At least one circle of each knot of them.
    for node in circular:
        assert any((node, other) in leads_to and (other, node) in leads_to for other in shown)


def test_a_long_circle_is_shortened(tmp_path: Path) -> None:
    count = 500
    topics = {
        f"t{n}": {
            "label": f"T{n}",
            "area": "a",
            "summary": "S",
            "requires": [f"t{(n + 1) % count}"],
        }
        for n in range(count)
    }
    text = json.dumps({"areas": {"a": "A"}, "topics": topics})
    (circle,) = [d for d in report_of(project(tmp_path, {TOPICS: text})) if d.rule.code == "RS207"]
    assert circle.message.endswith(
        ": t0 -> t1 -> t2 -> t3 -> t4 -> t5 -> ... -> t495 -> t496 -> t497 -> t498 -> t499 -> t0"
    )

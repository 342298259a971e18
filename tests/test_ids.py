"""Ids and tick keys: what an editor may change without a reader's ticks getting lost."""

from __future__ import annotations

import copy
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builders import CURRICULUM, MONTH, TRACK, project, report_of, write
from roadmap_site import load
from roadmap_site.model.index import normal_name
from roadmap_site.model.places import places
from roadmap_site.model.values import SLUG_LENGTH, slug

# ----------------------------------------------------------------------------------- slugs

TEXTS = (
    st.text(max_size=100)
    | st.text(st.characters(categories=["L", "M"]), max_size=80)
    | st.text(st.characters(min_codepoint=0x10000), min_size=60, max_size=90)
    | st.text(st.sampled_from("aB1+#-_ .éßİǰ\u030c\u0301ﬁ①कि日"), max_size=90)
)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Backpropagation", "backpropagation"),
        ("  K-means  &  PCA! ", "k-means-pca"),
        ("snake_case", "snake-case"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("F1-score (macro)", "f1-score-macro"),
        ("Größen, maßvoll", "größen-maßvoll"),
        ("機械学習 入門", "機械学習-入門"),
        ("हिन्दी", "हिन्दी"),
        ("\uff21\uff22", "ab"),  # full width
        ("\ufb01ne", "fine"),  # a ligature
        ("J\u030c", "\u01f0"),
        ("\u0327", ""),
        ("???", ""),
        ("", ""),
        ("word " * 30, "-".join(["word"] * 13)),
        ("w" * 100, "w" * 64),
        ("\U00010330" * 100, "\U00010330" * 63),  # four bytes each
    ],
)
def test_slug(text: str, id: str) -> None:
    assert slug(text) == id


@settings(max_examples=500)
@given(TEXTS)
def test_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@settings(max_examples=500)
@given(TEXTS)
def test_slug_fits_addresses_and_file_names(text: str) -> None:
    id = slug(text)
    assert len(id) <= SLUG_LENGTH == 64
    assert len(id.encode()) <= 255
    assert not id.startswith("-")
    assert not id.endswith("-")
    assert "--" not in id
    assert all(c == "-" or unicodedata.category(c)[0] in "LNM" for c in id)


@given(TEXTS)
def test_slug_is_empty_only_without_letters_and_digits(text: str) -> None:
    known = unicodedata.normalize("NFKC", text)
    assert bool(slug(text)) == any(unicodedata.category(c)[0] in "LN" or c in "+#" for c in known)


@given(st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=60))
def test_slug_keeps_letters_of_every_script(text: str) -> None:
    composed = unicodedata.normalize("NFKC", text)
    # A few letters are compositions with signs, or have lower-case forms of their own.
    assume(composed == text.lower() and all(c.isalnum() for c in composed))
    assert slug(text) == text


@given(st.text(max_size=9), st.text(max_size=9))
def test_plus_and_sharp_tell_names_apart(before: str, after: str) -> None:
    ids = [slug(f"{before} C{sign} {after}") for sign in ("", "+", "++", "#")]
    assert len(set(ids)) == 4


@given(
    st.lists(st.tuples(st.sampled_from("aBéЖ木7"), st.sampled_from(["", " ", "-", " / ", "_."])))
)
def test_names_are_one_whatever_their_case_and_punctuation(parts: list[tuple[str, str]]) -> None:
    bare = "".join(letter for letter, _ in parts)
    written = "".join(letter + sign for letter, sign in parts)
    assert normal_name(written) == normal_name(bare) == normal_name(bare.upper())


@pytest.mark.parametrize(
    ("one", "other"), [("C", "C++"), ("C", "C#"), ("C++", "C#"), ("कि", "का"), ("resume", "résumé")]
)
def test_names_that_are_not_one(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


# -------------------------------------------------------------------------------- tick keys

Tree = dict[str, Any]


@st.composite
def months(draw: st.DrawFn) -> list[Tree]:
    """Two or three months of weeks with modules and items; every text is another one."""
    count = 0

    def text() -> str:
        nonlocal count
        count += 1
        return f"{draw(st.sampled_from(['Trees', 'Ängste', '木', 'C++', 'A: b', '# c']))} {count}"

    def item(depth: int = 0) -> Any:
        words = text()
        if draw(st.booleans()):
            return words
        points = [item(depth + 1) for _ in range(draw(st.integers(0, 2 - depth)))]
        return {"text": words, "teaches": [], "points": points}

    def block() -> Tree:
        return {
            "title": text(),
            "topics": [item() for _ in range(draw(st.integers(1, 3)))],
            "practice": [item() for _ in range(draw(st.integers(0, 2)))],
            "projects": [text() for _ in range(draw(st.integers(0, 2)))],
        }

    def week() -> Tree:
        modules = [block() for _ in range(draw(st.integers(0, 3)))]
        return {**block(), "week": 1, "modules": modules}

    return [
        {"title": text(), "week": 1, "weeks": [week() for _ in range(draw(st.integers(1, 3)))]}
        for _ in range(draw(st.integers(2, 3)))
    ]


def keys(folder: Path, tree: list[Tree]) -> list[str]:
    """The keys of all ticks of a track of these months."""
    names = [f"month-{number}" for number in range(len(tree))]
    track = CURRICULUM[TRACK].replace("[basics, rest]", json.dumps(names))
    write(folder / TRACK, track)
    for name, month in zip(names, tree, strict=True):
        write(folder / f"tracks/python/{name}.yml", json.dumps(month))
    curriculum = load(folder).curriculum
    assert curriculum is not None
    (loaded,) = curriculum.tracks
    assert len(loaded.phases) == len(tree)
    return [f"{place.key}/{tick.id}" for place in places(loaded) for tick in place.ticks]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("ids"))


def shuffled(data: st.DataObject, value: Any) -> Any:
    """A tree with every list of it in another order."""
    if isinstance(value, dict):
        return {name: shuffled(data, child) for name, child in value.items()}
    if isinstance(value, list):
        return data.draw(st.permutations([shuffled(data, child) for child in value]))
    return value


@settings(max_examples=30)
@given(data=st.data(), tree=months())
def test_reordering_keeps_every_key(folder: Path, data: st.DataObject, tree: list[Tree]) -> None:
    before = keys(folder, tree)
    assert len(set(before)) == len(before)
    assert sorted(keys(folder, shuffled(data, tree))) == sorted(before)


@settings(max_examples=30)
@given(data=st.data(), tree=months())
def test_moving_an_item_within_its_week_keeps_every_key(
    folder: Path, data: st.DataObject, tree: list[Tree]
) -> None:
    """From a module to another, to the week itself, to another kind, into another item."""
    week = data.draw(st.sampled_from([week for month in tree for week in month["weeks"]]))
    blocks = [week, *week["modules"]]
    lists = [block[name] for block in blocks for name in ("topics", "practice")]
    lists += [item["points"] for items in lists for item in items if isinstance(item, dict)]
    source = data.draw(st.sampled_from([items for items in lists if items]))
    before = keys(folder, tree)
    item = source.pop(data.draw(st.integers(0, len(source) - 1)))
    own = item["points"] if isinstance(item, dict) else None
    target = data.draw(st.sampled_from([items for items in lists if items is not own]))
    target.insert(data.draw(st.integers(0, len(target))), item)
    assert sorted(keys(folder, tree)) == sorted(before)


@settings(max_examples=30)
@given(data=st.data(), tree=months())
def test_adding_an_item_changes_no_other_key(
    folder: Path, data: st.DataObject, tree: list[Tree]
) -> None:
    before = keys(folder, tree)
    changed = copy.deepcopy(tree)
    week = data.draw(st.sampled_from([week for month in changed for week in month["weeks"]]))
    block = data.draw(st.sampled_from([week, *week["modules"]]))
    items = block[data.draw(st.sampled_from(["topics", "practice", "projects"]))]
    items.insert(data.draw(st.integers(0, len(items))), "Something new")
    after = keys(folder, changed)
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


def test_ids_come_from_the_words_unless_pinned(tmp_path: Path) -> None:
    text = """\
title: Basics
week: 1
topics:
  - Printing
  - {text: Reading lines, id: input, teaches: []}
projects: [A poem]
resources:
  - tutorial
  - {ref: tutorial, part: Chapters 1-3}
  - any_of: [tutorial, tutorial-2]
    text: Whatever it is called
  - all_of: [tutorial, tutorial-2]
interview: [python]
branches:
  - {title: Games, practice: [Play]}
"""
    curriculum = load(project(tmp_path, {MONTH: text})).curriculum
    assert curriculum is not None
    (place, _) = places(curriculum.tracks[0])
    assert [f"{place.key}/{tick.id}" for tick in place.ticks] == [
        "python/basics/printing",
        "python/basics/input",
        "python/basics/a-poem",
        "python/basics/tutorial",
        "python/basics/tutorial-chapters-1-3",
        "python/basics/tutorial-or-tutorial-2",
        "python/basics/tutorial-and-tutorial-2",
        "python/basics/python-questions",
        "python/basics/play",
    ]


def test_no_id_is_numbered_silently(tmp_path: Path) -> None:
    text = "title: Basics\nweek: 1\ntopics: [Printing]\npractice: [Printing, Printing]\n"
    report = report_of(project(tmp_path, {MONTH: text}))
    assert [d.rule.code for d in report] == ["RS101", "RS101"]

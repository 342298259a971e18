"""No edit that passes the checks loses a tick or an address: thousands of random edits say so.

After each sequence of edits `check --since --fix` runs, by the functions that the command calls.
The simulator, not the fixer, knows what became of each item. What the fixer leaves to a person is
then settled as a person would who knows, so that one revision follows another, and ticks that were
stored long ago are followed through all of them.

IDENTITY_CHAINS=400 runs more than `make test` does.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from roadmap_site.check import RULES
from roadmap_site.check.identity import check_since
from roadmap_site.check.identity.keys import Keys
from roadmap_site.check.identity.likeness import likeness
from roadmap_site.edit import apply_fixes
from roadmap_site.load.project import Loaded
from roadmap_site.model.diagnostic import Diagnostic, Severity
from roadmap_site.model.index import Index
from roadmap_site.model.moves import moves
from simulator import Editor, Truth, keys_of, load_texts, place_nodes, read, truths, write

CURRICULUM = Path(__file__).parent.parent / "curriculum"
TRACKS = tuple(path.name for path in sorted((CURRICULUM / "tracks").iterdir()))
WHOLE = 2
"""Chains on the whole curriculum; the others are on two tracks alone, which is quicker."""
CHAINS = int(os.environ.get("IDENTITY_CHAINS", "80"))
LENGTH = 25
"""Sequences in a chain, each of one to six edits."""
ROUNDS = 12
TODAYS = [
    rule
    for rule in RULES
    if rule.code in {"RS101", "RS102", "RS113", "RS115", "RS504", "RS506", "RS507"}
]
"""Faults that today's ids have by themselves: the editor is told of them without `--since`."""


@cache
def curriculum_texts() -> Mapping[str, str]:
    return {
        path.relative_to(CURRICULUM).as_posix(): path.read_text("utf-8")
        for folder in (".", "resources", "questions", *(f"tracks/{track}" for track in TRACKS))
        for path in sorted((CURRICULUM / folder).glob("*.yml"))
    }


def two_tracks(rng: random.Random) -> dict[str, str]:
    """Two tracks and nothing that they refer to, which ids have nothing to do with."""
    tracks = rng.sample(TRACKS, 2)
    about = f"id: some\ntitle: Some\ntagline: T.\nsummary: S.\ntracks: [{', '.join(tracks)}]\n"
    heads = tuple(f"tracks/{track}/" for track in tracks)
    kept = {path: text for path, text in curriculum_texts().items() if path.startswith(heads)}
    return {**kept, "curriculum.yml": about}


@dataclass(frozen=True)
class Revision:
    """What was committed: the data, the truth behind each live key, and the words of each truth."""

    loaded: Loaded
    keys: Mapping[str, Truth]
    words: Mapping[Truth, str]

    @property
    def retired(self) -> frozenset[str]:
        assert self.loaded.curriculum
        return Keys(self.loaded.curriculum).retired


def revision(editor: Editor, loaded: Loaded) -> Revision:
    errors = [d for d in loaded.diagnostics if d.rule.severity is Severity.ERROR]
    assert not errors, (errors[0].message, errors[0].span.file.text)
    words = {
        thing["_t"]: str(thing.get("text") or thing.get("title") or "")
        for thing in truths(editor.world)
    }
    return Revision(loaded, keys_of(editor.world, loaded), words)


def fixed(
    base: Revision, editor: Editor, texts: dict[str, str], loaded: Loaded
) -> tuple[Revision, list[Diagnostic]]:
    """The revision that the fixer leaves, and the faults that are left to a person."""
    for _ in range(ROUNDS):
        found = check_since(base.loaded, loaded)
        changed, mended = apply_fixes(found)
        if not mended:
            return revision(editor, loaded), found
        news = {file.path: text for file, text in changed.items()}
        texts = {**texts, **news}
        loaded = load_texts(texts)
        editor.carry(news)
    raise AssertionError("the fixer does not come to an end")


def run_chain(seed: int) -> Counter[str]:
    """Follow one history; returns what it came to."""
    count: Counter[str] = Counter()
    rng = random.Random(seed)
    editor = Editor(rng, read(dict(curriculum_texts()) if seed < WHOLE else two_tracks(rng)))
    editor.begin()
    base = revision(editor, load_texts(write(editor.world, rng)))
    stored: dict[str, Truth] = dict(base.keys)
    for _ in range(LENGTH):
        saved = editor.save()
        done = [name for _ in range(rng.randint(1, 6)) if (name := editor.edit())]
        texts = write(editor.world, rng)
        loaded = load_texts(texts)
        if todays_faults(loaded):
            editor.restore(saved)
            count["set aside"] += 1
            continue
        count["sequences"] += 1
        now, left = fixed(base, editor, texts, loaded)
        story = f"seed {seed}, {', '.join(done)}"
        judge(base, now, left, editor, stored, count, story)
        if left:
            count["left to a person"] += 1
            settle(base, now, editor)
            texts = write(editor.world, rng)
            now, left = fixed(base, editor, texts, load_texts(texts))
            if left or todays_faults(now.loaded):
                editor.restore(saved)
                count["given up"] += 1
                continue
            judge(base, now, left, editor, stored, count, f"{story}, settled")
        base = now
        stored |= base.keys
    return count


def todays_faults(loaded: Loaded) -> bool:
    assert loaded.curriculum
    index = Index(loaded.curriculum)
    return any(any(rule.run(index)) for rule in TODAYS if rule.run)


def judge(
    base: Revision,
    now: Revision,
    left: list[Diagnostic],
    editor: Editor,
    stored: Mapping[str, Truth],
    count: Counter[str],
    story: str,
) -> None:
    """Hold what the fixer made of a sequence against the truth."""
    assert now.loaded.curriculum
    follow = moves(now.loaded.curriculum)
    for key, truth in stored.items():
        count["ticks followed"] += 1
        landed = now.keys.get(follow.resolve(key))
        if landed in editor.heirs_of(truth):
            continue
        if landed is None:
            # Of two halves, the one that it was on may have been deleted.
            is_gone = bool(editor.heirs_of(truth) & editor.deleted)
            assert left or is_gone, f"{story}: the old tick {key} is lost"
            continue
        # Where two items of the same words change places, nobody can tell them apart.
        was, says = base.words.get(truth), now.words[landed]
        assert was == says, f"{story}: the tick {key} of {was!r} landed on {says!r}"
    for key, truth in base.keys.items():
        is_kept = now.keys.get(follow.resolve(key)) in editor.heirs_of(truth)
        if is_kept or editor.is_deleted(truth):
            count["kept"] += is_kept
            continue
        was = base.words[truth]
        assert left, f"{story}: {key} ({was!r}) is lost, and nobody says so"
        if truth in editor.heirs:
            count["split or merged"] += 1
        elif key.count("/") == 1:
            count["places unsure"] += 1
        elif likeness(was, now.words[truth]) < 0.6:
            count["reworded beyond likeness"] += 1
        else:
            count["unsure"] += 1
    for key in now.retired - base.retired:
        truth = base.keys.get(key, 0)
        assert not truth or editor.is_deleted(truth), f"{story}: {key} was retired, not deleted"


def settle(base: Revision, now: Revision, editor: Editor) -> None:
    """Do what the fixer leaves: write `moved` or `retired` as one who knows what became of what."""
    assert now.loaded.curriculum
    follow = moves(now.loaded.curriculum)
    tracks = {
        path.split("/")[1]: data
        for path, data in editor.world.items()
        if path.endswith("/track.yml")
    }
    things: dict[Truth, tuple[str, dict[str, Any]]] = {}
    for path in editor.world:
        if path.startswith("tracks/"):
            for place in place_nodes(path, editor.world[path]):
                for thing in [place, *editor.items_in(place)]:
                    things[thing["_t"]] = path.split("/")[1], thing
    for key, truth in base.keys.items():
        if now.keys.get(follow.resolve(key)) in editor.heirs_of(truth):
            continue
        track, place, *item = key.split("/")
        name = next((n for n, t in tracks.items() if n == track or track in t.get("moved", ())), "")
        alive = sorted(editor.heirs_of(truth) & things.keys())
        if alive:
            home, thing = things[alive[0]]
            thing.setdefault("moved", []).append(
                "/".join([place, *item]) if home == name else "/".join([track, place, *item])
            )
            continue
        homes = sorted(editor.heirs_of(base.keys[f"{track}/{place}"]) & things.keys())
        if item and homes:
            things[homes[0]][1].setdefault("retired", []).append(item[0])
        elif not item and name:
            tracks[name].setdefault("retired", []).append(place)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_edit_that_passes_loses_a_tick(part: int) -> None:
    count: Counter[str] = Counter()
    for seed in range(part, CHAINS, 4):
        count += run_chain(seed)
    # What the words make sure is done: a fixer that leaves everything to people would lose nothing.
    sequences = CHAINS // 4 * LENGTH
    assert count["sequences"] > 0.9 * sequences, count
    assert count["unsure"] + count["places unsure"] < 0.02 * sequences, count
    assert count["given up"] < 0.05 * sequences, count
    assert count["reworded beyond likeness"] > 0.02 * sequences, count

"""No edit that passes the checks loses a tick or an address: thousands of random edits say so.

After each sequence of edits `check --since --fix` runs (through its own functions), and the
simulator, which knows what became of each item, compares. What the fixer leaves to a person is
then settled as a person would, who knows; so that one revision follows another, and keys that were
stored long ago are followed through all of them.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from roadmap_site.check import check
from roadmap_site.check.identity import check_since
from roadmap_site.check.identity.likeness import likeness
from roadmap_site.edit import apply_fixes
from roadmap_site.load.project import Loaded
from roadmap_site.model.diagnostic import Diagnostic, Severity
from roadmap_site.model.moves import moves
from simulator import Editor, Truth, World, keys_of, load_texts, place_nodes, read, snapshot, truths, write

CURRICULUM = Path(__file__).parent.parent / "curriculum"
TRACKS = ("essentials-in-12-weeks", "llm-in-3-months", "specialist-in-52-weeks")
CHAINS = int(os.environ.get("IDENTITY_CHAINS", "40"))
"""Revisions follow each other in chains of LENGTH sequences of edits."""
LENGTH = 25
ROUNDS = 12
IDENTITY = {"RS101", "RS102", "RS113", "RS115", "RS504", "RS506", "RS507"}
"""Faults of today's ids alone: a sequence that has them is not what this test is about."""


def curriculum_texts(tracks: tuple[str, ...]) -> dict[str, str]:
    texts = {
        path.relative_to(CURRICULUM).as_posix(): path.read_text("utf-8")
        for path in CURRICULUM.rglob("*.yml")
        if not any(part.startswith(".") for part in path.relative_to(CURRICULUM).parts)
    }
    kept = {p: t for p, t in texts.items() if p.split("/")[0] != "tracks" or p.split("/")[1] in tracks}
    lines = kept["curriculum.yml"].splitlines(keepends=True)
    out = [line for line in lines if not line.strip().startswith("- ") or line.strip()[2:] in tracks
           or line.strip()[2:] not in {p.split("/")[1] for p in texts if p.startswith("tracks/")}]
    kept["curriculum.yml"] = "".join(out)
    return kept


@dataclass
class Revision:
    texts: Mapping[str, str]
    loaded: Loaded
    keys: Mapping[str, Truth]
    words: Mapping[Truth, str]


def revision(editor: Editor, texts: Mapping[str, str]) -> Revision:
    loaded = load_texts(texts)
    assert not [d for d in loaded.diagnostics if d.rule.severity is Severity.ERROR], loaded.diagnostics
    words = {
        thing["_t"]: str(thing.get("text") or thing.get("title") or "")
        for thing in truths(editor.world)
    }
    return Revision(texts, loaded, keys_of(texts, editor.world, loaded), words)


def fixed(base: Revision, editor: Editor, texts: dict[str, str]) -> tuple[Revision, list[Diagnostic]]:
    """Run the fixer until it finds no more to do; the faults that are left."""
    for _ in range(ROUNDS):
        loaded = load_texts(texts)
        found = check_since(base.loaded, loaded)
        changed, mended = apply_fixes(found)
        if not mended:
            return revision(editor, texts), found
        texts = {**texts, **{file.path: text for file, text in changed.items()}}
        editor.carry(texts)
    raise AssertionError("the fixer does not come to an end")


@dataclass
class Ledger:
    """What a chain of revisions came to."""

    counts: Counter[str] = field(default_factory=Counter)


def run_chain(seed: int, ledger: Counter[str]) -> None:
    rng = random.Random(seed)
    tracks = tuple(rng.sample(TRACKS, 2))
    editor = Editor(rng, read(curriculum_texts(tracks)))
    editor.begin()
    base = revision(editor, write(editor.world, rng))
    stored: dict[str, Truth] = dict(base.keys)
    for _ in range(LENGTH):
        before: World = snapshot(editor.world)
        heirs, deleted = dict(editor.heirs), set(editor.deleted)
        done = [name for _ in range(rng.randint(1, 6)) if (name := editor.edit())]
        texts = write(editor.world, rng)
        if {d.rule.code for d in check(load_texts(texts)) } & IDENTITY:
            editor.world, editor.heirs, editor.deleted = before, heirs, deleted
            ledger["set aside"] += 1
            continue
        ledger["sequences"] += 1
        now, left = fixed(base, editor, texts)
        judge(base, now, left, editor, stored, ledger, f"seed {seed}: {done}")
        if left:
            ledger["left to a person"] += 1
            settle(base, editor, stored)
            now, left = fixed(base, editor, write(editor.world, rng))
            faults = {d.rule.code for d in check(now.loaded)} & IDENTITY
            if left or faults:
                editor.world, editor.heirs, editor.deleted = before, heirs, deleted
                ledger["settled in vain"] += 1
                continue
            judge(base, now, left, editor, stored, ledger, f"seed {seed}, settled: {done}")
        base = now
        stored |= base.keys


def judge(
    base: Revision,
    now: Revision,
    left: list[Diagnostic],
    editor: Editor,
    stored: Mapping[str, Truth],
    ledger: Counter[str],
    story: str,
) -> None:
    assert now.loaded.curriculum
    follow = moves(now.loaded.curriculum)
    ledger["ticks"] += len(stored)
    for key, truth in stored.items():
        landed = now.keys.get(follow.resolve(key))
        heirs = editor.heirs_of(truth)
        if landed is not None and landed not in heirs:
            # The same words are the same thing to whoever ticked them.
            same = now.words[landed] == base.words.get(truth) != ""
            assert same, f"{story}: the tick {key} of {base.words.get(truth)!r} is on {now.words[landed]!r}"
    lost = [
        (key, truth)
        for key, truth in base.keys.items()
        if truth not in editor.deleted
        and now.keys.get(follow.resolve(key)) not in editor.heirs_of(truth)
    ]
    for key, truth in lost:
        # Nothing is lost in silence: some fault is left, and nothing of it was retired.
        assert left, f"{story}: {key} {base.words[truth]!r} is lost, and nobody says so"
        is_item = key.count("/") == 2
        split = truth in editor.heirs
        if is_item and not split:
            ratio = likeness(base.words[truth], now.words[truth])
            ledger["reworded far" if ratio < 0.6 else "unsure"] += 1
    ledger["kept"] += len(base.keys) - len(lost)
    retired = retired_keys(now) - retired_keys(base)
    for key in retired:
        truth = base.keys.get(key)
        if truth is not None:
            assert truth in editor.deleted, f"{story}: {key} was retired, but nobody deleted it"


def retired_keys(revision: Revision) -> set[str]:
    curriculum = revision.loaded.curriculum
    assert curriculum
    from roadmap_site.check.identity.keys import Keys
    from roadmap_site.model.index import Index

    return set(Keys(Index(curriculum)).retired)


def settle(base: Revision, editor: Editor, stored: Mapping[str, Truth]) -> None:
    """Do by hand what the fixer left: one who knows writes `id`, `moved` or `retired`."""
    home: dict[Truth, tuple[str, dict]] = {}
    for path in editor.world:
        if path.startswith("tracks/"):
            for place in place_nodes(path, editor.world[path]):
                home[place["_t"]] = (path.split("/")[1], place)
                stack = [place]
                while stack:
                    data = stack.pop()
                    for value in data.values() if isinstance(data, dict) else data:
                        if isinstance(value, dict | list):
                            stack.append(value)
                            if isinstance(value, dict) and "_t" in value:
                                home.setdefault(value["_t"], (path.split("/")[1], place))
    things = {thing["_t"]: thing for thing in truths(editor.world)}
    track_of = {p.split("/")[1]: editor.world[p]["_t"] for p in editor.world if p.endswith("/track.yml")}
    base_tracks = {track.id for track in base.loaded.curriculum.tracks}
    texts = write(editor.world, editor.rng)
    loaded = load_texts(texts)
    now_keys = keys_of(texts, editor.world, loaded)
    follow = moves(loaded.curriculum)
    for key, truth in base.keys.items():
        heirs = editor.heirs_of(truth)
        if now_keys.get(follow.resolve(key)) in heirs:
            continue
        track, place, *item = key.split("/")
        alive = [heir for heir in sorted(heirs) if heir in things]
        if alive:
            now_track, now_place = home[alive[0]]
            path = "/".join(key.split("/")[0 if now_track != track and track in track_of else 1 :])
            if not item and "/" not in path:
                path = path
            things[alive[0]].setdefault("moved", []).append(path)
        else:
            place_truth = base.keys[f"{track}/{place}"]
            homes = [heir for heir in editor.heirs_of(place_truth) if heir in things]
            if item and homes:
                things[homes[0]].setdefault("retired", []).append(item[0])
            elif not item:
                for name, number in track_of.items():
                    if name == track or track in things[number].get("moved", ()):
                        things[number].setdefault("retired", []).append(place)


@pytest.mark.slow
def test_no_edit_that_passes_loses_a_tick() -> None:
    ledger: Counter[str] = Counter()
    for seed in range(CHAINS):
        run_chain(seed, ledger)
    print(ledger)
    assert ledger["sequences"] > 0.9 * CHAINS * LENGTH
    assert ledger["unsure"] < 0.01 * ledger["kept"]


if __name__ == "__main__":
    import sys, time
    ledger = Counter()
    t = time.perf_counter()
    a, b = int(sys.argv[1]), int(sys.argv[2])
    for seed in range(a, b):
        run_chain(seed, ledger)
    print(ledger, time.perf_counter() - t)

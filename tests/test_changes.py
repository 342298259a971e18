"""What a branch changes: keys then and now, sizes, faults, and what a stranger's words can do."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from builders import CURRICULUM, LIBRARY, MONTH, ROOT, TOPICS, TRACK, project, write
from roadmap_site import check
from roadmap_site.cli import main
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory
from roadmap_site.model.places import places
from roadmap_site.report.changes import SUMMARY_BYTES, changes_json, changes_markdown, changes_text
from roadmap_site.stats import Change, Changes, State, compare
from site_builder import GOLDEN, ISOLATED, compare_with_golden

REST = "tracks/python/rest.yml"
Files = Mapping[str, str | None]


def state(files: Files | None = None) -> State:
    every = {**CURRICULUM, **(files or {})}
    loaded = load_files(
        InMemory({k: text.encode() for k, text in every.items() if text is not None})
    )
    return State(loaded.curriculum, check(loaded))


def between(before: Files | None, after: Files | None) -> Changes:
    return compare(state(before), state(after))


def told(changes: Changes) -> list[str]:
    return [f"{change.how} {change.what} {change.key}" for change in changes.changes]


def month(*topics: str, more: str = "") -> dict[str, str | None]:
    return {MONTH: f"title: Basics\nweek: 1\ntopics: [{', '.join(topics)}]\n{more}"}


# -------------------------------------------------------------------------------- keys then and now


def test_nothing_changes_by_moving_lines_about() -> None:
    one = between(
        month("Printing", "Loops", "{text: Other, teaches: []}"),
        month("{text: Other, teaches: []}", "Loops", "Printing", more="summary: New words.\n"),
    )
    assert not one
    assert changes_text(one) == "Nothing has changed in the curriculum."


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (month("Printing", "New"), ["added item python/basics/new"]),
        (month("{text: Show it, id: printing}"), ["reworded item python/basics/printing"]),
        (month("{text: Show, moved: [printing]}"), ["moved item python/basics/show"]),
        # Two claim one key: it stays with what still has it.
        (month("Printing", "{text: New, moved: [printing]}"), ["added item python/basics/new"]),
        (
            month("Other", more="retired: [printing]"),
            ["retired item python/basics/printing", "added item python/basics/other"],
        ),
        (
            month("Other"),
            ["lost item python/basics/printing", "added item python/basics/other"],
        ),
        (
            {MONTH: "title: Start\nweek: 1\ntopics: [Printing]\nmoved: [basics]\n"},
            ["moved week python/start"],
        ),
        (
            {MONTH: "title: Start\nweek: 1\ntopics: [Printing]\n"},
            ["lost week python/basics", "added week python/start"],
        ),
        (
            {MONTH: "title: Start\nid: basics\nweek: 1\ntopics: [Printing]\n"},
            ["reworded week python/basics"],
        ),
        (
            {
                MONTH: "title: Start\nweek: 1\ntopics: [{text: Show, moved: [basics/printing]}]\n",
                TRACK: f"{CURRICULUM[TRACK]}retired: [basics]\n",
            },
            # Its item is told, because it is elsewhere, although the week is gone.
            [
                "retired week python/basics",
                "added week python/start",
                "moved item python/start/show",
            ],
        ),
        (
            {
                TRACK: CURRICULUM[TRACK]
                + "checklists: [{title: L, tiers: [{title: T, items: [A]}]}]\n"
            },
            ["added list python/l"],
        ),
        (
            {LIBRARY: CURRICULUM[LIBRARY].replace("The tutorial", "A tutorial")},
            ["reworded item python/again/tutorial", "reworded resource tutorial"],
        ),
        (
            {TOPICS: CURRICULUM[TOPICS].replace("  loops: {", "  iteration: {moved: [loops], ")},
            ["moved topic iteration"],
        ),
        (
            {
                ROOT: CURRICULUM[ROOT].replace("[python]", "[snake]"),
                "tracks/snake/track.yml": f"{CURRICULUM[TRACK]}moved: [python]\n",
                "tracks/snake/basics.yml": CURRICULUM[MONTH],
                "tracks/snake/rest.yml": CURRICULUM[REST],
                TRACK: None,
                MONTH: None,
                REST: None,
            },
            ["moved track snake"],
        ),
    ],
)
def test_what_became_of_each_key(after: Files, expected: list[str]) -> None:
    assert told(between(None, after)) == expected


def test_a_track_that_comes_or_goes_is_told_once() -> None:
    second = {
        ROOT: CURRICULUM[ROOT].replace("[python]", "[python, second]"),
        "tracks/second/track.yml": CURRICULUM[TRACK].replace("Python", "Second"),
        "tracks/second/basics.yml": CURRICULUM[MONTH],
        "tracks/second/rest.yml": CURRICULUM[REST],
    }
    came = between(None, second)
    assert told(came) == ["added track second"]
    assert came.changes[0].items == 4
    assert [(s.id, s.before, s.after and s.after.required) for s in came.tracks] == [
        ("second", None, 4)
    ]
    gone = between(second, None)
    assert told(gone) == ["lost track second"]
    assert gone.tracks[0].after is None
    root = CURRICULUM[ROOT] + "retired_tracks: [second]\n"
    assert told(between(second, {ROOT: root})) == ["retired track second"]


WEEK = st.dictionaries(
    st.sampled_from(["alpha", "beta", "gamma", "delta"]), st.just(None), min_size=1
).map(list)
WEEKS = st.dictionaries(st.sampled_from(["one", "two", "three"]), WEEK, min_size=1)


def weeks(named: Mapping[str, list[str]]) -> dict[str, str | None]:
    lines = ["title: M", f"week: 1-{len(named)}", "weeks:"]
    for number, (title, topics) in enumerate(named.items(), 1):
        lines += [f"- {{title: {title}, week: {number}, topics: {json.dumps(topics)}}}"]
    track = CURRICULUM[TRACK].replace("[basics, rest]", "[basics]")
    return {MONTH: "\n".join(lines), TRACK: track, REST: None}


@given(WEEKS, WEEKS)
def test_what_came_less_what_went_is_the_difference(
    old: Mapping[str, list[str]], new: Mapping[str, list[str]]
) -> None:
    before, after = state(weeks(old)), state(weeks(new))
    found = compare(before, after)

    def size(one: State) -> int:
        assert one.curriculum is not None
        return sum(len(p.ticks) for track in one.curriculum.tracks for p in places(track))

    def worth(how: str) -> int:
        return sum(c.items or 1 for c in found.changes if c.how == how)

    assert worth("added") - worth("lost") == size(after) - size(before)
    back = compare(after, before)
    turned = {"added": "lost", "lost": "added"}
    assert sorted((turned[c.how], c.key) for c in back.changes) == sorted(
        (c.how, c.key) for c in found.changes
    )
    assert not compare(after, after)


# --------------------------------------------------------------------------------- sizes and faults


def test_hours_before_and_after() -> None:
    rest = {REST: "title: Rest\nweek: 2\ntopics: [Loops]\ntime: 1h\n"}
    found = between(
        {**month("Printing", more="time: 2-3h"), **rest},
        {**month("Printing", "Other", more="time: 4h"), **rest},
    )
    text = changes_text(found)
    assert "Python: hours 3-4 -> 5, to do 2 -> 3" in text
    assert "| Python | 2 | 3-4 → 5 | 2 → 3 |" in changes_markdown(found)


def test_a_prerequisite_that_was_broken_and_one_that_was_not() -> None:
    found = between(None, month("Loops", "Printing"))
    assert not found.found
    rest = "title: Rest\nweek: 2\ntopics: [Printing]\n"
    found = between(None, {**month("Loops"), REST: rest})
    assert [d.rule.code for d in found.found] == ["RS403", "RS208"]
    text = changes_text(found, prefix="curriculum/")
    assert (
        "Prerequisites broken: 1\n  curriculum/tracks/python/basics.yml:3:10: warning RS208" in text
    )
    assert "New faults: 1\n" in text


def test_faults_that_only_moved_are_not_new() -> None:
    late = {REST: "title: Rest\nweek: 2\ntopics: [Printing]\nresources: [tutorial]\n"}
    before = {**month("Loops"), **late}
    after = {MONTH: "# a comment\n\ntitle: Basics\nweek: 1\n\ntopics:\n- Loops\n", **late}
    assert not between(before, after)
    mended = between(before, None)
    assert [d.rule.code for d in mended.mended] == ["RS208"]
    assert "Mended: 1" in changes_text(mended)


def test_a_second_fault_like_the_first_is_new() -> None:
    one = month("{text: A, teaches: [nothing]}")
    two = month("{text: A, teaches: [nothing]}", "{text: B, teaches: [nothing]}")
    assert len(between(one, two).found) == 1
    assert len(between(two, one).mended) == 1


def test_what_is_newly_accepted_is_shown_with_its_reason() -> None:
    late = {REST: "title: Rest\nweek: 2\ntopics: [Printing]\nresources: [tutorial]\n"}
    accepted = {**month('{text: Loops, accept: {RS208: "as the | book"}}'), **late}
    found = between({**month("Loops"), **late}, accepted)
    assert [reason for _, reason in found.accepted] == ["as the | book"]
    assert "(as the | book)" in changes_text(found)
    assert "because `as the | book`" in changes_markdown(found)
    assert not between(accepted, accepted)


@pytest.mark.parametrize(
    ("after", "unread"),
    [
        (month("[", more="x"), ["python"]),
        ({TRACK: "title: ["}, ["python"]),
        ({MONTH: None}, ["python"]),
        ({TOPICS: "topics: ["}, ["topics.yml"]),
        ({LIBRARY: "tutorial: ["}, ["resources/"]),
        ({ROOT: "title: ["}, ["curriculum.yml"]),
    ],
)
def test_what_cannot_be_read_is_not_lost(after: Files, unread: list[str]) -> None:
    for found in (between(None, after), between(after, None)):
        assert "lost" not in {change.how for change in found.changes}
        assert list(found.unread) == unread or found.unread == ()
    found = between(None, after)
    assert list(found.unread) == unread
    assert found.found
    assert f"`{unread[0]}`" in changes_markdown(found)
    assert unread[0] in changes_text(found)


def test_a_curriculum_that_was_not_there() -> None:
    found = compare(State(None, check(load_files(InMemory({})))), state())
    assert told(found) == ["added track python"]


# ---------------------------------------------------------------------------------- how it is shown


def test_golden(request: pytest.FixtureRequest) -> None:
    after = {
        **month("{text: Show it, id: printing}", "{text: Other | `words`, teaches: []}"),
        REST: """\
title: The rest
week: 2-3
weeks:
- title: Once more
  week: 2
  moved: [again]
  topics: [Loops]
- title: At last
  week: 3
  topics: [{text: End, teaches: [nothing]}]
""",
    }
    found = between(None, after)
    texts = {
        "changes.txt": changes_text(found, prefix="curriculum/") + "\n",
        "changes.md": changes_markdown(found, prefix="curriculum/"),
        "changes.json": changes_json(found) + "\n",
    }
    compare_with_golden("changes", texts, request.config)


WORDS = st.text(
    st.sampled_from("`|\\*_[](){}<>!#@:&~ abc/.\n\r\x1b\u202e\u2028木-+1%"), max_size=40
)


@cache
def with_a_fault() -> Changes:
    return between(None, month("{text: A, teaches: [nothing]}", "More"))


def of_words(words: str, other: str = "x") -> Changes:
    """Every kind of entry, made of a stranger's words."""
    found = with_a_fault()
    (fault,) = (replace(d, message=words) for d in found.found if d.rule.code == "RS201")
    return replace(
        found,
        tracks=tuple(replace(one, title=words) for one in found.tracks),
        changes=tuple(
            Change(how, "item", words, words, other, other)
            for how in ("added", "moved", "reworded", "retired", "lost")
        ),
        found=(fault,),
        mended=(fault,),
        accepted=((fault, words),),
        unread=(words,),
    )


@given(WORDS, WORDS)
def test_words_stay_words_in_a_summary(words: str, other: str) -> None:
    markdown = changes_markdown(of_words(words, other), prefix="curriculum/")
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    for tag in ("<a ", "<img", "<em>", "<strong>", "<s>", "<pre", "<blockquote", "<ol", "<hr"):
        assert tag not in html
    assert html.count("<td") == 4
    assert html.count("<tr>") == 2
    assert html.count("<h2>") == 1
    assert html.count("<h3>") == 8
    assert html.count("<li>") == 8
    assert not {"\x1b", "\u202e", "\u2028", "\r"} & set(markdown)
    # Nobody is mentioned, and no order is given to the runner.
    outside = "".join(part.split("</code>")[-1] for part in html.split("<code>"))
    assert "@" not in outside
    assert not any(line.lstrip().startswith("::") for line in markdown.splitlines())


@given(WORDS, WORDS)
def test_words_stay_words_on_a_terminal(words: str, other: str) -> None:
    text = changes_text(of_words(words, other), prefix="curriculum/")
    assert not {"\x1b", "\u202e", "\u2028", "\r"} & set(text)
    assert len(text.splitlines()) == 28
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_a_summary_is_bounded() -> None:
    changes = tuple(
        Change("added", "item", "a/b/" + "\N{SNAKE}" * 200 + str(n), "", "\u202e" * 10_000)
        for n in range(2_000)
    )
    one = replace(between(None, None), changes=changes)
    markdown = changes_markdown(one)
    assert len(markdown.encode()) < 64 * 1024
    assert "- and 1960 more" in markdown
    assert "### Added: 2000 items" in markdown
    assert len(json.loads(changes_json(one))["changes"]) == 2_000
    tracks = between(None, month("Printing", "More")).tracks * 20_000
    markdown = changes_markdown(replace(one, tracks=tracks))
    assert SUMMARY_BYTES - 100 < len(markdown.encode()) < SUMMARY_BYTES + 100
    assert markdown.endswith("\nAnd more than fits here.\n")


# -------------------------------------------------------------------------------------- the command


def git(folder: Path, *arguments: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments],
        cwd=folder,
        env={**kept, **ISOLATED},
        check=True,
        capture_output=True,
    )


def changes(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["changes", *map(str, arguments)])


def test_the_command_compares_with_where_the_branch_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path / "curriculum")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=Begin")
    git(tmp_path, "switch", "--quiet", "--create=topic")
    git(tmp_path, "switch", "--quiet", "main")
    write(tmp_path / "curriculum" / MONTH, str(month("Printing", "On main")[MONTH]))
    git(tmp_path, "commit", "--quiet", "--all", "--message=Meanwhile")
    git(tmp_path, "switch", "--quiet", "topic")
    monkeypatch.chdir(tmp_path)
    assert changes("--since", "main").stdout == "Nothing has changed in the curriculum.\n"
    write(tmp_path / "curriculum" / MONTH, str(month("Printing", "Here")[MONTH]))
    result = changes("--since", "main")
    assert result.exit_code == 0
    assert "+ python/basics/here  Here" in result.stdout
    assert "On main" not in result.stdout
    assert json.loads(changes("--since", "main", "--format", "json").stdout)["tracks"]
    assert changes("--since", "main", "--format", "markdown").stdout.startswith("## ")
    for rev in ("nowhere", "--help", "-x"):
        result = changes(f"--since={rev}")
        assert result.exit_code == 2
        assert rev in result.stderr
    write(tmp_path / "curriculum" / ROOT, "title: [")
    result = changes("--since", "main")
    assert result.exit_code == 1
    assert "curriculum.yml" in result.stdout


def test_without_a_repository_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    result = changes(project(tmp_path), "--since", "main")
    assert result.exit_code == 2
    assert "git repository" in result.stderr
    assert changes(tmp_path / "nowhere", "--since", "main").exit_code == 2


def test_the_golden_curriculum_has_not_changed_since_itself() -> None:
    from roadmap_site import load

    loaded = load(GOLDEN / "curriculum")
    one = State(loaded.curriculum, check(loaded))
    assert not compare(one, one)

"""The curriculum in figures: what is counted, and how it is shown."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from builders import CURRICULUM, LIBRARY, MONTH, TRACK, project
from roadmap_site import check, load
from roadmap_site.cli import main
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory
from roadmap_site.model.index import Index
from roadmap_site.report.figures import figures_markdown, figures_text
from roadmap_site.report.markdown import TEXT_LENGTH, cell, code_span, table
from roadmap_site.stats import Figures, figures
from site_builder import CHECKOUT, GOLDEN, compare_with_golden

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def stats(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["stats", *map(str, arguments)])


def figures_of(files: dict[str, str]) -> Figures:
    all_files = {**CURRICULUM, **files}
    loaded = load_files(InMemory({name: text.encode() for name, text in all_files.items()}))
    assert loaded.curriculum is not None
    return figures(Index(loaded.curriculum), check(loaded))


def figures_in(folder: Path) -> Figures:
    loaded = load(folder)
    assert loaded.curriculum is not None
    return figures(Index(loaded.curriculum), check(loaded))


# ------------------------------------------------------------------------------- what is counted


def test_a_track_by_hand() -> None:
    found = figures_of(
        {
            LIBRARY: CURRICULUM[LIBRARY] + "b: {title: B, type: book, cost: paid}\n",
            MONTH: """\
title: Basics
week: 1
topics:
  - {text: Printing, points: [one, two]}
  - {text: extra, optional: true, points: [within]}
projects:
  - {title: Build, deliverables: [it]}
resources: [{any_of: [tutorial, b]}]
""",
        }
    )
    (track,) = found.tracks
    assert (track.weeks, track.pages) == (2, 2)
    # Printing, one, two, Build, it, the resource; then Printing, Loops, tutorial.
    assert (track.required, track.optional, track.choices) == (9, 2, 0)
    assert track.projects == 1
    assert track.resources_by_type == {"book": 1, "tutorial": 1}
    assert track.resources_by_cost == {"free": 1, "paid": 1}
    assert track.effort is None
    assert found.taught_by == {0: 0, 1: 2}


@pytest.mark.parametrize(
    ("track", "first", "rest", "expected"),
    [
        ("", "time: 2-3h", "time: 30min", ((2.5, 3.5), "weeks")),
        ("total_time: ~9h", "time: 2-3h", "time: 30min", ((2.5, 3.5), "weeks")),
        ("total_time: ~9h\npace: 4h/week", "time: 2-3h", "", ((9, 9), "total_time")),
        ("pace: 4-5h/week", "time: 2-3h", "", ((8, 10), "pace")),
        ("pace: 4-5h/week", "time: 2-3h", "optional: true", ((2, 3), "weeks")),
        ("", "time: 2-3h", "", None),
        ("pace: 1h/day", "time: 1w", "time: 1h", None),
    ],
)
def test_hours_by_the_finest_statement(
    track: str, first: str, rest: str, expected: tuple[tuple[float, float], str] | None
) -> None:
    found = figures_of(
        {
            TRACK: f"{CURRICULUM[TRACK]}{track}\n",
            MONTH: f"{CURRICULUM[MONTH]}{first}\n",
            "tracks/python/rest.yml": f"title: Rest\nweek: 2\ntopics: [Loops]\n{rest}\n",
        }
    )
    effort = found.tracks[0].effort
    assert (effort and (effort.hours, effort.stated)) == expected


def test_accepted_warnings_are_counted_by_rule() -> None:
    month = 'title: Basics\nweek: 1\ntopics: [{text: Loops, accept: {RS208: "on purpose"}}]\n'
    assert figures_of({MONTH: month}).accepted == {"RS208 late-prerequisite": 1}


Week = tuple[list[str], bool, list[str]]
WEEKS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["Printing", "Loops", "Other"]), min_size=1, unique=True),
        st.booleans(),
        st.lists(st.sampled_from(["tutorial"]), unique=True),
    ),
    min_size=1,
    max_size=5,
)


@given(st.lists(WEEKS, min_size=1, max_size=4))
def test_figures_of_any_tracks_agree_with_each_other(tracks: list[list[Week]]) -> None:
    names = [f"t{number}" for number in range(len(tracks))]
    files = {
        "curriculum.yml": CURRICULUM["curriculum.yml"].replace("[python]", json.dumps(names)),
    }
    ticks = {}
    for name, weeks in zip(names, tracks, strict=True):
        files[f"tracks/{name}/track.yml"] = (
            CURRICULUM[TRACK].replace("[basics, rest]", "[m]").replace("Python", name)
        )
        lines = ["title: M", f"week: 1-{len(weeks)}", "weeks:"]
        ticks[name] = 0
        for number, (topics, optional, resources) in enumerate(weeks, 1):
            lines += [f"- title: W{number}", f"  week: {number}", f"  topics: {topics}"]
            lines += [f"  optional: {str(optional).lower()}", f"  resources: {resources}"]
            ticks[name] += len(topics) + len(resources)
        files[f"tracks/{name}/m.yml"] = "\n".join(lines) + "\n"
    found = figures_of(files)
    assert [track.id for track in found.tracks] == names
    for track, weeks in zip(found.tracks, tracks, strict=True):
        assert track.required + track.optional + track.choices == ticks[track.id]
        assert track.weeks == track.pages == len(weeks)
        assert sum(track.resources_by_type.values()) == track.resources
        assert sum(track.resources_by_cost.values()) == track.resources
        for other, shared in found.shared[track.id].items():
            assert shared == found.shared[other][track.id]
            assert shared <= track.topics
    assert sum(found.taught_by.values()) == 2
    assert len(found.untaught) == found.taught_by[0]
    taught = sum(number * count for number, count in found.taught_by.items())
    assert taught == sum(track.topics for track in found.tracks)


def test_the_real_curriculum_has_no_topic_untaught() -> None:
    found = figures_in(CHECKOUT / "curriculum")
    assert len(found.tracks) == 5
    assert found.untaught == ()
    assert found.accepted


# ------------------------------------------------------------------------------- how it is shown


def test_golden(request: pytest.FixtureRequest) -> None:
    forms = {"figures.txt": "text", "figures.md": "markdown", "figures.json": "json"}
    results = {name: stats(GOLDEN / "curriculum", "--format", form) for name, form in forms.items()}
    assert [result.exit_code for result in results.values()] == [0, 0, 0]
    texts = {name: result.stdout for name, result in results.items()}
    compare_with_golden("stats", texts, request.config)


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("width", [72, 80, 100, 200])
def test_tables_keep_within_the_terminal(width: int) -> None:
    long = "機械学習のとても長い題名 and many more words of another"
    track = CURRICULUM[TRACK].replace("short_title: Python", f"short_title: {long}")
    text = figures_text(figures_of({TRACK: track}), width=width)
    assert max(map(columns, text.splitlines())) <= width
    assert long in text or width < 200
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_figures_stand_in_one_line_however_narrow_the_terminal() -> None:
    text = figures_text(figures_in(CHECKOUT / "curriculum"), width=20)
    assert "416-520**" in text
    for word in ("Optional", "Projects", "Freemium"):
        assert word in text


def test_colour_is_asked_for(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert "\x1b" not in stats(folder).stdout
    assert "\x1b[1mTracks" in stats(folder, "--color").stdout


def test_json_has_everything(tmp_path: Path) -> None:
    read = json.loads(stats(project(tmp_path), "--format", "json").stdout)
    assert read["tracks"][0]["id"] == "python"
    assert read.keys() == Figures.__dataclass_fields__.keys()


def test_faults_are_said_and_what_is_left_is_counted(tmp_path: Path) -> None:
    result = stats(project(tmp_path / "a", {MONTH: "title: ["}))
    assert result.exit_code == 0
    assert "There are faults" in result.stderr
    result = stats(project(tmp_path / "b", {"curriculum.yml": "title: ["}))
    assert result.exit_code == 1
    assert "curriculum.yml:2:1: error RS002" in result.stderr
    assert stats(tmp_path / "nowhere").exit_code == 2


# --------------------------------------------------------------------------------- hostile words

HOSTILE = st.text(
    st.sampled_from("`|\\*_[](){}<>!#@:&~ abc/.\n\r\x1b\u202e\u2028木-+1"), max_size=30
)


def kinds(markdown: str) -> set[str]:
    return {node.type for node in SyntaxTreeNode(GFM.parse(markdown)).walk()} - {"root"}


@given(HOSTILE)
def test_a_code_span_shows_its_text_and_nothing_else(text: str) -> None:
    markdown = f"- a {code_span(text)} b\n"
    assert kinds(markdown) <= {
        *("bullet_list", "list_item", "paragraph", "inline", "text", "code_inline")
    }
    (code,) = [n for n in SyntaxTreeNode(GFM.parse(markdown)).walk() if n.type == "code_inline"]
    assert (
        code.content.split()
        == "".join(
            c if c.isprintable() or c in "\n\r\u2028" else f"\\u{ord(c):04x}" for c in text
        ).split()
    )


@given(HOSTILE, HOSTILE)
def test_a_cell_stays_within_its_table(one: str, other: str) -> None:
    html = GFM.render(table(("A", "B"), [(cell(one), cell(other)), ("1", "2")]))
    assert html.count("<tr>") == 3
    assert html.count("<td") == 4
    for tag in ("<a ", "<img", "<em>", "<strong>", "<s>", "<h"):
        assert tag not in html.replace("<head", "").replace("<th", "")


def test_long_texts_are_cut() -> None:
    assert len(code_span("x" * 100_000)) == TEXT_LENGTH + 2


def test_a_title_cannot_drive_a_terminal_or_break_a_table() -> None:
    found = figures_of({})
    title = "[bold]x[/] \x1b[31m :boom: | <b> @you"
    found = replace(found, tracks=tuple(replace(track, title=title) for track in found.tracks))
    text = figures_text(found, width=120)
    assert "\x1b" not in text
    assert "[bold]x[/] \\u001b[31m :boom: | <b> @you" in text
    assert "`[bold]x[/] \\u001b[31m :boom: ¦ <b> @you`" in figures_markdown(found)

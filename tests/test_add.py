"""`roadmap-site add`: what it asks, what it writes, and that nothing else changes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import CURRICULUM, MONTH, ROOT, TRACK, project, report_of, write
from roadmap_site import Severity, load
from roadmap_site.cli import main
from roadmap_site.model.curriculum import weeks_of
from roadmap_site.model.source import SourceFile
from roadmap_site.style import format_source

REST = "tracks/python/rest.yml"
WEEK = ("week", "--track", "python", "--month", "rest")
FULL = (*WEEK, "--title", "More", "--topic", "Loops")
REAL = {
    path.relative_to(folder).as_posix(): path.read_bytes()
    for folder in [Path(__file__).parent.parent / "curriculum"]
    for path in folder.rglob("*.yml")
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return project(tmp_path)


def invoke(folder: Path, *arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, ["add", *arguments, "-C", str(folder)], input=answers)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def changed(folder: Path, before: dict[str, bytes]) -> set[str]:
    now = contents(folder)
    assert before.keys() <= now.keys()
    return {path for path, content in now.items() if before.get(path) != content}


def is_clean(folder: Path) -> bool:
    return not any(d.rule.severity is Severity.ERROR for d in report_of(folder))


# -------------------------------------------------------------------------------- options


def test_a_week_at_the_end(folder: Path) -> None:
    before = contents(folder)
    result = invoke(
        folder, *FULL, "--topic", "Trees: #1", "--teaches", "Trees: #1", "loops,printing",
        "--time", "5-6h", "--resource", "tutorial", "--project", "A parser",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert changed(folder, before) == {REST, TRACK}
    was = CURRICULUM[REST].replace("week: 2\nweeks", "week: 2-3\nweeks")
    assert (folder / REST).read_text() == was + (
        "\n  - title: More\n    week: 3\n    time: 5-6h\n    topics:\n      - Loops\n"
        '      - text: "Trees: #1"\n        teaches: [loops, printing]\n'
        "    projects:\n      - A parser\n    resources:\n      - tutorial\n"
    )
    assert (folder / TRACK).read_text() == CURRICULUM[TRACK].replace("length: 2w", "length: 3w")
    assert f"{REST}:9" in result.output
    assert "the track's length is 3w now" in result.output
    assert is_clean(folder)


def test_a_week_in_between(folder: Path) -> None:
    text = (
        "title: The rest\nmonth: 1\nweeks:\n  # Above the first.\n  - title: Again\n    week: 1-2\n"
        "    topics: [Printing, Loops]\n    # Its own last.\n\n  # Before the second.\n"
        "  - {title: Then, week: 3, topics: [Loops]} # beside\n\n# The end.\n"
    )
    write(folder / REST, text)
    write(folder / TRACK, CURRICULUM[TRACK].replace("[basics, rest]", "[rest]").replace("2w", "3w"))
    (folder / MONTH).unlink()
    new = "  - title: More\n    week: {}\n    topics:\n      - Loops\n"
    result = invoke(folder, *FULL, "--number", "3")
    assert result.exit_code == 0, result.output
    assert "week 3 is 4 now" in result.output
    after = text.replace("week: 3", "week: 4").replace(
        "own last.\n", f"own last.\n\n{new.format(3)}"
    )
    assert (folder / REST).read_text() == after
    write(folder / REST, text)
    write(folder / TRACK, (folder / TRACK).read_text().replace("4w", "3w"))
    assert invoke(folder, *FULL, "--number", "1-2").exit_code == 0
    after = text.replace("week: 3", "week: 5").replace("week: 1-2", "week: 3-4")
    after = after.replace("weeks:\n", f"weeks:\n{new.format('1-2')}\n")
    assert (folder / REST).read_text() == after


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("week",), 2, "--title is missing"),
        (WEEK, 2, "--title is missing"),
        ((*WEEK, "--title", "More"), 2, "--topic is missing"),
        (("month",), 2, "--title is missing"),
        (("track", "--title", "A track of more than 24 characters"), 2, "--short-title is missing"),
        (("week", "--track", "pyton"), 2, "did you mean python?"),
        (("week", "--month", "basics"), 2, "there is no `basics`"),
        ((*FULL, "--resource", "tutorail"), 2, "did you mean tutorial?"),
        ((*FULL, "--topic", "X", "--teaches", "X", "lops"), 2, "did you mean loops?"),
        ((*FULL, "--teaches", "X", "loops"), 2, "there is no --topic `X`"),
        ((*FULL, "--time", "long"), 2, "--time: write it like"),
        ((*FULL, "--number", "0"), 2, "--number: write it like"),
        ((*WEEK, "--title", "!?", "--topic", "Loops"), 2, "a letter or a digit"),
        ((*FULL, "--number", "9"), 1, "would leave a gap"),
        ((*WEEK, "--title", "Again", "--topic", "Loops"), 1, "RS101"),
        (("month", "--title", "Rest", "--topic", "Loops"), 1, "has a file rest already"),
    ],
)
def test_what_is_not_done(folder: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    before = contents(folder)
    result = invoke(folder, *arguments)
    assert result.exit_code == code, result.output
    assert words in result.output
    assert contents(folder) == before


def test_a_curriculum_with_faults_is_to_be_mended_first(folder: Path) -> None:
    write(folder / MONTH, "title: Basics\n")
    before = contents(folder)
    result = invoke(folder, *FULL)
    assert result.exit_code == 1
    assert "RS109" in result.output
    assert contents(folder) == before
    assert invoke(folder / "nowhere", *FULL).exit_code == 2


@pytest.mark.parametrize("option", ["--dry-run", "--diff"])
def test_a_dry_run_writes_nothing(folder: Path, option: str) -> None:
    before = contents(folder)
    result = invoke(folder, *FULL, option)
    assert result.exit_code == 0
    assert "+  - title: More" in result.output.splitlines()
    assert "-length: 2w" in result.output.splitlines()
    assert contents(folder) == before


def test_months_and_tracks_keep_the_style_of_lists(folder: Path) -> None:
    before = contents(folder)
    month = ("month", "--title", "Files & more", "--topic", "Loops")
    assert invoke(folder, *month).exit_code == 0
    assert changed(folder, before) == {TRACK, "tracks/python/files-more.yml"}
    assert "months: [basics, rest, files-more]" in (folder / TRACK).read_text()
    write(folder / ROOT, CURRICULUM[ROOT].replace(" [python]", "\n  - python # one"))
    words = ("--summary", "S", "--audience", "A", "--builds", "B", "--topic", "Loops")
    result = invoke(
        folder, "track", "--title", "Ruby", *words, "--month-title", "Start", "--week-title", "One"
    )
    assert result.exit_code == 0, result.output
    assert "tracks:\n  - python # one\n  - ruby\n" in (folder / ROOT).read_text()
    assert is_clean(folder)
    loaded = load(folder).curriculum
    assert loaded
    assert [track.id for track in loaded.tracks] == ["python", "ruby"]


@pytest.mark.parametrize("kind", ["", "week", "month", "track"])
def test_help_shows_each_example_on_a_line_of_its_own(kind: str) -> None:
    output = CliRunner().invoke(main, ["add", *kind.split(), "--help"]).output
    assert f"\n    roadmap-site add {kind or 'week'}" in output
    assert "\\b" not in output


# -------------------------------------------------------------------------------- answers


def test_a_week_by_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["roadmap_site.cli.add"], "can_ask", lambda: True)
    answers = ["", "baisc", "rest", "", "More", "", "Lops", "y", "Trees", "lops", "loops", ""]
    answers += ["many", "5-6h", "", ""]
    result = invoke(folder, "week", answers="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    for words in (
        "there is no `baisc`",
        "Did you mean Loops",
        "write it like",
    ):
        assert words in result.output
    assert (
        (folder / REST)
        .read_text()
        .endswith(
            "  - title: More\n    week: 3\n    time: 5-6h\n    topics:\n      - Loops\n"
            "      - text: Trees\n        teaches: [loops]\n"
        )
    )


def test_a_terminal_is_asked(folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "roadmap_site", "add", "week", "-C", str(folder)]
    answers = b"python\nrest\nMore\n\nLoops\n\n\n\n\n"
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, answers)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:
            pass  # the end of a terminal, on Linux
    os.close(ours)
    assert process.returncode == 0, shown.decode()
    assert b"Title of the week" in shown
    assert "title: More" in (folder / REST).read_text()


# ------------------------------------------------------------------------- the real curriculum

TITLES = st.one_of(
    st.sampled_from(
        ["null", "- a", "a: b", "# c", "[d", "{e}", "'f", '"g', "*h", "&i", "!j", "k #l", "2026",
         "%m", "@n", "`o", "| p", "> q", "x" * 300, "w " * 90, "<script>r", "日本", "yes", "~s",
         "t\nu", "\x07v", "\u202ew", "a \u2028 x", "\ufeffy", "::error::z", "q:", "../r", "..."]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=30)
@given(st.data())
def test_a_curriculum_takes_more_of_everything(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = project(Path(name))
        for _ in range(data.draw(st.integers(1, 3))):
            add_something(folder, data)


@settings(max_examples=3)
@given(st.data())
def test_the_real_curriculum_takes_more_of_everything(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in REAL.items():
            write(folder / path, content)
        add_something(folder, data)


def add_something(folder: Path, data: st.DataObject) -> None:
    loaded = load(folder).curriculum
    assert loaded
    kind = data.draw(st.sampled_from(["week", "week", "month", "track"]))
    title, topic = data.draw(TITLES), data.draw(TITLES)
    options = ["--topic=" + topic]
    if kind == "week":
        track = data.draw(st.sampled_from([t for t in loaded.tracks if any(weeks_of(t))]))
        phase, week = data.draw(st.sampled_from(list(weeks_of(track))))
        options += ["--title=" + title, "--track", track.id]
        options += ["--month", Path(phase.node.file.path).stem]
        options += data.draw(st.sampled_from([[], ["--number", str(week.week.first)]]))
    elif kind == "month":
        track = data.draw(st.sampled_from(loaded.tracks))
        options += ["--title=" + title, "--track", track.id]
        if not any(phase.week for phase in track.phases):
            options.append("--week-title=" + topic)
    else:
        options += [f"--{key}={topic}" for key in ("title", "month-title", "week-title")]
        options += [f"--{key}={title}" for key in ("summary", "audience", "builds", "source")]
        options.append("--short-title=Short")
    before = contents(folder)
    result = invoke(folder, kind, *options)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if result.exit_code:
        assert contents(folder) == before
        assert result.exit_code in (1, 2)
        return
    assert is_clean(folder)
    for path in changed(folder, before):
        text = (folder / path).read_text("utf-8")
        old = before.get(path, b"").decode()
        if format_source(SourceFile(path, old)).text == old:
            assert format_source(SourceFile(path, text)).text == text
        kept = [line for line in old.split("\n") if line in text.split("\n")]
        # What is gone are numbers, lengths and lists on one line.
        for line in set(old.split("\n")) - set(kept):
            assert line.strip().split(":")[0] in ("week", "length", "months", "tracks"), line

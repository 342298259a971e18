"""A new project: what is written, that it has no fault, what is refused."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from builders import report_of
from roadmap_site import __version__, check
from roadmap_site.cli import main
from roadmap_site.load import load, load_files
from roadmap_site.load.files import InMemory
from roadmap_site.model.curriculum import Code
from roadmap_site.model.index import entities_in
from roadmap_site.model.values import slug
from roadmap_site.scaffold.new import project_files, quoted
from site_builder import CHECKOUT

LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"], include_characters=" "))
HOSTILE = (
    "He said: \"no\" # {x} - [y] 'z' \\ %TAG",
    "<script>alert(1)</script> & @everyone",
    "- yes: [1]",
    "机器学习 ß Ünï 🦜",
    "no",
    "null",
    "3.14",
    "2026-11-20",
    "!ENV [HOME]",
    "[[ id ]] {{ id }} ${{ github.token }}",
    "*anchor &anchor",
)


def new(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["new", *map(str, arguments)])


def files_of(title: str = "My roadmap", track: str = "First steps in Python") -> dict[str, str]:
    return dict(project_files(id="my-roadmap", title=title, track_title=track))


def curriculum_of(files: dict[str, str]) -> InMemory:
    head = "curriculum/"
    inside = {name.removeprefix(head): text for name, text in files.items() if head in name}
    return InMemory({name: text.encode() for name, text in inside.items()})


class _Loader(yaml.SafeLoader):
    """Reads what MkDocs and VS Code take, whatever a tag makes of it."""


def _env(loader: yaml.SafeLoader, node: yaml.Node) -> list[object]:
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)


_Loader.add_constructor("!ENV", _env)


# -------------------------------------------------------------------------------- what is written


def test_the_curriculum_has_no_fault_of_any_severity(tmp_path: Path) -> None:
    assert new(tmp_path / "my-roadmap", "--no-git").exit_code == 0
    assert list(report_of(tmp_path / "my-roadmap" / "curriculum")) == []


def test_the_title_comes_from_the_name(tmp_path: Path) -> None:
    result = new(tmp_path / "my-road_map", "--no-git")
    assert result.stdout.startswith("My road map is in ")
    about = load(tmp_path / "my-road_map" / "curriculum").curriculum
    assert about is not None
    assert (about.about.id, about.about.title) == ("my-road-map", "My road map")


@pytest.mark.parametrize("title", ["Bread & Butter", HOSTILE[1]])
def test_it_builds_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    assert new(tmp_path / "a", "--no-git", "--title", title).exit_code == 0
    monkeypatch.chdir(tmp_path / "a")
    for name in ("SITE_URL", "REPO_URL", "EDIT_URI"):
        monkeypatch.delenv(name, raising=False)
    with contextlib.redirect_stderr(io.StringIO()):
        # Markup in a title is warned of, and shown as it stands.
        result = CliRunner().invoke(main, ["build", *(["--strict"] if "<" not in title else [])])
    assert result.exit_code == 0, result.output
    home = Path("site/index.html").read_text("utf-8")
    assert title not in home
    assert escape(title, quote=False) in home
    assert Path("site/tracks/first-steps-in-python/values-and-text/index.html").is_file()


def test_both_commands_are_those_of_this_project() -> None:
    makefile = files_of()["Makefile"]
    for target in ("serve", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for words in (
        "check --strict",
        "fmt --check",
        "links --offline",
        "build --strict",
        "serve --addr",
    ):
        assert f"$(bin)/roadmap-site {words}" in makefile


def test_every_example_runs() -> None:
    loaded = load_files(curriculum_of(files_of()))
    assert loaded.curriculum is not None
    heads = [phase for track in loaded.curriculum.tracks for phase in track.phases]
    codes = [
        code
        for head in heads
        for entity in entities_in(head)
        if isinstance(code := getattr(entity, "code", None), Code)
    ]
    assert len(codes) == 2
    for code in codes:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code.source, "example", "exec"), {})
        assert out.getvalue()


def test_requirements_take_this_version_and_none_that_may_break() -> None:
    from packaging.requirements import Requirement

    line = files_of()["requirements.txt"].splitlines()[-1]
    wanted = Requirement(line)
    assert wanted.name == "roadmap-site"
    major, minor = (int(part) for part in __version__.split(".")[:2])
    assert __version__ in wanted.specifier
    assert f"{major}.{minor}.99" in wanted.specifier
    assert f"{major}.{minor + 1}" not in wanted.specifier or major
    assert f"{major + 1}.0" not in wanted.specifier
    hooks = yaml.safe_load(files_of()[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    assert all(hook["additional_dependencies"] == [line] for hook in hooks)


def test_actions_are_those_that_this_project_uses_itself() -> None:
    pinned = re.compile(r"uses: (\S+@[0-9a-f]{40} # v\S+)")
    own = {
        action
        for path in (CHECKOUT / ".github" / "workflows").glob("*.yml")
        for action in pinned.findall(path.read_text("utf-8"))
    }
    for path, text in files_of().items():
        if path.startswith(".github/"):
            used = pinned.findall(text)
            assert used
            assert len(used) == text.count("uses:")
            assert own.issuperset(used), path


def test_the_readme_is_short_and_every_file_it_names_is_there() -> None:
    files = files_of()
    readme = files["README.md"]
    assert len(readme.splitlines()) <= 40
    named = set(re.findall(r"`((?:curriculum/|\.github/)[^`]+)`", readme))
    assert len(named) > 4
    for name in named:
        assert any(path.startswith(name) for path in files), name


def test_texts_are_tidy() -> None:
    for path, text in files_of().items():
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), path
        assert "[[" not in text, path


# ------------------------------------------------------------------------------------ hostile words


@given(LINE)
def test_any_text_of_one_line_comes_back_from_yaml(text: str) -> None:
    assert yaml.safe_load(f"a: {quoted(text)}\n") == {"a": text}
    assert yaml.safe_load(f"- {quoted(text)}\n") == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_are_words_and_nothing_else(tmp_path: Path, text: str) -> None:
    result = new(tmp_path / "a", "--no-git", "--title", text, "--track", text)
    assert result.exit_code == 0, result.output
    folder = tmp_path / "a"
    loaded = load(folder / "curriculum")
    # Markup is warned of: it would be shown as it stands.
    assert {d.rule.code for d in check(loaded)} <= {"RS602"}
    result = CliRunner().invoke(main, ["fmt", "--check", str(folder / "curriculum")])
    assert result.exit_code == 0, result.output
    assert loaded.curriculum is not None
    assert loaded.curriculum.about.title == text
    assert [track.title for track in loaded.curriculum.tracks] == [text]
    assert [track.id for track in loaded.curriculum.tracks] == [slug(text)]
    config = yaml.load((folder / "mkdocs.yml").read_text("utf-8"), _Loader)
    assert config["site_name"] == text
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == set(files_of(text, text))


@pytest.mark.parametrize("name", ["a: b", "'\"#", "木", "---", "x" * 90, "ключ"])
def test_hostile_names_of_folders(tmp_path: Path, name: str) -> None:
    assert new(tmp_path / name, "--no-git", "--title", "T").exit_code == 0
    assert list(report_of(tmp_path / name / "curriculum")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--title", ""],
        ["--title", "two\nlines"],
        ["--title", "\x1b[31mred"],
        ["--title", "x" * 201],
        ["--track", "???"],
        ["--track", "Site"],
        ["--track", "a\u2028b"],
    ],
)
def test_what_cannot_be_a_title_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    result = new(tmp_path / "a", *arguments)
    assert result.exit_code == 2
    assert arguments[0] in result.stderr
    assert not (tmp_path / "a").exists()


# ---------------------------------------------------------------------------------- what is there


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    result = new(folder)
    assert result.exit_code == 2
    assert f"{folder} is not empty: it has notes.txt." in result.stderr
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    assert new(tmp_path / "a").exit_code == 2
    assert new(tmp_path / "a" / "b").exit_code == 2


def test_an_empty_folder_and_a_repository_without_files_will_do(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert new(tmp_path / "a", "--no-git").exit_code == 0
    subprocess.run(["git", "init", "--quiet", tmp_path / "b"], check=True)
    result = new(tmp_path / "b")
    assert result.exit_code == 0
    assert "git repository" not in result.stdout


def test_here_is_a_place_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "herbs").mkdir()
    monkeypatch.chdir(tmp_path / "herbs")
    result = new(".", "--no-git")
    assert result.stdout.startswith("Herbs is in ./: ")
    assert "cd " not in result.stdout
    assert Path("mkdocs.yml").is_file()


# --------------------------------------------------------------------------------------------- git


def test_it_begins_a_repository_without_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert new(tmp_path / "a").exit_code == 0
    assert not (tmp_path / "elsewhere").exists()
    head = (tmp_path / "a" / ".git" / "HEAD").read_text()
    assert head == "ref: refs/heads/main\n"
    assert not list((tmp_path / "a" / ".git" / "refs" / "heads").iterdir())


def test_no_repository_within_a_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    result = new(tmp_path / "a")
    assert not (tmp_path / "a" / ".git").exists()
    assert "git repository" not in result.stdout


def test_without_git_all_the_rest_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = new(tmp_path / "a")
    assert result.exit_code == 0
    assert not (tmp_path / "a" / ".git").exists()
    assert "git repository" not in result.stdout


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone" / "away")
    result = new(tmp_path / "link")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


# --------------------------------------------------------------------------------- a terminal


@pytest.mark.parametrize(
    ("answer", "title"), [("Sailing: “knots”", "Sailing: “knots”"), ("", "My roadmap")]
)
def test_a_terminal_is_asked_for_the_title(tmp_path: Path, answer: str, title: str) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "roadmap_site", "new", "my-roadmap", "--no-git"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal, on Linux
            while chunk := os.read(ours, 4096):
                shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert "What is it called? [My roadmap]" in shown.decode()
    about = load(tmp_path / "my-roadmap" / "curriculum").curriculum
    assert about is not None
    assert about.about.title == title


# ----------------------------------------------------------------------------------- the editor


def test_the_editor_finds_a_schema_of_every_file(tmp_path: Path) -> None:
    assert new(tmp_path / "a", "--no-git").exit_code == 0
    settings = json.loads((tmp_path / "a/.vscode/settings.json").read_text("utf-8"))
    for path in settings["yaml.schemas"]:
        assert (tmp_path / "a" / path).is_file()
    result = CliRunner().invoke(main, ["schema", "--check", str(tmp_path / "a/curriculum")])
    assert result.exit_code == 0, result.output

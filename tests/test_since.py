"""`check --since REV` in real repositories: what it compares with, what it writes, how it ends."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders import MONTH, TOPICS, project, write
from roadmap_site.cli import main
from site_builder import ISOLATED

WEEK = """\
# The first week, which everybody begins with.
title: Basics
week: 1
topics:
  - Printing # every program does it
  - {text: Writing a first function, teaches: []}
practice:
  - Print a square of stars
"""
AFTER = WEEK.replace("Writing a first function", "Writing your first function").replace(
    "square of stars", "large square of stars"
)


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        env={**os.environ, **ISOLATED},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def commit(folder: Path, files: Mapping[str, str | None], message: str = "x") -> None:
    for path, content in files.items():
        if content is None:
            (folder / path).unlink()
        else:
            write(folder / path, content)
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", message)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A curriculum in a folder of a repository, with one commit on `main`."""
    folder = tmp_path / "repository" / "curriculum"
    project(folder, {MONTH: WEEK})
    git(folder, "init", "--quiet", "--initial-branch=main", "..")
    commit(folder, {})
    return folder


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), *options])


def test_nothing_is_wrong_where_nothing_changed(repository: Path) -> None:
    assert check(repository, "--since", "main").exit_code == 0


def test_what_is_sure_is_written_and_no_other_byte(repository: Path) -> None:
    write(repository / MONTH, AFTER)
    assert check(repository, "--since", "main").exit_code == 1
    done = check(repository, "--since", "main", "--fix")
    assert done.exit_code == 0, done.output
    text = (repository / MONTH).read_text("utf-8")
    assert text == AFTER.replace(
        "{text: Writing your first function, teaches: []}",
        "{text: Writing your first function, id: writing-a-first-function, teaches: []}",
    ).replace(
        "  - Print a large square of stars\n",
        "  - text: Print a large square of stars\n    id: print-a-square-of-stars\n",
    )
    assert check(repository, "--since", "main").exit_code == 0


def test_a_diff_shows_it_and_writes_nothing(repository: Path) -> None:
    write(repository / MONTH, AFTER)
    done = check(repository, "--since", "main", "--diff")
    assert done.exit_code == 1
    assert "+    id: print-a-square-of-stars" in done.output
    assert (repository / MONTH).read_text("utf-8") == AFTER


def test_what_is_not_sure_stays_a_fault(repository: Path) -> None:
    write(repository / MONTH, WEEK.replace("Print a square of stars", "Draw with a turtle"))
    done = check(repository, "--since", "main", "--fix")
    assert done.exit_code == 1
    assert "RS501 lost-tick" in done.output
    assert "it may have become this" in done.output
    assert "retired" not in (repository / MONTH).read_text("utf-8")


def test_what_only_went_is_retired_and_may_not_come_back_as_another(repository: Path) -> None:
    write(repository / MONTH, WEEK.partition("practice:")[0])
    assert check(repository, "--since", "main", "--fix").exit_code == 0
    text = (repository / MONTH).read_text("utf-8")
    assert "retired: [print-a-square-of-stars]" in text
    commit(repository, {})
    write(repository / MONTH, f"{text}practice: [Print a square of stars]\n")
    done = check(repository, "--since", "main")
    assert done.exit_code == 1
    assert "RS504 retired-in-use" in done.output
    write(repository / MONTH, text.replace("retired: [print-a-square-of-stars]\n", ""))
    assert "RS505 dropped-record" in check(repository, "--since", "main").output


def test_the_base_is_where_the_branch_began(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "branch")
    commit(repository, {TOPICS: (repository / TOPICS).read_text("utf-8") + "# mine\n"})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {MONTH: WEEK + "  - Print a circle of stars\n"})
    git(repository, "checkout", "--quiet", "branch")
    # What main has got since is not lost on the branch.
    assert check(repository, "--since", "main").exit_code == 0


def test_a_revision_without_a_curriculum_has_nothing_to_lose(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "empty")
    git(repository, "rm", "--quiet", "-r", "--cached", ".")
    write(repository.parent / "README.md", "# Empty\n")
    git(repository.parent, "add", "README.md")
    git(repository.parent, "commit", "--quiet", "-m", "nothing")
    git(repository.parent, "checkout", "--quiet", "-f", "main")
    assert check(repository, "--since", "empty").exit_code == 0


def test_while_a_file_cannot_be_read_nothing_is_said_to_be_gone(repository: Path) -> None:
    write(repository / MONTH, "title: [\n")
    done = check(repository, "--since", "main", "--fix")
    assert done.exit_code == 1
    assert "RS002" in done.output
    assert "RS50" not in done.output


@pytest.mark.parametrize("rev", ["nowhere", "--output=x", "main:curriculum", ""])
def test_a_revision_that_is_none_is_said(repository: Path, rev: str) -> None:
    done = check(repository, f"--since={rev}")
    assert done.exit_code == 2
    assert "there is no revision" in done.output


def test_without_a_repository_it_cannot_run(tmp_path: Path) -> None:
    done = check(project(tmp_path / "curriculum"), "--since", "main")
    assert done.exit_code == 2
    assert "is not in a git repository" in done.output


def test_a_changed_meaning_may_be_accepted_and_stays_so(repository: Path) -> None:
    library = repository / "resources/library.yml"
    text = 'tutorial: {title: Snakes of Borneo, type: book, url: "https://example.org/snakes"%s}\n'
    write(library, text % "")
    assert "RS503 changed-meaning" in check(repository, "--since", "main").output
    write(library, text % ", accept: {RS503: a joke}")
    assert check(repository, "--since", "main", "--strict").exit_code == 0
    # Without a revision to compare with, and after the change has landed, it is still no fault.
    assert check(repository, "--strict").exit_code == 0
    commit(repository, {})
    assert check(repository, "--since", "main", "--strict").exit_code == 0

"""When files last changed, as git tells it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from roadmap_site.load import last_changed
from site_builder import ISOLATED


class Repository:
    """A repository with a curriculum in a folder of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.curriculum = folder / "curriculum"
        self.curriculum.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, date: str = "2026-01-01T12:00:00+0000") -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        subprocess.run(
            ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments],
            cwd=self.folder,
            env={
                **kept,
                **ISOLATED,
                "GIT_COMMITTER_DATE": date,
                "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
            },
            check=True,
            capture_output=True,
        )

    def commit(self, date: str, *paths: str) -> None:
        """Change files below the curriculum at a date."""
        for name in paths:
            path = self.curriculum / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(date)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=Change\n\nx\x01y", date=date)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_each_file_has_the_date_of_its_last_commit(repository: Repository) -> None:
    odd = "tracks/größen/a b\n'c'.yml"
    repository.commit("2026-01-02T23:30:00-0500", "topics.yml", odd, "old.yml")
    repository.commit("2026-02-03T00:30:00+0900", "topics.yml", "../elsewhere.yml")
    repository.commit("2026-03-04T12:00:00Z")
    (repository.curriculum / "new.yml").write_text("not committed")
    assert last_changed(repository.curriculum) == {
        # The committer's own calendar, whatever the time zone of whoever builds.
        "topics.yml": "2026-02-03",
        odd: "2026-01-02",
        "old.yml": "2026-01-02",
    }


def test_a_renamed_file_changed_when_it_was_renamed(repository: Repository) -> None:
    repository.commit("2026-01-02T12:00:00Z", "old.yml")
    (repository.curriculum / "old.yml").rename(repository.curriculum / "new.yml")
    repository.commit("2026-02-03T12:00:00Z")
    assert last_changed(repository.curriculum)["new.yml"] == "2026-02-03"


def test_a_shallow_clone_knows_no_dates(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2026-01-02T12:00:00Z", "a.yml")
    repository.commit("2026-02-03T12:00:00Z", "b.yml")
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(tmp_path / "x"))
    assert last_changed(tmp_path / "x" / "curriculum") == {}


def test_no_repository_no_commit_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert last_changed(tmp_path) == {}
    assert last_changed(tmp_path / "nowhere") == {}
    repository = Repository(tmp_path / "repository")
    assert last_changed(repository.curriculum) == {}
    repository.commit("2026-01-02T12:00:00Z", "a.yml")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert last_changed(repository.curriculum) == {}


def test_a_hook_s_settings_lead_to_no_other_repository(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("2026-01-02T12:00:00Z", "a.yml")
    other = Repository(tmp_path / "other")
    other.commit("2001-01-01T12:00:00Z", "a.yml")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert last_changed(repository.curriculum) == {"a.yml": "2026-01-02"}

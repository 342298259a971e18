"""Making sites for tests: projects of a few files, builds in child processes, what came out."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from html_document import Element, read_html
from roadmap_site.cli import main

CHECKOUT = Path(__file__).parent.parent
GOLDEN = CHECKOUT / "tests" / "golden"

ROADMAP_SITE = ("-m", "roadmap_site")
MKDOCS = ("-m", "mkdocs")
BUILD_TIMEOUT = 600
"""Seconds; a build takes one or two."""

ISOLATED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
"""What keeps git from settings that somebody made for themselves."""

CONFIG: Mapping[str, Any] = {
    "site_name": "Small",
    "site_description": "A curriculum for tests.",
    "site_url": "https://example.org/small/",
    "docs_dir": "curriculum/pages",
    "theme": {"name": "material", "font": False},
    "plugins": ["search", "roadmap"],
}
"""A project's mkdocs.yml, unless a test wants another."""

CURRICULUM: Mapping[str, str] = {
    "curriculum.yml": """\
id: small
title: Small
tagline: One track of two weeks.
summary: Just enough to build a site of.
tracks: [first]
""",
    "topics.yml": """\
areas: {basics: Basics}
roots: [printing]
topics:
  printing: {label: Printing, area: basics, summary: Showing a value.}
  loops: {label: Loops, area: basics, summary: Doing it again., requires: [printing]}
""",
    "resources/all.yml": """\
tutorial: {title: The tutorial, type: tutorial, url: "https://docs.python.org/3/tutorial/"}
""",
    "tracks/first/track.yml": """\
title: First steps
short_title: First
summary: Two weeks with Python.
audience: Anyone
builds: A program
level: beginner
length: 2w
months: [basics]
source: {title: Written for the tests}
""",
    "tracks/first/basics.yml": """\
title: Basics
week: 1-2
weeks:
  - title: Hello
    week: 1
    topics: [Printing]
    resources: [tutorial]

  - title: Again
    week: 2
    topics: [Loops]
""",
    "pages/about.md": "# About\n\nWritten by hand.\n",
}
"""A small curriculum without a fault; a test replaces the files it is about."""


def write_files(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write texts by path; None deletes the file."""
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def make_project(
    folder: Path, files: Mapping[str, str | None] | None = None, **config: object
) -> Path:
    """A project around CURRICULUM with `files` in place of its own, and CONFIG with `config`.

    A config value of None leaves the key out.
    """
    write_files(folder / "curriculum", {**CURRICULUM, **(files or {})})
    (folder / "curriculum" / "pages").mkdir(exist_ok=True)
    chosen = {key: value for key, value in {**CONFIG, **config}.items() if value is not None}
    write_files(folder, {"mkdocs.yml": yaml.safe_dump(chosen, sort_keys=False)})
    return folder


def copy_project(source: Path, folder: Path) -> Path:
    """A project's mkdocs.yml and curriculum, somewhere else."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "mkdocs.yml", folder)
    shutil.copytree(source / "curriculum", folder / "curriculum")
    return folder


def environment(**more: str) -> dict[str, str]:
    """What child processes see: this machine's PATH, and nothing that changes a build."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **more}


@dataclass(frozen=True)
class Run:
    """A command that ended: its exit code, and all it printed."""

    code: int
    output: str

    @property
    def words(self) -> str:
        """What it printed on one line."""
        return " ".join(self.output.split())


def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """This Python with `arguments`, in `cwd`."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=dict(env or environment()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=BUILD_TIMEOUT,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode("utf-8", "replace"))


@dataclass(frozen=True)
class BuiltSite:
    """A site on disk; `url` is where it is made for."""

    folder: Path
    url: str
    output: str = ""

    @cached_property
    def paths(self) -> Sequence[str]:
        """Every file by its path in the site."""
        return sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        )

    @cached_property
    def documents(self) -> Mapping[str, Element]:
        """Every HTML file, read, by its path."""
        return {path: read_html(self.text(path)) for path in self.paths if path.endswith(".html")}

    @cached_property
    def pages(self) -> Mapping[str, Element]:
        """The pages readers come to, by their site path: no redirects, and not the 404 page."""
        return {
            path.removesuffix("index.html"): document
            for path, document in self.documents.items()
            if path.endswith("index.html") and not document.all("meta", http_equiv="refresh")
        }

    @cached_property
    def redirects(self) -> Mapping[str, Element]:
        """The documents at addresses that have moved, by site path."""
        return {
            path.removesuffix("index.html"): document
            for path, document in self.documents.items()
            if document.all("meta", http_equiv="refresh")
        }

    def bytes(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def text(self, path: str) -> str:
        return self.bytes(path).decode("utf-8")


def build(
    project: Path,
    *options: str,
    command: Sequence[str] = ROADMAP_SITE,
    site_dir: Path | None = None,
    url: str = "https://example.org/small/",
    env: Mapping[str, str] | None = None,
) -> BuiltSite:
    """The project built; fails the test where the command does."""
    folder = site_dir or project / "site"
    done = run(*command, "build", "-d", str(folder), *options, cwd=project, env=env)
    assert done.code == 0, done.output
    return BuiltSite(folder, url, done.output)


def build_here(project: Path, *options: str, url: str = "https://example.org/small/") -> BuiltSite:
    """The same within this process: quicker, and as good where only the pages matter."""
    folder = project / "site"
    with contextlib.chdir(project), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries; the child processes show theirs
        done = CliRunner().invoke(main, ["build", "-d", str(folder), *options])
    gc.unfreeze()  # a build's objects are there until the process ends, elsewhere
    assert done.exit_code == 0, done.output
    return BuiltSite(folder, url, done.output)


def compare_with_golden(name: str, texts: Mapping[str, str], config: pytest.Config) -> None:
    """Compare texts by path with the files below tests/golden/<name>, no file more and none less.

    `pytest --update-golden` writes the files instead; look at the difference before you commit it.
    """
    folder = GOLDEN / name
    if config.getoption("--update-golden"):
        shutil.rmtree(folder, ignore_errors=True)
        write_files(folder, texts)
        return
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    hint = "if the change is meant: pytest --update-golden"
    assert there == set(texts), hint
    for path, text in texts.items():
        assert text == (folder / path).read_text("utf-8"), f"{path}: {hint}"

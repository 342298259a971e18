"""Curricula for tests: a small one without a fault, and what a test puts in place of its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from roadmap_site import Report, check, load

ROOT = "curriculum.yml"
TOPICS = "topics.yml"
LIBRARY = "resources/library.yml"
TRACK = "tracks/python/track.yml"
MONTH = "tracks/python/basics.yml"
"""The file that most tests replace: no other file depends on what it teaches."""

CURRICULUM: Mapping[str, str] = {
    ROOT: """\
id: small
title: Small
tagline: One track of two weeks.
summary: The least that has no fault.
tracks: [python]
""",
    TOPICS: """\
areas: {basics: Basics}
roots: [printing]
topics:
  printing: {label: Printing, area: basics, summary: Showing a value.}
  loops: {label: Loops, area: basics, summary: Doing it again., requires: [printing]}
""",
    LIBRARY: """\
tutorial: {title: The tutorial, type: tutorial, url: "https://docs.python.org/3/tutorial/"}
""",
    TRACK: """\
title: Python
short_title: Python
summary: Two weeks with Python.
audience: Anyone
builds: A program
level: beginner
length: 2w
months: [basics, rest]
source: {title: Written for the tests}
""",
    MONTH: """\
title: Basics
week: 1
topics: [Printing]
""",
    "tracks/python/rest.yml": """\
title: The rest
week: 2
weeks:
  - title: Again
    week: 2
    topics: [Printing, Loops]
    resources: [tutorial]
""",
}


def project(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write CURRICULUM with `files` in place of its own into a folder; None leaves a file out."""
    for path, content in {**CURRICULUM, **(files or {})}.items():
        if content is not None:
            write(folder / path, content)
    return folder


def write(path: Path, content: str | bytes) -> None:
    """Write a file as it is: no line break is translated."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def report_of(folder: Path) -> Report:
    """What loading and checking a folder finds."""
    return check(load(folder))


def found(report: Report) -> list[str]:
    """Each fault as `path:line code`, in order: short enough to read in a failing test."""
    return [f"{d.span.file.path}:{d.span.line} {d.rule.code}" for d in report]

"""Fixes by machine: what is offered mends the fault it belongs to, and brings no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from builders import LIBRARY, MONTH, TRACK, project, report_of, write
from roadmap_site.edit import apply_fixes


def mend(folder: Path) -> list[str]:
    """Make every fix in a folder once; the codes of what was mended."""
    texts, mended = apply_fixes(report_of(folder))
    for file, text in texts.items():
        write(folder / file.path, text)
    return [diagnostic.rule.code for diagnostic in mended]


FIXES: Mapping[str, tuple[str, str, str]] = {
    "a key": (MONTH, "title: Basics\nweek: 1\ntopcis: [Printing]\n", "topcis>topics"),
    "a key in quotes": (MONTH, "title: Basics\nweek: 1\n'topcis': [Printing]\n", "topcis>topics"),
    "a reference": (
        MONTH,
        "title: Basics\nweek: 1\ntopics: [{text: To print, teaches: [printng]}]\n",
        "printng>printing",
    ),
    "a bare reference": (
        MONTH,
        "title: Basics\nweek: 1\ntopics: [Printing]\nresources:\n  - Tutorial  # the only one\n",
        "Tutorial>tutorial",
    ),
    "an address in quotes": (
        LIBRARY,
        'tutorial: {title: It, type: tutorial, url: "https://docs.python.org/3/?b=c&utm_x=1#d"}\n',
        "&utm_x=1>",
    ),
    "an id": (
        MONTH,
        'title: Basics\nid: "The Basics"\nweek: 1\ntopics: [Printing]\n',
        "The Basics>the-basics",
    ),
    "an entry of a list in brackets": (
        MONTH,
        "title: Basics\nweek: 1\ntopics: [Printing]\nteaches: [printing, loops, printing]\n",
        "loops, printing>loops",
    ),
    "an entry of a list of lines": (
        MONTH,
        "title: Basics\r\nweek: 1\r\ntopics: [Printing]\r\nteaches:\r\n  - loops\r\n  - loops\r\n",
        "loops\r\n  - loops>loops",
    ),
}


@pytest.mark.parametrize("name", FIXES)
def test_fix_leaves_the_rest_alone(name: str, tmp_path: Path) -> None:
    path, text, change = FIXES[name]
    old, _, new = change.partition(">")
    project(tmp_path, {path: text})
    assert len(mend(tmp_path)) == 1
    assert (tmp_path / path).read_bytes().decode() == text.replace(old, new)
    assert not report_of(tmp_path).fails(strict=True)


NOT_SURE = {
    "the opposite": "topics: [{text: Print, teaches: [imprinting]}]",
    "another number": "resources: [tutorial2]",
    "far off": "topics: [{text: Print, teaches: [printer-drivers]}]",
    "behind an anchor": "topics: [{text: Print, teaches: [&a printng]}]",
    "with an escape": 'topics: [{text: Print, teaches: ["p\\x72intng"]}]',
    "the right one is there": "topics: [{text: Print, teaches: [printing, printng]}]",
    "the right key is there": "topics: [Printing]\ntopcis: [Loops]",
}


@pytest.mark.parametrize("name", NOT_SURE)
def test_nothing_is_changed_on_a_guess(name: str, tmp_path: Path) -> None:
    project(tmp_path, {MONTH: f"title: Basics\nweek: 1\n{NOT_SURE[name]}\n"})
    report = report_of(tmp_path)
    assert report.fails()
    assert not [d for d in report if d.fix]


def test_track_and_month_names(tmp_path: Path) -> None:
    files = project(tmp_path)
    track = (files / TRACK).read_text("utf-8")
    write(files / TRACK, track.replace("[basics, rest]", "[basic, rest]"))
    assert mend(tmp_path) == ["RS205"]
    assert (files / TRACK).read_text("utf-8") == track

"""A curriculum's figures as tables for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import get_args

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from roadmap_site.model.curriculum import Cost
from roadmap_site.model.hours import hours_figures
from roadmap_site.report.markdown import cell, code_span, table
from roadmap_site.report.text import counted, printable
from roadmap_site.stats import Figures, TrackFigures

NAMED = 12
"""Topics that nobody teaches which a table names; JSON names all."""
MIN_WIDTH = 72
"""Columns that the figures need; a narrower terminal wraps them."""
IN_MATRIX = 12
"""Tracks in the matrix of shared topics; JSON has all."""
_NONE = "–"
_COSTS = get_args(Cost)
_STATED = {"total_time": "*", "pace": "**"}


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of texts, the first of each its head; remarks stand under it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()


def figures_text(figures: Figures, *, width: int, color: bool = False) -> str:
    """The tables within so many columns; `color` sets ANSI styles."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=max(width, MIN_WIDTH),
        color_system="standard" if color else None,
        force_terminal=color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for number, shown in enumerate(_tables(figures)):
        if number:
            console.print()
        console.print(Text(shown.title, style="bold"))
        if shown.rows:
            console.print(_rich_table(shown))
        for remark in shown.remarks:
            console.print(Text(printable(remark), style="dim"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def figures_markdown(figures: Figures) -> str:
    """The tables as Markdown."""
    parts = []
    for shown in _tables(figures):
        parts.append(f"### {shown.title}\n")
        if shown.rows:
            rows = [[cell(row[0]), *row[1:]] for row in shown.rows]
            parts.append(table(shown.head, rows))
        parts += [f"{code_span(remark)}\n" for remark in shown.remarks]
    return "\n".join(parts)


def figures_json(figures: Figures) -> str:
    """Every figure, in the shape of `Figures`."""
    return json.dumps(asdict(figures), ensure_ascii=False, indent=2)


def _rich_table(shown: _Table) -> RichTable:
    made = RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    for number, name in enumerate(shown.head):
        head = Text(printable(name))
        if number:
            # Figures are never cut or broken; words make way.
            width = max(len(row[number]) for row in (shown.head, *shown.rows))
            made.add_column(head, justify="right", min_width=width)
        else:
            made.add_column(head, overflow="fold", min_width=8)
    for row in shown.rows:
        made.add_row(*(Text(printable(text)) for text in row))
    return made


def _tables(figures: Figures) -> list[_Table]:
    tracks = figures.tracks
    found = [_tracks(tracks), _uses(tracks)]
    if len(tracks) > 1:
        found.append(_shared(figures))
    found.append(_coverage(figures))
    found.append(_library(figures))
    if figures.accepted:
        rows = [(rule, str(count)) for rule, count in figures.accepted.items()]
        found.append(_Table("Accepted warnings", ("Rule", "Times"), rows))
    return found


def _tracks(tracks: Sequence[TrackFigures]) -> _Table:
    rows = []
    used = set()
    for track in tracks:
        hours = _NONE
        if track.effort:
            mark = _STATED.get(track.effort.stated, "")
            used.add(mark)
            hours = hours_figures(track.effort.hours) + mark
        counts = (track.required, track.optional, track.choices, track.projects)
        rows.append((track.title, str(track.weeks), hours, *map(str, counts)))
    remarks = [
        text
        for mark, text in (("*", "* as its total is stated"), ("**", "** its pace times its weeks"))
        if mark in used
    ]
    head = ("Track", "Weeks", "Hours", "To do", "Optional", "Choice", "Projects")
    return _Table("Tracks", head, rows, remarks)


def _uses(tracks: Sequence[TrackFigures]) -> _Table:
    rows = [
        (
            track.title,
            str(track.topics),
            str(track.resources),
            *(str(track.resources_by_cost.get(cost, 0)) for cost in _COSTS),
        )
        for track in tracks
    ]
    head = ("Track", "Topics", "Resources", *map(str.capitalize, _COSTS))
    return _Table("What they teach and use", head, rows)


def _shared(figures: Figures) -> _Table:
    tracks = figures.tracks[:IN_MATRIX]
    numbers = [str(number) for number in range(1, len(tracks) + 1)]
    rows = [
        (
            f"{number} {one.title}",
            *(_NONE if one is two else str(figures.shared[one.id][two.id]) for two in tracks),
        )
        for number, one in zip(numbers, tracks, strict=True)
    ]
    left = len(figures.tracks) - len(tracks)
    remarks = [f"and {left} more tracks, which --format json has"] if left else []
    return _Table("Topics that two tracks share", ("Track", *numbers), rows, remarks)


def _coverage(figures: Figures) -> _Table:
    rows = [
        (counted(number, "track") if number else "no track", str(count))
        for number, count in figures.taught_by.items()
    ]
    left = len(figures.untaught) - NAMED
    names = ", ".join(figures.untaught[:NAMED]) + (f" and {left} more" if left > 0 else "")
    remarks = [f"taught by no track: {names}"] if names else []
    return _Table("Topics of the vocabulary", ("Taught by", "Topics"), rows, remarks)


def _library(figures: Figures) -> _Table:
    rows = [
        (kind, *(str(by_cost.get(cost, 0)) for cost in _COSTS), str(sum(by_cost.values())))
        for kind, by_cost in figures.library.items()
    ]
    return _Table("Resources of the library", ("Type", *map(str.capitalize, _COSTS), "All"), rows)

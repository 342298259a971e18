"""`roadmap-site stats`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Literal

import click

from roadmap_site.check import check
from roadmap_site.cli.terminal import FAULTS, is_colored, load_or_stop, prefix_of
from roadmap_site.model.index import Index
from roadmap_site.report import report_text

PIPE_WIDTH = 100
"""Columns where nobody says how many there are."""


@click.command()
@click.argument("folder", default="curriculum", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
def stats(folder: Path, form: Literal["text", "json", "markdown"], color: bool | None) -> None:
    """Show the curriculum in FOLDER (./curriculum by default) in figures.

    Each track's weeks, hours, items, projects and resources; the topics that tracks share, and
    those that nobody teaches; the library by type and cost; the warnings that are accepted.

    \b
    Examples:
      roadmap-site stats
      roadmap-site stats --format json | jq '.tracks[].effort'
    """  # noqa: D301 - click's mark, not a backslash
    from roadmap_site.report.figures import figures_json, figures_markdown, figures_text
    from roadmap_site.stats import figures

    loaded = load_or_stop(folder)
    report = check(loaded)
    if loaded.curriculum is None:
        click.echo(report_text(report, prefix=prefix_of(folder)), err=True)
        sys.exit(FAULTS)
    found = figures(Index(loaded.curriculum), report)
    if form == "json":
        click.echo(figures_json(found))
    elif form == "markdown":
        click.echo(figures_markdown(found))
    else:
        colored = is_colored(color)
        width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
        click.echo(figures_text(found, width=width, color=colored), color=colored)
    if report.fails():
        click.echo("There are faults: these figures leave out what could not be read.", err=True)

"""`roadmap-site changes`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from roadmap_site.check import check
from roadmap_site.cli.terminal import FAULTS, CannotRun, load_or_stop, prefix_of
from roadmap_site.load import RevisionError, load_revision


@click.command()
@click.argument("folder", default="curriculum", type=click.Path(path_type=Path))
@click.option(
    "--since",
    metavar="REV",
    required=True,
    help="The git revision to compare with, at the commit where this branch left it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def changes(folder: Path, since: str, form: Literal["text", "markdown", "json"]) -> None:
    """Sum up what changed in the curriculum in FOLDER (./curriculum by default).

    What was added, moved, reworded, retired or lost; each track's weeks, hours and items before and
    after; prerequisites broken, and faults that are new or mended. It tells and does not judge:
    where FOLDER can be compared the exit code is 0, whatever has changed.

    \b
    Examples:
      roadmap-site changes --since main
      roadmap-site changes --since origin/main --format markdown >>"$GITHUB_STEP_SUMMARY"
    """  # noqa: D301 - click's mark, not a backslash
    from roadmap_site.report.changes import changes_json, changes_markdown, changes_text
    from roadmap_site.stats import State, compare

    loaded = load_or_stop(folder)
    try:
        former = load_revision(folder, since, like=loaded)
    except RevisionError as error:
        raise CannotRun(str(error)) from None
    before, after = (State(one.curriculum, check(one)) for one in (former, loaded))
    found = compare(before, after)
    prefix = prefix_of(folder)
    if form == "json":
        click.echo(changes_json(found))
    elif form == "markdown":
        click.echo(changes_markdown(found, prefix=prefix), nl=False)
    else:
        click.echo(changes_text(found, prefix=prefix))
    if after.curriculum is None:
        sys.exit(FAULTS)

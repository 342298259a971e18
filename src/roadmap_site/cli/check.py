"""`roadmap-site check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from roadmap_site.check import check as check_curriculum
from roadmap_site.cli.terminal import FAULTS, CannotRun, is_colored, prefix_of
from roadmap_site.load import load
from roadmap_site.report import report_text


@click.command()
@click.argument("folder", default="curriculum", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Leave out what is neither error nor warning.")
def check(folder: Path, strict: bool, color: bool | None, quiet: bool) -> None:
    r"""Check the curriculum in FOLDER (./curriculum by default).

    Reports every fault of every file at once, each at its line and column with a hint. A warning
    can be accepted where it stands, with a reason: `accept: {RS302: the capstone takes longer}`.

    \b
    Examples:
      roadmap-site check
      roadmap-site check --strict my-curriculum
    """
    try:
        report = check_curriculum(load(folder))
    except FileNotFoundError as error:
        raise CannotRun(
            f"{error}. Give the folder that holds it: roadmap-site check FOLDER"
        ) from None
    colored = is_colored(color)
    click.echo(
        report_text(report, prefix=prefix_of(folder), color=colored, infos=not quiet), color=colored
    )
    sys.exit(FAULTS if report.fails(strict=strict) else 0)

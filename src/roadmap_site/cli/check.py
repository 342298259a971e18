"""`roadmap-site check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from roadmap_site import __version__
from roadmap_site.check import RULES, SelectionError
from roadmap_site.check import check as check_curriculum
from roadmap_site.cli.output import put_out, put_out_diff, relative_prefix, save_mended
from roadmap_site.cli.terminal import FAULTS, CannotRun, excerpt_width, is_colored, prefix_of
from roadmap_site.edit import Examine, Mended, mend
from roadmap_site.load import Loaded, RevisionError, load, load_revision
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.model.diagnostic import Report
from roadmap_site.report import (
    counted,
    footer_text,
    printable,
    report_github,
    report_json,
    report_sarif,
    report_text,
    statistics_text,
    summary_text,
)

CHECKED = [rule for rule in RULES if rule.command == "check"]


@click.command()
@click.argument("folder", default="curriculum", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever was found.")
@click.option(
    "--since",
    metavar="REV",
    help="Compare with a git revision, say origin/main: no tick or address may be lost.",
)
@click.option("--select", multiple=True, help="The warnings and infos to look for, not all.")
@click.option("--ignore", multiple=True, help="Warnings and infos to leave out.")
@click.option("--fix", is_flag=True, help="Mend what can be mended for sure, and report the rest.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "github", "sarif"]),
    help="For people, programs, GitHub's annotations, or code scanning.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file."
)
@click.option("--statistics", is_flag=True, help="Count what each rule found.")
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Leave out what is neither error nor warning.")
def check(
    folder: Path,
    strict: bool,
    exit_zero: bool,
    since: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    format_name: str,
    output: Path | None,
    statistics: bool,
    color: bool | None,
    quiet: bool,
) -> None:
    """Check the curriculum in FOLDER (./curriculum by default).

    Reports every fault of every file at once, each at its line and column with a hint.
    `roadmap-site rule RS201` explains a rule.

    A warning that is meant is accepted where it stands, by a key or by a comment in its line:

    \b
      accept: {RS302: the capstone takes longer}
      week: 12 # roadmap: ignore[RS302] the capstone takes longer

    `check:` in curriculum.yml selects and ignores rules for everybody; --select and --ignore stand
    in place of it. Both take codes (RS302), names (week-pace) and beginnings of codes (RS3), parted
    by commas. Errors are always looked for.

    --since REV holds the curriculum against the revision where this branch left REV. Ids that
    learners' ticks and other people's links depend on may not vanish: they are pinned (`id:`),
    moved (`moved:`) or retired (`retired:`), and --fix writes whichever is sure.

    \b
    Examples:
      roadmap-site check
      roadmap-site check --strict my-curriculum
      roadmap-site check --fix
      roadmap-site check --since origin/main --fix
      roadmap-site check --select RS3,unused-topic --statistics
      roadmap-site check --format github
      roadmap-site check --format sarif -o roadmap.sarif

    \b
    Exit codes:
      0  no errors (--strict: nor warnings; --diff: nothing to change), or --exit-zero
      1  there are some
      2  the command could not run
    """  # noqa: D301 - click's mark, not a backslash
    if statistics and format_name in ("github", "sarif"):
        raise click.UsageError(f"--statistics has no place in --format {format_name}")
    if diff and (statistics or format_name != "text"):
        raise click.UsageError("--diff shows a diff: leave out --format and --statistics")
    examine = _examine_folder(folder, since, select, ignore)
    try:
        mended = mend(examine) if fix or diff else Mended((), {}, examine({}))
    except FileNotFoundError as error:
        is_inside = Path(ROOT_FILE).is_file()
        way = "You are inside of it" if is_inside else "Give the folder that holds it"
        where = "." if is_inside else "FOLDER"
        raise CannotRun(f"{error}. {way}: roadmap-site check {where}") from None
    except (SelectionError, RevisionError) as error:
        raise CannotRun(str(error)) from None
    relative = relative_prefix(folder)
    if diff:
        put_out_diff(mended.texts, relative, output)
        _tell_of_fixes(mended)
        sys.exit(FAULTS if mended.texts and not exit_zero else 0)
    is_text = format_name == "text"
    colored = is_text and not output and is_colored(color)
    refused = save_mended(
        folder, mended.texts, mended.mended, again="check again", is_text=is_text, color=colored
    )
    report = mended.report.without_infos() if quiet else mended.report
    render = {
        "text": partial(_text, prefix=prefix_of(folder), color=colored, statistics=statistics),
        "json": partial(report_json, prefix=relative, statistics=statistics),
        "github": partial(report_github, prefix=relative),
        "sarif": partial(report_sarif, rules=CHECKED, version=__version__, prefix=relative),
    }[format_name]
    put_out(render(report), output, color=colored)
    if output:
        click.echo(f"{summary_text(report)}, in {output}")
    if refused:
        raise CannotRun("; ".join(refused))
    sys.exit(FAULTS if report.fails(strict=strict) and not exit_zero else 0)


def _examine_folder(
    folder: Path, since: str | None, select: tuple[str, ...], ignore: tuple[str, ...]
) -> Examine:
    """How faults are looked for: once, and again after each round of fixes."""
    base: Loaded | None = None

    def examine(texts: Mapping[str, str]) -> Report:
        nonlocal base
        loaded = load(folder, texts=texts)
        if since is not None and base is None:
            base = load_revision(folder, since, like=loaded)
            _tell_of_base(base, since)
        return check_curriculum(loaded, since=base, select=_rules(select), ignore=_rules(ignore))

    return examine


def _tell_of_base(base: Loaded, since: str) -> None:
    """Say what there is not to compare with."""
    if base.curriculum is None:
        click.echo(f"{since} has no curriculum in this folder: nothing is compared", err=True)
    elif base.curriculum.broken:
        files = ", ".join(map(printable, sorted(base.curriculum.broken)))
        click.echo(f"not compared, as {since} has faults in it: {files}", err=True)


def _rules(options: tuple[str, ...]) -> list[str] | None:
    """The rules that an option names, parted by commas; None where it was not given."""
    words = [word.strip() for option in options for word in option.split(",")]
    return [word for word in words if word] if options else None


def _text(report: Report, *, prefix: str, color: bool, statistics: bool) -> str:
    if statistics:
        return statistics_text(report)
    text = report_text(report, prefix=prefix, color=color, width=excerpt_width())
    footer = footer_text(report)
    return f"{text}\n{footer}" if footer else text


def _tell_of_fixes(mended: Mended) -> None:
    faults, files = counted(len(mended.mended), "fault"), counted(len(mended.texts), "file")
    said = f"--fix would mend {faults} in {files}"
    left = f"nothing can be mended for sure: {summary_text(mended.report)}"
    click.echo(said if mended.texts else left, err=True)

"""`roadmap-site links`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from roadmap_site import __version__
from roadmap_site.check import RULES
from roadmap_site.check.rules.links import UNCHECKED_LINK
from roadmap_site.cli.link_scope import Examined, examine, scope_of
from roadmap_site.cli.output import put_out, put_out_diff, relative_prefix, save_mended
from roadmap_site.cli.terminal import (
    CANNOT_RUN,
    FAULTS,
    CannotRun,
    config_option,
    excerpt_width,
    is_colored,
    need_config,
    prefix_of,
)
from roadmap_site.model.diagnostic import Report
from roadmap_site.model.links import LinkReport, LinkStatus
from roadmap_site.report import (
    counted,
    links_github,
    links_json,
    links_markdown,
    links_summary,
    links_text,
    report_sarif,
)
from roadmap_site.report.links import counts_of
from roadmap_site.report.links_markdown import ISSUE_BYTES

if TYPE_CHECKING:
    from roadmap_site.links.mending import Moved

NO_NETWORK = 3
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
LINK_RULES = [rule for rule in RULES if rule.command == "links"]
CLASSES = [status.value for status in LinkStatus if status is not LinkStatus.OK]


def _classes(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """The classes that --strict names, parted by commas."""
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    for word in words:
        if word not in CLASSES:
            known = ", ".join(CLASSES)
            raise click.BadParameter(f"{word!r} is no class: {known}", context, option)
    return words


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option(
    "--since",
    metavar="REV",
    help="Ask only for what is new since this branch left REV, say origin/main.",
)
@click.option(
    "--offline", is_flag=True, help="Ask nobody: links within the site, and invalid addresses."
)
@click.option("--fix", is_flag=True, help="Write the new address where one has moved for good.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Remember here what worked, and what has failed since when.",
)
@click.option(
    "--strict",
    multiple=True,
    callback=_classes,
    metavar="CLASS",
    help="Let these classes fail too, say fragment or moved,tls.",
)
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "github", "sarif", "markdown"]),
    help="For people, programs, GitHub's annotations, code scanning, or an issue.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file."
)
@click.option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    default=300,
    show_default=True,
    metavar="S",
    help="Seconds for the whole run; what is left then is unchecked.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10,
    show_default=True,
    metavar="S",
    help="Seconds for one address, redirects included.",
)
@click.option(
    "--gap",
    type=click.FloatRange(min=0),
    default=20,
    show_default=True,
    metavar="S",
    help="Seconds before what failed is asked a second time.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Ask for so many addresses at most (0: all).",
)
@config_option
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
@click.option(
    "-q", "--quiet", is_flag=True, help="Leave out what is neither error nor warning, and progress."
)
@click.pass_context
def links(
    context: click.Context,
    paths: tuple[Path, ...],
    since: str | None,
    offline: bool,
    fix: bool,
    diff: bool,
    format_name: str,
    output: Path | None,
    cache: Path | None,
    strict: list[str],
    deadline: float,
    timeout: float,
    gap: float,
    limit: int,
    config_file: Path,
    color: bool | None,
    quiet: bool,
) -> None:
    """Check where the links in PATHS lead (./curriculum by default).

    PATHS are the folder of a curriculum, or files and folders in it. Every address in YAML and on
    pages written by hand is asked for, once, and reported at each place where it stands, the
    gravest last. Of a whole curriculum, links within the site are checked on the site as it is
    built.

    \b
    What becomes of a link:
      broken     it leads nowhere, for sure       fails
      invalid    nothing may be asked for it      fails
      fragment   its page lacks the anchor
      suspect    its page looks as if it were gone
      tls        its certificate makes browsers warn
      flaky      its host failed, twice
      timeout    no answer in time, twice
      blocked    its host answers people only
      moved      it leads on for good; --fix writes where
      unchecked  nobody asked
      ok         it works

    With --since REV only what is new since this branch left REV is asked for, and only that can
    fail; a link on an old line to a page of this site that is gone is warned of. With --cache, what
    was broken is warned of until it is seen to work; without --since, what was tls, flaky or
    timeout in four runs over two days is broken too. Only public hosts are asked, at ports 80 and
    443; no proxy is.

    A link that is meant is accepted where it stands in a curriculum, by a comment with a reason, in
    its line or above it:

    \b
      url: https://example.org/ # roadmap: ignore[RS801] answers programs with 404

    \b
    Examples:
      roadmap-site links
      roadmap-site links --since origin/main
      roadmap-site links --offline
      roadmap-site links --fix curriculum/resources
      roadmap-site links --cache .cache/links.jsonl --format markdown -o links.md

    \b
    Exit codes:
      0  nothing that fails (--diff: nothing to change)
      1  a link that fails, or one of a --strict class (--since: a new one)
      2  the command could not run
      3  there is no network
    """  # noqa: D301 - click's mark, not a backslash
    from roadmap_site.links.diagnose import diagnose
    from roadmap_site.links.find import mentions_in
    from roadmap_site.links.mending import moved_texts
    from roadmap_site.links.network import Network
    from roadmap_site.links.settings import Settings

    if diff and format_name != "text":
        raise click.UsageError("--diff shows a diff: leave out --format")
    if offline and (fix or diff):
        raise click.UsageError("--fix wants to know where links lead: leave out --offline")
    scope = scope_of(paths)
    if output and not output.parent.is_dir():  # to be told now, and not after minutes
        raise CannotRun(f"there is no {output.parent}. Make that folder, or give -o another file")
    if context.get_parameter_source("config_file") is ParameterSource.COMMANDLINE:
        need_config(config_file)
    # A pull request should not wait for one host; a whole run may.
    patience = 10 if since else 60
    settings = Settings(
        timeout=timeout,
        gap=gap,
        deadline=deadline,
        limit=limit,
        patience=patience,
        user_agent=f"Mozilla/5.0 (compatible; roadmap-site/{__version__})",
    )
    network = context.find_object(Network) or Network()
    is_text = format_name == "text"
    colored = is_text and not output and is_colored(color)
    try:
        found = examine(
            scope,
            since=since,
            is_offline=offline,
            config_file=config_file,
            cache=cache,
            settings=settings,
            network=network,
            is_quiet=quiet,
        )
    except KeyboardInterrupt:
        click.echo("stopped: nothing is said about the links", err=True)
        sys.exit(INTERRUPTED)
    # Fixes are tried by reading files anew, which is for those alone who get them.
    wants_fixes = fix or diff or format_name == "sarif"
    faults = diagnose(
        found.links,
        strict=[LinkStatus(word) for word in strict],
        find=mentions_in if wants_fixes else None,
    )
    if offline or is_text or not found.links.has_network:
        # That nobody was asked was wanted, or is said in a line of its own. One that --strict or an
        # earlier run makes graver has another rule, and stays.
        faults = [fault for fault in faults if fault.rule is not UNCHECKED_LINK]
    report = found.settled(faults)
    if diff:
        _end_with_diff(found, moved_texts(report.diagnostics, mentions_in), scope.root, output)
    refused: list[str] = []
    if fix:
        moved = moved_texts(report.diagnostics, mentions_in)
        refused = save_mended(
            scope.root,
            moved.texts,
            moved.mended,
            again="run it again",
            is_text=is_text,
            color=colored,
        )
        report = replace(report, diagnostics=moved.left)
    if quiet:
        report = report.without_infos()
    _put_out(found.links, report, scope.root, format_name, output, color=colored)
    # What was found is not lost by what could not be written.
    if not_written := list(filter(None, (*refused, found.not_kept))):
        raise CannotRun("; ".join(not_written))
    sys.exit(_exit_code(found.links, report, is_offline=offline))


def _exit_code(links: LinkReport, report: Report, *, is_offline: bool) -> int:
    if not links.has_network:
        return NO_NETWORK
    if report.fails():
        return FAULTS
    # Who asks nobody wants to know of links within the site, of which nothing is said then.
    return CANNOT_RUN if is_offline and not links.has_site else 0


def _end_with_diff(found: Examined, moved: Moved, root: Path, output: Path | None) -> NoReturn:
    """Show what --fix would change."""
    if not found.links.has_network:
        click.echo(links_summary(found.links), err=True)
        sys.exit(NO_NETWORK)
    put_out_diff(moved.texts, relative_prefix(root), output)
    places, files = counted(len(moved.mended), "place"), counted(len(moved.texts), "file")
    said = f"--fix would write the new address in {places} of {files}"
    click.echo(said if moved.texts else "no address has moved for good", err=True)
    if found.not_kept:
        raise CannotRun(found.not_kept)
    sys.exit(FAULTS if moved.texts else 0)


def _put_out(
    links: LinkReport,
    report: Report,
    root: Path,
    format_name: str,
    output: Path | None,
    *,
    color: bool,
) -> None:
    prefix = relative_prefix(root)
    summary = os.environ.get("GITHUB_STEP_SUMMARY") if format_name == "github" else None
    rest = "the summary of this step lists all" if summary else "`roadmap-site links` shows all"
    text = {
        "text": lambda: links_text(
            links, report, prefix=prefix_of(root), color=color, width=excerpt_width()
        ),
        "json": lambda: links_json(links, report, prefix=prefix),
        "github": lambda: links_github(links, report, prefix=prefix, rest=rest),
        "sarif": lambda: report_sarif(report, rules=LINK_RULES, version=__version__, prefix=prefix),
        "markdown": lambda: links_markdown(links, report, prefix=prefix, limit=ISSUE_BYTES),
    }[format_name]()
    put_out(text.rstrip("\n"), output, color=color)
    if output:
        click.echo(f"{counts_of(links)}, in {output}")
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8") as stream:
                stream.write(links_markdown(links, report, prefix=prefix))
        except OSError as error:
            raise CannotRun(f"{summary} cannot be written: {error.strerror or error}") from None

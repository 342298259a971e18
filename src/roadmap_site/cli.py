"""The command line: arguments, printing, exit codes."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path

import click

from roadmap_site import __version__
from roadmap_site.check import check as check_curriculum
from roadmap_site.load import load
from roadmap_site.report import report_text

FAULTS, CANNOT_RUN = 1, 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `roadmap-site check`; every fault comes with its place and how to mend it.",
)
@click.version_option(__version__, "-V", "--version", prog_name="roadmap-site")
def main() -> None:
    r"""Keep a learning curriculum as YAML, check it, and publish it as a site.

    \b
    A curriculum is a folder:
      curriculum.yml             its name and the order of its tracks
      topics.yml                 the canonical topics
      resources/*.yml            the library: each book, course and page once
      questions/*.yml            banks of interview questions
      tracks/<track>/track.yml   a track, and the order of its months
      tracks/<track>/*.yml       one file a month, with its weeks
      pages/*.md                 pages written by hand

    \b
    Exit codes: 0 all is well, 1 there are faults, 2 the command could not run.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Excerpts hold any character, and not every terminal or pipe takes all of them.
        sys.stdout.reconfigure(errors="backslashreplace")


@main.command()
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
    colored = _is_colored(color)
    click.echo(
        report_text(report, prefix=_prefix(folder), color=colored, infos=not quiet), color=colored
    )
    sys.exit(FAULTS if report.fails(strict=strict) else 0)


@main.command()
@click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The MkDocs configuration.",
)
@click.option("-d", "--site-dir", type=click.Path(path_type=Path), help="Where the site goes.")
@click.option("--strict", is_flag=True, help="Let any warning fail the build.")
def build(config_file: Path, site_dir: Path | None, strict: bool) -> None:
    """Build the site (into site/, unless mkdocs.yml says otherwise).

    The same as `mkdocs build` with the `roadmap` plugin.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    _need(config_file)
    _log_to_terminal()
    options = {"site_dir": str(site_dir.absolute())} if site_dir else {}
    try:
        # None leaves the decision to mkdocs.yml.
        config = load_config(str(config_file), strict=strict or None, **options)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build_site(config)
        finally:
            config.plugins.on_shutdown()
    except MkDocsException as error:
        _fail(error)
    click.echo(f"The site is in {os.path.relpath(config.site_dir)}/")


@main.command()
@click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The MkDocs configuration.",
)
@click.option(
    "-a", "--addr", default="127.0.0.1:8000", show_default=True, help="Host and port to serve at."
)
@click.option("-o", "--open", "open_browser", is_flag=True, help="Open it in a browser.")
def serve(config_file: Path, addr: str, open_browser: bool) -> None:
    """Build the site, serve it, and rebuild it whenever a file changes.

    While the YAML has faults the last good site stays up, with the faults shown in the terminal
    and on the page.
    """
    from mkdocs.commands.serve import serve as serve_site
    from mkdocs.exceptions import MkDocsException

    _need(config_file)
    _log_to_terminal()
    try:
        serve_site(
            str(config_file),
            dev_addr=addr,
            # At the root, whatever sub-path the published site has.
            site_url=f"http://{addr}/",
            open_in_browser=open_browser,
        )
    except MkDocsException as error:
        _fail(error)
    except OSError as error:
        raise CannotRun(f"cannot serve at {addr}: {error.strerror or error}") from None


class CannotRun(click.ClickException):
    """The command could not do what it was asked; nothing is said about the curriculum."""

    exit_code = CANNOT_RUN


def _need(config_file: Path) -> None:
    if not config_file.is_file():
        raise CannotRun(f"there is no {config_file}. Run this where it is, or give -f FILE")


def _fail(error: Exception) -> None:
    text = str(error)
    if text:
        click.echo(click.style("Error: ", fg="red") + text, err=True)
    sys.exit(FAULTS)


def _prefix(folder: Path) -> str:
    return "" if str(folder) == "." else f"{folder.as_posix()}/"


def _is_colored(wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")  # https://no-color.org


class _TerminalFormatter(logging.Formatter):
    """MkDocs' messages as one style with ours, coloured on a terminal."""

    COLORS = {logging.ERROR: "red", logging.WARNING: "yellow"}  # noqa: RUF012 - constant

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if record.levelno < logging.WARNING:
            return text
        name = record.levelname.lower()
        if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
            name = click.style(name, fg=self.COLORS.get(record.levelno), bold=True)
        return f"{name}: {text}"


def _log_to_terminal() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_TerminalFormatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)

"""What every command shares: exit codes, folders, colour, MkDocs' messages in our style."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

import click

from roadmap_site.load import Loaded, load
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.report.text import WIDTH

FAULTS, CANNOT_RUN = 1, 2
_MARGIN = 14
"""Columns beside an excerpt: a line number of four digits, and dots where it was cut."""

config_option = click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The MkDocs configuration.",
)


class CannotRun(click.ClickException):
    """The command could not do what it was asked; nothing is said about the curriculum."""

    exit_code = CANNOT_RUN


def load_or_stop(folder: Path) -> Loaded:
    """The curriculum in a folder; stop where there is none."""
    try:
        return load(folder)
    except FileNotFoundError as error:
        raise CannotRun(f"{error}. Give the folder that holds it") from None


def curriculum_of(path: Path) -> Path | None:
    """The folder of the curriculum that a path is, or lies in; None where it lies in none."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 - `..` goes
    for folder in (full, *full.parents):
        if (folder / ROOT_FILE).is_file():
            return folder if path.is_absolute() else Path(os.path.relpath(folder))
    return None


def prefix_of(folder: Path) -> str:
    """What goes before the paths of a curriculum's files, so that an editor can open them."""
    return "" if str(folder) == "." else f"{folder.as_posix()}/"


def is_colored(wanted: bool | None) -> bool:
    """Whether to colour: as wanted, else as the environment says, else on a terminal."""
    if wanted is not None:
        return wanted
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        return False
    # https://force-color.org
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(sys.stdout)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream, which is None where it was closed, is a terminal that knows controls."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def excerpt_width() -> int:
    """Columns for an excerpt: beside its line number it is to fit on the terminal."""
    if not is_terminal(sys.stdout):
        return WIDTH
    return max(20, min(WIDTH, shutil.get_terminal_size().columns - _MARGIN))


def need_config(config_file: Path) -> None:
    """Stop where there is no MkDocs configuration."""
    if not config_file.is_file():
        raise CannotRun(f"there is no {config_file}. Run this where it is, or give -f FILE")


def fail(error: Exception, code: int) -> NoReturn:
    """End with what MkDocs says is wrong."""
    text = str(error)
    if text:
        click.echo(click.style("Error: ", fg="red") + text, err=True)
    sys.exit(code)


class _TerminalFormatter(logging.Formatter):
    """MkDocs' messages as one style with ours, coloured on a terminal."""

    COLORS = {logging.ERROR: "red", logging.WARNING: "yellow"}  # noqa: RUF012 - constant

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if record.levelno < logging.WARNING:
            return text
        name = record.levelname.lower()
        if is_terminal(sys.stderr) and not os.environ.get("NO_COLOR"):
            name = click.style(name, fg=self.COLORS.get(record.levelno), bold=True)
        return f"{name}: {text}"


def log_to_terminal() -> None:
    """Let MkDocs' messages reach the terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(_TerminalFormatter("%(message)s"))
    logger = logging.getLogger("mkdocs")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)


@contextmanager
def quiet_mkdocs() -> Iterator[None]:
    """Keep MkDocs' messages from the terminal; who cares for them listens at its logger."""
    logger = logging.getLogger("mkdocs")
    before = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [logging.NullHandler()], False
    try:
        yield
    finally:
        logger.handlers[:], logger.propagate = before

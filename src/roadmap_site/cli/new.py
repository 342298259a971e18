"""`roadmap-site new`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

from roadmap_site.cli.terminal import CannotRun
from roadmap_site.model.values import slug
from roadmap_site.report.text import printable

RESERVED = ("site",)
"""Tracks that the site has no address for (RS115)."""
LONGEST = 200
"""Characters of a title; what is longer fits on no page."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="What the curriculum is called; asked for on a terminal.")
@click.option(
    "--track",
    default="First steps in Python",
    show_default=True,
    help="What its first track is called.",
)
@click.option("--git/--no-git", "wants_git", default=True, help="Begin a git repository, or not.")
def new(folder: Path, title: str | None, track: str, wants_git: bool) -> None:
    """Begin a curriculum of your own in FOLDER, which must be new or empty.

    Writes a small curriculum to change, and all that a project needs besides: the site's
    configuration, two make targets, workflows for GitHub that publish the site and check pull
    requests. Where FOLDER is in no git repository yet it becomes one; nothing is committed.

    \b
    Examples:
      roadmap-site new my-roadmap
      roadmap-site new --title "Sailing for beginners" --track Knots sailing
    """  # noqa: D301 - click's mark, not a backslash
    from roadmap_site.scaffold.new import begin_history, create, project_files

    name = printable(folder.resolve().name)
    _need_empty(folder)
    if title is None:
        title = _title_from(name)
        if sys.stdin.isatty() and sys.stdout.isatty():
            title = click.prompt("What is it called?", default=title, type=str)
    title, track = _one_line(title, "--title"), _one_line(track, "--track")
    if not slug(track) or slug(track) in RESERVED:
        raise click.BadParameter("a track's address cannot be made of this", param_hint="--track")
    id = slug(name) or slug(title) or "curriculum"
    files = project_files(id=id, title=title, track_title=track)
    try:
        create(folder, files)
    except OSError as error:
        raise CannotRun(f"cannot write {error.filename}: {error.strerror}") from None
    is_repository = wants_git and begin_history(folder)
    count = f"{len(files)} files" + (" and a git repository" if is_repository else "")
    where = os.path.relpath(folder)
    click.echo(f"{title} is in {printable(where)}{os.sep}: {count}.")
    click.echo("\nGo on with")
    if where != ".":
        click.echo(f"  cd {shlex.quote(printable(where))}")
    click.echo("  make serve  # the site, rebuilt whenever you save")
    click.echo("  make test   # all that a pull request is held to\n")
    click.echo("README.md there says what to do next.")


def _need_empty(folder: Path) -> None:
    """Stop where there is anything; a repository that was just begun is nothing."""
    try:
        there = sorted(path.name for path in folder.iterdir() if path.name != ".git")
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise CannotRun(f"{folder} is a file. Name a folder that is new or empty") from None
    except OSError as error:
        raise CannotRun(f"cannot read {folder}: {error.strerror}") from None
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise CannotRun(
            f"{folder} is not empty: it has {printable(there[0])}{more}. "
            "Nothing was written; name a folder that is new or empty"
        )


def _title_from(name: str) -> str:
    """`my-roadmap` to `My roadmap`."""
    words = " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or "My roadmap"


def _one_line(text: str, option: str) -> str:
    text = text.strip()
    if not text or not text.isprintable() or len(text) > LONGEST:
        what = f"a line of text is wanted, of {LONGEST} characters at most"
        raise click.BadParameter(what, param_hint=option)
    return text

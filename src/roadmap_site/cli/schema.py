"""`roadmap-site schema`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from roadmap_site.cli.terminal import FAULTS, CannotRun
from roadmap_site.load import load
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.schema import FOLDER, KINDS, schema_texts, stale_schemas, write_schemas


@click.command()
@click.argument("folder", default="curriculum", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Where they go, in place of FOLDER/{FOLDER}.",
)
@click.option("--check", is_flag=True, help="Write nothing; name the files that are out of date.")
@click.option("--print", "kind", type=click.Choice(list(KINDS)), help="Print one of them instead.")
def schema(folder: Path, output: Path | None, check: bool, kind: str | None) -> None:
    """Write JSON Schemas of the curriculum in FOLDER (./curriculum by default).

    By them an editor completes keys and ids, explains them, and marks faults while you type. They
    list the ids of this curriculum: write them again after adding some.

    \b
    Examples:
      roadmap-site schema
      roadmap-site schema --check
      roadmap-site schema --print month
    """  # noqa: D301 - click's mark, not a backslash
    try:
        curriculum = load(folder).curriculum
    except FileNotFoundError as error:
        raise CannotRun(
            f"{error}. Give the folder that holds it: roadmap-site schema FOLDER"
        ) from None
    if curriculum is None:
        click.echo(f"{folder / ROOT_FILE} has faults; see them: roadmap-site check", err=True)
        sys.exit(FAULTS)
    texts = schema_texts(curriculum)
    directory = output or folder / FOLDER
    if kind:
        click.echo(texts[f"{kind}.json"], nl=False)
        return
    if check:
        stale = stale_schemas(directory, texts)
        for name in stale:
            click.echo(f"{(directory / name).as_posix()} is out of date")
        if stale:
            named = "" if folder == Path("curriculum") else f" {folder}"
            click.echo(f"Bring them up to date: roadmap-site schema{named}")
            sys.exit(FAULTS)
        return
    try:
        written = write_schemas(folder, curriculum, output)
    except OSError as error:
        raise CannotRun(f"cannot write {directory}: {error.strerror or error}") from None
    for name in written:
        click.echo(f"Wrote {(directory / name).as_posix()}")
    if not written:
        click.echo(f"{directory.as_posix()}/ is up to date")


def refresh_schemas(folder: Path) -> None:
    """Tell editors of new topics, resources and months, where a curriculum keeps its schemas."""
    if (folder / FOLDER).is_dir():
        try:
            write_schemas(folder, load(folder).curriculum)
        except OSError as error:
            click.echo(f"the schemas cannot be written: {error.strerror or error}", err=True)

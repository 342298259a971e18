"""Where commands put what they made: standard output, a file, the curriculum's own files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from roadmap_site.cli.terminal import CannotRun, prefix_of
from roadmap_site.edit import FileChangedError, save, unified_diff
from roadmap_site.model.source import SourceFile
from roadmap_site.report import diff_text


def relative_prefix(folder: Path) -> str:
    """What goes before paths so that they are relative to the working directory."""
    try:
        return prefix_of(Path(os.path.relpath(folder)))
    except ValueError:  # on another drive
        return prefix_of(folder)


def put_out(text: str, output: Path | None, *, end: str = "\n", color: bool = False) -> None:
    """Print a text, or write it to a file; stop where that cannot be written."""
    if output is None:
        try:
            click.echo(text, nl=bool(end), color=color)
        except BrokenPipeError:  # whoever read has enough; click ends quietly
            raise
        except OSError as error:
            raise CannotRun(f"there is no writing here: {error.strerror or error}") from None
        return
    try:
        output.write_bytes(f"{text}{end}".encode())
    except OSError as error:
        raise CannotRun(f"{output} cannot be written: {error.strerror or error}") from None


def put_out_diff(texts: Mapping[SourceFile, str], prefix: str, output: Path | None) -> None:
    """Show what would change in files."""
    diff = "".join(unified_diff(file, text, prefix=prefix) for file, text in texts.items())
    if output or diff:
        # To the letter where it goes to a file; a terminal or a log gets nothing that acts.
        put_out(diff if output else diff_text(diff), output, end="")


def save_texts(
    folder: Path, texts: Mapping[SourceFile, str], *, again: str = "check again"
) -> dict[str, str]:
    """Write files anew; those that could not be written, by path, and why."""
    refused = {}
    for file, text in texts.items():
        try:
            save(folder, file, text)
        except FileChangedError as error:
            refused[file.path] = f"{error}, and was left alone: {again}"
        except OSError as error:
            refused[file.path] = f"{file.path} cannot be written: {error.strerror or error}"
    return refused

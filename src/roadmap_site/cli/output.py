"""Where commands put what they made: standard output, a file, the curriculum's own files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from roadmap_site.cli.terminal import CannotRun, prefix_of
from roadmap_site.edit import FileChangedError, save, unified_diff
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.source import SourceFile
from roadmap_site.report import diff_text, mended_text


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


def save_mended(
    folder: Path,
    texts: Mapping[SourceFile, str],
    mended: Iterable[Diagnostic],
    *,
    again: str,
    is_text: bool,
    color: bool,
) -> list[str]:
    """Write files anew, and tell what is mended by that; returns why some could not be written.

    `again` says what to do where a file was changed meanwhile. Where the report is not `is_text`,
    a program reads standard output: then people are told on standard error.
    """
    refused = {}
    for file, text in texts.items():
        try:
            save(folder, file, text)
        except FileChangedError as error:
            refused[file.path] = f"{error}, and was left alone: {again}"
        except OSError as error:
            refused[file.path] = f"{file.path} cannot be written: {error.strerror or error}"
    for diagnostic in mended:
        if diagnostic.span.file.path not in refused:
            line = mended_text(diagnostic, prefix=prefix_of(folder), color=color)
            click.echo(line, err=not is_text, color=color)
    return list(refused.values())

"""`roadmap-site fmt`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from roadmap_site.cli.terminal import (
    CANNOT_RUN,
    FAULTS,
    CannotRun,
    curriculum_of,
    is_colored,
    prefix_of,
)
from roadmap_site.edit import FileChangedError, save, unified_diff
from roadmap_site.load.files import Folder, InMemory
from roadmap_site.load.project import ROOT_FILE, YAML_ENDINGS, read_source
from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.source import SourceFile
from roadmap_site.report.text import diagnostic_text, printable
from roadmap_site.style import Formatted, format_source

_BOM = b"\xef\xbb\xbf"


@dataclass
class _Tally:
    """What became of the files."""

    changed: list[str] = field(default_factory=list)
    kept: int = 0
    faulty: int = 0
    refused: list[str] = field(default_factory=list)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option("--check", is_flag=True, help="Write nothing; fail if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and fail.")
@click.option("--stdin", is_flag=True, help="Format what comes in, and print it.")
@click.option(
    "--stdin-filename", default="stdin.yml", help="What messages call it.", metavar="FILE"
)
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is wrong.")
def fmt(
    paths: tuple[Path, ...],
    check: bool,
    diff: bool,
    stdin: bool,
    stdin_filename: str,
    color: bool | None,
    quiet: bool,
) -> None:
    """Put the YAML in PATHS (./curriculum by default) into one style.

    PATHS are files and folders of a curriculum. Indentation, quotes, brackets, long lines and the
    blank lines between weeks change; values, their order and comments never do. A file with a
    fault in its YAML stays as it is, and the fault is shown.

    \b
    Examples:
      roadmap-site fmt
      roadmap-site fmt --check
      roadmap-site fmt --diff curriculum/tracks/python
      roadmap-site fmt --stdin --stdin-filename topics.yml < topics.yml
    """  # noqa: D301 - \b keeps lines apart
    colored = is_colored(color)
    if stdin:
        if paths:
            raise click.UsageError("give either PATHS or --stdin")
        _format_stdin(stdin_filename, check=check, diff=diff, color=colored)
        return
    tally = _Tally()
    for root, file, faults in _files(paths or (Path("curriculum"),)):
        prefix = prefix_of(root)
        done = format_source(file) if file else Formatted("", faults)
        if done.diagnostics or file is None:
            _show(done.diagnostics, prefix, color=colored)
            tally.faulty += 1
        elif not done.is_safe:
            tally.refused.append(f"{prefix}{file.path} {_UNSAFE}")
        elif done.text == file.text:
            tally.kept += 1
        else:
            tally.changed.append(f"{prefix}{file.path}")
            if diff:
                _show_diff(file, done.text, prefix, color=colored)
            elif not check:
                try:
                    save(root, file, done.text)
                except (FileChangedError, OSError) as error:
                    tally.changed.pop()
                    tally.refused.append(f"{prefix}{file.path} was not written: {error}")
    _sum_up(tally, dry=check or diff, quiet=quiet or diff)


_UNSAFE = "stays as it is: in our style it would not say the same. Please report this file"


def _sum_up(tally: _Tally, *, dry: bool, quiet: bool) -> None:
    if not quiet:
        for path in tally.changed:
            click.echo(f"{'would change' if dry else 'formatted'} {printable(path)}")
        changed, kept = len(tally.changed), tally.kept
        noun = "file" if changed == 1 else "files"
        says = "would change" if dry else "formatted"
        parts = [f"{changed} {noun} {says}", f"{kept} already in style"]
        if tally.faulty:
            parts.append(f"{tally.faulty} with faults")
        click.echo(", ".join(parts))
    for message in tally.refused:
        click.echo(f"Error: {printable(message)}", err=True)
    if tally.refused:
        sys.exit(CANNOT_RUN)
    sys.exit(FAULTS if tally.faulty or (dry and tally.changed) else 0)


def _format_stdin(name: str, *, check: bool, diff: bool, color: bool) -> None:
    data = sys.stdin.buffer.read()
    file, faults = read_source(InMemory({name: data}), name)
    done = format_source(file) if file else Formatted("", faults)
    if done.diagnostics or file is None:
        _show(done.diagnostics, "", color=color, err=True)
        sys.exit(FAULTS)
    if not done.is_safe:
        raise CannotRun(f"{printable(name)} {_UNSAFE}")
    if diff:
        _show_diff(file, done.text, "", color=color)
    elif not check:
        mark = _BOM if data.startswith(_BOM) else b""
        sys.stdout.buffer.write(mark + done.text.encode())
    sys.exit(FAULTS if (check or diff) and done.text != file.text else 0)


def _show(faults: Iterable[Diagnostic], prefix: str, *, color: bool, err: bool = False) -> None:
    for fault in faults:
        click.echo(diagnostic_text(fault, prefix=prefix, color=color), color=color, err=err)


def _show_diff(file: SourceFile, text: str, prefix: str, *, color: bool) -> None:
    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in unified_diff(file, text, prefix=prefix).split("\n")[:-1]:
        shown = "\t".join(map(printable, line.split("\t")))
        click.echo(click.style(shown, fg=colors.get(line[:1])) if color else shown, color=color)


# ---------------------------------------------------------------------------- which files


def _files(
    paths: Iterable[Path],
) -> Iterator[tuple[Path, SourceFile | None, tuple[Diagnostic, ...]]]:
    """Each file of a curriculum below the paths, once, with the folder of its curriculum."""
    folders: dict[Path, Folder] = {}
    seen: set[Path] = set()
    for path in paths:
        if not os.path.lexists(path):
            raise CannotRun(f"there is no {path}. Give the files or folders to format")
        roots = _roots(path)
        if not roots:
            raise CannotRun(
                f"{path} belongs to no curriculum: there is no {ROOT_FILE} in it or above it"
            )
        for root in roots:
            files = folders.setdefault(root, Folder(root))
            for name in files.paths:
                full = Path(os.path.normpath((root / name).absolute()))
                wanted = Path(os.path.normpath(path.absolute()))
                if (
                    name.endswith(YAML_ENDINGS)
                    and full not in seen
                    and (full == wanted or full.is_relative_to(wanted))
                ):
                    seen.add(full)
                    yield root, *read_source(files, name)


def _roots(path: Path) -> list[Path]:
    """The curriculum that a path lies in, else those below it."""
    if own := curriculum_of(path):
        return [own]
    found = []
    for directory, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if ROOT_FILE in names:
            found.append(Path(directory))
            folders.clear()
    return found

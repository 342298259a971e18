"""Edits by span, applied to texts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from io import StringIO

from roadmap_site.model.diagnostic import Diagnostic, Edit
from roadmap_site.model.source import SourceFile


def apply_edits(file: SourceFile, edits: Iterable[Edit]) -> str:
    """A file's text with edits made; raises ValueError where two of them overlap."""
    text, end = [], 0
    for start, stop, new in sorted((*edit.span.offsets, edit.text) for edit in edits):
        if start < end:
            raise ValueError(f"two edits of {file.path} overlap at {start}")
        text += [file.text[end:start], new]
        end = stop
    return "".join([*text, file.text[end:]])


def apply_fixes(
    diagnostics: Iterable[Diagnostic],
) -> tuple[dict[SourceFile, str], list[Diagnostic]]:
    """The texts of files with their faults' fixes made, and the faults that this mends.

    Of two fixes that would change the same place the first is made; the other can be, in another
    round, once the file is read anew.
    """
    taken: dict[str, list[tuple[int, int]]] = {}
    edits: dict[SourceFile, list[Edit]] = {}
    mended = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or any(
            _touches(edit.span.offsets, taken.get(edit.span.file.path, ())) for edit in fix.edits
        ):
            continue
        for edit in fix.edits:
            taken.setdefault(edit.span.file.path, []).append(edit.span.offsets)
            edits.setdefault(edit.span.file, []).append(edit)
        mended.append(diagnostic)
    return {file: apply_edits(file, some) for file, some in edits.items()}, mended


def _touches(stretch: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    # Two insertions at one place touch too: their order would be a matter of chance.
    return any(
        (stretch[0] < end and start < stretch[1]) or stretch[0] == start for start, end in others
    )


def unified_diff(file: SourceFile, text: str, *, prefix: str = "") -> str:
    """The change of a file's text as `git apply` and people read it."""
    path = prefix + file.path
    lines = difflib.unified_diff(
        _lines(file.text),
        _lines(text),
        f"a/{path}",
        f"b/{path}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    # By line feeds alone, as git counts them.
    return StringIO(text, newline="\n").readlines()

"""Fixes made in rounds, until nothing is left that a machine can mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from roadmap_site.edit.apply import apply_fixes
from roadmap_site.model.diagnostic import Diagnostic, Report
from roadmap_site.model.source import SourceFile

Examine = Callable[[Mapping[str, str]], Report]
"""Looks for faults, with these texts in place of what the files at these paths hold."""

ROUNDS = 10
"""A fix may bring to light what another can mend; no real chain is this long."""

_UNREADABLE = ("RS001", "RS002", "RS003", "RS004")


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending: the faults mended, the new texts of files, and what is left.

    `texts` is keyed by the files as they were before.
    """

    mended: tuple[Diagnostic, ...]
    texts: Mapping[SourceFile, str]
    report: Report


def mend(examine: Examine) -> Mended:
    """Make every fix that can be made; nothing is written.

    No fix may make a file unreadable: one that would is left out, with the others of its round in
    that file.
    """
    texts: dict[str, str] = {}
    files: dict[str, SourceFile] = {}
    mended: list[Diagnostic] = []
    avoided: set[str] = set()
    report = examine(texts)
    for _ in range(ROUNDS):
        wanted = [d for d in report if d.fix and avoided.isdisjoint(_paths(d))]
        changed, made = apply_fixes(wanted)
        if not made:
            break
        tried = texts | {file.path: text for file, text in changed.items()}
        after = examine(tried)
        if broken := _unreadable(after) - _unreadable(report):
            avoided |= broken
            continue
        for file in changed:
            files.setdefault(file.path, file)
        mended += made
        texts, report = tried, after
    changes = {file: texts[path] for path, file in sorted(files.items())}
    return Mended(tuple(mended), {f: t for f, t in changes.items() if t != f.text}, report)


def _paths(diagnostic: Diagnostic) -> set[str]:
    return {edit.span.file.path for edit in diagnostic.fix.edits} if diagnostic.fix else set()


def _unreadable(report: Report) -> set[str]:
    return {d.span.file.path for d in report if d.rule.code in _UNREADABLE}

"""What changed, for a terminal, as the summary of a pull request, and as JSON.

The words come from the pull request, and so from a stranger.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TypeVar

from roadmap_site.model.diagnostic import Diagnostic
from roadmap_site.model.hours import hours_figures
from roadmap_site.report.markdown import cell, code_span, table
from roadmap_site.report.text import counted, printable
from roadmap_site.stats import Change, Changes, Size, TrackSizes

T = TypeVar("T")

LISTED = 40
"""Entries shown under a heading; JSON has all."""
SUMMARY_BYTES = 512 * 1024
"""Of a summary in Markdown; GitHub refuses more than 1 MiB."""
WORDS_LENGTH = 80
"""Characters shown of a text on a terminal."""

_HEADINGS = {
    "added": "Added",
    "moved": "Moved",
    "reworded": "Reworded",
    "retired": "Retired",
    "lost": "Gone",
}
_PREREQUISITES = ("late-prerequisite", "prerequisite-cycle")
_SIGNS = {"added": "+", "moved": ">", "reworded": "~", "retired": "-", "lost": "-"}
_NONE = "–"


def changes_text(changes: Changes, *, prefix: str = "") -> str:
    """The changes as lines; `prefix` goes before the paths of files."""

    def fault(diagnostic: Diagnostic) -> str:
        return f"  {_fault(diagnostic, prefix)}"

    lines: list[str] = []
    if changes.tracks:
        lines += ["Tracks", *_first(changes.tracks, _size_line)]
    for heading, of_kind in _by_heading(changes):
        lines += ["", f"{heading}: {_summed(of_kind)}", *_first(of_kind, _line)]
    for heading, diagnostics in _faults(changes):
        lines += ["", f"{heading}: {len(diagnostics)}", *_first(diagnostics, fault)]
    if changes.accepted:
        lines += ["", f"Newly accepted: {len(changes.accepted)}"]
        lines += _first(
            changes.accepted, lambda pair: f"{fault(pair[0])} ({printable(_short(pair[1]))})"
        )
    if changes.unread:
        lines += ["", _unread(changes, printable)]
    return "\n".join(lines).strip("\n") if lines else _NOTHING


def changes_markdown(changes: Changes, *, prefix: str = "") -> str:
    """The changes as the summary of a pull request, within SUMMARY_BYTES."""

    def fault(diagnostic: Diagnostic) -> str:
        return _fault_entry(diagnostic, prefix)

    lines = ["## What this changes in the curriculum", ""]
    if not changes and not changes.unread:
        lines += [_NOTHING, ""]
    if changes.unread:
        lines += [_unread(changes, code_span), ""]
    if changes.tracks:
        rows = [_size_row(sizes) for sizes in changes.tracks]
        lines += [*table(("Track", "Weeks", "Hours", "To do"), rows).splitlines(), ""]
    for heading, of_kind in _by_heading(changes):
        lines += [f"### {heading}: {_summed(of_kind)}", ""]
        if of_kind[0].how == "lost":
            lines += ["Neither moved nor retired: learners lose what they ticked here.", ""]
        lines += [*_first(of_kind, _entry), ""]
    for heading, diagnostics in _faults(changes):
        lines += [f"### {heading}: {len(diagnostics)}", "", *_first(diagnostics, fault), ""]
    if changes.accepted:
        lines += [f"### Newly accepted warnings: {len(changes.accepted)}", ""]
        lines += _first(
            changes.accepted, lambda pair: f"{fault(pair[0])}, because {code_span(pair[1])}"
        )
    return _bounded(lines)


def changes_json(changes: Changes) -> str:
    """Every change, in the shape of `Changes`; faults by their rule, place and message."""
    shape = {
        "tracks": [asdict(sizes) for sizes in changes.tracks],
        "changes": [asdict(change) for change in changes.changes],
        "found": [_fault_shape(d) for d in changes.found],
        "mended": [_fault_shape(d) for d in changes.mended],
        "accepted": [{**_fault_shape(d), "reason": reason} for d, reason in changes.accepted],
        "unread": list(changes.unread),
    }
    return json.dumps(shape, ensure_ascii=False, indent=2)


_NOTHING = "Nothing has changed in the curriculum."


def _figures(sizes: TrackSizes) -> list[tuple[str, str, str]]:
    """Weeks, hours and items to do: each as it was and as it is."""
    before, after = (_size(size) for size in (sizes.before, sizes.after))
    return list(zip(("weeks", "hours", "to do"), before, after, strict=True))


def _size(size: Size | None) -> tuple[str, str, str]:
    if size is None:
        return _NONE, _NONE, _NONE
    hours = hours_figures(size.effort.hours) if size.effort else _NONE
    return str(size.weeks), hours, str(size.required)


def _size_line(sizes: TrackSizes) -> str:
    figures = (f"{name} {was} -> {now}" for name, was, now in _figures(sizes) if was != now)
    return f"  * {printable(_short(sizes.title))}: {', '.join(figures)}"


def _size_row(sizes: TrackSizes) -> list[str]:
    figures = (now if was == now else f"{was} → {now}" for _, was, now in _figures(sizes))
    return [cell(sizes.title), *figures]


def _by_heading(changes: Changes) -> Iterator[tuple[str, list[Change]]]:
    for how, heading in _HEADINGS.items():
        of_kind = [change for change in changes.changes if change.how == how]
        if of_kind:
            yield heading, of_kind


def _summed(changes: Sequence[Change]) -> str:
    """`2 weeks, 5 items`."""
    kinds: dict[str, int] = {}
    for change in changes:
        kinds[change.what] = kinds.get(change.what, 0) + 1
    return ", ".join(counted(number, what) for what, number in kinds.items())


def _line(change: Change) -> str:
    """A change as a line for a terminal."""
    before, after = printable(_short(change.before)), printable(_short(change.after))
    if change.how in ("moved", "reworded"):
        words = f"{before} -> {after}" if before != after else after
    else:
        words = before or after
    came = f"  from {printable(change.old_key)}" if change.how == "moved" else ""
    within = f" ({counted(change.items, 'item')})" if change.items else ""
    return f"  {_SIGNS[change.how]} {printable(change.key)}{came}  {words}{within}"


def _entry(change: Change) -> str:
    """A change as an entry of a list in Markdown."""
    kind = "" if change.what == "item" else f"{change.what} "
    within = f", {counted(change.items, 'item')}" if change.items else ""
    place = f"{kind}{code_span(change.key)}"
    if change.how in ("moved", "reworded"):
        words = code_span(change.after)
        if change.before != change.after:
            words = f"{code_span(change.before)} → {words}"
        came = f", from {code_span(change.old_key)}" if change.how == "moved" else ""
        return f"- {words} ({place}{came})"
    return f"- {code_span(change.before or change.after)} ({place}{within})"


def _faults(changes: Changes) -> list[tuple[str, list[Diagnostic]]]:
    """The faults under the headings that have any: prerequisites broken, new, mended."""
    broken = [d for d in changes.found if d.rule.name in _PREREQUISITES]
    new = [d for d in changes.found if d.rule.name not in _PREREQUISITES]
    headings = (
        ("Prerequisites broken", broken),
        ("New faults", new),
        ("Mended", list(changes.mended)),
    )
    return [(heading, diagnostics) for heading, diagnostics in headings if diagnostics]


def _place(diagnostic: Diagnostic, prefix: str) -> str:
    span = diagnostic.span
    return f"{prefix}{span.file.path}:{span.line}:{span.column}"


def _fault(diagnostic: Diagnostic, prefix: str) -> str:
    rule = diagnostic.rule
    head = f"{_place(diagnostic, prefix)}: {rule.severity} {rule.code} {rule.name}"
    return printable(f"{head}: {diagnostic.message}")


def _fault_entry(diagnostic: Diagnostic, prefix: str) -> str:
    rule = diagnostic.rule
    head = f"{code_span(_place(diagnostic, prefix))}: {rule.severity} {rule.code} {rule.name}"
    return f"- {head}: {code_span(diagnostic.message)}"


def _fault_shape(diagnostic: Diagnostic) -> dict[str, str | int]:
    rule, span = diagnostic.rule, diagnostic.span
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "file": span.file.path,
        "line": span.line,
        "column": span.column,
        "message": diagnostic.message,
    }


def _unread(changes: Changes, shown: Callable[[str], str]) -> str:
    names = ", ".join(shown(name) for name in changes.unread[:LISTED])
    return f"Not compared, because it cannot be read in full now or could not before: {names}"


def _first(things: Sequence[T], line: Callable[[T], str]) -> list[str]:
    left = len(things) - LISTED
    return [*map(line, things[:LISTED]), *([f"- and {left} more"] if left > 0 else [])]


def _short(text: str) -> str:
    flat = " ".join(text[: WORDS_LENGTH * 8].split())
    return flat if len(flat) <= WORDS_LENGTH else f"{flat[: WORDS_LENGTH - 3]}..."


def _bounded(lines: Iterable[str]) -> str:
    kept, size = [], 0
    for line in lines:
        size += len(line.encode("utf-8", "replace")) + 1
        if size > SUMMARY_BYTES:
            kept += ["", "And more than fits here."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"

"""Links as Markdown: the summary of a workflow's step, or the body of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.links import LinkReport, LinkStatus
from roadmap_site.model.source import Span
from roadmap_site.report.links import (
    NO_NETWORK,
    SettledPlace,
    counts_of,
    other_faults,
    settled_places,
)
from roadmap_site.report.markdown import cell
from roadmap_site.report.text import counted, printable

SUMMARY_BYTES = 1_000_000
"""Of a step's summary; GitHub drops one of more than 1 MiB as a whole."""
ISSUE_BYTES = 65_000
"""Of an issue's body; GitHub refuses one of more than 65,536 characters."""
ADDRESS_LENGTH = 1_000
"""Characters shown of an address; JSON has it whole."""
PATH_LENGTH = 100
NOTES = 20
"""Notes shown; text and JSON have all."""

_COLUMNS = ("Class", "What was seen", "Place", "Address")
"""The address last: what is too long for a page goes over its edge."""
_HEADINGS = {
    Severity.ERROR: "Fails",
    Severity.WARNING: "Worth a look",
    Severity.INFO: "Good to know",
}
_NONE = "–"


@dataclass(frozen=True, slots=True)
class _Section:
    """A table under a heading, or folded where it can wait.

    `hints` say what to do about each class: in each row they would push the rest out of sight.
    """

    heading: str
    hints: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[str]
    is_folded: bool

    def shown(self, rows: Sequence[str]) -> str:
        """The section with the first of its rows, and how many more there are."""
        heading = f"{self.heading}: {len(self.rows)}"
        more = len(self.rows) - len(rows)
        lines = [
            *(["<details>", f"<summary>{heading}</summary>"] if self.is_folded else []),
            *([] if self.is_folded else [f"### {heading}"]),
            "",
            *([*(f"- {hint}" for hint in self.hints), ""] if self.hints else []),
            _row(self.columns),
            _row(["---"] * len(self.columns)),
            *rows,
            *(["", f"And {more} more than fits here."] if more else []),
            *(["", "</details>"] if self.is_folded else []),
            "",
        ]
        return "".join(f"{line}\n" for line in lines)


def links_markdown(
    links: LinkReport,
    report: Report,
    *,
    prefix: str = "",
    limit: int = SUMMARY_BYTES,
) -> str:
    """What fails, what is worth a look, and what is good to know, a row for each place.

    `report` is the settled one. Of more than `limit` bytes of UTF-8 (20,000 at least) whole rows
    are left out, the mildest first, and counted.
    """
    places = settled_places(links, report)
    others = other_faults(places, report)
    sections = list(_sections(places, others, prefix))
    is_sure = links.has_site and not any(place.is_doubtful for place in places)
    lines = _head(links, report, has_rows=bool(sections), is_sure=is_sure)
    head = "".join(f"{line}\n" for line in lines)
    left = limit - _size(head) - sum(_size(section.shown([])) for section in sections)
    parts = [head]
    for section in sections:
        shown = []
        for row in section.rows:
            left -= _size(row) + 1
            if left < 0:
                break  # and nothing milder takes its place
            shown.append(row)
        parts.append(section.shown(shown))
    return "".join(parts).rstrip("\n") + "\n"


def _head(links: LinkReport, report: Report, *, has_rows: bool, is_sure: bool) -> Iterator[str]:
    yield "## Links"
    yield ""
    if not links.has_network:
        yield f"**{NO_NETWORK.capitalize()}.**"
        yield ""
    number, errors = len(links.links), report.count(Severity.ERROR)
    if errors:
        lead = f"**{counted(errors, 'place')} to mend:** "
    elif not links.has_network:
        lead = ""
    elif not is_sure:
        lead = "Nothing fails, but not all is known: "  # the scheduled workflow looks for it
    elif number and not has_rows and all(link.status is LinkStatus.OK for link in links.links):
        lead = f"All {number} links work: " if number > 1 else "The link works: "
    else:
        is_compared = any(not m.is_changed for link in links.links for m in link.mentions)
        lead = "Nothing new fails: " if is_compared else "Nothing fails: "
    yield f"{lead}{counts_of(links)}."
    yield ""
    yield from (f"- {cell(note)}" for note in links.notes[:NOTES])
    if len(links.notes) > NOTES:
        yield f"- and {len(links.notes) - NOTES} more"
    if links.notes:
        yield ""


def _sections(
    places: Sequence[SettledPlace], others: Sequence[Diagnostic], prefix: str
) -> Iterator[_Section]:
    for severity, heading in _HEADINGS.items():
        rows = [
            *(_other(d, prefix) for d in others if d.rule.severity is severity),
            *(_row(_cells(place, prefix)) for place in places if place.severity is severity),
        ]
        if rows:
            yield _Section(
                heading,
                _hints(place for place in places if place.severity is severity),
                _COLUMNS,
                rows,
                is_folded=severity is Severity.INFO,
            )
    rows = [
        _row([cell(place.accepted) if place.accepted else _NONE, *_cells(place, prefix)])
        for place in places
        if place.accepted is not None
    ]
    if rows:
        yield _Section("Accepted in place", (), ("Reason", *_COLUMNS), rows, is_folded=True)


def _hints(places: Iterable[SettledPlace]) -> tuple[str, ...]:
    """What to do about each class; where something is to be written, its row says so."""
    hints = (
        f"{place.link.status.value}: {cell(place.fault.hint)}"
        for place in places
        if place.fault and place.fault.hint and not place.link.judged.replacement
    )
    return tuple(dict.fromkeys(hints))


def _cells(place: SettledPlace, prefix: str) -> list[str]:
    judged = place.link.judged
    seen = cell(judged.detail) if judged.detail else ""
    write = f"write {cell(judged.replacement, ADDRESS_LENGTH)}" if judged.replacement else ""
    return [
        judged.status.value,
        "; ".join(filter(None, (seen, write))) or _NONE,
        _place(place.mention.span, prefix),
        cell(place.link.url, ADDRESS_LENGTH),
    ]


def _other(diagnostic: Diagnostic, prefix: str) -> str:
    """A fault that is none of a link's."""
    rule, place = diagnostic.rule, _place(diagnostic.span, prefix)
    said = "; ".join(cell(text) for text in (diagnostic.message, diagnostic.hint) if text)
    return _row([rule.name, said, place, _NONE])


def _place(span: Span, prefix: str) -> str:
    path = printable(prefix + span.file.path)
    # The line is to stay in sight: a long path is cut at its beginning.
    short = path if len(path) <= PATH_LENGTH else f"...{path[3 - PATH_LENGTH :]}"
    return cell(f"{short}:{span.line}:{span.column}")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))

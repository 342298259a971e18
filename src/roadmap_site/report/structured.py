"""Reports as JSON, for programs. The shape is a promise: `version` counts the changes to it.

A field may be added at any time; one that is taken away or means something else raises `version`.
"""

from __future__ import annotations

import json
from typing import TypedDict

from roadmap_site.model.diagnostic import Diagnostic, Fix, Report, Severity
from roadmap_site.model.source import Span
from roadmap_site.report.counts import counts

VERSION = 1


class Place(TypedDict):
    """A stretch of a file. Lines and columns are 1-based and count characters; the end is past it.

    `path` is relative to the working directory, with forward slashes.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class RelatedData(Place):
    """Another place that a fault has to do with."""

    message: str


class EditData(Place):
    """A stretch of a file, and the text that takes its place."""

    text: str


class FixData(TypedDict):
    """What mends a fault, in words and as edits, which belong together."""

    does: str
    edits: list[EditData]


class DiagnosticData(Place):
    """A fault: `hint` and `help_url` are empty, and `fix` is null, where there is none."""

    code: str
    name: str
    severity: str
    message: str
    hint: str
    help_url: str
    related: list[RelatedData]
    fix: FixData | None


class AcceptedData(DiagnosticData):
    """A fault accepted in place, by `accept` or a comment, and the reason given."""

    reason: str


class Summary(TypedDict):
    """How many there are of each."""

    errors: int
    warnings: int
    infos: int
    accepted: int


class CountData(TypedDict):
    """How many faults a rule found."""

    code: str
    name: str
    count: int
    fixable: int


class _ReportData(TypedDict):
    version: int
    diagnostics: list[DiagnosticData]
    accepted: list[AcceptedData]
    summary: Summary


class ReportData(_ReportData, total=False):
    """The whole: `statistics` is there where it was asked for, the most frequent rule first."""

    statistics: list[CountData]


def report_json(report: Report, *, prefix: str = "", statistics: bool = False) -> str:
    """A report as JSON in ASCII, whatever it cites; `prefix` goes before each path."""
    data = ReportData(
        version=VERSION,
        diagnostics=[diagnostic_data(d, report, prefix) for d in report],
        accepted=[
            AcceptedData(**diagnostic_data(d, report, prefix), reason=sound(reason))
            for d, reason in report.accepted
        ],
        summary=Summary(
            errors=report.count(Severity.ERROR),
            warnings=report.count(Severity.WARNING),
            infos=report.count(Severity.INFO),
            accepted=len(report.accepted),
        ),
    )
    if statistics:
        data["statistics"] = [
            CountData(code=rule.code, name=rule.name, count=count, fixable=fixable)
            for rule, count, fixable in counts(report)
        ]
    return dumps(data)


def dumps(data: object) -> str:
    """JSON in ASCII that may stand in a log: GitHub's runner takes `##[error]` for an order."""
    return json.dumps(data, indent=2).replace("##[", "##\\u005b")


def sound(text: str) -> str:
    """A text without half characters, which JSON's readers may refuse."""
    return text.encode("utf-8", "replace").decode()


def diagnostic_data(diagnostic: Diagnostic, report: Report, prefix: str) -> DiagnosticData:
    """A fault, for programs; `report` knows where its rule is explained."""
    rule, fix = diagnostic.rule, diagnostic.fix
    return DiagnosticData(
        code=rule.code,
        name=rule.name,
        severity=rule.severity.value,
        message=sound(diagnostic.message),
        hint=sound(diagnostic.hint),
        help_url=report.help_url(rule),
        **place_data(diagnostic.span, prefix),
        related=[
            RelatedData(**place_data(related.span, prefix), message=sound(related.message))
            for related in diagnostic.related
        ],
        fix=_fix(fix, prefix) if fix else None,
    )


def _fix(fix: Fix, prefix: str) -> FixData:
    edits = [EditData(**place_data(edit.span, prefix), text=edit.text) for edit in fix.edits]
    return FixData(does=sound(fix.does), edits=edits)


def place_data(span: Span, prefix: str) -> Place:
    """A stretch of a file, for programs; `prefix` goes before its path."""
    return Place(
        path=sound(prefix + span.file.path),
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
    )

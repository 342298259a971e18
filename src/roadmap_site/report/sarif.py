"""Reports as SARIF 2.1.0, which code hosts and editors show beside the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; the sections named below
are that document's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from roadmap_site.model.diagnostic import Diagnostic, Edit, Report, Rule, Severity
from roadmap_site.model.source import Span
from roadmap_site.report.structured import dumps, sound
from roadmap_site.report.text import URL_CHARACTERS, printable

RESULTS = 5_000
"""Results that GitHub keeps of a run; it refuses more than 25,000.

https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
"""
FINGERPRINT = "pathAndText/v1"
"""Not `primaryLocationLineHash`: GitHub computes that, and warns of any other value in it."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report_sarif(report: Report, rules: Sequence[Rule], *, version: str, prefix: str = "") -> str:
    """A report as a SARIF log in ASCII.

    `rules` are all that were looked for, `version` is the checker's, and `prefix` goes before each
    path. Of more than RESULTS the gravest are in it, and a note says how many are not.
    """
    rules = sorted(
        {rule.code: rule for rule in (*(d.rule for d in report), *rules)}.values(),
        key=lambda rule: rule.code,
    )
    places = {rule.code: place for place, rule in enumerate(rules)}
    found = [*report, *(diagnostic for diagnostic, _ in report.accepted)]
    suppressions = [*([] for _ in report), *([_suppression(why)] for _, why in report.accepted)]
    results = [
        _result(diagnostic, places, prefix)
        | {"partialFingerprints": {FINGERPRINT: fingerprint}, "suppressions": suppressed}
        for diagnostic, fingerprint, suppressed in zip(
            found, _fingerprints(found, prefix), suppressions, strict=True
        )
    ]
    left = len(results) - RESULTS
    if left > 0:
        # Those accepted go first, then the mildest; Python's sort keeps their order otherwise.
        results.sort(key=_gravity)
        del results[RESULTS:]
    driver = {
        "name": "roadmap-site",
        "semanticVersion": version,
        "rules": [_rule(rule, report.help_url(rule)) for rule in rules],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        # YAML's line breaks, by which lines are counted here (3.14.26).
        "newlineSequences": ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"],
        "results": results,
    }
    if left > 0:
        note = {"level": "note", "message": _message(f"and {left} more, which are left out here")}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [note]}]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return dumps(log)


def _rule(rule: Rule, help_url: str) -> dict[str, Any]:
    doc = rule.sections
    plain = "\n\n".join([doc.summary, *(f"{heading}: {text}" for heading, text in doc)])
    markdown = "\n\n".join([doc.summary, *(f"**{heading}:** {text}" for heading, text in doc)])
    data: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": doc.summary},
        "fullDescription": {"text": f"{doc.summary} {doc.why}"},
        "help": {"text": plain, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    return data | ({"helpUri": quote(help_url, safe=URL_CHARACTERS)} if help_url else {})


def _result(diagnostic: Diagnostic, places: dict[str, int], prefix: str) -> dict[str, Any]:
    rule, fix = diagnostic.rule, diagnostic.fix
    hint = f" (hint: {diagnostic.hint})" if diagnostic.hint else ""
    data: dict[str, Any] = {
        "ruleId": rule.code,
        "ruleIndex": places[rule.code],
        "level": _LEVELS[rule.severity],
        "message": _message(diagnostic.message + hint),
        "locations": [{"physicalLocation": _location(diagnostic.span, prefix)}],
    }
    if diagnostic.related:
        data["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(related.span, prefix),
                "message": _message(related.message),
            }
            for number, related in enumerate(diagnostic.related, start=1)
        ]
    if fix:
        edits: dict[str, list[Edit]] = {}
        for edit in fix.edits:
            edits.setdefault(edit.span.file.path, []).append(edit)
        changes = [_change(path, some, prefix) for path, some in edits.items()]
        data["fixes"] = [{"description": _message(fix.does), "artifactChanges": changes}]
    return data


def _gravity(result: dict[str, Any]) -> tuple[bool, int]:
    return bool(result["suppressions"]), list(_LEVELS.values()).index(result["level"])


def _fingerprints(found: Sequence[Diagnostic], prefix: str) -> list[str]:
    """What tells each result from the others, wherever lines move to (3.27.17).

    A hash of the path and of what stands at the place, and a number where the same fault is found
    there in the same words again.
    """
    times = Counter[tuple[str, str]]()
    made = []
    for diagnostic in found:
        text = f"{prefix}{diagnostic.span.file.path}\0{_first_line(diagnostic.span)}"
        digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
        told = (diagnostic.rule.code, digest)
        times[told] += 1
        made.append(f"{digest}:{times[told]}")
    return made


def _first_line(span: Span) -> str:
    end = span.end_column - 1 if span.end_line == span.line else None
    return span.file.line(span.line)[span.column - 1 : end]


def _change(path: str, edits: Sequence[Edit], prefix: str) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        for edit in edits
    ]
    return {"artifactLocation": _artifact(path, prefix), "replacements": replacements}


def _suppression(reason: str) -> dict[str, str]:
    return {"kind": "inSource"} | ({"justification": printable(reason)} if reason else {})


def _message(text: str) -> dict[str, str]:
    # `[text](address)` would be a link (3.11.6), to wherever a stranger likes.
    return {"text": printable(text).replace("](", "] (")}


def _location(span: Span, prefix: str) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.file.path, prefix), "region": _region(span)}


def _artifact(path: str, prefix: str) -> dict[str, str]:
    return {"uri": quote(sound(prefix + path))}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }

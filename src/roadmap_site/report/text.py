"""Diagnostics the way the best compilers show them: place, message, source line, caret, hint."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.source import Span

WIDTH = 110
"""Columns of an excerpt; longer lines are cut around the caret."""

_STYLES = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def report_text(
    report: Report, *, prefix: str = "", color: bool = False, infos: bool = True
) -> str:
    """The whole report, and a last line that sums it up.

    `prefix` goes before each path (the curriculum folder, so that an editor can open it); `color`
    sets ANSI styles; `infos` shows what is neither error nor warning.
    """
    shown = [d for d in report if infos or d.rule.severity is not Severity.INFO]
    parts = [diagnostic_text(d, prefix=prefix, color=color) for d in shown]
    return "\n".join([*parts, summary_text(report)])


def summary_text(report: Report) -> str:
    """One line: how many of what."""
    counts = [
        counted(report.count(severity), severity.value)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if report.count(severity)
    ]
    found = ", ".join(counts) if counts else "no faults"
    accepted = len(report.accepted)
    return found + (f" ({counted(accepted, 'warning')} accepted in place)" if accepted else "")


def diagnostic_text(diagnostic: Diagnostic, *, prefix: str = "", color: bool = False) -> str:
    """One diagnostic: `file:line:col: severity CODE name: message`, excerpt, hint."""

    def styled(style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if color else text

    rule, span = diagnostic.rule, diagnostic.span
    head = (
        f"{styled(_BOLD, _place(span, prefix))}: "
        f"{styled(_STYLES[rule.severity], rule.severity.value)} "
        f"{rule.code} {rule.name}: {printable(diagnostic.message)}"
    )
    lines = [head, *_excerpt(span, styled)]
    for related in diagnostic.related:
        lines.append(f"  {_place(related.span, prefix)}: {printable(related.message)}")
        lines += _excerpt(related.span, styled)
    if diagnostic.hint:
        lines.append(f"  {styled(_STYLES[Severity.INFO], 'hint')}: {printable(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def printable(text: str) -> str:
    """A text that cannot drive a terminal or break a line: a stranger may have written it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else f"\\u{ord(character):04x}"
        for character in text
    )


def _place(span: Span, prefix: str) -> str:
    path = printable(span.file.path)
    return f"{prefix}{path}:{span.line}:{span.column}"


def _excerpt(span: Span, style: Callable[[str, str], str]) -> Iterator[str]:
    source = span.file.line(span.line)
    start = min(span.column - 1, len(source))
    end = span.end_column - 1 if span.end_line == span.line else len(source)
    # Long lines are cut so that the caret stays in sight.
    left = max(0, start - WIDTH // 2) if len(source) > WIDTH else 0
    right = left + WIDTH
    if not source[left:right].strip():
        return
    cut, more = "..." if left else "", "..." if right < len(source) else ""
    marked = source[start : min(max(end, start + 1), right)].rstrip()
    number = str(span.line)
    margin = " " * len(number)
    yield f"{style(_DIM, f' {number} |')} {cut}{_shown(source[left:right])}{more}"
    indent = " " * (len(cut) + _columns(source[left:start]))
    carets = "^" * max(1, _columns(marked))
    yield f"{style(_DIM, f' {margin} |')} {indent}{style(_STYLES[Severity.ERROR], carets)}"


def _shown(source: str) -> str:
    return printable(source.replace("\t", " ")).rstrip()


def _columns(source: str) -> int:
    """Columns a terminal gives a text: two for wide characters, none for combining marks."""
    shown = printable(source.replace("\t", " "))
    if shown.isascii():
        return len(shown)
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in shown
    )


def counted(number: int, noun: str) -> str:
    """`1 week`, `2 weeks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"

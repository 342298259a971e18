"""Diagnostics the way the best compilers show them: place, message, source line, caret, hint."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from urllib.parse import quote

from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.source import Span

WIDTH = 110
"""Columns of an excerpt; longer lines are cut around the caret."""

URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is where an address is quoted: it may be quoted already."""

_STYLES = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
}
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def report_text(
    report: Report, *, prefix: str = "", color: bool = False, width: int = WIDTH
) -> str:
    """The whole report, and a last line that sums it up.

    `prefix` goes before each path (the curriculum folder, so that an editor can open it); `color`
    sets ANSI styles, and links each code to the page that explains it; `width` is that of excerpts.
    """
    parts = [
        diagnostic_text(
            d, prefix=prefix, color=color, help_url=report.help_url(d.rule), width=width
        )
        for d in report
    ]
    return "\n".join([*parts, summary_text(report)])


def summary_text(report: Report) -> str:
    """One line: how many of what."""
    found = _counts(report.diagnostics) or "no faults"
    accepted = _counts(diagnostic for diagnostic, _ in report.accepted)
    return found + (f" ({accepted} accepted in place)" if accepted else "")


def footer_text(report: Report) -> str:
    """Where the rules of a report are explained; empty where nothing was found."""
    code = next((diagnostic.rule.code for diagnostic in report), "")
    return f"`roadmap-site rule {code}` explains a rule" if code else ""


def diff_text(diff: str) -> str:
    """A diff in which nothing but line breaks and tabs acts on a terminal or a log.

    One without such characters stays as it is, and can be applied.
    """
    lines = []
    for line in StringIO(diff, newline="\n"):
        text = line.rstrip("\r\n")
        shown = "\t".join(map(printable, text.split("\t")))
        # GitHub's runner takes orders at the beginning of a line, spaces set aside.
        shown = f"{shown[:1]}\\u003a{shown.lstrip()[1:]}" if shown.lstrip()[:2] == "::" else shown
        lines.append(shown + line[len(text) :])
    return "".join(lines)


def mended_text(diagnostic: Diagnostic, *, prefix: str = "", color: bool = False) -> str:
    """One line: a fault that was mended, and how."""
    place = _place(diagnostic.span, prefix)
    rule = diagnostic.rule
    does = printable(diagnostic.fix.does) if diagnostic.fix else ""
    mended = f"{_STYLES[Severity.INFO]}mended{_RESET}" if color else "mended"
    return f"{place}: {mended} {rule.code} {rule.name}: {does}"


def diagnostic_text(
    diagnostic: Diagnostic,
    *,
    prefix: str = "",
    color: bool = False,
    help_url: str = "",
    width: int = WIDTH,
) -> str:
    """One diagnostic: `file:line:col: severity CODE name: message`, excerpt, hint.

    Where it is coloured, the code leads to `help_url`. An excerpt of no `width` is left out.
    """

    def styled(style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if color else text

    rule, span = diagnostic.rule, diagnostic.span
    code = _linked(rule.code, help_url) if color and help_url else rule.code
    head = (
        f"{styled(_BOLD, _place(span, prefix))}: "
        f"{styled(_STYLES[rule.severity], rule.severity.value)} "
        f"{code} {rule.name}: {printable(diagnostic.message)}"
    )
    lines = [head, *_excerpt(span, styled, width)]
    for related in diagnostic.related:
        lines.append(f"  {_place(related.span, prefix)}: {printable(related.message)}")
        lines += _excerpt(related.span, styled, width)
    if diagnostic.hint:
        lines.append(f"  {styled(_STYLES[Severity.INFO], 'hint')}: {printable(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def styled_severity(severity: Severity, *, color: bool = False, width: int = 0) -> str:
    """A severity's word, `width` columns wide at least."""
    word = f"{severity.value:<{width}}"
    return f"{_STYLES[severity]}{word}{_RESET}" if color else word


def printable(text: str) -> str:
    """A text that cannot drive a terminal or break a line: a stranger may have written it.

    Nor can it give an order to GitHub's runner, which takes `##[error]` anywhere in a log.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(
            character
            if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
            else f"\\u{ord(character):04x}"
            for character in text
        )
    return text.replace("##[", "##\\u005b")


def inert(line: str) -> str:
    """A line at whose beginning, spaces set aside, GitHub's runner finds no order."""
    order = line.lstrip()
    space = line[: len(line) - len(order)]
    return f"{space}\\u003a{order[1:]}" if order.startswith("::") else line


def _linked(text: str, url: str) -> str:
    """A hyperlink as terminals read it (OSC 8)."""
    return f"\x1b]8;;{quote(url, safe=URL_CHARACTERS)}\x1b\\{text}\x1b]8;;\x1b\\"


def _place(span: Span, prefix: str) -> str:
    # It stands at the beginning of a line.
    path = inert(f"{prefix}{printable(span.file.path)}")
    return f"{path}:{span.line}:{span.column}"


def _excerpt(span: Span, style: Callable[[str, str], str], width: int) -> Iterator[str]:
    source = span.file.line(span.line)
    start = min(span.column - 1, len(source))
    end = span.end_column - 1 if span.end_line == span.line else len(source)
    # Long lines are cut so that the caret stays in sight.
    left = max(0, start - width // 2) if len(source) > width else 0
    right = left + width
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


def _counts(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty where there are none."""
    counts = Counter(diagnostic.rule.severity for diagnostic in diagnostics)
    return ", ".join(
        counted(counts[severity], severity.value) for severity in Severity if counts[severity]
    )


def counted(number: int, noun: str) -> str:
    """`1 week`, `2 weeks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"

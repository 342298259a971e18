"""Reports as GitHub's workflow commands: an annotation on each line of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.report.text import printable, summary_text

SHOWN = 10
"""Annotations of one level that GitHub shows of a step."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report_github(
    report: Report,
    *,
    prefix: str = "",
    rest: str = "`roadmap-site check` shows all",
    gravity: Callable[[Diagnostic], int] | None = None,
) -> str:
    """An annotation a fault, errors first, as many as GitHub shows, and a line that sums up.

    `rest` says where those are that it doesn't show. Of one level, those of the least
    `gravity` come first, and what is cited once more comes after what nobody has read yet; without
    it, they come by file and line.
    """
    faults = _by_gravity(report, gravity) if gravity else report.diagnostics
    return "\n".join([*_annotations(faults, prefix, rest), summary_text(report)])


def _by_gravity(report: Report, gravity: Callable[[Diagnostic], int]) -> list[Diagnostic]:
    times = Counter[tuple[str, str]]()
    keys = []
    for place, diagnostic in enumerate(report):
        told = (diagnostic.rule.code, diagnostic.span.text)
        keys.append((times[told], gravity(diagnostic), place))
        times[told] += 1
    return [report.diagnostics[place] for _, _, place in sorted(keys)]


def _annotations(faults: Sequence[Diagnostic], prefix: str, rest: str) -> Iterator[str]:
    for severity, level in _LEVELS.items():
        found = [d for d in faults if d.rule.severity is severity]
        # The last place goes to what says that there are more.
        shown = found if len(found) <= SHOWN else found[: SHOWN - 1]
        for diagnostic in shown:
            yield _annotation(level, diagnostic, prefix)
        if more := len(found) - len(shown):
            yield f"::{level} title=roadmap-site::and {more} more: {rest}"


def _annotation(level: str, diagnostic: Diagnostic, prefix: str) -> str:
    rule, span = diagnostic.rule, diagnostic.span
    properties = {"file": prefix + span.file.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        # GitHub takes columns within one line only.
        properties |= {"col": span.column, "endColumn": span.end_column}
    properties["title"] = f"{rule.code} {rule.name}"
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    lines = [diagnostic.message, *([f"hint: {diagnostic.hint}"] if diagnostic.hint else [])]
    return f"::{level} {listed}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

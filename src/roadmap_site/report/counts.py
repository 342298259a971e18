"""How many faults each rule found."""

from __future__ import annotations

from collections import Counter

from roadmap_site.model.diagnostic import Report, Rule
from roadmap_site.report.text import summary_text


def counts(report: Report) -> list[tuple[Rule, int, int]]:
    """Each rule that found something, how much, and how much of it comes with a fix.

    The most frequent first.
    """
    found = Counter(diagnostic.rule for diagnostic in report)
    fixable = Counter(diagnostic.rule for diagnostic in report if diagnostic.fix)
    return [
        (rule, count, fixable[rule])
        for rule, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0].code))
    ]


def statistics_text(report: Report) -> str:
    """The counts as a table, and a last line that sums them up."""
    rows = counts(report)
    width = max((len(str(count)) for _, count, _ in rows), default=0)
    name_width = max((len(rule.name) for rule, _, _ in rows), default=0)
    lines = [
        f"{count:>{width}}  {rule.code}  {rule.name:<{name_width}}  {rule.severity.value}"
        + (f" ({fixable} fixable)" if fixable else "")
        for rule, count, fixable in rows
    ]
    return "\n".join([*lines, summary_text(report)])

"""Links as text, for a terminal or a log."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from roadmap_site.model.diagnostic import CITED_LENGTH, Report, Severity
from roadmap_site.model.links import LinkReport
from roadmap_site.report.links import gravity, links_summary
from roadmap_site.report.text import WIDTH, diagnostic_text, footer_text, summary_text

_SEVERITIES = list(Severity)


def links_text(
    links: LinkReport, report: Report, *, prefix: str = "", color: bool = False, width: int = WIDTH
) -> str:
    """Every fault, and lines that sum up; `width` is that of excerpts.

    The gravest last, beside the verdict: who reads a long list begins at its end. What is to be
    done about several in a row is said once, below them.
    """
    mildest_first = sorted(
        report, key=lambda d: (_SEVERITIES.index(d.rule.severity), gravity(d)), reverse=True
    )
    texts = []
    for fault, below in zip_longest(mildest_first, mildest_first[1:]):
        is_said_below = below and (below.rule.code, below.hint) == (fault.rule.code, fault.hint)
        is_short = fault.rule.severity is Severity.INFO and len(fault.span.text) <= CITED_LENGTH
        text = diagnostic_text(
            replace(fault, hint="") if is_said_below else fault,
            prefix=prefix,
            color=color,
            help_url=report.help_url(fault.rule),
            width=0 if is_short else width,  # the message has the whole address
        )
        texts.append(text.rstrip("\n") if is_short and is_said_below else text)
    # Where there is no network, that line is all there is to say.
    verdict = [summary_text(report)] if links.has_network or texts else []
    footer = footer_text(replace(report, diagnostics=tuple(mildest_first[-1:])))
    return "\n".join([*texts, links_summary(links), *verdict, *([footer] if footer else [])])

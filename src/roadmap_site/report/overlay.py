"""A report as an overlay on the page that an editor is looking at."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from roadmap_site.model.diagnostic import Report, Severity
from roadmap_site.report.text import diagnostic_text, summary_text

SHOWN_AT_MOST = 20
_STYLE = (
    "position:fixed;inset:auto 0 0;z-index:99;box-sizing:border-box;max-height:60vh;overflow:auto;"
    "padding:1rem 1.5rem;border-top:4px solid #d1242f;background:#fff;color:#14181f;"
    "font-size:1rem;color-scheme:light"
)
"""Written into the overlay: readers need not load it, and a style sheet may be what is at fault."""


def overlay_html(report: Report) -> str:
    """What keeps the page from being rebuilt, for the end of its body. Escaped throughout."""
    errors = [d for d in report if d.rule.severity is Severity.ERROR]
    texts = [diagnostic_text(d).rstrip() for d in errors[:SHOWN_AT_MOST]]
    if len(errors) > SHOWN_AT_MOST:
        texts.append(f"and {len(errors) - SHOWN_AT_MOST} more")
    return _overlay(summary_text(report), texts)


def failure_html(messages: Sequence[str]) -> str:
    """The same where no YAML is at fault but the configuration, a template or a page."""
    return _overlay("The site cannot be rebuilt", messages[:SHOWN_AT_MOST])


def _overlay(title: str, texts: Sequence[str]) -> str:
    listed = "\n\n".join(texts)
    return (
        f'<aside class="rm-overlay" role="alert" aria-label="{escape(title)}" style="{_STYLE}">'
        f"<h2>{escape(title)}</h2>"
        "<p>This is the last good site. It follows again once this is mended.</p>"
        f'<pre tabindex="0" style="overflow:auto">{escape(listed)}</pre></aside>'
    )

"""A report as an overlay on the page that an editor is looking at."""

from __future__ import annotations

from html import escape

from roadmap_site.model.diagnostic import Report, Severity
from roadmap_site.report.text import diagnostic_text, summary_text

SHOWN_AT_MOST = 20


def overlay_html(report: Report) -> str:
    """What keeps the page from being rebuilt, for the end of its body. Escaped throughout."""
    errors = [d for d in report if d.rule.severity is Severity.ERROR]
    texts = [diagnostic_text(d).rstrip() for d in errors[:SHOWN_AT_MOST]]
    if len(errors) > SHOWN_AT_MOST:
        texts.append(f"and {len(errors) - SHOWN_AT_MOST} more")
    listed = "\n\n".join(texts)
    return (
        '<aside class="rm-overlay" role="alert" aria-label="Faults in the curriculum">'
        f"<h2>{escape(summary_text(report))}</h2>"
        "<p>This is the last good site. It follows again once this is mended.</p>"
        f'<pre tabindex="0">{escape(listed)}</pre></aside>'
    )

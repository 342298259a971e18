"""Reports as text and as HTML. Pure: nothing here prints."""

from roadmap_site.report.overlay import failure_html, overlay_html
from roadmap_site.report.text import diagnostic_text, printable, report_text, summary_text

__all__ = [
    "diagnostic_text",
    "failure_html",
    "overlay_html",
    "printable",
    "report_text",
    "summary_text",
]

"""Reports as text and as HTML. Pure: nothing here prints."""

from roadmap_site.report.overlay import overlay_html
from roadmap_site.report.text import diagnostic_text, report_text, summary_text

__all__ = ["diagnostic_text", "overlay_html", "report_text", "summary_text"]

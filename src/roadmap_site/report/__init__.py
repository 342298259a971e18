"""Reports as text. Pure: nothing here prints."""

from roadmap_site.report.text import diagnostic_text, report_text

__all__ = ["diagnostic_text", "report_text"]

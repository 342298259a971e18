"""Reports as text, HTML and what programs read; rules as text. Pure: nothing here prints."""

from roadmap_site.report.counts import statistics_text
from roadmap_site.report.github import report_github
from roadmap_site.report.links import links_github, links_json, links_summary
from roadmap_site.report.links_markdown import links_markdown
from roadmap_site.report.links_text import links_text
from roadmap_site.report.overlay import failure_html, overlay_html
from roadmap_site.report.rules import rule_text, rules_json, rules_text
from roadmap_site.report.sarif import report_sarif
from roadmap_site.report.structured import report_json
from roadmap_site.report.text import (
    counted,
    diagnostic_text,
    diff_text,
    footer_text,
    mended_text,
    printable,
    report_text,
    summary_text,
)

__all__ = [
    "counted",
    "diagnostic_text",
    "diff_text",
    "failure_html",
    "footer_text",
    "links_github",
    "links_json",
    "links_markdown",
    "links_summary",
    "links_text",
    "mended_text",
    "overlay_html",
    "printable",
    "report_github",
    "report_json",
    "report_sarif",
    "report_text",
    "rule_text",
    "rules_json",
    "rules_text",
    "statistics_text",
    "summary_text",
]

"""A learning curriculum kept as YAML, checked, and rendered as a site that learners finish.

from roadmap_site import check, load, render

loaded = load("curriculum")
report = check(loaded)
if loaded.curriculum and not report.fails():
    for page in render(loaded.curriculum).pages:
        print(page.path, page.title)
"""

from roadmap_site.check import RULES, check
from roadmap_site.load import Loaded, load
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Diagnostic, Report, Rule, Severity
from roadmap_site.model.source import Span
from roadmap_site.render import Page, Site, render

__version__ = "0.1.0"

__all__ = [
    "RULES",
    "Curriculum",
    "Diagnostic",
    "Loaded",
    "Page",
    "Report",
    "Rule",
    "Severity",
    "Site",
    "Span",
    "__version__",
    "check",
    "load",
    "render",
]

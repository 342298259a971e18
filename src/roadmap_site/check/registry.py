"""Every rule, once, in order of code."""

from __future__ import annotations

from roadmap_site.check import acceptances, settings, suppressions
from roadmap_site.check.rules import references, resources, structure, workload
from roadmap_site.load import faults
from roadmap_site.model.diagnostic import Rule

RULES: tuple[Rule, ...] = (
    *faults.RULES,
    *structure.RULES,
    *references.RULES,
    *workload.RULES,
    *resources.RULES,
    *acceptances.RULES,
    *suppressions.RULES,
    *settings.RULES,
)

"""Every rule, once, in order of code."""

from __future__ import annotations

from roadmap_site.check import acceptances, identity, settings, suppressions
from roadmap_site.check.rules import (
    addresses,
    ids,
    links,
    numbering,
    pages,
    prose,
    references,
    resources,
    structure,
    values,
    vocabulary,
    workload,
)
from roadmap_site.load import faults
from roadmap_site.model.diagnostic import Rule

_FAMILIES = (
    faults,
    ids,
    numbering,
    structure,
    values,
    references,
    vocabulary,
    workload,
    resources,
    addresses,
    prose,
    pages,
    links,
    identity,
    acceptances,
    suppressions,
    settings,
)

RULES: tuple[Rule, ...] = tuple(
    sorted((rule for family in _FAMILIES for rule in family.RULES), key=lambda rule: rule.code)
)

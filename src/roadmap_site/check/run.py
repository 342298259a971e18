"""A loaded curriculum to a report."""

from __future__ import annotations

from collections.abc import Sequence

from roadmap_site.check import acceptances, settings, suppressions
from roadmap_site.check.registry import RULES
from roadmap_site.load import Loaded
from roadmap_site.load.project import without_gc
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.index import Index


def check(
    loaded: Loaded, *, select: Sequence[str] | None = None, ignore: Sequence[str] | None = None
) -> Report:
    """Run every rule; the loader's own faults come first into the same report.

    Works on what could be read: rules leave out what a fault of shape has already said. `select`
    and `ignore` (codes, names, beginnings of codes) stand in place of what `check:` in
    curriculum.yml says; errors are always looked for. Raises SelectionError where they name no
    rule, or ignore an error.
    """
    settings.ensure_selection(select or (), ignore or (), RULES)
    found: list[Diagnostic] = list(loaded.diagnostics)
    accepted: list[tuple[Diagnostic, str]] = []
    own = loaded.curriculum.about.check if loaded.curriculum else None
    if loaded.curriculum is not None:
        index = Index(loaded.curriculum)
        with without_gc():
            for rule in RULES:
                if rule.run is not None:
                    found += rule.run(index)
            found, accepted = _set_aside(index, found)
            if own is not None:
                found += settings.faults(own, _paths(loaded.curriculum), RULES)
    found = settings.apply(own, found, RULES, select=select, ignore=ignore)
    # What an alias repeats is wrong once.
    return Report(
        tuple(sorted(dict.fromkeys(found), key=lambda d: d.sort_key)),
        tuple(sorted(accepted, key=lambda pair: pair[0].sort_key)),
        settings.docs_url(own),
    )


def _set_aside(
    index: Index, found: list[Diagnostic]
) -> tuple[list[Diagnostic], list[tuple[Diagnostic, str]]]:
    """What is left of what was found, and what is accepted in place with the reasons."""
    is_settled = not any(d.rule.severity is Severity.ERROR for d in found)
    own = index.curriculum.about.check
    warnings = {rule.code for rule in RULES if rule.severity is Severity.WARNING}
    warnings |= settings.raised(own, RULES)
    found, accepted = acceptances.apply(index, found, RULES, warnings, is_settled=is_settled)
    # Pages are not among the curriculum's own files.
    files = {*index.curriculum.files.values(), *(diagnostic.span.file for diagnostic in found)}
    found, suppressed = suppressions.apply(files, found, RULES, is_settled=is_settled)
    return found, accepted + suppressed


def _paths(curriculum: Curriculum) -> list[str]:
    return [*curriculum.files, *(file.path for file in curriculum.unread)]

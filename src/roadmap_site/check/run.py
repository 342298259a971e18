"""A loaded curriculum to a report."""

from __future__ import annotations

from roadmap_site.check import acceptances
from roadmap_site.check.identity import check_since
from roadmap_site.check.registry import RULES
from roadmap_site.load import Loaded
from roadmap_site.load.project import without_gc
from roadmap_site.model.diagnostic import Diagnostic, Report
from roadmap_site.model.index import Index


def check(loaded: Loaded, *, since: Loaded | None = None) -> Report:
    """Run every rule; the loader's own faults come first into the same report.

    `since` is an older revision, whose ids and addresses have to be kept. Works on what could be
    read: rules leave out what a fault of shape has already said.
    """
    found: list[Diagnostic] = list(loaded.diagnostics)
    accepted: list[tuple[Diagnostic, str]] = []
    if loaded.curriculum is not None:
        index = Index(loaded.curriculum)
        with without_gc():
            for rule in RULES:
                if rule.run is not None:
                    found += rule.run(index)
            if since is not None:
                found += check_since(since, loaded)
            found, accepted = acceptances.apply(index, found, RULES)
    # What an alias repeats is wrong once.
    return Report(tuple(sorted(dict.fromkeys(found), key=lambda d: d.sort_key)), tuple(accepted))

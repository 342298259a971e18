"""A loaded curriculum to a report."""

from __future__ import annotations

from collections.abc import Sequence

from roadmap_site.check import acceptances, settings, suppressions
from roadmap_site.check.identity import check_since
from roadmap_site.check.registry import RULES
from roadmap_site.load import Loaded
from roadmap_site.load.project import without_gc
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.index import Index


def check(
    loaded: Loaded,
    *,
    since: Loaded | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> Report:
    """Run every rule; the loader's own faults come first into the same report.

    `since` is an older revision, whose ids and addresses have to be kept. Works on what could be
    read: rules leave out what a fault of shape has already said. `select` and `ignore` (codes,
    names, beginnings of codes) stand in place of what `check:` in curriculum.yml says; errors are
    always looked for. Raises SelectionError where they name no rule, or ignore an error.
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
            if since is not None:
                found += check_since(since, loaded)
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
    warnings = {rule.code for rule in RULES if rule.is_acceptable}
    warnings |= settings.raised(own, RULES)
    found, accepted = acceptances.apply(index, found, RULES, warnings, is_settled=is_settled)
    pages = (page.file for page in index.curriculum.pages.values())
    files = {*index.curriculum.files.values(), *pages}
    found, suppressed = suppressions.apply(files, found, RULES, is_settled=is_settled)
    return found, accepted + suppressed


def settle(loaded: Loaded, found: Sequence[Diagnostic]) -> Report:
    """What another command found, as `check:`, `accept` and comments in the curriculum have it.

    `select` has no say: who runs that command wants what it finds.
    """
    kept, accepted = list(found), list[tuple[Diagnostic, str]]()
    own = loaded.curriculum.about.check if loaded.curriculum else None
    if loaded.curriculum is not None:
        codes = {rule.code for rule in RULES if rule.command != "check"}
        kept, accepted = _set_aside(Index(loaded.curriculum), kept)
        # What is wrong with the acceptances themselves is for `check` to say.
        kept = [diagnostic for diagnostic in kept if diagnostic.rule.code in codes]
        kept = settings.apply(own, kept, RULES, select=sorted(codes))
    return Report(
        tuple(sorted(kept, key=lambda d: d.sort_key)),
        tuple(sorted(accepted, key=lambda pair: pair[0].sort_key)),
        settings.docs_url(own),
    )


def _paths(curriculum: Curriculum) -> list[str]:
    unread = (file.path for file in curriculum.unread)
    return [*curriculum.files, *unread, *(page.file.path for page in curriculum.pages.values())]

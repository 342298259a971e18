"""RS9xx: warnings accepted at their place in the YAML, with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from roadmap_site.load.decode import nearest
from roadmap_site.model.diagnostic import Diagnostic, Rule, Severity
from roadmap_site.model.index import Index

UNUSED_ACCEPTANCE = Rule(
    "RS901",
    "unused-acceptance",
    Severity.ERROR,
    """An acceptance that accepts nothing.

    What it checks: each code under `accept` names a warning that is found within the mapping it
    stands in.

    Why it matters: what was accepted once has been mended; left behind, it would hide the next
    fault of its kind.

    Example: `accept: {RS302: "the capstone"}` on a week that keeps to the pace

    Use instead: nothing; delete it.
    """,
)
INVALID_ACCEPTANCE = Rule(
    "RS902",
    "invalid-acceptance",
    Severity.ERROR,
    """An acceptance of what is not a warning.

    What it checks: each key under `accept` is the code of a rule that warns.

    Why it matters: errors cannot be accepted, and a misspelt code accepts nothing.

    Example: `accept: {RS32: "the capstone"}`

    Use instead: `accept: {RS302: "the capstone"}`
    """,
)
RULES = (UNUSED_ACCEPTANCE, INVALID_ACCEPTANCE)


def apply(
    index: Index, diagnostics: Iterable[Diagnostic], rules: Iterable[Rule]
) -> tuple[list[Diagnostic], list[tuple[Diagnostic, str]]]:
    """Set accepted warnings aside, and add what is wrong with the acceptances themselves.

    A warning is accepted by the innermost mapping around its place whose `accept` names its code.
    """
    acceptances = [
        (entity, code, reason)
        for entity in index.entities
        for code, reason in (entity.accept or {}).items()
    ]
    left = list(diagnostics)
    if not acceptances:
        return left, []
    warnings = {rule.code for rule in rules if rule.severity is Severity.WARNING}
    accepted: list[tuple[Diagnostic, str]] = []
    used: set[int] = set()
    # Innermost first: entities come parents before children.
    for position in reversed(range(len(acceptances))):
        entity, code, reason = acceptances[position]
        if code not in warnings:
            continue
        span = entity.node.span
        kept = []
        for diagnostic in left:
            if diagnostic.rule.code == code and span.contains(diagnostic.span):
                accepted.append((diagnostic, reason))
                used.add(position)
            else:
                kept.append(diagnostic)
        left = kept
    for position, (entity, code, _) in enumerate(acceptances):
        where = entity.node.at("accept", code)
        if code not in warnings:
            near = nearest(code, sorted(warnings))
            left.append(
                INVALID_ACCEPTANCE.at(
                    where,
                    f"`{code[:40]}` is not the code of a warning",
                    hint=f"did you mean `{near}`?" if near else "errors cannot be accepted",
                )
            )
        elif position not in used and not index.curriculum.broken:
            left.append(
                UNUSED_ACCEPTANCE.at(
                    where, f"nothing here is in want of accepting {code}", hint="delete it"
                )
            )
    accepted.sort(key=lambda pair: pair[0].sort_key)
    return left, accepted

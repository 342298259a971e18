"""RS9xx: warnings accepted at their place in the YAML, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from roadmap_site.edit.trees import delete_key
from roadmap_site.load.spelling import nearest
from roadmap_site.model.diagnostic import Diagnostic, Fix, Rule, Severity, cited
from roadmap_site.model.index import Index
from roadmap_site.model.source import Node, Span

UNUSED_ACCEPTANCE = Rule(
    "RS901",
    "unused-acceptance",
    Severity.ERROR,
    """An acceptance that accepts nothing.

    What it checks: each code under `accept` names a warning that is found within the mapping it
    stands in, once there are no other errors.

    Why it matters: what was accepted once has been mended; left behind, it would hide the next
    fault of its kind.

    Example: `accept: {RS302: "the capstone"}` on a week that keeps to the pace

    Use instead: nothing; delete it.
    """,
    fixable=True,
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
    index: Index,
    diagnostics: list[Diagnostic],
    rules: Iterable[Rule],
    warnings: Collection[str],
    *,
    is_settled: bool,
) -> tuple[list[Diagnostic], list[tuple[Diagnostic, str]]]:
    """Set accepted warnings aside, and add what is wrong with the acceptances themselves.

    A warning is accepted by the innermost mapping around its place whose `accept` names its code.
    `warnings` are the codes that can be accepted; `is_settled`: there are no errors, so that what
    was not found is not there (a rule holds its tongue where an error has the same cause).
    """
    acceptances = [
        (entity.node, code, reason)
        for entity in index.entities
        for code, reason in (entity.accept or {}).items()
    ]
    left = diagnostics
    if not acceptances:
        return left, []
    by_word = {word: rule for rule in rules for word in (rule.code, rule.name)}
    accepted: list[tuple[Diagnostic, str]] = []
    used: set[Span] = set()
    # Innermost first: entities come parents before children.
    for node, code, reason in reversed(acceptances):
        if code not in warnings:
            continue
        span = node.span
        kept = []
        for diagnostic in left:
            if diagnostic.rule.code == code and span.contains(diagnostic.span):
                accepted.append((diagnostic, reason))
                used.add(_place(node, code))
            else:
                kept.append(diagnostic)
        left = kept
    # By how many of its acceptances each mapping is in want of its `accept`.
    of_use = Counter(
        node.span
        for node, code, _ in acceptances
        if code not in warnings or _place(node, code) in used
    )
    for node, code, _ in acceptances:
        where = _place(node, code)
        if code not in warnings:
            message = f"{cited(code)} is not the code of a warning"
            hint = hint_for(code, by_word, warnings)
            left.append(INVALID_ACCEPTANCE.at(where, message, hint=hint))
        elif where not in used and is_settled and by_word[code].is_certain:
            message = f"nothing here is in want of accepting {code}"
            fix = _removal(node, code, whole=not of_use[node.span])
            left.append(UNUSED_ACCEPTANCE.at(where, message, hint="delete it", fix=fix))
    return left, accepted


def hint_for(code: str, by_word: Mapping[str, Rule], known: Collection[str]) -> str:
    """How to mend a code that is none of the `known`, which may be accepted or suppressed."""
    rule = by_word.get(code)
    if rule is None:
        near = nearest(code, sorted(known))
        return f"did you mean `{near}`?" if near else "write the code that the warning shows"
    if rule.code in known:
        return f"write its code, {rule.code}"
    if rule.is_binding:
        return "errors cannot be accepted; mend it, and delete this"
    return "delete it: infos never fail"


def _place(node: Node, code: str) -> Span:
    return (node.under("accept") or node).key_span(code)


def _removal(node: Node, code: str, *, whole: bool) -> Fix | None:
    """Delete an acceptance; with its key where nothing else would be left under it."""
    holder = None if whole else node.under("accept")
    edit = delete_key(holder, code) if holder else delete_key(node, "accept")
    return Fix(f"deletes the acceptance of {code}", (edit,)) if edit else None

"""What became of links, as faults at the places where they stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from roadmap_site.check.rules.links import rule_of
from roadmap_site.links.mending import Find, sound_edits
from roadmap_site.model.diagnostic import Diagnostic, Edit, Fix, Rule, Severity, cited, shortened
from roadmap_site.model.links import CheckedLink, LinkReport, LinkStatus, Mention, leads_out
from roadmap_site.model.source import Span

FAILING = (LinkStatus.BROKEN, LinkStatus.INVALID)
"""What is an error wherever it is new."""
DETAIL_LENGTH = 160
"""Characters of a detail in a message."""
REPLACEMENT_LENGTH = 400
"""Characters of an address that a hint gives in full; `--fix` writes longer ones too."""

_SEEN = {
    LinkStatus.BROKEN: "leads nowhere",
    LinkStatus.INVALID: "is not an address that everybody can open",
    LinkStatus.FRAGMENT: "misses its anchor",
    LinkStatus.SUSPECT: "looks as if its page were gone",
    LinkStatus.TLS: "makes browsers warn",
    LinkStatus.FLAKY: "did not work today",
    LinkStatus.TIMEOUT: "kept silent",
    LinkStatus.BLOCKED: "could not be checked",
    LinkStatus.MOVED: "has moved for good",
    LinkStatus.UNCHECKED: "was not asked for",
}
_HINTS = {
    LinkStatus.BROKEN: "write the address that it has now, or take another resource",
    LinkStatus.INVALID: "write an address that everybody can open: http or https, a public host",
    LinkStatus.FRAGMENT: "write an anchor that the page has, or the address without one",
    LinkStatus.SUSPECT: "open it in a browser, and write the address that has what is meant",
    LinkStatus.TLS: "open it in a browser; where that warns too, take another resource",
    LinkStatus.FLAKY: "nothing to do now; look again in some days",
    LinkStatus.TIMEOUT: "nothing to do now; look again in some days",
    LinkStatus.BLOCKED: "open it in a browser; where a person sees the page, all is well",
    LinkStatus.MOVED: "write the address that it leads to",
    LinkStatus.UNCHECKED: "nothing to do now; a later run asks for it",
}
_WAS_BROKEN = "it was broken before: open it in a browser; where it works, accept RS801 in its line"
_WITHIN = "write a page or an anchor that the site has"
_WHOLE_SITE = "where the whole site is checked, not here"


def diagnose(
    report: LinkReport, *, strict: Collection[LinkStatus] = (), find: Find | None = None
) -> list[Diagnostic]:
    """A fault for each place of each link that is not ok.

    Broken and invalid ones, and those of a `strict` status, are errors at changed places; at
    others broken and invalid ones are infos, within the site warnings: the change may have taken
    away what they lead to. What was broken before, and may still be, is a warning too. A moved
    link comes with a fix at each changed place that has the address to the letter, where `find`,
    which reads a file's addresses anew, shows that nothing else changes with it. Without `find`
    there are no fixes.
    """
    edits = _edits(report, find) if find else {}
    return [
        _diagnostic(rule, link, mention, strict, edits)
        for link in report.links
        if (rule := rule_of(link))
        for mention in link.mentions
    ]


def _edits(report: LinkReport, find: Find) -> dict[Span, Edit]:
    wanted = [
        (mention, link.judged.replacement)
        for link in report.of(LinkStatus.MOVED)
        for mention in link.mentions
        if mention.is_literal and mention.is_changed
    ]
    return sound_edits(wanted, find)


def _diagnostic(
    rule: Rule,
    link: CheckedLink,
    mention: Mention,
    strict: Collection[LinkStatus],
    edits: dict[Span, Edit],
) -> Diagnostic:
    edit = edits.get(mention.span)
    return _told(rule, link, mention, strict).at(
        mention.span,
        _message(link),
        hint=_hint(link, mention),
        fix=Fix(f"writes {_shown(link.judged.replacement)}", (edit,)) if edit else None,
    )


def _told(rule: Rule, link: CheckedLink, mention: Mention, strict: Collection[LinkStatus]) -> Rule:
    """The rule, as grave as it is at a place."""
    if mention.is_changed and (link.status in FAILING or link.status in strict):
        return _graded(rule, Severity.ERROR)
    if link.status in FAILING:
        # A page of this site that is gone may be so by the change itself.
        return _graded(rule, Severity.WARNING if _is_within(link) else Severity.INFO)
    return _graded(rule, Severity.WARNING) if link.judged.was_broken else rule


def _graded(rule: Rule, severity: Severity) -> Rule:
    return rule if rule.severity is severity else replace(rule, severity=severity)


def _message(link: CheckedLink) -> str:
    seen = f"{cited(link.url)} {_SEEN[link.status]}"
    detail = shortened(link.judged.detail, DETAIL_LENGTH)
    return seen if not detail or _SEEN[link.status].endswith(detail) else f"{seen}: {detail}"


def _hint(link: CheckedLink, mention: Mention) -> str:
    if link.judged.replacement:
        return f"write {_shown(link.judged.replacement)}"
    if link.judged.was_broken and link.status in (LinkStatus.BLOCKED, LinkStatus.SUSPECT):
        return _WAS_BROKEN  # which no later run may see mended
    is_within = _is_within(link)
    hint = _WITHIN if is_within else _HINTS[link.status]
    if link.status not in FAILING or mention.is_changed:
        return hint
    return f"{hint}; its line is not new, and fails {_WHOLE_SITE if is_within else 'nothing'}"


def _is_within(link: CheckedLink) -> bool:
    """Whether it misses a page or an anchor of this site."""
    return link.status in (LinkStatus.BROKEN, LinkStatus.FRAGMENT) and not leads_out(link.url)


def _shown(address: str) -> str:
    return f"`{shortened(address, REPLACEMENT_LENGTH)}`"

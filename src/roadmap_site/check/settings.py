"""RS904-RS906: `check:` in curriculum.yml, which says what is looked for and how grave it is.

Errors are out of its reach: rendering relies on a curriculum without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from roadmap_site.check.rules.addresses import bad_url, url_fault
from roadmap_site.check.selectors import closeness, matching, nearest_rule
from roadmap_site.model.curriculum import CheckSettings
from roadmap_site.model.diagnostic import Diagnostic, Rule, Severity, cited
from roadmap_site.model.source import Span

UNKNOWN_RULE = Rule(
    "RS904",
    "unknown-rule",
    Severity.ERROR,
    """A setting that names no rule.

    What it checks: each word under `select`, `ignore`, `per_path` and `severity` of `check:` is a
    rule's code (`RS209`), its name (`item-without-topic`) or the beginning of codes (`RS2`).

    Why it matters: a misspelt rule is set for nothing, and what it was to leave out is reported.

    Example: `ignore: [RS290]`

    Use instead: `ignore: [RS209]`
    """,
)
SILENCED_ERROR = Rule(
    "RS905",
    "silenced-error",
    Severity.ERROR,
    """A setting that leaves out an error, or makes it less than one.

    What it checks: the rules under `ignore` and `per_path` are not errors of `check`, and none of
    those under `severity` is one that becomes a warning or an info. Those of `links` may be.

    Why it matters: no page can be made of what errors find, so they are always looked for.

    Example: `ignore: [RS201]`

    Use instead: nothing; mend what the error finds.
    """,
)
UNMATCHED_PATH = Rule(
    "RS906",
    "unmatched-path",
    Severity.ERROR,
    """A pattern that no file of the curriculum matches.

    What it checks: each pattern under `per_path` matches a file: with forward slashes, relative to
    the curriculum folder, `*` for any part of one name and `**` for any folders.

    Why it matters: what it was to leave out is reported, or its file is gone and it would hide the
    faults of the next one of that name.

    Example: `per_path: {"curriculum/tracks/draft/*": [RS3]}`

    Use instead: `per_path: {"tracks/draft/*": [RS3]}`
    """,
)
RULES = (UNKNOWN_RULE, SILENCED_ERROR, UNMATCHED_PATH)


class SelectionError(ValueError):
    """What the caller of a check selects or ignores is no rule, or an error."""


def ensure_selection(select: Iterable[str], ignore: Iterable[str], rules: Sequence[Rule]) -> None:
    """Raise SelectionError where a word names no rule, or leaves out an error."""
    for words, silences in ((select, False), (ignore, True)):
        for word in words:
            if fault := _fault(word, rules, silences=silences):
                _, message, hint = fault
                raise SelectionError(f"{message} ({hint})")


def faults(
    settings: CheckSettings, paths: Collection[str], rules: Sequence[Rule]
) -> Iterator[Diagnostic]:
    """What is wrong with the settings themselves; `paths` are the curriculum's files."""
    for word, span, silences in _words(settings):
        if fault := _fault(word, rules, silences=silences):
            rule, message, hint = fault
            yield rule.at(span, message, hint=hint)
    patterns = settings.node.under("per_path")
    for pattern in settings.per_path or ():
        if patterns and not any(matches(path, pattern) for path in paths):
            yield UNMATCHED_PATH.at(
                patterns.key_span(pattern),
                f"no file of the curriculum matches {cited(pattern)}",
                hint="write it with / and from the curriculum folder on: `tracks/draft/**`",
            )
    if settings.docs_url and (wrong := url_fault(settings.docs_url)):
        hint = "give the address of the published site's home page"
        yield bad_url.at(settings.node.at("docs_url"), wrong, hint=hint)


def docs_url(settings: CheckSettings | None) -> str:
    """The address of the site that explains the rules; empty where none can be linked to."""
    url = settings.docs_url if settings else ""
    return "" if url_fault(url) else url


def apply(
    settings: CheckSettings | None,
    diagnostics: list[Diagnostic],
    rules: Sequence[Rule],
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> list[Diagnostic]:
    """What is left of the diagnostics, each of the severity it was given.

    `select` and `ignore` stand in place of the settings' own.
    """
    if settings is None and select is None and ignore is None:
        return diagnostics
    if settings is not None:
        select = settings.select if select is None else select
        ignore = settings.ignore if ignore is None else ignore
    free = [rule for rule in rules if not rule.is_binding]
    changed = _given_severities(settings, free)
    unwanted = _unwanted(select, ignore or (), free)
    unwanted_at = {
        pattern: {rule.code for word in words for rule in matching(word, free)}
        for pattern, words in ((settings and settings.per_path) or {}).items()
    }
    unwanted_in = {
        path: unwanted.union(
            *(codes for pattern, codes in unwanted_at.items() if matches(path, pattern))
        )
        for path in {diagnostic.span.file.path for diagnostic in diagnostics}
    }
    return [
        # What somebody graded already, by its place say, stays so.
        replace(diagnostic, rule=changed[code])
        if code in changed and diagnostic.rule in rules
        else diagnostic
        for diagnostic in diagnostics
        if (code := diagnostic.rule.code) not in unwanted_in[diagnostic.span.file.path]
    ]


def _unwanted(
    select: Sequence[str] | None, ignore: Sequence[str], free: Sequence[Rule]
) -> set[str]:
    """The codes that are ignored or not selected; where both name a rule, the closer word holds."""
    wanted = dict.fromkeys((rule.code for rule in free), 0 if select is None else -1)
    for word in select or ():
        for rule in matching(word, free):
            wanted[rule.code] = max(wanted[rule.code], closeness(word))
    unwanted = {code for code, close in wanted.items() if close < 0}
    for word in ignore:
        unwanted |= {r.code for r in matching(word, free) if closeness(word) >= wanted[r.code]}
    return unwanted


def raised(settings: CheckSettings | None, rules: Sequence[Rule]) -> set[str]:
    """The codes of infos that the settings make more than infos."""
    changed = _given_severities(settings, [r for r in rules if r.severity is Severity.INFO])
    return {code for code, rule in changed.items() if rule.severity is not Severity.INFO}


def matches(path: str, pattern: str) -> bool:
    """Whether a path matches a pattern: `*` and `?` within a name, `**` for any folders."""
    steps = pattern.split("/")
    # Every place in the pattern that the path read so far can have come to: no going back, which
    # a stranger's pattern could make endless.
    places = {0}
    for part in path.split("/"):
        places = _past_folders(steps, places)
        reached = {at for at in places if at < len(steps) and steps[at] == "**"}
        reached |= {
            at + 1 for at in places - reached if at < len(steps) and fnmatchcase(part, steps[at])
        }
        places = reached
    return len(steps) in _past_folders(steps, places)


def _past_folders(steps: Sequence[str], places: set[int]) -> set[int]:
    """The places, and those behind a `**`, which may stand for no folder at all."""
    found = set(places)
    for at in sorted(places):
        while at < len(steps) and steps[at] == "**":
            at += 1
            found.add(at)
    return found


def _given_severities(settings: CheckSettings | None, free: Sequence[Rule]) -> dict[str, Rule]:
    """The rules as the settings have them, by code; the closest word about a rule holds."""
    changed = {}
    given = (settings and settings.severity) or {}
    for word in sorted(given, key=closeness):
        for rule in matching(word, free):
            changed[rule.code] = replace(rule, severity=Severity(given[word]))
    return changed


def _words(settings: CheckSettings) -> Iterator[tuple[str, Span, bool]]:
    """Every word that is to name rules, its place, and whether it leaves them out."""
    node = settings.node
    for position, word in enumerate(settings.select or ()):
        yield word, node.at("select", position), False
    for position, word in enumerate(settings.ignore):
        yield word, node.at("ignore", position), True
    for pattern, words in (settings.per_path or {}).items():
        for position, word in enumerate(words):
            yield word, node.at("per_path", pattern, position), True
    severities = node.under("severity")
    for word, severity in (settings.severity or {}).items():
        if severities:
            yield word, severities.key_span(word), Severity(severity) is not Severity.ERROR


def _fault(word: str, rules: Sequence[Rule], *, silences: bool) -> tuple[Rule, str, str] | None:
    """The rule that a word offends against, a message and a hint."""
    meant = matching(word, rules)
    if not meant:
        near = nearest_rule(word, rules)
        hint = f"did you mean `{near}`?" if near else "`roadmap-site rule` lists them all"
        return UNKNOWN_RULE, f"there is no rule {cited(word)}", hint
    if silences and all(rule.is_binding for rule in meant):
        what = "is an error" if len(meant) == 1 else "are all errors"
        message = f"{cited(word)} {what}, and errors are always looked for"
        return SILENCED_ERROR, message, "delete it, and mend what it finds"
    return None

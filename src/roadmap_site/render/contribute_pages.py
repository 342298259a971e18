"""The pages for editors: how to contribute, and a page for each rule of the check."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from roadmap_site.check import RULES
from roadmap_site.model.curriculum import Item, Week, weeks_of
from roadmap_site.model.diagnostic import Rule
from roadmap_site.model.source import Span
from roadmap_site.render.keys import key_tables
from roadmap_site.render.page import Draft, SearchEntry, clip, search_text
from roadmap_site.render.road import Road
from roadmap_site.render.templates import highlighted

View = dict[str, Any]

HOME, RULES_HOME = "contribute/", "contribute/rules/"
LONGEST_WEEK, LONGEST_LINE = 40, 200
"""Lines of the week that is shown, and characters of each: a long one hides how short most are."""
_TITLE = "How to contribute"
_SECTIONS = (
    ("small", "A small change"),
    ("files", "Where things are"),
    ("one-week", "One week"),
    ("add", "Add a week"),
    ("keys", "The keys"),
    ("messages", "What the messages mean"),
    ("links", "Links"),
    ("ids", "Ids, and what not to break"),
    ("commands", "The commands"),
)
_GROUPS = {
    "0": "Reading the files",
    "1": "Ids, order and structure",
    "2": "Topics and other references",
    "3": "Hours and lengths",
    "4": "Resources and addresses",
    "5": "Ticks and addresses across edits",
    "6": "Words",
    "7": "Pages written by hand",
    "8": "What links lead to",
    "9": "What is accepted, selected and ignored",
}
"""What the rules of each hundred are about."""


def contribute_pages(road: Road, repository: str, schemas: Collection[str]) -> Iterator[Draft]:
    """The pages about the data as such. `schemas` are the site paths of its JSON Schemas."""
    yield _contribute(road, repository, schemas)
    yield _rules()
    for position, rule in enumerate(RULES):
        yield _rule(rule, RULES[:position][-1:], RULES[position + 1 :][:1])


def _contribute(road: Road, repository: str, schemas: Collection[str]) -> Draft:
    week = _exemplary_week(road)
    shown = [(anchor, title) for anchor, title in _SECTIONS if anchor != "one-week" or week]
    return Draft(
        path=HOME,
        template="contribute",
        view={
            "kind": "contribute",
            "track": None,
            "title": _TITLE,
            "repository": repository,
            "headings": dict(_SECTIONS),
            "week": _week_view(road, week) if week else None,
            "tables": key_tables(),
            "schemas": [
                {"name": path.rpartition("/")[2].removesuffix(".json"), "url": path}
                for path in schemas
            ],
            "rules": len(RULES),
        },
        title=_TITLE,
        description=clip(
            "How this site's curriculum is kept: one real week of it, every key, how to add a "
            "week, and what the messages of the check mean."
        ),
        is_prose=True,
        sections=tuple((f"_{anchor}", title) for anchor, title in shown),
        search=SearchEntry(
            _TITLE, search_text("edit", "add a week", "YAML", "pull request", "links")
        ),
    )


# ------------------------------------------------------------------------------- one real week


def _exemplary_week(road: Road) -> Week | None:
    """The week of the curriculum that shows most of what a week can hold in a few lines."""
    weeks = [week for track in road.index.curriculum.tracks for _, week in weeks_of(track)]
    short = [week for week in weeks if _length(week) <= LONGEST_WEEK]
    if short:
        return max(short, key=lambda week: (_variety(week), -_length(week)))
    return min(weeks, key=_length, default=None)


def _variety(week: Week) -> int:
    """How many of the things that new editors want to see a week has."""
    items: list[Item] = [*week.topics, *week.practice]
    # A plain item's node is a string, and has no keys.
    plain = [item for item in week.topics if item.node.under("text") is None]
    return sum(
        map(
            bool,
            (
                plain,
                len(plain) < len(week.topics),
                any(item.teaches for item in items),
                week.practice,
                week.projects,
                week.resources,
                week.time,
                week.goal or week.summary,
            ),
        )
    )


def _length(week: Week) -> int:
    return len(_lines(week.node.span))


def _lines(span: Span) -> list[str]:
    """The lines of a file that a mapping stands on; its end is where the next thing begins."""
    lines = span.file.lines[span.line - 1 : span.end_line]
    if not lines[-1][: span.end_column - 1].strip(" -"):
        lines.pop()
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return lines


def _shown(lines: list[str]) -> Iterator[str]:
    for line in lines[:LONGEST_WEEK]:
        yield line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
    if len(lines) > LONGEST_WEEK:
        yield "# and so on"


def _week_view(road: Road, week: Week) -> View:
    span = week.node.span
    stop = next(stop for stop in road.by_key.values() if stop.entity is week)
    return {
        "source": highlighted("\n".join(_shown(_lines(span))), "yaml"),
        "file": span.file.path,
        "line": span.line,
        "title": stop.title,
        "track": road.cards[stop.place.track.id],
        "label": stop.label,
        "url": stop.url,
        "message": _message(week),
    }


def _message(week: Week) -> str:
    """What the check would say if the key `title` of a week were misspelt."""
    span = week.node.key_span("title")
    line = span.file.line(span.line)
    head, tail = line[: span.column - 1], line[span.end_column - 1 :][:LONGEST_LINE]
    at = f"{span.file.path}:{span.line}:{span.column}"
    margin = " " * len(str(span.line))
    return "\n".join(
        (
            f"{at}: error RS005 unknown-key: a week has no key `titel`",
            f" {span.line} | {head}titel{tail}",
            f" {margin} | {' ' * len(head)}^^^^^",
            "  hint: did you mean `title`?",
        )
    )


# ---------------------------------------------------------------------------------- the rules


def _rules() -> Draft:
    groups = [
        {
            "title": _GROUPS[hundred],
            "rules": [_rule_row(rule) for rule in rules],
        }
        for hundred, rules in groupby(RULES, key=lambda rule: rule.code[2:3])
    ]
    return Draft(
        path=RULES_HOME,
        template="rules",
        view={"kind": "rules", "track": None, "count": len(RULES), "groups": groups},
        title="Rules",
        description=clip(f"The {len(RULES)} rules that this curriculum is checked by."),
        is_prose=True,
        search=SearchEntry("Rules of the check", search_text("rules", "errors", "warnings")),
    )


def _rule_row(rule: Rule) -> View:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "is_fixable": rule.fixable,
        "command": rule.command,
        "summary": rule.sections.summary,
        "url": rule.page,
    }


def _rule(rule: Rule, before: tuple[Rule, ...], after: tuple[Rule, ...]) -> Draft:
    sections = rule.sections
    title = f"{rule.code} {rule.name}"
    words = search_text(rule.code, rule.name, sections.summary, *(text for _, text in sections))
    return Draft(
        path=rule.page,
        template="rule",
        beside="rule-beside",
        view={
            **_rule_row(rule),
            "kind": "rule",
            "track": None,
            "sections": [
                {"heading": name, "text": text[0].upper() + text[1:]}
                for name, text in sections
                if text
            ],
            "prev": _rule_row(before[0]) if before else None,
            "next": _rule_row(after[0]) if after else None,
        },
        title=title,
        description=clip(sections.summary.replace("`", "")),
        is_prose=True,
        search=SearchEntry(f"{title} · rule", words),
        previous=before[0].page if before else "",
        next=after[0].page if after else "",
    )

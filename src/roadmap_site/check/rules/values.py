"""RS1xx: values that are odd where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from roadmap_site.edit import remove_from_list
from roadmap_site.model.curriculum import Block
from roadmap_site.model.diagnostic import Diagnostic, Fix, Related, Severity, cited, rule
from roadmap_site.model.entity import field_types
from roadmap_site.model.index import Index
from roadmap_site.model.source import Span
from roadmap_site.model.values import slug


@cache
def _text_lists(cls: Any) -> tuple[str, ...]:
    """The fields of a class that hold several texts; those of ids are not among them."""
    return tuple(
        name for name, (inner, several) in field_types(cls).items() if several and inner is str
    )


@rule("RS116", "repeated-value", Severity.WARNING, fixable=True)
def repeated_value(index: Index) -> Iterator[Diagnostic]:
    """A list says the same thing twice.

    What it checks: no list of names, authors, tags, tools, variants, packages or points has an
    entry twice, case set aside.

    Why it matters: one of the two was meant to be another, or is left over.

    Example: `also: [CNN, ConvNet, CNN]`

    Use instead: `also: [CNN, ConvNet]`
    """
    for entity in index.entities:
        cls: type = type(entity)
        for name in _text_lists(cls):
            values: tuple[str, ...] = getattr(entity, name) or ()
            if len(values) < 2 or name in ("moved", "retired"):
                continue
            folded = [value.casefold() for value in values]
            if len(set(folded)) == len(folded):
                continue
            for position, value in enumerate(folded):
                first = folded.index(value)
                if first < position:
                    node = entity.node.under(name)
                    edit = remove_from_list(node, position) if node else None
                    yield repeated_value.at(
                        entity.node.at(name, position),
                        f"the list says {cited(values[position])} twice",
                        hint="drop one of the two",
                        related=(Related(entity.node.at(name, first), "first here"),),
                        fix=Fix("drop the second", (edit,)) if edit else None,
                    )


_NUMBERED = re.compile(r"(week|month|day|phase|part|module)s?\s*\d", re.ASCII | re.IGNORECASE)


@rule("RS117", "numbered-title", Severity.WARNING)
def numbered_title(index: Index) -> Iterator[Diagnostic]:
    """A title begins with its own number.

    What it checks: no title of a month, a week or a part of one begins with Week 3, Month 2 or the
    like.

    Why it matters: the number stands in `week` or `month` and is set before the title by the site;
    in the title it becomes a part of the address, which is wrong once a week is put before it.

    Example: `title: "Week 3: Trees"`

    Use instead: `title: Trees`
    """
    for entity in index.entities:
        if isinstance(entity, Block) and _NUMBERED.match(entity.title):
            yield numbered_title.at(
                entity.node.at("title"),
                "the title begins with its number",
                hint="say what it is about; if ticks are stored under it already, pin `id:`",
            )


@rule("RS118", "odd-file-name", Severity.WARNING)
def odd_file_name(index: Index) -> Iterator[Diagnostic]:
    """A file's name has spaces, capitals or the like in it.

    What it checks: the names of months and of the library's files are lower case words joined by
    hyphens. Names of tracks and banks, which are ids, are held to it by malformed-id.

    Why it matters: some systems tell capitals apart and others do not, and a space has to be
    quoted in every command.

    Example: `tracks/python/First Month.yml`

    Use instead: `tracks/python/first-month.yml`
    """
    c = index.curriculum
    for path, file in c.files.items():
        folder, _, name = path.rpartition("/")
        stem = name.rpartition(".")[0]
        if slug(stem) == stem or folder == "questions" or stem == "track":
            continue
        yield odd_file_name.at(
            Span.whole(file),
            f"the file is called {cited(name)}",
            hint=f"rename it {cited((slug(stem) or 'like-this') + '.yml')}, and where it is listed",
        )


_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@rule("RS119", "odd-pay", Severity.WARNING)
def odd_pay(index: Index) -> Iterator[Diagnostic]:
    """A range of pay that cannot be.

    What it checks: its lower end is not above its upper end, neither is 0, and its currency is a
    code of three capitals (ISO 4217).

    Why it matters: people choose what to learn by it.

    Example: `{region: US, text: $90-130K, currency: $, low: 130000, high: 90000}`

    Use instead: `{region: US, text: $90-130K, currency: USD, low: 90000, high: 130000}`
    """
    for track in index.curriculum.tracks:
        for row in track.salaries.rows if track.salaries else ():
            for pay in row.pay:
                if not 0 < pay.low <= pay.high:
                    yield odd_pay.at(
                        pay.node.at("low"),
                        f"pay from {pay.low} to {pay.high} is no range",
                        hint="give whole units of the currency a year, the lower end first",
                    )
                if not _CURRENCY.fullmatch(pay.currency):
                    yield odd_pay.at(
                        pay.node.at("currency"),
                        f"{cited(pay.currency)} is not the code of a currency",
                        hint="write its ISO 4217 code, USD say",
                    )


RULES = (repeated_value, numbered_title, odd_file_name, odd_pay)

"""RS6xx: the words of the curriculum.

Most texts have none of these faults, so a file is searched whole for a sign of one (a substring
takes microseconds) before its entities are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from roadmap_site.check.rules.wording import PLACEHOLDER, has_placeholder, has_slip, slips
from roadmap_site.model.curriculum import Bank, Block, CurriculumFile, Item, Topic, Track
from roadmap_site.model.diagnostic import Diagnostic, Severity, cited, rule
from roadmap_site.model.entity import Entity, field_types
from roadmap_site.model.index import Index
from roadmap_site.model.source import Node, Span
from roadmap_site.model.values import Prose

_CODE = re.compile(r"`[^`]*`")


@cache
def _text_fields(cls: Any, kinds: Any) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (name, several) for name, (inner, several) in field_types(cls).items() if inner in kinds
    )


def _texts(index: Index, is_suspect: Callable[[str], object]) -> Iterator[tuple[str, Span]]:
    """Every text in the files whose own text is suspect."""
    suspects = {path for path, file in index.curriculum.files.items() if is_suspect(file.text)}
    if not suspects:
        return
    for entity in index.entities:
        if entity.node.file.path not in suspects:
            continue
        cls: type = type(entity)
        for name, several in _text_fields(cls, (str, Prose)):
            value = getattr(entity, name)
            node = entity.node.under(name) or entity.node
            if not several:
                if value:
                    yield value, node.span
                continue
            for position, text in enumerate(value or ()):
                yield text, (node.under(position) or node).span


# What a text may have at most, by its key: twice what the five tracks have is still well within.
_MOST: Mapping[type, Mapping[str, int]] = {
    Entity: {"title": 100, "milestone": 100, "label": 60},
    Block: {"short_title": 40},
    Item: {"text": 200},
    Bank: {"summary": 300},
    Topic: {"summary": 300},
    Track: {"summary": 300, "subtitle": 120, "audience": 160, "builds": 240},
    CurriculumFile: {"summary": 300, "tagline": 120},
}
_WHY = {
    "title": "it heads a page, a tab and a search hit, which cut it off",
    "short_title": "it stands where room is short",
    "summary": "it stands on cards and in search results, which cut it off",
    "text": "it is one box to tick; say the rest in `note`, or make `points` of it",
}


@cache
def _limits(cls: Any) -> tuple[tuple[str, int], ...]:
    limits: dict[str, int] = {}
    for base, most in _MOST.items():
        if issubclass(cls, base):
            limits |= {name: n for name, n in most.items() if name in field_types(cls)}
    return tuple(limits.items())


@rule("RS601", "long-text", Severity.WARNING)
def long_text(index: Index) -> Iterator[Diagnostic]:
    """A text is longer than the place it is shown at.

    What it checks: titles and milestones have at most 100 characters, short titles of weeks and
    months 40, items to tick 200, the summaries of tracks, topics, banks and the whole 300.

    Why it matters: titles and summaries are cut off on cards, in tabs and in search results, and
    an item of several sentences is several items.

    Example: an item that explains itself in a paragraph

    Use instead: `{text: Backpropagation, note: The explanation.}`
    """
    for entity in index.entities:
        cls: type = type(entity)
        for name, most in _limits(cls):
            value = getattr(entity, name)
            if len(value) > most:
                yield long_text.at(
                    entity.node.at(name),
                    f"`{name}` has {len(value)} characters, more than {most}",
                    hint=_WHY.get(name, "shorten it"),
                )


_MARKUP = re.compile(
    r"(?<![\w\])])\[[^\]\n]+\]\([^()\s]+\)|(?<![\w*])\*\*[^*\s](?:[^*\n]*[^*\s])?\*\*(?![\w*])|</[a-z]+\d?>"
)


@rule("RS602", "markup-in-text", Severity.WARNING)
def markup_in_text(index: Index) -> Iterator[Diagnostic]:
    """A text holds Markdown or HTML, which is shown as it is written.

    What it checks: no text has links, bold words or tags in it, code spans set aside.

    Why it matters: only code spans are marked up; readers see the brackets and asterisks.

    Example: `- "Read [the book](https://example.org/)"`

    Use instead: `{text: Read the book, cites: [the-book]}`
    """
    for text, span in _texts(index, lambda t: "](" in t or "**" in t or "</" in t):
        if found := _MARKUP.search(_CODE.sub("", text)):
            yield markup_in_text.at(
                span,
                f"{cited(found[0])} is shown as it stands",
                hint="write plain words; a resource is named under `cites` or `resources`",
            )


_ADDRESS = re.compile(r"https?://[^\s)\]]+", re.IGNORECASE)


@rule("RS603", "address-in-text", Severity.WARNING)
def address_in_text(index: Index) -> Iterator[Diagnostic]:
    """A text holds an address.

    What it checks: no text has http:// or https:// in it, code spans set aside.

    Why it matters: it is no link there, and nobody checks whether it still works.

    Example: `note: See https://example.org/book.`

    Use instead: an entry of the library, named under `cites` or `resources`
    """
    for text, span in _texts(index, lambda t: "http" in t):
        if "http" in text and (found := _ADDRESS.search(_CODE.sub("", text))):
            yield address_in_text.at(
                span,
                f"the text holds the address {cited(found[0])}",
                hint="put it into the library, and name the resource here",
            )


_SENTENCES = frozenset(("answer", "brief", "concept", "goal", "summary"))
FEWEST_WORDS = 4
"""Below this, a text is a heading or a name rather than a sentence."""


@rule("RS604", "unended-sentence", Severity.INFO)
def unended_sentence(index: Index) -> Iterator[Diagnostic]:
    """Prose does not end like a sentence.

    What it checks: summaries, goals, concepts, briefs and answers of four words and more end in a
    mark, not in a letter. Notes may be fragments.

    Why it matters: sentences stand next to each other on the page; one without its end runs into
    the next, or seems to have lost some words.

    Example: `goal: You can train a network`

    Use instead: `goal: You can train a network.`
    """
    for entity in index.entities:
        cls: type = type(entity)
        for name, _ in _text_fields(cls, (Prose,)):
            value = getattr(entity, name)
            # Scripts without capitals may well have no full stop either.
            if not value or not (value[-1].islower() or value[-1].isupper()):
                continue
            if name in _SENTENCES and value.count(" ") >= FEWEST_WORDS - 1:
                yield unended_sentence.at(
                    _end(entity.node.under(name) or entity.node),
                    f"`{name}` does not end like a sentence",
                    hint="end it with a full stop",
                )


def _end(node: Node) -> Span:
    span = node.span
    last = max(span.end_column - 1, 1)
    return Span(span.file, span.end_line, last, span.end_line, span.end_column)


def _page_texts(index: Index) -> Iterator[tuple[str, Span]]:
    """The words of hand-written pages, line by line."""
    for page in index.curriculum.pages.values():
        yield from page.texts


@rule("RS605", "wording-slip", Severity.WARNING)
def wording_slip(index: Index) -> Iterator[Diagnostic]:
    """A word is misspelt, or stands twice in a row.

    What it checks: no text of the YAML or of a hand-written page has one of some seventy frequent
    misspellings in it, or the same article, preposition or the like twice in a row.

    Why it matters: readers trust a text with slips less, and search does not find the word.

    Example: `- Seperate the the test set`

    Use instead: `- Separate the test set`; if ticks are stored under it already, pin `id:` first
    """
    for text, span in (*_texts(index, has_slip), *_page_texts(index)):
        for message, hint in slips(text):
            yield wording_slip.at(span, message, hint=hint)


@rule("RS606", "placeholder-text", Severity.WARNING)
def placeholder_text(index: Index) -> Iterator[Diagnostic]:
    """A text that is still to be written.

    What it checks: no text begins with TODO, TBD, FIXME or XXX, or is lorem ipsum.

    Why it matters: it is published as it stands.

    Example: `summary: TODO`

    Use instead: the summary, or no key where it can do without.
    """
    for text, span in (*_texts(index, has_placeholder), *_page_texts(index)):
        if found := PLACEHOLDER.search(text):
            yield placeholder_text.at(
                span, f"{cited(found[0])} stands for a text to come", hint="write it"
            )


@rule("RS607", "open-code-span", Severity.WARNING)
def open_code_span(index: Index) -> Iterator[Diagnostic]:
    """A code span that is never closed.

    What it checks: each text has an even number of backticks.

    Why it matters: what was to be set as code is not, and a backtick is left standing.

    Example: a backtick before DOWNLOAD=1, and none after it

    Use instead: `DOWNLOAD=1` between two of them
    """
    for text, span in _texts(index, lambda t: "`" in t):
        if text.count("`") % 2:
            yield open_code_span.at(
                span, "a backtick opens code that is never closed", hint="close it, or drop it"
            )


# The rare sign first: every file is searched for it.
_CUT = re.compile(r"#(?<=[ \t]#)(?!roadmap:)\w\S*")
_CUT_OFF = re.compile(rf"[ \t]+({_CUT.pattern})")
_NOT_PLAIN = tuple("\"'|>{[*&!")
"""How what is no plain text begins in YAML: quoted, a block, a collection, an alias."""


@rule("RS608", "cut-text", Severity.WARNING)
def cut_text(index: Index) -> Iterator[Diagnostic]:
    """A text ends at a # that was meant to be part of it.

    What it checks: no text without quotes is followed on its line by a # that a letter or a figure
    follows at once. YAML takes a # after a space for a comment, and drops what comes after it.

    Why it matters: the rest of the text is not published, and nothing else says so.

    Example: `- The paradox of issue #1`

    Use instead: `- "The paradox of issue #1"`; for a comment, a space after the #
    """
    for _, span in _texts(index, _CUT.search):
        found = _CUT_OFF.match(span.file.line(span.end_line), span.end_column - 1)
        if found and not span.text.startswith(_NOT_PLAIN):
            first, last = found.start(1) + 1, found.end(1) + 1
            yield cut_text.at(
                Span(span.file, span.end_line, first, span.end_line, last),
                f"the text is cut off before {cited(found[1])}, which YAML takes for a comment",
                hint="put the whole text in double quotes, or a space after the # of a comment",
            )


RULES = (
    long_text,
    markup_in_text,
    address_in_text,
    unended_sentence,
    wording_slip,
    placeholder_text,
    open_code_span,
    cut_text,
)

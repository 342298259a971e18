"""Faults as values: severities, rules, diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING

from roadmap_site.model.source import Span

if TYPE_CHECKING:
    from roadmap_site.model.index import Index

    Runner = Callable[["Index"], Iterable["Diagnostic"]]


CITED_LENGTH = 60
"""Characters a message cites of a text; the excerpt below it shows more."""


def cited(text: str) -> str:
    """A text as messages cite it: in backticks, on one line, cut where it is long."""
    return f"`{shortened(text, CITED_LENGTH)}`"


def shortened(text: str, length: int) -> str:
    """A text on one line, cut where it is longer than so many characters."""
    # A stranger's 1 MiB text should not be split whole.
    flat = " ".join(text[: length * 8].split())
    return flat if len(flat) <= length else f"{flat[: length - 3]}..."


class Severity(StrEnum):
    """How grave a fault is. Errors fail always, warnings where strict, infos never."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """A rule's documentation: what is wrong in a sentence, and a section for each question.

    Plain text with code in backticks. A section is one line, or paragraphs parted by empty lines.
    """

    summary: str
    checks: str = field(default="", metadata={"heading": "What it checks"})
    why: str = field(default="", metadata={"heading": "Why it matters"})
    example: str = field(default="", metadata={"heading": "Example"})
    instead: str = field(default="", metadata={"heading": "Use instead"})

    @staticmethod
    @cache
    def parse(docstring: str) -> RuleDoc:
        """Read a rule's docstring: a summary, then paragraphs that begin with a heading."""
        texts: dict[str, list[str]] = {"summary": []}
        section = "summary"
        for paragraph in cleandoc(docstring).split("\n\n"):
            text = " ".join(paragraph.split())
            for name, heading in _HEADINGS.items():
                if text.startswith(f"{heading}:"):
                    section, text = name, text.removeprefix(f"{heading}:").lstrip()
            texts.setdefault(section, []).append(text[:1].upper() + text[1:])
        return RuleDoc(**{name: "\n\n".join(some) for name, some in texts.items()})

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The sections below the summary, in order: heading and text."""
        for name, heading in _HEADINGS.items():
            yield heading, getattr(self, name)


_HEADINGS = {f.name: f.metadata["heading"] for f in fields(RuleDoc) if f.metadata}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong: a stable code, a kebab-case name that states the fault.

    `doc` is its documentation page, with the sections What it checks, Why it matters, Example and
    Use instead. `run` finds it in a curriculum; None for what the loader finds by itself.
    `fixable` says that some of what it finds comes with a fix, `compares` that it is found only
    where there is another revision to compare with. `command` is the command that finds it.
    """

    code: str
    name: str
    severity: Severity
    doc: str = field(repr=False)
    run: Runner | None = field(default=None, repr=False, compare=False)
    fixable: bool = field(default=False, kw_only=True)
    compares: bool = field(default=False, kw_only=True)
    command: str = field(default="check", kw_only=True)

    @property
    def sections(self) -> RuleDoc:
        """Its documentation, read."""
        return RuleDoc.parse(self.doc)

    @property
    def is_binding(self) -> bool:
        """Whether nobody may ignore, accept or lower it: rendering relies on its absence."""
        return self.severity is Severity.ERROR and self.command == "check"

    @property
    def is_acceptable(self) -> bool:
        """Whether `accept` may name it: it can fail a check, and binds nobody."""
        return not self.is_binding and self.severity is not Severity.INFO

    @property
    def is_certain(self) -> bool:
        """Whether a check by itself finds it whenever it is there."""
        return self.command == "check" and not self.compares

    @property
    def page(self) -> str:
        """The address of its page within a site."""
        return f"contribute/rules/{self.code.lower()}/"

    def at(
        self,
        span: Span,
        message: str,
        *,
        hint: str = "",
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """This fault at a place."""
        return Diagnostic(self, span, message, hint, related, fix)


def rule(
    code: str, name: str, severity: Severity, *, fixable: bool = False
) -> Callable[[Runner], Rule]:
    """Make a rule of a function; its docstring is the rule's page."""

    def register(run: Runner) -> Rule:
        return Rule(code, name, severity, run.__doc__ or "", run, fixable=fixable)

    return register


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a fault has to do with, and what it has to do with it."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a file, and the text that takes its place; an empty stretch inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How a fault can be mended without a second thought: `does` in words, and the edits.

    The edits belong together: all of them are made, or none.
    """

    does: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fault at a place: `message` on one line, `hint` how to mend it.

    `fix` mends it by machine; only where it is sure to be what the editor meant.
    """

    rule: Rule
    span: Span
    message: str
    hint: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """By file, place, code and wording, so that a report never depends on chance."""
        span = self.span
        return (span.file.path, span.line, span.column, self.rule.code, self.message)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in order.

    `accepted` are faults that were accepted in place, with the reasons given (a comment need not
    give one). `docs_url` is the address of the site that explains the rules, where it is known.
    """

    diagnostics: tuple[Diagnostic, ...]
    accepted: tuple[tuple[Diagnostic, str], ...] = ()
    docs_url: str = ""

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    def count(self, severity: Severity) -> int:
        """How many of a severity."""
        return sum(d.rule.severity is severity for d in self.diagnostics)

    def without_infos(self) -> Report:
        """The same with errors and warnings only."""
        kept = tuple(d for d in self.diagnostics if d.rule.severity is not Severity.INFO)
        return replace(self, diagnostics=kept)

    def help_url(self, rule: Rule) -> str:
        """Where a rule is explained, or an empty text where no site is known."""
        return f"{self.docs_url.rstrip('/')}/{rule.page}" if self.docs_url else ""

    def fails(self, *, strict: bool = False) -> bool:
        """Whether there are errors, or where strict, warnings."""
        return any(
            d.rule.severity is Severity.ERROR or (strict and d.rule.severity is Severity.WARNING)
            for d in self.diagnostics
        )

"""What the YAML parser complains of, in words that an editor can act on."""

from __future__ import annotations

from typing import Any, Protocol

from roadmap_site.load import faults
from roadmap_site.model.diagnostic import Diagnostic, Related, cited
from roadmap_site.model.source import SourceFile, Span


class ParserError(Protocol):
    """A fault as the parser reports it: what it was reading since when, and what is wrong there."""

    context: Any
    context_mark: Any
    problem: Any
    problem_mark: Any


_UNCLOSED_QUOTE = "while scanning a quoted scalar"
_KEY_ALONE = "while scanning a simple key"
_QUOTE_IT = "put the text in double quotes"
_HINTS = (
    ("tab character", "indent with spaces"),
    (
        "did not find expected key",
        "indent like the keys above; quote the whole of a text that begins with a quote",
    ),
    (
        "did not find expected '-'",
        "indent like the entries above; quote the whole of a text that begins with a quote",
    ),
    ("did not find expected node content", "an entry is missing between two commas"),
    ("alphabetic or numeric", f"{_QUOTE_IT} where it begins with * & or !"),
    ("tag", f"{_QUOTE_IT} where it begins with !"),
    ("'>'", f"{_QUOTE_IT} where it begins with !"),
    ("directive", f"{_QUOTE_IT} where it begins with %"),
    ("incompatible YAML", "delete the %YAML line"),
    ("escape", "double the backslash, or use single quotes"),
    ("hexdecimal", "double the backslash, or use single quotes"),
    ("block sequence entries are not allowed", "begin the list on a line of its own"),
    ("comment or line break", f"{_QUOTE_IT} where it begins with | or >"),
    ("<document start>", "keep one document a file: delete the line of `...`"),
)
_ANY_HINT = "check the indentation, quotes and brackets here and on the line above"


def syntax_fault(file: SourceFile, error: ParserError) -> Diagnostic:
    """The one syntax fault of a file, where it was made rather than where it was noticed."""
    for number, line in enumerate(file.lines, start=1):
        if line.startswith("<<<<<<< "):
            return faults.YAML_SYNTAX.at(
                Span(file, number, 1, number, len(line) + 1),
                "a merge conflict begins here",
                hint="settle it: keep what is right of both sides, and delete the three markers",
            )
    problem = str(error.problem or error.context or "this cannot be parsed")
    opening = error.context_mark
    if opening and error.context == _UNCLOSED_QUOTE:
        return faults.YAML_SYNTAX.at(
            _point(file, opening),
            "the quote that begins here is never closed",
            hint="close it; a quote inside single quotes is written twice",
        )
    if opening and error.context == _KEY_ALONE:
        return faults.YAML_SYNTAX.at(
            _point(file, opening),
            "this should be a key, but no colon and space follow it",
            hint="write `key: value`, or indent the line below the text it goes on with",
        )
    mark = error.problem_mark or opening
    span = _point(file, mark) if mark else Span.whole(file)
    related: tuple[Related, ...] = ()
    if opening and "flow" in str(error.context):
        related = (Related(_point(file, opening), "the bracket opens here"),)
    message, hint = _wording(problem, file.line(span.line)[span.column - 1 :])
    return faults.YAML_SYNTAX.at(span, message, hint=hint, related=related)


def _wording(problem: str, rest: str) -> tuple[str, str]:
    """The parser's words in ours where that helps, and a hint; `rest` is the line from there on."""
    if "cannot start any token" in problem:
        if rest.startswith("\t"):
            return "a tab stands where YAML wants spaces", "indent with spaces"
        return f"a plain text cannot begin with {cited(rest[:1])}", _QUOTE_IT
    if "mapping values are not allowed" in problem:
        hint = f"{_QUOTE_IT} where the `: ` belongs to it; else check the indentation"
        return "a colon stands where no key can be", hint
    if "did not find expected ',' or" in problem:
        return "the bracket is not closed before this", "close it, or quote the text that it is in"
    return problem, next((hint for sign, hint in _HINTS if sign in problem), _ANY_HINT)


def _point(file: SourceFile, mark: Any) -> Span:
    return Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)

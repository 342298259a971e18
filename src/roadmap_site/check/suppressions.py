"""RS903: warnings and infos suppressed by a comment where they are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from roadmap_site.check.acceptances import hint_for
from roadmap_site.check.comments import Comment, comments
from roadmap_site.edit.trees import delete_lines
from roadmap_site.model.diagnostic import Diagnostic, Edit, Fix, Rule, Severity, cited
from roadmap_site.model.source import SourceFile, Span

UNUSED_SUPPRESSION = Rule(
    "RS903",
    "unused-suppression",
    Severity.ERROR,
    """A comment that suppresses nothing.

    What it checks: each code in a comment `# roadmap: ignore[RS209]` is that of a warning or an
    info which is found in its line, or in the line below where the comment has a line of its own,
    once there are no other errors. One about a link (RS801 to RS810) is let be: links
    come back. In a page the comment is `<!-- roadmap: ignore[RS209] -->`.

    Why it matters: what was suppressed once has been mended; left behind, it would hide the next
    fault of its kind. Errors of `check` cannot be suppressed, and a misspelt code suppresses
    nothing.

    Example: `- Printing # roadmap: ignore[RS209]` where Printing is a topic's name

    Use instead: nothing; delete the comment.
    """,
    fixable=True,
)
RULES = (UNUSED_SUPPRESSION,)


def apply(
    files: Iterable[SourceFile],
    diagnostics: list[Diagnostic],
    rules: Iterable[Rule],
    *,
    is_settled: bool,
) -> tuple[list[Diagnostic], list[tuple[Diagnostic, str]]]:
    """Set suppressed faults aside, and add what is wrong with the comments themselves.

    `is_settled`: there are no errors, so that what was not found is not there.
    """
    found = [comment for file in files for comment in comments(file)]
    if not found:
        return diagnostics, []
    by_word = {word: rule for rule in rules for word in (rule.code, rule.name)}
    by_place = {
        (span.file.path, comment.line, code): (span, comment.reason)
        for comment in reversed(found)  # of two that name the same, the first is of use
        for code, span in reversed(comment.codes)
        if _is_free(code, by_word)
    }
    left, suppressed = [], []
    used: set[Span] = set()
    for diagnostic in diagnostics:
        place = (diagnostic.span.file.path, diagnostic.span.line, diagnostic.rule.code)
        if pair := by_place.get(place):
            used.add(pair[0])
            suppressed.append((diagnostic, pair[1]))
        else:
            left.append(diagnostic)
    for comment in found:
        left += _faults(comment, used, by_word, is_settled=is_settled)
    return left, suppressed


def _is_free(code: str, by_word: Mapping[str, Rule]) -> bool:
    """Whether it is the code of a rule that may be suppressed."""
    rule = by_word.get(code)
    return rule is not None and rule.code == code and not rule.is_binding


def _faults(
    comment: Comment, used: set[Span], by_word: Mapping[str, Rule], *, is_settled: bool
) -> Iterable[Diagnostic]:
    if not comment.codes:
        message = "this comment suppresses nothing: it names no rule"
        hint = "name what it is about, as in `ignore[RS209]`, or delete it"
        yield UNUSED_SUPPRESSION.at(comment.span, message, hint=hint)
    useless = [span for _, span in comment.codes if span not in used]
    for code, span in comment.codes:
        if span in used:
            continue
        fix: Fix | None = _removal(comment, span, whole=len(useless) == len(comment.codes))
        if not _is_free(code, by_word):
            free = [rule.code for rule in by_word.values() if _is_free(rule.code, by_word)]
            rule = by_word.get(code)
            if rule is None:
                fix = None  # what is misspelt was meant for something
            elif rule.code in free:
                fix = Fix(f"writes its code, {rule.code}", (Edit(span, rule.code),))
            yield UNUSED_SUPPRESSION.at(
                span,
                f"{cited(code)} is not the code of a warning or an info",
                hint=hint_for(code, by_word, free),
                fix=fix,
            )
        elif is_settled and by_word[code].is_certain:
            message = f"nothing in line {comment.line} is in want of ignoring {code}"
            yield UNUSED_SUPPRESSION.at(span, message, hint="delete it", fix=fix)


def _removal(comment: Comment, code: Span, *, whole: bool) -> Fix:
    """Delete a comment, or one of the codes it names."""
    file, number = comment.span.file, comment.span.line
    line = file.line(number)
    if not whole:
        spans = [span for _, span in comment.codes]
        at = spans.index(code)
        # With the comma that parts it from the next code, or from the one before.
        start = code.column if at + 1 < len(spans) else spans[at - 1].end_column
        end = spans[at + 1].column if at + 1 < len(spans) else code.end_column
        return Fix(f"deletes {code.text}", (Edit(Span(file, number, start, number, end), ""),))
    before = line[: comment.span.column - 1].rstrip()
    after = line[comment.span.end_column - 1 :].strip()
    if not before and not after:
        return Fix("deletes the comment", (delete_lines(file, number, number),))
    end = comment.span.end_column if after else len(line) + 1
    span = Span(file, number, len(before) + 1, number, end)
    return Fix("deletes the comment", (Edit(span, ""),))

"""Reports as text: carets under what they mean, whatever the source holds; nothing that acts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap_site import Diagnostic, Report, Rule, Severity, Span
from roadmap_site.model.diagnostic import Edit, Fix, Related
from roadmap_site.model.source import SourceFile
from roadmap_site.report import (
    diagnostic_text,
    footer_text,
    mended_text,
    overlay_html,
    report_text,
    rule_text,
    rules_text,
    summary_text,
)
from roadmap_site.report.text import WIDTH

RULE = Rule("RS999", "some-fault", Severity.ERROR, "Some fault.")
WARNING = Rule("RS998", "some-warning", Severity.WARNING, "Some warning.")
INFO = Rule("RS997", "some-info", Severity.INFO, "Some info.")


def fault(source: str, cited: str, rule: Rule = RULE, path: str = "a.yml") -> Diagnostic:
    """A fault at the first place where the one line of source holds `cited`."""
    start = source.index(cited)
    span = Span(SourceFile(path, source), 1, start + 1, 1, start + len(cited) + 1)
    return rule.at(span, "it is wrong", hint="mend it")


def columns(text: str) -> int:
    """What a terminal gives a text."""
    widths = {"W": 2, "F": 2}
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me")
        else widths.get(unicodedata.east_asian_width(c), 1)
        for c in text
    )


def under_caret(text: str) -> str:
    """What stands above the carets of a diagnostic's first excerpt."""
    _, shown, carets, *_ = text.splitlines()
    source, marks = shown.split("|", 1)[1], carets.split("|", 1)[1]
    assert shown.index("|") == carets.index("|")
    start, end = len(marks) - len(marks.lstrip()), len(marks)
    found, at = "", 0
    for character in source:
        width = columns(character)
        if start <= at < end or (width == 0 and found and at <= end):
            found += character
        at += width
    return found


def test_whole_text() -> None:
    file = SourceFile("tracks/x/basics.yml", "title: A\nweek: 1\ntopics: Loops\n")
    related = (Related(Span(file, 1, 8, 1, 9), "because of this"),)
    found = RULE.at(Span(file, 3, 9, 3, 14), "a list is wanted", hint="write one", related=related)
    report = Report((found, fault("note: x", "x", INFO)), ((fault("y", "y", WARNING), "why"),))
    assert report_text(report, prefix="curriculum/") == (
        "curriculum/tracks/x/basics.yml:3:9: error RS999 some-fault: a list is wanted\n"
        " 3 | topics: Loops\n"
        "   |         ^^^^^\n"
        "  curriculum/tracks/x/basics.yml:1:8: because of this\n"
        " 1 | title: A\n"
        "   |        ^\n"
        "  hint: write one\n"
        "\n"
        "curriculum/a.yml:1:7: info RS997 some-info: it is wrong\n"
        " 1 | note: x\n"
        "   |       ^\n"
        "  hint: mend it\n"
        "\n"
        "1 error, 1 info (1 warning accepted in place)"
    )


def test_infos_can_be_left_out() -> None:
    report = Report((fault("note: x", "x", INFO), fault("y", "y", WARNING)))
    text = report_text(report.without_infos())
    assert "RS997" not in text
    assert "RS998" in text


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((0, 0, 0), "no faults"),
        ((1, 0, 0), "1 error"),
        ((2, 1, 3), "2 errors, 1 warning, 3 infos"),
        ((0, 2, 0), "2 warnings"),
    ],
)
def test_summary(counts: tuple[int, int, int], text: str) -> None:
    found = [
        fault("x", "x", rule)
        for rule, count in zip((RULE, WARNING, INFO), counts, strict=True)
        for _ in range(count)
    ]
    assert summary_text(Report(tuple(found))) == text


# ---------------------------------------------------------------------------------- carets


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        ("title: Trees", "Trees"),
        ("名前: 機械学習 入門", "機械学習"),
        ("한국어: word", "word"),
        ("e\u0301te\u0301: here", "here"),
        ("नियम: हिन्दी यहाँ", "हिन्दी"),
        ("ภาษาไทย: กำลัง", "กำลัง"),
        ("กำลัง: here", "here"),
        ("कुछ: here", "here"),
        ("👍 emoji: here", "here"),
        ("a:\tb\tc", "c"),
        ("- here", "-"),
    ],
)
def test_carets_stand_under_what_they_cite(source: str, cited: str) -> None:
    assert under_caret(diagnostic_text(fault(source, cited))) == cited


@given(st.text(max_size=30), st.text("abc木é\u0301", min_size=1, max_size=9), st.text(max_size=30))
def test_carets_begin_right(before: str, cited: str, after: str) -> None:
    """Whatever stands before: an excerpt's part before the caret is as wide as its indent."""
    source = f"{before}«{cited}»{after}"
    if len(SourceFile("a.yml", source).lines[0]) < len(source):
        return  # more than one line
    text = diagnostic_text(fault(source, "«", path="a.yml"))
    _, shown, carets, *_ = text.splitlines()
    assert columns(shown[: shown.index("«")]) == carets.index("^")


def test_zero_width_places_get_one_caret() -> None:
    file = SourceFile("a.yml", "title:\n")
    lines = diagnostic_text(RULE.at(Span(file, 1, 7, 1, 7), "m", hint="h")).splitlines()
    assert lines[1:3] == [" 1 | title:", "   |       ^"]


def test_places_over_lines_are_marked_to_the_end_of_the_first() -> None:
    file = SourceFile("a.yml", "a: >-  \n  b\nc: d\n")
    lines = diagnostic_text(RULE.at(Span(file, 1, 4, 3, 1), "m", hint="h")).splitlines()
    assert lines[1:3] == [" 1 | a: >-", "   |    ^^"]


@pytest.mark.parametrize("line", [2, 3, 99])
def test_lines_without_text_have_no_excerpt(line: int) -> None:
    file = SourceFile("a.yml", "a: b\n   \n")
    text = diagnostic_text(RULE.at(Span(file, line, 1, line, 1), "m", hint="h"))
    assert text == f"a.yml:{line}:1: error RS999 some-fault: m\n  hint: h\n"


@pytest.mark.parametrize("at", [0, 1, 54, 55, 56, 110, 500, 9_999, 99_990])
def test_long_lines_are_cut_around_the_caret(at: int) -> None:
    source = "x" * at + "here" + "x" * (99_996 - at)
    text = diagnostic_text(fault(source, "here"))
    assert under_caret(text) == "here"
    assert all(len(line) <= WIDTH + 12 for line in text.splitlines())
    assert (" | ...x" in text) == (at > WIDTH // 2)
    assert ("x...\n" in text) == (at < 99_990)


def test_a_long_fault_is_marked_as_far_as_it_is_shown() -> None:
    _, shown, carets, *_ = diagnostic_text(fault("x" * 1_000, "x" * 1_000)).splitlines()
    assert shown == f" 1 | {'x' * WIDTH}..."
    assert carets == f"   | {'^' * WIDTH}"


# --------------------------------------------------------------------------- strangers' text

HOSTILE = "\x1b[31mred\x07\x08\u202eoverride\u2066\u200b\u2028\x9b\ud800\u00ad\ufeff"


def test_nothing_in_a_text_acts_on_a_terminal() -> None:
    file = SourceFile(f"{HOSTILE}.yml", f"a: {HOSTILE.replace(chr(0x2028), '')}")
    span = Span(file, 1, 4, 1, 12)
    found = RULE.at(span, f"m {HOSTILE}", hint=HOSTILE, related=(Related(span, HOSTILE),))
    text = diagnostic_text(found)
    assert {unicodedata.category(c) for c in text.replace("\n", "")}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    assert len(text.splitlines()) == 7
    assert "\\u001b[31mred" in text
    text.encode()


@given(st.text(max_size=60))
def test_a_message_stays_on_its_line(words: str) -> None:
    text = diagnostic_text(RULE.at(Span.whole(SourceFile("a.yml", "")), words, hint=words))
    assert len(text.splitlines()) == (2 if words else 1)


def test_the_overlay_is_escaped() -> None:
    hostile = "<script>alert(1)</script> & \"quotes\" 'too'"
    report = Report((fault(hostile, "alert", path="<b>.yml"),))
    html = overlay_html(report)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


# ---------------------------------------------------------------------------------- colour


def test_colour_only_when_asked() -> None:
    report = Report(tuple(fault("title: x", "x", rule) for rule in (RULE, WARNING, INFO)))
    plain, colored = report_text(report), report_text(report, color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    for line in colored.splitlines():
        # Nothing is left coloured at the end of a line.
        assert line.count("\x1b[0m") * 2 == line.count("\x1b[")
    assert "\x1b[1;31merror\x1b[0m" in colored
    assert "\x1b[1;33mwarning\x1b[0m" in colored
    assert "\x1b[1;36minfo\x1b[0m" in colored


def test_a_code_leads_to_its_page_where_it_is_coloured() -> None:
    report = Report((fault("title: x", "x"),), docs_url="https://example.org/r%C3%A9sum\u00e9/")
    page = "https://example.org/r%C3%A9sum%C3%A9/contribute/rules/rs999/"
    assert f"\x1b]8;;{page}\x1b\\RS999\x1b]8;;\x1b\\ some-fault" in report_text(report, color=True)
    assert "\x1b" not in report_text(report)
    unknown = replace(report, docs_url="")
    assert "\x1b]" not in report_text(unknown, color=True)


@given(st.text(max_size=40))
def test_no_address_leaves_its_hyperlink(url: str) -> None:
    text = report_text(Report((fault("title: x", "x"),), docs_url=f"https://{url}"), color=True)
    (link,) = re.findall(r"\x1b\]8;;([^\x1b]+)\x1b\\RS999\x1b\]8;;\x1b\\", text)
    assert link.isascii()
    assert link.isprintable()


def test_the_footer_names_a_rule_of_the_report() -> None:
    assert footer_text(Report(())) == ""
    report = Report((fault("title: x", "x", INFO), fault("title: x", "x")))
    assert footer_text(report) == "`roadmap-site rule RS997` explains a rule"


def test_what_was_mended_takes_a_line() -> None:
    fix = Fix("deletes it\n", (Edit(Span.whole(SourceFile("a.yml", "x")), ""),))
    found = replace(fault("title: x", "x"), fix=fix)
    line = "c/a.yml:1:8: mended RS999 some-fault: deletes it\\u000a"
    assert mended_text(found, prefix="c/") == line
    assert re.sub(r"\x1b\[[\d;]*m", "", mended_text(found, prefix="c/", color=True)) == line


# ----------------------------------------------------------------------------------- rules

DOC = """A fault that `a b` has.

    What it checks: each `a   b` is one, and this sentence is long enough to go on to another line
    of the terminal.

    And a second paragraph.

    Why it matters: it does.

    Example: `{text: A, accept: {RS302: "a reason that is so long that it has no place in a line"}}`

    Use instead: nothing.
    """


def test_a_rule_s_documentation() -> None:
    rule = Rule("RS999", "some-fault", Severity.ERROR, DOC, fixable=True)
    assert rule.sections.checks.endswith("terminal.\n\nAnd a second paragraph.")
    text = rule_text(rule)
    assert text == (
        "RS999 some-fault  error\n\n"
        "A fault that `a b` has.\n\n"
        "What it checks\n"
        "  Each `a b` is one, and this sentence is long enough to go on to another line\n"
        "  of the terminal.\n\n"
        "  And a second paragraph.\n\n"
        "Why it matters\n  It does.\n\n"
        "Example\n"
        '  `{text: A, accept: {RS302: "a reason that is so long that it has no place in a line"}}`'
        "\n\n"
        "Use instead\n  Nothing.\n\n"
        "`roadmap-site check --fix` mends what is sure.\n"
    )
    assert re.sub(r"\x1b\[[\d;]*m", "", rule_text(rule, color=True)) == text
    assert "--fix" not in rule_text(replace(rule, fixable=False))
    other = rule_text(replace(rule, fixable=False, command="links"))
    assert other.endswith("\n\n`roadmap-site links` finds it.\n")


def test_rules_are_listed() -> None:
    rules = [replace(rule, fixable=rule is WARNING) for rule in (WARNING, RULE)]
    assert rules_text(rules) == (
        "RS998  some-warning  warning  -        Some warning.\n"
        "RS999  some-fault    error    -        Some fault."
    ).replace("-        Some w", "fixable  Some w")

"""Reports for programs: shapes that hold, whatever a stranger wrote into the curriculum."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from roadmap_site import RULES, Diagnostic, Report, Rule, Severity, Span
from roadmap_site.model.diagnostic import Edit, Fix, Related
from roadmap_site.model.source import SourceFile
from roadmap_site.report import (
    diagnostic_text,
    diff_text,
    report_github,
    report_json,
    report_sarif,
    statistics_text,
)
from roadmap_site.report.github import SHOWN
from roadmap_site.report.structured import VERSION

RULE = Rule("RS999", "some-fault", Severity.ERROR, "Some fault.")
WARNING = Rule("RS998", "some-warning", Severity.WARNING, "Some warning.")
INFO = Rule("RS997", "some-info", Severity.INFO, "Some info.")
SCHEMA = Draft4Validator(
    json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
)
HOSTILE = [
    "a\n::error::b",
    "::set-output name=x::y",
    "##[add-mask]e",
    "%0A::error::",
    "a,title=b::c",
    "\r\n::warning::",
    "\x1b[31m\x07\x9b",
    "\u202eright\u2066to left\u2069",
    "\u2028::error::\x85::error::",
    "[click](https://evil.example)",
    "\ud800",
    '"},{"',
]
hostile = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.lists(st.sampled_from(HOSTILE)).map("".join)
)


def fault(rule: Rule = RULE, line: int = 3, **more: Any) -> Diagnostic:
    file = SourceFile("tracks/x/a b.yml", "title: A\nweek: 1\ntopics: Loops\n")
    return rule.at(Span(file, line, 9, line, 14), "a list is wanted", hint="write one", **more)


def full() -> Report:
    """One of everything."""
    file = SourceFile("tracks/x/a b.yml", "title: A\nweek: 1\ntopics: Loops\n")
    first = Span(file, 1, 8, 1, 9)
    mended = fault(
        related=(Related(first, "because of this"),),
        fix=Fix("writes a list", (Edit(Span(file, 3, 9, 3, 14), "[Loops]"),)),
    )
    return Report(
        (mended, fault(WARNING), fault(INFO)),
        ((fault(WARNING), "on purpose"), (fault(INFO), "")),
        docs_url="https://example.org/roadmap/",
    )


def of(words: str) -> Report:
    """A report in which everything a stranger may write is `words`."""
    file = SourceFile(f"{words}.yml", words)
    span = Span(file, 1, 1, 1, 2)
    found = RULE.at(
        span,
        words,
        hint=words,
        related=(Related(span, words),),
        fix=Fix(words, (Edit(span, words.encode("utf-8", "replace").decode()),)),
    )
    return Report((found,), ((found, words),), docs_url="https://example.org/")


# ----------------------------------------------------------------------------------- JSON


def test_whole_json() -> None:
    place = {"path": "c/tracks/x/a b.yml", "line": 3, "column": 9, "end_line": 3, "end_column": 14}
    said = {"message": "a list is wanted", "hint": "write one"}
    page = "https://example.org/roadmap/contribute/rules"
    warning = {
        "code": "RS998",
        "name": "some-warning",
        "severity": "warning",
        "help_url": f"{page}/rs998/",
        "related": [],
        "fix": None,
        **said,
        **place,
    }
    info = {
        **warning,
        "code": "RS997",
        "name": "some-info",
        "severity": "info",
        "help_url": f"{page}/rs997/",
    }
    error = {
        **warning,
        "code": "RS999",
        "name": "some-fault",
        "severity": "error",
        "help_url": f"{page}/rs999/",
        "related": [
            {**place, "line": 1, "end_line": 1, "column": 8, "end_column": 9}
            | {"message": "because of this"}
        ],
        "fix": {"does": "writes a list", "edits": [{**place, "text": "[Loops]"}]},
    }
    report = json.loads(report_json(full(), prefix="c/"))
    assert report == {
        "version": VERSION,
        "diagnostics": [error, warning, info],
        "accepted": [{**warning, "reason": "on purpose"}, {**info, "reason": ""}],
        "summary": {"errors": 1, "warnings": 1, "infos": 1, "accepted": 2},
    }


def test_json_counts_where_asked() -> None:
    report = Report((fault(), fault(INFO), fault(INFO, 2), fault(fix=Fix("mends", ()))))
    assert json.loads(report_json(report, statistics=True))["statistics"] == [
        {"code": "RS997", "name": "some-info", "count": 2, "fixable": 0},
        {"code": "RS999", "name": "some-fault", "count": 2, "fixable": 1},
    ]


def test_json_of_nothing() -> None:
    report = json.loads(report_json(Report(())))
    assert report["diagnostics"] == report["accepted"] == []
    assert report["summary"] == {"errors": 0, "warnings": 0, "infos": 0, "accepted": 0}


@given(hostile)
def test_nothing_in_json_acts(words: str) -> None:
    for text in (report_json(of(words)), report_sarif(of(words), (), version="1.0")):
        assert text.isascii()
        assert "##[" not in text
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
        assert not re.search(r"^\s*::", text, re.MULTILINE)
        json.loads(text).__repr__().encode()  # no half characters
    (found,) = json.loads(report_json(of(words)))["diagnostics"]
    assert found["message"] == words.encode("utf-8", "replace").decode()


# --------------------------------------------------------------------------------- GitHub


def test_whole_github() -> None:
    file = "file=c/tracks/x/a b.yml,line=3,endLine=3,col=9,endColumn=14"
    assert report_github(full(), prefix="c/").splitlines() == [
        f"::error {file},title=RS999 some-fault::a list is wanted%0Ahint: write one",
        f"::warning {file},title=RS998 some-warning::a list is wanted%0Ahint: write one",
        f"::notice {file},title=RS997 some-info::a list is wanted%0Ahint: write one",
        "1 error, 1 warning, 1 info (1 warning, 1 info accepted in place)",
    ]


def test_github_gets_columns_of_one_line_only() -> None:
    file = SourceFile("a.yml", "a: >\n  b\n")
    text = report_github(Report((RULE.at(Span(file, 1, 4, 3, 1), "m"),)))
    assert text.startswith("::error file=a.yml,line=1,endLine=3,title=RS999 some-fault::m\n")


@pytest.mark.parametrize("number", [1, SHOWN - 1, SHOWN, SHOWN + 1, 100])
def test_github_gets_as_many_as_it_shows(number: int) -> None:
    faults = [fault(rule, line) for line in range(1, number + 1) for rule in (INFO, WARNING, RULE)]
    lines = report_github(Report(tuple(faults))).splitlines()[:-1]
    levels = [line.split()[0] for line in lines]
    assert levels == sorted(levels, key=["::error", "::warning", "::notice"].index)
    for level in ("error", "warning", "notice"):
        own = [line for line in lines if line.startswith(f"::{level} ")]
        assert len(own) == min(number, SHOWN)
        assert all(f",line={n}," in line for n, line in enumerate(own[:-1], start=1))
        assert (f"::and {number - SHOWN + 1} more: " in own[-1]) == (number > SHOWN)


def unescaped(text: str) -> str:
    """What GitHub's runner reads of a command's data or property."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


@given(hostile)
def test_nothing_in_a_text_gives_github_an_order(words: str) -> None:
    command, summary = report_github(of(words)).splitlines()
    assert summary == "1 error (1 error accepted in place)"
    match = re.fullmatch(r"::error ([^:]*)::(.*)", command)
    assert match
    properties = dict(pair.split("=", 1) for pair in match[1].split(","))
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert properties["title"] == "RS999 some-fault"
    message = unescaped(match[2])
    assert {unicodedata.category(c) for c in message.replace("\n", "")}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    if words and words.isascii() and words.isprintable() and "##[" not in words:
        assert message == f"{words}\nhint: {words}"
        assert unescaped(properties["file"]) == f"{words}.yml"
    assert "##[" not in command


@given(hostile)
def test_nothing_in_a_text_report_gives_github_an_order(words: str) -> None:
    for line in diagnostic_text(of(words).diagnostics[0]).splitlines():
        assert "##[" not in line
        assert line.startswith("::") <= words.lstrip().startswith("::")


# ---------------------------------------------------------------------------------- SARIF


def sarif(report: Report, prefix: str = "") -> Any:
    log = json.loads(report_sarif(report, RULES, version="1.2.3", prefix=prefix))
    SCHEMA.validate(log)
    return log["runs"][0]


def test_whole_sarif() -> None:
    run = sarif(full(), prefix="c/")
    driver = run["tool"]["driver"]
    assert driver["name"] == "roadmap-site"
    assert driver["semanticVersion"] == "1.2.3"
    error, warning, info, accepted, suppressed = run["results"]
    region = {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 14}
    artifact = {"uri": "c/tracks/x/a%20b.yml"}
    index = next(n for n, rule in enumerate(driver["rules"]) if rule["id"] == "RS999")
    assert error == {
        "ruleId": "RS999",
        "ruleIndex": index,
        "level": "error",
        "message": {"text": "a list is wanted (hint: write one)"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "because of this"},
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 9},
                },
            }
        ],
        "fixes": [
            {
                "description": {"text": "writes a list"},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [
                            {"deletedRegion": region, "insertedContent": {"text": "[Loops]"}}
                        ],
                    }
                ],
            }
        ],
        "partialFingerprints": {"pathAndText/v1": error["partialFingerprints"]["pathAndText/v1"]},
        "suppressions": [],
    }
    assert (warning["level"], info["level"]) == ("warning", "note")
    assert accepted["suppressions"] == [{"kind": "inSource", "justification": "on purpose"}]
    assert suppressed["suppressions"] == [{"kind": "inSource"}]


def test_sarif_explains_every_rule() -> None:
    rules = {rule["id"]: rule for rule in sarif(full())["tool"]["driver"]["rules"]}
    for rule in RULES:
        data = rules[rule.code]
        assert data["name"] == rule.name
        assert data["shortDescription"]["text"] == rule.sections.summary
        assert rule.sections.instead in data["help"]["markdown"]
        assert data["helpUri"].endswith(f"/contribute/rules/{rule.code.lower()}/")
    for data in sarif(Report(()))["tool"]["driver"]["rules"]:
        assert "helpUri" not in data


def test_sarif_tells_a_rule_s_own_level_from_the_one_it_was_given() -> None:
    raised = Rule("RS209", "item-without-topic", Severity.ERROR, "Raised.")
    run = sarif(Report((fault(raised),)))
    (result,) = run["results"]
    assert result["level"] == "error"
    own = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert own["id"] == "RS209"
    assert own["defaultConfiguration"]["level"] == "note"


@settings(max_examples=20)
@given(hostile)
def test_sarif_is_valid_whatever_it_cites(words: str) -> None:
    found, accepted = sarif(of(words), prefix="../c/")["results"]
    for result in (found, accepted):
        assert "](" not in result["message"]["text"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~%/-]*", uri, re.ASCII)
        if "\ud800" not in words:
            assert unquote(uri) == f"../c/{words}.yml"


# ------------------------------------------------------------------------- counts and diffs


def test_statistics() -> None:
    report = Report((fault(), *(fault(WARNING, n) for n in range(1, 12)), fault(INFO)))
    assert statistics_text(report) == (
        "11  RS998  some-warning  warning\n"
        " 1  RS997  some-info     info\n"
        " 1  RS999  some-fault    error\n"
        "1 error, 11 warnings, 1 info"
    )
    assert statistics_text(Report(())) == "no faults"


def test_a_harmless_diff_stays_as_it_is() -> None:
    diff = "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n é: 木\t# x\r\n-::a\n\\ No newline at end of file\n"
    assert diff_text(diff) == diff


@given(hostile)
def test_nothing_in_a_diff_acts(words: str) -> None:
    for line in diff_text(f" {words}\n+{words}\n").split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        kinds = {unicodedata.category(c) for c in line.rstrip("\r").replace("\t", "")}
        assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})

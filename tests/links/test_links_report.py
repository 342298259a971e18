"""Links in reports: what fails comes first, everything is counted, and no stranger's text acts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from builders import LIBRARY, project
from link_reports import NEW, OLD, link_report, mentions_of
from roadmap_site import RULES, Diagnostic, Report, Rule, Severity, Span, load
from roadmap_site.check import settle
from roadmap_site.links.diagnose import diagnose
from roadmap_site.model.diagnostic import Edit, Fix
from roadmap_site.model.links import CheckedLink, Judged, LinkReport, LinkStatus, Mention, links_of
from roadmap_site.model.source import SourceFile
from roadmap_site.report import (
    links_github,
    links_json,
    links_markdown,
    links_summary,
    links_text,
    mended_text,
    report_sarif,
)
from roadmap_site.report.github import SHOWN
from roadmap_site.report.links import NO_NETWORK
from roadmap_site.report.links_markdown import ISSUE_BYTES, SUMMARY_BYTES
from roadmap_site.report.sarif import FINGERPRINT, RESULTS

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
SCHEMA = Draft4Validator(
    json.loads((Path(__file__).parents[1] / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
)
UNREADABLE = Rule("RS001", "unreadable-file", Severity.ERROR, "A file that cannot be read.")
NOT_FOUND = Judged(LinkStatus.BROKEN, "404 Not Found, twice", code=404, final=OLD)


def full() -> LinkReport:
    """A link of most kinds."""
    return link_report(
        (mentions_of("https://ok.test/", "a.yml", "b.yml"), Judged(LinkStatus.OK, code=200)),
        (
            mentions_of(OLD, "c.yml"),
            Judged(LinkStatus.MOVED, "301", NEW, 200, NEW),
        ),
        (
            mentions_of("https://wall.test/", "c.yml"),
            Judged(LinkStatus.BLOCKED, "403 Forbidden", code=403, final="https://wall.test/"),
        ),
        (
            [
                *mentions_of("https://gone.test/", "b.yml"),
                *mentions_of("https://gone.test/", "a.yml", is_changed=False),
            ],
            Judged(LinkStatus.BROKEN, "404 Not Found, twice", code=404, final="https://gone.test/"),
        ),
        (mentions_of("https://slow.test/", "d.yml"), Judged(LinkStatus.TIMEOUT, "10 s, twice")),
        notes=["slow.test did not answer others before"],
        requests=4,
        remembered=1,
    )


def full_report(accepted: Sequence[str] = ()) -> Report:
    """The faults of `full`; those of the rules in `accepted` are, with a reason."""
    found = sorted(diagnose(full()), key=lambda d: d.sort_key)
    kept = [d for d in found if d.rule.code not in accepted]
    return Report(tuple(kept), tuple((d, "why") for d in found if d.rule.code in accepted))


# ---------------------------------------------------------------------------------- one line


def test_summary() -> None:
    assert links_summary(full()) == (
        "5 links in 7 places: 1 broken, 1 timeout, 1 blocked, 1 moved, 1 ok"
        " (4 asked for, 1 remembered)\n"
        "slow.test did not answer others before"
    )
    assert links_summary(LinkReport(())) == "no links"
    one = link_report((mentions_of(OLD, "a.yml"), Judged(LinkStatus.OK)))
    assert links_summary(one) == "1 link in 1 place: 1 ok"


def test_a_run_without_network_says_so_first() -> None:
    report = link_report((mentions_of(OLD, "a.yml"), Judged(LinkStatus.FLAKY)), has_network=False)
    assert links_summary(report) == NO_NETWORK
    markdown = links_markdown(report, Report(tuple(diagnose(report))))
    assert markdown.startswith(f"## Links\n\n**{NO_NETWORK.capitalize()}.**\n")
    assert "Nothing" not in links_markdown(report, Report(()))
    assert json.loads(links_json(report, Report(())))["has_network"] is False


# -------------------------------------------------------------------------------------- text


def test_text_goes_by_class_and_says_once_what_to_do() -> None:
    long = f"https://long.test/{'x' * 60}"
    links = link_report(
        (mentions_of("https://gone.test/", "b.yml", "d.yml"), Judged(LinkStatus.BROKEN, "404")),
        (mentions_of("ftp://a/", "c.yml"), Judged(LinkStatus.INVALID, "FTP")),
        (mentions_of("https://w.test/", "a.yml", "e.yml"), Judged(LinkStatus.BLOCKED, "403")),
        (mentions_of(long, "f.yml"), Judged(LinkStatus.BLOCKED, "403")),
        (mentions_of("https://down.test/", "a.yml"), Judged(LinkStatus.FLAKY, "500, twice")),
        (mentions_of(OLD, "g.yml"), Judged(LinkStatus.MOVED, "", NEW)),
    )
    found = sorted(diagnose(links), key=lambda d: d.sort_key)
    expected = f"""\
c/g.yml:2:6: info RS803 moved-link: `{OLD}` has moved for good
  hint: write `{NEW}`

c/a.yml:2:6: info RS809 blocked-link: `https://w.test/` could not be checked: 403
c/e.yml:2:6: info RS809 blocked-link: `https://w.test/` could not be checked: 403
c/f.yml:2:6: info RS809 blocked-link: `{long[:57]}...` could not be checked: 403
 2 | url: {long}
   |      {"^" * len(long)}
  hint: open it in a browser; where a person sees the page, all is well

c/a.yml:2:6: warning RS807 flaky-link: `https://down.test/` did not work today: 500, twice
 2 | url: https://down.test/
   |      ^^^^^^^^^^^^^^^^^^
  hint: nothing to do now; look again in some days

c/c.yml:2:6: error RS802 invalid-link: `ftp://a/` is not an address that everybody can open: FTP
 2 | url: ftp://a/
   |      ^^^^^^^^
  hint: write an address that everybody can open: http or https, a public host

c/b.yml:2:6: error RS801 broken-link: `https://gone.test/` leads nowhere: 404
 2 | url: https://gone.test/
   |      ^^^^^^^^^^^^^^^^^^

c/d.yml:2:6: error RS801 broken-link: `https://gone.test/` leads nowhere: 404
 2 | url: https://gone.test/
   |      ^^^^^^^^^^^^^^^^^^
  hint: write the address that it has now, or take another resource

6 links in 8 places: 1 broken, 1 invalid, 1 flaky, 2 blocked, 1 moved
3 errors, 1 warning, 4 infos
`roadmap-site rule RS801` explains a rule"""
    assert links_text(links, Report(tuple(found)), prefix="c/") == expected


def test_what_is_none_of_a_link_s_comes_last() -> None:
    gone = link_report((mentions_of(OLD, "z.yml"), NOT_FOUND))
    other = UNREADABLE.at(Span.whole(SourceFile("a.yml", "")), "cannot be read")
    lines = links_text(gone, Report((other, *diagnose(gone)))).splitlines()
    codes = [line.split()[2] for line in lines if ": error " in line]
    assert codes == ["RS801", "RS001"]


# -------------------------------------------------------------------------------------- JSON


def place(path: str, length: int, **more: object) -> dict[str, object]:
    return {
        "path": f"c/{path}",
        "line": 2,
        "column": 6,
        "end_line": 2,
        "end_column": 6 + length,
        "is_changed": True,
        "accepted": None,
        **more,
    }


def test_whole_json() -> None:
    data = json.loads(links_json(full(), full_report(["RS808"]), prefix="c/"))
    gone, slow, wall, moved, ok = data.pop("links")
    assert gone == {
        "url": "https://gone.test/",
        "status": "broken",
        "detail": "404 Not Found, twice",
        "code": 404,
        "final": "https://gone.test/",
        "replacement": "",
        "places": [
            place("b.yml", 18, severity="error"),
            place("a.yml", 18, severity="info", is_changed=False),
        ],
    }
    assert slow["places"] == [place("d.yml", 18, severity=None, accepted="why")]
    assert (slow["code"], slow["final"]) == (None, "")
    assert wall["places"] == [place("c.yml", 18, severity="info")]
    assert moved["replacement"] == moved["final"] == NEW
    assert [p["severity"] for p in ok["places"]] == [None, None]
    assert data == {
        "version": 1,
        "has_network": True,
        "has_site": True,
        "summary": {
            **{status.value: 0 for status in LinkStatus},
            "broken": 1,
            "timeout": 1,
            "blocked": 1,
            "moved": 1,
            "ok": 1,
        },
        "places": {"all": 7, "errors": 1, "warnings": 0, "infos": 3, "accepted": 1},
        "requests": 4,
        "remembered": 1,
        "notes": ["slow.test did not answer others before"],
        "diagnostics": [],
    }


def test_json_has_what_is_none_of_a_link_s() -> None:
    other = UNREADABLE.at(Span.whole(SourceFile("z.yml", "")), "cannot be read")
    report = full_report()
    data = json.loads(links_json(full(), Report((*report.diagnostics, other))))
    assert [(d["code"], d["path"]) for d in data["diagnostics"]] == [("RS001", "z.yml")]


def test_one_address_can_be_two_links() -> None:
    """Within the site `../a/` is another page for each page that has it."""
    first = LinkReport(links_of(mentions_of("../a/", "a.md"), {"../a/": Judged(LinkStatus.OK)}))
    second = LinkReport(links_of(mentions_of("../a/", "b.md"), {"../a/": Judged(LinkStatus.OK)}))
    both = LinkReport((*first.links, *second.links))
    links = json.loads(links_json(both, Report(())))["links"]
    assert [[p["path"] for p in link["places"]] for link in links] == [["a.md"], ["b.md"]]


def test_what_the_curriculum_accepts_leaves_out_or_regrades(tmp_path: Path) -> None:
    library = "".join(
        f'{name}: {{title: A, type: book, url: "https://{name}.test/"{more}\n'
        for name, more in (
            ("accepted", ", accept: {RS801: the copy is kept}}"),
            ("commented", "} # roadmap: ignore[RS809] a wall"),
            ("ignored", "}"),
            ("graver", "}"),
            ("failing", "}"),
        )
    )
    rules = "check: {ignore: [RS807], severity: {RS808: error}}\n"
    root = "id: small\ntitle: Small\ntagline: One.\nsummary: Small.\ntracks: [python]\n"
    folder = project(tmp_path, {LIBRARY: library, "curriculum.yml": root + rules})
    judged = {
        "https://accepted.test/": NOT_FOUND,
        "https://commented.test/": Judged(LinkStatus.BLOCKED),
        "https://ignored.test/": Judged(LinkStatus.FLAKY),
        "https://graver.test/": Judged(LinkStatus.TIMEOUT),
        "https://failing.test/": NOT_FOUND,
    }
    file = SourceFile(LIBRARY, library)
    mentions = []
    for url in judged:
        head = library[: library.index(url)]
        span = Span.after(file, head)
        end = span.column + len(url)
        mentions.append(Mention(url, Span(file, span.line, span.column, span.line, end)))
    links = LinkReport(links_of(mentions, judged))
    report = settle(load(folder), diagnose(links))
    found = {
        link["url"].split(".")[0].removeprefix("https://"): (
            link["places"][0]["severity"],
            link["places"][0]["accepted"],
        )
        for link in json.loads(links_json(links, report))["links"]
    }
    assert found == {
        "accepted": (None, "the copy is kept"),
        "commented": (None, "a wall"),
        "ignored": (None, None),
        "graver": ("error", None),
        "failing": ("error", None),
    }
    assert headings(links_markdown(links, report)) == ["Fails: 2", "Accepted in place: 2"]


# ---------------------------------------------------------------------------------- Markdown


def headings(markdown: str) -> list[str]:
    return re.findall(r"^(?:### |<summary>)(.*?)(?:</summary>)?$", markdown, re.MULTILINE)


def cells(markdown: str) -> list[list[Token]]:
    """The cells of each row of each table, its head left out, as GitHub reads them."""
    rows: list[list[Token]] = []
    tokens = GFM.parse(markdown)
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            rows.append([])
        if before.type == "td_open":
            rows[-1].append(token)
    return [row for row in rows if row]


def text_of(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def test_whole_markdown() -> None:
    markdown = links_markdown(full(), full_report(["RS808"]), prefix="c/")
    assert markdown == (
        "## Links\n"
        "\n"
        "**1 place to mend:** 5 links in 7 places: 1 broken, 1 timeout, 1 blocked, 1 moved, 1 ok"
        " (4 asked for, 1 remembered).\n"
        "\n"
        "- `slow.test did not answer others before`\n"
        "\n"
        "### Fails: 1\n"
        "\n"
        "- broken: write the address that it has now, or take another resource\n"
        "\n"
        "| Class | What was seen | Place | Address |\n"
        "| --- | --- | --- | --- |\n"
        "| broken | 404 Not Found, twice | `c/b.yml:2:6` | `https://gone.test/` |\n"
        "\n"
        "<details>\n"
        "<summary>Good to know: 3</summary>\n"
        "\n"
        "- broken: write the address that it has now, or take another resource; its line"
        " is not new, and fails nothing\n"
        "- blocked: open it in a browser; where a person sees the page, all is well\n"
        "\n"
        "| Class | What was seen | Place | Address |\n"
        "| --- | --- | --- | --- |\n"
        "| broken | 404 Not Found, twice | `c/a.yml:2:6` | `https://gone.test/` |\n"
        "| blocked | 403 Forbidden | `c/c.yml:2:6` | `https://wall.test/` |\n"
        "| moved | 301; write `https://new.test/page` | `c/c.yml:2:6` | `https://old.test/page` |\n"
        "\n"
        "</details>\n"
        "\n"
        "<details>\n"
        "<summary>Accepted in place: 1</summary>\n"
        "\n"
        "| Reason | Class | What was seen | Place | Address |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| why | timeout | 10 s, twice | `c/d.yml:2:6` | `https://slow.test/` |\n"
        "\n"
        "</details>\n"
    )
    assert [len(row) for row in cells(markdown)] == [4] * 4 + [5]


def test_markdown_of_what_works() -> None:
    places = mentions_of(OLD, "a.yml", "b.yml")
    two = link_report(
        (places, Judged(LinkStatus.OK)),
        (mentions_of(NEW, "a.yml"), Judged(LinkStatus.OK)),
        requests=2,
    )
    assert links_markdown(two, Report(())) == (
        "## Links\n\nAll 2 links work: 2 links in 3 places: 2 ok (2 asked for).\n"
    )
    one = link_report((places, Judged(LinkStatus.OK)))
    assert "\nThe link works: 1 link in 2 places: 1 ok.\n" in links_markdown(one, Report(()))
    assert "\nNothing fails: no links.\n" in links_markdown(LinkReport(()), Report(()))


def test_markdown_does_not_say_that_all_works_where_it_does_not_know() -> None:
    other = UNREADABLE.at(Span.whole(SourceFile("z.yml", "")), "cannot be read", hint="mend it")
    works = link_report((mentions_of(OLD, "a.yml"), Judged(LinkStatus.OK)))
    markdown = links_markdown(works, Report((other,)))
    assert "work" not in markdown
    assert "| unreadable-file | cannot be read; mend it | `z.yml:1:1` | – |" in markdown
    unchecked = link_report((mentions_of(OLD, "a.yml"), Judged(LinkStatus.UNCHECKED)))
    partly = "Nothing fails, but not all is known: 1 link"
    assert links_markdown(unchecked, Report(())).splitlines()[2].startswith(partly)
    down = Judged(LinkStatus.FLAKY, "503, twice; broken on 2026-01-01: 404, twice", was_broken=True)
    doubtful = link_report((mentions_of(OLD, "a.yml"), down))
    told = tuple(diagnose(doubtful))
    assert links_markdown(doubtful, Report(told)).splitlines()[2].startswith(partly)
    accepted = Report((), tuple((fault, "") for fault in told))
    assert "Nothing fails: 1 link" in links_markdown(doubtful, accepted)
    siteless = replace(works, has_site=False)
    assert links_markdown(siteless, Report(())).splitlines()[2].startswith(partly)
    weather = link_report((mentions_of(OLD, "a.yml"), Judged(LinkStatus.FLAKY, "503, twice")))
    assert "Nothing fails: 1 link" in links_markdown(weather, Report(()))
    old = link_report((mentions_of(OLD, "a.yml", is_changed=False), NOT_FOUND))
    assert "Nothing new fails: 1 link" in links_markdown(old, Report(tuple(diagnose(old))))


def many(number: int, *statuses: LinkStatus) -> tuple[LinkReport, Report]:
    found = [
        (
            mentions_of(f"https://{status}.test/{n}/{'x' * 100}", f"tracks/{n}.yml"),
            Judged(status, "seen"),
        )
        for status in statuses
        for n in range(number)
    ]
    links = link_report(*found, notes=["a note"] * 100)
    return links, Report(tuple(sorted(diagnose(links), key=lambda d: d.sort_key)))


@pytest.mark.parametrize("limit", [20_000, ISSUE_BYTES, SUMMARY_BYTES])
def test_markdown_keeps_within_a_limit_by_whole_rows(limit: int) -> None:
    links, report = many(2500, LinkStatus.BLOCKED, LinkStatus.FLAKY, LinkStatus.BROKEN)
    markdown = links_markdown(links, report, limit=limit)
    assert limit * 0.98 < len(markdown.encode()) <= limit
    assert headings(markdown) == [
        f"{name}: 2500" for name in ("Fails", "Worth a look", "Good to know")
    ]
    rows = cells(markdown)
    assert {len(row) for row in rows} == {4}
    classes = [text_of(row[0]) for row in rows]
    assert classes == sorted(classes, key=["broken", "flaky", "blocked"].index)
    told = sum(
        int(more)
        for more in re.findall(r"^And (\d+) more than fits here\.$", markdown, re.MULTILINE)
    )
    assert len(rows) + told == 7500
    if "flaky" in classes:
        assert classes.count("broken") == 2500
    assert markdown.count("- a note") == 20
    assert "- and 80 more" in markdown


def test_markdown_has_all_that_fits() -> None:
    links, report = many(100, LinkStatus.BROKEN)
    markdown = links_markdown(links, report)
    assert len(cells(markdown)) == 100
    assert "more than fits" not in markdown


def test_markdown_has_what_was_accepted_without_a_reason() -> None:
    links = link_report((mentions_of(OLD, "a.yml"), NOT_FOUND))
    markdown = links_markdown(links, Report((), ((diagnose(links)[0], ""),)))
    assert headings(markdown) == ["Accepted in place: 1"]
    assert "\n| – | broken | 404" in markdown


def test_markdown_shows_an_address_whole_and_a_long_path_s_line() -> None:
    url = f"https://long.test/{'a' * 900}"
    links = link_report((mentions_of(url, f"{'deep/' * 100}a.yml"), NOT_FOUND))
    (row,) = cells(links_markdown(links, Report(tuple(diagnose(links)))))
    assert text_of(row[3]) == url
    assert text_of(row[2]).startswith("...")
    assert text_of(row[2]).endswith("deep/a.yml:2:6")
    links = link_report((mentions_of(url, "\u202e" * 90), NOT_FOUND))
    (row,) = cells(links_markdown(links, Report(tuple(diagnose(links)))))
    assert text_of(row[2]).endswith("\\u202e:2:6")


# ------------------------------------------------------------------------------------ GitHub


def titles(text: str, level: str) -> list[str]:
    """The messages of a level, each up to its detail."""
    return re.findall(rf"^::{level} .*?::(.*?)(?:%0A.*)?$", text, re.MULTILINE)


def test_annotations_go_by_gravity() -> None:
    statuses = [LinkStatus.BLOCKED, LinkStatus.TIMEOUT, LinkStatus.SUSPECT, LinkStatus.MOVED]
    links = link_report(
        *(
            (mentions_of(f"https://{status}.test/", f"{n}.yml"), Judged(status))
            for n, status in enumerate([*statuses, LinkStatus.INVALID, LinkStatus.BROKEN])
        )
    )
    text = links_github(links, Report(tuple(diagnose(links))), prefix="c/")
    lines = text.removesuffix(f"\n{links_summary(links)}").splitlines()
    assert [re.search(r"https://(\w+)", line)[1] for line in lines[:-1]] == [  # type: ignore[index]
        "broken",
        "invalid",
        "suspect",
        "timeout",
        "blocked",
        "moved",
    ]
    assert lines[0].startswith("::error file=c/5.yml,line=2,endLine=2,col=6,")
    assert lines[-1] == "2 errors, 2 warnings, 2 infos"


def test_a_file_that_cannot_be_read_is_not_lost_among_links() -> None:
    """All that it holds was not looked at."""
    links, report = many(SHOWN, LinkStatus.BROKEN)
    other = UNREADABLE.at(Span.whole(SourceFile("z.yml", "")), "cannot be read")
    text = links_github(links, Report((*report.diagnostics, other)))
    assert titles(text, "error")[0] == "cannot be read"


def test_one_address_at_many_places_leaves_room_for_others() -> None:
    links = link_report(
        (mentions_of("https://a.test/", *(f"{n:02}.yml" for n in range(50))), NOT_FOUND),
        (mentions_of("https://z.test/", "z.yml", "zz.yml"), Judged(LinkStatus.INVALID)),
    )
    report = Report(tuple(sorted(diagnose(links), key=lambda d: d.sort_key)))
    shown = titles(links_github(links, report), "error")
    assert len(shown) == SHOWN
    assert [message.split("`")[1] for message in shown[:5]] == [
        "https://a.test/",
        "https://z.test/",
        "https://a.test/",
        "https://z.test/",
        "https://a.test/",
    ]
    assert shown[-1] == "and 43 more: the summary of this step lists all"


# ------------------------------------------------------------------------------------- SARIF


def sarif(report: Report) -> Any:
    log = json.loads(report_sarif(report, RULES, version="1.0"))
    SCHEMA.validate(log)
    return log["runs"][0]


def fingerprints(report: Report) -> list[str]:
    return [result["partialFingerprints"][FINGERPRINT] for result in sarif(report)["results"]]


def at(text: str, path: str = "a.yml") -> Diagnostic:
    """A broken link where `text` has its address."""
    start = text.index(OLD)
    file = SourceFile(path, text)
    head = Span.after(file, text[:start])
    span = Span(file, head.line, head.column, head.line, head.column + len(OLD))
    (diagnostic,) = diagnose(link_report(([Mention(OLD, span)], NOT_FOUND)))
    return diagnostic


def test_fingerprints_last_when_lines_move() -> None:
    before = fingerprints(Report((at(f"url: {OLD}\n"),)))
    assert fingerprints(Report((at(f"title: A\n\nb: {{url: '{OLD}'}}\n"),))) == before
    assert fingerprints(Report((at(f"url: {OLD}\n", "b.yml"),))) != before
    assert fingerprints(Report((at(f"url: {OLD}s\n"),))) == before
    assert fingerprints(Report((), ((at(f"url: {OLD}\n"), "why"),))) == before


def test_fingerprints_tell_places_apart() -> None:
    places = mentions_of(OLD, "a.yml", "a.yml", "b.yml")
    found = fingerprints(Report(tuple(diagnose(link_report((places, NOT_FOUND))))))
    assert len(set(found)) == 3
    assert [fingerprint.rpartition(":")[2] for fingerprint in found] == ["1", "2", "1"]


def test_no_fingerprint_is_one_that_github_computes() -> None:
    """It warns of each that differs from its own."""
    for result in sarif(full_report())["results"]:
        assert list(result["partialFingerprints"]) == [FINGERPRINT]
        assert FINGERPRINT != "primaryLocationLineHash"


def test_a_moved_link_has_its_fix() -> None:
    (mention,) = mentions_of(OLD, "a.yml")
    links = link_report(([mention], Judged(LinkStatus.MOVED, "301", NEW)))
    (diagnostic,) = diagnose(links, find=lambda file: [reread(file)])
    (result,) = sarif(Report((diagnostic,)))["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": NEW}
    assert result["level"] == "note"


def reread(file: SourceFile) -> Mention:
    line = file.line(2)
    return Mention(line.removeprefix("url: "), Span(file, 2, 6, 2, len(line) + 1))


def test_no_more_results_than_github_keeps() -> None:
    links, _ = many(RESULTS // 2, LinkStatus.BLOCKED, LinkStatus.FLAKY, LinkStatus.BROKEN)
    found = diagnose(links)
    run = sarif(Report(tuple(found), tuple((d, "why") for d in found[-10:])))
    levels = [result["level"] for result in run["results"]]
    assert levels == ["error"] * (RESULTS // 2) + ["warning"] * (RESULTS // 2)
    assert not any(result["suppressions"] for result in run["results"])
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == f"and {RESULTS // 2 + 10} more, which are left out here"
    # Which are left out has no say in what the others are called.
    assert len({r["partialFingerprints"][FINGERPRINT] for r in run["results"]}) == RESULTS


def test_as_many_as_github_keeps_stay_in_order() -> None:
    links, _ = many(10, LinkStatus.BLOCKED, LinkStatus.BROKEN)
    run = sarif(Report(tuple(diagnose(links))))
    assert "invocations" not in run
    assert [result["level"] for result in run["results"]] == ["note"] * 10 + ["error"] * 10


# ------------------------------------------------------------------------------ hostile texts

HOSTILE = [
    "%0A::error::x",
    "\n::error::x\r",
    "::stop-commands::token",
    " ::add-mask::e",
    "##[error]x",
    "#",
    "a|b\\|c",
    "`",
    "``` ~~~",
    "](http://evil.test)",
    "[click](https://evil.test)",
    "![x](https://evil.test/x.png)",
    "<img src=x onerror=alert(1)>",
    "</details></summary><script>alert(1)</script>",
    "<!--",
    "-->",
    "]]>",
    "@everyone",
    "fixes #1",
    "closes GH-1",
    "www.evil.test",
    "\x1b[31m\x07\x9b2J\x1b]8;;https://evil.test\x1b\\",
    "\u202eright\u2066to left\u2069\u200b",
    "\x00",
    "\ud800",
    "\u2028::error::\x85::error::\u3000::error::",
    "a,title=b::c",
    "\\",
    '"},{"',
    "{0}",
    "| --- |\n| --- |",
    "&lt;b&gt;&#10;",
    "deadbeef" * 5,
]
hostile = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
)
STATUSES = [status for status in LinkStatus if status is not LinkStatus.OK]


def of(words: str, status: LinkStatus = LinkStatus.BROKEN) -> tuple[LinkReport, Report]:
    """A report in which everything that a stranger may write is `words`."""
    file = SourceFile(f"{words}.yml", f"url: {words}\n")
    span = Span(file, 1, 6, 1, 6 + len(words))
    judged = Judged(status, words, words, 200, words)
    links = LinkReport(links_of([Mention(words, span)], {words: judged}), (words,))
    (found,) = diagnose(links)
    return links, Report((found,), ((UNREADABLE.at(span, words, hint=words), words),))


def test_a_longest_address_is_bounded_where_people_read() -> None:
    words = "https://long.test/" + "`|<" * 33_000
    links, report = of(words)
    assert len(links_github(links, report)) < 310_000  # the path is as long
    assert len(links_markdown(links, report)) < 20_000
    assert [len(row) for row in cells(links_markdown(links, report))] == [4]
    data = json.loads(links_json(links, report))
    assert data["links"][0]["url"] == words
    assert len(report.diagnostics[0].message) < 400


ACTIVE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def kinds(text: str) -> set[str]:
    return {unicodedata.category(character) for character in text.replace("\n", "")}


@given(hostile, st.sampled_from(STATUSES))
def test_nothing_in_a_text_acts(words: str, status: LinkStatus) -> None:
    links, report = of(words, status)
    plain = links_text(links, report)
    assert kinds(plain).isdisjoint(ACTIVE)
    for line in plain.splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
    explained = Report(report.diagnostics, docs_url="https://x.test/")
    colored = links_text(links, explained, color=True)
    own = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;;(?:https://x\.test/[a-z0-9/]*)?\x1b\\")
    assert kinds(own.sub("", colored)).isdisjoint(ACTIVE)


@given(hostile)
def test_nothing_that_was_mended_acts(words: str) -> None:
    file = SourceFile(f"{words}.yml", words)
    span = Span(file, 1, 1, 1, 2)
    _, report = of(words, LinkStatus.MOVED)
    rule = report.diagnostics[0].rule
    line = mended_text(rule.at(span, words, fix=Fix(words, (Edit(span, words),))))
    assert kinds(line).isdisjoint(ACTIVE)
    assert "\n" not in line
    assert not line.lstrip().startswith("::")
    assert "##[" not in line


@given(hostile, st.sampled_from(STATUSES))
def test_nothing_in_annotations_acts(words: str, status: LinkStatus) -> None:
    links, report = of(words, status)
    command, verdict, *rest = links_github(links, report).split("\n")
    assert verdict.startswith("1 ")
    assert "\n".join(rest) == links_summary(links)
    assert kinds(links_summary(links)).isdisjoint(ACTIVE)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in rest)
    match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", command)
    assert match
    names = [pair.partition("=")[0] for pair in match[2].split(",")]
    assert names == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert set(re.findall("%..", match[3])) <= {"%25", "%0A"}
    assert match[3].count("%0A") == 1  # before the hint
    assert kinds(command).isdisjoint(ACTIVE)
    assert "##[" not in command


@given(hostile, st.sampled_from(STATUSES))
def test_nothing_in_json_acts(words: str, status: LinkStatus) -> None:
    links, report = of(words, status)
    text = links_json(links, report)
    assert text.isascii()
    assert "##[" not in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    json.dumps(json.loads(text), ensure_ascii=False).encode()  # no half characters
    (link,) = json.loads(text)["links"]
    assert link["url"] == words.encode("utf-8", "replace").decode()


@settings(max_examples=30)
@given(hostile, st.sampled_from(STATUSES))
def test_nothing_in_sarif_acts(words: str, status: LinkStatus) -> None:
    _, report = of(words, status)
    assert "##[" not in report_sarif(report, RULES, version="1.0")
    for result in sarif(report)["results"]:
        said = result["message"]["text"]
        assert "](" not in said
        # Code hosts keep messages in databases, some of which take no NUL, and show them.
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in said)
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~%/-]*", uri, re.ASCII)
        assert unquote(uri).startswith(words.encode("utf-8", "replace").decode())


def crowded(words: str, status: LinkStatus) -> tuple[LinkReport, Report]:
    """The same with a place that is accepted, and a fault that is none of a link's."""
    links, _ = of(words, status)
    file = SourceFile(f"{words}.md", words)
    place = Mention(words, Span(file, 1, 1, 1, 2))
    mentions = (*links.links[0].mentions, place)
    both = LinkReport((CheckedLink(words, links.links[0].judged, mentions),), links.notes)
    found, accepted = diagnose(both)
    other = UNREADABLE.at(Span.whole(SourceFile(words, words)), words, hint=words)
    return both, Report((found, other), ((accepted, words),))


@given(hostile, st.sampled_from(STATUSES))
def test_nothing_in_markdown_acts(words: str, status: LinkStatus) -> None:
    links, report = crowded(words, status)
    markdown = links_markdown(links, report, prefix=words)
    assert kinds(markdown).isdisjoint(ACTIVE)
    assert "##[" not in markdown
    assert not any(line.lstrip().startswith("::") for line in markdown.splitlines())
    assert [len(row) for row in cells(markdown)] == [4, 4, 5]
    tokens = GFM.parse(markdown)
    leaves = [leaf for token in tokens for leaf in token.children or ()]
    assert {leaf.type for leaf in leaves} <= {
        *("text", "code_inline", "softbreak", "hardbreak", "strong_open", "strong_close"),
    }
    plain = "".join(leaf.content for leaf in leaves if leaf.type == "text")
    assert not re.search(r"[@#<>`\[\]]|www\.|https?:|\bGH-\d", plain)
    html = "".join(token.content for token in tokens if token.type == "html_block")
    summary = r"<details>\n<summary>(?:Good to know|Accepted in place): 1</summary>\n</details>\n"
    assert re.fullmatch(rf"(?:{summary}){{1,2}}", html)
    blocks = {token.type.removesuffix("_open") for token in tokens if token.nesting >= 0}
    assert blocks <= {
        *("heading", "paragraph", "inline", "bullet_list", "list_item", "html_block"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }


def test_a_number_of_an_issue_is_no_word() -> None:
    """GitHub makes a reference of `GH-1` wherever it stands in a text."""
    for note in ("GH-1", "fixes GH-1", "see gh-12 too", "<b> @you fixes #1"):
        assert f"- `{note}`\n" in links_markdown(LinkReport((), (note,)), Report(()))
    assert "- High-1\n" in links_markdown(LinkReport((), ("High-1",)), Report(()))

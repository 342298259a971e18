"""The pages for editors: how to contribute, and the rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from html_document import Element, read_html
from roadmap_site import Page, Site, check, load, render
from roadmap_site.check import RULES
from roadmap_site.check.rules.links import RULE_OF
from roadmap_site.model import curriculum as model
from roadmap_site.model.links import LinkStatus
from roadmap_site.report import diagnostic_text
from site_builder import CHECKOUT, CURRICULUM, GOLDEN, write_files

REPOSITORY = "https://github.com/me/map"
WEEKS = "tracks/first/basics.yml"
LONG = "\n".join(f"      - Step {number}" for number in range(60))


def made_of(
    folder: Path,
    files: Mapping[str, str] | None = None,
    repository: str = "",
    schemas: Mapping[str, str] | None = None,
) -> Site:
    write_files(folder, {**CURRICULUM, **(files or {})})
    loaded = load(folder)
    assert loaded.curriculum is not None
    return render(loaded.curriculum, repository=repository, schemas=schemas)


def page_at(site: Site, path: str) -> Page:
    return next(page for page in site.pages if page.path == path)


def contribute(site: Site) -> Element:
    return read_html(page_at(site, "contribute/").html)


def code_blocks(document: Element) -> list[str]:
    return ["".join(pre.one("code").text) for pre in document.all("pre")]


@pytest.fixture(scope="module", params=["golden", "real"])
def folder(request: pytest.FixtureRequest) -> Path:
    return {"golden": GOLDEN, "real": CHECKOUT}[request.param] / "curriculum"


# ------------------------------------------------------------------------------- one real week


WEEK_FILES = {
    "block": CURRICULUM[WEEKS],
    "with comments after it": CURRICULUM[WEEKS].replace(
        "resources: [tutorial]\n", "resources: [tutorial]\n    # of the next week\n\n\n"
    ),
    "flow": "title: Basics\nweek: 1\nweeks: [{title: Hello, week: 1, topics: [Printing]}]\n",
    "a dash of its own": CURRICULUM[WEEKS].replace("  - title: Hello", "  -\n    title: Hello"),
    "the last, without a line break": CURRICULUM[WEEKS].rstrip("\n"),
    "other line breaks": CURRICULUM[WEEKS].replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", WEEK_FILES)
def test_a_week_is_shown_as_it_stands_in_its_file(tmp_path: Path, name: str) -> None:
    site = made_of(tmp_path, {WEEKS: WEEK_FILES[name]})
    shown = code_blocks(contribute(site))[1].replace("\r", "")
    assert shown in WEEK_FILES[name].replace("\r", "")
    if name == "flow":
        assert "title: Hello" in shown
        return
    if not shown.startswith("  -"):
        shown = f"  -\n{shown}"
    (week,) = yaml.safe_load(shown)
    assert week["title"] == "Hello"
    assert week == yaml.safe_load(WEEK_FILES[name])["weeks"][0]


def test_the_week_is_of_this_very_curriculum(folder: Path) -> None:
    loaded = load(folder).curriculum
    assert loaded is not None
    site = render(loaded)
    document = contribute(site)
    shown = code_blocks(document)[1]
    (week,) = yaml.safe_load(shown)
    assert any(shown in file.text for file in loaded.files.values())
    page = next(
        page
        for page in site.pages
        if page.kind == "week" and page.title.endswith(f": {week['title']}")
    )
    assert any(link["href"] == f"../{page.path}" for link in document.all("a"))


def test_the_message_is_what_the_check_says(folder: Path, tmp_path: Path) -> None:
    loaded = load(folder).curriculum
    assert loaded is not None
    message = code_blocks(contribute(render(loaded)))[2]
    path, line, column, _ = message.split(":", 3)
    files = {name: file.text for name, file in loaded.files.items()}
    lines = files[path].splitlines(keepends=True)
    row, start = lines[int(line) - 1], int(column) - 1
    lines[int(line) - 1] = f"{row[:start]}titel{row[start + len('title') :]}"
    write_files(tmp_path, {**files, path: "".join(lines)})
    texts = [diagnostic_text(diagnostic).rstrip() for diagnostic in check(load(tmp_path))]
    assert message in texts


def test_a_week_of_any_length_is_bounded(tmp_path: Path) -> None:
    weeks = CURRICULUM[WEEKS].replace("[Printing]", f"\n{LONG}\n      - {'x' * 100_000}")
    weeks = weeks[: weeks.index("  - title: Again")].replace("title: Hello", f"title: {'y' * 9999}")
    site = made_of(tmp_path, {WEEKS: weeks})
    lines = code_blocks(contribute(site))[1].splitlines()
    assert len(lines) == 41
    assert lines[-1] == "# and so on"
    assert max(map(len, lines)) <= 201
    assert len(page_at(site, "contribute/").html) < 60_000


def test_without_weeks_there_is_none_to_show(tmp_path: Path) -> None:
    site = made_of(tmp_path, {WEEKS: "title: Basics\nweek: 1-2\ntopics: [Printing]\n"})
    page = page_at(site, "contribute/")
    document = read_html(page.html)
    assert "_one-week" not in {anchor for anchor, _ in page.sections}
    assert not document.all(id="_one-week")
    assert "titel" not in document.text


# ----------------------------------------------------------------------------------- the page


def test_every_key_is_explained(tmp_path: Path) -> None:
    document = contribute(made_of(tmp_path))
    tables = {
        "week": model.Week,
        "item": model.Item,
        "project": model.Project,
        "mention": model.Mention,
        "resource": model.Resource,
        "topic": model.Topic,
        "month": model.Phase,
        "track": model.Track,
    }
    for anchor, entity in tables.items():
        rows = document.one(id=f"_{anchor}").one("tbody").all("tr")
        found = {row.all("code")[0].text: row for row in rows}
        for field in dataclasses.fields(entity):
            if "doc" not in field.metadata:
                continue
            if field.name == "id" and anchor in ("resource", "topic", "track"):
                assert "id" not in found, "it is pinned by what it stands under"
                continue
            row = found.pop(field.name)
            assert field.metadata["doc"].replace("`", "") in row.words
            is_needed = field.default is dataclasses.MISSING
            assert ("needed" in row.one("th").words) == is_needed
            example = field.metadata["example"]
            if isinstance(example, str):
                assert f"For example {example}" in row.words
        assert not found


def test_sections_and_links_within_lead_somewhere(tmp_path: Path) -> None:
    page = page_at(made_of(tmp_path), "contribute/")
    document = read_html(page.html)
    for anchor, title in page.sections:
        assert document.one(id=anchor).words == title
    for link in document.all("a"):
        if link["href"].startswith("#"):
            assert document.all(id=link["href"][1:]), link


def test_each_class_of_link_is_explained(tmp_path: Path) -> None:
    document = contribute(made_of(tmp_path))
    rows = document.one(class_="keys classes").one("tbody").all("tr")
    assert {row.all("code")[0].text for row in rows} == set(LinkStatus)
    for row in rows:
        rule = RULE_OF.get(LinkStatus(row.all("code")[0].text))
        assert [link["href"] for link in row.all("a")] == (
            [rule.page.removeprefix("contribute/")] if rule else []
        )
        assert all(part.words for part in row.all("p"))


def test_only_where_there_is_a_repository_are_there_pull_requests(tmp_path: Path) -> None:
    alone, shared = (made_of(tmp_path, repository=url) for url in ("", REPOSITORY))
    assert "pull request" not in contribute(alone).text
    assert "Edit this page" not in contribute(alone).text
    assert "pull request" in contribute(shared).text
    assert any(link["href"] == REPOSITORY for link in contribute(shared).all("a"))


def test_schemas_are_published_and_linked(tmp_path: Path) -> None:
    site = made_of(tmp_path, schemas={"schema/v1/month.json": "{}"})
    assert site.files["schema/v1/month.json"] == "{}"
    (link,) = (a for a in contribute(site).all("a") if a["href"] == "../schema/v1/month.json")
    assert link.words == "month"
    assert "JSON Schema complete" not in contribute(made_of(tmp_path)).words


# ----------------------------------------------------------------------------------- the rules


def test_each_rule_has_a_page(tmp_path: Path) -> None:
    site = made_of(tmp_path)
    pages = {page.path: page for page in site.pages if page.kind == "rule"}
    assert len(pages) == len(RULES)
    for rule in RULES:
        assert rule.page == f"contribute/rules/{rule.code.lower()}/"
        page = pages[rule.page]
        document = read_html(page.html)
        assert document.one("h1").words == f"{rule.code} {rule.name}"
        assert document.one(class_="meta").words.lower().startswith(rule.severity.value)
        assert ("--fix" in document.one(class_="meta").words) == rule.fixable
        assert f"found by roadmap-site {rule.command}" in document.one(class_="meta").words
        for comment in (f"# roadmap: ignore[{rule.code}]", f"<!-- roadmap: ignore[{rule.code}]"):
            assert (comment in document.words) == (rule.command == "links")
        words = document.words.lower()
        for heading, text in rule.sections:
            for paragraph in text.split("\n\n"):
                assert paragraph.replace("`", "").lower() in words
            assert (heading.lower() in words) == bool(text)
        assert page.search is not None
        assert {rule.code, rule.name} <= set(page.search.title.split())
        crumbs = [link["href"] for link in document.one("nav").all("a")]
        assert crumbs == ["../../", "../"]
    for before, after in pairwise(RULES):
        assert pages[before.page].next == after.page
        assert pages[after.page].previous == before.page


def test_the_index_lists_each_rule_once_in_order(tmp_path: Path) -> None:
    document = read_html(page_at(made_of(tmp_path), "contribute/rules/").html)
    rows = document.all("li")[1:]  # after the breadcrumb
    assert [row.one("a")["href"] for row in rows] == [f"{rule.code.lower()}/" for rule in RULES]
    for row, rule in zip(rows, RULES, strict=True):
        assert row.one("a").words == f"{rule.code} {rule.name}"
        assert row.one("small").words == rule.severity.value + (
            " · mended by --fix" if rule.fixable else ""
        )
        assert rule.sections.summary.replace("`", "") in row.words

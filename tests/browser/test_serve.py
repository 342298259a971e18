"""An editor saves, and the open page follows by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.site_fixtures import heeds_links, new_context
from serving import Server, serving
from site_builder import CONFIG, CURRICULUM, make_project, write_files

pytestmark = pytest.mark.browser

WEEK, NEXT = "tracks/first/hello/", "tracks/first/again/"
MONTH = "tracks/first/basics.yml"
MANY = "".join(f"      - {{text: Item {number}, teaches: []}}\n" for number in range(60))
LONG = CURRICULUM[MONTH].replace("topics: [Printing]", f"topics:\n      - Printing\n{MANY}")


class Desk:
    """A project that is served and edited, and a tab that shows it."""

    def __init__(self, project: Path, server: Server, context: BrowserContext) -> None:
        self.project = project
        self.server = server
        self.context = context
        self.faults: list[str] = []

    def save(self, text: str | None) -> None:
        write_files(self.project / "curriculum", {MONTH: text})

    def open(self, path: str) -> Page:
        tab = self.context.new_page()
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        # It waits for news once the script has run.
        with tab.expect_request(re.compile(rf"/livereload/\d+/{path}$")):
            tab.goto(path)
        return tab


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    folder = tmp_path_factory.mktemp("serve-in-browser")
    theme = {"name": "material", "font": False, "features": ["navigation.instant"]}
    project = make_project(folder / "project", {MONTH: LONG}, **{**CONFIG, "theme": theme})
    with serving(project, folder / "log") as server:
        yield project, server


@pytest.fixture
def desk(served: tuple[Path, Server], chromium: Browser) -> Iterator[Desk]:
    project, server = served
    context = new_context(chromium, server.url, viewport={"width": 1200, "height": 700})
    desk = Desk(project, server, context)
    yield desk
    context.close()
    desk.save(LONG)
    server.wait(WEEK, lambda page: "Item 59<" in page and "rm-overlay" not in page, "not restored")
    server.wait(NEXT, lambda page: "Loops<" in page and "Brand new" not in page, "not restored")
    assert not desk.faults


def test_a_save_shows_by_itself_where_the_reader_was_with_its_ticks(desk: Desk) -> None:
    tab = desk.open(WEEK)
    tab.get_by_label("Item 3", exact=True).check()
    tab.get_by_text("Item 40", exact=True).scroll_into_view_if_needed()
    tab.evaluate("scrollTo(0, 900)")
    before = tab.evaluate("scrollY")
    assert before > 500
    desk.save(LONG.replace("text: Item 59,", "text: Item 59 is another,"))
    expect(tab.get_by_text("Item 59 is another")).to_have_count(1)
    expect(tab.get_by_label("Item 3", exact=True)).to_be_checked()
    tab.wait_for_function(f"Math.abs(scrollY - {before}) < 5")


def test_a_fault_lies_over_the_page_and_goes_without_loading_it(desk: Desk) -> None:
    tab = desk.open(WEEK)
    tab.evaluate("window.isTheSame = true")
    desk.save(LONG.replace("topics: [Loops]", "topcis: [Loops]"))
    overlay = tab.get_by_role("alert")
    expect(overlay).to_contain_text("tracks/first/basics.yml:73:5")
    expect(overlay).to_contain_text("did you mean `topics`")
    expect(tab.get_by_text("Item 59", exact=True)).to_be_visible()
    desk.save("weeks: [\n")
    expect(overlay).to_contain_text("RS002")
    expect(overlay).to_have_count(1)
    desk.save(LONG)
    expect(overlay).to_have_count(0)
    assert tab.evaluate("window.isTheSame")


def test_a_page_opened_during_a_fault_has_the_overlay_too(desk: Desk) -> None:
    desk.save("weeks: [\n")
    desk.server.shows(WEEK, "rm-overlay")
    tab = desk.open(NEXT)
    expect(tab.get_by_role("alert")).to_contain_text("tracks/first/basics.yml")
    desk.save(LONG)
    expect(tab.get_by_role("alert")).to_have_count(0)


def test_it_follows_after_instant_navigation(desk: Desk) -> None:
    tab = desk.open(WEEK)
    tab.evaluate("window.isTheSame = true")
    link = heeds_links(tab).locator(f"#__menu a[href$='{NEXT.split('/')[-2]}/']")
    link.evaluate("link => link.click()")
    expect(tab.locator("h1").first).to_contain_text("Again")
    assert tab.evaluate("window.isTheSame")
    desk.save(LONG.replace("[Loops]", "[Loops, {text: Brand new, teaches: []}]"))
    expect(tab.get_by_text("Brand new", exact=True)).to_be_visible()


def test_a_page_of_its_own_that_was_not_there_appears(desk: Desk) -> None:
    tab = desk.open("tracks/first/fresh/")
    expect(tab.get_by_text("This road ends here")).to_be_visible()
    desk.save(LONG.replace("title: Again", "title: Fresh"))
    expect(tab.get_by_role("heading", name="Fresh")).to_be_visible()

"""axe-core finds no violation: on every kind of page, in light and dark, on phone and desktop.

axe-playwright-python brings axe-core (MPL-2.0) along, so that nothing comes from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.site_fixtures import (
    DESKTOP,
    KINDS,
    NOWHERE,
    PHONE,
    Reader,
    Site,
    hits,
    search,
    visit,
)

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "desktop": DESKTOP}
SCHEMES: Mapping[Literal["light", "dark"], str] = {"light": "default", "dark": "slate"}
ABOUT_COLOURS = ("color-contrast", "link-in-text-block")
SharedTab = tuple[Reader, Page]

RUN = """
async only => {
  const options = { resultTypes: ["violations"], preload: false, ...(only && { runOnly: only }) };
  const { violations } = await axe.run(options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target}\\n${failureSummary}`));
}
"""


def violations(tab: Page, *rules: str) -> Sequence[str]:
    """What axe finds with these rules, else with all that are on by default.

    The latter are WCAG's levels A and AA and axe's best practices.
    """
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    found: list[str] = tab.evaluate(RUN, rules or None)
    return found


def look_at(tab: Page, sizes: Iterable[str] = SIZES) -> Mapping[str, Sequence[str]]:
    """What axe finds, by the view where there is any. The dark one differs in its colours alone."""
    found = {}
    for size in sizes:
        tab.set_viewport_size(SIZES[size])
        for scheme, name in SCHEMES.items():
            tab.emulate_media(color_scheme=scheme)
            expect(tab.locator("body")).to_have_attribute("data-md-color-scheme", name)
            rules = ABOUT_COLOURS if scheme == "dark" else ()
            found[f"{size}, {scheme}"] = violations(tab, *rules)
    return {view: faults for view, faults in found.items() if faults}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_a_kind_of_page(shared_tab: SharedTab, site: Site, kind: str) -> None:
    reader, tab = shared_tab
    visit(tab, site.path_of(kind))
    if kind == "compare":  # hundreds of rows alike, and axe is slow
        tab.locator(".matrix tbody:nth-of-type(n + 4)").evaluate_all(
            "groups => groups.forEach(group => group.remove())"
        )
    found = look_at(tab)
    if kind == "404":
        reader.faults.forgive(NOWHERE)
    assert found == {}


# ------------------------------------------------------------------- what opens, and what is said


def open_search(tab: Page, _: Site) -> None:
    tab.goto("")
    search(tab, "CNN")
    expect(hits(tab).nth(4)).to_be_visible()


def open_menu(tab: Page, site: Site) -> None:
    tab.goto(site.small.places[0].url)
    tab.get_by_role("button", name="Menu").click()
    expect(tab.locator(".side")).to_be_visible()


def open_import(tab: Page, site: Site) -> None:
    tab.goto("progress/")
    ticks = {item.key: [1, 1_700_000_000_000] for item in site.small.required[:5]}
    file = {"curriculum": site.id, "v": 1, "ticks": ticks, "choices": {}}
    tab.get_by_label("Import a file").set_input_files(
        {"name": "p.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}
    )
    expect(tab.get_by_role("region", name="Import").get_by_role("row")).to_have_count(6)


def import_and_list(tab: Page, site: Site) -> None:
    """Progress in the middle of a track, what is left, the offer to undo and the one to resume."""
    open_import(tab, site)
    tab.get_by_role("button", name="Apply").click()
    expect(tab.get_by_role("region", name="Undo").get_by_role("button")).to_have_count(2)
    tab.locator(f"[data-left='{site.small.id}'] summary").click()
    expect(tab.locator("[data-left-list] li li").first).to_be_visible()
    expect(tab.locator("[data-resume]")).to_be_visible()


def see_progress_on(path: Callable[[Site], str]) -> Callable[[Page, Site], None]:
    def see_progress(tab: Page, site: Site) -> None:
        tab.goto("about/")
        ticks = {item.key: [1, 1_700_000_000_000] for item in site.small.required[:7]}
        value = json.dumps({"v": 1, "ticks": ticks, "choices": {}})
        key = f"roadmap-site:{site.id}"
        tab.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])
        tab.goto(path(site))
        expect(tab.locator(".is-done, .is-started, .rm-tick:checked").first).to_be_attached()

    return see_progress


def choose_branch(tab: Page, site: Site) -> None:
    tab.goto(site.path_of("phase"))
    tab.get_by_role("group", name="Your choice").get_by_role("radio").first.check()
    expect(tab.locator(".is-apart").first).to_be_visible()


def see_notice(tab: Page, site: Site) -> None:
    tab.goto("about/")
    tab.evaluate("key => localStorage.setItem(key, '{')", f"roadmap-site:{site.id}")
    tab.goto(site.small.places[0].url)
    expect(tab.locator("[data-notice] p")).to_be_visible()


STATES: Mapping[str, Callable[[Page, Site], None]] = {
    "search open": open_search,
    "menu open": open_menu,
    "import preview": open_import,
    "undo, resume, what is left": import_and_list,
    "home begun": see_progress_on(lambda _: ""),
    "track begun": see_progress_on(lambda site: site.small.url),
    "week done": see_progress_on(lambda site: site.small.places[0].url),
    "branch chosen": choose_branch,
    "notice": see_notice,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_a_state(shared_tab: SharedTab, site: Site, state: str) -> None:
    _, tab = shared_tab
    tab.set_viewport_size(PHONE)
    try:
        STATES[state](tab, site)
        tab.evaluate("document.fonts.ready.then(() => null)")
        assert look_at(tab, ["phone"] if state == "menu open" else SIZES) == {}
    finally:
        tab.evaluate("localStorage.clear()")  # or it were the state of the next test as well


def test_axe_finds_what_is_wrong(shared_tab: SharedTab) -> None:
    """Guards the tests above."""
    _, tab = shared_tab
    tab.goto("about/")
    tab.evaluate("document.querySelector('article p').style.color = 'rgb(128 128 128 / 50%)'")
    tab.evaluate("document.querySelector('.brand img').removeAttribute('alt')")
    found = look_at(tab)
    assert len(found) == len(SIZES) * len(SCHEMES)
    assert all("color-contrast: " in "".join(faults) for faults in found.values())
    assert "image-alt: " in "".join(found["phone, light"])

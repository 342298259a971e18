"""axe-core finds no violation: on every kind of page, in light and dark, on phone and desktop.

axe-playwright-python brings axe-core (MPL-2.0) along, so that nothing comes from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.site_fixtures import DESKTOP, KINDS, PHONE, Reader, Site

pytestmark = pytest.mark.browser

SIZES = {"phone": PHONE, "desktop": DESKTOP}
SCHEMES = {"light": "default", "dark": "slate"}
SharedTab = tuple[Reader, Page]

RUN = """
async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"], preload: false });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target}\\n${failureSummary}`));
}
"""


def violations(tab: Page) -> Sequence[str]:
    """What axe finds, with all rules that it has on by itself, its best practices included."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    found: list[str] = tab.evaluate(RUN)
    return found


def show(tab: Page, size: str, scheme: str) -> None:
    tab.set_viewport_size(SIZES[size])
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of SCHEMES
    expect(tab.locator("body")).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_a_kind_of_page(shared_tab: SharedTab, site: Site, kind: str) -> None:
    reader, tab = shared_tab
    tab.goto(site.path_of(kind))
    found = {}
    for size in SIZES:
        for scheme in SCHEMES:
            show(tab, size, scheme)
            found[f"{size}, {scheme}"] = violations(tab)
    if kind == "404":
        reader.forgive("404")
    assert {view: faults for view, faults in found.items() if faults} == {}


# ------------------------------------------------------------------- what opens, and what is said


def open_search(tab: Page, _: Site) -> None:
    tab.goto("")
    tab.get_by_role("textbox", name="Search").click()
    tab.keyboard.type("CNN")
    expect(tab.locator(".find-list a").locator("visible=true").nth(4)).to_be_visible()


def open_menu(tab: Page, site: Site) -> None:
    tab.goto(site.path_of("week"))
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
    tab.goto(site.path_of("week"))
    expect(tab.locator("[data-notice] p")).to_be_visible()


STATES: dict[str, tuple[Callable[[Page, Site], None], tuple[str, ...]]] = {
    "search open": (open_search, ("phone", "desktop")),
    "menu open": (open_menu, ("phone",)),
    "import preview": (open_import, ("phone", "desktop")),
    "undo, resume, what is left": (import_and_list, ("phone", "desktop")),
    "home begun": (see_progress_on(lambda _: ""), ("phone", "desktop")),
    "track begun": (see_progress_on(lambda site: site.small.url), ("phone", "desktop")),
    "week done": (see_progress_on(lambda site: site.small.places[0].url), ("phone", "desktop")),
    "branch chosen": (choose_branch, ("phone", "desktop")),
    "notice": (see_notice, ("phone", "desktop")),
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_a_state(shared_tab: SharedTab, site: Site, state: str) -> None:
    _, tab = shared_tab
    bring_about, sizes = STATES[state]
    found = {}
    for size in sizes:
        show(tab, size, "light")
        bring_about(tab, site)
        for scheme in SCHEMES:
            show(tab, size, scheme)
            found[f"{size}, {scheme}"] = violations(tab)
        tab.evaluate("localStorage.clear()")
    assert {view: faults for view, faults in found.items() if faults} == {}


def test_axe_finds_what_is_wrong(shared_tab: SharedTab) -> None:
    """Guards the tests above."""
    _, tab = shared_tab
    tab.goto("")
    show(tab, "desktop", "light")
    tab.evaluate("document.querySelector('.track .what').style.color = '#ddd'")
    tab.evaluate("document.querySelector('.brand img').removeAttribute('alt')")
    rules = {fault.partition(":")[0] for fault in violations(tab)}
    assert {"color-contrast", "image-alt"} <= rules

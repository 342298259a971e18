"""Every kind of page: it fits, it loads cleanly, and its shell works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urljoin

import pytest
from playwright.sync_api import FloatRect, Page, expect

from browser.site_fixtures import (
    DESKTOP,
    KINDS,
    NOWHERE,
    PHONE,
    PREFIX,
    REPOSITORY,
    OpenReader,
    Reader,
    Site,
    expect_value,
    heading,
    heeds_links,
    hits,
    search,
    visit,
)
from site_builder import CHECKOUT

pytestmark = pytest.mark.browser

SIZES = ((320, 640), (390, 844), (768, 1024), (1440, 900))
SCHEMES: Mapping[Literal["light", "dark"], str] = {"light": "default", "dark": "slate"}
SharedTab = tuple[Reader, Page]

# What reaches out of the window and can't be scrolled to within a container of its own.
OVERFLOWING = """
() => {
  const scrolls = element => element && element !== document.body
    && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX)
        || scrolls(element.parentElement));
  const wide = [...document.querySelectorAll("body *")].filter(element => {
    const { left, right, width, height } = element.getBoundingClientRect();
    return width && height && (right > innerWidth + 1 || left < -1)
      && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && !scrolls(element.parentElement);
  });
  const names = wide.map(element => element.outerHTML.slice(0, 120));
  const over = document.documentElement.scrollWidth - innerWidth;
  return over > 0 ? [`the page: ${over}px`, ...names] : names;
}
"""


# ---------------------------------------------------------------------------- every kind of page


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_window_and_loads_cleanly(
    shared_tab: SharedTab, site: Site, kind: str
) -> None:
    reader, tab = shared_tab
    visit(tab, site.path_of(kind))
    expect(tab.locator("h1").locator("visible=true")).to_have_count(1)
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        for scheme, name in SCHEMES.items():
            tab.emulate_media(color_scheme=scheme)
            expect(tab.locator("body")).to_have_attribute("data-md-color-scheme", name)
            assert tab.evaluate(OVERFLOWING) == [], f"{width} px, {scheme}"
    if kind == "404":
        reader.faults.forgive(NOWHERE)
    reader.faults.expect_none()


def test_every_track_and_its_list_fit_a_small_phone(shared_tab: SharedTab, site: Site) -> None:
    reader, tab = shared_tab
    tab.set_viewport_size({"width": 320, "height": 640})
    for track in site.tracks:
        for path in (track.url, f"{track.url}all/"):
            visit(tab, path)
            assert tab.evaluate(OVERFLOWING) == [], path
    reader.faults.expect_none()


@pytest.mark.parametrize("kind", ["home", "track", "week", "phase"])
def test_what_to_do_first_is_seen_without_scrolling(
    shared_tab: SharedTab, site: Site, kind: str
) -> None:
    _, tab = shared_tab
    paths = [site.path_of(kind)]
    if kind == "track":
        paths = [track.url for track in site.tracks]
    if kind == "week":
        paths += [track.of_kind("week")[0].url for track in site.tracks if track.of_kind("week")]
    for path in paths:
        visit(tab, path)
        for size in (PHONE, DESKTOP):
            tab.set_viewport_size(size)
            action = tab.locator(".hero .go .button").locator("visible=true").first
            expect(action).to_have_accessible_name(re.compile("^(Choose|Start)"))
            expect(action).to_be_in_viewport(ratio=1)
            frame = action.bounding_box()
            assert frame
            assert frame["height"] >= 44  # CSS pixels, WCAG 2.2 success criterion 2.5.5


# ------------------------------------------------------------------------------------- keyboard


def tab_stop(tab: Page) -> str:
    """What has the focus."""
    html: str = tab.evaluate("document.activeElement.outerHTML.slice(0, 150)")
    return html


def shows_focus(tab: Page) -> bool:
    """Whether what has the focus, or what is around it, looks different without."""
    clip: FloatRect = tab.evaluate(AROUND_FOCUS)
    look = tab.screenshot(clip=clip, animations="disabled")
    tab.evaluate("document.activeElement.blur()")
    return look != tab.screenshot(clip=clip, animations="disabled")


# Of a hidden control, the label beside it shows the focus.
AROUND_FOCUS = """
() => {
  const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
  const x = Math.max(0, left - 30), width = Math.min(innerWidth, right + 30) - x;
  const y = Math.max(0, top - 30), height = Math.min(innerHeight, bottom + 30) - y;
  return { x, y, width, height };
}
"""


WINDOWS = {"phone": PHONE, "desktop": DESKTOP}


@pytest.mark.parametrize(
    ("kind", "window"),
    [
        ("home", "phone"),
        ("home", "desktop"),
        ("track", "desktop"),
        ("week", "phone"),
        ("week", "desktop"),
        ("progress", "desktop"),
    ],
)
def test_the_focus_is_seen_on_its_way(
    shared_tab: SharedTab, site: Site, kind: str, window: str
) -> None:
    _, tab = shared_tab
    tab.set_viewport_size(WINDOWS[window])
    visit(tab, site.path_of(kind))
    stops = []
    for _ in range(10):
        tab.keyboard.press("Tab")
        stops.append(tab_stop(tab))
        assert not stops[-1].startswith("<body"), stops
        assert shows_focus(tab), stops[-1]
    assert len(set(stops)) == len(stops)


def test_the_skip_link_comes_first_and_skips(reader: Reader, site: Site) -> None:
    tab = reader.open(site.path_of("week"))
    skip = tab.get_by_role("link", name="Skip to the content")
    expect(skip).not_to_be_in_viewport()
    tab.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    tab.keyboard.press("Enter")
    expect(tab.locator(".md-content")).to_be_focused()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.querySelector('.md-content').contains(document.activeElement)")


# ----------------------------------------------------------------------------- header and footer


def test_the_palette_is_switched_and_stays_so(reader: Reader) -> None:
    tab = reader.open()
    body = tab.locator("body")
    switch = tab.locator(".palette label").locator("visible=true")
    seen = []
    for _ in range(3):
        title = switch.get_attribute("title")
        switch.click()
        expect(switch).not_to_have_attribute("title", title or "")
        scheme = body.get_attribute("data-md-color-scheme")
        background: str = body.evaluate("body => getComputedStyle(body).backgroundColor")
        tab.reload()
        expect(body).to_have_attribute("data-md-color-scheme", scheme or "")
        expect(body).to_have_css("background-color", background)
        seen.append((scheme, background))
    assert {scheme for scheme, _ in seen} == {"default", "slate"}
    assert len(set(seen)) == 2
    # And by keyboard.
    title = switch.get_attribute("title")
    tab.locator(".palette input").first.focus()
    tab.keyboard.press("ArrowRight")
    expect(switch).not_to_have_attribute("title", title or "")


def test_the_menu_opens_on_a_phone_and_leads_on(new_reader: OpenReader, site: Site) -> None:
    reader = new_reader(viewport=PHONE, has_touch=True, is_mobile=True)
    week, following = site.small.of_kind("week")[:2]
    tab = heeds_links(reader.open(week.url))
    menu = tab.locator(".side")
    expect(menu).to_be_hidden()
    tab.get_by_role("button", name="Menu").tap()
    expect(menu.get_by_role("link", name="My progress")).to_be_visible()
    expect(menu.locator("[aria-current=page]")).to_contain_text(week.label)
    expect(menu.locator(".menu-rooms [aria-current]")).to_have_text("Tracks")
    tab.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    tab.get_by_role("button", name="Menu").tap()
    menu.locator(f"a[href$='/{following.id}/']").tap()
    expect(heading(tab)).to_have_text(following.title)
    expect(menu).to_be_hidden()


def test_the_side_shows_where_one_is(reader: Reader, site: Site) -> None:
    week, following = site.small.of_kind("week")[:2]
    tab = heeds_links(reader.open(week.url))
    here = tab.locator(".side [aria-current=page]")
    expect(here).to_contain_text(week.label)
    reader.documents.clear()
    tab.locator(f".side a[href$='/{following.id}/']").click()
    expect(heading(tab)).to_have_text(following.title)
    expect(here).to_have_count(1)
    expect(here).to_contain_text(following.label)
    assert reader.documents == []


def test_the_edit_link_opens_the_file_that_the_page_came_from(reader: Reader, site: Site) -> None:
    start = f"{REPOSITORY}/edit/main/"
    tab = reader.open()
    for kind in ("week", "track", "phase", "checklist"):
        tab.goto(site.path_of(kind))
        link = tab.get_by_role("link", name="Edit this page")
        expect(link).to_be_visible()
        address = urljoin(tab.url, link.get_attribute("href") or "")
        assert address.startswith(f"{start}curriculum/tracks/")
        path, _, line = address.removeprefix(start).partition("#L")
        file = CHECKOUT / path
        source = tab.get_by_role("link", name=f"Source: {file.name}:{line}")
        expect(source).to_have_attribute("href", address.replace("/edit/", "/blob/"))
        suggestion = tab.get_by_role("link", name="Suggest a change").get_attribute("href") or ""
        assert quote(f"{path}:{line}", safe="") in suggestion
        assert heading(tab).inner_text() in file.read_text("utf-8")


def test_every_link_of_the_shell_works_on_a_page_that_is_not_there(
    reader: Reader, site: Site
) -> None:
    tab = reader.open(NOWHERE)
    expect(heading(tab)).to_be_visible()
    expect(tab.locator("header.bar")).to_be_in_viewport()
    assert "Atkinson" in tab.evaluate("getComputedStyle(document.body).fontFamily")
    family = "Atkinson Hyperlegible Next"
    loaded = "it => it.status === 'loaded' && it.family.includes(family)"
    expect_value(tab, f"family => [...document.fonts].some({loaded})", True, family)
    links: list[str] = tab.locator("a[href]").evaluate_all("links => links.map(it => it.href)")
    inner = {link.partition("#")[0] for link in links if PREFIX in link} - {tab.url}
    assert len(inner) > len(site.tracks)
    for link in inner:
        assert link.startswith(site.url)
        assert tab.request.get(link).status == 200, link
    tab.locator(".hero .go .button").click()
    expect(tab).to_have_url(site.url)
    reader.faults.forgive(NOWHERE)


def test_ticks_and_search_work_from_a_page_that_is_not_there(reader: Reader, site: Site) -> None:
    tab = heeds_links(reader.open(NOWHERE))
    reader.faults.forgive(NOWHERE)
    search(tab, site.small.short)
    hits(tab).first.click()
    expect(heading(tab)).not_to_have_text("This road ends here")
    tab.goto(site.path_of("week"))
    box = tab.locator(".rm-tick").first
    box.check()
    tab.reload()
    expect(box).to_be_checked()


# ----------------------------------------------------------------------------------- permalinks


def test_an_item_has_an_address_that_leads_to_it(reader: Reader, site: Site) -> None:
    path = site.path_of("week")
    tab = reader.open(path)
    items = tab.locator("li[id]").filter(has=tab.locator("> .rm-link"))
    item = items.nth(items.count() // 2)
    name = item.get_attribute("id")
    assert name
    item.scroll_into_view_if_needed()
    item.locator("> label").hover()
    item.locator("> .rm-link").click()
    expect(tab).to_have_url(f"{site.url}{path}#{name}")
    # Opened afresh, the page goes there and marks the item.
    fresh = reader.open(f"{path}#{name}")
    expect(fresh.locator("li:target")).to_be_in_viewport()
    target, other = (
        fresh.locator(selector).evaluate("item => getComputedStyle(item).backgroundColor")
        for selector in ("li:target", "li[id]:not(:target) >> nth=0")
    )
    assert target != other
    below = "document.querySelector('header.bar').getBoundingClientRect().bottom"
    top = "document.querySelector('li:target').getBoundingClientRect().top"
    expect_value(fresh, f"() => Math.max(0, {below} - {top})", 0)  # not below the header


def test_a_permalink_works_by_keyboard(reader: Reader, site: Site) -> None:
    path = site.path_of("week")
    tab = reader.open(path)
    item = tab.locator(".ticks > li").nth(1)
    link = item.locator("> .rm-link")
    item.locator("> label > .rm-tick").focus()
    for _ in item.locator("> label a, > .rm-link").all():
        tab.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("opacity", "1")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(f"{site.url}{path}#{item.get_attribute('id')}")

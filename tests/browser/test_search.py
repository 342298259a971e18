"""Search, typed as a reader types it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.site_fixtures import (
    PHONE,
    OpenReader,
    Reader,
    Site,
    heading,
    heeds_links,
    hits,
    search,
    search_field,
    type_query,
)

pytestmark = pytest.mark.browser

SEEN = 5
"""The first hits, which must say what track they are of."""


def panel(tab: Page) -> Locator:
    return tab.get_by_role("region", name="Search results")


def words_of(hit: Locator) -> str:
    return " ".join(hit.inner_text().split())


def week_urls(site: Site) -> set[str]:
    return {
        site.url + place.url
        for track in site.tracks
        for place in track.places
        if place.kind in ("week", "phase")
    }


def test_the_first_hits_for_a_name_of_a_topic_carry_their_tracks(
    reader: Reader, site: Site
) -> None:
    tab = reader.open()
    shorts = [track.short for track in site.tracks]
    found: dict[str, list[str]] = {}
    for query in ("CNN", "RAG", "k-NN", "kNN"):
        search(tab, query)
        first = hits(tab).all()[:SEEN]
        assert len(first) > 1, query
        for hit in first:
            words = words_of(hit)
            assert any(short in words for short in shorts), f"{query}: {words}"
        found[query] = [str(hit.get_attribute("href")).partition("?")[0] for hit in first]
        assert week_urls(site) & set(found[query]), query
    assert found["k-NN"] == found["kNN"]
    assert found["CNN"] != found["RAG"]


def test_a_hit_leads_to_its_page(reader: Reader, site: Site) -> None:
    tab = heeds_links(reader.open("compare/"))
    search(tab, "CNN")
    weeks = week_urls(site)
    week = next(it for it in hits(tab).all() if is_of(it, weeks))
    address = str(week.get_attribute("href")).partition("?")[0]
    title = week.locator("h1").inner_text().partition(" · ")[0]
    reader.documents.clear()
    week.click()
    expect(tab).to_have_url(re.compile(rf"^{re.escape(address)}"))
    expect(heading(tab)).to_have_text(title)
    expect(panel(tab)).to_be_hidden()
    expect(tab.locator("article mark").first).to_have_text(re.compile("cnn", re.IGNORECASE))
    assert reader.documents == []  # it came without a whole load


def is_of(hit: Locator, urls: set[str]) -> bool:
    return str(hit.get_attribute("href")).partition("?")[0] in urls


def test_search_works_by_keyboard(reader: Reader, site: Site) -> None:
    tab = reader.open(site.small.url)
    tab.keyboard.press("/")
    type_query(tab, "RAG")
    expect(hits(tab).nth(1)).to_be_visible()
    addresses = [str(hit.get_attribute("href")).partition("?")[0] for hit in hits(tab).all()[:2]]
    tab.keyboard.press("ArrowDown")
    expect(hits(tab).nth(0)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(hits(tab).nth(1)).to_be_focused()
    tab.keyboard.press("ArrowUp")
    expect(hits(tab).nth(0)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile(rf"^{re.escape(addresses[1])}"))


def test_escape_closes_search_and_it_can_be_opened_again(reader: Reader) -> None:
    tab = reader.open()
    for _ in range(2):
        search(tab, "RAG")
        tab.keyboard.press("Escape")
        expect(panel(tab)).to_be_hidden()
        expect(search_field(tab)).not_to_be_focused()
    search_field(tab).click()
    expect(panel(tab)).to_be_visible()


def test_tab_goes_from_the_field_to_the_hits_and_on(reader: Reader) -> None:
    """Material sends the focus back to the field; it must not be a trap either."""
    tab = reader.open()
    search(tab, "RAG")
    tab.keyboard.press("Escape")
    tab.keyboard.press("Tab")
    expect(search_field(tab)).not_to_be_focused()


def test_nothing_found_is_said(reader: Reader) -> None:
    tab = reader.open()
    search(tab, "RAG")
    search_field(tab).press("Control+a")
    tab.keyboard.type("qqqzzzxxx")
    expect(tab.locator(".find-meta")).to_have_text(re.compile("no match", re.IGNORECASE))
    expect(hits(tab)).to_have_count(0)
    search_field(tab).press("Control+a")
    tab.keyboard.press("Delete")
    expect(tab.locator(".find-meta")).to_have_text(re.compile("type to", re.IGNORECASE))


def test_search_on_a_phone(new_reader: OpenReader, site: Site) -> None:
    reader = new_reader(viewport=PHONE, has_touch=True, is_mobile=True)
    tab = reader.open(site.small.url)
    search_field(tab).tap()
    type_query(tab, "CNN")
    overflow = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    frame = panel(tab).bounding_box()
    assert frame
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= PHONE["width"]
    assert frame["y"] + frame["height"] <= PHONE["height"]
    hits(tab).nth(1).tap()
    expect(panel(tab)).to_be_hidden()
    expect(heading(tab)).not_to_have_text(site.small.title)

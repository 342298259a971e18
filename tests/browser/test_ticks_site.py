"""What a learner does with ticks, on the site as it is built."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from browser.site_fixtures import (
    DESKTOP,
    PHONE,
    Item,
    OpenReader,
    Place,
    Reader,
    Site,
    expect_bar,
    heading,
    heeds_links,
    search,
)

pytestmark = pytest.mark.browser


# ------------------------------------------------------------------------------------- helpers


def box(tab: Page, item: Item) -> Locator:
    return tab.locator(f'li[id="{item.id}"] > label > .rm-tick')


def text(tab: Page, scope: str) -> Locator:
    """What a progress display says."""
    return tab.locator(f"[data-progress='{scope}'] [data-progress-text]").first


def state(tab: Page, scope: str) -> Locator:
    """What changes its look when the scope is begun or done."""
    return tab.locator(f"[data-done-when='{scope}']")


def tick(reader: Reader, *items: Item) -> None:
    """Ticks items by hand, each in its place."""
    tab = reader.context.new_page()
    for place, group in groupby(items, lambda item: item.key.rpartition("/")[0]):
        tab.goto(f"tracks/{place}/")
        for item in group:
            box(tab, item).check()
    tab.close()


def export(tab: Page) -> dict[str, Any]:
    """The file that the progress page gives."""
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Export").click()
    return read(download.value)


def read(download: Download) -> dict[str, Any]:
    assert re.fullmatch(r"[\w-]+-progress-\d{4}-\d\d-\d\d\.json", download.suggested_filename)
    value: dict[str, Any] = json.loads(Path(download.path()).read_text("utf-8"))
    return value


def choose_file(tab: Page, value: object) -> Locator:
    """Chooses a file to import, and returns the preview."""
    content = json.dumps(value).encode()
    tab.get_by_label("Import a file").set_input_files(
        {"name": "progress.json", "mimeType": "application/json", "buffer": content}
    )
    preview = tab.get_by_role("region", name="Import")
    expect(preview).to_be_visible()
    return preview


def import_file(tab: Page, value: object) -> None:
    preview = choose_file(tab, value)
    preview.get_by_role("button", name="Apply").click()
    expect(preview).to_be_hidden()


def as_file(site: Site, items: Iterable[Item], time: int = 1_700_000_000_000) -> dict[str, Any]:
    """An export in which these items are ticked."""
    ticks = {item.key: [1, time] for item in items}
    return {"curriculum": site.id, "v": 1, "ticks": ticks, "choices": {}}


@pytest.fixture
def week(site: Site) -> Place:
    """A week in the middle of the small track."""
    weeks = site.small.of_kind("week")
    return weeks[len(weeks) // 2]


@pytest.fixture
def fork(site: Site) -> Place:
    """A phase with branches to choose from."""
    return site.place("phase", lambda place: place.branches)


# --------------------------------------------------------------------------------------- ticks


def test_a_week_is_ticked_by_mouse_and_by_keyboard_and_stays_so(
    reader: Reader, week: Place
) -> None:
    total = len(week.required)
    by_words, by_box, by_key = week.required[:3]
    tab = reader.open(week.url)
    expect(text(tab, week.key)).to_have_text(f"0 of {total}")
    tab.locator(f'li[id="{by_words.id}"] > label > span').click(position={"x": 2, "y": 8})
    box(tab, by_box).click()
    box(tab, by_key).focus()
    tab.keyboard.press("Space")
    expect(text(tab, week.key)).to_have_text(f"3 of {total}")
    expect(tab.get_by_role("status").filter(has_text=f"3 of {total} done")).to_have_count(1)
    tab.reload()
    for item in (by_words, by_box, by_key):
        expect(box(tab, item)).to_be_checked()
    expect(tab.locator(".rm-tick:checked")).to_have_count(3)
    expect(text(tab, week.key)).to_have_text(f"3 of {total}")
    expect_bar(tab, week.key, 3, total)


def test_ticks_go_along_with_instant_navigation(reader: Reader, week: Place, site: Site) -> None:
    weeks = site.small.of_kind("week")
    following = weeks[weeks.index(week) + 1]
    tab = heeds_links(reader.open(week.url))
    box(tab, week.items[0]).check()
    reader.documents.clear()
    tab.get_by_role("link", name="Next").last.click()
    expect(tab).to_have_url(site.url + following.url)
    expect(heading(tab)).to_have_text(following.title)
    expect(tab.locator(".rm-tick:checked")).to_have_count(0)
    box(tab, following.items[1]).check()
    tab.get_by_role("link", name="Previous").last.click()
    expect(heading(tab)).to_have_text(week.title)
    expect(box(tab, week.items[0])).to_be_checked()
    tab.go_back()
    expect(heading(tab)).to_have_text(following.title)
    expect(box(tab, following.items[1])).to_be_checked()
    expect(text(tab, following.key)).to_have_text(f"1 of {len(following.required)}")
    assert reader.documents == []
    assert reader.ticked() == {week.items[0].key, following.items[1].key}


def test_a_second_tab_follows_and_a_tick_can_be_taken_back(reader: Reader, week: Place) -> None:
    first, second = (reader.open(week.url) for _ in range(2))
    item = week.required[0]
    box(first, item).check()
    expect(box(second, item)).to_be_checked()
    expect(text(second, week.key)).to_have_text(f"1 of {len(week.required)}")
    box(second, item).uncheck()
    expect(box(first, item)).not_to_be_checked()
    expect(text(first, week.key)).to_have_text(f"0 of {len(week.required)}")
    first.reload()
    expect(box(first, item)).not_to_be_checked()


# ------------------------------------------------------------------------------------- progress


def test_progress_adds_up_from_weeks_to_the_site(reader: Reader, site: Site) -> None:
    track = site.small
    weeks = track.of_kind("week")
    other = next(it for it in site.tracks if it is not track and it.of_kind("week"))
    mine = [*weeks[0].required, *weeks[1].required[:2], weeks[-1].required[0]]
    others = other.of_kind("week")[0].required[:3]
    tick(reader, *mine, *others)
    done = {item.key for item in (*mine, *others)}

    def expected(items: Iterable[Item]) -> str:
        items = list(items)
        return f"{sum(item.key in done for item in items)} of {len(items)}"

    tab = reader.open(track.url)
    for place in weeks:
        expect(text(tab, place.key)).to_have_text(expected(place.required))
    phases = dict.fromkeys(place.phase for place in weeks)
    assert len(phases) > 1
    for phase in phases:
        expect(text(tab, f"{track.id}/@{phase}")).to_have_text(expected(track.phase(phase)))
    expect(text(tab, track.id)).to_have_text(expected(track.required))
    expect_bar(tab, track.id, len(mine), len(track.required))
    expect(state(tab, weeks[0].key)).to_have_class(re.compile("is-done"))
    expect(state(tab, weeks[0].key).locator("[data-state]")).to_have_text("done")
    expect(state(tab, weeks[1].key)).to_have_class(re.compile("is-started"))
    expect(state(tab, weeks[2].key)).not_to_have_class(re.compile("is-"))

    for path in ("", "progress/"):
        tab.goto(path)
        for card in site.tracks:
            count = expected(card.required)
            expect(text(tab, card.id)).to_have_text(re.compile(rf"^{count}\b"))
    everything = [item for card in site.tracks for item in card.required]
    expect(text(tab, "*")).to_have_text(re.compile(rf"^{expected(everything)}\b"))


def test_home_offers_to_resume_and_leads_to_what_is_next(
    reader: Reader, site: Site, week: Place
) -> None:
    home = reader.open()
    expect(home.locator("[data-resume]")).to_be_hidden()
    tick(reader, week.required[0])
    home.reload()
    resume = home.locator("[data-resume]")
    expect(resume).to_contain_text(site.small.short)
    expect(resume).to_contain_text(week.title)
    expect(resume).to_contain_text(week.required[1].text.replace("`", ""))
    resume.get_by_role("link").click()
    expect(home).to_have_url(site.url + week.url + "#" + week.required[1].id)
    expect(home.locator(f'li[id="{week.required[1].id}"]')).to_be_in_viewport()


def test_the_track_page_goes_on_where_the_learner_is(
    reader: Reader, site: Site, week: Place
) -> None:
    tab = reader.open(site.small.url)
    start = tab.locator("[data-continue]")
    expect(start).to_have_text("Start the track", use_inner_text=True)
    tick(reader, week.required[0])
    expect(start).to_have_text("Continue", use_inner_text=True)
    expect(start).to_have_attribute("href", f"{site.url}{week.url}#{week.required[1].id}")
    start.click()
    expect(tab.locator(f'li[id="{week.required[1].id}"]')).to_be_in_viewport()


def test_what_is_left_is_listed_with_links_and_shrinks(reader: Reader, site: Site) -> None:
    track = site.small
    first, *rest = track.of_kind("week")
    tick(reader, *first.required, rest[0].required[0])
    tab = reader.open(track.url)
    left = tab.locator(f"[data-left='{track.id}']")
    expect(left.locator("[data-left-count]")).to_have_text(
        f"{len(track.required) - len(first.required) - 1} left"
    )
    left.locator("summary").click()
    items = left.locator("[data-left-list] li li")
    expect(items).to_have_count(len(track.required) - len(first.required) - 1)
    expect(left.get_by_role("link", name=first.title)).to_have_count(0)
    hrefs: list[str] = items.locator("a").evaluate_all("links => links.map(link => link.href)")
    left_over = [*rest[0].required[1:], *(item for place in rest[1:] for item in place.required)]
    assert hrefs == [
        urljoin(site.url, f"tracks/{item.key.rpartition('/')[0]}/#{item.id}") for item in left_over
    ]
    for href in hrefs:
        page, anchor = urldefrag(href)
        html = site.built.text(f"{page.removeprefix(site.url)}index.html")
        assert f'<li id="{unquote(anchor)}"' in html
    tick(reader, left_over[0])  # in another tab
    expect(items).to_have_count(len(left_over) - 1)
    items.first.get_by_role("link").click()
    expect(tab.locator(f'li[id="{left_over[1].id}"]')).to_be_in_viewport()


def test_the_whole_track_on_one_page_is_the_same_list(reader: Reader, site: Site) -> None:
    track = site.small
    tab = reader.open(f"{track.url}all/")
    item = track.of_kind("week")[1].required[0]
    boxes = tab.locator(f'li[id="{item.key.partition("/")[2]}"] > label > .rm-tick')
    boxes.check()
    expect(text(tab, track.id)).to_have_text(f"1 of {len(track.required)}")
    assert reader.ticked() == {item.key}
    tab.goto(f"tracks/{item.key.rpartition('/')[0]}/")
    expect(box(tab, item)).to_be_checked()


def test_a_track_can_be_done_to_the_last_item(reader: Reader, site: Site) -> None:
    track = site.small
    weeks = track.of_kind("week")
    total = len(track.required)
    tab = reader.open("progress/")
    preview = choose_file(tab, as_file(site, track.required))
    expect(preview).to_contain_text(f"{total} to tick")
    expect(preview.get_by_role("row")).to_have_count(total + 1)
    preview.get_by_role("button", name="Apply").click()
    expect(text(tab, track.id)).to_have_text(f"{total} of {total}")
    left = tab.locator(f"[data-left='{track.id}']")
    expect(left.locator("[data-left-count]")).to_have_text("0 left")
    left.locator("summary").click()
    expect(left).to_contain_text("Nothing is left")

    tab.goto(track.url)
    expect(text(tab, track.id)).to_have_text(f"{total} of {total}")
    expect(tab.locator(f"[data-progress='{track.id}']")).to_have_class(re.compile("is-done"))
    for scope in (place.key for place in weeks):
        expect(state(tab, scope)).to_have_class(re.compile("is-done"))
    for phase in dict.fromkeys(place.phase for place in weeks):
        scope = f"{track.id}/@{phase}"
        expect(tab.locator(f"[data-progress='{scope}']")).to_have_class(re.compile("is-done"))

    tab.goto(weeks[0].url)
    expect(tab.locator(f"[data-progress='{weeks[0].key}']")).to_have_class(re.compile("is-done"))
    onward = tab.locator(".hero").get_by_role("link", name=f"Next: {weeks[1].label}")
    expect(onward).to_be_visible()
    expect(tab.locator("[data-continue]")).to_be_hidden()

    tab.goto("")
    expect(text(tab, track.id)).to_have_text(f"{total} of {total}")
    expect(tab.locator("[data-resume]")).to_contain_text("finished")
    # One item less, and it is not done.
    tick_off(tab, weeks[-1])
    tab.goto(track.url)
    expect(text(tab, track.id)).to_have_text(f"{total - 1} of {total}")
    expect(state(tab, weeks[-1].key)).to_have_class(re.compile("is-started"))


def tick_off(tab: Page, place: Place) -> None:
    tab.goto(place.url)
    box(tab, place.required[-1]).uncheck()


# ------------------------------------------------------------------------ branches, optional parts


def test_a_branch_is_chosen_counted_stored_and_exported(
    reader: Reader, site: Site, fork: Place
) -> None:
    track = site.track(fork.track)
    chosen, unchosen = fork.branches[:2]
    mine = [item for item in fork.items if item.branch == chosen and item.is_required]
    others = [item for item in fork.items if item.branch == unchosen and item.is_required]
    total = len(fork.required) + len(mine)
    tab = reader.open(fork.url)
    radios = tab.get_by_role("group", name="Your choice").get_by_role("radio")
    expect(radios).to_have_count(len(fork.branches) + 1)
    expect(tab.get_by_role("radio", name="Not decided yet")).to_be_checked()
    box(tab, others[0]).check()
    expect(text(tab, fork.key)).to_have_text(f"0 of {len(fork.required)}, branch still to choose")
    tab.locator(f"input[type=radio][value='{chosen}']").check()
    expect(text(tab, fork.key)).to_have_text(f"0 of {total}")
    box(tab, mine[0]).check()
    expect(text(tab, fork.key)).to_have_text(f"1 of {total}")
    expect(tab.locator(f"[data-branch='{chosen}']")).to_have_class(re.compile("is-chosen"))
    expect(tab.locator(f"[data-branch='{unchosen}']")).to_have_class(re.compile("is-apart"))
    tab.reload()
    expect(tab.locator(f"input[type=radio][value='{chosen}']")).to_be_checked()
    expect(text(tab, fork.key)).to_have_text(f"1 of {total}")

    tab.goto(track.url)
    expect(text(tab, fork.key)).to_have_text(f"1 of {total}")
    expect(text(tab, track.id)).to_have_text(f"1 of {len(track.required) + len(mine)}")
    tab.goto("progress/")
    file = export(tab)
    assert {key: value for key, (value, _) in file["choices"].items()} == {fork.key: chosen}
    assert set(file["ticks"]) == {mine[0].key, others[0].key}

    # With all else done, the branch not chosen is not missed, and 100% is reached.
    import_file(tab, as_file(site, [*track.required, *mine]))
    count = len(track.required) + len(mine)
    expect(text(tab, track.id)).to_have_text(f"{count} of {count}")
    tab.goto(track.url)
    expect(state(tab, fork.key)).to_have_class(re.compile("is-done"))
    # Taking the choice back opens it again.
    tab.goto(fork.url)
    tab.get_by_role("radio", name="Not decided yet").check()
    expect(text(tab, fork.key)).to_have_text(re.compile("branch still to choose"))


def test_a_branch_is_chosen_by_keyboard(reader: Reader, fork: Place) -> None:
    tab = reader.open(fork.url)
    tab.get_by_role("radio", name="Not decided yet").focus()
    tab.keyboard.press("ArrowUp")
    expect(tab.locator(f"input[type=radio][value='{fork.branches[-1]}']")).to_be_checked()
    assert reader.stored()["choices"][fork.key][0] == fork.branches[-1]


def test_what_stands_beside_the_road_ticks_and_does_not_count(reader: Reader, site: Site) -> None:
    places = [
        site.place(kind, lambda place: place.optional and not place.required)
        for kind in ("phase", "plan", "shelf", "projects")
    ]
    items = [place.optional[0] for place in places]
    tick(reader, *items)
    for track in (site.track(name) for name in dict.fromkeys(it.track for it in places)):
        counted = next(place for place in track.places if len(place.required) > 1)
        tick(reader, counted.required[0])
        tab = reader.open(track.url)
        expect(text(tab, track.id)).to_have_text(re.compile(rf"^1 of {len(track.required)}\b"))
        for place in places:
            if place.track == track.id:
                begun = re.compile("is-started|is-done")
                expect(state(tab, place.key)).to_have_class(begun)
    assert {item.key for item in items} < reader.ticked()
    optional = next(place for place in places if place.kind == "phase")
    tab = reader.open(optional.url)
    expect(box(tab, items[0])).to_be_checked()
    expect(text(tab, optional.key)).to_have_text(f"1 of {len(optional.items)}, all optional")


def test_good_to_have_entries_of_a_checklist_do_not_count(reader: Reader, site: Site) -> None:
    place = site.place("checklist", lambda it: it.required and it.optional)
    tab = reader.open(place.url)
    box(tab, place.optional[0]).check()
    expect(text(tab, place.key)).to_have_text(f"0 of {len(place.required)}")
    box(tab, place.required[0]).check()
    expect(text(tab, place.key)).to_have_text(f"1 of {len(place.required)}")


# ----------------------------------------------------------------------------- export and import


def test_an_export_brings_everything_back(reader: Reader, site: Site, fork: Place) -> None:
    items = [track.places[0].items[0] for track in site.tracks]
    tick(reader, *items)
    tab = reader.open(fork.url)
    tab.locator(f"input[type=radio][value='{fork.branches[0]}']").check()
    tab.goto("progress/")
    file = export(tab)
    before = reader.stored()
    assert len(before["ticks"]) == len(items)
    tab.evaluate("localStorage.clear()")
    tab.reload()
    assert reader.stored() == {}
    for track in site.tracks:
        expect(text(tab, track.id)).to_have_text(re.compile("^0 of"))
    preview = choose_file(tab, file)
    expect(preview).to_contain_text(f"{len(items)} to tick, 1 to choose")
    for track, item in zip(site.tracks, items, strict=True):
        row = preview.get_by_role("row").filter(has_text=item.text.replace("`", ""))
        expect(row.filter(has_text=track.short)).not_to_have_count(0)
    assert reader.stored() == {}  # nothing has changed yet
    preview.get_by_role("button", name="Apply").click()
    expect(preview).to_be_hidden()
    assert reader.stored() == before
    tab.goto(fork.url)
    expect(tab.locator(f"input[type=radio][value='{fork.branches[0]}']")).to_be_checked()


def test_an_import_can_be_cancelled_and_undone(reader: Reader, site: Site) -> None:
    tab = reader.open("progress/")
    file = as_file(site, site.small.required[:3])
    choose_file(tab, file).get_by_role("button", name="Cancel").click()
    expect(tab.get_by_role("region", name="Import")).to_be_hidden()
    assert reader.ticked() == set()
    import_file(tab, file)
    expect(text(tab, site.small.id)).to_have_text(f"3 of {len(site.small.required)}")
    tab.get_by_role("region", name="Undo").get_by_role("button", name="Undo").click()
    expect(text(tab, site.small.id)).to_have_text(f"0 of {len(site.small.required)}")
    assert reader.ticked() == set()


def test_of_two_entries_the_newest_wins(reader: Reader, site: Site, week: Place) -> None:
    mine, unticked, theirs, newer = week.required[:4]
    tab = reader.open(week.url)
    for item in (mine, unticked, newer):
        box(tab, item).check()
    box(tab, unticked).uncheck()
    now: int = tab.evaluate("Date.now()")
    tab.goto("progress/")
    file = as_file(site, [unticked, theirs], now - 3_600_000)
    file["ticks"][mine.key] = [0, now - 3_600_000]  # older than here
    file["ticks"][newer.key] = [0, reader.stored()["ticks"][newer.key][1] + 1]
    preview = choose_file(tab, file)
    rows = preview.get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=theirs.text.replace("`", ""))).to_contain_text("Tick")
    expect(rows.filter(has_text=newer.text.replace("`", ""))).to_contain_text("Untick")
    preview.get_by_role("button", name="Apply").click()
    expect(preview).to_be_hidden()
    assert reader.ticked() == {mine.key, theirs.key}


def test_a_track_is_reset_and_the_reset_undone(reader: Reader, site: Site) -> None:
    track = site.small
    other = next(it for it in site.tracks if it is not track)
    tick(reader, *track.required[:2], other.places[0].items[0])
    tab = reader.open("progress/")
    before = reader.stored()
    mine = tab.get_by_role("listitem").filter(has=tab.get_by_role("heading", name=track.title))
    expect(text(tab, track.id)).to_have_text(f"2 of {len(track.required)}")
    mine.get_by_role("button", name="Reset").click()
    expect(text(tab, track.id)).to_have_text(f"0 of {len(track.required)}")
    assert reader.ticked() == {other.places[0].items[0].key}
    expect(mine.get_by_role("button", name="Reset")).to_be_disabled()
    tab.get_by_role("region", name="Undo").get_by_role("button", name="Undo").click()
    expect(text(tab, track.id)).to_have_text(f"2 of {len(track.required)}")
    assert reader.stored() == before


# -------------------------------------------------------------------------------- storage trouble


# A new tab stands at about:blank for a moment, where a script has no storage to touch.
BLOCKED = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
});
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


def garbled(site: Site) -> str:
    text = json.dumps('{"v":1,"ticks":{"a')
    return f"location.host && localStorage.setItem('roadmap-site:{site.id}', {text})"


TROUBLES: dict[str, tuple[Callable[[Site], str], str]] = {
    "blocked": (lambda _: BLOCKED, "keeps no data"),
    "full": (lambda _: FULL, "is full"),
    "garbled": (garbled, "could not be read"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_storage_is_told_once_and_the_page_goes_on(
    reader: Reader, site: Site, week: Place, trouble: str
) -> None:
    script, words = TROUBLES[trouble]
    reader.context.add_init_script(script(site))
    tab = heeds_links(reader.open(week.url))
    box(tab, week.required[0]).check()
    box(tab, week.required[1]).check()
    notice = tab.locator("[data-notice] p")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text(words)
    expect(text(tab, week.key)).to_have_text(f"2 of {len(week.required)}")
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)

    # What is not ours goes on as well.
    search(tab, "CNN")
    tab.keyboard.press("Escape")
    tab.locator(".palette label:visible").click()
    expect(tab.locator("body")).to_have_attribute("data-md-color-media", re.compile("light"))

    reader.documents.clear()
    tab.get_by_role("link", name="Next").last.click()
    expect(heading(tab)).not_to_have_text(week.title)
    tab.get_by_role("link", name="Previous").last.click()
    expect(heading(tab)).to_have_text(week.title)
    assert reader.documents == []
    expect(box(tab, week.required[0])).to_be_checked()
    expect(text(tab, week.key)).to_have_text(f"2 of {len(week.required)}")
    expect(notice).to_have_count(0)


def test_garbled_progress_is_kept_aside(reader: Reader, site: Site, week: Place) -> None:
    reader.context.add_init_script(garbled(site))
    tab = reader.open(week.url)
    expect(tab.locator("[data-notice] p")).to_have_count(1)
    kept: str = tab.evaluate("key => localStorage.getItem(key)", f"{reader.key}:backup")
    assert kept == '{"v":1,"ticks":{"a'


# ------------------------------------------------------------------------------ without JavaScript


# These work without scripts: a popover, and filters that the style sheet makes.
WORKING_CONTROLS = ".tool-menu, .filters input, .ways.few input"


def test_without_javascript_lists_read_well_and_nothing_is_dead(
    new_reader: OpenReader, site: Site, week: Place, fork: Place
) -> None:
    reader = new_reader(java_script_enabled=False)
    tab = reader.open()
    for place in (week, fork, site.place("checklist")):
        tab.goto(place.url)
        expect(heading(tab)).to_be_visible()
        shown: list[list[Any]] = tab.locator("li[id] > label").evaluate_all(
            """labels => labels.map(({parentNode, control, lastElementChild: words}) => [
                 parentNode.id, words.textContent, words.checkVisibility(),
                 control.checkVisibility()])"""
        )
        expected = [[it.id, it.text.replace("`", ""), True, False] for it in place.items]
        assert sorted(shown) == sorted(expected)  # branches stand before what all have in common
    for path in (week.url, fork.url, site.small.url, "", "progress/", "resources/", "compare/"):
        tab.goto(path)
        for size in (PHONE, DESKTOP):
            tab.set_viewport_size(size)
            controls = tab.locator("button, input, select, textarea").locator("visible=true")
            dead: list[str] = controls.evaluate_all(
                "(all, fine) => all.filter(it => !it.matches(fine)).map(it => it.outerHTML)",
                WORKING_CONTROLS,
            )
            assert dead == [], path
            offers = tab.locator("[data-resume], [data-left]")
            expect(offers.locator("visible=true")).to_have_count(0)
    tab.goto("progress/")
    # Chromium does not render it while it is only told to run no scripts.
    assert "JavaScript" in (tab.locator("noscript").first.text_content() or "")


def test_without_javascript_the_menu_and_the_filters_work(
    new_reader: OpenReader, site: Site, week: Place
) -> None:
    reader = new_reader(java_script_enabled=False, viewport=PHONE)
    tab = reader.open(week.url)
    tab.get_by_role("button", name="Menu").click()
    expect(tab.locator(".side").get_by_role("link", name="Resources")).to_be_visible()
    tab.goto("resources/")
    listed = tab.locator(".library li").locator("visible=true")
    everything = listed.count()
    tab.get_by_role("radio", name="paid").check()
    expect(tab.locator(".library [data-cost=free]").first).to_be_hidden()
    assert 0 < listed.count() < everything
    tab.goto("compare/")
    column = tab.get_by_role("columnheader", name=site.tracks[0].short).first
    expect(column).to_be_visible()
    tab.get_by_role("checkbox", name=site.tracks[0].short).uncheck()
    expect(column).to_be_hidden()


# --------------------------------------------------------------------------------------- on paper


CHROME = "header.bar, .side, footer, .tabs, .find, .palette, .edit, .rail, .steps, .rm-link, .skip"

# How a box is drawn: the scale of its mark, whether colours are kept, and its border.
BOX = """
box => {
  const mark = getComputedStyle(box, "::before"), own = getComputedStyle(box);
  return [mark.scale.replace("none", "1"), mark.printColorAdjust, own.borderTopStyle,
          parseFloat(own.borderTopWidth) > 0, box.checkVisibility()];
}
"""
TICKED = ["1", "exact", "solid", True, True]
OPEN = ["0", "exact", "solid", True, True]


def after(links: Locator) -> list[list[str]]:
    """The address of each link, and what is printed after it."""
    pairs: list[list[str]] = links.evaluate_all(
        "links => links.map(it => [it.href, getComputedStyle(it, '::after').content])"
    )
    return pairs


def sheets(tab: Page) -> int:
    """The pages it takes on paper."""
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf()))


@pytest.mark.parametrize("page", ["week", "track"])
def test_on_paper_there_is_a_checklist_and_nothing_else(
    new_reader: OpenReader, site: Site, page: str
) -> None:
    reader = new_reader(reduced_motion="no-preference")
    week = site.place("week", lambda it: leads_out(site, it))
    track = site.track(week.track)
    places = [week] if page == "week" else track.of_kind("week")
    ticked, still_open = week.items[:2]
    tab = reader.open(week.url if page == "week" else f"{track.url}all/")
    # A mark that grows on the screen is on paper at once.
    tab.add_style_tag(content=".rm-tick::before { transition-duration: 3600s }")
    path = "" if page == "week" else f"{week.id}/"
    boxes = [
        tab.locator(f'li[id="{path}{item.id}"] > label > .rm-tick') for item in (ticked, still_open)
    ]
    boxes[0].check()
    assert boxes[0].evaluate(BOX) != TICKED
    tab.emulate_media(media="print")
    expect(tab.locator(CHROME).locator("visible=true")).to_have_count(0)
    expect(heading(tab)).to_be_visible()
    drawn: list[list[Any]] = tab.locator(".rm-tick").evaluate_all(f"all => all.map({BOX})")
    assert len(drawn) >= sum(len(place.items) for place in places)
    assert drawn.count(TICKED) == 1
    assert drawn.count(OPEN) == len(drawn) - 1
    assert [it.evaluate(BOX) for it in boxes] == [TICKED, OPEN]

    links = after(tab.locator(".ticks a:not(.rm-link)").locator("visible=true"))
    outward = [pair for pair in links if not pair[0].startswith(site.url)]
    assert outward
    assert [address for address, printed in outward if address not in printed] == []
    inward = after(tab.locator(f"a[href^='{site.url}']").locator("visible=true"))
    assert [pair for pair in inward if "http" in pair[1]] == []
    assert sheets(tab) >= len(places) // 6 + 1
    tab.set_viewport_size({"width": 700, "height": 990})  # A4 less its margins, at 96 dpi
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def leads_out(site: Site, place: Place) -> bool:
    """Whether a place has a link to elsewhere among its ticks."""
    html = site.built.text(f"{place.url}index.html")
    return '<a href="http' in html.partition('<ul class="ticks"')[2].partition("</article>")[0]

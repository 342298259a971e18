"""The widgets, driven through real DOM in a real browser."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, Route, expect

from browser.site_fixtures import Faults, expect_bar, expect_value, new_context, seed
from roadmap_site.render.assets import lean_js

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).parents[2] / "templates" / "assets"
KEY = "roadmap-site:demo"
WEEK_ONE = "tracks/alpha/week-one/"
WEEK_TWO = "tracks/alpha/week-two/"
PATHS = "tracks/alpha/paths/"
OpenTab = Callable[..., Page]


# ------------------------------------------------------------------------------------- helpers


def raw(tab: Page, key: str = KEY) -> str | None:
    value: str | None = tab.evaluate("key => localStorage.getItem(key)", key)
    return value


def stored(tab: Page) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(raw(tab) or "{}")
    return value


def ticks(tab: Page) -> dict[str, int]:
    """What is stored as ticked or unticked, without the times."""
    return {key: entry[0] for key, entry in stored(tab).get("ticks", {}).items()}


def box(tab: Page, item: str) -> Locator:
    return tab.locator(f"#{item} > label > input")


def checked(tab: Page) -> list[str]:
    """The ids of what is ticked on the page."""
    ids: list[str] = tab.locator(".rm-tick:checked").evaluate_all(
        "boxes => boxes.map(box => box.closest('li').id)"
    )
    return ids


def text(tab: Page, scope: str) -> Locator:
    return tab.locator(f"[data-progress='{scope}'] [data-progress-text]")


def voice(tab: Page) -> Locator:
    return tab.locator("body > .sr[role=status]")


def notice(tab: Page) -> Locator:
    return tab.locator("[data-notice] p")


def progress(
    days_ago: float = 1, choices: dict[str, str] | None = None, **places: str
) -> dict[str, Any]:
    """A stored value: `week_one="a b"` of track alpha, each ticked `days_ago`."""
    then = round((time.time() - days_ago * 86400) * 1000)
    keys = [
        f"alpha/{place.replace('_', '-')}/{item}"
        for place, items in places.items()
        for item in items.split()
    ]
    return {
        "v": 1,
        "ticks": {key: [1, then] for key in keys},
        "choices": {key: [branch, then] for key, branch in (choices or {}).items()},
    }


def store(context: BrowserContext, value: Any, key: str = KEY) -> None:
    """Has a value in storage before any page looks."""
    seed(context, key, value if isinstance(value, str) else json.dumps(value))


def record_data(context: BrowserContext) -> list[str]:
    """The names of the data files that are asked for, as they are."""
    asked: list[str] = []
    context.on(
        "request", lambda r: asked.append(r.url.rsplit("/", 1)[1]) if "/data/" in r.url else None
    )
    return asked


def record_scripts(context: BrowserContext) -> list[str]:
    asked: list[str] = []
    context.on(
        "request", lambda r: asked.append(r.url.rsplit("/", 1)[1]) if "/roadmap/" in r.url else None
    )
    return asked


def has_stored(tab: Page, **items: int) -> None:
    """Wait until this tab sees these items of the first week stored, and no others.

    What one tab writes comes to another when it comes.
    """
    expect_value(
        tab,
        """key => {
          const { ticks = {} } = JSON.parse(localStorage.getItem(key)) ?? {};
          return Object.entries(ticks).map(([id, [on]]) => `${id} ${on}`).sort();
        }""",
        sorted(f"alpha/week-one/{id} {on}" for id, on in items.items()),
        KEY,
    )


def settled(tab: Page) -> None:
    """Once this returns, whatever a repaint had started has come to its end."""
    tab.wait_for_load_state("networkidle")
    tab.evaluate("() => new Promise(done => setTimeout(done))")


# --------------------------------------------------------------------------------------- ticks


def test_a_tick_is_stored_under_its_id_with_its_time(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    before = tab.evaluate("Date.now()")
    box(tab, "b").check()
    box(tab, "c1").check()
    value = stored(tab)
    assert value["v"] == 1
    assert ticks(tab) == {"alpha/week-one/b": 1, "alpha/week-one/c1": 1}
    assert before <= value["ticks"]["alpha/week-one/b"][1] <= tab.evaluate("Date.now()")


def test_a_click_on_the_words_ticks_too(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    tab.get_by_text("Bananas").click()
    assert ticks(tab) == {"alpha/week-one/b": 1}


def test_ticks_survive_a_reload(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    box(tab, "d").check()
    tab.reload()
    expect(box(tab, "a")).to_be_checked()
    assert checked(tab) == ["a", "d"]


def test_unticking_keeps_a_zero_and_a_later_time(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    first = stored(tab)["ticks"]["alpha/week-one/a"][1]
    box(tab, "a").uncheck()
    assert stored(tab)["ticks"]["alpha/week-one/a"][0] == 0
    assert stored(tab)["ticks"]["alpha/week-one/a"][1] > first
    tab.reload()
    assert checked(tab) == []


def test_a_parent_and_its_points_tick_apart(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "c").check()
    assert checked(tab) == ["c"]


def test_the_same_id_in_two_places_is_two_items(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    tab.goto(WEEK_TWO)
    expect(box(tab, "a")).not_to_be_checked()


def test_ticks_follow_their_items_when_these_are_reordered_reworded_and_added_to(
    open_tab: OpenTab,
) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    box(tab, "c").check()
    tab.goto("tracks/alpha/edited/")
    expect(text(tab, "alpha/week-one")).to_have_text("2 of 5")
    assert checked(tab) == ["c", ""]  # the last carries `data-item` in place of an id


def test_instant_navigation_paints_each_page_and_binds_nothing_twice(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    tab.evaluate("window.sameDocument = true")
    box(tab, "a").check()
    tab.click("#to-week-two")
    expect(box(tab, "g")).to_be_visible()
    assert checked(tab) == []
    box(tab, "g").check()
    tab.go_back()
    expect(box(tab, "b")).to_be_visible()
    expect(box(tab, "a")).to_be_checked()
    tab.go_forward()
    expect(box(tab, "g")).to_be_checked()
    assert tab.evaluate("window.sameDocument")
    tab.evaluate("""() => {
      window.writes = 0;
      const write = Storage.prototype.setItem;
      Storage.prototype.setItem = function (...all) {
        window.writes++;
        return write.apply(this, all);
      };
    }""")
    box(tab, "a").check()
    assert tab.evaluate("window.writes") == 1


def test_a_page_without_widgets_is_let_be(open_tab: OpenTab) -> None:
    tab = open_tab("about/")
    tab.click("#to-week-one")
    box(tab, "a").check()
    tab.click("#to-about")
    expect(tab.locator("h1")).to_have_text("About")
    assert ticks(tab) == {"alpha/week-one/a": 1}


def test_without_instant_navigation_a_page_is_painted_as_it_loads(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    context.route(
        "**/material.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    store(context, progress(week_one="a"))
    expect(box(open_tab(WEEK_ONE), "a")).to_be_checked()


def test_a_page_from_the_back_forward_cache_is_painted_anew(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    tab.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [KEY, json.dumps(progress(week_one="b"))],
    )
    assert checked(tab) == []
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert checked(tab) == ["b"]


def test_storage_is_asked_to_last_once(context: BrowserContext, open_tab: OpenTab) -> None:
    context.add_init_script("""
      window.asked = 0;
      // There is none at about:blank, where a new tab stands for a moment.
      if (window.StorageManager)
        StorageManager.prototype.persist = async () => { window.asked++; throw new Error("no"); };
    """)
    tab = open_tab(WEEK_ONE)
    assert tab.evaluate("window.asked") == 0
    box(tab, "a").check()
    box(tab, "b").check()
    assert tab.evaluate("window.asked") == 1


# ---------------------------------------------------------------------------------------- tabs


def test_a_second_tab_follows_live(open_tab: OpenTab) -> None:
    one, two = open_tab(WEEK_ONE), open_tab(WEEK_ONE)
    box(one, "a").check()
    expect(box(two, "a")).to_be_checked()
    expect(text(two, "alpha/week-one")).to_have_text("1 of 4")
    box(two, "a").uncheck()
    expect(box(one, "a")).not_to_be_checked()
    expect(text(one, "alpha/week-one")).to_have_text("0 of 4")


def test_a_tick_that_another_tab_wrote_over_is_put_back(open_tab: OpenTab) -> None:
    one, two = open_tab(WEEK_ONE), open_tab(WEEK_ONE)
    box(one, "a").check()
    expect(box(two, "a")).to_be_checked()
    # The second tab reads what stood there before the first one's write, as processes may.
    two.evaluate("""() => {
      const read = Storage.prototype.getItem;
      Storage.prototype.getItem = function () { Storage.prototype.getItem = read; return null; };
    }""")
    box(two, "b").check()
    expect(box(one, "b")).to_be_checked()
    for tab in (one, two):
        has_stored(tab, a=1, b=1)
    expect(box(two, "a")).to_be_checked()


def test_a_tick_reads_first_what_stands_there(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    # A tab hears nothing of what it writes itself: as if another tab's write came unannounced.
    put = "([key, text]) => localStorage.setItem(key, text)"
    tab.evaluate(put, [KEY, json.dumps(progress(week_one="b", week_two="g"))])
    box(tab, "a").check()
    assert sorted(ticks(tab)) == ["alpha/week-one/a", "alpha/week-one/b", "alpha/week-two/g"]
    assert checked(tab) == ["a", "b"]


def test_two_tabs_that_tick_at_once_lose_nothing(open_tab: OpenTab) -> None:
    one, two = open_tab(WEEK_ONE), open_tab(WEEK_ONE)
    toggle = """([ids, start]) => setTimeout(() => {
      const boxes = ids.map(id => document.querySelector(`#${id} > label > input`));
      for (let round = 0; round < 41; round++) for (const box of boxes) box.click();
      window.isDone = true;
    }, start - Date.now())"""
    start = one.evaluate("Date.now() + 300")
    one.evaluate(toggle, [["a", "b"], start])
    two.evaluate(toggle, [["c", "d"], start])
    for tab in (one, two):
        tab.wait_for_function("() => window.isDone")
    for tab in (one, two):
        for item in "abcd":
            expect(box(tab, item)).to_be_checked()
        has_stored(tab, a=1, b=1, c=1, d=1)


def test_an_emptied_storage_stays_empty(open_tab: OpenTab) -> None:
    one, two = open_tab(WEEK_ONE), open_tab(WEEK_ONE)
    box(one, "a").check()
    expect(box(two, "a")).to_be_checked()
    two.evaluate("localStorage.clear()")
    expect(box(one, "a")).not_to_be_checked()
    box(one, "b").check()
    assert ticks(one) == {"alpha/week-one/b": 1}


def test_another_curriculum_on_the_same_origin_is_another_matter(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    other = progress(week_one="a")
    store(context, other, "roadmap-site:other")
    tab = open_tab(WEEK_ONE)
    assert checked(tab) == []
    box(tab, "b").check()
    assert json.loads(raw(tab, "roadmap-site:other") or "") == other


# ---------------------------------------------------------------------------- times and format


def test_a_tick_wins_over_a_stored_time_that_is_later_than_the_clock(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(days_ago=-30, week_one="a")
    store(context, value)
    tab = open_tab(WEEK_ONE)
    box(tab, "a").uncheck()
    assert stored(tab)["ticks"]["alpha/week-one/a"] == [
        0,
        value["ticks"]["alpha/week-one/a"][1] + 1,
    ]
    tab.reload()
    expect(box(tab, "a")).not_to_be_checked()


def test_what_is_not_known_is_kept(context: BrowserContext, open_tab: OpenTab) -> None:
    value = progress(week_one="gone", choices={"gone/phase": "left"})
    value["ticks"]["removed-track/week/item"] = [0, 5]
    value["settings"] = {"later": True}
    content = json.dumps(value)[:-1] + ', "__proto__": {"polluted": 1}}'
    content = content.replace('"ticks": {', '"ticks": {"__proto__": [1, 7], ', 1)
    store(context, content)
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    now = stored(tab)
    del now["ticks"]["alpha/week-one/a"]
    assert now == json.loads(content)
    assert tab.evaluate("[{}.polluted, [][1]]") == [None, None]
    expect(notice(tab)).to_have_count(0)


# ------------------------------------------------------------------------------------- trouble


GARBLED = {
    "no JSON": "{oops",
    "a list": "[1, 2]",
    "null": "null",
    "no version": '{"ticks": {}}',
    "odd version": '{"v": "one", "ticks": {}}',
    "ticks in a list": '{"v": 1, "ticks": [1]}',
}


@pytest.mark.parametrize("content", GARBLED.values(), ids=GARBLED.keys())
def test_garbled_data_is_set_aside_and_told_of_once(
    context: BrowserContext, open_tab: OpenTab, content: str
) -> None:
    store(context, content)
    tab = open_tab(WEEK_ONE)
    expect(notice(tab)).to_have_count(1)
    expect(notice(tab)).to_contain_text("could not be read")
    assert raw(tab, f"{KEY}:backup") == content
    box(tab, "a").check()
    tab.click("#to-week-two")
    box(tab, "g").check()
    assert ticks(tab) == {"alpha/week-one/a": 1, "alpha/week-two/g": 1}
    assert raw(tab, f"{KEY}:backup") == content
    expect(notice(tab)).to_have_count(1)
    tab.get_by_role("button", name="Dismiss").click()
    tab.click("#to-week-one")
    expect(box(tab, "a")).to_be_checked()
    expect(notice(tab)).to_have_count(0)
    tab.reload()
    expect(box(tab, "a")).to_be_checked()
    expect(notice(tab)).to_have_count(0)


def test_what_can_be_read_of_garbled_data_is_read(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(week_one="a")
    bad = {"text": "x", "flag": [2, 5], "time": [1, "now"], "never": [1, 1e300], "null": None}
    value["ticks"] |= {f"alpha/week-one/{key}": entry for key, entry in bad.items()}
    store(context, value)
    tab = open_tab(WEEK_ONE)
    expect(notice(tab)).to_have_count(1)
    assert checked(tab) == ["a"]
    box(tab, "b").check()
    assert ticks(tab) == {"alpha/week-one/a": 1, "alpha/week-one/b": 1}
    assert json.loads(raw(tab, f"{KEY}:backup") or "") == value


def test_an_earlier_copy_is_never_written_over(context: BrowserContext, open_tab: OpenTab) -> None:
    store(context, "first", f"{KEY}:backup")
    store(context, "second")
    tab = open_tab(WEEK_ONE)
    tab.reload()
    box(tab, "a").check()
    assert raw(tab, f"{KEY}:backup") == "first"
    assert raw(tab, f"{KEY}:backup-2") == "second"
    assert raw(tab, f"{KEY}:backup-3") is None


def test_data_that_are_garbled_while_the_page_is_open_cost_nothing(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(week_one="c"))
    one, two = open_tab(WEEK_ONE), open_tab("about/")
    box(one, "a").check()
    two.evaluate("key => localStorage.setItem(key, 'garbage')", KEY)
    expect(notice(one)).to_have_count(1)
    assert checked(one) == ["a", "c"]
    box(one, "b").check()
    assert sorted(ticks(one)) == [f"alpha/week-one/{item}" for item in "abc"]
    assert raw(one, f"{KEY}:backup") == "garbage"


def test_a_newer_version_is_set_aside_and_read_as_far_as_it_goes(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(week_one="a") | {"v": 2, "notes": {"a": "mine"}}
    store(context, value)
    tab = open_tab(WEEK_ONE)
    expect(notice(tab)).to_contain_text("newer version")
    assert checked(tab) == ["a"]
    box(tab, "b").check()
    assert json.loads(raw(tab, f"{KEY}:backup") or "") == value
    assert stored(tab)["notes"] == {"a": "mine"}


BLOCKED = {
    "no access": """Object.defineProperty(window, "localStorage", {
        get() { throw new DOMException("Access is denied", "SecurityError"); } });""",
    "absent": 'Object.defineProperty(window, "localStorage", { value: null });',
    "no reading": """Storage.prototype.getItem = () => {
        throw new DOMException("no", "SecurityError"); };""",
    "no writing": """Storage.prototype.setItem = () => {
        throw new DOMException("no", "SecurityError"); };""",
}


@pytest.mark.parametrize("script", BLOCKED.values(), ids=BLOCKED.keys())
def test_blocked_storage_is_told_of_once_and_ticks_go_on(
    context: BrowserContext, open_tab: OpenTab, script: str
) -> None:
    context.add_init_script(script)
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    box(tab, "b").check()
    expect(notice(tab)).to_have_count(1)
    expect(notice(tab)).to_contain_text("keeps no data")
    expect(text(tab, "alpha/week-one")).to_have_text("2 of 4")
    tab.click("#to-week-two")
    expect(box(tab, "g")).to_be_visible()
    tab.click("#to-week-one")
    expect(box(tab, "b")).to_be_checked()
    assert checked(tab) == ["a", "b"]
    expect(notice(tab)).to_have_count(1)


FILL = """() => {
  for (let size = 1 << 22; size >= 1; size >>= 1)
    for (let n = 0; ; n++)
      try { localStorage.setItem(`filler-${size}-${n}`, "x".repeat(size)); } catch { break; }
}"""
EMPTY = """() => {
  for (const key of Object.keys(localStorage))
    if (key.startsWith("filler")) localStorage.removeItem(key);
}"""


def test_full_storage_is_told_of_once_and_ticks_go_on(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    tab.evaluate(FILL)
    box(tab, "b").check()
    box(tab, "c").check()
    expect(notice(tab)).to_have_count(1)
    expect(notice(tab)).to_contain_text("full")
    assert ticks(tab) == {"alpha/week-one/a": 1}
    tab.click("#to-week-two")
    box(tab, "g").check()
    tab.click("#to-week-one")
    expect(text(tab, "alpha/week-one")).to_have_text("3 of 4")
    # Once there is room, all of it is stored with the next tick.
    tab.evaluate(EMPTY)
    box(tab, "c1").check()
    assert sorted(ticks(tab)) == [
        *(f"alpha/week-one/{item}" for item in ("a", "b", "c", "c1")),
        "alpha/week-two/g",
    ]
    expect(text(tab, "alpha/week-one")).to_have_text("4 of 4")


def test_garbled_data_without_room_for_a_copy_are_left_as_they_are(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    garbage = "garbage" * 1000  # to write over it there would be room
    store(context, garbage)
    filler = context.new_page()
    filler.goto("about/")
    filler.evaluate(FILL)
    tab = open_tab("about/")
    # What one tab writes comes to another when it comes.
    tab.wait_for_function(
        "count => localStorage.length === count", arg=filler.evaluate("localStorage.length")
    )
    tab.goto(WEEK_ONE)
    box(tab, "a").check()
    box(tab, "a").uncheck()
    box(tab, "a").check()
    expect(notice(tab)).to_have_count(2)
    expect(notice(tab).first).to_contain_text("could not be read")
    expect(notice(tab).last).to_contain_text("full")
    assert raw(tab) == garbage
    expect(text(tab, "alpha/week-one")).to_have_text("1 of 4")


# ------------------------------------------------------------------------------------ progress


def test_a_place_counts_what_is_required(context: BrowserContext, open_tab: OpenTab) -> None:
    asked = record_data(context)
    tab = open_tab(WEEK_ONE)
    expect(text(tab, "alpha/week-one")).to_have_text("0 of 4")
    state = tab.locator("[data-done-when='alpha/week-one']")
    for item in ("d", "e"):
        box(tab, item).check()
    expect(text(tab, "alpha/week-one")).to_have_text("0 of 4")
    expect(state).to_have_class("is-started")
    expect(state.locator("[data-state]")).to_have_text("begun")
    for item in ("a", "b", "c"):
        box(tab, item).check()
    expect(text(tab, "alpha/week-one")).to_have_text("3 of 4")
    expect_bar(tab, "alpha/week-one", 3, 4)
    box(tab, "c1").check()
    expect(state).to_have_class("is-done")
    expect(state.locator("[data-state]")).to_have_text("done")
    box(tab, "a").uncheck()
    expect(state).to_have_class("is-started")
    assert asked == []


def test_months_tracks_and_the_site_are_summed_from_data(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(week_one="a b c c1 d", week_two="g", skills="s1", ninety_days="p1 p2"))
    asked = record_data(context)
    tab = open_tab("tracks/alpha/")
    expect(text(tab, "alpha/@foundations")).to_have_text("5 of 6")
    expect(text(tab, "alpha/week-one")).to_have_text("4 of 4")
    expect(text(tab, "alpha")).to_have_text("6 of 8, branch still to choose")
    expect_bar(tab, "alpha", 6, 8)
    states = tab.locator("li[data-done-when] [data-state]")
    expect(states).to_have_text(["done", "begun", ""])
    assert asked == ["alpha.json"]
    tab.click("#to-home")
    expect(text(tab, "*")).to_have_text("6 of 10, branch still to choose")
    expect_bar(tab, "*", 6, 10)
    expect(text(tab, "beta")).to_have_text("0 of 2")
    tab.click("#to-track")
    expect(text(tab, "alpha/@foundations")).to_have_text("5 of 6")
    assert asked == ["alpha.json", "site.json"]


@pytest.mark.parametrize(
    ("path", "total"), [("", 10), ("tracks/alpha/", 8), (WEEK_ONE, 4), ("progress/", 10)]
)
def test_nothing_is_fetched_for_one_who_has_ticked_nothing(
    context: BrowserContext, open_tab: OpenTab, path: str, total: int
) -> None:
    scripts = record_scripts(context)
    tab = open_tab(path)
    settled(tab)
    assert sorted(scripts) == ["progress.js", "roadmap.js", "search.js", "store.js"]
    expect(tab.locator("[data-progress-text]").first).to_have_text(f"0 of {total}")


def test_totals_follow_a_tick_in_another_tab_and_back_to_nothing(open_tab: OpenTab) -> None:
    home, week = open_tab(), open_tab(WEEK_ONE)
    box(week, "a").check()
    expect(text(home, "alpha")).to_have_text("1 of 8, branch still to choose")
    box(week, "a").uncheck()
    expect(text(home, "alpha")).to_have_text("0 of 8, branch still to choose")
    expect_bar(home, "*", 0, 10)


def test_everything_can_be_done(context: BrowserContext, open_tab: OpenTab) -> None:
    store(
        context,
        progress(
            week_one="a b c c1",
            week_two="a g",
            paths="h v1",
            skills="s1",
            choices={"alpha/paths": "cv"},
        ),
    )
    tab = open_tab("tracks/alpha/")
    expect(text(tab, "alpha")).to_have_text("9 of 9")
    expect_bar(tab, "alpha", 9, 9)
    expect(tab.locator("[data-progress='alpha']")).to_have_class("is-done")
    expect(tab.locator("[data-left-count]")).to_have_text("0 left")


def test_a_place_where_nothing_is_required_counts_what_is_optional(open_tab: OpenTab) -> None:
    tab = open_tab("tracks/alpha/ninety-days/")
    expect(text(tab, "alpha/ninety-days")).to_have_text("0 of 2, all optional")
    box(tab, "p1").check()
    box(tab, "p2").check()
    expect(text(tab, "alpha/ninety-days")).to_have_text("2 of 2, all optional")
    expect(tab.locator("[data-progress='alpha/ninety-days']")).to_have_class("is-done")
    expect_bar(tab, "alpha/ninety-days", 2, 2)
    # A place that the data don't have: no NaN, no nonsense.
    expect(tab.locator("[data-progress='alpha/nowhere']")).to_have_class("")
    expect_bar(tab, "alpha/nowhere", 0, 1)
    expect(text(tab, "alpha/nowhere")).to_have_text("none")


def test_data_that_can_not_be_had_are_no_zero_and_are_asked_for_again(
    context: BrowserContext, open_tab: OpenTab, faults: Faults
) -> None:
    store(context, progress(week_one="a b"))
    faults.forgive("ERR_FAILED")
    context.route("**/data/*.json", lambda route: route.abort())
    tab = open_tab("tracks/alpha/")
    expect(text(tab, "alpha")).to_have_text("could not be counted")
    context.unroute("**/data/*.json")
    tab.click("#to-home")
    expect(text(tab, "alpha")).to_have_text("2 of 8, branch still to choose")


def test_a_whole_track_on_one_page_is_counted_from_data(open_tab: OpenTab) -> None:
    tab = open_tab("tracks/alpha/all/")
    box(tab, "week-one\\/a").check()
    expect(text(tab, "alpha")).to_have_text("1 of 8, branch still to choose")
    expect(voice(tab)).to_have_text("1 of 8 done, branch still to choose")
    box(tab, "week-two\\/a").check()
    assert ticks(tab) == {"alpha/week-one/a": 1, "alpha/week-two/a": 1}


def test_progress_is_said_after_a_tick_and_not_on_load(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(week_one="a b"))
    tab = open_tab(WEEK_ONE)
    expect(text(tab, "alpha/week-one")).to_have_text("2 of 4")
    expect(voice(tab)).to_have_text("")
    box(tab, "c").check()
    expect(voice(tab)).to_have_text("3 of 4 done")
    assert voice(tab).get_attribute("role") == "status"


# -------------------------------------------------------------------------------------- choice


def test_a_place_waits_for_a_choice_and_then_counts_its_branch(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    asked = record_data(context)
    tab = open_tab(PATHS)
    nlp, cv = tab.locator("[data-branch=nlp]"), tab.locator("[data-branch=cv]")
    undecided = tab.get_by_label("Not decided yet")
    expect(undecided).to_be_checked()
    box(tab, "h").check()
    expect(text(tab, "alpha/paths")).to_have_text("1 of 1, branch still to choose")
    expect(tab.locator("[data-progress]")).to_have_class("is-started")
    box(tab, "v1").check()
    expect(text(tab, "alpha/paths")).to_have_text("1 of 1, branch still to choose")

    tab.get_by_label("NLP").check()
    expect(text(tab, "alpha/paths")).to_have_text("1 of 3")
    expect(voice(tab)).to_have_text("1 of 3 done")
    expect(nlp).to_have_class("is-chosen")
    expect(cv).to_have_class("is-apart")
    box(tab, "n1").check()
    box(tab, "n2").check()
    expect(tab.locator("[data-progress]")).to_have_class("is-done")

    tab.reload()
    expect(tab.get_by_label("NLP")).to_be_checked()
    expect(text(tab, "alpha/paths")).to_have_text("3 of 3")
    tab.get_by_label("CV").check()
    expect(text(tab, "alpha/paths")).to_have_text("2 of 2")
    undecided.check()
    expect(text(tab, "alpha/paths")).to_have_text("1 of 1, branch still to choose")
    expect(cv).to_have_class("")
    assert stored(tab)["choices"]["alpha/paths"][0] == ""
    assert asked == []


def test_a_choice_of_a_branch_that_is_gone_is_none(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(paths="h", choices={"alpha/paths": "robotics"}))
    tab = open_tab(PATHS)
    expect(text(tab, "alpha/paths")).to_have_text("1 of 1, branch still to choose")
    expect(tab.get_by_label("Not decided yet")).to_be_checked()
    tab.goto("tracks/alpha/")
    expect(text(tab, "alpha")).to_have_text("1 of 8, branch still to choose")


def test_a_choice_shows_in_another_tab_and_in_its_totals(open_tab: OpenTab) -> None:
    one, two, track = open_tab(PATHS), open_tab(PATHS), open_tab("tracks/alpha/")
    one.get_by_label("NLP").check()
    expect(two.get_by_label("NLP")).to_be_checked()
    expect(text(track, "alpha")).to_have_text("0 of 10")


# -------------------------------------------------------------------------- resume, left, go on


def test_home_offers_to_resume_at_the_next_open_item(
    context: BrowserContext, open_tab: OpenTab, pages: str
) -> None:
    value = progress(days_ago=3, week_one="a b", choices={"alpha/paths": "cv"})
    value["ticks"] |= progress(days_ago=1, week_two="a")["ticks"]
    value["ticks"]["beta/intro/x"] = [1, value["ticks"]["alpha/week-one/a"][1] - 1]
    value["ticks"]["vanished/week/item"] = [1, value["ticks"]["alpha/week-two/a"][1] + 1]
    store(context, value)
    tab = open_tab()
    offer = tab.locator("[data-resume]")
    expect(offer).to_be_visible()
    expect(offer).to_contain_text("Alpha")
    expect(offer).to_contain_text("3 of 9")
    expect(offer).to_contain_text("Week 2: More fruit")
    expect(offer).to_contain_text("Grapes")
    link = offer.get_by_role("link")
    assert link.evaluate("link => link.href") == f"{pages}{WEEK_TWO}#g"
    link.click()
    box(tab, "g").check()
    box(tab, "g").uncheck()
    box(tab, "g").check()
    tab.click("#to-home")
    expect(offer).to_contain_text("Hazelnuts")


def test_resume_goes_back_to_what_was_skipped_and_ends_with_the_track(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    done = progress(
        3, week_one="a b c1", week_two="a g", paths="h v1", choices={"alpha/paths": "cv"}
    )
    done["ticks"] |= progress(2, skills="s1")["ticks"]
    store(context, done)
    tab = open_tab()
    offer = tab.locator("[data-resume]")
    expect(offer).to_contain_text("Cherries <img src=x onerror=alert(1)>")
    tab.click("#to-week-one")
    box(tab, "c").check()
    tab.click("#to-home")
    expect(offer).to_contain_text("You have finished Alpha")


def test_resume_asks_for_a_choice(context: BrowserContext, open_tab: OpenTab) -> None:
    store(context, progress(paths="h"))
    expect(open_tab().locator("[data-resume]")).to_contain_text("Choose a branch")


def test_resume_hides_when_nothing_is_ticked_any_more(open_tab: OpenTab) -> None:
    home, week = open_tab(), open_tab(WEEK_ONE)
    offer = home.locator("[data-resume]")
    expect(offer).to_be_hidden()
    box(week, "a").check()
    expect(offer).to_be_visible()
    box(week, "a").uncheck()
    expect(offer).to_be_hidden()


def test_an_offer_to_resume_is_not_made_once_nothing_is_ticked_any_more(open_tab: OpenTab) -> None:
    home, week = open_tab(), open_tab(WEEK_ONE)
    held: list[Route] = []
    home.route("**/data/alpha.json", lambda route: held.append(route), times=1)
    with home.expect_request("**/data/alpha.json"):
        box(week, "a").check()
    box(week, "a").uncheck()
    has_stored(home, a=0)
    for route in held:
        route.continue_()
    expect(text(home, "alpha")).to_have_text("0 of 8, branch still to choose")
    settled(home)
    expect(home.locator("[data-resume]")).to_be_hidden()


def test_continue_leads_to_what_is_open(open_tab: OpenTab, pages: str) -> None:
    tab = open_tab(WEEK_ONE)
    go_on = tab.locator("[data-continue]")
    box(tab, "a").check()
    expect(go_on).to_have_js_property("href", f"{pages}{WEEK_ONE}#b")
    box(tab, "b").check()
    expect(go_on).to_have_js_property("href", f"{pages}{WEEK_ONE}#c")
    tab.click("#to-track")
    expect(go_on).to_have_attribute("href", f"{pages}{WEEK_ONE}#c")


def test_what_is_left_is_listed_when_it_is_opened(
    context: BrowserContext, open_tab: OpenTab, pages: str
) -> None:
    store(context, progress(week_one="a c1", week_two="a g"))
    asked = record_scripts(context)
    tab = open_tab("progress/")
    expect(text(tab, "alpha")).to_have_text("4 of 8, branch still to choose")
    assert "left.js" not in asked
    tab.get_by_text("What is left").click()
    places = tab.locator("[data-left-list] > ul > li")
    expect(places).to_have_count(3)
    expect(places.first.locator("> a")).to_have_text("Week 1: First fruit")
    expect(places.first.locator("> span")).to_have_text("2 left")
    items = places.first.locator("li a")
    assert items.all_text_contents() == ["Bananas, peeled", "Cherries <img src=x onerror=alert(1)>"]
    assert items.first.evaluate("link => link.href") == f"{pages}{WEEK_ONE}#b"
    expect(items.first.locator("code")).to_have_text("peeled")
    assert places.nth(1).locator("li a").all_text_contents() == ["Choose a branch", "Hazelnuts"]
    assert tab.locator("[data-left] img").count() == 0


def test_what_is_left_follows_other_tabs_and_keeps_the_focus(open_tab: OpenTab) -> None:
    week, track = open_tab(WEEK_ONE), open_tab("tracks/alpha/")
    track.get_by_text("What is left").click()
    links = track.locator("[data-left] li li a")
    expect(links).to_have_count(9)  # 8 items and a choice
    links.nth(1).focus()
    expect(links.nth(1)).to_have_text("Bananas, peeled")
    box(week, "a").check()
    expect(links).to_have_count(8)
    expect(links.first).to_have_text("Bananas, peeled")
    expect(links.first).to_be_focused()
    box(week, "b").check()
    expect(links).to_have_count(7)
    expect(track.locator("summary")).to_be_focused()
    # While nothing changes, nothing is touched.
    links.first.evaluate("link => { link.isSame = true; }")
    track.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    settled(track)
    assert links.first.evaluate("link => link.isSame")


def test_nothing_left_is_said(context: BrowserContext, open_tab: OpenTab) -> None:
    store(
        context,
        progress(
            week_one="a b c c1",
            week_two="a g",
            paths="h v1",
            skills="s1",
            choices={"alpha/paths": "cv"},
        ),
    )
    tab = open_tab("tracks/alpha/")
    tab.get_by_text("What is left").click()
    expect(tab.locator("[data-left]")).to_contain_text("Nothing is left")


def test_an_address_in_the_data_that_leads_elsewhere_leads_home(
    open_tab: OpenTab, pages: str
) -> None:
    tab = open_tab()
    urls = tab.evaluate("""async () => {
      const { siteUrl } = await import("./assets/roadmap/curriculum.js");
      const paths = ["javascript:alert(1)", "//a.example/", "https://a.example/", "../up/", "/"];
      return [...paths, "topics/x/#y"].map(siteUrl);
    }""")
    assert urls == [pages] * 5 + [f"{pages}topics/x/#y"]


# -------------------------------------------------------------------------------------- compare


def test_what_is_compared_is_what_was_chosen_last(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    held: list[Route] = []
    context.route("**/data/beta.json", lambda route: held.append(route), times=1)
    tab = open_tab("compare/")
    facts, matrix = tab.locator("table").all()
    heads = facts.locator("thead a")
    with tab.expect_request("**/data/beta.json"):
        tab.get_by_label("Beta").check()
    expect(tab.get_by_label("Gamma")).to_be_disabled()  # no more than two fit
    tab.get_by_label("Beta").uncheck()
    expect(tab.get_by_label("Gamma")).to_be_enabled()
    expect(heads).to_have_text(["Alpha"])
    with tab.expect_response("**/data/beta.json"):
        for route in held:
            route.continue_()
    settled(tab)
    expect(heads).to_have_text(["Alpha"])

    tab.get_by_label("Beta").check()
    expect(heads).to_have_text(["Alpha", "Beta"])
    expect(facts.locator("td")).to_have_text(["", "Nothing", "not stated"])
    expect(matrix.locator("tbody tr")).to_have_text(
        ["Food", "ZestZest: Week 1 ", "FruitFruit: Week 1 Fruit: Week 2 +1Fruit: Week 1 "]
    )


# ------------------------------------------------------------------------------ export, import


def export(tab: Page) -> tuple[str, dict[str, Any]]:
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Export").click()
    return download.value.suggested_filename, json.loads(
        Path(download.value.path()).read_text("utf-8")
    )


def choose_file(tab: Page, content: Any, name: str = "progress.json") -> Locator:
    body = content if isinstance(content, str) else json.dumps(content)
    file: FilePayload = {"name": name, "mimeType": "application/json", "buffer": body.encode()}
    tab.set_input_files("[data-import]", file, timeout=60_000)  # 5 MB take their time
    preview = tab.locator("[data-import-preview]")
    expect(preview).to_be_focused()
    return preview


def exported(**more: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "curriculum": "demo",
        "exported": "2026-05-03T10:00:00Z",
        "ticks": {},
        "choices": {},
    } | more


def rows(preview: Locator) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in preview.locator("tbody tr").all()]


def test_export_writes_all_of_it_to_a_dated_file(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(week_one="a", choices={"alpha/paths": "cv"})
    value["ticks"] |= {"alpha/week-one/b": [0, 99], "vanished/week/item": [1, 7]}
    store(context, value)
    context.clock.set_fixed_time("2026-05-03T23:30:00Z")
    name, file = export(open_tab("progress/"))
    # The browser of these tests is set to a place fourteen hours ahead of UTC.
    assert name == "demo-progress-2026-05-04.json"
    assert file == {"curriculum": "demo", "exported": "2026-05-03T23:30:00.000Z", **value}


def test_an_export_imports_into_another_browser(
    chromium: Any, pages: str, open_tab: OpenTab, context: BrowserContext
) -> None:
    store(context, progress(week_one="a b", choices={"alpha/paths": "cv"}))
    _, file = export(open_tab("progress/"))
    other = new_context(chromium, pages)
    tab = other.new_page()
    tab.goto("progress/")
    preview = choose_file(tab, file)
    preview.get_by_role("button", name="Apply").click()
    assert stored(tab)["ticks"] == stored(context.pages[0])["ticks"]
    assert stored(tab)["choices"] == stored(context.pages[0])["choices"]
    expect(text(tab, "alpha")).to_have_text("2 of 9")
    other.close()


def test_import_shows_first_what_it_would_change(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    now = round(time.time() * 1000)
    value = progress(days_ago=2, week_one="a c d", choices={"alpha/paths": "nlp"})
    value["ticks"]["alpha/week-one/b"] = [0, now - 2 * 86400_000]
    store(context, value)
    tab = open_tab("progress/")
    preview = choose_file(
        tab,
        exported(
            ticks={
                "alpha/week-one/a": [0, now - 86400_000],  # newer here: untick
                "alpha/week-one/b": [1, now - 86400_000],  # newer: tick
                "alpha/week-one/c": [0, now - 3 * 86400_000],  # older than here: nothing
                "alpha/week-one/d": [1, now - 86400_000],  # the same, newer: not worth a row
                "alpha/week-one/e": [0, now - 86400_000],  # never ticked here: not worth a row
                "alpha/week-two/gone": [1, now - 86400_000],  # not of this curriculum: kept
                "beta/intro/x": [1, now - 86400_000],
            },
            choices={"alpha/paths": ["cv", now - 86400_000]},
        ),
    )
    # The browser of these tests is set to a place fourteen hours ahead of UTC.
    expect(preview).to_contain_text("Exported on May 4, 2026")
    expect(preview).to_contain_text(
        "2 to tick, 1 to untick, 1 to choose, 1 not of this site now, to be kept."
    )
    assert rows(preview) == [
        ["Tick", "Bananas, peeled Alpha, Week 1: First fruit"],
        ["Tick", "Ximenia Beta, Week 1: Intro"],
        ["Untick", "Apples Alpha, Week 1: First fruit"],
        ["Choose", "Computer vision Alpha, Month 2: Paths"],
        ["Keep", "alpha/week-two/gone"],
    ]
    assert stored(tab) == value

    preview.get_by_role("button", name="Cancel").click()
    expect(preview).to_be_hidden()
    expect(tab.locator("[data-import]")).to_be_focused()
    assert stored(tab) == value


def test_import_merges_item_by_item_and_can_be_undone(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    now = round(time.time() * 1000)
    value = progress(days_ago=2, week_one="a c")
    store(context, value)
    tab = open_tab("progress/")
    file = exported(
        ticks={
            "alpha/week-one/a": [0, now - 1000],
            "alpha/week-one/b": [1, now - 1000],
            "alpha/week-one/c": [0, now - 5 * 86400_000],
            "alpha/week-two/gone": [1, 5],
        },
        choices={"alpha/paths": ["cv", now - 1000]},
    )
    choose_file(tab, file).get_by_role("button", name="Apply").click()
    assert ticks(tab) == {
        "alpha/week-one/a": 0,
        "alpha/week-one/b": 1,
        "alpha/week-one/c": 1,
        "alpha/week-two/gone": 1,
    }
    assert stored(tab)["choices"] == file["choices"]
    expect(text(tab, "alpha")).to_have_text("2 of 9")
    undo = tab.locator("[data-undo] p")
    expect(undo).to_be_focused()
    expect(undo).to_contain_text("Imported: 1 to tick, 1 to untick")

    again = choose_file(tab, file)
    expect(again).to_contain_text("Nothing new")
    again.get_by_role("button", name="Close").click()

    undo.get_by_role("button", name="Undo").click()
    assert stored(tab) == value
    expect(text(tab, "alpha")).to_have_text("2 of 8, branch still to choose")
    expect(tab.locator("[data-import]")).to_be_focused()


def test_the_same_file_can_be_chosen_twice(open_tab: OpenTab) -> None:
    tab = open_tab("progress/")
    for _ in range(2):
        preview = choose_file(tab, exported(ticks={"alpha/week-one/a": [1, 5]}))
        expect(preview.locator("tbody tr")).to_have_count(1)
        expect(tab.locator("[data-import]")).to_have_value("")  # else there were no change
        preview.get_by_role("button", name="Cancel").click()


UNUSABLE = {
    "text": ("no JSON at all", "no export of progress"),
    "null": ("null", "no export of progress"),
    "a list": ("[]", "no export of progress"),
    "something else": ('{"curriculum": 5, "ticks": {}}', "no export of progress"),
    "no ticks": ('{"curriculum": "demo", "v": 1}', "no export of progress"),
    "wrong curriculum": (exported(curriculum="<b>other</b>"), "another curriculum, “<b>other</b>”"),
    "newer": (exported(v=2), "another version"),
    "too large": (" " * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    "deep": ("[" * 200_000, "no export of progress"),
    "odd date": (exported(exported={"toString": 1, "valueOf": 1}), "can't be read"),
}


@pytest.mark.parametrize(("content", "message"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_file_that_can_not_be_used_is_refused_in_words(
    open_tab: OpenTab, content: Any, message: str
) -> None:
    tab = open_tab("progress/")
    preview = choose_file(tab, content)
    expect(preview).to_contain_text(message)
    assert preview.locator("b").count() == 0
    preview.get_by_role("button", name="Close").click()
    expect(preview).to_be_hidden()
    assert raw(tab) is None


def test_a_hostile_file_is_text_and_nothing_else(open_tab: OpenTab) -> None:
    tab = open_tab("progress/")
    tab.evaluate("() => { window.alert = () => { window.hit = true; }; }")
    evil = "<img src=x onerror=alert(1)>"
    future = round((time.time() + 10**6) * 1000)
    file = json.dumps(
        exported(
            ticks={
                f"{evil}/week/item": [1, 5],
                f"alpha/week/\u202e{evil}": [1, future],
                "alpha/constructor/toString": [1, 5],
                "x/" + "y" * 500 + "/z": [1, 5],
                "no-slashes": [1, 5],
                "alpha/week/shape": {"0": 1},
                "alpha/week/time": [1, -5],
            },
            choices={"alpha/paths": [evil, 5], "a/b/c": ["x", 5]},
        )
    ).replace(
        '"ticks": {', '"ticks": {"__proto__": [1, 5], "__proto__/__proto__/__proto__": [1, 5], ', 1
    )
    preview = choose_file(tab, file)
    expect(preview).to_contain_text("6 entries can't be read")
    assert preview.locator("img").count() == 0
    assert [verb for verb, _ in rows(preview)] == ["Keep"] * 5
    preview.get_by_role("button", name="Apply").click()
    kept = stored(tab)["ticks"]
    assert sorted(kept) == sorted(
        [
            "__proto__/__proto__/__proto__",
            f"{evil}/week/item",
            f"alpha/week/\u202e{evil}",
            "alpha/constructor/toString",
        ]
    )
    assert kept[f"alpha/week/\u202e{evil}"][1] <= tab.evaluate("Date.now()")
    assert tab.evaluate("[window.hit, {}.week, document.querySelectorAll('main img').length]") == [
        None,
        None,
        0,
    ]


def test_a_large_file_shows_a_bounded_preview(open_tab: OpenTab) -> None:
    tab = open_tab("progress/")
    preview = choose_file(
        tab, exported(ticks={f"alpha/week/item-{n}": [1, 5] for n in range(20_000)})
    )
    expect(preview).to_contain_text("20,000 not of this site now")
    expect(preview).to_contain_text("and 19,800 more")
    assert preview.locator("tbody tr").count() == 200
    preview.get_by_role("button", name="Apply").click()
    assert len(stored(tab)["ticks"]) == 20_000


def test_import_goes_on_without_names(
    context: BrowserContext, open_tab: OpenTab, faults: Faults
) -> None:
    faults.forgive("ERR_FAILED")
    context.route("**/data/*.json", lambda route: route.abort())
    tab = open_tab("progress/")
    preview = choose_file(tab, exported(ticks={"alpha/week-one/a": [1, 5]}))
    expect(preview).to_contain_text("names of the items could not be loaded")
    assert rows(preview) == [["Tick", "alpha/week-one/a"]]


def test_apply_lets_what_another_tab_did_meanwhile_win(open_tab: OpenTab) -> None:
    tab, week = open_tab("progress/"), open_tab(WEEK_ONE)
    preview = choose_file(
        tab, exported(ticks={"alpha/week-one/a": [1, 5], "alpha/week-one/b": [1, 5]})
    )
    box(week, "a").check()
    box(week, "a").uncheck()
    has_stored(tab, a=0)
    preview.get_by_role("button", name="Apply").click()
    assert ticks(tab) == {"alpha/week-one/a": 0, "alpha/week-one/b": 1}
    expect(box(week, "b")).to_be_checked()


# ------------------------------------------------------------------------------------- offline


def test_a_part_that_can_not_be_loaded_is_told_of_once(
    context: BrowserContext, open_tab: OpenTab, faults: Faults
) -> None:
    store(context, progress(week_one="a"))
    tab = open_tab("progress/")
    expect(text(tab, "alpha")).to_have_text("1 of 8, branch still to choose")
    faults.forgive("ERR_FAILED")
    context.route("**/reset.js", lambda route: route.abort())
    reset = tab.get_by_role("button", name="Reset Alpha")
    reset.click()
    expect(notice(tab)).to_contain_text("offline")
    with tab.expect_event("requestfailed"):
        reset.click()
    settled(tab)
    expect(notice(tab)).to_have_count(1)
    assert ticks(tab) == {"alpha/week-one/a": 1}


# ------------------------------------------------------------------------------ reset and undo


def test_reset_empties_one_track_and_undo_restores_it_exactly(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(week_one="a b", choices={"alpha/paths": "cv"})
    value["ticks"] |= {
        "alpha/week-one/c": [0, 77],
        "beta/intro/x": [1, 78],
        "alpha/gone/item": [1, 79],
    }
    store(context, value)
    tab, week = open_tab("progress/"), open_tab(WEEK_ONE)
    reset = tab.get_by_role("button", name="Reset Alpha")
    expect(reset).to_be_enabled()
    reset.click()
    row = tab.locator("[data-undo] p")
    expect(row).to_be_focused()
    expect(row).to_contain_text("Reset Alpha: 3 ticks taken away.")
    assert [key for key, on in ticks(tab).items() if on] == ["beta/intro/x"]
    assert stored(tab)["choices"]["alpha/paths"][0] == ""
    expect(reset).to_be_disabled()
    expect(tab.get_by_role("button", name="Reset Beta")).to_be_enabled()
    expect(text(tab, "alpha")).to_have_text("0 of 8, branch still to choose")
    expect(box(week, "a")).not_to_be_checked()

    row.get_by_role("button", name="Undo").click()
    assert stored(tab) == value
    expect(row).to_have_count(0)
    expect(reset).to_be_focused()
    expect(voice(tab)).to_have_text("Undone.")
    expect(box(week, "a")).to_be_checked()
    # The other tab takes no part in what was undone, whatever it writes next.
    box(week, "e").check()
    tab.wait_for_function("key => localStorage.getItem(key).includes('week-one/e')", arg=KEY)
    assert stored(tab)["ticks"] == value["ticks"] | {
        "alpha/week-one/e": stored(tab)["ticks"]["alpha/week-one/e"]
    }


def test_undo_leaves_what_was_ticked_since(context: BrowserContext, open_tab: OpenTab) -> None:
    store(context, progress(week_one="a b"))
    tab, week = open_tab("progress/"), open_tab(WEEK_ONE)
    tab.get_by_role("button", name="Reset Alpha").click()
    row = tab.locator("[data-undo] p")
    expect(row).to_be_visible()
    expect(box(week, "a")).not_to_be_checked()
    box(week, "a").check()
    since = stored(week)["ticks"]["alpha/week-one/a"]
    week.close()  # or it would put its own tick back
    expect(text(tab, "alpha")).to_have_text("1 of 8, branch still to choose")
    row.get_by_role("button", name="Undo").click()
    assert ticks(tab) == {"alpha/week-one/a": 1, "alpha/week-one/b": 1}
    assert stored(tab)["ticks"]["alpha/week-one/a"] == since


def test_undo_stays_until_dismissed_and_each_reset_has_its_own(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    value = progress(week_one="a")
    value["ticks"]["beta/intro/x"] = [1, 5]
    store(context, value)
    tab = open_tab("progress/")
    tab.get_by_role("button", name="Reset Alpha").click()
    tab.get_by_role("button", name="Reset Beta").click()
    row = tab.locator("[data-undo] p")
    expect(row).to_have_count(2)
    # The code for resets comes with the first click: which of two is done first is left open.
    row.filter(has_text="Alpha").get_by_role("button", name="Dismiss").click()
    expect(row).to_have_count(1)
    expect(tab.locator("[data-undo]")).to_be_focused()  # the reset button is disabled now
    row.get_by_role("button", name="Undo").click()
    assert ticks(tab) == {"alpha/week-one/a": 0, "beta/intro/x": 1}


def test_an_old_export_does_not_tick_again_what_was_reset(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(week_one="a b"))
    tab = open_tab("progress/")
    _, file = export(tab)
    tab.get_by_role("button", name="Reset Alpha").click()
    expect(tab.locator("[data-undo] p")).to_be_visible()
    expect(choose_file(tab, file)).to_contain_text("Nothing new")


# ------------------------------------------------------------------------------------ keyboard


def test_boxes_and_choices_work_by_keyboard(open_tab: OpenTab) -> None:
    tab = open_tab(WEEK_ONE)
    tab.locator("[data-continue]").focus()
    for key in ("Tab", "Space", "Tab", "Space"):
        tab.keyboard.press(key)
    assert checked(tab) == ["a", "b"]
    expect(box(tab, "b")).to_be_focused()
    tab.goto(PATHS)
    box(tab, "h").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowDown")
    expect(text(tab, "alpha/paths")).to_have_text("0 of 3")
    tab.keyboard.press("ArrowDown")
    expect(text(tab, "alpha/paths")).to_have_text("0 of 2")


def test_reset_undo_and_import_work_by_keyboard(context: BrowserContext, open_tab: OpenTab) -> None:
    value = progress(week_one="a b")
    store(context, value)
    tab = open_tab("progress/")
    reset = tab.get_by_role("button", name="Reset Alpha")
    expect(reset).to_be_enabled()
    reset.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-undo] p")).to_be_focused()
    tab.keyboard.press("Enter")  # held a little long: nothing happens
    assert set(ticks(tab).values()) == {0}
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert stored(tab) == value
    expect(reset).to_be_focused()

    choose_file(tab, exported(ticks={"alpha/week-one/c": [1, 5]}))
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert ticks(tab)["alpha/week-one/c"] == 1


# -------------------------------------------------------------------------------------- weight


def test_sixty_boxes_are_painted_without_laying_the_page_out(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    rounds = 50
    tab = open_tab(WEEK_ONE)
    box(tab, "a").check()
    tab.evaluate("""async () => {
      const list = document.querySelector("[data-place] ul");
      const label = '<label><input type="checkbox" class="rm-tick"> <span>Item</span></label>';
      const items = Array.from({ length: 60 }, (_, n) => `<li id="i${n}">${label}</li>`);
      list.innerHTML = items.join("");
      const { paint } = await import("../../../assets/roadmap/progress.js");
      const { Store } = await import("../../../assets/roadmap/store.js");
      window.repaint = () => paint(new Store("demo", () => {}));
      window.reads = 0;
      const read = Storage.prototype.getItem;
      Storage.prototype.getItem = function (key) { window.reads++; return read.call(this, key); };
    }""")
    devtools = context.new_cdp_session(tab)
    devtools.send("Performance.enable")

    def layouts() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(float(it["value"]) for it in metrics if it["name"] == "LayoutCount")

    before = layouts()
    tab.evaluate("rounds => { for (let n = 0; n < rounds; n++) window.repaint(); }", rounds)
    assert layouts() - before < rounds / 2  # the browser's own, for frames
    assert tab.evaluate("window.reads") == rounds


def test_scripts_loaded_before_interaction_weigh_ten_kilobytes_at_most(
    context: BrowserContext, open_tab: OpenTab
) -> None:
    store(context, progress(week_one="a"))
    asked = record_scripts(context)
    heaviest = 0
    for path in ("", "tracks/alpha/", WEEK_ONE, "progress/"):
        asked.clear()
        tab = open_tab(path)
        settled(tab)
        names = {name for name in asked if name.endswith(".js")}
        # As a site publishes them.
        texts = [lean_js((SCRIPTS / name).read_text("utf-8")) for name in names]
        heaviest = max(heaviest, sum(len(gzip.compress(text.encode(), 9)) for text in texts))
    assert heaviest <= 10 * 1024

"""Ticks follow what was moved: by the map that a site ships, in a real browser."""

from __future__ import annotations

import functools
import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from browser.site_fixtures import PREFIX, OpenReader, Reader, Site, SiteHandler, reading
from browser.site_fixtures import seed as seed_text
from roadmap_site.model.moves import Moves
from site_builder import CURRICULUM, build, make_project

pytestmark = pytest.mark.browser

THEN = 1_700_000_000_000  # milliseconds since 1970
NEW_ITEM = "today/new-week/new-item"
FIRST_ITEM = "yesterday/old-week/old-item"
"""Where that item's tick was first: it was reworded, then its week was renamed, then its track."""

FILES: Mapping[str, str] = {
    "curriculum.yml": CURRICULUM["curriculum.yml"].replace("[first]", "[today, other]"),
    "topics.yml": """\
areas: {basics: Basics}
roots: [printing]
topics:
  printing: {label: Printing, area: basics, summary: Showing a value.}
""",
    "tracks/today/track.yml": CURRICULUM["tracks/first/track.yml"]
    .replace("First steps", "The track of today")
    .replace("First", "Today")
    .replace("[basics]", "[basics, fork]")
    + "moved: [yesterday]\n",
    "tracks/today/basics.yml": """\
title: Basics
week: 1
weeks:
  - title: New week
    week: 1
    moved: [old-week]
    topics:
      - {text: New item, moved: [old-item], teaches: [printing]}
      - {text: Also new, moved: [also-old], teaches: [printing]}
      - {text: Still here, teaches: [printing]}
    resources: [tutorial]
""",
    "tracks/today/fork.yml": """\
title: Fork
week: 2
moved: [crossroads]
choose: Left or right.
branches:
  - {title: Left, topics: [{text: Left turn, teaches: [printing]}]}
  - {title: Right, topics: [{text: Right turn, teaches: [printing]}]}
""",
    "tracks/other/track.yml": CURRICULUM["tracks/first/track.yml"]
    .replace("First steps", "Another track")
    .replace("First", "Other")
    .replace("length: 2w", "length: 1w"),
    "tracks/other/basics.yml": """\
title: Basics
week: 1
weeks:
  - title: Elsewhere
    week: 1
    topics:
      - {text: Stray, moved: [today/new-week/stray], teaches: [printing]}
""",
}
WEEK = "tracks/today/new-week/"


@pytest.fixture(scope="module")
def moved_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small site with a map of moves."""
    folder = tmp_path_factory.mktemp("moved")
    handler = functools.partial(SiteHandler, directory=str(folder / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        dropped = {"tracks/first/track.yml": None, "tracks/first/basics.yml": None}
        project = make_project(folder, {**FILES, **dropped}, site_url=url)
        built = build(project, url=url)
        threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True).start()
        yield Site(built, url)
        server.shutdown()


@pytest.fixture
def new_reader(chromium: Browser, moved_site: Site) -> Iterator[OpenReader]:
    with reading(chromium, moved_site) as new_reader:
        yield new_reader


@pytest.fixture
def reader(new_reader: OpenReader) -> Reader:
    return new_reader()


def entries(**kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {"v": 1, "ticks": {}, "choices": {}, **kinds}


def seed(reader: Reader, **kinds: Mapping[str, Any]) -> None:
    """Has entries in storage before any page looks."""
    seed_text(reader.context, reader.key, json.dumps(entries(**kinds)))


def asked(reader: Reader) -> list[str]:
    """What of the moves is asked for, as it is."""
    names: list[str] = []
    reader.context.on(
        "request", lambda it: names.append(it.url.rpartition("/")[2].partition("?")[0])
    )
    return names


def box(tab: Page, id: str) -> Locator:
    return tab.locator(f"li[id='{id}'] > label > .rm-tick")


def told(tab: Page, scope: str) -> Locator:
    return tab.locator(f"[data-progress='{scope}'] [data-progress-text]").first


def at_rest(tab: Page) -> Page:
    tab.wait_for_load_state("networkidle")
    return tab


def test_a_tick_follows_its_item_its_week_and_its_track(reader: Reader) -> None:
    old = {
        FIRST_ITEM: [1, THEN],
        "today/new-week/also-old": [1, THEN + 1],
        "today/new-week/stray": [1, THEN + 2],
        "yesterday/new-week/still-here": [0, THEN + 3],
        "gone/for/good": [1, THEN + 4],
    }
    seed(reader, ticks=old, choices={"yesterday/crossroads": ["right", THEN]})
    tab = reader.open(WEEK)
    for id in ("new-item", "also-new"):
        expect(box(tab, id)).to_be_checked()
    expect(box(tab, "still-here")).not_to_be_checked()
    expect(told(tab, "today/new-week")).to_have_text("2 of 4")
    # What is old is kept: another tab may still show the site of before.
    stored = reader.stored()
    assert stored["ticks"] == old | {
        NEW_ITEM: [1, THEN],
        "today/new-week/also-new": [1, THEN + 1],
        "other/elsewhere/stray": [1, THEN + 2],
        "today/new-week/still-here": [0, THEN + 3],
    }
    assert stored["choices"]["today/fork"] == ["right", THEN]
    tab.goto("tracks/today/fork/")
    expect(tab.get_by_role("radio", name="Right")).to_be_checked()
    tab.goto("progress/")
    expect(told(tab, "today")).to_have_text("2 of 5")
    expect(told(tab, "other")).to_have_text("1 of 1")
    tab.locator("[data-left=today] summary").click()
    left = tab.locator("[data-left=today] [data-left-list]")
    expect(left).to_contain_text("Still here")
    expect(left).not_to_contain_text("New item")
    assert reader.stored() == stored


def test_the_offer_to_resume_knows_the_place_of_today(reader: Reader) -> None:
    seed(reader, ticks={"today/crossroads/left-turn": [1, THEN]})
    tab = reader.open("")
    expect(tab.locator("[data-resume]")).to_contain_text("Today")
    # From the place ticked last onwards: not from the start of the track.
    expect(tab.locator("[data-resume] a")).to_have_attribute(
        "href", f"{reader.site.url}tracks/today/fork/"
    )


@pytest.mark.parametrize(("old", "new", "is_on"), [(0, 1, False), (1, 0, True), (2, 1, True)])
def test_of_an_old_and_a_new_entry_the_newest_wins(
    reader: Reader, old: int, new: int, is_on: bool
) -> None:
    ticks = {FIRST_ITEM: [1, THEN + old], NEW_ITEM: [0, THEN + new]}
    seed(reader, ticks={**ticks, "today/new-week/also-old": [1, THEN]})
    tab = reader.open(WEEK)
    expect(box(tab, "also-new")).to_be_checked()  # the moves are followed
    expect(box(tab, "new-item")).to_be_checked(checked=is_on)


def test_unticking_what_has_moved_lasts(reader: Reader) -> None:
    seed(reader, ticks={FIRST_ITEM: [1, THEN]})
    tab = reader.open(WEEK)
    expect(box(tab, "new-item")).to_be_checked()
    box(tab, "new-item").uncheck()
    at_rest(tab).reload()
    at_rest(tab)
    expect(box(tab, "new-item")).not_to_be_checked()
    assert reader.stored()["ticks"][FIRST_ITEM] == [1, THEN]


def test_a_reset_takes_away_what_has_moved_here_and_can_be_undone(reader: Reader) -> None:
    seed(reader, ticks={FIRST_ITEM: [1, THEN], "today/new-week/also-old": [1, THEN]})
    tab = reader.open("progress/")
    expect(told(tab, "today")).to_have_text("2 of 4, branch still to choose")
    tab.get_by_role("button", name="Reset The track of today").click()
    undo = tab.get_by_role("region", name="Undo")
    expect(undo).to_contain_text("2 ticks taken away")
    tab.reload()
    expect(told(at_rest(tab), "today")).to_have_text("0 of 4, branch still to choose")
    tab.goto(WEEK)
    expect(box(at_rest(tab), "new-item")).not_to_be_checked()

    box(tab, "new-item").check()
    tab.goto("progress/")
    tab.get_by_role("button", name="Reset The track of today").click()
    undo.get_by_role("button", name="Undo").click()
    expect(told(tab, "today")).to_have_text("1 of 4, branch still to choose")


def test_a_reset_waits_for_the_moves(reader: Reader) -> None:
    seed(reader, ticks={FIRST_ITEM: [1, THEN], "today/new-week/also-old": [1, THEN]})
    held: list[Route] = []
    reader.context.route("**/moves.json*", lambda route: held.append(route), times=1)
    with reader.context.expect_event("request", lambda it: "moves.json" in it.url):
        tab = reader.open("progress/")
    tab.get_by_role("button", name="Reset The track of today").click()
    expect(tab.get_by_role("region", name="Undo")).to_contain_text("2 ticks taken away")
    for route in held:
        route.continue_()
    expect(told(tab, "today")).to_have_text("0 of 4, branch still to choose")


def test_a_track_that_a_tick_has_left_is_not_begun(reader: Reader) -> None:
    seed(reader, ticks={"today/new-week/stray": [1, THEN]})
    tab = reader.open("progress/")
    expect(tab.get_by_role("button", name="Reset Another track")).to_be_enabled()
    expect(tab.get_by_role("button", name="Reset The track of today")).to_be_disabled()


def test_an_old_backup_is_imported_where_nothing_is_ticked(reader: Reader) -> None:
    names = asked(reader)
    tab = at_rest(reader.open("progress/"))
    assert not {"moves.js", "moves.json"} & set(names)
    file = {
        "curriculum": "small",
        **entries(ticks={FIRST_ITEM: [1, THEN], "gone/for/good": [1, 1]}),
    }
    tab.get_by_label("Import a file").set_input_files(
        {
            "name": "progress.json",
            "mimeType": "application/json",
            "buffer": json.dumps(file).encode(),
        }
    )
    preview = tab.get_by_role("region", name="Import")
    expect(preview).to_contain_text("1 to tick, 1 not of this site now, to be kept.")
    expect(preview).to_contain_text("New item")
    preview.get_by_role("button", name="Apply").click()
    expect(told(tab, "today")).to_have_text("1 of 4, branch still to choose")
    assert set(reader.stored()["ticks"]) == {FIRST_ITEM, NEW_ITEM, "gone/for/good"}
    tab.get_by_role("button", name="Undo").click()
    expect(told(tab, "today")).to_have_text("0 of 4, branch still to choose")
    tab.reload()
    expect(told(at_rest(tab), "today")).to_have_text("0 of 4")


def test_what_a_tab_of_the_old_site_ticks_shows_here(reader: Reader) -> None:
    seed(reader, ticks={"today/new-week/still-here": [1, THEN]})
    tab = at_rest(reader.open(WEEK))
    old = reader.context.new_page()
    old.goto("about/")
    value = json.dumps(entries(ticks={FIRST_ITEM: [1, THEN]}))
    old.evaluate("([key, value]) => localStorage.setItem(key, value)", [reader.key, value])
    expect(box(tab, "new-item")).to_be_checked()
    expect(told(tab, "today/new-week")).to_have_text("1 of 4")


@pytest.mark.parametrize("missing", ["moves.json", "moves.js"])
def test_where_the_moves_cannot_be_had_the_next_page_tries_again(
    reader: Reader, missing: str
) -> None:
    seed(reader, ticks={FIRST_ITEM: [1, THEN]})
    reader.faults.forgive("net::ERR_FAILED")
    reader.context.route(f"**/{missing}*", lambda route: route.abort())
    tab = reader.open(WEEK)
    expect(tab.locator("[data-notice] p")).to_contain_text("Are you offline?")
    expect(box(tab, "new-item")).not_to_be_checked()
    assert reader.stored()["ticks"] == {FIRST_ITEM: [1, THEN]}
    reader.context.unroute(f"**/{missing}*")
    tab.reload()
    expect(box(tab, "new-item")).to_be_checked()


def test_blocked_storage_stays_a_notice(new_reader: OpenReader) -> None:
    reader = new_reader()
    reader.context.add_init_script(
        """Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    tab = at_rest(reader.open(WEEK))
    expect(tab.locator("[data-notice] p")).to_have_count(1)
    box(tab, "new-item").check()
    expect(told(tab, "today/new-week")).to_have_text("1 of 4")


def test_nothing_is_fetched_in_vain(reader: Reader) -> None:
    names = asked(reader)
    tab = at_rest(reader.open(WEEK))
    assert not {"moves.js", "moves.json"} & set(names)
    box(tab, "still-here").check()
    with tab.expect_response("**/moves.json*"):
        tab.goto("tracks/today/")
    at_rest(tab)
    assert names.count("moves.json") == 1


@pytest.mark.parametrize(
    ("link", "there"),
    [
        (f"{WEEK}#old-item", f"{WEEK}#new-item"),
        (f"{WEEK}#stray", "tracks/other/elsewhere/#stray"),
        (f"{WEEK}#still-here", f"{WEEK}#still-here"),
        (f"{WEEK}#no-such-item", f"{WEEK}#no-such-item"),
        (f"{WEEK}#%E0%A4%A", f"{WEEK}#%E0%A4%A"),
        ("progress/#old-item", "progress/#old-item"),
    ],
)
def test_a_link_to_an_item_that_moved_leads_there(reader: Reader, link: str, there: str) -> None:
    tab = reader.open(link)
    expect(tab).to_have_url(f"{reader.site.url}{there}")
    at_rest(tab)
    assert tab.url == f"{reader.site.url}{there}"


# ----------------------------------------------------------------------------------- resolving

STEPS = ("a", "b", "c", "größen", "__proto__", "constructor", "toString", "")


def random_moves(chance: random.Random) -> Moves:
    """Any map, circles and odd names among them."""

    def keys(length: int) -> dict[str, str]:
        def key() -> str:
            return "/".join(chance.choices(STEPS, k=length))

        return {key(): key() for _ in range(chance.randrange(6))}

    return Moves(keys(1), keys(2), keys(3))


def test_scripts_and_model_resolve_alike(open_tab: Callable[..., Page]) -> None:
    chance = random.Random(2026)
    cases = []
    for _ in range(400):
        moves = random_moves(chance)
        known = [*moves.tracks, *moves.places, *moves.items]
        keys = ["/".join(chance.choices(STEPS, k=chance.randint(1, 4))) for _ in range(10)]
        parts = {"tracks": moves.tracks, "places": moves.places, "items": moves.items}
        # As text, because a script's own object would take __proto__ for something else.
        shipped = json.dumps({name: part for name, part in parts.items() if part})
        cases.append((shipped, keys + known, [moves.resolve(key) for key in keys + known]))
    found = open_tab().evaluate(
        """async cases => {
          const { resolve } = await import("./assets/roadmap/moves.js");
          return cases.map(([text, keys]) => {
            const moves = JSON.parse(text);
            return keys.map(key => resolve(moves, key));
          });
        }""",
        [case[:2] for case in cases],
    )
    assert found == [case[2] for case in cases]
    pairs = [pair for _, keys, nows in cases for pair in zip(keys, nows, strict=True)]
    assert sum(key != now for key, now in pairs) > 1000

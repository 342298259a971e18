"""The five-track site as it is really built, served below a path as GitHub Pages would.

What a test needs to know about the curriculum it reads from the site's own data files, so that an
edit of the curriculum does not make a browser test fail.
"""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from site_builder import CHECKOUT, BuiltSite, build, environment

PREFIX = "/some/where/"
REPOSITORY = "https://github.com/someone/roadmaps"
TIMEOUT = 30_000
"""Milliseconds a condition may take; a busy machine needs some."""

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1440, height=900)


def new_context(browser: Browser, url: str, **options: Any) -> BrowserContext:
    """A fresh profile for the site at `url`.

    Nothing moves unless a test asks for it: how a thing looks is then how it stays, however slow
    the machine.
    """
    still = {"base_url": url, "viewport": DESKTOP, "reduced_motion": "reduce"}
    context = browser.new_context(**{**still, **options})
    context.set_default_timeout(TIMEOUT)
    return context


def heading(tab: Page) -> Locator:
    """The title of the page; the hits of a search have titles of their own."""
    return tab.locator("#__content h1")


def visit(tab: Page, path: str) -> None:
    """Goes to a site path; afterwards the fonts are there, and words have the room they need."""
    tab.goto(path)
    tab.evaluate("document.fonts.ready.then(() => null)")


# Material asks where a link leads once it has read the sitemap; this one leads nowhere.
HEEDS_LINKS = """() => {
  const link = document.createElement("a");
  let isAsked = false;
  Object.defineProperty(link, "href", { get() { isAsked = true; return "about:blank"; } });
  document.body.append(link);
  link.click();
  link.remove();
  return isAsked;
}"""


def heeds_links(tab: Page) -> Page:
    """The tab, once a click on a link brings the page without loading a whole document."""
    tab.wait_for_function(HEEDS_LINKS)
    return tab


def expect_value(tab: Page, script: str, wanted: Any, arg: Any = None) -> None:
    """Waits until what a function returns in the page is as wanted, and tells what it is if not."""
    text = json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
    with suppress(PlaywrightTimeout):
        tab.wait_for_function(
            f"([arg, text]) => JSON.stringify(({script})(arg)) === text", arg=[arg, text]
        )
    assert tab.evaluate(script, arg) == wanted


def expect_bar(tab: Page, scope: str, value: int, maximum: int) -> None:
    """What is counted from data comes when it comes, and to each display by itself."""
    bar = tab.locator(f"[data-progress='{scope}'] progress").first
    expect(bar).to_have_js_property("value", value)
    expect(bar).to_have_js_property("max", maximum)


def seed(context: BrowserContext, key: str, text: str) -> None:
    """Has a text in storage before any page looks; once, not again with each page."""
    # A new tab stands at about:blank for a moment, where a script has no storage to touch.
    script = f"""(([key, text]) => {{
      if (location.protocol === "about:" || localStorage.getItem(`seeded ${{key}}`)) return;
      localStorage.setItem(key, text);
      localStorage.setItem(`seeded ${{key}}`, "yes");
    }})({json.dumps([key, text])})"""
    context.add_init_script(script)


# ---------------------------------------------------------------------------------- the search


def search_field(tab: Page) -> Locator:
    return tab.get_by_role("textbox", name="Search")


def hits(tab: Page) -> Locator:
    """The hits that can be seen, best first."""
    return tab.locator(".find-list a").locator("visible=true")


def type_query(tab: Page, query: str) -> None:
    """Types a query; afterwards its hits are there, and not those for its first letters."""
    expect(search_field(tab)).to_be_focused()
    expect(hits(tab)).to_have_count(0)
    tab.keyboard.type(query)
    last = re.compile(rf"[?&]h=[^#]*{re.escape(query[-2:].lower())}")
    expect(hits(tab).first).to_have_attribute("href", last)


def search(tab: Page, query: str) -> None:
    """Searches for a query in place of what may have been typed before."""
    search_field(tab).click()
    search_field(tab).press("Control+a")
    search_field(tab).press("Delete")
    type_query(tab, query)


# ------------------------------------------------------------------------------ the curriculum


@dataclass(frozen=True)
class Item:
    """Something to tick; `key` is what its tick is stored under."""

    key: str
    id: str
    text: str
    is_required: bool
    branch: str


@dataclass(frozen=True)
class Place:
    """What has a list of its own."""

    id: str
    track: str
    kind: str
    label: str
    title: str
    url: str
    phase: str
    branches: Sequence[str]
    items: Sequence[Item]

    @property
    def key(self) -> str:
        return f"{self.track}/{self.id}"

    @property
    def required(self) -> Sequence[Item]:
        """What counts while no branch is chosen."""
        return [item for item in self.items if item.is_required and not item.branch]

    @property
    def optional(self) -> Sequence[Item]:
        return [item for item in self.items if not item.is_required]


@dataclass(frozen=True)
class Track:
    id: str
    title: str
    short: str
    url: str
    places: Sequence[Place]

    @property
    def required(self) -> Sequence[Item]:
        return [item for place in self.places for item in place.required]

    def of_kind(self, kind: str) -> Sequence[Place]:
        return [place for place in self.places if place.kind == kind]

    def phase(self, name: str) -> Sequence[Item]:
        """What is required of a month."""
        return [item for place in self.places if place.phase == name for item in place.required]


def _read_track(card: Mapping[str, Any], data: Mapping[str, Any]) -> Track:
    def read_item(place: str, item: Sequence[Any]) -> Item:
        name, text, flags, *branch = item
        key = f"{card['id']}/{place}/{name}"
        return Item(key, name, text, not flags & 1, branch[0] if branch else "")

    places = [
        Place(
            track=card["id"],
            branches=[branch["id"] for branch in place.get("branches", [])],
            items=[read_item(place["id"], item) for item in place["items"]],
            **{name: place[name] for name in ("id", "kind", "label", "title", "url", "phase")},
        )
        for place in data["places"]
    ]
    return Track(places=places, **{name: card[name] for name in ("id", "title", "short", "url")})


@dataclass(frozen=True)
class Site:
    """The served site: `url` ends in a slash."""

    built: BuiltSite
    url: str

    @cached_property
    def tracks(self) -> Sequence[Track]:
        cards = json.loads(self.built.text("assets/roadmap/data/site.json"))["tracks"]
        return [_read_track(card, json.loads(self.built.text(card["data"]))) for card in cards]

    @cached_property
    def paths(self) -> Sequence[str]:
        """Every page by its site path."""
        return [
            it.removesuffix("index.html") for it in self.built.paths if it.endswith("index.html")
        ]

    @cached_property
    def id(self) -> str:
        return str(json.loads(self.built.text("assets/roadmap/data/site.json"))["id"])

    @cached_property
    def small(self) -> Track:
        """The track with the fewest things to do, and months of weeks."""
        return min(
            (track for track in self.tracks if track.of_kind("week")),
            key=lambda track: len(track.required),
        )

    def place(self, kind: str, test: Callable[[Place], object] = bool) -> Place:
        """The first place of a kind that passes the test."""
        return next(place for track in self.tracks for place in track.of_kind(kind) if test(place))

    def track(self, name: str) -> Track:
        return next(track for track in self.tracks if track.id == name)

    def path_of(self, kind: str) -> str:
        """The path of a page of a kind (one of KINDS)."""
        return PATHS[kind](self)


def _week(site: Site) -> str:
    """The week with the most to tick."""
    weeks = (place for track in site.tracks for place in track.of_kind("week"))
    return max(weeks, key=lambda place: len(place.items)).url


PATHS: Mapping[str, Callable[[Site], str]] = {
    "home": lambda _: "",
    "track": lambda site: site.small.url,
    "week": _week,
    "phase": lambda site: site.place("phase", lambda place: place.branches).url,
    "whole track": lambda site: f"{site.small.url}all/",
    **{
        kind: functools.partial(lambda name, site: site.place(name).url, kind)
        for kind in ("checklist", "plan", "shelf", "projects", "interview")
    },
    "topic": lambda site: next(it for it in site.paths if re.match("topics/.", it)),
    "topics": lambda _: "topics/",
    "compare": lambda _: "compare/",
    "all projects": lambda _: "projects/",
    "resources": lambda _: "resources/",
    "questions": lambda _: "questions/",
    "bank": lambda site: next(it for it in site.paths if re.match("questions/.", it)),
    "progress": lambda _: "progress/",
    "credits": lambda _: "credits/",
    "hand-written": lambda _: "how-to-use/",
    "contribute": lambda _: "contribute/",
    "rules": lambda _: "contribute/rules/",
    "rule": lambda _: "contribute/rules/rs208/",
    "404": lambda _: NOWHERE,
}
KINDS = tuple(PATHS)
"""Every kind of page."""
NOWHERE = "tracks/no-such-track/nor-such-a-week/"


# --------------------------------------------------------------------------------- the server


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a folder below PREFIX; whatever is not there is answered with its 404.html."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Say nothing of browsers that have left."""
        with suppress(ConnectionError):
            super().handle()

    def translate_path(self, path: str) -> str:
        if not path.startswith(PREFIX):
            return str(Path(self.directory) / "outside")
        return super().translate_path(path.removeprefix(PREFIX[:-1]))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        del message, explain
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real curriculum's site, built for the address where it is served."""
    folder = tmp_path_factory.mktemp("site")
    handler = functools.partial(SiteHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        env = environment(SITE_URL=url, REPO_URL=REPOSITORY)
        built = build(CHECKOUT, site_dir=folder, url=url, env=env)
        threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True).start()
        expect.set_options(timeout=TIMEOUT)
        yield Site(built, url)
        server.shutdown()


# -------------------------------------------------------------------------------- the readers


def is_fault(request: Request) -> bool:
    """Whether a request failed that was not called off: a tab that leaves a page calls some off."""
    return request.failure != "net::ERR_ABORTED"


class Faults(list[str]):
    """What tabs ran into. A fault may be told of after the test has gone on."""

    forgiven: tuple[str, ...] = ()

    def forgive(self, words: str) -> None:
        """Leave out the faults that a test provokes, those told of later too."""
        self.forgiven = (*self.forgiven, words)
        self[:] = [fault for fault in self if words not in fault]

    def append(self, fault: str) -> None:
        """Take note of a fault, unless it is forgiven."""
        if not any(words in fault for words in self.forgiven):
            super().append(fault)

    def expect_none(self) -> None:
        """Fails with all of them, if there are any."""
        if self:
            pytest.fail("\n".join(self), pytrace=False)

    def watch(self, context: BrowserContext) -> None:
        """Take note of the exceptions and the console errors of all tabs."""
        note = self.append
        context.on("weberror", lambda error: note(f"exception: {error.error}"))
        context.on(
            "console",
            lambda it: note(f"console: {it.text} {it.location}") if it.type == "error" else None,
        )


@dataclass
class Reader:
    """A browser profile at the site, and what its tabs ran into."""

    context: BrowserContext
    site: Site
    faults: Faults = field(default_factory=Faults)
    """Exceptions, console errors, failed requests, requests elsewhere, each with its address."""
    documents: list[str] = field(default_factory=list)
    """Pages that were loaded as a whole, and not by instant navigation."""

    def __post_init__(self) -> None:
        note = self.faults.append
        self.faults.watch(self.context)
        self.context.on(
            "requestfailed", lambda it: note(f"{it.failure}: {it.url}") if is_fault(it) else None
        )
        self.context.on(
            "response", lambda it: note(f"{it.status}: {it.url}") if it.status >= 400 else None
        )
        self.context.on("request", lambda it: self._heed(it.url, it.is_navigation_request()))

    def _heed(self, url: str, is_document: bool) -> None:
        if is_document:
            self.documents.append(url)
        if not url.startswith((self.site.url, "data:", "blob:")):
            self.faults.append(f"elsewhere: {url}")

    def open(self, path: str = "") -> Page:
        """A new tab at a site path."""
        tab = self.context.new_page()
        tab.goto(path)
        return tab

    @property
    def key(self) -> str:
        """What the progress is stored under."""
        return f"roadmap-site:{self.site.id}"

    def stored(self) -> dict[str, Any]:
        """What the profile has stored, as its newest tab sees it."""
        text = self.context.pages[-1].evaluate("key => localStorage.getItem(key)", self.key)
        value: dict[str, Any] = json.loads(text or "{}")
        return value

    def ticked(self) -> set[str]:
        ticks = self.stored().get("ticks", {})
        return {key for key, (is_on, _) in ticks.items() if is_on}


OpenReader = Callable[..., Reader]


@contextmanager
def reading(browser: Browser, site: Site) -> Iterator[OpenReader]:
    """Makes fresh profiles. Afterwards none may have run into anything."""
    readers: list[Reader] = []

    def new_reader(**options: Any) -> Reader:
        readers.append(Reader(new_context(browser, site.url, **options), site))
        return readers[-1]

    yield new_reader
    for reader in readers:
        reader.context.close()
    Faults(fault for reader in readers for fault in reader.faults).expect_none()


@pytest.fixture
def new_reader(chromium: Browser, site: Site) -> Iterator[OpenReader]:
    with reading(chromium, site) as new_reader:
        yield new_reader


@pytest.fixture
def reader(new_reader: OpenReader) -> Reader:
    return new_reader()


@pytest.fixture(scope="module")
def shared_tab(chromium: Browser, site: Site) -> Iterator[tuple[Reader, Page]]:
    """One tab for all tests of a file."""
    with reading(chromium, site) as new_reader:
        reader = new_reader()
        yield reader, reader.context.new_page()

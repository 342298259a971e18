"""A curriculum full of attacks becomes a site on which nothing runs.

Every text of it holds what `hostile/payloads.yml` lists; whatever of that runs calls a trap.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from browser.site_fixtures import PREFIX, Faults, Site, SiteHandler, new_context
from hostile_project import LONG, MANY, TRAP, dump, make_hostile_project, payloads
from html_document import Element
from serving import serving
from site_builder import BuiltSite, build, environment

SCHEMES = re.compile(r"\s*(?:https?://|[./#?]|[\w%.~-]+(?:[/#?]|$)|$)")
"""How addresses may begin: with a web scheme, or without any."""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile_project(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def hostile(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The hostile site, built once and served."""
    folder = tmp_path_factory.mktemp("hostile-site")
    handler = functools.partial(SiteHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        env = environment(SITE_URL=url, REPO_URL="https://github.com/example/hostile")
        built = build(project, site_dir=folder, url=url, env=env)
        threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True).start()
        yield Site(built, url)
        server.shutdown()


@pytest.fixture
def built(hostile: Site) -> BuiltSite:
    return hostile.built


# ------------------------------------------------------------------------ what the files hold


def runs(script: Element) -> bool:
    """Whether a script element is one that browsers run."""
    return script.get("type") not in ("application/json", "application/ld+json")


def test_pages_hold_no_element_or_attribute_but_their_own(built: BuiltSite) -> None:
    # The document's reader raises where tags do not match.
    assert len(built.documents) > 50
    inline = set()
    for path, document in built.documents.items():
        assert not document.all("iframe", "object", "embed", "base", "style", "animate", "select")
        for script in filter(runs, document.all("script")):
            assert TRAP not in script.text, path
            assert script.get("src").startswith(("../", "assets/", PREFIX)) or script.text, path
            inline.add(re.sub(r'new URL\("[^"]*"', "new URL(", script.text))
        for element in document:
            assert not [name for name in element.attributes if name.startswith("on")], path
            assert re.fullmatch("[a-z][a-z0-9]*", element.tag), element
            for name in ("href", "src", "action", "formaction", "srcdoc", "poster"):
                assert SCHEMES.match(element.get(name)), (path, element)
            assert all(re.fullmatch("[a-z-]+", name) for name in element.attributes), element
    # Material's own, the same on every page.
    assert len(inline) < 8
    assert sum(TRAP in document.text for document in built.documents.values()) > 50


def visible(text: str) -> str:
    """A text less what cannot be seen of it: control characters, kinds of white space, ticks."""
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c.isspace())
    return " ".join(seen.replace("`", "").split())


def test_words_are_shown_to_the_letter(built: BuiltSite) -> None:
    text = visible("\n".join(document.text for document in built.documents.values()))
    for name, payload in payloads().items():
        assert visible(payload) in text, name


def test_structured_data_and_data_files_hold_the_words_as_data(built: BuiltSite) -> None:
    found = 0
    for path, document in built.pages.items():
        for script in document.all("script", type="application/ld+json"):
            assert "<" not in script.text, path
            found += TRAP in json.dumps(json.loads(script.text))
    assert found > 5
    for path in built.paths:
        if path.endswith(".json") and not path.endswith("moves.json"):  # which holds ids alone
            assert TRAP in json.dumps(json.loads(built.text(path))), path


def test_long_texts_and_many_items_are_all_there(built: BuiltSite) -> None:
    words = next(d for path, d in built.pages.items() if path.startswith("tracks/large/words"))
    assert len(words.one("h1").words) > LONG
    assert len(built.pages["tracks/large/very-many/"].all("input", class_="rm-tick")) == MANY
    for path, document in built.pages.items():
        for name in ("description", "og:description"):
            found = [e for e in document.all("meta") if name in (e.get("name"), e.get("property"))]
            assert all(len(element["content"]) <= 160 for element in found), path


# -------------------------------------------------------------------------- what the browser does

LOOK = """() => ({
  title: document.title,
  handlers: [...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
    .filter(attribute => attribute.name.startsWith('on'))
    .map(attribute => element.tagName + ' ' + attribute.name)),
  strange: [...document.querySelectorAll('iframe, object, embed, base, style, form, animate')]
    .map(element => element.outerHTML.slice(0, 200))
    .filter(html => !/^<form class="(find-form|palette)"/.test(html)),
  scripts: [...document.scripts]
    .filter(script => !script.type.endsWith('json') && !script.src.startsWith(location.origin))
    .map(script => script.text),
  addresses: [...document.querySelectorAll('[href], [src], [action]')]
    .flatMap(element => [element.href, element.src, element.action])
    .filter(address => typeof address == 'string' && address),
  running: typeof window.__md_get,
})"""


class Watch:
    """A tab in which a trap is set, and what went wrong in it."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.origin = re.sub(r"(://[^/]+).*", r"\1", url)
        self.faults = Faults()
        self.context = new_context(browser, url, accept_downloads=True)
        note = self.faults.append
        self.context.expose_function(TRAP, lambda *words: note(f"ran: {words}"))
        self.faults.watch(self.context)
        self.context.on("request", lambda request: self.heed(request.url))
        self.context.on("page", lambda page: page.on("popup", lambda _: note("a window opened")))
        # Whatever asks for something elsewhere is told of above, and gets nothing.
        self.context.route(
            lambda address: not address.startswith(self.origin), lambda route: route.abort()
        )
        self.tab = self.context.new_page()
        self.tab.on("dialog", self.heed_dialog)

    def heed(self, address: str) -> None:
        if not address.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"elsewhere: {address[:200]}")

    def heed_dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Response | None:
        return self.tab.goto(path, wait_until="load")

    def look(self) -> None:
        """Nothing may have run, and nothing stands on the page that could."""
        seen = self.tab.evaluate(LOOK)
        assert seen["running"] == "function"
        assert not seen["handlers"]
        assert not seen["strange"]
        assert all(script and TRAP not in script for script in seen["scripts"])
        bad = [a for a in seen["addresses"] if not a.startswith(("http://", "https://"))]
        assert not bad, bad
        self.faults.expect_none()


@pytest.fixture
def watch(chromium: Browser, hostile: Site) -> Iterator[Watch]:
    watch = Watch(chromium, hostile.url)
    yield watch
    watch.context.close()
    watch.faults.expect_none()


@pytest.mark.browser
def test_the_trap_works(chromium: Browser, hostile: Site) -> None:
    watch = Watch(chromium, hostile.url)
    watch.open("about/")
    # What the trap is called with last is heard last.
    watch.tab.evaluate(
        """() => {
          document.querySelector('article').insertAdjacentHTML('beforeend',
            '<img src="data:," onerror="__pwned(1)"><img src="https://evil.example/x.png">');
          const images = [...document.querySelectorAll('article img')].slice(-2);
          return Promise.all(images.map(image => new Promise(done =>
            image.addEventListener('error', done)))).then(() => __pwned(2));
        }"""
    )
    assert any(fault.startswith("ran: (1") for fault in watch.faults)
    assert any(fault.startswith("elsewhere: https://evil.example") for fault in watch.faults)
    with pytest.raises(AssertionError):
        watch.look()
    watch.context.close()


@pytest.mark.browser
def test_nothing_runs_on_any_page(watch: Watch, built: BuiltSite) -> None:
    for path in sorted(built.pages):
        if not path.startswith("tracks/large/"):
            watch.open(path)
            watch.look()
    for path in ("tracks/novice/hello/", "topics/repetition/"):
        watch.open(path)
        watch.tab.wait_for_function("typeof __md_get == 'function'")
        watch.look()
    watch.faults.forgive("no/such/page/")  # that there is none is what the console says, rightly
    watch.open("no/such/page/")
    watch.look()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["words", "code", "very-many", "all"])
def test_nothing_runs_on_pages_of_very_long_texts(
    watch: Watch, built: BuiltSite, path: str
) -> None:
    watch.tab.set_default_timeout(60_000)
    watch.open(next(p for p in built.pages if p.startswith(f"tracks/large/{path}")))
    watch.look()


# Things of the first week that a reader would touch: boxes, links within the page, summaries. A
# click on words within a link would follow it, and look at another page, or at one half gone, if it
# came as far as to the browser or to Material, which listens at the body; where links lead is what
# `look` sees to.
TOUCH = """() => {
  for (const article of document.querySelectorAll('article'))
    article.addEventListener('click', event => {
      if (!event.target.closest('a')) return;
      event.preventDefault();
      event.stopPropagation();
    });
  for (const kind of ['pointerenter', 'mouseover', 'mouseenter', 'focus', 'toggle', 'click'])
    for (const element of document.querySelectorAll('article *'))
      if (kind != 'click' || element.matches('summary, label, h1, p, span, li'))
        element.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
}"""


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["tracks/apprentice/first-steps/", "tracks/größen/die-wahl/", "compare/", "resources/"]
)
def test_nothing_runs_when_a_page_is_touched(watch: Watch, path: str, built: BuiltSite) -> None:
    watch.open(first_path(built, path))
    watch.tab.evaluate(TOUCH)
    watch.look()


def first_path(built: BuiltSite, path: str) -> str:
    """The page whose address begins like this: hostile words lengthen the ids."""
    head = path.rstrip("/")
    return next(p for p in built.pages if p == path or p.startswith(f"{head}-"))


@pytest.mark.browser
def test_nothing_runs_while_progress_is_made_and_shown(watch: Watch, built: BuiltSite) -> None:
    tab = watch.tab
    watch.open(first_path(built, "tracks/apprentice/first-steps/"))
    for number in range(3):
        tab.locator(".rm-tick").nth(number).check()
    watch.look()
    watch.open("")
    tab.locator("[data-resume]").wait_for(state="visible")
    assert TRAP in tab.locator("[data-resume]").inner_text()
    watch.look()
    watch.open("tracks/apprentice/")
    tab.locator("[data-left] summary").click()
    tab.locator("[data-left-list] a").first.wait_for()
    assert TRAP in tab.locator("[data-left-list]").inner_text()
    watch.look()
    watch.open("progress/")
    tab.locator('[data-reset="apprentice"]').click()
    tab.locator("[data-undo] button").first.wait_for()
    watch.look()


def hostile_file(site: Site, words: Mapping[str, str]) -> dict[str, Any]:
    """An exported file whose every part is hostile; it holds some keys of the site, too."""
    track = json.loads(site.built.text("assets/roadmap/data/apprentice.json"))
    known = [f"apprentice/{p['id']}/{item[0]}" for p in track["places"] for item in p["items"]]
    ticks: dict[str, Any] = {key: [1, 1_700_000_000_000] for key in known[:40]}
    for word in words.values():
        ticks[f"apprentice/{word}/{word}"] = [1, 1_700_000_000_000]
        ticks[f"{word}/x/y"] = [1, 1_700_000_000_000]
    return {
        "v": 1,
        "id": site.id,
        "curriculum": site.id,
        "title": " ".join(words.values()),
        "ticks": ticks,
        "choices": {f"größen/{word}": [word, 1_700_000_000_000] for word in words.values()},
        "__proto__": {"polluted": True},
        **dict.fromkeys(words.values(), 1),
    }


@pytest.mark.browser
def test_nothing_runs_when_a_hostile_file_is_imported(
    watch: Watch, hostile: Site, tmp_path: Path
) -> None:
    tab = watch.tab
    watch.open("progress/")
    with tab.expect_download() as download:
        tab.locator("[data-export]").click()
    exported = json.loads(Path(download.value.path()).read_text("utf-8"))
    file = tmp_path / "progress <img src=x onerror=__pwned(98)>.json"
    file.write_text(json.dumps({**exported, **hostile_file(hostile, payloads())}), "utf-8")
    tab.locator("[data-import]").set_input_files(file)
    preview = tab.locator("[data-import-preview]")
    preview.locator("tr").nth(5).wait_for()
    assert TRAP in preview.inner_text()
    watch.look()
    preview.get_by_role("button", name="Apply").click()
    tab.locator("[data-undo] button").first.wait_for()
    watch.look()
    assert tab.evaluate("({}).polluted") is None
    watch.open("")
    tab.locator("[data-resume]").wait_for(state="visible")
    watch.look()


@pytest.mark.browser
@pytest.mark.parametrize("content", ["{", "[]", '"<img src=x onerror=__pwned(1)>"', "\0\ufffe"])
def test_nothing_runs_when_a_file_that_is_none_is_imported(
    watch: Watch, tmp_path: Path, content: str
) -> None:
    watch.open("progress/")
    file = tmp_path / "<img src=x onerror=__pwned(97)>.json"
    file.write_text(content, "utf-8")
    watch.tab.locator("[data-import]").set_input_files(file)
    watch.tab.locator("[data-import-preview] p").first.wait_for()
    watch.look()


SEARCHED = (
    "script",
    '"><img src=x onerror=__pwned(1)>',
    "{{ 7 * 7 }} ${__pwned(1)}",
    "</script><script>",
    "~<b>*^:",
    "javascript:__pwned(1)",
)


@pytest.mark.browser
@pytest.mark.parametrize("words", SEARCHED)
def test_nothing_runs_when_hostile_words_are_searched(watch: Watch, words: str) -> None:
    tab = watch.tab
    watch.open("about/")
    field = tab.locator("input[name=query]")
    field.click()
    field.fill(words)
    field.press("End")
    listed = tab.locator("[data-md-component=search-result]")
    # The first words of the list's head change once the worker has answered.
    tab.wait_for_function(
        "() => !/Initializing|Type to start/.test("
        "document.querySelector('[data-md-component=search-result] > :first-child').innerText)"
    )
    watch.look()
    links = listed.locator("a[href]")
    if links.count():
        tab.evaluate("document.querySelector('#__content article').isOld = true")
        links.first.hover()
        links.first.click()
        # Instant navigation changes the address first, and the page once it has come.
        tab.wait_for_function("() => !document.querySelector('#__content article')?.isOld")
        tab.wait_for_load_state()
        watch.look()


@pytest.mark.browser
def test_the_search_finds_hostile_titles_and_shows_them_as_they_are(watch: Watch) -> None:
    tab = watch.tab
    watch.open("about/")
    tab.locator("input[name=query]").click()
    tab.locator("input[name=query]").fill("First steps")
    tab.locator("input[name=query]").press("End")
    hits = tab.locator("[data-md-component=search-result] a[href]")
    hits.first.wait_for()
    texts = " ".join(hits.nth(n).inner_text() for n in range(min(3, hits.count())))
    assert f"{TRAP}(" in texts
    assert "<" in texts
    watch.look()


@pytest.mark.browser
def test_nothing_runs_in_the_overlay_of_faults(
    chromium: Browser, project: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "project"
    shutil.copytree(project, copy)
    month = copy / "curriculum" / "tracks" / "größen" / "maß.yml"
    with serving(copy, tmp_path / "log") as server:
        watch = Watch(chromium, server.url)
        watch.open("about/")
        watch.look()
        good = month.read_text("utf-8")
        month.write_text(good + dump(dict.fromkeys(payloads().values(), 1)), "utf-8")
        server.shows("about/", "rm-overlay")
        watch.open("about/")
        assert_overlay(watch.tab, "has no key")
        watch.look()
        month.write_text("".join(payloads().values()), "utf-8")
        server.wait("about/", lambda page: "has no key" not in page, "keeps the first fault")
        watch.open("")
        assert_overlay(watch.tab, "RS0")
        watch.look()
        watch.context.close()
        watch.faults.expect_none()


def assert_overlay(tab: Page, text: str) -> None:
    overlay = tab.locator(".rm-overlay")
    expect(overlay).to_contain_text(text)
    expect(overlay.locator("script, img, a, svg")).to_have_count(0)

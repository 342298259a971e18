"""A real Chromium, and hand-made pages served below a path, as GitHub Pages serves a project.

The pages in `pages/` follow the markup contract of the templates; `material.js` there stands in
for Material's instant navigation. The scripts under test are the very files of templates/assets.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import ensure_browser
from browser.site_fixtures import TIMEOUT, Faults, new_context
from browser.site_fixtures import new_reader as new_reader
from browser.site_fixtures import reader as reader
from browser.site_fixtures import shared_tab as shared_tab
from browser.site_fixtures import site as site

HERE = Path(__file__).parent
PAGES = HERE / "pages"
SCRIPTS = HERE.parents[1] / "templates" / "assets"
PREFIX = "/some/where/"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json"}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    path = ensure_browser.find_browser()
    if path is None:
        pytest.fail(ensure_browser.HELP, pytrace=False)
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class PagesHandler(BaseHTTPRequestHandler):
    """Serves `pages/` and the scripts, nothing above PREFIX, under a strict security policy."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        file = find(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if file is None:
            self.send_error(404)
            return
        body = page(path, file) if file.suffix == ".html" else file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", TYPES[file.suffix])
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def find(path: str) -> Path | None:
    """The file behind a site path: of the pages, else of the scripts."""
    page_file = PAGES / path / "index.html" if path.endswith("/") or not path else PAGES / path
    script = SCRIPTS / path.removeprefix("assets/roadmap/")
    return next((file for file in (page_file, script) if file.is_file()), None)


def page(path: str, file: Path) -> bytes:
    """A page in its shell."""
    base = "../" * path.removeprefix(PREFIX).count("/") or "./"
    html = (PAGES / "shell.html").read_text("utf-8")
    content = file.read_text("utf-8")
    for name, value in (("base", base), ("root", PREFIX), ("content", content)):
        html = html.replace(f"{{{name}}}", value)
    return html.encode()


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """The address of the hand-made site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), PagesHandler)
    thread = threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium: Browser, pages: str) -> Iterator[BrowserContext]:
    """A fresh profile: what tabs of it store, they share."""
    context = new_context(chromium, pages, timezone_id="Pacific/Kiritimati")
    yield context
    context.close()


@pytest.fixture
def faults() -> Faults:
    """Exceptions and console errors of the tabs; none may be left in the end."""
    return Faults()


@pytest.fixture
def open_tab(context: BrowserContext, faults: Faults) -> Iterator[Callable[..., Page]]:
    """Opens a path in a new tab. Afterwards no tab may have had an error."""

    def open_tab(path: str = "") -> Page:
        tab = context.new_page()
        tab.goto(path)
        return tab

    faults.watch(context)
    yield open_tab
    faults.expect_none()

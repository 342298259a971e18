"""The development server without a site generator: what it hears, what it serves, what it tells."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from watchdog.events import FileSystemEvent

from roadmap_site.devserver import DevServer, LiveSite, Watcher
from roadmap_site.devserver.live import HISTORY

PATIENCE = 120.0
"""Seconds that the operating system has to tell of a change, on the busiest machine."""


# ------------------------------------------------------------------------------- watching

LAST = "last"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    watched = tmp_path / "watched"
    (watched / "inner").mkdir(parents=True)
    (watched / "inner" / "a.yml").write_text("a")
    return watched


class Listener(Watcher):
    """A watcher of which a test knows when it has heard of all that was done so far."""

    def __init__(self) -> None:
        super().__init__()
        self._has_last = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        super().on_any_event(event)
        if event.event_type == "created" and Path(os.fsdecode(event.src_path)).name == LAST:
            self._has_last.set()

    def all_of(self, folder: Path) -> list[frozenset[Path]]:
        """The changes so far, without the folder that tells that they all are there."""
        (folder / LAST).mkdir()  # the system tells of things in their order
        assert self._has_last.wait(PATIENCE)
        changes = []
        while self.is_pending():
            changes.append(self.wait(PATIENCE) - {folder / LAST})
        return changes


@pytest.fixture
def watcher(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setattr("roadmap_site.devserver.watch.PATIENCE", PATIENCE)
    watcher = Listener()
    watcher.watch([folder, folder.parent / "mkdocs.yml"], since=time.time() + 60)
    yield watcher
    watcher.close()


def heard(watcher: Watcher, folder: Path, *names: str) -> None:
    """Wait until the watcher has told of all these files."""
    missing = {folder / name for name in names}
    until = time.monotonic() + PATIENCE
    while missing and time.monotonic() < until:
        missing -= watcher.wait(0.1)
    assert not missing


def write(path: Path) -> None:
    path.write_text("b")


def write_twice(path: Path) -> None:
    path.write_text("")
    path.write_text("b")


def replace(path: Path) -> None:
    """As most editors save: beside it, and then in its place."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text("b")
    beside.replace(path)


def replace_from_elsewhere(path: Path) -> None:
    beside = path.parents[2] / "elsewhere"
    beside.write_text("b")
    beside.replace(path)


def save_as_vim_does(path: Path) -> None:
    path.with_name("4913").write_text("")
    path.with_name("4913").unlink()
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    path.write_text("b")
    backup.unlink()


SAVES = [write, write_twice, replace, replace_from_elsewhere, save_as_vim_does, Path.unlink]


@pytest.mark.parametrize("save", SAVES)
def test_it_hears_of_a_file_however_it_is_saved(
    watcher: Watcher, folder: Path, save: Callable[[Path], None]
) -> None:
    for _ in range(2):  # and goes on hearing of the one that is there now
        save(folder / "inner" / "a.yml")
        heard(watcher, folder, "inner/a.yml")
        write(folder / "inner" / "a.yml")
        heard(watcher, folder, "inner/a.yml")


def test_a_save_in_several_steps_is_one_change(watcher: Listener, folder: Path) -> None:
    save_as_vim_does(folder / "inner" / "a.yml")
    assert watcher.all_of(folder) == [{folder / "inner" / "a.yml"}]


def test_many_files_at_once_are_one_change(watcher: Listener, folder: Path) -> None:
    files = {folder / "inner" / f"{number}.yml" for number in range(200)}
    for file in files:
        write(file)
    assert watcher.all_of(folder) == [files]


def test_it_hears_of_folders_that_come_later_move_and_go(watcher: Watcher, folder: Path) -> None:
    (folder / "late" / "deep").mkdir(parents=True)
    heard(watcher, folder, "late")
    write(folder / "late" / "deep" / "b.yml")
    heard(watcher, folder, "late/deep/b.yml")
    (folder / "late").rename(folder / "later")
    heard(watcher, folder, "late", "later")
    write(folder / "later" / "deep" / "b.yml")
    heard(watcher, folder, "later/deep/b.yml")
    shutil.rmtree(folder / "later")
    heard(watcher, folder, "later")


def test_it_goes_on_where_the_watched_folder_is_replaced(watcher: Watcher, folder: Path) -> None:
    folder.rename(folder.with_name("old"))
    heard(watcher, folder, ".")
    shutil.copytree(folder.with_name("old"), folder)
    heard(watcher, folder, ".")
    write(folder / "inner" / "a.yml")
    heard(watcher, folder, "inner/a.yml")


@pytest.mark.parametrize("save", [write, replace])
def test_it_hears_of_a_single_file(
    watcher: Watcher, folder: Path, save: Callable[[Path], None]
) -> None:
    config = folder.parent / "mkdocs.yml"
    for _ in range(2):
        save(config)
        heard(watcher, folder.parent, "mkdocs.yml")


@pytest.mark.parametrize(
    "name",
    [".a.yml.swp", "a.yml~", "#a.yml#", "4913", ".hidden.yml", "a.yml.tmp", ".schema/month.json"],
)
def test_what_editors_leave_beside_a_file_is_no_change(
    watcher: Listener, folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    write(folder / name)
    (folder / name).unlink()
    (folder / "inner" / "a.yml").read_text()  # nor is reading
    (folder.parent / "unwatched.yml").write_text("c")
    assert watcher.all_of(folder) == [set()]


def test_a_file_is_heard_of_by_its_own_path_where_a_link_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    watcher = Watcher()
    try:
        watcher.watch([tmp_path / "link"], since=time.time() + 60)
        write(tmp_path / "real" / "a.yml")
        heard(watcher, tmp_path / "real", "a.yml")
    finally:
        watcher.close()


def test_what_was_written_before_it_watched_is_not_lost(folder: Path) -> None:
    watcher = Watcher()
    try:
        write(folder / "inner" / "a.yml")
        watcher.watch([folder], since=time.time() - 60)
        heard(watcher, folder, "inner/a.yml")
        watcher.watch([folder], since=time.time() - 60)  # no news
        assert not watcher.is_pending()
    finally:
        watcher.close()


# --------------------------------------------------------------------------------- telling


def test_a_page_is_told_of_what_came_after_it() -> None:
    site = LiveSite()
    first = site.version
    site.publish(Path(), frozenset({"a/"}))
    second = site.version
    site.publish(Path(), frozenset({"b/"}))
    assert site.news(first, 0).pages == {"a/", "b/"}
    assert site.news(second, 0).pages == {"b/"}
    assert site.news(site.version, 0).pages == frozenset()
    site.publish(Path(), None)
    assert site.news(second, 0).pages is None


def test_nothing_new_is_no_new_version() -> None:
    site = LiveSite()
    before = site.version
    site.publish(Path(), frozenset())
    site.lay_over("")
    assert site.version == before


def test_an_overlay_comes_and_goes_without_a_page_being_loaded() -> None:
    site = LiveSite()
    before = site.version
    site.lay_over("<aside>")
    news = site.news(before, 0)
    assert (news.overlay, news.pages) == ("<aside>", frozenset())
    site.publish(Path(), frozenset())
    news = site.news(news.version, 0)
    assert (news.overlay, news.pages) == ("", frozenset())


@pytest.mark.parametrize("since", [0, -1, 1])
def test_a_page_of_another_server_is_loaded_anew(since: int) -> None:
    site = LiveSite()
    assert site.news(site.version + since if since else 0, 0).pages is None


def test_a_page_that_slept_for_long_is_loaded_anew() -> None:
    site = LiveSite()
    first = site.version
    for _ in range(HISTORY):
        site.publish(Path(), frozenset({"a/"}))
    assert site.news(first, 0).pages == {"a/"}
    site.publish(Path(), frozenset({"a/"}))
    assert site.news(first, 0).pages is None


def test_news_wake_whoever_waits() -> None:
    site = LiveSite()
    since = site.version  # before the news, however late this thread gets its turn
    threading.Timer(0.05, site.publish, (Path(), frozenset({"a/"}))).start()
    assert site.news(since, PATIENCE).pages == {"a/"}


def test_the_pages_asked_for_last_are_open() -> None:
    site = LiveSite()
    for number in range(20):
        site.note_open(f"{number}/")
    site.note_open("15/")
    assert site.open_pages()[:3] == ["15/", "19/", "18/"]
    assert len(site.open_pages()) == 8


# --------------------------------------------------------------------------------- serving


@pytest.fixture
def site(tmp_path: Path) -> LiveSite:
    root = tmp_path / "site"
    (root / "a b").mkdir(parents=True)
    (root / "index.html").write_text("<html><body>Home</body></html>")
    (root / "a b" / "index.html").write_text("no end")
    (root / "404.html").write_text("<body>Nothing here</body>")
    (root / "x.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "leak.txt").symlink_to(tmp_path / "secret.txt")
    site = LiveSite()
    site.publish(root, None)
    return site


@pytest.fixture
def connection(site: LiveSite) -> Iterator[http.client.HTTPConnection]:
    with DevServer("127.0.0.1", 0, site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, PATIENCE)
        yield connection
        connection.close()
        server.shutdown()
        thread.join()


def get(
    connection: http.client.HTTPConnection, path: str, method: str = "GET"
) -> tuple[int, str, http.client.HTTPMessage]:
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers


def test_pages_come_with_the_script_and_the_overlay(
    site: LiveSite, connection: http.client.HTTPConnection
) -> None:
    site.lay_over("<aside>Fault</aside>")
    status, page, headers = get(connection, "/")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.startswith("<html><body>Home<aside>Fault</aside><script ")
    assert f'data-version="{site.version}"' in page
    assert page.endswith("</body></html>")
    assert "Fault" not in (site.root / "index.html").read_text()
    assert "client.js" in get(connection, "/a%20b/")[1]
    assert get(connection, "/x.js")[1:2] == ("1",)
    assert get(connection, "/x.js")[2]["Content-Type"] == "text/javascript"
    assert "location.reload" in get(connection, "/livereload/client.js")[1]
    assert get(connection, "/", "HEAD")[1] == ""


def test_what_is_not_there_has_the_site_s_own_page(
    connection: http.client.HTTPConnection,
) -> None:
    status, page, _ = get(connection, "/nowhere/")
    assert status == 404
    assert "Nothing here" in page
    assert "client.js" in page


def test_an_address_without_its_slash_is_led_on(connection: http.client.HTTPConnection) -> None:
    status, _, headers = get(connection, "/a%20b?x=1")
    assert (status, headers["Location"]) == (302, "/a%20b/")
    assert get(connection, "//a%20b")[2]["Location"] == "/a%20b/"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/a%20b/..%2f..%2fsecret.txt", "/leak.txt"]
)
def test_nothing_outside_is_served(connection: http.client.HTTPConnection, path: str) -> None:
    status, page, _ = get(connection, path)
    assert status == 404
    assert "secret" not in page


def test_a_waiting_page_is_answered_at_once(
    site: LiveSite, connection: http.client.HTTPConnection
) -> None:
    since = site.version
    threading.Timer(0.05, site.publish, (site.root, frozenset({"a b/"}))).start()
    answer: dict[str, Any] = json.loads(get(connection, f"/livereload/{since}/a%20b/")[1])
    assert answer == {"version": site.version, "pages": ["a b/"], "overlay": ""}
    assert site.open_pages() == ["a b/"]

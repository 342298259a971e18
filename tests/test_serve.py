"""Editing while the site is served: changes, faults, and that it always recovers."""

from __future__ import annotations

import contextlib
import re
import signal
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from html_document import read_html
from roadmap_site.cli import main
from serving import PATIENCE, Server, serving
from site_builder import (
    CHECKOUT,
    CURRICULUM,
    MKDOCS,
    ROADMAP_SITE,
    make_project,
    run,
    write_files,
)

WEEK = "tracks/first/hello/"
MONTH = "tracks/first/basics.yml"
OVERLAY = '<aside class="rm-overlay"'


class Editor:
    """Someone who edits a project that is being served."""

    def __init__(self, project: Path, server: Server) -> None:
        self.project = project
        self.server = server
        self.before = {
            path: path.read_bytes() for path in project.parent.rglob("*") if path.is_file()
        }

    def save(self, **texts: str | None) -> None:
        """Write files of the curriculum: `month=...`, `track=...`; None deletes.

        Each comes whole: of one half written, a busy machine may see a fault of its own.
        """
        names = {"month": MONTH, "track": "tracks/first/track.yml", "root": "curriculum.yml"}
        for name, text in texts.items():
            path = self.project / "curriculum" / names.get(name, f"tracks/first/{name}.yml")
            if text is None:
                path.unlink()
            else:
                beside = self.project.parent / "saving"
                beside.write_text(text, "utf-8")
                beside.replace(path)

    def is_mended(self, path: str = WEEK, text: str = "Printing") -> None:
        self.server.wait(path, lambda page: text in page and OVERLAY not in page, "not mended")

    def restore(self) -> None:
        """Make all files what they were, for the tests that follow one that failed."""
        for path in (self.project / "curriculum").rglob("*"):
            if path.is_file() and path not in self.before:
                path.unlink()
        for path, data in self.before.items():
            if path != self.server.log and (not path.exists() or path.read_bytes() != data):
                path.write_bytes(data)


@pytest.fixture(scope="module", params=[ROADMAP_SITE, MKDOCS], ids=["roadmap-site", "mkdocs"])
def either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("serve")
    project = make_project(folder / "project")
    path = "/small/" if request.param is MKDOCS else "/"
    with serving(project, folder / "log", request.param, path) as server:
        yield Editor(project, server)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("serve-on")
    # A partial of its own, to break.
    footer = CHECKOUT / "templates" / "overrides" / "partials" / "footer.html"
    write_files(folder / "mine" / "partials", {"footer.html": footer.read_text("utf-8")})
    theme = {"name": "material", "font": False, "custom_dir": "../mine"}
    project = make_project(
        folder / "project", theme=theme, strict=True, watch=["../mine"], site_url=None
    )
    with serving(project, folder / "log") as server:
        yield Editor(project, server)


@pytest.fixture
def any_editor(either: Editor) -> Iterator[Editor]:
    yield either
    either.restore()


@pytest.fixture
def editor(ours: Editor) -> Iterator[Editor]:
    yield ours
    ours.restore()


def with_item(text: str) -> str:
    return CURRICULUM[MONTH].replace("[Printing]", f"[Printing, {{text: {text}, teaches: []}}]")


def test_an_edit_shows(any_editor: Editor) -> None:
    any_editor.save(month=with_item("Something else"))
    page = any_editor.server.shows(WEEK, "Something else")
    assert OVERLAY not in page
    assert 'id="something-else"' in page
    any_editor.save(month=CURRICULUM[MONTH])
    any_editor.server.wait(WEEK, lambda page: "Something else" not in page, "not taken back")


def test_a_fault_shows_over_the_last_good_site_until_it_is_mended(any_editor: Editor) -> None:
    any_editor.save(month=CURRICULUM[MONTH].replace("topics: [Loops]", "topcis: [Loops]"))
    for path in (WEEK, "", "about/", "topics/loops/"):
        page = any_editor.server.shows(path, OVERLAY)
        document = read_html(page)
        document.one("article").one("h1")
        fault = document.one("aside", class_="rm-overlay").text
        assert "tracks/first/basics.yml:11:5" in fault
        assert "topcis" in fault
        assert "did you mean `topics`" in fault
    assert "Printing" in any_editor.server.get(WEEK)
    output = any_editor.server.output
    assert "curriculum/tracks/first/basics.yml:11:5: error RS005" in output
    assert "did you mean `topics`" in output
    assert "Traceback" not in output
    any_editor.save(month=with_item("Mended at last"))
    any_editor.is_mended(WEEK, "Mended at last")
    any_editor.is_mended("about/", "Written by hand")
    any_editor.save(month=CURRICULUM[MONTH])
    any_editor.is_mended()


def test_a_second_fault_takes_the_place_of_the_first(editor: Editor) -> None:
    editor.save(month="a: [\n")
    editor.server.shows(WEEK, "RS002")
    editor.save(month=CURRICULUM[MONTH].replace("week: 2", "week: 3"))
    page = editor.server.wait(WEEK, lambda page: "RS105" in page, "keeps the first fault")
    assert "RS002" not in page
    assert page.count(OVERLAY) == 1
    editor.save(month=CURRICULUM[MONTH])
    editor.is_mended()


def test_what_the_overlay_says_is_escaped(editor: Editor) -> None:
    evil = "</pre></aside><script>alert(1)</script><img src=x onerror=alert(1)>"
    editor.save(month=CURRICULUM[MONTH] + f"'{evil}': 1\n")
    document = read_html(editor.server.shows(WEEK, OVERLAY))
    overlay = document.one("aside", class_="rm-overlay")
    assert not overlay.all("script", "img")
    assert evil[:40] in unescape(overlay.text)
    editor.save(month=CURRICULUM[MONTH])
    editor.is_mended()


def test_a_new_file_and_a_deleted_one_show(editor: Editor) -> None:
    track = CURRICULUM["tracks/first/track.yml"].replace("length: 2w", "length: 3w")
    editor.save(
        more="title: More\nweek: 3\nweeks: [{title: Brand new, week: 3, topics: [Loops]}]\n",
        track=track.replace("[basics]", "[basics, more]"),
    )
    editor.server.shows("tracks/first/brand-new/", "Brand new")
    editor.save(more=None)
    editor.server.shows("tracks/first/brand-new/", "RS205")
    editor.save(track=CURRICULUM["tracks/first/track.yml"])
    editor.is_mended()
    editor.server.wait("tracks/first/brand-new/", lambda page: not page, "is still there")


def test_a_new_hand_written_page_shows_and_goes(editor: Editor) -> None:
    page = editor.project / "curriculum" / "pages" / "late.md"
    page.write_text("# Late\n\nBut there.\n")
    editor.server.shows("late/", "But there.")
    page.unlink()
    editor.server.wait("late/", lambda page: not page, "is still there")


def test_without_its_root_file_the_last_good_site_stays(editor: Editor) -> None:
    editor.save(root=None)
    editor.server.shows(WEEK, "has no curriculum.yml")
    editor.save(root=CURRICULUM["curriculum.yml"])
    editor.is_mended()


def test_a_warning_where_strict_does_not_stop_it(editor: Editor) -> None:
    month = CURRICULUM[MONTH].replace("\n    resources: [tutorial]", "")
    editor.save(month=month)
    page = editor.server.shows(WEEK, "strict")
    assert "strict" in read_html(page).one("aside", class_="rm-overlay").text
    assert "RS403" in editor.server.output
    editor.save(month=CURRICULUM[MONTH])
    editor.is_mended()


@pytest.mark.parametrize("broken", ["{% if %}", "{{ nothing.at.all }}"])
def test_a_template_that_fails_does_not_stop_it(editor: Editor, broken: str) -> None:
    footer = editor.project.parent / "mine" / "partials" / "footer.html"
    good = footer.read_text("utf-8")
    footer.write_text(broken + good, "utf-8")
    page = editor.server.shows(WEEK, OVERLAY)
    assert "Printing" in page
    footer.write_text(good.replace("<footer", "<footer data-again", 1), "utf-8")
    editor.is_mended(WEEK, "data-again")
    footer.write_text(good, "utf-8")
    editor.server.wait(WEEK, lambda page: "data-again" not in page, "not taken back")


def test_a_configuration_that_fails_does_not_stop_it(editor: Editor) -> None:
    config = editor.project / "mkdocs.yml"
    good = config.read_text("utf-8")
    for broken in (
        "site_name: [\n",
        good.replace("- roadmap", "- no-such-plugin"),
        "plugins: []\n",
    ):
        config.write_text(broken, "utf-8")
        editor.server.shows(WEEK, OVERLAY)
        config.write_text(good, "utf-8")
        editor.is_mended()


@pytest.mark.parametrize("command", [ROADMAP_SITE, MKDOCS], ids=["roadmap-site", "mkdocs"])
@pytest.mark.parametrize(
    ("files", "said", "code"),
    [
        ({MONTH: "title: [\n"}, "curriculum/tracks/first/basics.yml:2:1: error RS002", 1),
        ({"curriculum.yml": None}, "has no curriculum.yml", 2),
    ],
)
def test_broken_at_the_very_start_it_says_so_and_ends(
    tmp_path: Path,
    command: tuple[str, ...],
    files: dict[str, str | None],
    said: str,
    code: int,
) -> None:
    done = run(*command, "serve", "-a", "127.0.0.1:0", cwd=make_project(tmp_path, files))
    assert done.code == (1 if command is MKDOCS else code)  # MkDocs has no more than one
    assert said in done.words
    assert "Traceback" not in done.output


def test_a_rebuild_is_one_line(editor: Editor) -> None:
    editor.save(month=with_item("One line"))
    editor.server.shows(WEEK, "One line")
    # A change is told when its pages are there already, and before the next one is looked at.
    editor.save(month=with_item("Another line"))
    editor.server.shows(WEEK, "Another line")
    before = len(editor.server.output)  # what the test before has changed is told by now
    editor.save(month=CURRICULUM[MONTH])
    editor.server.wait(WEEK, lambda page: "Another line" not in page, "not taken back")
    editor.save(month=with_item("A third line"))
    editor.server.shows(WEEK, "A third line")
    lines = editor.server.output[before:].splitlines()
    editor.save(month=CURRICULUM[MONTH])
    editor.is_mended()
    changed = re.compile(
        r"\d\d:\d\d:\d\d curriculum/tracks/first/basics.yml changed: .+ in \d+\.\d\d s"
    )
    assert lines
    assert all(changed.fullmatch(line) for line in lines), lines


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told(tmp_path: Path, told: signal.Signals) -> None:
    log = tmp_path / "log"
    site = tmp_path / "temporary"
    site.mkdir()
    with serving(make_project(tmp_path / "project"), log, env={"TMPDIR": str(site)}) as server:
        assert list(site.iterdir())
        server.process.send_signal(told)
        assert server.process.wait(PATIENCE) == 0
    assert log.read_text().splitlines()[-1].startswith("Serving at http://127.0.0.1:")
    assert not list(site.iterdir())


@pytest.mark.parametrize("address", ["8000", "localhost:http", "127.0.0.1:99999"])
def test_what_is_no_address_is_said(tmp_path: Path, address: str) -> None:
    with contextlib.chdir(make_project(tmp_path)):
        done = CliRunner().invoke(main, ["serve", "-a", address])
    assert done.exit_code == 2
    assert f"{address} is no address" in done.output


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("site_name: [\n", "line 2, column 1"),
        ("site_name: x\ndocs_dir: curriculum/pages\nplugins: []\n", "`roadmap` is not"),
    ],
)
def test_a_configuration_that_cannot_be_served_is_said(
    tmp_path: Path, config: str, said: str
) -> None:
    project = make_project(tmp_path)
    (project / "mkdocs.yml").write_text(config)
    with contextlib.chdir(project):
        done = CliRunner().invoke(main, ["serve", "-a", "127.0.0.1:0"])
    assert done.exit_code == 2
    assert said in done.output


def test_where_the_port_is_taken_it_says_so(editor: Editor, tmp_path: Path) -> None:
    address = editor.server.url.removeprefix("http://").rstrip("/")
    done = run(*ROADMAP_SITE, "serve", "-a", address, cwd=make_project(tmp_path))
    assert done.code == 2
    assert f"cannot serve at {address}" in done.output
    assert "Traceback" not in done.output

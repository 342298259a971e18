"""Rebuilding by page: what comes of it is what a full build gives, whatever was edited."""

from __future__ import annotations

import gc
import os
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2.runtime import Context
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from roadmap_site.load import load
from roadmap_site.mkdocs_plugin import preview
from roadmap_site.mkdocs_plugin.preview import Preview, PreviewError
from roadmap_site.model.curriculum import Week
from site_builder import CURRICULUM, make_project, write_files

URL = "http://127.0.0.1:8000/"
MONTH, TOPICS, ROOT = "tracks/first/basics.yml", "topics.yml", "curriculum.yml"
TRACK, LIBRARY, BANK = "tracks/first/track.yml", "resources/all.yml", "questions/all.yml"
WEEK = "tracks/first/hello/"


def changed(path: str, *edits: tuple[str, str]) -> tuple[str, str]:
    """A file of CURRICULUM with some words in place of others."""
    text = CURRICULUM[path]
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return path, text


WEEK_MORE = "  - title: Functions\n    week: 3\n    topics: [{text: Calls, teaches: []}]\n"
MORE = {
    MONTH: CURRICULUM[MONTH].replace("week: 1-2", "week: 1-3") + WEEK_MORE,
    TRACK: CURRICULUM[TRACK].replace("length: 2w", "length: 3w"),
}
EDITS: tuple[tuple[str, str | None], ...] = (
    *MORE.items(),
    *CURRICULUM.items(),
    changed(MONTH, ("[Printing]", "[Printing, {text: One more, teaches: []}]")),
    changed(MONTH, ("[Printing]", "[Loops]"), ("topics: [Loops]", "topics: [Printing]")),
    changed(MONTH, ("title: Hello", "title: Hello there")),
    changed(MONTH, ("title: Hello", "title: Good day\n    moved: [hello]")),
    changed(MONTH, ("title: Basics", "title: The basics")),
    changed(MONTH, ("weeks:\n", "weeks:\n\n\n")),
    (MONTH, CURRICULUM[MONTH] + "    topcis: [x]\n"),
    (MONTH, "a: [\n"),
    (MONTH, None),
    changed(TOPICS, ("label: Printing", "label: Output\n    also: [Printing]\n   ")),
    changed(TOPICS, ("summary: Doing it again.", "summary: Once more.")),
    (TOPICS, CURRICULUM[TOPICS] + "  calls: {label: Calls, area: basics, requires: [loops]}\n"),
    changed(LIBRARY, ("The tutorial", "The <b>tutorial</b>")),
    changed(ROOT, ("tagline: One", "tagline: Not one, but one")),
    changed(ROOT, ("summary: Just", "summary: Only just")),
    changed(TRACK, ("title: First steps", "title: First strides")),
    changed(TRACK, ("audience: Anyone", "audience: You")),
    (BANK, "title: Asked often\nquestions: [{q: 'Why?', a: 'Because.'}]\n"),
    (BANK, None),
    ("pages/about.md", "# About\n\nAnd [a week](tracks/first/hello/index.md).\n"),
    ("pages/late.md", "# Late\n\nBut there.\n"),
    ("pages/late.md", None),
)


class Editing:
    """A project, and a preview that follows its edits."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.preview = self.new_preview("preview")
        self.preview.build()

    def new_preview(self, name: str) -> Preview:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return Preview(self.project / "mkdocs.yml", URL, folder, threading.Lock())

    def save(
        self, files: Mapping[str, str | None], first: str = WEEK, is_over: bool = False
    ) -> list[frozenset[str] | None]:
        """Write files, rebuild, and return what became ready one after the other."""
        write_files(self.project / "curriculum", files)
        paths = [Path(os.path.realpath(self.project / "curriculum" / name)) for name in files]
        return list(self.preview.rebuild(paths, [first], lambda: is_over))

    def page(self, path: str) -> str:
        return (self.preview.root / path / "index.html").read_text("utf-8")

    def assert_as_built_anew(self) -> None:
        fresh = self.new_preview("fresh")
        fresh.build()
        ours, theirs = files_of(self.preview.root), files_of(fresh.root)
        assert ours.keys() == theirs.keys()
        assert not [path for path in ours if ours[path] != theirs[path]]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


NewEditing = Callable[..., Editing]


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries
        yield


@pytest.fixture
def new_editing(tmp_path: Path) -> NewEditing:
    def new(files: Mapping[str, str | None] | None = None, **config: object) -> Editing:
        return Editing(make_project(tmp_path / "project", files, **config), tmp_path)

    return new


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Editing:
    folder = tmp_path_factory.mktemp("preview")
    return Editing(make_project(folder / "project"), folder)


@settings(max_examples=10, phases=[Phase.generate])  # to shrink would take minutes of builds
@given(steps=st.lists(st.sampled_from(EDITS), min_size=1, max_size=5), is_over=st.booleans())
def test_after_any_edits_the_folder_is_what_a_full_build_gives(
    shared: Editing, steps: list[tuple[str, str | None]], is_over: bool
) -> None:
    is_good = False
    for path, text in steps:
        try:
            shared.save({path: text}, is_over=is_over)
        except PreviewError:
            is_good = False
        else:
            is_good = not is_over
    if not is_good:
        shared.save({**dict.fromkeys((BANK, "pages/late.md")), **CURRICULUM})
    shared.assert_as_built_anew()


def test_an_edit_builds_the_pages_it_reaches_and_no_others(new_editing: NewEditing) -> None:
    editing = new_editing()
    ready = editing.save(dict([changed(ROOT, ("summary: Just", "summary: Only just"))]))
    assert editing.preview.built is not None
    assert list(editing.preview.built) == [""]
    assert "Only just" in editing.page("")
    assert ready == [frozenset(), frozenset({""})]
    editing.assert_as_built_anew()


def test_the_open_page_comes_first(new_editing: NewEditing) -> None:
    editing = new_editing()
    text = changed(MONTH, ("[Printing]", "[Printing, {text: One more, teaches: []}]"))
    write_files(editing.project / "curriculum", dict([text]))
    path = Path(os.path.realpath(editing.project / "curriculum" / MONTH))
    ready = editing.preview.rebuild([path], [WEEK])
    assert next(ready) is None  # the data of the track, which any page may show
    assert "One more" in editing.page(WEEK)
    assert "One more" not in editing.page("tracks/first/all/")
    assert "tracks/first/all/" in (next(ready) or ())
    assert "One more" in editing.page("tracks/first/all/")
    assert not list(ready)
    assert "One more" in (editing.preview.root / "search/search_index.json").read_text("utf-8")
    editing.assert_as_built_anew()


def test_where_the_pages_are_others_the_open_page_comes_before_all(
    new_editing: NewEditing,
) -> None:
    editing = new_editing()
    root = editing.preview.root
    ready = editing.save({**MORE, MONTH: MORE[MONTH].replace("[Printing]", "[Printing, Loops]")})
    assert editing.preview.built is None
    assert editing.preview.root != root
    assert not root.exists()
    assert "Functions" in editing.page("tracks/first/functions/")
    # The open page was loaded already; what it shows of its neighbours may have followed.
    assert ready[0] is None
    editing.assert_as_built_anew()


def test_a_full_build_that_another_change_ends_is_made_up_for(new_editing: NewEditing) -> None:
    editing = new_editing()
    editing.save(MORE, is_over=True)
    assert not (editing.preview.root / "tracks/first/functions").exists()
    editing.save(dict([changed(TOPICS, ("Doing it again.", "Once more."))]))
    assert "Functions" in editing.page("tracks/first/functions/")
    editing.assert_as_built_anew()


def test_after_a_failed_build_yaml_alone_makes_all_right_again(new_editing: NewEditing) -> None:
    about = "# About\n\n[a week](tracks/first/hello/index.md)\n"
    editing = new_editing({"pages/about.md": about}, strict=True)
    with pytest.raises(PreviewError) as failed:
        editing.save(dict([changed(MONTH, ("title: Hello", "title: Goodbye"))]))
    assert any("tracks/first/hello/index.md" in it for it in failed.value.messages)
    assert "Printing" in editing.page(WEEK)
    editing.save(dict([changed(MONTH, ("[Printing]", "[Printing, Loops]"))]))
    editing.assert_as_built_anew()


def test_an_anchor_that_goes_is_missed_by_the_page_that_leads_to_it(
    new_editing: NewEditing,
) -> None:
    about = "# About\n\n[an item](tracks/first/hello/index.md#printing)\n"
    validation = {"links": {"anchors": "warn"}}
    editing = new_editing({"pages/about.md": about}, validation=validation)
    assert not editing.preview.heard
    editing.save(dict([changed(MONTH, ("[Printing]", "[Loops]"))]))
    assert any("#printing" in it for it in editing.preview.heard)


def test_warnings_fail_a_strict_site(new_editing: NewEditing) -> None:
    editing = new_editing(strict=True)
    spare = CURRICULUM[LIBRARY] + "spare: {title: Spare, type: book}\n"
    with pytest.raises(PreviewError) as failed:
        editing.save({LIBRARY: spare})
    assert "RS403" in failed.value.overlay
    assert "strict" in failed.value.overlay
    assert "Spare" not in editing.page("resources/")
    editing.save({LIBRARY: CURRICULUM[LIBRARY]})
    editing.assert_as_built_anew()


def test_a_page_written_by_hand_stays_in_place_of_the_generated_one(
    new_editing: NewEditing,
) -> None:
    editing = new_editing({"pages/compare.md": "# My own\n"})
    editing.save(dict([changed(TRACK, ("title: First steps", "title: First strides"))]))
    assert "My own" in editing.page("compare/")
    editing.assert_as_built_anew()


def test_with_templates_of_ones_own_everything_is_built_after_the_open_page(
    new_editing: NewEditing, tmp_path: Path
) -> None:
    footer = "<footer>{% for file in pages %}{{ file.page.title }}, {% endfor %}</footer>"
    write_files(tmp_path, {"mine/partials/footer.html": footer})
    theme = {"name": "material", "font": False, "custom_dir": "../mine"}
    editing = new_editing(theme=theme)
    editing.save(dict([changed(TRACK, ("title: First steps", "title: First strides"))]))
    assert "First strides" in editing.page("about/")
    editing.assert_as_built_anew()


def test_many_rebuilds_leave_one_folder(new_editing: NewEditing, tmp_path: Path) -> None:
    editing = new_editing()
    for number in range(3):
        editing.save({"pages/about.md": f"# About {number}\n"})
    with pytest.raises(PreviewError):
        editing.save({ROOT: None, "pages/about.md": "# About\n"})
    assert [editing.preview.root] == list((tmp_path / "preview").iterdir())


def count(cls: type) -> int:
    """How many of a class are in memory, as far as nothing has collected them yet."""
    gc.unfreeze()
    return sum(isinstance(it, cls) for it in gc.get_objects())


def test_a_site_keeps_nothing_of_the_model_it_was_made_of(new_editing: NewEditing) -> None:
    gc.unfreeze()
    gc.collect()
    before = count(Week)
    editing = new_editing()
    assert count(Week) <= before
    editing.save(dict([changed(ROOT, ("summary: Just", "summary: Only just"))]))
    assert count(Week) <= before


def test_full_builds_leave_no_garbage(
    new_editing: NewEditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    editing = new_editing()
    configs: list[weakref.ref[MkDocsConfig]] = []

    def loading(*args: Any, **options: Any) -> Any:
        config = load_config(*args, **options)
        configs.append(weakref.ref(config))
        return config

    monkeypatch.setattr(preview, "load_config", loading)
    for _ in range(5):
        editing.preview.build()
        load(editing.project / "curriculum")  # as is done for the schemas; it thaws what is frozen
    assert sum(config() is not None for config in configs) <= 2  # at hand, and the one before


def test_pages_that_are_built_again_leave_no_garbage(new_editing: NewEditing) -> None:
    editing = new_editing()
    found = []
    for number in range(4):
        editing.save(dict([changed(ROOT, ("summary: Just", f"summary: {number} times"))]))
        assert editing.preview.built is not None
        found.append(count(Context))
    assert found[-1] <= found[0]


def test_a_template_that_fails_is_named_with_its_line(
    new_editing: NewEditing, tmp_path: Path
) -> None:
    theme = {"name": "material", "font": False, "custom_dir": "../mine"}
    write_files(tmp_path, {"mine/partials/footer.html": "<footer></footer>"})
    editing = new_editing(theme=theme)
    for broken in ("<footer>\n{% if %}", "<footer>\n{{ nothing.at.all }}"):
        write_files(tmp_path, {"mine/partials/footer.html": broken})
        with pytest.raises(PreviewError) as failed:
            editing.save({"pages/about.md": "# About\n"})
        assert "mine/partials/footer.html:2: " in failed.value.overlay

"""A site that is kept up to date while its curriculum is edited.

The first build is MkDocs' own. When only YAML has changed after it, the core renders everything
again, which is quick, and MkDocs builds the pages that came out different, which are few. What
holds for a page holds for the folder: when all is done it has what a full build would write.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError

# The builders of a single page and of a single template have no public name in MkDocs 1.x, which
# has had no maintainer to change them since 1.6.
from mkdocs.commands.build import _build_page, _build_theme_template, _populate_page
from mkdocs.commands.build import build as build_site
from mkdocs.config import base, load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from roadmap_site.load.project import without_gc
from roadmap_site.mkdocs_plugin.plugin import (
    RenderedPage,
    RoadmapPlugin,
    material_search,
    relative,
    search_entries,
)
from roadmap_site.mkdocs_plugin.serve import Heard, failure_overlay
from roadmap_site.model.diagnostic import Report
from roadmap_site.render import Site

_OURS = frozenset({"roadmap", "search", "material/search", "roadmap/parts"})
STRICT = "warnings fail the site, which is `strict`"
_APART = ("sitemap.xml", "sitemap.xml.gz", "search/search_index.json")
"""Files that change with any page, and that no open page has loaded for good."""


class PreviewError(Exception):
    """Why a site is not brought up to date.

    `report` is what the check found, None where it was not come to; `messages` what MkDocs and
    its plugins said besides.
    """

    def __init__(self, report: Report | None, messages: Sequence[str], overlay: str) -> None:
        super().__init__(*messages)
        self.report = report
        self.messages = messages
        self.overlay = overlay


class _NoOptions(base.Config):  # type: ignore[no-untyped-call]
    """It is in no mkdocs.yml."""


class _Interrupted(Exception):  # noqa: N818 - nothing is wrong
    """A full build is given up, because something has changed again."""


class _Parts(BasePlugin[_NoOptions]):  # type: ignore[no-untyped-call]
    """Overhears what a build is made of, and ends it where `is_over` says so."""

    nav: Navigation
    env: Environment
    files: Files
    searched: int = 0
    """Where the generated pages end in the search index."""

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self.is_over = is_over

    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        self.nav, self.files = nav, files

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        self.env = env
        if search := material_search(config):
            self.searched = len(search.search_index.entries)

    def on_page_context(
        self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        if self.is_over():
            raise _Interrupted


@dataclass(frozen=True)
class _Build:
    """A full build, for single pages to be built again as it would.

    `site` is what its pages show by now. `is_stale` says that only a full build makes all right.
    """

    config: MkDocsConfig
    plugin: RoadmapPlugin
    parts: _Parts
    site: Site
    dates: Mapping[str, str]
    index: Any
    is_stale: bool = False


class Preview:
    """The site of a configuration as it stands at `url`, in a folder below `folder`.

    `lock` is held while files are written that are served. Whatever fails raises PreviewError and
    leaves the last good site in `root`.
    """

    def __init__(
        self, config_file: Path, url: str, folder: Path, lock: AbstractContextManager[Any]
    ) -> None:
        self.config_file = config_file
        self.url = url
        self.folder = folder
        self.lock = lock
        self.root = folder
        self.watched: Collection[Path] = [config_file]
        self.report: Report | None = None
        """What the last check found."""
        self.heard: Sequence[str] = ()
        """What MkDocs and its plugins complained of in the last build."""
        self.built: Collection[str] | None = None
        """The site paths of the pages that were built last; None where all were."""
        self.curriculum_dir = Path("curriculum")
        self._last: _Build | None = None
        self._started: MkDocsConfig | None = None

    def close(self) -> None:
        """Tell the plugins that it is over."""
        if self._started:
            self._started.plugins.on_shutdown()

    # ------------------------------------------------------------------------- the whole site

    def build(self, is_over: Callable[[], bool] = lambda: False) -> frozenset[str] | None:
        """Build everything. Returns the site paths of pages that differ, None where any may.

        Where `is_over` says so in between, nothing is done, and the next rebuild does it all.
        """
        before = self.root
        if self._last:
            self._last = replace(self._last, is_stale=True)
        root = Path(tempfile.mkdtemp(dir=self.folder))
        heard = Heard()
        plugin = None
        try:
            with heard:
                config = load_config(str(self.config_file), site_dir=str(root), site_url=self.url)
                plugin = self._start(config)
                parts = config.plugins["roadmap/parts"] = _Parts(is_over)
                build_site(config, serve_url=self.url)
        except _Interrupted:
            shutil.rmtree(root, ignore_errors=True)
            return frozenset()
        except Exception as error:  # whatever it is, the last good site stays up
            shutil.rmtree(root, ignore_errors=True)
            raise self._failure(plugin, heard, error) from error
        parts.is_over = lambda: False
        assert plugin.site is not None
        search = material_search(config)
        index = search.search_index if search else None
        self.root, self.built = root, None
        self._last = _Build(config, plugin, parts, plugin.site, plugin.dates, index)
        self._note(plugin, heard.others)
        self.watched = _watched(config)
        if before == self.folder:
            return None
        changed = _differing(before, root)
        shutil.rmtree(before, ignore_errors=True)
        return changed

    def _start(self, config: MkDocsConfig) -> RoadmapPlugin:
        plugin = config.plugins.get("roadmap")
        if not isinstance(plugin, RoadmapPlugin):
            raise PluginError(f"`roadmap` is not among the plugins of {self.config_file.name}")
        plugin.report = None
        plugin.templates.memory = {}
        self.curriculum_dir = Path(relative(Path(plugin.config.curriculum_dir)))
        if self._started is None:
            config.plugins.on_startup(command="serve", dirty=False)
            self._started = config
        return plugin

    # --------------------------------------------------------------------------- single pages

    def rebuild(
        self,
        changed: Collection[Path],
        first: Sequence[str],
        is_over: Callable[[], bool] = lambda: False,
    ) -> Iterator[frozenset[str] | None]:
        """Bring the site up to date after files have changed.

        Yields the site paths of pages as they become ready, those of `first` before others; None
        stands for any page. What a change of YAML does not show at once may be left to the next
        call where `is_over` says that there will be one.
        """
        last = self._last
        if last is None or not all(_is_curriculum(path, last) for path in changed):
            yield self.build()
            return
        heard = Heard()
        try:
            with heard:
                with without_gc():
                    site = last.plugin.read(last.config)
                report = last.plugin.report
                if last.config.strict and report and report.fails(strict=True):
                    raise PluginError(STRICT)
                is_all = (
                    not last.is_stale
                    and _is_ours_alone(last.config)
                    and _shape(site) == _shape(last.site)
                    and last.plugin.dates == last.dates
                )
                # Until this is through, its pages are neither the old site's nor the new one's.
                self._last = replace(last, site=site, is_stale=True)
                self.built = yield from self._update(last, site, first, is_all)
                if last.config.strict and heard.messages:
                    raise PluginError(STRICT)
        except Exception as error:
            raise self._failure(last.plugin, heard, error) from error
        finally:
            # Pages are ready by now. What templates leave in cycles is as old as the site after
            # `without_gc`, and would not be looked through by itself.
            gc.collect()
        self._note(last.plugin, list(dict.fromkeys([*self.heard, *heard.others])))
        if is_all:
            self._last = replace(last, site=site)
        else:
            yield self.build(is_over)

    def _update(
        self, last: _Build, site: Site, first: Sequence[str], is_all: bool
    ) -> Generator[frozenset[str] | None, None, Collection[str]]:
        """Build the pages of a rendered site that have changed, or of these the first alone."""
        config, parts = last.config, last.parts
        files = parts.files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
        changed, is_date_new = _take(last, site, files, None if is_all else first)
        for page in changed.values():
            _populate_page(page, config, parts.files)
        for file in files:
            if file.page and not isinstance(file.page, RenderedPage):
                file.page.validate_anchor_links(
                    files=parts.files, log_level=config.validation.links.anchors
                )
        is_data_new = self._write_data(last, site)
        order = dict.fromkeys([*(path for path in first if path in changed), *changed])
        seen = set(first)
        for is_first in (True, False):
            ready = [path for path in order if (path in seen) is is_first]
            for path in ready:
                file = changed[path].file
                with self.lock:
                    _build_page(
                        changed[path],
                        config,
                        files,
                        parts.nav,
                        parts.env,
                        excluded=file.inclusion == InclusionLevel.EXCLUDED,
                    )
            # Scripts on any page may show what is in the data.
            yield None if is_data_new and is_first else frozenset(ready)
        self._write_indexes(last, site, is_date_new)
        return changed

    def _write_data(self, last: _Build, site: Site) -> bool:
        is_new = False
        for path, text in site.files.items():
            if text != last.site.files.get(path) and last.parts.files.get_file_from_path(path):
                with self.lock:
                    (self.root / path).write_text(text, "utf-8")
                is_new = True
        return is_new

    def _write_indexes(self, last: _Build, site: Site, is_date_new: bool) -> None:
        config, parts = last.config, last.parts
        new, old = search_entries(site), search_entries(last.site)
        if new != old and (search := material_search(config)):
            last.index.entries[parts.searched - len(old) : parts.searched] = new
            parts.searched += len(new) - len(old)
            search.search_index = last.index  # a build that failed may have left its own
            with self.lock:
                search.on_post_build(config=config)
        if is_date_new and "sitemap.xml" in config.theme.static_templates:
            with self.lock:
                _build_theme_template("sitemap.xml", parts.env, parts.files, config, parts.nav)

    # ------------------------------------------------------------------------------- outcomes

    def _note(self, plugin: RoadmapPlugin, heard: Sequence[str]) -> None:
        self.report = plugin.report
        self.heard = heard

    def _failure(
        self, plugin: RoadmapPlugin | None, heard: Heard, error: Exception
    ) -> PreviewError:
        report = plugin.report if plugin else None
        # MkDocs says what is wrong with a build in a message, and raises another.
        own = [] if heard.messages and isinstance(error, Abort) else [said(error)]
        overlay = failure_overlay(report, [*heard.messages, *own])
        return PreviewError(report, [*heard.others, *own], overlay)


def _take(
    last: _Build, site: Site, files: Sequence[File], wanted: Sequence[str] | None
) -> tuple[Mapping[str, RenderedPage], bool]:
    """Have MkDocs' pages show a newer site's, and say which differ, and whether a date does."""
    there = {
        file.page.rendered.path: file.page for file in files if isinstance(file.page, RenderedPage)
    }
    changed = {}
    is_date_new = False
    for page in site.pages:
        shown = there.get(page.path)  # None where a page written by hand stands in for it
        if (
            shown is None
            or page == shown.rendered
            or (wanted is not None and page.path not in wanted)
        ):
            continue
        fresh = last.plugin.page_of(page, last.config)
        if not shown.is_like(fresh):
            is_date_new = is_date_new or shown.update_date != fresh.update_date
            shown.become(fresh)
            changed[page.path] = shown
    return changed, is_date_new


def _shape(site: Site) -> object:
    """What other pages depend on: which there are, in which order, and what is in every footer."""
    return (
        [(page.path, page.kind, page.previous, page.next) for page in site.pages],
        [page.title for page in site.pages if page.kind == "credits"],
        site.tagline,
        site.files.keys(),
    )


def _is_ours_alone(config: MkDocsConfig) -> bool:
    """Whether no plugin, hook or template takes part that may look at other pages than its own."""
    return (
        not config.theme.custom_dir
        and not config.extra_templates
        and _OURS.issuperset(config.plugins)  # hooks are among them
    )


def _is_curriculum(path: Path, last: _Build) -> bool:
    """Whether a file is the curriculum's alone."""
    folder, *others = (
        Path(os.path.realpath(it))
        for it in (last.plugin.config.curriculum_dir, last.config.docs_dir)
    )
    return path.is_relative_to(folder) and not any(path.is_relative_to(it) for it in others)


def _watched(config: MkDocsConfig) -> list[Path]:
    paths = [config.docs_dir, config.config_file_path, config.theme.custom_dir, *config.watch]
    return [Path(path) for path in paths if path]


def _differing(old: Path, new: Path) -> frozenset[str] | None:
    """The site paths of pages that differ; None where something does that any page may load."""
    pages = set()
    for path in _files(old) | _files(new):
        ours, theirs = old / path, new / path
        if ours.is_file() and theirs.is_file() and ours.read_bytes() == theirs.read_bytes():
            continue
        if path.endswith(".html"):
            pages.add(path.removesuffix("index.html"))
        elif path not in _APART:
            return None
    return frozenset(pages)


def _files(folder: Path) -> set[str]:
    return {it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file()}


def said(error: Exception) -> str:
    """What is wrong, and in which line of a template or a module where it is nobody's message."""
    if isinstance(error, MkDocsException):
        return str(error)
    frames = [(it.filename, it.lineno) for it in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError):
        frames.append((error.filename or error.name or "", error.lineno))
    templates = [frame for frame in frames if frame[0].endswith((".html", ".jinja", ".xml"))]
    file, line = (templates or frames)[-1]
    return f"{file}:{line}: {str(error) or type(error).__name__}"

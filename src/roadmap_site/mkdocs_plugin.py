"""The MkDocs plugin: events only. What it publishes is made by `render`."""

from __future__ import annotations

import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents

from roadmap_site.check import check
from roadmap_site.load import last_changed, load
from roadmap_site.model.diagnostic import Report, Severity
from roadmap_site.render import Page, Site, Templates, render
from roadmap_site.report import diagnostic_text, overlay_html, summary_text

log = get_plugin_logger("roadmap")

ASSETS = "assets/roadmap"
UNDATED = "1970-01-01"
"""What MkDocs is told of pages whose date is not known, in place of the day of the build: the
sitemap leaves it out, and its compressed twin carries no clock."""

_ID = re.compile(r'\sid="([^"]+)"')


class RoadmapConfig(base.Config):  # type: ignore[no-untyped-call]
    """The plugin's options in mkdocs.yml."""

    curriculum_dir = config_options.Dir(exists=True, default="curriculum")


class RenderedPage(MkDocsPage):
    """A page whose HTML is there already; Markdown has no part in it."""

    def __init__(self, page: Page, file: File, config: MkDocsConfig) -> None:
        super().__init__(page.title, file, config)
        self.rendered = page
        self.update_date = page.updated or UNDATED
        self.meta = {
            "title": page.title,
            "description": page.description,
            "rm_kind": page.kind,
            "rm_track": page.track,
            "rm_tone": page.tone,
            "rm_nav": page.nav,
            "rm_updated": page.updated,
            "rm_data": page.data,
            # The core knows better what to find the page by than its HTML does.
            "search": {"exclude": True},
        }

    def read_source(self, config: MkDocsConfig) -> None:
        """Nothing to read."""
        self.markdown = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Nothing to render."""
        self.content = self.rendered.html
        self.toc = TableOfContents([])

    @property
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override]
        """The anchors that links from hand-written pages may lead to."""
        return set(_ID.findall(self.rendered.html))


class RoadmapPlugin(BasePlugin[RoadmapConfig]):  # type: ignore[no-untyped-call]
    """Adds a curriculum's pages to the site."""

    def __init__(self) -> None:
        self.serving = False
        self.templates = Templates()
        self.site: Site | None = None
        self.overlay = ""
        self.dates: dict[str, str] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether we serve; that this event exists keeps one instance between rebuilds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Load, check and render; set the theme up."""
        if not config.use_directory_urls:
            raise PluginError("roadmap: the addresses of pages need `use_directory_urls: true`")
        self._refresh(config)
        if self.site and not config.site_description:
            config.site_description = self.site.tagline
        theme_dirs = config.theme.dirs
        overrides = str(self.templates.directory / "overrides")
        if overrides not in theme_dirs:
            # Before Material's own, after the user's.
            theme_dirs.insert(1 if config.theme.custom_dir else 0, overrides)
        config.extra_css.insert(0, f"{ASSETS}/roadmap.css")
        script = config_options.ExtraScriptValue(f"{ASSETS}/roadmap.js")
        script.type = "module"
        config.extra_javascript.append(script)
        config.watch += [self.config.curriculum_dir, str(self.templates.directory)]
        return config

    def _refresh(self, config: MkDocsConfig) -> None:
        """Make the site anew; while serving, keep the last good one where that fails."""
        folder = Path(self.config.curriculum_dir)
        try:
            loaded = load(folder)
        except FileNotFoundError as error:
            raise PluginError(f"roadmap: {error}") from None
        report = check(loaded)
        self._log(report, folder)
        self.overlay = ""
        if loaded.curriculum is None or report.fails():
            if not (self.serving and self.site):
                raise PluginError(f"roadmap: {summary_text(report)} in {folder}; see above")
            log.info("serving the last good site until this is mended")
            self.overlay = overlay_html(report)
            return
        self.dates = dict(last_changed(folder))
        try:
            self.site = render(
                loaded.curriculum,
                site_url=config.site_url or "",
                updated=self.dates,
                templates=self.templates,
            )
        except Exception as error:
            # A template that is being edited. MkDocs' server would stop answering.
            if not (self.serving and self.site):
                raise
            log.error(f"the templates fail: {error!r}")

    def _log(self, report: Report, folder: Path) -> None:
        prefix = f"{_relative(folder)}/"
        for diagnostic in report:
            text = diagnostic_text(diagnostic, prefix=prefix).rstrip()
            if diagnostic.rule.severity is Severity.ERROR:
                log.error(text)
            elif diagnostic.rule.severity is Severity.WARNING:
                log.warning(text)

    @event_priority(50)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages, the data files and the assets."""
        assert self.site is not None
        written = sorted(file.src_uri for file in files.documentation_pages())
        root = posixpath.relpath(
            Path(self.config.curriculum_dir).as_posix(), Path(config.docs_dir).as_posix()
        )
        for page in self.site.pages:
            uri = f"{page.path}index.md"
            if files.get_file_from_path(uri):
                log.info(f"{uri} is written by hand and stands in for the generated page")
                continue
            file = File.generated(config, uri, content="")
            file.edit_uri = f"{root}/{page.span.file.path}"
            RenderedPage(page, file, config)
            files.append(file)
        for path, text in self.site.files.items():
            files.append(File.generated(config, path, content=text))
        assets = self.templates.directory / "assets"
        for source in sorted(assets.rglob("*")):
            if source.is_file():
                path = f"{ASSETS}/{source.relative_to(assets).as_posix()}"
                files.append(File.generated(config, path, abs_src_path=str(source)))
        if not files.get_file_from_path("robots.txt"):
            files.append(File.generated(config, "robots.txt", content=_robots(config)))
        if config.nav is None:
            config.nav = ["index.md", *(uri for uri in written if uri != "index.md")]
        return files

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Give generated pages the neighbours they have on the road, and hand-written ones none."""
        by_path = {
            file.page.rendered.path: file.page
            for file in files
            if isinstance(file.page, RenderedPage)
        }
        for page in nav.pages:
            page.previous_page = page.next_page = None
        for page in by_path.values():
            page.previous_page = by_path.get(page.rendered.previous)
            page.next_page = by_path.get(page.rendered.next)
            if not page.rendered.previous:
                page.previous_page = None
            if not page.rendered.next:
                page.next_page = None
        pages_dir = posixpath.relpath(
            Path(config.docs_dir).as_posix(), Path(self.config.curriculum_dir).as_posix()
        )
        for file in files.documentation_pages():
            if file.page is not None and not isinstance(file.page, RenderedPage):
                path = posixpath.normpath(f"{pages_dir}/{file.src_uri}")
                file.page.update_date = self.dates.get(path, UNDATED)
        return nav

    def on_page_markdown(
        self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Tell the theme when a hand-written page last changed."""
        if not isinstance(page, RenderedPage) and page.update_date != UNDATED:
            page.meta["rm_updated"] = page.update_date
        return markdown

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """Hand the search what it finds pages by, and the theme its links."""
        assert self.site is not None
        search = config.plugins.get("material/search")
        if search is not None and search.config.enabled:
            search.search_index.entries += [
                {
                    "location": page.path,
                    # The results page shows both as HTML.
                    "title": escape(page.search.title),
                    "text": escape(page.search.text),
                }
                for page in self.site.pages
                if page.search
            ]
        config.extra["rm_links"] = [
            {"title": page.title, "url": page.url}
            for file in files.documentation_pages()
            if (page := file.page) is not None
            and (not isinstance(page, RenderedPage) or page.rendered.kind == "credits")
        ]
        return env

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Show what is wrong over the last good site."""
        return output.replace("</body>", f"{self.overlay}</body>", 1) if self.overlay else output


def _relative(folder: Path) -> str:
    """A folder as seen from here, where it is below here: what an editor can open."""
    try:
        return folder.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return folder.as_posix()


def _robots(config: MkDocsConfig) -> str:
    lines = ["User-agent: *", "Disallow:"]
    if config.site_url:
        lines.append(f"Sitemap: {config.site_url}sitemap.xml")
    return "\n".join(lines) + "\n"

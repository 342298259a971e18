"""The MkDocs plugin: events only. What it publishes is made by `render`."""

from __future__ import annotations

import gc
import posixpath
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote

from markupsafe import Markup
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils.templates import TemplateContext

from roadmap_site.check import check
from roadmap_site.load import last_changed, load
from roadmap_site.load.project import without_gc
from roadmap_site.mkdocs_plugin.repository import source_links
from roadmap_site.mkdocs_plugin.serve import keeping_last_good
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Report, Severity
from roadmap_site.render import ASSET_FOLDER, Page, Site, Templates, asset_files, render
from roadmap_site.report import diagnostic_text, summary_text
from roadmap_site.schema import published_schemas

log = get_plugin_logger("roadmap")

UNDATED = "1970-01-01"
"""What MkDocs is told of pages whose date is not known, in place of the day of the build: the
sitemap leaves it out, and its compressed twin carries no clock."""

_ABOUT = ("contribute", "credits")
"""The kinds of generated pages that the foot of every page links, with those written by hand."""
_ID = re.compile(r'\sid="([^"]+)"')


class RoadmapConfig(base.Config):  # type: ignore[no-untyped-call]
    """The plugin's options in mkdocs.yml."""

    curriculum_dir = config_options.Dir(exists=True, default="curriculum")


class RenderedPage(MkDocsPage):
    """A page whose HTML is there already; Markdown has no part in it."""

    def __init__(self, page: Page, file: File, config: MkDocsConfig) -> None:
        super().__init__(page.title, file, config)
        self.show(page)

    def become(self, other: RenderedPage) -> None:
        """Show what another shows, in the same place of the site."""
        self.edit_url = other.edit_url
        if self.title == self.rendered.title:  # else mkdocs.yml gives it another
            self.title = other.title
        self.show(other.rendered)

    def is_like(self, other: RenderedPage) -> bool:
        """Whether the two show the same."""
        return (
            self.meta == other.meta
            and self.rendered.html == other.rendered.html
            and self.edit_url == other.edit_url
            and self.update_date == other.update_date
        )

    def show(self, page: Page) -> None:
        """Take everything but title and address from a page."""
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
            "rm_beside": page.beside,
            "rm_prose": page.is_prose,
            "rm_at": (page.span.file.path, page.span.line) if page.span else None,
            # The core knows better what to find the page by than its HTML does.
            "search": {"exclude": True},
        }

    def read_source(self, config: MkDocsConfig) -> None:
        """Nothing to read."""
        self.markdown = ""

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Nothing to render."""
        self.content = self.rendered.html
        self.toc = TableOfContents(
            [AnchorLink(title, anchor, level=2) for anchor, title in self.rendered.sections]
        )

    @property
    def present_anchor_ids(self) -> set[str]:  # type: ignore[override]
        """The anchors that links from hand-written pages may lead to."""
        return set(_ID.findall(self.rendered.html))


class RoadmapPlugin(BasePlugin[RoadmapConfig]):  # type: ignore[no-untyped-call]
    """Adds a curriculum's pages to the site."""

    def __init__(self) -> None:
        self.templates = Templates()
        self.site: Site | None = None
        self.curriculum: Curriculum | None = None
        """What the site is made of, where `keeps_curriculum`: a third of a build's memory."""
        self.keeps_curriculum = False
        self.report: Report | None = None
        self.written: dict[str, Path] = {}
        """The files of pages written by hand, by the paths of their HTML files."""
        self.dates: dict[str, str] = {}
        self.is_dirty = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember how we build; that this event exists keeps one instance between rebuilds."""
        self.is_dirty = dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Load, check and render; set the theme up."""
        self.report = None
        if not config.use_directory_urls:
            raise PluginError("roadmap: the addresses of pages need `use_directory_urls: true`")
        if config.theme.name != "material":
            raise PluginError("roadmap: the pages are made for `theme: {name: material}`")
        if self.site is not None:
            # The site of the build before. It never is looked through by itself: loading makes it
            # old, and it is frozen again before enough has come together for that.
            gc.unfreeze()
            gc.collect()
        with without_gc():  # which takes a tenth of the build otherwise
            self.site = self.read(config)
        gc.freeze()  # and so does looking for garbage in a site that is there to the end
        if not config.site_description:
            config.site_description = self.site.tagline
        theme_dirs = config.theme.dirs
        overrides = str(self.templates.directory / "overrides")
        if overrides not in theme_dirs:
            # Before Material's own, after the user's.
            theme_dirs.insert(1 if config.theme.custom_dir else 0, overrides)
        config.extra_css.insert(0, f"{ASSET_FOLDER}/roadmap.css")
        script = config_options.ExtraScriptValue(f"{ASSET_FOLDER}/roadmap.js")
        script.type = "module"
        config.extra_javascript.append(script)
        config.watch += [self.config.curriculum_dir, str(self.templates.directory)]
        return config

    def read(self, config: MkDocsConfig) -> Site:
        """Load, check and render. Raises PluginError where the curriculum has faults."""
        folder = Path(self.config.curriculum_dir)
        try:
            loaded = load(folder)
        except FileNotFoundError as error:
            raise PluginError(f"roadmap: {error}") from None
        self.report = report = check(loaded)
        self._log(report, folder)
        if loaded.curriculum is None or report.fails():
            raise PluginError(f"roadmap: {summary_text(report)} in {folder}; see above")
        self.curriculum = loaded.curriculum if self.keeps_curriculum else None
        self.dates = dict(last_changed(folder))
        site_url = config.site_url or ""
        return render(
            loaded.curriculum,
            site_url=site_url,
            repository=config.repo_url or "",
            updated=self.dates,
            schemas=published_schemas(loaded.curriculum, site_url=site_url),
            templates=self.templates,
        )

    def _log(self, report: Report, folder: Path) -> None:
        prefix = f"{relative(folder)}/"
        for diagnostic in report:
            text = diagnostic_text(diagnostic, prefix=prefix).rstrip()
            if diagnostic.rule.severity is Severity.ERROR:
                log.error(text, extra={"diagnostic": diagnostic})
            elif diagnostic.rule.severity is Severity.WARNING:
                log.warning(text, extra={"diagnostic": diagnostic})

    @event_priority(50)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages, the data files and the assets."""
        assert self.site is not None
        _refuse_links_out(files, Path(config.docs_dir))
        written = {file.dest_uri: file.src_uri for file in files.documentation_pages()}
        for page in self.site.pages:
            if own := written.get(f"{page.path}index.html"):
                log.info(f"{own} is written by hand and stands in for the generated page")
                continue
            files.append(self.page_of(page, config).file)
        for path, text in self.site.files.items():
            if path in written:
                continue  # a redirect: who writes a page at an old address means it
            files.append(File.generated(config, path, content=text))
        for path, source, lean in asset_files(self.templates.directory):
            if lean is None:
                files.append(File.generated(config, path, abs_src_path=str(source)))
            else:
                files.append(File.generated(config, path, content=lean))
        if not files.get_file_from_path("robots.txt"):
            files.append(File.generated(config, "robots.txt", content=_robots(config)))
        if config.nav is None:
            config.nav = ["index.md", *sorted(set(written.values()) - {"index.md"})]
        return files

    def page_of(self, page: Page, config: MkDocsConfig) -> RenderedPage:
        """A page as MkDocs wants it, with a file of its own."""
        root = posixpath.relpath(
            Path(self.config.curriculum_dir).as_posix(), Path(config.docs_dir).as_posix()
        )
        file = File.generated(config, f"{page.path}index.md", content="")
        file.edit_uri = quote(f"{root}/{page.span.file.path}") if page.span else None
        return RenderedPage(page, file, config)

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
        self.written = {}
        for file in files.documentation_pages():
            if file.page is not None and not isinstance(file.page, RenderedPage):
                self.written[file.dest_uri] = Path(config.docs_dir, file.src_uri)
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

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Tell the theme where the page's source stands."""
        path, line, title = "", 0, str(page.title)
        if not isinstance(page, RenderedPage):
            path = f"{config.docs_dir}/{page.file.src_uri}"
            title = Markup(title).striptags()  # noqa: S704 - to text
        elif page.meta["rm_at"]:
            name, line = page.meta["rm_at"]
            path = f"{self.config.curriculum_dir}/{name}"
        project = Path(config.config_file_path or "mkdocs.yml").parent
        context["rm_source"] = source_links(  # type: ignore[typeddict-unknown-key]
            config.repo_url or "",
            page.edit_url or "",
            path=posixpath.relpath(path, project.as_posix()) if path else "",
            line=line,
            title=title,
            address=unquote(page.canonical_url or ""),
        )
        return context

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        """Hand the search what it finds pages by, and the theme its links."""
        assert self.site is not None
        env.globals["rm_once"] = _once()
        if search := material_search(config):
            search.search_index.entries += search_entries(self.site)
        config.extra["rm_links"] = [
            {"title": page.title, "url": page.url}
            for file in files.documentation_pages()
            if (page := file.page) is not None
            and (not isinstance(page, RenderedPage) or page.rendered.kind in _ABOUT)
        ]
        return env

    @event_priority(-100)  # the last: other plugins hand the builder they were given back
    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Keep the last good site up where a rebuild fails, and show why over its pages."""
        if not self.is_dirty:
            server.builder = keeping_last_good(server, builder, self)
        return server


def _once() -> Callable[[str, str, Callable[[], str]], str]:
    """Renders a block of the theme when it is first wanted for pages of a depth.

    For blocks that differ by nothing but the way to the site's root. `env.globals` has it, anew for
    each build.
    """
    made: dict[tuple[str, str], str] = {}

    def once(name: str, base_url: str, block: Callable[[], str]) -> str:
        key = name, base_url
        if key not in made:
            made[key] = block()
        return made[key]

    return once


def material_search(config: MkDocsConfig) -> Any:
    """Material's search plugin; None where the site has no search."""
    search = config.plugins.get("material/search")
    return search if search is not None and search.config.enabled else None


def search_entries(site: Site) -> list[dict[str, str]]:
    """What the search finds pages by. The results page shows titles and texts as HTML."""
    return [
        {
            "location": page.path,
            "title": escape(page.search.title),
            "text": escape(page.search.text),
        }
        for page in site.pages
        if page.search
    ]


def _refuse_links_out(files: Files, docs_dir: Path) -> None:
    """Publish nothing from outside: a stranger's link could lead to what only CI may read."""
    real = docs_dir.resolve()
    for file in files:
        source = Path(file.abs_src_path or "")
        if source.is_relative_to(docs_dir) and not source.resolve().is_relative_to(real):
            raise PluginError(f"roadmap: {file.src_uri} is a link that leads out of {docs_dir}")


def relative(folder: Path) -> str:
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

"""A curriculum's site, built once into a folder to be looked at."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError

from roadmap_site.load import pages
from roadmap_site.mkdocs_plugin.plugin import RoadmapPlugin
from roadmap_site.mkdocs_plugin.preview import said
from roadmap_site.mkdocs_plugin.serve import Heard
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.diagnostic import Report
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import SourceFile

PLAIN: Mapping[str, Any] = {
    "site_name": "Curriculum",
    "theme": {"name": "material", "font": False},
    "plugins": {"search": {}},
    "markdown_extensions": [
        *("admonition", "attr_list", "md_in_html", "tables", "toc"),
        *("pymdownx.highlight", "pymdownx.superfences"),
    ],
}
"""The configuration of a curriculum that has none: what decides about links is as in the one that
`roadmap-site new` writes."""


@dataclass(frozen=True, slots=True)
class Built:
    """A site that was built: what it is made of, and where it will stand.

    `pages` are those written by hand, by the paths of their HTML files in the site.
    """

    folder: Path
    curriculum: Curriculum
    pages: Mapping[str, WrittenPage]
    site_url: str


class BuildError(Exception):
    """Why there is no site.

    `report` is what the check found, None where it was not come to; `messages` what MkDocs and its
    plugins said besides.
    """

    def __init__(self, report: Report | None, messages: Sequence[str]) -> None:
        super().__init__(*messages)
        self.report = report
        self.messages = messages


def build_into(
    folder: Path, *, config_file: Path | None = None, curriculum: Path | None = None
) -> Built:
    """Build a site into an empty folder, by an mkdocs.yml or, without one, of a curriculum alone.

    Where both are given, the configuration counts only if it is of this very curriculum. Plugins,
    hooks and templates that an mkdocs.yml names are run; a curriculum alone runs no code. Warnings
    fail nothing, even where the site is `strict`. Raises BuildError.
    """
    heard = Heard()
    config = None
    try:
        with heard:
            if config_file:
                config = _configured(config_file, folder)
            if config is None or (curriculum and not _is_of(config, curriculum)):
                assert curriculum, "neither a configuration nor a curriculum"
                with TemporaryDirectory() as nothing:
                    config = _plain(curriculum, folder, Path(nothing))
                    return _build(config)
            return _build(config)
    except Exception as error:
        plugin = config.plugins.get("roadmap") if config else None
        report = plugin.report if isinstance(plugin, RoadmapPlugin) else None
        # MkDocs says what is wrong with a build in a message, and raises another.
        own = [] if heard.messages and isinstance(error, Abort) else [said(error)]
        raise BuildError(report, [*heard.others, *own]) from error


def _configured(config_file: Path, folder: Path) -> MkDocsConfig:
    return load_config(str(config_file), site_dir=str(folder), strict=False)


def _plain(curriculum: Path, folder: Path, nothing: Path) -> MkDocsConfig:
    """A configuration for a curriculum alone; `nothing` is an empty folder."""
    own = curriculum / "pages"
    options = {
        **PLAIN,
        "docs_dir": str((own if own.is_dir() else nothing).absolute()),
        "site_dir": str(folder),
        "plugins": {**PLAIN["plugins"], "roadmap": {"curriculum_dir": str(curriculum.absolute())}},
    }
    return load_config(BytesIO(b"{}"), config_file_path="", **options)


def _is_of(config: MkDocsConfig, curriculum: Path) -> bool:
    plugin = config.plugins.get("roadmap")
    return isinstance(plugin, RoadmapPlugin) and os.path.realpath(
        plugin.config.curriculum_dir
    ) == os.path.realpath(curriculum)


def _build(config: MkDocsConfig) -> Built:
    plugin = config.plugins.get("roadmap")
    if not isinstance(plugin, RoadmapPlugin):
        raise PluginError("`roadmap` is not among the plugins")
    plugin.keeps_curriculum = True
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build_site(config)
    finally:
        config.plugins.on_shutdown()
    assert plugin.curriculum is not None
    folder = Path(plugin.config.curriculum_dir)
    written = {path: _written(it, folder, plugin.curriculum) for path, it in plugin.written.items()}
    return Built(
        Path(config.site_dir),
        plugin.curriculum,
        {path: page for path, page in written.items() if page},
        config.site_url or "",
    )


def _written(source: Path, folder: Path, curriculum: Curriculum) -> WrittenPage | None:
    """A page's Markdown as the curriculum has it, or read anew where it is kept elsewhere."""
    path = posixpath.normpath(os.path.relpath(source, folder).replace(os.sep, "/"))
    if path in curriculum.pages:
        return curriculum.pages[path]
    try:
        with source.open("rb") as stream:
            data = stream.read(pages.MAX_BYTES + 1)
    except OSError:
        return None
    if len(data) > pages.MAX_BYTES:
        return None
    text = data.decode("utf-8-sig", "replace")
    return pages.read_page(SourceFile(path, text))[0]

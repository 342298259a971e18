"""The model to pages, data files and redirects. Knows nothing of MkDocs."""

from roadmap_site.render.assets import FOLDER as ASSET_FOLDER
from roadmap_site.render.assets import asset_files
from roadmap_site.render.page import Page, SearchEntry, Site, clip
from roadmap_site.render.site import render
from roadmap_site.render.templates import Templates, templates_dir

__all__ = [
    "ASSET_FOLDER",
    "Page",
    "SearchEntry",
    "Site",
    "Templates",
    "asset_files",
    "clip",
    "render",
    "templates_dir",
]

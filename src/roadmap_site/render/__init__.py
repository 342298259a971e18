"""The model to pages, data files and redirects. Knows nothing of MkDocs."""

from roadmap_site.render.page import Page, SearchEntry, Site
from roadmap_site.render.site import render
from roadmap_site.render.templates import Templates, templates_dir

__all__ = ["Page", "SearchEntry", "Site", "Templates", "render", "templates_dir"]

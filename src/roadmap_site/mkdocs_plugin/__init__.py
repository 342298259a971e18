"""The MkDocs plugin, alone in knowing MkDocs."""

from roadmap_site.mkdocs_plugin.plugin import RoadmapPlugin

__all__ = ["RoadmapPlugin"]

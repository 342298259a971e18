"""The one style that a curriculum's YAML is kept in."""

from roadmap_site.style.format import Formatted, format_source

__all__ = ["Formatted", "format_source"]

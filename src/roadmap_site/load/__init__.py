"""YAML text to the model, with file, line and column of every value."""

from roadmap_site.load.project import Loaded, load

__all__ = ["Loaded", "load"]

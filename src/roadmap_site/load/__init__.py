"""YAML text to the model, with file, line and column of every value."""

from roadmap_site.load.history import last_changed
from roadmap_site.load.project import Loaded, load

__all__ = ["Loaded", "last_changed", "load"]

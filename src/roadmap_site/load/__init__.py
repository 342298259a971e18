"""YAML text to the model, with file, line and column of every value."""

from roadmap_site.load.history import last_changed
from roadmap_site.load.project import Loaded, load, load_files, load_revision
from roadmap_site.load.revision import RevisionError

__all__ = ["Loaded", "RevisionError", "last_changed", "load", "load_files", "load_revision"]

"""YAML text to the model, with file, line and column of every value."""

from roadmap_site.load.files import RevisionError
from roadmap_site.load.history import last_changed
from roadmap_site.load.project import Loaded, load, load_files, load_revision

__all__ = ["Loaded", "RevisionError", "last_changed", "load", "load_files", "load_revision"]

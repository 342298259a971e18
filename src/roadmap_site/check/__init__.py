"""The rules a curriculum is held to."""

from roadmap_site.check.registry import RULES
from roadmap_site.check.run import check

__all__ = ["RULES", "check"]

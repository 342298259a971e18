"""The rules a curriculum is held to."""

from roadmap_site.check.registry import RULES
from roadmap_site.check.run import check, settle
from roadmap_site.check.selectors import matching, nearest_rule
from roadmap_site.check.settings import SelectionError

__all__ = ["RULES", "SelectionError", "check", "matching", "nearest_rule", "settle"]

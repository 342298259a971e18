"""What an edit does to learners' ticks and to addresses: one revision held against another."""

from roadmap_site.check.identity.faults import RULES
from roadmap_site.check.identity.since import check_since

__all__ = ["RULES", "check_since"]

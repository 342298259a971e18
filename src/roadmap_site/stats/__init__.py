"""Figures of a curriculum, and what changed between two states of it. Pure."""

from roadmap_site.stats.changes import Change, Changes, Size, State, TrackSizes, compare
from roadmap_site.stats.figures import Figures, TrackFigures, figures

__all__ = [
    "Change",
    "Changes",
    "Figures",
    "Size",
    "State",
    "TrackFigures",
    "TrackSizes",
    "compare",
    "figures",
]

"""Figures of a curriculum, and what changed between two of them. Pure."""

from roadmap_site.stats.figures import Figures, TrackFigures, figures

__all__ = ["Figures", "TrackFigures", "figures"]

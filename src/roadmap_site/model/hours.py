"""Effort in hours: ranges, their sums, and what a track asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from roadmap_site.model.curriculum import Phase, Track, Week
from roadmap_site.model.values import Duration

Hours = tuple[float, float]
"""The lower and the upper end of a range."""


def sum_of(times: Iterable[Duration | None]) -> Hours | None:
    """The sum of ranges in hours; None where one of them is not stated."""
    low = high = 0.0
    for time in times:
        hours = time.hours if time else None
        if hours is None:
            return None
        low, high = low + hours[0], high + hours[1]
    return low, high


def hours_text(hours: Hours) -> str:
    """`12 hours`, `10-12 hours`."""
    return f"{hours_figures(hours)} hours"


def hours_figures(hours: Hours) -> str:
    """`12`, `10-12`."""
    low, high = (f"{value:.3g}" if value < 100 else f"{value:.0f}" for value in hours)
    return low if low == high else f"{low}-{high}"


def stops(track: Track) -> Iterable[tuple[Week | Phase, bool]]:
    """The weeks, and phases without weeks, in order; and whether totals leave each out."""
    for phase in track.phases:
        for entity in phase.weeks or (phase,):
            yield entity, phase.optional or phase.ongoing or entity.optional


def calendar_weeks(track: Track) -> int:
    """How many weeks its weeks and phases are numbered for; none of what goes on beside them."""
    return sum(entity.week.count for entity, _ in stops(track) if entity.week)


@dataclass(frozen=True, slots=True)
class Effort:
    """A track's hours, and what says so: its weeks, its total, or its pace times its weeks."""

    hours: Hours
    stated: Literal["weeks", "total_time", "pace"]


def effort(track: Track) -> Effort | None:
    """What a track asks for without what is optional, by the finest statement that is complete."""
    required = [entity.time for entity, aside in stops(track) if not aside]
    if required and (hours := sum_of(required)):
        return Effort(hours, "weeks")
    if track.total_time and (hours := track.total_time.hours):
        return Effort(hours, "total_time")
    weeks = calendar_weeks(track)
    if track.pace and track.pace.per == "week" and weeks and (hours := track.pace.hours):
        return Effort((hours[0] * weeks, hours[1] * weeks), "pace")
    return None

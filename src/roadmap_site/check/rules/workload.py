"""RS3xx: hours against hours."""

from __future__ import annotations

from collections.abc import Iterator

from roadmap_site.model.curriculum import Phase, Week, weeks_of
from roadmap_site.model.diagnostic import Diagnostic, Severity, rule
from roadmap_site.model.hours import Hours, hours_text, stops, sum_of
from roadmap_site.model.index import Index
from roadmap_site.model.values import Duration


def _apart(one: Hours, other: Hours) -> bool:
    """Whether two ranges have nothing in common."""
    return one[1] < other[0] or other[1] < one[0]


@rule("RS301", "module-hours", Severity.WARNING)
def module_hours(index: Index) -> Iterator[Diagnostic]:
    """The modules of a week do not add up to its hours.

    What it checks: where a week (or a phase without weeks) and all its modules state their hours,
    the modules' sum and the week's range have something in common.

    Why it matters: a learner plans the week by its hours.

    Example: `time: 10-12h` over two modules of `2-3h`

    Use instead: `time: 4-6h`
    """
    for track in index.curriculum.tracks:
        for spot in index.places[track.id] if index.is_complete(track) else ():
            entity = spot.entity
            if not isinstance(entity, Week | Phase) or not entity.modules or not entity.time:
                continue
            parts, whole = sum_of(module.time for module in entity.modules), entity.time.hours
            if parts and whole and _apart(parts, whole):
                yield module_hours.at(
                    entity.node.at("time"),
                    f"the modules add up to {hours_text(parts)}, not to {hours_text(whole)}",
                    hint="mend the sum or the parts",
                )


@rule("RS302", "week-pace", Severity.WARNING)
def week_pace(index: Index) -> Iterator[Diagnostic]:
    """A week takes more or less than the track's pace.

    What it checks: where both are stated, a week's hours and the track's `pace` (times the weeks
    it spans) have something in common. Optional weeks are left out.

    Why it matters: the pace is a promise.

    Example: `pace: 10-12h/week` and a week of `20-24h`

    Use instead: two weeks; or, where it is meant: `accept: {RS302: "the capstone"}`
    """
    for track in index.curriculum.tracks:
        pace = track.pace.hours if track.pace and track.pace.per == "week" else None
        if not pace:
            continue
        for phase, week in weeks_of(track):
            hours = week.time.hours if week.time else None
            if hours and not (phase.optional or week.optional):
                wanted = (pace[0] * week.week.count, pace[1] * week.week.count)
                if _apart(hours, wanted):
                    expected = hours_text(wanted)
                    yield week_pace.at(
                        week.node.at("time"),
                        f"the week takes {hours_text(hours)}, at the track's pace {expected}",
                        hint="mend the hours, split the week, or accept it with a reason",
                    )


@rule("RS303", "total-time", Severity.WARNING)
def total_time(index: Index) -> Iterator[Diagnostic]:
    """The weeks do not add up to the track's total.

    What it checks: where every week states its hours, their sum (with and without what is
    optional) and `total_time` have something in common.

    Why it matters: the total is what a learner chooses a track by.

    Example: `total_time: ~200h` over weeks of 100 hours in all

    Use instead: `total_time: ~100h`
    """
    for track in index.curriculum.tracks:
        stated = track.total_time.hours if track.total_time else None
        if not stated or not index.is_complete(track):
            continue
        required: list[Duration | None] = []
        optional: list[Duration | None] = []
        for entity, aside in stops(track):
            (optional if aside else required).append(entity.time)
        low, high = sum_of(required), sum_of(required + [time for time in optional if time])
        if low and high and _apart((low[0], high[1]), stated):
            yield total_time.at(
                track.node.at("total_time"),
                f"the weeks add up to {hours_text((low[0], high[1]))}, not to {hours_text(stated)}",
                hint="mend the total or the weeks",
            )


RULES = (module_hours, week_pace, total_time)

"""RS3xx: hours against hours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from roadmap_site.check.rules.numbering import WEEKS_A_MONTH
from roadmap_site.model.curriculum import Mention, Phase, Week, weeks_of
from roadmap_site.model.diagnostic import Diagnostic, Severity, rule
from roadmap_site.model.entity import Entity, field_types
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


HOURS_A = {"": None, "day": 24.0, "week": 168.0}
"""What a day and a week have."""


@rule("RS304", "impossible-time", Severity.WARNING)
def impossible_time(index: Index) -> Iterator[Diagnostic]:
    """A length of time that nobody can spend.

    What it checks: no `time`, `pace`, `length` or `total_time` is nothing at all, more than 24
    hours a day or 168 a week; no week takes more hours than the weeks it spans have.

    Why it matters: a slip of the unit or of a digit spoils every sum it goes into.

    Example: `time: 600h` on a week

    Use instead: `time: 6h`, or `time: 600min`
    """
    for entity in index.entities:
        cls: type = type(entity)
        for name in _durations(cls):
            time: Duration | None = getattr(entity, name)
            if time is None:
                continue
            hours = time.hours
            most = HOURS_A[time.per]
            if name == "time" and isinstance(entity, Week) and not time.per:
                most = 168.0 * entity.week.count
            if not time.high:
                said = "this is no time at all"
            elif hours and most and hours[1] > most:
                said = f"{hours_text((hours[1], hours[1]))} are more than there are"
            else:
                continue
            yield impossible_time.at(
                entity.node.at(name), said, hint="mend the figure or the unit, or drop the key"
            )


@cache
def _durations(cls: Any) -> tuple[str, ...]:
    return tuple(name for name, (inner, _) in field_types(cls).items() if inner is Duration)


_EVENLY = ("time", "goal", "milestone", "summary")
FEWEST_WEEKS = 4
"""Below this, one week without is not an exception yet."""


@rule("RS305", "uneven-weeks", Severity.WARNING)
def uneven_weeks(index: Index) -> Iterator[Diagnostic]:
    """A week does not say what nearly all weeks of its track say.

    What it checks: where nine weeks of ten (or all but one of at least four) have a `time`, `goal`,
    `milestone` or `summary`, the others have one too.

    Why it matters: sums leave out what a week does not state, and the learner looks for it.

    Example: a track whose weeks all state their hours, but one

    Use instead: `time: 5-6h`
    """
    for track in index.curriculum.tracks:
        weeks = [week for _, week in weeks_of(track)]
        if len(weeks) < FEWEST_WEEKS or not index.is_complete(track):
            continue
        for name in _EVENLY:
            without = [week for week in weeks if not getattr(week, name)]
            if 0 < len(without) <= max(1, len(weeks) // 10):
                for week in without:
                    others = len(weeks) - len(without)
                    yield uneven_weeks.at(
                        week.node.at("title"),
                        f"{others} of {len(weeks)} weeks have `{name}`, this one does not",
                        hint=f"add `{name}:`, or accept it here with a reason",
                    )


MOST_RESOURCES = 10
"""Resources a week may ask for; the fullest week of the five tracks has 9."""


@rule("RS306", "crowded-week", Severity.WARNING)
def crowded_week(index: Index) -> Iterator[Diagnostic]:
    """A week asks for more resources than anyone goes through.

    What it checks: a week (or a phase without weeks) has at most 10 resources that are not
    optional, for each week it spans. Alternatives count once.

    Why it matters: a list of everything is no advice, and its ticks never get done.

    Example: a week with fifteen links

    Use instead: the few to go through; the others with `optional: true`, or on a shelf.
    """
    for track in index.curriculum.tracks:
        for spot in index.places[track.id]:
            if spot.kind not in ("week", "phase"):
                continue
            asked = [t for t in spot.ticks if isinstance(t.entity, Mention) and not t.left_out]
            most = MOST_RESOURCES * _weeks_spanned(spot.entity)
            if len(asked) > most:
                yield crowded_week.at(
                    asked[most].entity.node.span,
                    f"this is one more than {most} resources that the learner has to go through",
                    hint="choose; mark the others `optional: true`, or put them on a shelf",
                )


def _weeks_spanned(entity: Entity) -> int:
    if isinstance(entity, Week | Phase) and entity.week:
        return entity.week.count
    months = entity.month if isinstance(entity, Phase) else None
    return months.count * WEEKS_A_MONTH if months else 1


RULES = (module_hours, week_pace, total_time, impossible_time, uneven_weeks, crowded_week)

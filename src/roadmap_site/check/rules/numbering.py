"""RS1xx: the run of weeks and months."""

from __future__ import annotations

from collections.abc import Iterator

from roadmap_site.check.rules.ids import id_span
from roadmap_site.model.curriculum import Phase, Track, weeks_of
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, rule
from roadmap_site.model.index import Index
from roadmap_site.model.source import Span
from roadmap_site.model.values import Numbers

Run = list[tuple[Numbers, Span]]


def _when(phase: Phase) -> list[str]:
    """The keys by which a phase says when it is."""
    return [name for name in ("month", "week", "length", "ongoing") if getattr(phase, name)]


def _is_dated(index: Index, track: Track) -> bool:
    """Whether all of a track is there and says when it is, so that it can be added up."""
    return index.is_complete(track) and all(_when(phase) for phase in track.phases)


def _runs(track: Track) -> Iterator[tuple[Run, str, str]]:
    """Every run of numbers: months, spans of weeks, weeks of the track or of each month."""
    yield [(p.month, p.node.at("month")) for p in track.phases if p.month], "month", "the track"
    yield [(p.week, p.node.at("week")) for p in track.phases if p.week], "week", "the track"
    if track.week_numbers == "track":
        # A phase without weeks of its own stands for those it spans.
        weeks = [week for phase in track.phases for week in phase.weeks or (phase,)]
        yield [(w.week, w.node.at("week")) for w in weeks if w.week], "week", "the track"
    else:
        for phase in track.phases:
            yield [(w.week, w.node.at("week")) for w in phase.weeks], "week", "its month"


def _misnumbered(index: Index, track: Track) -> Iterator[Diagnostic]:
    """Gaps and overlaps in the runs of a track; each run begins at 1."""
    if not _is_dated(index, track):
        return
    for run, unit, where in _runs(track):
        expected = 1
        for position, (numbers, span) in enumerate(run):
            wanted = Numbers(expected, expected + numbers.count - 1)
            if numbers.first != expected:
                if numbers.first > expected:
                    missing = Numbers(expected, numbers.first - 1)
                    fault, text = week_gap, f"{missing} of {where} is missing before {numbers}"
                else:
                    fault, text = week_overlap, f"{numbers} of {where} begins before its turn"
                yield fault.at(
                    span,
                    f"{unit} {text}",
                    hint=f"number in one run from 1: this would be {unit} {wanted}",
                    related=(Related(run[position - 1][1], "the one before"),) if position else (),
                )
                following = run[position + 1][0].first if position + 1 < len(run) else 0
                if following == wanted.last + 1:
                    numbers = wanted  # a slip in one number; those after it are right
            expected = max(expected, numbers.last + 1)


def _numbered(index: Index) -> Iterator[Track]:
    """The tracks in whose numbers there is neither gap nor overlap."""
    for track in index.curriculum.tracks:
        if _is_dated(index, track) and not any(_misnumbered(index, track)):
            yield track


@rule("RS105", "week-gap", Severity.ERROR)
def week_gap(index: Index) -> Iterator[Diagnostic]:
    """A number is missing in the run of weeks or months.

    What it checks: weeks (through the track or within their month, as `week_numbers` says) and
    months begin at 1 and leave none out.

    Why it matters: a learner would look for the missing week.

    Example: `week: 3` and then `week: 5`

    Use instead: `week: 4`, or a span: `week: 3-4`
    """
    for track in index.curriculum.tracks:
        yield from (found for found in _misnumbered(index, track) if found.rule is week_gap)


@rule("RS106", "week-overlap", Severity.ERROR)
def week_overlap(index: Index) -> Iterator[Diagnostic]:
    """Two weeks or months have the same number, or stand out of order.

    What it checks: each week and month begins after the one before it ends.

    Why it matters: order is list order; a number that disagrees misleads.

    Example: `week: 3-4` and then `week: 4`

    Use instead: `week: 5`
    """
    for track in index.curriculum.tracks:
        yield from (found for found in _misnumbered(index, track) if found.rule is week_overlap)


WEEKS_A_MONTH = 4


@rule("RS107", "unfilled-month", Severity.WARNING)
def unfilled_month(index: Index) -> Iterator[Diagnostic]:
    """The weeks of a month do not fill it, or are more than it has.

    What it checks: a month with weeks has four of them, a span of months four for each month.

    Why it matters: a learner who plans by the calendar has weeks without content, or too many.

    Example: `month: 1-2` with `week: 1-2` and `week: 3-4`

    Use instead: weeks 5-8 as well; or accept it where the source is like this:
    `accept: {RS107: "the document plans four of eight weeks"}`
    """
    for track in _numbered(index):
        for phase in track.phases:
            if phase.month and phase.weeks:
                planned = sum(week.week.count for week in phase.weeks)
                wanted = phase.month.count * WEEKS_A_MONTH
                if planned != wanted:
                    weeks = f"{planned} week{'' if planned == 1 else 's'}"
                    way = "add weeks" if planned < wanted else "join weeks, or move some out"
                    yield unfilled_month.at(
                        phase.node.at("month"),
                        f"month {phase.month} has {weeks} of content, not {wanted}",
                        hint=f"{way}; or accept it with a reason",
                    )


@rule("RS108", "length-mismatch", Severity.WARNING)
def length_mismatch(index: Index) -> Iterator[Diagnostic]:
    """The track's length is not where its months or weeks end.

    What it checks: `length` in months equals the last month, in weeks the last week.

    Why it matters: the length is what a learner chooses a track by.

    Example: `length: 3mo` and a month 4

    Use instead: `length: 4mo`
    """
    for track in _numbered(index):
        ends = {
            "mo": [phase.month.last for phase in track.phases if phase.month],
            "w": [phase.week.last for phase in track.phases if phase.week]
            or (
                [week.week.last for _, week in weeks_of(track)]
                if track.week_numbers == "track"
                else []
            ),
        }.get(track.length.unit, [])
        if ends and max(ends) != track.length.high:
            unit = "month" if track.length.unit == "mo" else "week"
            yield length_mismatch.at(
                track.node.at("length"),
                f"the track is said to take {track.length}, but its last {unit} is {max(ends)}",
                hint="mend whichever of the two is wrong",
            )


@rule("RS109", "undated-phase", Severity.ERROR)
def undated_phase(index: Index) -> Iterator[Diagnostic]:
    """A phase says nothing, or two things, of when it is.

    What it checks: each phase has exactly one of `month`, `week`, `length` and `ongoing`.

    Why it matters: its place on the road and its name come from it.

    Example: a month file without `month:`

    Use instead: `month: 3`
    """
    for track in index.curriculum.tracks:
        for phase in track.phases:
            said = _when(phase)
            if not said and phase.node.file.path in index.curriculum.broken:
                continue  # it may well say so, but unreadably
            if len(said) != 1:
                found = "nothing" if not said else " and ".join(f"`{name}`" for name in said)
                yield undated_phase.at(
                    id_span(phase),
                    f"the phase says {found} of when it is",
                    hint="give exactly one of `month`, `week`, `length` and `ongoing`",
                )


RULES = (week_gap, week_overlap, unfilled_month, length_mismatch, undated_phase)

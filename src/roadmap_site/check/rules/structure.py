"""RS1xx: ids, order, emptiness, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from roadmap_site.model.curriculum import (
    Block,
    Branch,
    Mention,
    Module,
    Named,
    Phase,
    Track,
    Week,
    weeks_of,
)
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, rule
from roadmap_site.model.index import Index
from roadmap_site.model.source import Span
from roadmap_site.model.values import Numbers, slug

SHORT_TITLE_LENGTH = 24
"""Characters of a track's short title: what a phone shows of it beside a search hit's title."""


def _id_span(entity: Named) -> Span:
    """Where an entity's id comes from: its pin, else its words."""
    for name in ("id", "text", "title", "ref", "any_of", "all_of", "bank"):
        span = entity.node.at(name)
        if span != entity.node.span:
            return span
    return entity.node.span


def _repeated(entities: Iterable[Named]) -> Iterator[tuple[Named, Named]]:
    """Each entity whose id was taken, with the one that took it."""
    first: dict[str, Named] = {}
    for entity in entities:
        other = first.setdefault(entity.id, entity)
        if other is not entity and entity.id:
            yield entity, other


@rule("RS101", "duplicate-id", Severity.ERROR)
def duplicate_id(index: Index) -> Iterator[Diagnostic]:
    """Two things share an id.

    What it checks: within a track, no two places have the same id; within a place, no two items,
    whatever their kind or depth; and no two files of the library hold the same resource.

    Why it matters: a tick is stored under track, place and item. Two items with one id would tick
    together, and nothing may be numbered silently, or a later edit would move the ticks.

    Example: `- Practice` under both the topics and the projects of one week.

    Use instead: `id:` on one of the two: `{text: Practice, id: practice-again}`.
    """
    hint = "give one of the two an `id:` of its own"
    for track in index.curriculum.tracks:
        spots = index.places[track.id]
        phases = [phase for phase in track.phases if phase.weeks]
        for entity, other in _repeated([*(spot.entity for spot in spots), *phases]):
            yield duplicate_id.at(
                _id_span(entity),
                f"the id `{entity.id}` is taken in this track",
                hint=hint,
                related=(Related(_id_span(other), "by this"),),
            )
        for spot in spots:
            for entity, other in _repeated(tick.entity for tick in spot.ticks):
                yield duplicate_id.at(
                    _id_span(entity),
                    f"the id `{entity.id}` is taken at this place",
                    hint=hint,
                    related=(Related(_id_span(other), "by this"),),
                )
            if isinstance(spot.entity, Phase):
                for entity, other in _repeated(spot.entity.branches):
                    yield duplicate_id.at(
                        _id_span(entity),
                        f"the id `{entity.id}` is taken in this phase",
                        hint=hint,
                        related=(Related(_id_span(other), "by this"),),
                    )
    for bank in index.curriculum.banks.values():
        for entity, other in _repeated(bank.questions):
            yield duplicate_id.at(
                _id_span(entity),
                f"the id `{entity.id}` is taken in this bank",
                hint=hint,
                related=(Related(_id_span(other), "by this"),),
            )
    for key, first in index.curriculum.twice.items():
        for again in first[1:]:
            yield duplicate_id.at(
                again.span,
                f"the resource `{key}` stands in the library a second time",
                hint="keep one entry: each resource stands once",
                related=(Related(first[0].span, "first here"),),
            )


@rule("RS102", "empty-id", Severity.ERROR)
def empty_id(index: Index) -> Iterator[Diagnostic]:
    """No id can be derived.

    What it checks: each thing that has an id derived from its words has a letter or a digit in
    them.

    Why it matters: without an id it has no address, and its tick no key.

    Example: a topic called `???`

    Use instead: `{text: "???", id: open-questions}`
    """
    for entity in index.entities:
        if isinstance(entity, Named) and not entity.id:
            yield empty_id.at(
                _id_span(entity),
                "no id can be derived from words without a letter or digit",
                hint="add `id:` with one of your choice",
            )


@rule("RS103", "malformed-id", Severity.ERROR)
def malformed_id(index: Index) -> Iterator[Diagnostic]:
    """A pinned id is not written as ids are.

    What it checks: ids, names of folders and files, and former ids under `moved` are lower case
    words joined by hyphens.

    Why it matters: ids stand in addresses and in the keys of ticks.

    Example: `id: My Week`

    Use instead: `id: my-week`
    """
    for entity in index.entities:
        if not isinstance(entity, Named):
            continue
        if entity.pinned and entity.id and slug(entity.id) != entity.id:
            yield malformed_id.at(
                _id_span(entity),
                f"`{entity.id[:60]}` is not an id",
                hint=f"write it `{slug(entity.id) or 'like-this'}`",
            )
        for position, former in enumerate(getattr(entity, "moved", ())):
            if slug(former) != former:
                yield malformed_id.at(
                    entity.node.at("moved", position),
                    f"`{former[:60]}` is not an id",
                    hint=f"write it `{slug(former) or 'like-this'}`, without slashes",
                )
    about = index.curriculum.about
    if slug(about.id) != about.id or not about.id:
        yield malformed_id.at(
            about.node.at("id"),
            f"`{about.id[:60]}` is not an id",
            hint=f"write it `{slug(about.id) or 'like-this'}`",
        )


_CONTENT = ("topics", "key_concepts", "practice", "projects", "resources", "interview", "advice")


@rule("RS104", "empty-week", Severity.ERROR)
def empty_week(index: Index) -> Iterator[Diagnostic]:
    """A week, phase, module or branch has nothing in it.

    What it checks: each has at least one topic, practice item, project, resource or question
    bank, or parts that do.

    Why it matters: its page would say nothing, and it would count as done at once.

    Example: a week of only `title:` and `week:`

    Use instead: at least `topics:` with one entry.
    """
    for entity in index.entities:
        if not isinstance(entity, Block) or entity.node.span.file.path in index.curriculum.broken:
            continue
        parts = [
            *getattr(entity, "modules", ()),
            *getattr(entity, "weeks", ()),
            *getattr(entity, "branches", ()),
        ]
        if not parts and not any(getattr(entity, name) for name in _CONTENT):
            kinds = {Week: "week", Phase: "phase", Module: "module", Branch: "branch"}
            yield empty_week.at(
                _id_span(entity),
                f"this {kinds[type(entity)]} has nothing in it",
                hint="add `topics:` with what it teaches",
            )


def _sequence_faults(
    numbered: list[tuple[Named, Numbers, Span]], unit: str, gap_rule: bool, where: str
) -> Iterator[tuple[Span, str, tuple[Related, ...]]]:
    """Gaps (`gap_rule`) or overlaps in a run of numbers that begins at 1."""
    expected = 1
    before: Span | None = None
    for _, numbers, span in numbered:
        related = (Related(before, "the one before"),) if before else ()
        if gap_rule and numbers.first > expected:
            missing = Numbers(expected, numbers.first - 1)
            yield span, f"{unit} {missing} of {where} is missing before {unit} {numbers}", related
        if not gap_rule and numbers.first < expected:
            yield span, f"{unit} {numbers} of {where} begins before its turn", related
        expected = max(expected, numbers.last + 1)
        before = span


def _sequences(
    index: Index,
) -> Iterator[tuple[list[tuple[Named, Numbers, Span]], str, str]]:
    """Every run of numbers: weeks of a track or of each month, months, spans of weeks."""
    for track in index.curriculum.tracks:
        if not _is_whole(index, track):
            continue
        months: list[tuple[Named, Numbers, Span]] = [
            (p, p.month, p.node.at("month")) for p in track.phases if p.month
        ]
        yield months, "month", "the track"
        spans: list[tuple[Named, Numbers, Span]] = [
            (p, p.week, p.node.at("week")) for p in track.phases if p.week
        ]
        if spans:
            yield spans, "week", "the track"
        if track.week_numbers == "track":
            yield [(w, w.week, w.node.at("week")) for _, w in weeks_of(track)], "week", "the track"
        else:
            for phase in track.phases:
                yield [(w, w.week, w.node.at("week")) for w in phase.weeks], "week", "its month"


def _is_whole(index: Index, track: Track) -> bool:
    """Whether all of a track could be read; half of one would look full of gaps."""
    return not any(path.startswith(f"tracks/{track.id}/") for path in index.curriculum.broken) and (
        len(track.phases) == len(track.months)
    )


@rule("RS105", "week-gap", Severity.ERROR)
def week_gap(index: Index) -> Iterator[Diagnostic]:
    """A number is missing in the run of weeks or months.

    What it checks: weeks (through the track or within their month, as `week_numbers` says) and
    months begin at 1 and leave none out.

    Why it matters: a learner would look for the missing week.

    Example: `week: 3` and then `week: 5`

    Use instead: `week: 4`, or a span: `week: 3-4`
    """
    for numbered, unit, where in _sequences(index):
        for span, message, related in _sequence_faults(numbered, unit, True, where):
            yield week_gap.at(span, message, hint="number in one run from 1", related=related)


@rule("RS106", "week-overlap", Severity.ERROR)
def week_overlap(index: Index) -> Iterator[Diagnostic]:
    """Two weeks or months have the same number, or stand out of order.

    What it checks: each week and month begins after the one before it ends.

    Why it matters: order is list order; a number that disagrees misleads.

    Example: `week: 3-4` and then `week: 4`

    Use instead: `week: 5`
    """
    for numbered, unit, where in _sequences(index):
        for span, message, related in _sequence_faults(numbered, unit, False, where):
            yield week_overlap.at(span, message, hint="number in one run from 1", related=related)


WEEKS_A_MONTH = 4


@rule("RS107", "unfilled-month", Severity.WARNING)
def unfilled_month(index: Index) -> Iterator[Diagnostic]:
    """The weeks of a month do not fill it.

    What it checks: a month with weeks has four of them, a span of months four for each month.

    Why it matters: a learner who plans by the calendar has weeks without content, or too many.

    Example: `month: 1-2` with `week: 1-2` and `week: 3-4`

    Use instead: weeks 5-8 as well; or accept it where the source is like this:
    `accept: {RS107: "the document plans four of eight weeks"}`
    """
    for track in index.curriculum.tracks:
        if not _is_whole(index, track):
            continue
        for phase in track.phases:
            if phase.month and phase.weeks:
                planned = sum(week.week.count for week in phase.weeks)
                wanted = phase.month.count * WEEKS_A_MONTH
                if planned != wanted:
                    yield unfilled_month.at(
                        phase.node.at("month"),
                        f"month {phase.month} has {planned} weeks of content, not {wanted}",
                        hint="add or join weeks, or accept it with a reason",
                    )


@rule("RS108", "length-mismatch", Severity.WARNING)
def length_mismatch(index: Index) -> Iterator[Diagnostic]:
    """The track's length is not where its months or weeks end.

    What it checks: `length` in months equals the last month, in weeks the last week.

    Why it matters: the length is what a learner chooses a track by.

    Example: `length: 3mo` and a month 4

    Use instead: `length: 4mo`
    """
    for track in index.curriculum.tracks:
        if not _is_whole(index, track):
            continue
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
            said = [name for name in ("month", "week", "length", "ongoing") if getattr(phase, name)]
            if len(said) != 1:
                found = "nothing" if not said else " and ".join(f"`{name}`" for name in said)
                yield undated_phase.at(
                    _id_span(phase),
                    f"the phase says {found} of when it is",
                    hint="give exactly one of `month`, `week`, `length` and `ongoing`",
                )


@rule("RS110", "orphan-file", Severity.ERROR)
def orphan_file(index: Index) -> Iterator[Diagnostic]:
    """A file that nothing refers to.

    What it checks: each YAML file below the curriculum folder is read: months are listed in their
    track, tracks and banks in `curriculum.yml`, and there are no others.

    Why it matters: what stands in it is not on the site, and nobody notices.

    Example: `tracks/python/extras.yml`, but `months: [basics]`

    Use instead: `months: [basics, extras]`
    """
    for file in index.curriculum.unread:
        if any(
            file.path.startswith(f"tracks/{name}/") for name in _unlisted_tracks(index)
        ) and not file.path.endswith("/track.yml"):
            continue  # said once, of its track.yml
        yield orphan_file.at(
            Span.whole(file),
            "nothing refers to this file",
            hint="list it where its kind is listed, or delete it",
        )


def _unlisted_tracks(index: Index) -> set[str]:
    listed = set(index.curriculum.about.tracks)
    return {name for name in index.curriculum.declared["tracks"] if name not in listed}


@rule("RS111", "lone-branch", Severity.ERROR)
def lone_branch(index: Index) -> Iterator[Diagnostic]:
    """A choice without anything to choose.

    What it checks: a phase with `branches` has at least two, and says in `choose` how to choose;
    a phase with weeks has no branches or modules of its own.

    Why it matters: the learner is asked to pick one.

    Example: `branches:` with one entry

    Use instead: `modules:` for parts that everybody goes through.
    """
    for track in index.curriculum.tracks:
        for phase in track.phases:
            where = _id_span(phase)
            if phase.branches and (len(phase.branches) < 2 or not phase.choose):
                yield lone_branch.at(
                    where,
                    "a phase with branches needs two of them, and `choose`",
                    hint="add `choose:` with a sentence on how to choose",
                )
            if phase.choose and not phase.branches:
                yield lone_branch.at(
                    where, "the phase says how to choose, but has no branches", hint="add them"
                )
            if phase.weeks and (
                phase.branches
                or phase.modules
                or any(getattr(phase, name) for name in _CONTENT)
            ):
                yield lone_branch.at(
                    where,
                    "a phase with weeks keeps what is to learn in its weeks",
                    hint="move it into a week, or drop `weeks:`",
                )


@rule("RS112", "aimless-mention", Severity.ERROR)
def aimless_mention(index: Index) -> Iterator[Diagnostic]:
    """A mention of no resource, or of several in two ways.

    What it checks: each has exactly one of `ref`, `any_of` and `all_of`, the latter two with at
    least two resources.

    Why it matters: its link and its tick's id come from there.

    Example: `- part: Chapter 3`

    Use instead: `- {ref: python-crash-course, part: Chapter 3}`
    """
    for entity in index.entities:
        if isinstance(entity, Mention):
            ways = [w for w in (entity.ref, entity.any_of, entity.all_of) if w]
            if len(ways) != 1 or (not entity.ref and len(entity.refs) < 2):
                yield aimless_mention.at(
                    _id_span(entity),
                    "a mention names one resource by `ref`, or several by `any_of` or `all_of`",
                    hint="keep exactly one of the three, with two or more in a list",
                )


@rule("RS113", "moved-in-use", Severity.ERROR)
def moved_in_use(index: Index) -> Iterator[Diagnostic]:
    """A former id is somebody else's.

    What it checks: no id under `moved` is a place's id today, or stands under two of them.

    Why it matters: the old address cannot lead to two pages.

    Example: `moved: [cnns]` while another week is called CNNs

    Use instead: `id:` on the other week.
    """
    c = index.curriculum
    groups: list[Iterable[Named]] = [c.tracks, c.topics.values()]
    groups += [[spot.entity for spot in index.places[track.id]] for track in c.tracks]
    for group in groups:
        entities = list(group)
        taken: dict[str, Named] = {entity.id: entity for entity in entities}
        for entity in entities:
            for position, former in enumerate(getattr(entity, "moved", ())):
                other = taken.setdefault(former, entity)
                if other is not entity or former == entity.id:
                    yield moved_in_use.at(
                        entity.node.at("moved", position),
                        f"the former id `{former}` is in use",
                        hint="drop it, or pin another id on the other one",
                        related=(Related(_id_span(other), "by this"),),
                    )


@rule("RS114", "long-short-title", Severity.WARNING)
def long_short_title(index: Index) -> Iterator[Diagnostic]:
    """A track's short title is not short, or not its own.

    What it checks: it has at most 24 characters, and no two tracks share one.

    Why it matters: it stands beside every search hit and on every phone screen.

    Example: `short_title: The complete roadmap for engineers`

    Use instead: `short_title: Engineers`
    """
    seen: dict[str, Track] = {}
    for track in index.curriculum.tracks:
        span = track.node.at("short_title")
        if len(track.short_title) > SHORT_TITLE_LENGTH:
            yield long_short_title.at(
                span,
                f"the short title has {len(track.short_title)} characters",
                hint=f"keep it within {SHORT_TITLE_LENGTH}",
            )
        other = seen.setdefault(track.short_title.casefold(), track)
        if other is not track:
            yield long_short_title.at(
                span,
                "another track has this short title",
                hint="tell the two apart",
                related=(Related(other.node.at("short_title"), "this one"),),
            )


RULES = (
    duplicate_id,
    empty_id,
    malformed_id,
    empty_week,
    week_gap,
    week_overlap,
    unfilled_month,
    length_mismatch,
    undated_phase,
    orphan_file,
    lone_branch,
    aimless_mention,
    moved_in_use,
    long_short_title,
)

"""RS1xx: ids, order, emptiness, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from roadmap_site.load.decode import nearest
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
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, cited, rule
from roadmap_site.model.index import Index
from roadmap_site.model.source import MappingNode, Span
from roadmap_site.model.values import Numbers, slug

SHORT_TITLE_LENGTH = 24
"""Characters of a track's short title: what a phone shows of it beside a search hit's title."""


def _id_span(entity: Named) -> Span:
    """Where an entity's id comes from: its pin, else its words."""
    if entity.id_node:
        return entity.id_node.span
    for name in ("ref", "any_of", "all_of", "bank", "text", "title"):
        if words := entity.node.under(name):
            return words.span
    return entity.node.span


def _namespace(index: Index, track: Track) -> list[Named]:
    """What shares one namespace of ids in a track: its places, and the phases that have weeks."""
    places = [spot.entity for spot in index.places[track.id]]
    return [*places, *(phase for phase in track.phases if phase.weeks)]


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
    whatever their kind or depth, and no two modules or branches; and no two files of the library
    hold the same resource.

    Why it matters: a tick is stored under track, place and item. Two items with one id would tick
    together, and nothing may be numbered silently, or a later edit would move the ticks.

    Example: `- Practice` under both the topics and the projects of one week.

    Use instead: `id:` on one of the two: `{text: Practice, id: practice-again}`.
    """
    hint = "drop one of the two, or give it an `id:` of its own"
    for track in index.curriculum.tracks:
        for entity, other in _repeated(_namespace(index, track)):
            yield duplicate_id.at(
                _id_span(entity),
                f"the id {cited(entity.id)} is taken in this track",
                hint=hint,
                related=(Related(_id_span(other), "by this"),),
            )
        for spot in index.places[track.id]:
            for entity, other in _repeated(tick.entity for tick in spot.ticks):
                yield duplicate_id.at(
                    _id_span(entity),
                    f"the id {cited(entity.id)} is taken at this place",
                    hint=hint,
                    related=(Related(_id_span(other), "by this"),),
                )
            if isinstance(spot.entity, Week | Phase):
                branches = spot.entity.branches if isinstance(spot.entity, Phase) else ()
                for entity, other in _repeated([*spot.entity.modules, *branches]):
                    yield duplicate_id.at(
                        _id_span(entity),
                        f"the id {cited(entity.id)} is taken by a part of this place",
                        hint=hint,
                        related=(Related(_id_span(other), "by this"),),
                    )
    for bank in index.curriculum.banks.values():
        for entity, other in _repeated(bank.questions):
            yield duplicate_id.at(
                _id_span(entity),
                f"the id {cited(entity.id)} is taken in this bank",
                hint=hint,
                related=(Related(_id_span(other), "by this"),),
            )
    for key, first in index.curriculum.twice.items():
        for again in first[1:]:
            yield duplicate_id.at(
                again.span,
                f"the resource {cited(key)} stands in the library a second time",
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
        if isinstance(entity, Mention) and not entity.refs:
            continue  # said by aimless-mention
        if isinstance(entity, Named) and not entity.id and not entity.pinned:
            yield empty_id.at(
                _id_span(entity),
                "no id can be derived from words without a letter or digit",
                hint="add `id:` with one of your choice",
            )


@rule("RS103", "malformed-id", Severity.ERROR)
def malformed_id(index: Index) -> Iterator[Diagnostic]:
    """A pinned id is not written as ids are.

    What it checks: ids, the names of tracks' folders and banks' files, and former ids under
    `moved` are lower case words joined by hyphens.

    Why it matters: ids stand in addresses and in the keys of ticks.

    Example: `id: My Week`

    Use instead: `id: my-week`
    """
    for id, span, action in _written_ids(index):
        if slug(id) != id or not id:
            yield malformed_id.at(
                span, f"{cited(id)} is not an id", hint=f"{action} `{slug(id) or 'like-this'}`"
            )


def _written_ids(index: Index) -> Iterator[tuple[str, Span, str]]:
    """Every id that an editor wrote, where, and what is to be done to change it."""
    c = index.curriculum
    yield c.about.id, c.about.node.at("id"), "write it"
    for position, track in enumerate(c.about.tracks):
        if track in c.declared["tracks"]:
            yield track, c.about.node.at("tracks", position), "rename the folder, and write it"
    for position, bank in enumerate(c.about.banks):
        if bank in c.declared["banks"]:
            yield bank, c.about.node.at("banks", position), "rename the file, and write it"
    areas = c.vocabulary.node.under("areas") if c.vocabulary else None
    if isinstance(areas, MappingNode):
        for area, key, _ in areas:
            yield area, key.span, "write it"
    for entity in index.entities:
        if isinstance(entity, Named):
            if entity.id_node:
                yield entity.id, entity.id_node.span, "write it"
            for name in ("moved", "retired"):
                for position, former in enumerate(getattr(entity, name, ())):
                    # Each step of a path is an id; how many there may be, misplaced-path says.
                    for step in former.split("/"):
                        yield step, entity.node.at(name, position), "write each id as"


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
        if not isinstance(entity, Block) or entity.node.file.path in index.curriculum.broken:
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
    """The weeks of a month do not fill it.

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
    c = index.curriculum
    listed: dict[str, Sequence[str]] = {"tracks/": c.about.tracks, "questions/": c.about.banks}
    listed |= {f"tracks/{track.id}/": track.months for track in c.tracks}
    # The tracks that are not listed, and those that are but have no track.yml.
    faulty = {f"tracks/{name}/" for name in set(c.about.tracks) ^ c.declared["tracks"]}
    read = {_listing(path)[1:] for path in c.files}
    for file in c.unread:
        by, folder, name = _listing(file.path)
        missing = [other for other in listed.get(folder, ()) if (folder, other) not in read]
        if by in c.broken or nearest(name, missing):
            continue  # the list could not be read, or it misspells the name, which is said there
        if folder in faulty:
            continue  # said once, of the track
        if not by:
            hint = "delete it, or move it to where files of its kind stand"
        elif name in listed.get(folder, ()):
            hint = "delete it: another file of this name is read"
        else:
            hint = f"add {cited(name)} to the list in {cited(by)}, or delete the file"
        yield orphan_file.at(Span.whole(file), "nothing refers to this file", hint=hint)


def _listing(path: str) -> tuple[str, str, str]:
    """Which file lists the file at a path, in which folder and under which name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    match folder.split("/"):
        case ["tracks", track] if stem == "track":
            return "curriculum.yml", "tracks/", track
        case ["tracks", _]:
            return f"{folder}/track.yml", f"{folder}/", stem
        case ["questions"]:
            return "curriculum.yml", "questions/", stem
    return "", f"{folder}/", stem


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
            if phase.node.file.path in index.curriculum.broken:
                continue
            node = phase.node
            if len(phase.branches) == 1:
                yield lone_branch.at(
                    node.key_span("branches"),
                    "the phase has one branch only",
                    hint="add another, or make it one of `modules:`, which everybody goes through",
                )
            if phase.branches and not phase.choose:
                yield lone_branch.at(
                    node.key_span("branches"),
                    "the phase has branches, but does not say how to choose",
                    hint="add `choose:` with a sentence on it",
                )
            if phase.choose and not phase.branches:
                yield lone_branch.at(
                    node.key_span("choose"),
                    "the phase says how to choose, but has no branches",
                    hint="add `branches:`, or drop `choose:`",
                )
            beside = [n for n in ("branches", "modules", *_CONTENT) if getattr(phase, n)]
            if phase.weeks and beside:
                yield lone_branch.at(
                    node.key_span(beside[0]),
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
            if len(ways) < 2 and entity.node.file.path in index.curriculum.broken:
                continue  # it may well say more, but unreadably
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
    groups: list[Iterable[Named]] = [c.tracks, c.topics.values(), c.banks.values()]
    groups += [_namespace(index, track) for track in c.tracks]
    for group in groups:
        entities = list(group)
        taken: dict[str, Named] = {entity.id: entity for entity in entities}
        for entity in entities:
            for position, former in enumerate(getattr(entity, "moved", ())):
                other = taken.setdefault(former, entity)
                if other is not entity or former == entity.id:
                    yield moved_in_use.at(
                        entity.node.at("moved", position),
                        f"the former id {cited(former)} is in use",
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


_PAGE_NUMBER = re.compile(r"page-\d+", re.ASCII)


@rule("RS115", "reserved-id", Severity.ERROR)
def reserved_id(index: Index) -> Iterator[Diagnostic]:
    """An id that the site needs for itself.

    What it checks: no place or phase is called `all`, no track `site` or `moves` and no topic
    `page-2` or the like, now or formerly.

    Why it matters: the site makes pages and files of these names, and one would hide the other.

    Example: a week called All

    Use instead: `id: all-together` on that week.
    """
    c = index.curriculum
    groups: list[tuple[Iterable[Named], Callable[[str], object], str]] = [
        (c.tracks, ("site", "moves").__contains__, "rename the folder"),
        (c.topics.values(), _PAGE_NUMBER.fullmatch, "choose another"),
        *((_namespace(index, track), "all".__eq__, "pin another with `id:`") for track in c.tracks),
    ]
    for entities, is_reserved, hint in groups:
        for entity in entities:
            wanted = [(entity.id, _id_span(entity), hint)]
            for position, former in enumerate(getattr(entity, "moved", ())):
                wanted.append((former, entity.node.at("moved", position), "drop it"))
            for id, span, mending in wanted:
                if is_reserved(id):
                    message = f"the site needs the id {cited(id)} for itself"
                    yield reserved_id.at(span, message, hint=mending)


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
    reserved_id,
)

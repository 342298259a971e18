"""A week, a month or a track more, in a curriculum that is there.

Nothing is written here: what comes back is the files as they would be. All that was there before
stays to the letter, but for numbers, lists and lengths that have to say something new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from roadmap_site.check import check
from roadmap_site.edit import append_to_list, apply_edits, set_scalar
from roadmap_site.load import load_files
from roadmap_site.load.files import Files, InMemory
from roadmap_site.load.nodes import parse
from roadmap_site.load.project import YAML_ENDINGS
from roadmap_site.model.curriculum import Curriculum, Phase, Track, Week
from roadmap_site.model.diagnostic import Edit, Report
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span
from roadmap_site.model.values import Numbers
from roadmap_site.style import format_source
from roadmap_site.style.scalars import written


class CannotAddError(Exception):
    """The place does not take what is to be added; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """A topic to learn; `teaches` is None where its text is the name of a canonical one."""

    text: str
    teaches: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewWeek:
    """A week; `number` is where it goes, the month's end unless given, and `count` how many."""

    title: str
    topics: Sequence[NewItem]
    number: Numbers | None = None
    time: str = ""
    resources: Sequence[str] = ()
    projects: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewMonth:
    """A month file and its first week.

    Where a track goes by weeks the month itself has what its week has.
    """

    stem: str
    title: str
    week: NewWeek


@dataclass(frozen=True, slots=True)
class NewTrack:
    """A track with its first month; `keys` are what `track.yml` says, in order."""

    id: str
    keys: Mapping[str, str]
    source: str
    month: NewMonth


@dataclass
class Addition:
    """The files as they would be; `new` names those that are not there yet.

    `step` is the path and the keys and indexes that lead to what was added.
    """

    path: str
    step: tuple[str | int, ...]
    texts: dict[str, str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def add_week(curriculum: Curriculum, track: Track, phase: Phase, week: NewWeek) -> Addition:
    """A week more in a month; those after it are numbered anew."""
    weeks = phase.node.under("weeks")
    path = phase.node.file.path
    if not phase.weeks or not isinstance(weeks, SequenceNode):
        raise CannotAddError(f"{path} has no weeks to add one to: all of it is one place")
    if weeks.span.text[:1] != "-" or len(phase.weeks) != len(weeks.children):
        raise CannotAddError(f"the weeks of {path} are not written as a list of lines")
    number = week.number or Numbers(phase.weeks[-1].week.last + 1, phase.weeks[-1].week.last + 1)
    position = _position(phase, number)
    edits = _renumbered(track, phase, position, number.count)
    lines = _week_lines(replace(week, number=number), weeks.span.column - 1)
    edits.append(_inserted(phase, weeks, position, lines))
    addition = Addition(path, ("weeks", position))
    later = [numbers for numbers in _run(track, phase) if numbers.first >= number.first]
    if later:
        first, last = later[0].first, later[-1].last
        moved = Numbers(first, last)
        shifted = Numbers(first + number.count, last + number.count)
        noun = "week" if moved.count == 1 else "weeks"
        verb = "is" if moved.count == 1 else "are"
        addition.notes.append(f"{noun} {moved} {verb} {shifted} now; no tick depends on a number")
    edits += _length(track, addition, weeks_more=number.count)
    _apply(curriculum, edits, addition)
    return addition


def goes_by_weeks(track: Track) -> bool:
    """Whether its months are spans of weeks, each one place with topics of its own."""
    return any(phase.week for phase in track.phases)


def add_month(curriculum: Curriculum, track: Track, month: NewMonth) -> Addition:
    """A month more at the end of a track."""
    path = f"tracks/{track.id}/{month.stem}.yml"
    if month.stem in track.months or month.stem == "track":
        raise CannotAddError(f"the track has a file {month.stem} already: give another name")
    months = track.node.under("months")
    listed = append_to_list(months, month.stem) if months else None
    if not listed:
        raise CannotAddError(
            f"`months` of {track.node.file.path} is not written as a list of names"
        )
    by_weeks = goes_by_weeks(track)
    if by_weeks:
        last = max(phase.week.last for phase in track.phases if phase.week)
    else:
        last = max((phase.month.last for phase in track.phases if phase.month), default=0)
    edits = [listed]
    addition = Addition(path, (), new=[path])
    runs_on = track.week_numbers == "track" or by_weeks
    begins = max((numbers.last for numbers in _run(track, None)), default=0) + 1 if runs_on else 1
    count = month.week.number.count if month.week.number else 1
    week = replace(month.week, number=Numbers(begins, begins + count - 1))
    when = f"week: {Numbers(last + 1, last + count)}" if by_weeks else f"month: {last + 1}"
    addition.texts[path] = _month_text(month, week, when)
    edits += _length(
        track, addition, weeks_more=count if runs_on else 0, months_more=0 if by_weeks else 1
    )
    _apply(curriculum, edits, addition)
    return addition


def add_track(curriculum: Curriculum, track: NewTrack) -> Addition:
    """A track more, with a month and a week."""
    folder = f"tracks/{track.id}"
    taken = {*curriculum.about.tracks, *curriculum.declared.get("tracks", ())}
    if track.id in taken:
        raise CannotAddError(f"there is a track {track.id} already: give another id")
    tracks = curriculum.about.node.under("tracks")
    listed = append_to_list(tracks, track.id) if tracks else None
    if not listed:
        raise CannotAddError("`tracks` of curriculum.yml is not written as a list of names")
    path, month_path = f"{folder}/track.yml", f"{folder}/{track.month.stem}.yml"
    lines = [f"{key}: {written(value)}" for key, value in track.keys.items()]
    lines += ["months:", f"  - {track.month.stem}", "source:", f"  title: {written(track.source)}"]
    week = replace(track.month.week, number=Numbers(1, 1))
    addition = Addition(path, (), new=[path, month_path])
    addition.texts[path] = _styled("\n".join(lines) + "\n")
    addition.texts[month_path] = _month_text(track.month, week, "month: 1")
    _apply(curriculum, [listed], addition)
    return addition


def outcome(files: Files, addition: Addition) -> Report:
    """What a check finds once the addition is made."""
    contents = {path: files.read(path) for path in files.paths if path.endswith(YAML_ENDINGS)}
    contents |= {path: text.encode() for path, text in addition.texts.items()}
    return check(load_files(InMemory(contents)))


def place_of(addition: Addition) -> int:
    """The line on which what was added begins."""
    node, _ = parse(SourceFile(addition.path, addition.texts[addition.path]))
    return node.at(*addition.step).line if node else 1


# ------------------------------------------------------------------------------- numbers


def _run(track: Track, phase: Phase | None) -> list[Numbers]:
    """The numbers that make one run with those of a phase's weeks."""
    if track.week_numbers == "month":
        return [week.week for week in phase.weeks] if phase else []
    places = [place for p in track.phases for place in (p.weeks or (p,))]
    return [place.week for place in places if place.week]


def _position(phase: Phase, number: Numbers) -> int:
    """Where among a month's weeks a number belongs."""
    firsts = [week.week.first for week in phase.weeks]
    allowed = [*firsts, phase.weeks[-1].week.last + 1]
    if number.first not in allowed:
        raise CannotAddError(
            f"week {number.first} would leave a gap here, or stand inside of another week: "
            f"this month takes {', '.join(map(str, allowed[:-1]))} or {allowed[-1]}"
        )
    return allowed.index(number.first)


def _renumbered(track: Track, phase: Phase, position: int, count: int) -> list[Edit]:
    edits = []
    moved = list(phase.weeks[position:])
    if track.week_numbers == "track":
        after = track.phases[track.phases.index(phase) + 1 :]
        moved += [week for later in after for week in later.weeks]
        if phase.week:
            edits.append(_numbered(phase, replace(phase.week, last=phase.week.last + count)))
        edits += [_shifted(later, count) for later in after if later.week]
    return edits + [_shifted(week, count) for week in moved]


def _shifted(place: Week | Phase, count: int) -> Edit:
    assert place.week
    first, last = place.week.first + count, place.week.last + count
    return _numbered(place, replace(place.week, first=first, last=last))


def _numbered(place: Week | Phase, numbers: Numbers) -> Edit:
    return _rewritten(place.node, "week", str(numbers))


def _rewritten(node: Node, key: str, text: str) -> Edit:
    value = node.under(key)
    edit = set_scalar(value, text) if value else None
    if not edit:
        raise CannotAddError(
            f"`{key}` in line {node.key_span(key).line} of {node.file.path} cannot be changed: "
            "write its value there, on one line"
        )
    return edit


def _length(
    track: Track, addition: Addition, *, weeks_more: int, months_more: int = 0
) -> list[Edit]:
    """The track's length where it counts what there is more of now, and was right before."""
    length = track.length
    if length.unit == "mo":
        more, last = months_more, max((p.month.last for p in track.phases if p.month), default=0)
    elif length.unit == "w" and track.week_numbers == "track":
        more = weeks_more
        last = max((numbers.last for numbers in _run(track, None)), default=0)
    else:
        return []
    if not more or length.high != last:
        return []
    is_range = length.low != length.high
    new = replace(
        length, low=length.low if is_range else length.low + more, high=length.high + more
    )
    text = f"{new.amount}{new.unit}"
    addition.notes.append(f"the track's length is {text} now")
    return [_rewritten(track.node, "length", text)]


# ---------------------------------------------------------------------------------- texts


def _week_lines(week: NewWeek, indent: int) -> list[str]:
    """A week as an entry of `weeks`, its dash at `indent`."""
    assert week.number
    lines = ["weeks:", f"- title: {written(week.title)}", f"  week: {week.number}"]
    if week.time:
        lines.append(f"  time: {week.time}")
    lines += [f"  {line}" for line in _content_lines(week)]
    styled = _styled("\n".join(lines) + "\n").split("\n")[1:-1]
    return [" " * indent + line[2:] if line else "" for line in styled]


def _content_lines(week: NewWeek) -> list[str]:
    lines = ["topics:"]
    for item in week.topics:
        if item.teaches is None:
            lines.append(f"- {written(item.text)}")
        else:
            lines += [f"- text: {written(item.text)}", f"  teaches: [{', '.join(item.teaches)}]"]
    if week.projects:
        lines += ["projects:", *(f"- {written(title)}" for title in week.projects)]
    if week.resources:
        lines += ["resources:", *(f"- {ref}" for ref in week.resources)]
    return lines


def _month_text(month: NewMonth, week: NewWeek, when: str) -> str:
    lines = [f"title: {written(month.title)}", when]
    if when.startswith("week:"):
        # The phases of such a track are places themselves.
        lines += [f"time: {week.time}"] if week.time else []
        lines += _content_lines(week)
    else:
        lines += ["weeks:", *_week_lines(week, 2)]
    return _styled("\n".join(lines) + "\n")


def _styled(text: str) -> str:
    return format_source(SourceFile("new.yml", text)).text


def _inserted(phase: Phase, weeks: SequenceNode, position: int, lines: list[str]) -> Edit:
    file = weeks.file
    newline = file.newline
    text = newline.join(lines)
    if position == 0:
        # Right below `weeks:`, so that the comments above the first week stay with it.
        number = phase.node.key_span("weeks").line
        return Edit(_end_of_line(file, number), f"{newline}{text}{newline}")
    number = _last_line(weeks.children[position - 1])
    # The comments at a week's end are indented further than its dash.
    for later in range(number + 1, len(file.lines) + 1):
        line = file.line(later)
        if line.strip() and not re.match(rf" {{{weeks.span.column},}}#", line):
            break
        number = later if line.strip() else number
    return Edit(_end_of_line(file, number), f"{newline}{newline}{text}")


def _last_line(node: Node) -> int:
    """The line on which a value ends, blank lines left out."""
    source = node.span.text
    if isinstance(node, SequenceNode) and source[:1] == "-":
        return _last_line(node.children[-1])
    if isinstance(node, MappingNode) and source[:1] != "{" and node.pairs:
        return _last_line(list(node.pairs.values())[-1][1])
    if isinstance(node, ScalarNode) and re.match(r"[|>]\d?\+", source):
        raise CannotAddError(
            f"the text in line {node.span.line} of {node.file.path} keeps the blank lines below "
            "it: begin it with | or |- first"
        )
    return node.span.line + len(re.findall("\n", source.rstrip()))


def _end_of_line(file: SourceFile, number: int) -> Span:
    column = len(file.line(number)) + 1
    return Span(file, number, column, number, column)


def _apply(curriculum: Curriculum, edits: Sequence[Edit], addition: Addition) -> None:
    """The edits made to their files; a file that was in style is so afterwards."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.span.file.path, []).append(edit)
    for path, some in by_file.items():
        file = curriculum.files[path]
        text = apply_edits(file, some)
        if format_source(file).text == file.text:
            text = format_source(SourceFile(path, text)).text
        addition.texts[path] = text

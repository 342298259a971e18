"""`roadmap-site add`: a week, a month or a track more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from roadmap_site.check import check as check_curriculum
from roadmap_site.cli.schema import refresh_schemas
from roadmap_site.cli.terminal import FAULTS, CannotRun, is_colored, prefix_of
from roadmap_site.edit import FileChangedError, save, unified_diff
from roadmap_site.load import load_files
from roadmap_site.load.files import Folder
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.load.spelling import nearest
from roadmap_site.model.curriculum import Curriculum, Phase, Track
from roadmap_site.model.diagnostic import Diagnostic, Report, Severity, cited
from roadmap_site.model.index import Index, normal_name
from roadmap_site.model.source import SourceFile
from roadmap_site.model.values import Duration, Numbers, slug
from roadmap_site.report.text import diagnostic_text, printable
from roadmap_site.scaffold.add import (
    Addition,
    CannotAddError,
    NewItem,
    NewMonth,
    NewTrack,
    NewWeek,
    add_month,
    add_track,
    add_week,
    goes_by_weeks,
    outcome,
    place_of,
)

T = TypeVar("T")
Command = Callable[..., None]
LEVELS = ("beginner", "intermediate", "advanced")
SHORT_TITLE = 24

MOST_NAMED = 12
"""Names that are listed where one is not known."""


@click.group()
def add() -> None:
    """Add a week, a month or a track to the curriculum.

    Asks for what it needs on a terminal; elsewhere it takes options, and says which one is
    missing. What is there stays as it is, and nothing is written that `check` would refuse.

    \b
    Examples:
      roadmap-site add week
      roadmap-site add week --track python --month basics --title Recursion --topic Functions
      roadmap-site add month --track python --title Databases --week-title SQL --topic Joins --diff
    """  # noqa: D301 - \b keeps lines apart


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_ANYWHERE = _options(
    click.option(
        "-C",
        "--folder",
        default="curriculum",
        show_default=True,
        type=click.Path(path_type=Path),
        help="The curriculum.",
    ),
    click.option("--dry-run", "--diff", "dry_run", is_flag=True, help="Write nothing; show it."),
)
_TOPICS = _options(
    click.option("--topic", "topics", multiple=True, help="Something to learn (again for more)."),
    click.option(
        "--teaches",
        nargs=2,
        multiple=True,
        metavar="TOPIC IDS",
        help="The canonical topics, parted by commas, that one of these teaches.",
    ),
    click.option("--time", "time", help="Hours it takes: 5-6h."),
    click.option(
        "--resource", "resources", multiple=True, help="A resource's id (again for more)."
    ),
    click.option(
        "--project", "projects", multiple=True, help="Something to build (again for more)."
    ),
)


@add.command()
@_ANYWHERE
@click.option("--track", "track_id", help="The track's id.")
@click.option("--month", help="The month's file, without .yml.")
@click.option("--title", help="The week's title.")
@click.option("--number", help="Its number or span; the end of the month unless given.")
@_TOPICS
def week(
    folder: Path,
    dry_run: bool,
    track_id: str | None,
    month: str | None,
    title: str | None,
    number: str | None,
    **content: Any,
) -> None:
    """Add a week to a month.

    It goes to the month's end unless --number says otherwise; the weeks after it are numbered
    anew. A topic that is a canonical topic's name needs no --teaches.

    \b
    Example:
      roadmap-site add week --track python --month basics --title Recursion \\
          --topic Functions --topic "Call stacks" --teaches "Call stacks" functions,debugging
    """  # noqa: D301 - \b keeps lines apart
    files, curriculum, before = _open(folder)
    track = _track(curriculum, track_id)
    takers = {_stem(phase): phase for phase in track.phases if phase.weeks}
    if not takers:
        raise CannotRun(f"no month of {printable(track.id)} has weeks; add a month first")
    phase = takers[_choice("--month", month, "Into which month", takers, list(takers)[-1])]
    name = _need("--title", title, "Title of the week", _title)
    end = str(phase.weeks[-1].week.last + 1)
    numbers = _need("--number", number, "Its number", _numbers, end)
    new = _week(curriculum, name, numbers, **content)
    _finish(folder, files, before, lambda: add_week(curriculum, track, phase, new), dry_run)


@add.command()
@_ANYWHERE
@click.option("--track", "track_id", help="The track's id.")
@click.option("--title", help="The month's title.")
@click.option("--file", "stem", help="Its file's name without .yml; from its title unless given.")
@click.option("--week-title", help="The title of its first week.")
@_TOPICS
def month(
    folder: Path,
    dry_run: bool,
    track_id: str | None,
    title: str | None,
    stem: str | None,
    week_title: str | None,
    **content: Any,
) -> None:
    """Add a month at the end of a track, with its first week.

    \b
    Example:
      roadmap-site add month --track python --title Databases --week-title SQL --topic Joins
    """  # noqa: D301 - \b keeps lines apart
    files, curriculum, before = _open(folder)
    track = _track(curriculum, track_id)
    if goes_by_weeks(track):
        if week_title is not None:
            raise CannotRun("--week-title: the months of this track are one place each")
        week_title = title = _need("--title", title, "Title of the month", _title)
    new = _month(curriculum, title, stem, week_title, content)
    _finish(folder, files, before, lambda: add_month(curriculum, track, new), dry_run)


@add.command()
@_ANYWHERE
@click.option(
    "--id", "track_id", help="Its id, the name of its folder; from its title unless given."
)
@click.option("--title", help="The track's title.")
@click.option("--short-title", help=f"Its title in {SHORT_TITLE} characters.")
@click.option("--summary", help="What it is, in a sentence or two.")
@click.option("--audience", help="Who it is for.")
@click.option("--builds", help="What its learner builds.")
@click.option("--level", help=f"Where it starts: {', '.join(LEVELS)}.")
@click.option("--source", help="The title of the document it comes from.")
@click.option("--month-title", help="The title of its first month.")
@click.option("--file", "stem", help="That month's file; from its title unless given.")
@click.option("--week-title", help="The title of its first week.")
@_TOPICS
def track(
    folder: Path,
    dry_run: bool,
    track_id: str | None,
    title: str | None,
    short_title: str | None,
    summary: str | None,
    audience: str | None,
    builds: str | None,
    level: str | None,
    source: str | None,
    month_title: str | None,
    stem: str | None,
    week_title: str | None,
    **content: Any,
) -> None:
    """Add a track with its first month and week.

    \b
    Example:
      roadmap-site add track --title "Python in a month" --summary "From nothing to a program." \\
          --audience Anyone --builds "A program" --month-title Basics --week-title Start \\
          --topic Variables
    """  # noqa: D301 - \b keeps lines apart
    files, curriculum, before = _open(folder)
    name = _need("--title", title, "Title of the track", _title)
    keys = {
        "title": name,
        "short_title": _need(
            "--short-title",
            short_title,
            f"Short title, {SHORT_TITLE} characters at most",
            _short,
            name if len(name) <= SHORT_TITLE else None,
        ),
        "summary": _need("--summary", summary, "What it is, in a sentence or two", _text),
        "audience": _need("--audience", audience, "Who it is for", _text),
        "builds": _need("--builds", builds, "What its learner builds", _text),
        "level": _choice("--level", level, "Where it starts", LEVELS, LEVELS[0]),
        "length": "1mo",
    }
    new = NewTrack(
        id=_need("--id", track_id, "Id, the name of its folder", _id, slug(name)),
        keys=keys,
        source=_need("--source", source, "The document it comes from", _text, name),
        month=_month(curriculum, month_title, stem, week_title, content, "--month-title"),
    )
    _finish(folder, files, before, lambda: add_track(curriculum, new), dry_run)


# -------------------------------------------------------------------------------- asking


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _need(
    flag: str,
    given: str | None,
    question: str,
    parse: Callable[[str], T],
    default: str | None = None,
) -> T:
    """What the option says, else what is answered, else the default."""
    if given is None and can_ask():
        answer: T = click.prompt(question, default=default, value_proc=parse)
        return answer
    value = given if given is not None else default
    if value is None:
        raise CannotRun(f"{flag} is missing: give it, or run this on a terminal to be asked")
    try:
        return parse(value)
    except click.BadParameter as error:
        raise CannotRun(f"{flag}: {error.message}") from None


def _choice(
    flag: str, given: str | None, question: str, known: Iterable[str], default: str | None
) -> str:
    names = list(known)
    asked = f"{question} ({', '.join(map(printable, names))})"
    return _need(flag, given, asked, lambda value: _known(value, names), default)


def _some(names: Sequence[str]) -> str:
    """What there is to choose from, as far as a line holds it."""
    more = len(names) - MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"there are {', '.join(names[:MOST_NAMED])}{rest}" if names else "there are none yet"


def _known(value: str, names: Sequence[str]) -> str:
    if value in names:
        return value
    near = nearest(value, names)
    hint = f"did you mean {near}?" if near else _some(names)
    raise click.BadParameter(printable(f"there is no {cited(value)}; {hint}"))


def _text(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise click.BadParameter("it cannot be empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise click.BadParameter("it is not UTF-8") from None
    return text


def _title(value: str) -> str:
    text = _text(value)
    if not slug(text):
        raise click.BadParameter("it needs a letter or a digit, which its address is made of")
    return text


def _short(value: str) -> str:
    text = _text(value)
    if len(text) > SHORT_TITLE:
        raise click.BadParameter(f"it has {len(text)} characters, not {SHORT_TITLE} at most")
    return text


def _id(value: str) -> str:
    if not value or slug(value) != value:
        like = slug(value) or "like-this"
        raise click.BadParameter(printable(f"{cited(value)} is not an id; write it like {like}"))
    return value


def _numbers(value: str) -> Numbers:
    numbers = Numbers.parse(value)
    if not numbers:
        raise click.BadParameter("write it like 3 or 3-4, from 1 to 9999")
    return numbers


def _time(value: str) -> str:
    if value.strip() and not Duration.parse(value):
        raise click.BadParameter("write it like 30min, 5-6h or 10-12h")
    return value.strip()


def _listed(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    names = list(known)

    def parse(value: str) -> tuple[str, ...]:
        given = [name.strip() for name in value.split(",")]
        return tuple(_known(name, names) for name in given if name)

    return parse


def _track(curriculum: Curriculum, given: str | None) -> Track:
    tracks: dict[str, Track] = {track.id: track for track in curriculum.tracks}
    if not tracks:
        raise CannotRun("the curriculum has no tracks; add one first: roadmap-site add track")
    only = next(iter(tracks)) if len(tracks) == 1 else None
    return tracks[_choice("--track", given, "To which track", tracks, only)]


def _stem(phase: Phase) -> str:
    return phase.node.file.path.rpartition("/")[2].rpartition(".")[0]


def _month(
    curriculum: Curriculum,
    title: str | None,
    stem: str | None,
    week_title: str | None,
    content: Mapping[str, Any],
    flag: str = "--title",
) -> NewMonth:
    name = _need(flag, title, "Title of the month", _title)
    file = _need("--file", stem, "Its file, without .yml", _id, slug(name))
    first = _need("--week-title", week_title, "Title of its first week", _title)
    return NewMonth(file, name, _week(curriculum, first, None, **content))


def _week(
    curriculum: Curriculum,
    title: str,
    number: Numbers | None,
    topics: Sequence[str],
    teaches: Sequence[tuple[str, str]],
    time: str | None,
    resources: Sequence[str],
    projects: Sequence[str],
) -> NewWeek:
    asks = can_ask() and not topics
    items = _items(curriculum, topics, dict(teaches))
    if asks:
        time = time if time is not None else _need("--time", None, "Hours", _time, "")
        if not resources:
            parse = _listed(curriculum.resources)
            resources = _need("--resource", None, "Resources, ids with commas", parse, "")
        if not projects:
            projects = _need("--project", None, "A project to build", lambda v: (v,) * bool(v), "")
    return NewWeek(
        title=title,
        topics=items,
        number=number,
        time=_need("--time", time or "", "", _time),
        resources=[
            _need("--resource", ref, "", lambda value: _known(value, list(curriculum.resources)))
            for ref in resources
        ],
        projects=[_need("--project", text, "", _title) for text in projects],
    )


def _items(
    curriculum: Curriculum, topics: Sequence[str], teaches: Mapping[str, str]
) -> list[NewItem]:
    index = Index(curriculum)
    parse = _listed(curriculum.topics)
    if topics or not can_ask():
        if not topics:
            raise CannotRun("--topic is missing: give it, or run this on a terminal to be asked")
        for text in teaches:
            if text not in topics:
                raise CannotRun(f"--teaches: there is no --topic {printable(cited(text))}")
        return [
            _item(
                index, text, _need("--teaches", teaches.get(text, ""), "", parse), text in teaches
            )
            for text in (_need("--topic", topic, "", _title) for topic in topics)
        ]
    items: list[NewItem] = []
    labels = [topic.label for topic in curriculum.topics.values()]
    while True:
        question = "Another topic (empty to go on)" if items else "A topic to learn"
        default = "" if items else None
        text = _need("--topic", None, question, lambda v: _title(v) if v else "", default)
        if not text and items:
            return items
        if index.names.get(normal_name(text)):
            items.append(NewItem(text))
            continue
        near = nearest(text, labels)
        if near and click.confirm(f"Did you mean {near}"):
            items.append(NewItem(near))
            continue
        taught = _need("--teaches", None, "Which topics it teaches, ids with commas", parse, "")
        items.append(NewItem(text, taught))


def _item(index: Index, text: str, taught: tuple[str, ...], is_said: bool) -> NewItem:
    is_named = bool(index.names.get(normal_name(text)))
    return NewItem(text, None if is_named and not is_said else taught)


# -------------------------------------------------------------------------------- writing


def _open(root: Path) -> tuple[Folder, Curriculum, Report]:
    """The curriculum, which has to be without errors."""
    if not (root / ROOT_FILE).is_file():
        raise CannotRun(f"{root} has no {ROOT_FILE}. Give the folder that holds it: -C FOLDER")
    files = Folder(root)
    loaded = load_files(files)
    report = check_curriculum(loaded)
    if loaded.curriculum is None or report.fails():
        _show(root, (d for d in report if d.rule.severity is Severity.ERROR))
        click.echo("Nothing was added: mend this first.", err=True)
        sys.exit(FAULTS)
    return files, loaded.curriculum, report


def _finish(
    root: Path, files: Folder, before: Report, make: Callable[[], Addition], dry_run: bool
) -> None:
    """Write what passes a check, and say what is to be done next."""
    try:
        addition = make()
    except CannotAddError as error:
        click.echo(f"Error: {printable(str(error))}", err=True)
        sys.exit(FAULTS)
    after = outcome(files, addition)
    if after.fails():
        _show(root, (d for d in after if d.rule.severity is Severity.ERROR))
        click.echo("Nothing was added: the curriculum would have these faults.", err=True)
        sys.exit(FAULTS)
    prefix = prefix_of(root)
    sources = {path: _source(files, path, addition) for path in addition.texts}
    if dry_run:
        for path, text in addition.texts.items():
            for line in unified_diff(sources[path], text, prefix=prefix).split("\n")[:-1]:
                click.echo("\t".join(map(printable, line.split("\t"))))
    else:
        _write(root, sources, addition)
        refresh_schemas(root)
    for note in addition.notes:
        click.echo(printable(note))
    known = {(d.rule.code, d.span.file.path, d.message) for d in before}
    news = [d for d in after if (d.rule.code, d.span.file.path, d.message) not in known]
    _show(root, (d for d in news if d.rule.severity is Severity.WARNING))
    does = "would be" if dry_run else "is"
    click.echo(f"It {does} at {prefix}{printable(addition.path)}:{place_of(addition)}")
    if not dry_run:
        click.echo("Next: look it over there, then run `roadmap-site check --strict`.")


def _source(files: Folder, path: str, addition: Addition) -> SourceFile:
    if path in addition.new:
        return SourceFile(path, "")
    return SourceFile(path, files.read(path).decode("utf-8-sig").lstrip("\ufeff"))


def _write(root: Path, sources: Mapping[str, SourceFile], addition: Addition) -> None:
    """All of it or nothing: what was written goes back where a later file cannot be."""
    written: list[Path] = []
    saved: list[str] = []
    try:
        for path in addition.new:
            full = root / path
            full.parent.mkdir(parents=True, exist_ok=True)
            with full.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(full)
                stream.write(addition.texts[path])
        for path, text in addition.texts.items():
            if path not in addition.new:
                save(root, sources[path], text)
                saved.append(path)
    except (FileChangedError, OSError) as error:
        for full in written:
            full.unlink(missing_ok=True)
        for path in saved:
            save(root, SourceFile(path, addition.texts[path]), sources[path].text)
        raise CannotRun(f"nothing was added: {printable(str(error))}") from None


def _show(root: Path, faults: Iterable[Diagnostic]) -> None:
    colored = is_colored(None)
    for fault in faults:
        click.echo(diagnostic_text(fault, prefix=prefix_of(root), color=colored), color=colored)

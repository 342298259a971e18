"""RS1xx: emptiness, choices, files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roadmap_site.check.rules.ids import id_span
from roadmap_site.load.spelling import nearest
from roadmap_site.model.curriculum import Block, Branch, Mention, Module, Phase, Track, Week
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, cited, rule
from roadmap_site.model.index import Index
from roadmap_site.model.source import Span

SHORT_TITLE_LENGTH = 24
"""Characters of a track's short title: what a phone shows of it beside a search hit's title."""


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
                id_span(entity),
                f"this {kinds[type(entity)]} has nothing in it",
                hint="add `topics:` with what it teaches",
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
                    id_span(entity),
                    "a mention names one resource by `ref`, or several by `any_of` or `all_of`",
                    hint="keep exactly one of the three, with two or more in a list",
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


RULES = (empty_week, orphan_file, lone_branch, aimless_mention, long_short_title)

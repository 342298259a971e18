"""RS2xx: what refers to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from roadmap_site.edit import remove_from_list
from roadmap_site.load.spelling import meant, nearest, respelling
from roadmap_site.model.curriculum import BankMention
from roadmap_site.model.diagnostic import Diagnostic, Fix, Related, Rule, Severity, cited, rule
from roadmap_site.model.entity import Entity
from roadmap_site.model.index import Index
from roadmap_site.model.references import reference_node, references
from roadmap_site.model.source import Span
from roadmap_site.model.values import BankRef, FileRef, ResourceRef, TopicRef, TrackRef


def _place(entity: Entity, name: str, position: int | None) -> Span:
    return reference_node(entity, name, position).span


def _unknown(
    index: Index, which: Rule, kind: Any, known: frozenset[str] | None, noun: str, where: str
) -> Iterator[Diagnostic]:
    if known is None:
        return  # the file that declares them could not be read, which is said already
    for id, entity, name, position in references(index, kind):
        if id not in known:
            near = nearest(id, sorted(known))
            yield which.at(
                _place(entity, name, position),
                f"there is no {noun} {cited(id)}" + ("" if known else f": {where} has none"),
                hint=f"did you mean `{near}`?" if near else f"add it to {where}",
                fix=respelling(
                    reference_node(entity, name, position),
                    meant(id, known),
                    beside=() if position is None else getattr(entity, name),
                ),
            )
            if not known:
                return  # the rest would say the same


@rule("RS201", "unknown-topic", Severity.ERROR, fixable=True)
def unknown_topic(index: Index) -> Iterator[Diagnostic]:
    """A topic that the vocabulary does not have.

    What it checks: each id under `teaches`, `requires` and `roots` stands in `topics.yml`.

    Why it matters: it would lead nowhere, and the tracks would not meet in it.

    Example: `teaches: [bakpropagation]`

    Use instead: `teaches: [backpropagation]`
    """
    known = index.curriculum.declared.get("topics")
    yield from _unknown(index, unknown_topic, TopicRef, known, "topic", "topics.yml")


@rule("RS202", "unknown-resource", Severity.ERROR, fixable=True)
def unknown_resource(index: Index) -> Iterator[Diagnostic]:
    """A resource that the library does not have.

    What it checks: each id under `resources`, `ref`, `any_of`, `all_of` and `cites` stands in a
    file of `resources/`.

    Why it matters: the learner would be sent nowhere.

    Example: `- cs-231n`

    Use instead: `- cs231n`
    """
    known = index.curriculum.declared.get("resources")
    yield from _unknown(index, unknown_resource, ResourceRef, known, "resource", "resources/")


@rule("RS203", "unknown-bank", Severity.ERROR, fixable=True)
def unknown_bank(index: Index) -> Iterator[Diagnostic]:
    """A question bank that does not exist.

    What it checks: each bank named has a file in `questions/`.

    Why it matters: the link would be dead.

    Example: `interview: [pythn]`

    Use instead: `interview: [python]`
    """
    known = index.curriculum.declared["banks"]
    yield from _unknown(index, unknown_bank, BankRef, known, "question bank", "questions/")


@rule("RS204", "unknown-track", Severity.ERROR, fixable=True)
def unknown_track(index: Index) -> Iterator[Diagnostic]:
    """A track that does not exist.

    What it checks: each track listed in `curriculum.yml` is a folder of `tracks/` with a
    `track.yml`.

    Why it matters: it would be missing from the site.

    Example: `tracks: [pyton]`

    Use instead: `tracks: [python]`
    """
    c = index.curriculum
    known = c.declared["tracks"]
    for position, track in enumerate(c.about.tracks):
        if track not in known:
            unlisted = sorted(known.difference(c.about.tracks))
            near = nearest(track, unlisted)
            hint = f"did you mean `{near}`?" if near else "add it, or drop the name"
            yield unknown_track.at(
                c.about.node.at("tracks", position),
                f"there is no file {cited(f'tracks/{track}/track.yml')}",
                hint=hint,
                fix=respelling(reference_node(c.about, "tracks", position), meant(track, unlisted)),
            )


@rule("RS205", "unknown-month", Severity.ERROR, fixable=True)
def unknown_month(index: Index) -> Iterator[Diagnostic]:
    """A month file that does not exist.

    What it checks: each name under `months` is a YAML file beside the track's `track.yml`.

    Why it matters: its weeks would be missing from the site.

    Example: `months: [foundation]` beside `foundations.yml`

    Use instead: `months: [foundations]`
    """
    c = index.curriculum
    stems: dict[str, set[str]] = defaultdict(set)
    for path in (*c.files, *(file.path for file in c.unread)):
        folder, _, name = path.rpartition("/")
        stems[folder].add(name.rpartition(".")[0])
    for track in c.tracks:
        there = stems[f"tracks/{track.id}"] - {"track"}
        for position, month in enumerate(track.months):
            if month not in there:
                unlisted = sorted(there.difference(track.months))
                near = nearest(month, unlisted)
                yield unknown_month.at(
                    track.node.at("months", position),
                    f"there is no month {cited(month + '.yml')} beside track.yml",
                    hint=f"did you mean `{near}`?" if near else "add the file, or drop the name",
                    fix=respelling(
                        reference_node(track, "months", position), meant(month, unlisted)
                    ),
                )


@rule("RS206", "unknown-area", Severity.ERROR, fixable=True)
def unknown_area(index: Index) -> Iterator[Diagnostic]:
    """An area that the vocabulary does not have.

    What it checks: each topic's `area` stands under `areas` in `topics.yml`.

    Why it matters: the topic would be missing from the list of topics.

    Example: `area: maths`

    Use instead: `area: math`
    """
    c = index.curriculum
    if c.vocabulary is None or c.vocabulary.node.file.path in c.broken:
        return
    for topic in c.topics.values():
        if topic.area not in c.areas:
            near = nearest(topic.area, c.areas)
            yield unknown_area.at(
                topic.node.at("area"),
                f"there is no area {cited(topic.area)}",
                hint=f"did you mean `{near}`?" if near else "add it to `areas:`",
                fix=respelling(topic.node.under("area"), meant(topic.area, c.areas)),
            )


@rule("RS213", "miscounted-bank", Severity.ERROR)
def miscounted_bank(index: Index) -> Iterator[Diagnostic]:
    """A bank does not have as many questions as is said of it.

    What it checks: `questions` of a mention equals the number of questions in the bank.

    Why it matters: a learner counts on it.

    Example: `{bank: python, questions: 12}` and eleven questions

    Use instead: the twelfth question, or `questions: 11`
    """
    for entity in index.entities:
        if isinstance(entity, BankMention) and entity.questions:
            bank = index.curriculum.banks.get(entity.bank)
            if bank and bank.node.span.file.path not in index.curriculum.broken:
                found = len(bank.questions)
                if found != entity.questions:
                    yield miscounted_bank.at(
                        entity.node.at("questions"),
                        f"the bank's questions are {found}, not {entity.questions}",
                        hint="mend whichever of the two is wrong",
                        related=(Related(bank.node.at("title"), "this bank"),),
                    )


@rule("RS214", "repeated-reference", Severity.ERROR, fixable=True)
def repeated_reference(index: Index) -> Iterator[Diagnostic]:
    """A list names the same thing twice.

    What it checks: no list of tracks, months, banks, topics or resources has an id twice.

    Why it matters: one of the two was meant to be another, or is left over.

    Example: `months: [basics, basics]`

    Use instead: `months: [basics, models]`
    """
    for kind in (TrackRef, FileRef, BankRef, TopicRef, ResourceRef):
        seen: dict[tuple[int, str, str], int | None] = {}
        for named, entity, name, position in references(index, kind):
            first = seen.setdefault((id(entity), name, named), position)
            if first != position:
                yield repeated_reference.at(
                    _place(entity, name, position),
                    f"the list names {cited(named)} twice",
                    hint="drop one of the two",
                    fix=_dropping(entity, name, position),
                    related=(Related(_place(entity, name, first), "first here"),),
                )


def _dropping(entity: Entity, name: str, position: int | None) -> Fix | None:
    node = entity.node.under(name)
    edit = remove_from_list(node, position) if node and position else None
    return Fix("drop the second", (edit,)) if edit else None


RULES = (
    unknown_topic,
    unknown_resource,
    unknown_bank,
    unknown_track,
    unknown_month,
    unknown_area,
    miscounted_bank,
    repeated_reference,
)

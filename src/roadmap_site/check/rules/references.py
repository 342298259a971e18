"""RS2xx: what refers to what, and in which order it is taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from roadmap_site.load.decode import nearest
from roadmap_site.model.curriculum import BankMention, Block, Entity, field_types
from roadmap_site.model.diagnostic import (
    CITED_LENGTH,
    Diagnostic,
    Related,
    Rule,
    Severity,
    cited,
    rule,
)
from roadmap_site.model.index import Index, Teaching, normal_name
from roadmap_site.model.source import Span
from roadmap_site.model.values import BankRef, FileRef, ResourceRef, TopicRef, TrackRef

CIRCLE_SHOWN = 12
"""Topics of a circle that a message names."""


@cache
def _reference_fields(cls: Any, kind: Any) -> tuple[tuple[str, bool], ...]:
    """The fields of a class that hold references of a kind, and whether each holds several."""
    return tuple(
        (name, several) for name, (inner, several) in field_types(cls).items() if inner is kind
    )


def _references(index: Index, kind: Any) -> Iterator[tuple[str, Entity, str, int | None]]:
    """Every reference of a kind: the id, who refers, under which key and at which position."""
    for entity in index.entities:
        cls: type = type(entity)
        for name, several in _reference_fields(cls, kind):
            value = getattr(entity, name)
            if several:
                for position, id in enumerate(value or ()):
                    yield id, entity, name, position
            elif value:
                yield value, entity, name, None


def _place(entity: Entity, name: str, position: int | None) -> Span:
    return entity.node.at(name) if position is None else entity.node.at(name, position)


def _unknown(
    index: Index, which: Rule, kind: Any, known: frozenset[str] | None, noun: str, where: str
) -> Iterator[Diagnostic]:
    if known is None:
        return  # the file that declares them could not be read, which is said already
    for id, entity, name, position in _references(index, kind):
        if id not in known:
            near = nearest(id, sorted(known))
            yield which.at(
                _place(entity, name, position),
                f"there is no {noun} {cited(id)}" + ("" if known else f": {where} has none"),
                hint=f"did you mean `{near}`?" if near else f"add it to {where}",
            )
            if not known:
                return  # the rest would say the same


@rule("RS201", "unknown-topic", Severity.ERROR)
def unknown_topic(index: Index) -> Iterator[Diagnostic]:
    """A topic that the vocabulary does not have.

    What it checks: each id under `teaches`, `requires` and `roots` stands in `topics.yml`.

    Why it matters: it would lead nowhere, and the tracks would not meet in it.

    Example: `teaches: [bakpropagation]`

    Use instead: `teaches: [backpropagation]`
    """
    known = index.curriculum.declared.get("topics")
    yield from _unknown(index, unknown_topic, TopicRef, known, "topic", "topics.yml")


@rule("RS202", "unknown-resource", Severity.ERROR)
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


@rule("RS203", "unknown-bank", Severity.ERROR)
def unknown_bank(index: Index) -> Iterator[Diagnostic]:
    """A question bank that does not exist.

    What it checks: each bank named has a file in `questions/`.

    Why it matters: the link would be dead.

    Example: `interview: [pythn]`

    Use instead: `interview: [python]`
    """
    known = index.curriculum.declared["banks"]
    yield from _unknown(index, unknown_bank, BankRef, known, "question bank", "questions/")


@rule("RS204", "unknown-track", Severity.ERROR)
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
            )


@rule("RS205", "unknown-month", Severity.ERROR)
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
                near = nearest(month, sorted(there.difference(track.months)))
                yield unknown_month.at(
                    track.node.at("months", position),
                    f"there is no month {cited(month + '.yml')} beside track.yml",
                    hint=f"did you mean `{near}`?" if near else "add the file, or drop the name",
                )


@rule("RS206", "unknown-area", Severity.ERROR)
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
            )


@rule("RS207", "prerequisite-cycle", Severity.ERROR)
def prerequisite_cycle(index: Index) -> Iterator[Diagnostic]:
    """Topics that require each other in a circle.

    What it checks: following `requires` never leads back to where it began.

    Why it matters: nobody could begin.

    Example: attention requires transformers, transformers require attention

    Use instead: the one direction in which they are learnt.
    """
    topics = index.curriculum.topics
    state: dict[str, int] = {}  # 1 on the path, 2 done
    for start in topics:
        if start in state:
            continue
        path = [start]
        iterators = [iter(topics[start].requires)]
        state[start] = 1
        while path:
            required = next(iterators[-1], None)
            if required is None:
                state[path.pop()] = 2
                iterators.pop()
            elif required in topics and state.get(required) == 1:
                circle = [*path[path.index(required) :], required]
                last = topics[path[-1]]
                yield prerequisite_cycle.at(
                    last.node.at("requires", last.requires.index(required)),
                    f"topics require each other in a circle: {_listed(circle)}",
                    hint="drop the one that is not needed before the other",
                )
            elif required in topics and required not in state:
                path.append(required)
                iterators.append(iter(topics[required].requires))
                state[required] = 1


def _listed(circle: list[str]) -> str:
    ids = [id[:CITED_LENGTH] for id in circle]
    if len(ids) > CIRCLE_SHOWN:
        ids[CIRCLE_SHOWN // 2 : -CIRCLE_SHOWN // 2] = ["..."]
    return " -> ".join(ids)


@rule("RS208", "late-prerequisite", Severity.WARNING)
def late_prerequisite(index: Index) -> Iterator[Diagnostic]:
    """A track teaches a topic before what it requires.

    What it checks: where a track teaches both, the place that first teaches a topic is not before
    the place that first teaches a topic it directly requires.

    Why it matters: a learner meets the second half first.

    Example: BERT in week 4, neural networks in week 5

    Use instead: the other order, or, where the track means it: `accept: {RS208: "why"}`
    """
    topics = index.curriculum.topics
    for track in index.curriculum.tracks:
        if not index.is_complete(track):
            continue
        order = {id(spot.entity): n for n, spot in enumerate(index.places[track.id])}
        first: dict[str, tuple[int, Teaching]] = {}
        for teaching in index.teachings[track.id]:
            if teaching.as_topic and teaching.place and teaching.place.kind in ("week", "phase"):
                first.setdefault(teaching.topic, (order[id(teaching.place.entity)], teaching))
        for topic, (when, teaching) in first.items():
            for required in topics[topic].requires if topic in topics else ():
                later = first.get(required)
                if later and later[0] > when and not _is_required(index, topic, by=required):
                    pair = f"{cited(topic)} requires {cited(required)}"
                    yield late_prerequisite.at(
                        _item_span(teaching.entity),
                        f"{pair}, which this track teaches later",
                        hint="change the order, or accept it here with a reason",
                        related=(Related(_item_span(later[1].entity), "taught here"),),
                    )


def _is_required(index: Index, topic: str, *, by: str) -> bool:
    """Whether a topic requires another, be it through others: a circle is said already."""
    seen, left = {by}, [by]
    while left:
        found = index.curriculum.topics.get(left.pop())
        new = set(found.requires) - seen if found else set()
        seen |= new
        left += new
    return topic in seen


def _item_span(entity: Entity) -> Span:
    return entity.node.at("text")


@rule("RS209", "item-without-topic", Severity.INFO)
def item_without_topic(index: Index) -> Iterator[Diagnostic]:
    """A topic item that names none of the canonical topics.

    What it checks: each entry under `topics` and `key_concepts` lists what it `teaches`, or reads
    like a canonical topic's label or other name. `teaches: []` says that it teaches none on
    purpose.

    Why it matters: the canonical topics are what joins the tracks.

    Example: `- Bias and variance`

    Use instead: `- {text: Bias and variance, teaches: [overfitting]}`
    """
    c = index.curriculum
    if c.vocabulary is None or c.vocabulary.node.file.path in c.broken:
        return  # there is none to name, or not all of it could be read
    for entity in index.entities:
        if not isinstance(entity, Block) or entity.node.file.path in c.broken:
            continue
        concepts = [item for group in entity.key_concepts for item in group.items]
        for item in (*entity.topics, *concepts):
            if item.teaches is None and not index.topics_of(item):
                yield item_without_topic.at(
                    _item_span(item),
                    "the item names no canonical topic",
                    hint="add `teaches:`, or `teaches: []` where none fits",
                )


@rule("RS210", "unused-topic", Severity.WARNING)
def unused_topic(index: Index) -> Iterator[Diagnostic]:
    """A canonical topic that no track teaches.

    What it checks: each topic of `topics.yml` is taught somewhere.

    Why it matters: its page would say nothing.

    Example: a topic left behind when its week was removed

    Use instead: name it where it is taught, or delete it.
    """
    if not index.is_all_complete:
        return
    taught = {teaching.topic for track in index.teachings.values() for teaching in track}
    for id, topic in index.curriculum.topics.items():
        if id not in taught:
            yield unused_topic.at(
                topic.node.at("label"),
                f"no track teaches {cited(id)}",
                hint="name it under `teaches`, or delete it",
            )


@rule("RS211", "ambiguous-name", Severity.ERROR)
def ambiguous_name(index: Index) -> Iterator[Diagnostic]:
    """A name that two topics claim.

    What it checks: no label or other name of a topic is one of another topic, case, spaces and
    punctuation set aside.

    Why it matters: an item with that text names a topic without saying so; it has to be one.

    Example: `also: [LM]` under two topics

    Use instead: the name under the one that people mean by it.
    """
    for id, topic in index.curriculum.topics.items():
        for position, name in enumerate((topic.label, *topic.also), start=-1):
            owner = index.names.get(normal_name(name))
            if owner is not None and owner != id:
                other = index.curriculum.topics[owner]
                yield ambiguous_name.at(
                    topic.node.at("label") if position < 0 else topic.node.at("also", position),
                    f"{cited(name)} is a name of {cited(owner)} too",
                    hint="keep it under one of the two",
                    related=(Related(other.node.at("label"), "this one"),),
                )


@rule("RS212", "unlisted-root", Severity.ERROR)
def unlisted_root(index: Index) -> Iterator[Diagnostic]:
    """A topic that requires nothing, without saying so on purpose.

    What it checks: the topics without `requires` are exactly those listed under `roots`.

    Why it matters: a forgotten prerequisite looks just like a topic to begin with.

    Example: a new topic without `requires:`

    Use instead: `requires: [linear-algebra]`, or its id under `roots:`
    """
    c = index.curriculum
    if c.vocabulary is None or c.vocabulary.node.file.path in c.broken:
        return
    roots = set(c.roots)
    for id, topic in c.topics.items():
        if not topic.requires and id not in roots:
            yield unlisted_root.at(
                topic.node.at("label"),
                f"{cited(id)} requires nothing and is not listed under `roots`",
                hint="say what it requires, or list it",
            )
    for position, root in enumerate(c.roots):
        if root in c.topics and c.topics[root].requires:
            yield unlisted_root.at(
                c.vocabulary.node.at("roots", position),
                f"{cited(root)} is listed as a root, but requires something",
                hint="take it off the list",
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


@rule("RS214", "repeated-reference", Severity.ERROR)
def repeated_reference(index: Index) -> Iterator[Diagnostic]:
    """A list names the same thing twice.

    What it checks: no list of tracks, months, banks, topics or resources has an id twice.

    Why it matters: one of the two was meant to be another, or is left over.

    Example: `months: [basics, basics]`

    Use instead: `months: [basics, models]`
    """
    for kind in (TrackRef, FileRef, BankRef, TopicRef, ResourceRef):
        seen: dict[tuple[int, str, str], int | None] = {}
        for named, entity, name, position in _references(index, kind):
            first = seen.setdefault((id(entity), name, named), position)
            if first != position:
                yield repeated_reference.at(
                    _place(entity, name, position),
                    f"the list names {cited(named)} twice",
                    hint="drop one of the two",
                    related=(Related(_place(entity, name, first), "first here"),),
                )


RULES = (
    unknown_topic,
    unknown_resource,
    unknown_bank,
    unknown_track,
    unknown_month,
    unknown_area,
    prerequisite_cycle,
    late_prerequisite,
    item_without_topic,
    unused_topic,
    ambiguous_name,
    unlisted_root,
    miscounted_bank,
    repeated_reference,
)

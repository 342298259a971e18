"""RS2xx: how the canonical topics hang together, and in which order they are taught."""

from __future__ import annotations

from collections.abc import Iterator

from roadmap_site.model.curriculum import Block
from roadmap_site.model.diagnostic import (
    CITED_LENGTH,
    Diagnostic,
    Related,
    Severity,
    cited,
    rule,
)
from roadmap_site.model.entity import Entity
from roadmap_site.model.index import Index, Teaching, normal_name
from roadmap_site.model.source import Span

CIRCLE_SHOWN = 12
"""Topics of a circle that a message names."""


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


RULES = (
    prerequisite_cycle,
    late_prerequisite,
    item_without_topic,
    unused_topic,
    ambiguous_name,
    unlisted_root,
)

"""RS4xx: the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from roadmap_site.model.curriculum import Mention, Resource
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, cited, rule
from roadmap_site.model.index import Index


@rule("RS402", "duplicate-url", Severity.ERROR)
def duplicate_url(index: Index) -> Iterator[Diagnostic]:
    """Two resources with one address.

    What it checks: no two entries of the library lead to the same page (scheme, www. and a
    trailing slash set aside).

    Why it matters: each resource stands once; two entries drift apart.

    Example: `cs231n` and `stanford-cs231n`, both https://cs231n.stanford.edu/

    Use instead: one of them, with `part` or `text` where it is mentioned.
    """
    first: dict[str, Resource] = {}
    for resource in index.curriculum.resources.values():
        if not resource.url:
            continue
        bare = re.sub(r"^https?://(www\.)?", "", resource.url.strip(), flags=re.IGNORECASE)
        host, slash, path = bare.partition("/")
        other = first.setdefault(
            host.lower() + slash + path.rstrip("/") if path else host.lower(), resource
        )
        if other is not resource:
            yield duplicate_url.at(
                resource.node.at("url"),
                f"{cited(other.id)} has this address too",
                hint="keep one entry, and refer to it with `part` or `text`",
                related=(Related(other.node.at("url"), "here"),),
            )


@rule("RS403", "unused-resource", Severity.WARNING)
def unused_resource(index: Index) -> Iterator[Diagnostic]:
    """A resource that nothing mentions.

    What it checks: each entry of the library is mentioned or cited somewhere.

    Why it matters: nobody finds it, and nobody keeps it up.

    Example: a book left behind when its week was removed

    Use instead: mention it, or delete it.
    """
    if not index.is_all_complete:
        return
    used: set[str] = set()
    for entity in index.entities:
        used.update(getattr(entity, "refs", ()), getattr(entity, "cites", ()))
    for id, resource in index.curriculum.resources.items():
        if id not in used:
            yield unused_resource.at(
                resource.node.at("title"),
                f"nothing mentions {cited(id)}",
                hint="mention or delete it",
            )


def _is_paid(index: Index, refs: Iterable[str]) -> bool:
    """Whether all of some resources cost money; of unknown ones nobody can say."""
    found = [index.curriculum.resources.get(ref) for ref in refs]
    return bool(found) and all(resource and resource.cost == "paid" for resource in found)


def _is_paid_mention(index: Index, mention: Mention) -> bool:
    if mention.all_of:
        return any(_is_paid(index, (ref,)) for ref in mention.all_of)
    return _is_paid(index, mention.refs)


@rule("RS408", "paid-only-week", Severity.WARNING)
def paid_only_week(index: Index) -> Iterator[Diagnostic]:
    """A week offers nothing but what costs money.

    What it checks: where a week (or a phase without weeks) that is not optional mentions resources,
    one at least is free, freemium or of varying cost.

    Why it matters: who cannot pay has to stop there.

    Example: a week whose only resource is a course with `cost: paid`

    Use instead: a free one beside it, or as an alternative: `any_of: [the-course, the-lectures]`
    """
    for track in index.curriculum.tracks:
        for spot in index.places[track.id]:
            if spot.kind not in ("week", "phase") or getattr(spot.entity, "optional", False):
                continue
            mentions = [tick.entity for tick in spot.ticks if isinstance(tick.entity, Mention)]
            if mentions and all(_is_paid_mention(index, mention) for mention in mentions):
                yield paid_only_week.at(
                    mentions[0].node.span,
                    "every resource of this week costs money",
                    hint="add one that is free, or accept it here with a reason",
                )


@rule("RS409", "paid-only-topic", Severity.WARNING)
def paid_only_topic(index: Index) -> Iterator[Diagnostic]:
    """A topic for which only paid resources are named.

    What it checks: where resources or mentions of them say under `teaches` that they teach a
    topic, one of them at least is free, freemium or of varying cost.

    Why it matters: who cannot pay finds no way to learn it.

    Example: one book, `{cost: paid, teaches: [backpropagation]}`, and nothing else

    Use instead: `teaches: [backpropagation]` on a free resource as well
    """
    paid: dict[str, bool] = {}
    for entity in index.entities:
        if isinstance(entity, Resource) and entity.teaches:
            costs = entity.cost == "paid"
        elif isinstance(entity, Mention) and entity.teaches:
            costs = _is_paid_mention(index, entity)
        else:
            continue
        for topic in entity.teaches:
            paid[topic] = paid.get(topic, True) and costs
    for id, entry in index.curriculum.topics.items():
        if paid.get(id):
            yield paid_only_topic.at(
                entry.node.at("label"),
                f"only paid resources are said to teach {cited(id)}",
                hint="name a free one too, or accept it here with a reason",
            )


RULES = (duplicate_url, unused_resource, paid_only_week, paid_only_topic)

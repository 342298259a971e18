"""RS5xx: what may not happen to ids that readers' ticks and addresses depend on.

The rules that compare with another revision have no `run`: `check_since` finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from roadmap_site.check.rules.ids import id_span
from roadmap_site.model.curriculum import Phase
from roadmap_site.model.diagnostic import Diagnostic, Related, Rule, Severity, cited, rule
from roadmap_site.model.entity import Entity, Named
from roadmap_site.model.index import Index
from roadmap_site.model.moves import Moves, former_item, former_place, moves
from roadmap_site.model.source import Span
from roadmap_site.model.values import slug

LOST_TICK = Rule(
    "RS501",
    "lost-tick",
    Severity.ERROR,
    """An item's id is gone, and with it the ticks of all who had done it.

    What it checks: with `--since`, each item (and each branch to choose) of the older revision is
    still there under its id, or its new place says where it was (`moved`), or the week it stood in
    says that it was taken away (`retired`).

    Why it matters: ticks are stored under ids that are derived from the words. Who ticked the old
    words would find the item undone.

    Example: `- Gradient descent` becomes `- Gradient descent, step by step`

    Use instead: `{text: "Gradient descent, step by step", id: gradient-descent}`; for an item that
    moved to another week `moved: [old-week/gradient-descent]` on it; for one that was taken away
    `retired: [gradient-descent]` on its week. `check --since REV --fix` writes what is sure.
    """,
    fixable=True,
    compares=True,
)
LOST_ADDRESS = Rule(
    "RS502",
    "lost-address",
    Severity.ERROR,
    """A page's address is gone.

    What it checks: with `--since`, each track, week, list, topic, question bank and hand-written
    page of the older revision is still there under its id, or what took its place says so
    (`moved`), or its track says that it was taken away (`retired`).

    Why it matters: people have bookmarked and linked it, and the ticks of a whole week or track
    hang on its id.

    Example: the week `CNNs` is now called `Convolutional networks`

    Use instead: `id: cnns` on the week, which keeps the address; or `moved: [cnns]`, which leads
    from there to the new one. `check --since REV --fix` writes what is sure.
    """,
    fixable=True,
    compares=True,
)
CHANGED_MEANING = Rule(
    "RS503",
    "changed-meaning",
    Severity.WARNING,
    """An id means something else than it did.

    What it checks: with `--since`, each resource has a title or an address like the one it had
    under its id, and each topic a label or another name.

    Why it matters: who ticked the old book would have ticked the new one unread.

    Example: the resource `deep-learning-book` is now another book at another address.

    Use instead: an entry with an id of its own. Where the two are the same thing after all, accept
    it: `accept: {RS503: "the second edition has another title"}`
    """,
    compares=True,
)
DROPPED_RECORD = Rule(
    "RS505",
    "dropped-record",
    Severity.ERROR,
    """What `moved` or `retired` said of an old id is said no more.

    What it checks: with `--since`, each former id that the older revision led somewhere still leads
    to the same thing, and what was retired still is.

    Why it matters: not everybody has been here since. Their ticks are still stored under the old
    id, and would be lost, or land on something else that takes the id.

    Example: deleting `moved: [week-3/trees]` because it is a year old

    Use instead: leave it; it costs nothing. `check --since REV --fix` puts it back.
    """,
    fixable=True,
    compares=True,
)


def _groups(index: Index) -> Iterator[tuple[Iterable[Named], Iterable[str], str]]:
    """Things that share a namespace, the retired ids of it, and what it is called."""
    c = index.curriculum
    yield c.tracks, c.about.retired_tracks, "track"
    yield c.banks.values(), c.about.retired_banks, "bank"
    yield c.topics.values(), c.vocabulary.retired if c.vocabulary else (), "topic"
    for track in c.tracks:
        yield [spot.entity for spot in index.places[track.id]], track.retired, "week or list"
        for spot in index.places[track.id]:
            retired = spot.entity.retired
            if retired:
                branches = spot.entity.branches if isinstance(spot.entity, Phase) else ()
                yield [*(tick.entity for tick in spot.ticks), *branches], retired, "item"


@rule("RS504", "retired-in-use", Severity.ERROR)
def retired_in_use(index: Index) -> Iterator[Diagnostic]:
    """An id that was retired is used for something else.

    What it checks: no item, week, track, topic or bank has an id that stands under `retired`, and
    none names it under `moved`.

    Why it matters: who ticked what was taken away would find the new thing ticked.

    Example: `retired: [trees]` on a week with an item `Trees`

    Use instead: an id of its own: `{text: Trees, id: decision-trees}`
    """
    for entities, retired, name in _groups(index):
        gone = frozenset(retired)
        if not gone:
            continue
        for entity in entities:
            if entity.id in gone:
                yield retired_in_use.at(
                    id_span(entity),
                    f"the {name} id {cited(entity.id)} was retired",
                    hint="pin another with `id:`; if this is the same thing come back, and nothing "
                    "was published since, take it out of `retired`",
                )
            for position, former in enumerate(getattr(entity, "moved", ())):
                if former in gone:
                    yield retired_in_use.at(
                        entity.node.at("moved", position),
                        f"{cited(former)} was retired, and cannot have moved here as well",
                        hint="keep it under one of the two",
                    )
    retired_keys = {
        f"{spot.key}/{id}"
        for spots in index.places.values()
        for spot in spots
        for id in spot.entity.retired
    } | {f"{track.id}/{id}" for track in index.curriculum.tracks for id in track.retired}
    if retired_keys:
        for key, _, span in _former_keys(index, moves(index.curriculum)):
            if key in retired_keys:
                yield retired_in_use.at(
                    span,
                    f"{cited(key)} was retired, and cannot have moved here as well",
                    hint="keep it under one of the two",
                )


@rule("RS506", "shared-former-id", Severity.ERROR)
def shared_former_id(index: Index) -> Iterator[Diagnostic]:
    """The former place of a tick, or of a week of another track, is in use or claimed twice.

    What it checks: nothing that stands under an item's `moved` is the id of an item of today, or
    stands under the `moved` of another item; and the same for the weeks of other tracks.

    Why it matters: one stored tick would count for two items.

    Example: `moved: [week-3/trees]` on two items

    Use instead: on the one that it is; the other is new.
    """
    follow = moves(index.curriculum)
    former: list[tuple[str, Named, Span]] = []
    live: dict[str, Named] = {}
    for key, entity, span in _former_keys(index, follow):
        former.append((key, entity, span))
    if not former:
        return
    for spots in index.places.values():
        for spot in spots:
            live.setdefault(spot.key, spot.entity)
            for tick in spot.ticks:
                live.setdefault(f"{spot.key}/{tick.entity.id}", tick.entity)
    claimed: dict[str, Named] = {}
    for key, entity, span in former:
        # What came back may name its own id.
        other = live.get(key) or claimed.setdefault(key, entity)
        if other is not entity:
            yield shared_former_id.at(
                span,
                f"the former id {cited(key)} is in use",
                hint="drop it here, or give the other one an `id:` of its own",
                related=(Related(id_span(other), "by this"),),
            )


def _former_keys(index: Index, follow: Moves) -> Iterator[tuple[str, Named, Span]]:
    """Each key that an item, or a week of another track, says it had: who says it, and where."""
    for spots in index.places.values():
        for spot in spots:
            for ticked in (tick.entity for tick in spot.ticks if tick.entity.moved):
                for position, written in enumerate(ticked.moved):
                    span = ticked.node.at("moved", position)
                    key, *today = former_item(follow, spot, written)
                    yield key, ticked, span
                    for other in today:
                        if _has_more_names(index, follow, other, key):
                            yield other, ticked, span
            for position, written in enumerate(spot.entity.moved):
                if "/" in written:  # moved-in-use sees to those of the same track
                    key = former_place(follow, spot.track, written)
                    yield key, spot.entity, spot.entity.node.at("moved", position)


def _has_more_names(index: Index, follow: Moves, key: str, written: str) -> bool:
    """Whether a place had more former ids than the one that is written, which lead to it alike."""
    head, named = key.rpartition("/")[0], written.rpartition("/")[0]
    for spot in index.places.get(head.partition("/")[0], ()):
        if spot.key == head:
            names = {former_place(follow, spot.track, old) for old in spot.entity.moved}
            return bool(names - {named})
    return False


@rule("RS507", "misplaced-former-id", Severity.ERROR)
def misplaced_former_id(index: Index) -> Iterator[Diagnostic]:
    """A former id with more or fewer steps than can be.

    What it checks: under `moved` a track, topic or bank has plain ids; a week or list plain ids, or
    `track/week` where it came from another track; an item `item`, `week/item` or
    `track/week/item`. Under `retired` stand plain ids, under `moved_pages` addresses of pages.

    Why it matters: nothing would follow it.

    Example: `moved: [python/basics/loops]` on a week

    Use instead: `moved: [python/basics]` on the week, or the whole path on the item
    """
    c = index.curriculum
    plain: list[Named] = [*c.tracks, *c.topics.values(), *c.banks.values()]
    steps: list[tuple[Named, int]] = [(entity, 0) for entity in plain]
    lists: list[tuple[Entity | None, str]]
    lists = [(c.about, "retired_tracks"), (c.about, "retired_banks"), (c.vocabulary, "retired")]
    lists += [(track, "retired") for track in c.tracks]
    for spots in index.places.values():
        for spot in spots:
            steps.append((spot.entity, 1))
            lists.append((spot.entity, "retired"))
            steps += [(tick.entity, 2) for tick in spot.ticks if tick.entity.moved]
    for entity, most in steps:
        for position, former in enumerate(getattr(entity, "moved", ())):
            if former.count("/") > most:
                shape = ("`id`", "`id` or `track/id`", "`item`, `week/item` or `track/week/item`")
                yield misplaced_former_id.at(
                    entity.node.at("moved", position),
                    f"{cited(former)} has too many steps to have been this",
                    hint=f"write it as {shape[most]}",
                )
    for old, new in (c.about.moved_pages or {}).items():
        for path in (old, new):
            if any(slug(step) != step or not step for step in path.split("/")):
                yield misplaced_former_id.at(
                    c.about.node.at("moved_pages", old),
                    f"{cited(path)} is no page's address",
                    hint="write both without slashes around them, as in `faq: guide/questions`",
                )
    for owner, name in lists:
        for position, id in enumerate(getattr(owner, name, ())):
            if "/" in id and owner is not None:
                yield misplaced_former_id.at(
                    owner.node.at(name, position),
                    f"{cited(id)} is a path, where an id is wanted",
                    hint="write the id alone, on the week, track or file that it stood in",
                )


RULES = (
    LOST_TICK,
    LOST_ADDRESS,
    CHANGED_MEANING,
    retired_in_use,
    DROPPED_RECORD,
    shared_former_id,
    misplaced_former_id,
)

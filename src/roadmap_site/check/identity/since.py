"""A revision held against an older one: faults, and fixes where the words make them sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from roadmap_site.check.identity.compare import MOSTLY, Comparison, compare
from roadmap_site.check.identity.faults import (
    CHANGED_MEANING,
    LOST_ADDRESS,
    LOST_TICK,
)
from roadmap_site.check.identity.keys import Entry
from roadmap_site.check.identity.likeness import SURE, likeness
from roadmap_site.check.identity.wants import Want, diagnostics, dropped, retiring
from roadmap_site.check.rules.ids import id_span
from roadmap_site.load import Loaded
from roadmap_site.load.project import without_gc
from roadmap_site.model.curriculum import Bank, Curriculum, Topic
from roadmap_site.model.diagnostic import Diagnostic, Related, cited
from roadmap_site.model.entity import Entity, Named
from roadmap_site.model.index import Index, normal_name
from roadmap_site.model.pages import GENERATED, WrittenPage, address_of
from roadmap_site.model.source import Span

N = TypeVar("N", bound=Named)


def check_since(base: Loaded, now: Loaded) -> list[Diagnostic]:
    """What an edit since `base` would do to ticks and addresses that it should not.

    Says nothing while files of today cannot be read, or are not found where a list names them:
    what they hold cannot be known to be gone. Errors say so elsewhere.
    """
    if base.curriculum is None or now.curriculum is None:
        return []
    with without_gc():
        if not Index(now.curriculum).is_all_complete:
            return []
        c = compare(base.curriculum, now.curriculum)
        wants = [
            *_tracks(c),
            *_places(c),
            *_items(c),
            *_branches(c),
            *_records(c),
            *_shared(c),
            *_written_pages(c),
        ]
        return sorted(diagnostics(wants), key=lambda d: d.sort_key)


# ---------------------------------------------------------------------------------- tracks


def _tracks(c: Comparison) -> Iterator[Want]:
    for old, new in c.tracks.found.items():
        track = c.now.tracks[new]
        yield Want(
            LOST_ADDRESS,
            track.node.at("title"),
            f"the track {cited(old)} is {cited(new)} now: its address and ticks would be lost",
            f"add `moved: [{old}]`",
            owner=track,
            key="moved",
            value=old,
        )
    for old, candidates in c.tracks.maybe.items():
        want = Want(
            LOST_ADDRESS,
            c.now.curriculum.about.node.at("tracks"),
            f"the track {cited(old)} is gone",
            f"add `moved: [{old}]` to the track that it became, or `retired_tracks: [{old}]` here",
            tuple(
                Related(c.now.tracks[id].node.at("title"), "it may have become this")
                for id in candidates
            ),
        )
        if c.is_nothing_new:
            about = c.now.curriculum.about
            want = retiring(want, about, "retired_tracks", old)
        yield want


# ---------------------------------------------------------------------------------- places


def _places(c: Comparison) -> Iterator[Want]:
    pinned: set[str] = set()
    for old, new in c.places.found.items():
        was, place = c.base.places[old], c.now.places[new]
        entity = place.entity
        same_track = c.tracks.now(was.track.id) == place.track.id
        taken = {phase.id for phase in place.track.phases if phase.weeks}
        if same_track and not entity.pinned and new not in pinned and was.id not in taken:
            pinned.add(new)
            key, value, say = "id", was.id, f"`id: {was.id}`"
        else:
            value = was.id if same_track else old
            key, say = "moved", f"`moved: [{value}]`"
        title = was.entity.title
        is_renamed = title != entity.title
        what = (
            f"{cited(title)} is called {cited(entity.title)} now"
            if is_renamed
            else (f"{cited(title)} moved here")
        )
        yield Want(
            LOST_ADDRESS,
            entity.node.at("title"),
            f"{what}: its address and ticks would be lost",
            f"add {say}",
            owner=entity,
            key=key,
            value=value,
        )
    for old, candidates in c.places.maybe.items():
        was = c.base.places[old]
        name = c.tracks.now(was.track.id)
        if name is None:
            continue  # said of its track
        track = c.now.tracks[name]
        joined = _where_most_went(c, old)
        if joined and joined not in candidates:
            candidates = (joined, *candidates)
        want = Want(
            LOST_ADDRESS,
            track.node.at("title"),
            f"{cited(was.entity.title)} ({was.id}) is gone from this track",
            f"add `id: {was.id}` (or `moved: [{was.id}]`) to what it became; where it was taken "
            f"away, `retired: [{was.id}]` here",
            tuple(
                Related(c.now.places[key].entity.node.at("title"), "it may have become this")
                for key in candidates
            ),
        )
        if c.is_nothing_new and not joined:
            want = retiring(want, track, "retired", was.id)
        yield want


def _where_most_went(c: Comparison, old: str) -> str:
    """The place of today that has most of a former one's items, if there is one."""
    items = c.base.items(old)
    heads = Counter(key.rpartition("/")[0] for item in items if (key := c.items.now(item)))
    if not heads:
        return ""
    head, count = heads.most_common(1)[0]
    return head if count >= MOSTLY * len(items) else ""


# ----------------------------------------------------------------------------------- items


def _items(c: Comparison) -> Iterator[Want]:
    for old, new in c.items.found.items():
        yield _moved_item(c, c.base.entry(old), c.now.entry(new))
    for old, candidates in c.items.maybe.items():
        was = c.base.entry(old)
        head = c.places.now(was.head)
        if head is None:
            if c.tracks.now(was.place.track.id) is None or not candidates:
                continue  # it went with its place, which is said there
            owner = None
            span = id_span(c.now.entry(candidates[0]).entity)
        else:
            owner = c.now.places[head].entity
            span = owner.node.at("title")
        path = f"{was.place.id}/{was.id}"
        want = Want(
            LOST_TICK,
            span,
            f"{cited(was.words)} ({was.id}) is gone: its ticks would be lost",
            f"add `id: {was.id}` to what it became, or `moved: [{path}]` where it moved from "
            f"another week; where it was taken away, `retired: [{was.id}]` on its week",
            tuple(
                Related(id_span(c.now.entry(key).entity), "it may have become this")
                for key in candidates
            ),
        )
        if owner is not None and c.is_nothing_new:
            want = retiring(want, owner, "retired", was.id)
        yield want


def _moved_item(c: Comparison, was: Entry, entry: Entry) -> Want:
    entity = entry.entity
    # Where two places became one, the other may have had an item of the same id.
    is_taken = c.now.item(f"{entry.head}/{was.id}") is not None
    if c.places.now(was.head) == entry.head and not is_taken:
        what = f"{cited(was.words)} was reworded"
        if not entity.pinned:
            return _item_want(entry, what, "id", was.id)
        return _item_want(entry, what, "moved", was.id)
    what = f"{cited(was.words)} moved here from {cited(was.place.entity.title)}"
    track = was.place.track.id
    path = f"{was.place.id}/{was.id}"
    if c.tracks.now(track) != entry.place.track.id:
        path = f"{track}/{path}"
    return _item_want(entry, what, "moved", path)


def _item_want(entry: Entry, what: str, key: str, value: str) -> Want:
    say = f"`id: {value}`" if key == "id" else f"`moved: [{value}]`"
    return Want(
        LOST_TICK,
        id_span(entry.entity),
        f"{what}: its ticks would be lost",
        f"add {say}",
        owner=entry.entity,
        key=key,
        value=value,
    )


def _branches(c: Comparison) -> Iterator[Want]:
    for old, new in c.branches.found.items():
        was, entry = c.base.branches[old], c.now.branches[new]
        if not entry.entity.pinned:
            yield _item_want(entry, f"the branch {cited(was.words)} was renamed", "id", was.id)
        else:
            c.branches.maybe[old] = (new,)
    for old, candidates in c.branches.maybe.items():
        was = c.base.branches[old]
        head = c.places.now(was.head)
        if head is None:
            continue
        phase = c.now.places[head].entity
        want = Want(
            LOST_TICK,
            phase.node.at("title"),
            f"the branch {cited(was.words)} ({was.id}) is gone: who chose it would have to again",
            f"add `id: {was.id}` to what it became; where it was taken away, "
            f"`retired: [{was.id}]` here",
            tuple(
                Related(id_span(c.now.branches[key].entity), "it may have become this")
                for key in candidates
            ),
        )
        if c.is_nothing_new:
            want = retiring(want, phase, "retired", was.id)
        yield want


# --------------------------------------------------------------------------------- records


def _records(c: Comparison) -> Iterator[Want]:
    """What `moved` and `retired` of the base said, and today's says no more."""
    now = c.now
    for old, target in c.base.moves.items.items():
        if target in c.items.maybe:
            continue  # it has to be found first
        entry = c.item_now(target)
        if entry is None:
            yield from _forgotten(c, old)
        elif entry.key not in _leads(c, old):
            head, _, item = old.rpartition("/")
            track, _, week = head.partition("/")
            path = old if c.tracks.now(track) != entry.place.track.id else f"{week}/{item}"
            yield dropped(entry.entity, "moved", path)
    for old, target in c.base.moves.places.items():
        if target in c.places.maybe:
            continue
        place = now.places.get(c.places.now(target) or "")
        track, _, id = old.partition("/")
        if place is not None:
            if place.key not in _leads(c, old):
                path = old if c.tracks.now(track) != place.track.id else id
                yield dropped(place.entity, "moved", path)
        else:
            yield from _left_behind(c, old, target)
            there = now.tracks.get(c.tracks.now(track) or "")
            if there and id not in there.retired:
                yield dropped(there, "retired", id)
    for old, target in c.base.moves.tracks.items():
        name = c.tracks.now(target)
        if name is not None:
            if now.moves.resolve(old) != name:
                yield dropped(now.tracks[name], "moved", old)
        elif target not in c.tracks.maybe:
            yield from _left_behind(c, old, target)
            if not now.is_retired(old):
                yield dropped(now.curriculum.about, "retired_tracks", old)
    yield from _dropped_retirements(c)


def _left_behind(c: Comparison, old: str, gone: str) -> Iterator[Want]:
    """Items that had moved out of a place (or a track) that is gone, and that `old` led to.

    Who ticked them when it was still called that is followed by their own records from now on.
    """
    within = f"{gone}/"
    heads = [head for head in c.base.places if head == gone or head.startswith(within)]
    former = [key for key in c.base.moves.items if key.startswith(within)]
    for key in (*former, *(key for head in heads for key in c.base.items(head))):
        entry = c.item_now(c.base.moves.resolve(key))
        alias = old + key.removeprefix(gone)
        if entry and entry.key not in _leads(c, alias):
            track, _, rest = alias.partition("/")
            path = alias if c.tracks.now(track) != entry.place.track.id else rest
            yield dropped(entry.entity, "moved", path)


def _leads(c: Comparison, old: str) -> set[str]:
    """Where an old key leads today, what was found of its track and place being known or not."""
    track, _, rest = old.partition("/")
    place, slash, item = rest.partition("/")
    now_track = c.tracks.now(track) or track
    head = c.places.now(f"{track}/{place}") or f"{now_track}/{place}"
    keys = (old, f"{now_track}/{rest}", f"{head}{slash}{item}")
    return {c.now.moves.resolve(key) for key in keys}


def _forgotten(c: Comparison, old: str) -> Iterator[Want]:
    """A former key of what was taken away: it has to be retired as well, where it was."""
    leads = _leads(c, old)
    if any(map(c.now.is_retired, (old, *leads))):
        return
    for key in sorted(leads):
        head, _, item = key.rpartition("/")
        place = c.now.places.get(head)
        if place is not None:
            yield dropped(place.entity, "retired", item)
            return


def _dropped_retirements(c: Comparison) -> Iterator[Want]:
    base, now = c.base, c.now
    about = base.curriculum.about
    for id in about.retired_tracks:
        if id not in now.curriculum.about.retired_tracks:
            yield dropped(now.curriculum.about, "retired_tracks", id)
    for track in base.curriculum.tracks:
        there = now.tracks.get(c.tracks.now(track.id) or "")
        if there is not None:
            for id in track.retired:
                if id not in there.retired:
                    yield dropped(there, "retired", id)
    for key, place in base.places.items():
        spot = now.places.get(c.places.now(key) or "") if place.entity.retired else None
        if spot is not None:
            for id in place.entity.retired:
                if id not in spot.entity.retired:
                    yield dropped(spot.entity, "retired", id)
    old_topics, new_topics = base.curriculum.vocabulary, now.curriculum.vocabulary
    if old_topics and new_topics:
        for id in old_topics.retired:
            if id not in new_topics.retired:
                yield dropped(new_topics, "retired", id)
    for id in about.retired_banks:
        if id not in now.curriculum.about.retired_banks:
            yield dropped(now.curriculum.about, "retired_banks", id)


# ---------------------------------------------------------------------------------- shared


def _shared(c: Comparison) -> Iterator[Want]:
    """Topics, banks, resources: what stands beside the tracks."""
    base, now = c.base.curriculum, c.now.curriculum
    if now.vocabulary:
        topics = (now.vocabulary, "retired", "topic")
        yield from _entries(c, base.topics, now.topics, now.vocabulary.retired, topics)
    banks = (now.about, "retired_banks", "question bank")
    yield from _entries(c, base.banks, now.banks, now.about.retired_banks, banks)
    for id, old in base.resources.items():
        new = now.resources.get(id)
        if new and old.url != new.url and likeness(old.title, new.title) < SURE:
            yield _changed(new.node.at("title"), "resource", id, old.title, new.title)
    for id, old_topic in base.topics.items():
        topic = now.topics.get(id)
        if (
            topic
            and not _topic_names(old_topic) & _topic_names(topic)
            and likeness(old_topic.label, topic.label) < SURE
        ):
            yield _changed(topic.node.at("label"), "topic", id, old_topic.label, topic.label)


def _changed(span: Span, kind: str, id: str, was: str, now: str) -> Want:
    return Want(
        CHANGED_MEANING,
        span,
        f"the {kind} {cited(id)} was {cited(was)} and is {cited(now)} now",
        "give what is new an id of its own",
    )


def _entries(
    c: Comparison,
    old: Mapping[str, N],
    new: Mapping[str, N],
    retired: Sequence[str],
    spot: tuple[Entity, str, str],
) -> Iterator[Want]:
    """Entries of the vocabulary, or banks: `spot` is where the retired are listed, and a name."""
    owner, key, kind = spot
    known = {*new, *retired, *(id for entity in new.values() for id in _moved(entity))}
    fresh = [id for id in new if id not in old]
    for id in old:
        if id in known:
            continue
        became = [other for other in fresh if _is_same(old[id], new[other])]
        entity = new[became[0]] if len(became) == 1 else None
        want = Want(
            LOST_ADDRESS,
            id_span(entity) if entity else owner.node.span.head,
            f"the {kind} {cited(id)} is gone: its address would be lost",
            f"add `moved: [{id}]` to what it became, or `{key}: [{id}]` where it was taken away",
        )
        if entity:
            want = replace(want, owner=entity, key="moved", value=id)
        elif not fresh and c.is_nothing_new:
            want = retiring(want, owner, key, id)
        yield want


def _moved(entity: Named) -> Sequence[str]:
    return getattr(entity, "moved", ())


def _written_pages(c: Comparison) -> Iterator[Want]:
    """Addresses of pages that are written by hand."""
    about = c.now.curriculum.about
    base, now = _by_address(c.base.curriculum), _by_address(c.now.curriculum)
    known = {*now, *GENERATED, *(about.moved_pages or {}), *about.retired_pages}
    fresh = [address for address in now if address not in base]
    for old, page in base.items():
        if old in known:
            continue
        became = [new for new in fresh if _is_same_page(page, now[new])]
        want = Want(
            LOST_ADDRESS,
            about.node.at("title"),
            f"the page {cited(old)} is gone: its address would be lost",
            f"add `moved_pages: {{{old}: its-new-address}}`, or `retired_pages: [{old}]` where it "
            "was taken away",
        )
        if len(became) == 1:
            want = replace(want, owner=about, key="moved_pages", value=f"{old}: {became[0]}")
        elif not fresh and c.is_nothing_new:
            want = retiring(want, about, "retired_pages", old)
        yield want
    before = c.base.curriculum.about
    for old in before.retired_pages:
        if old not in known:
            yield dropped(about, "retired_pages", old)
    for old, new in (before.moved_pages or {}).items():
        if old not in known:
            yield dropped(about, "moved_pages", f"{old}: {new}")


def _by_address(curriculum: Curriculum) -> dict[str, WrittenPage]:
    return {address_of(page.file.path): page for page in curriculum.pages.values()}


def _is_same_page(old: WrittenPage, new: WrittenPage) -> bool:
    texts = [" ".join(words for words, _ in page.texts) for page in (old, new)]
    return texts[0] == texts[1] or likeness(*texts) >= SURE


def _is_same(old: Named, new: Named) -> bool:
    if isinstance(old, Topic) and isinstance(new, Topic):
        return bool(_topic_names(old) & _topic_names(new))
    if isinstance(old, Bank) and isinstance(new, Bank):
        asked = {normal_name(question.text) for question in old.questions}
        asks = {normal_name(question.text) for question in new.questions}
        return len(asked & asks) * 2 > len(asked)
    return False


def _topic_names(topic: Topic) -> frozenset[str]:
    return frozenset(map(normal_name, (topic.label, *topic.also)))

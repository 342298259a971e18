"""Where a learner's ticks live: places, the items on them, and which of these totals count.

A place is what has a page or a list of its own. A tick's key is `<track>/<place>/<item>`, made of
ids only, so that no reordering changes a key. Kind, depth and module are not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from roadmap_site.model.curriculum import (
    BankMention,
    Block,
    Checklist,
    Interview,
    Item,
    Mention,
    Phase,
    Place,
    Plan,
    Project,
    ProjectSet,
    Question,
    Shelf,
    Track,
    Week,
)

PlaceKind = Literal["week", "phase", "checklist", "plan", "projects", "interview", "shelf"]
Tickable = Item | Project | Mention | BankMention | Question


@dataclass(frozen=True, slots=True)
class Tick:
    """One box: what it belongs to, whether totals leave it out, and its branch's id or ""."""

    entity: Tickable
    left_out: bool
    branch: str = ""

    @property
    def id(self) -> str:
        """The last part of its key."""
        return self.entity.id

    @property
    def words(self) -> str:
        """What it says; empty where a resource's or a bank's title does."""
        if isinstance(self.entity, Project):
            return self.entity.title
        return "" if isinstance(self.entity, BankMention) else self.entity.text


@dataclass(frozen=True, slots=True)
class TickPlace:
    """A page of a track with boxes on it. `phase` is the month it belongs to, if any."""

    track: Track
    kind: PlaceKind
    entity: Week | Phase | Place
    ticks: tuple[Tick, ...]
    phase: Phase | None = None

    @property
    def id(self) -> str:
        """Its id within the track."""
        return self.entity.id

    @property
    def key(self) -> str:
        """The head of its ticks' keys."""
        return f"{self.track.id}/{self.entity.id}"

    @property
    def required(self) -> int:
        """How many ticks a total counts before any branch is chosen."""
        return sum(not tick.left_out and not tick.branch for tick in self.ticks)


def places(track: Track) -> Iterator[TickPlace]:
    """Every place of a track: the road in order, then what stands beside it."""
    for phase in track.phases:
        aside = phase.optional or phase.ongoing
        if not phase.weeks:
            yield TickPlace(track, "phase", phase, tuple(_road_ticks(phase, aside)), phase)
        for week in phase.weeks:
            ticks = tuple(_road_ticks(week, aside or week.optional))
            yield TickPlace(track, "week", week, ticks, phase)
    for checklist in track.checklists:
        yield TickPlace(track, "checklist", checklist, tuple(_checklist_ticks(checklist)))
    for projects in track.project_sets:
        yield TickPlace(track, "projects", projects, tuple(_project_set_ticks(projects)))
    if track.interview:
        ticks = tuple(_interview_ticks(track.interview))
        yield TickPlace(track, "interview", track.interview, ticks)
    for plan in track.plans:
        yield TickPlace(track, "plan", plan, tuple(_plan_ticks(plan)))
    for shelf in track.shelves:
        yield TickPlace(track, "shelf", shelf, tuple(_shelf_ticks(shelf)))


def phase_label(phase: Phase) -> str:
    """What a phase is called on its page: Month 3-4, Weeks 1–6, Ongoing."""
    if phase.label:
        return phase.label
    if phase.month:
        return f"Month {phase.month}"
    if phase.week:
        return f"Week{'s' if phase.week.count > 1 else ''} {phase.week}"
    return "Ongoing" if phase.ongoing else "Preparation"


def week_label(week: Week) -> str:
    """What a week is called: Week 5, Week 1-2."""
    return f"Week {week.week}"


def _items(items: Iterable[Item], aside: bool, branch: str = "") -> Iterator[Tick]:
    for item in items:
        left_out = aside or item.optional
        yield Tick(item, left_out, branch)
        if item.points:
            yield from _items(item.points, left_out, branch)


def _projects(projects: Iterable[Project], aside: bool, branch: str = "") -> Iterator[Tick]:
    for project in projects:
        left_out = aside or project.optional
        yield Tick(project, left_out, branch)
        yield from _items(project.requirements, left_out, branch)
        yield from _items(project.deliverables, left_out, branch)


def _mentions(
    mentions: Iterable[Mention | BankMention | Question], aside: bool, branch: str = ""
) -> Iterator[Tick]:
    for mention in mentions:
        yield Tick(mention, aside or mention.optional, branch)


def _block_ticks(block: Block, aside: bool, branch: str = "") -> Iterator[Tick]:
    yield from _items(block.topics, aside, branch)
    for group in block.key_concepts:
        yield from _items(group.items, aside, branch)
    yield from _items(block.practice, aside, branch)
    yield from _projects(block.projects, aside, branch)
    yield from _mentions(block.resources, aside, branch)
    yield from _mentions(block.interview, aside, branch)


def _road_ticks(entity: Week | Phase, aside: bool) -> Iterator[Tick]:
    # In the order of the page: what stands outside of the modules comes after them.
    for module in entity.modules:
        yield from _block_ticks(module, aside)
    yield from _block_ticks(entity, aside)
    if isinstance(entity, Phase):
        for branch in entity.branches:
            yield from _block_ticks(branch, aside, branch.id)


def _checklist_ticks(checklist: Checklist) -> Iterator[Tick]:
    for tier in checklist.tiers:
        yield from _items(tier.items, tier.optional)


def _plan_ticks(plan: Plan) -> Iterator[Tick]:
    for period in plan.periods:
        yield from _items(period.items, aside=True)


def _project_set_ticks(projects: ProjectSet) -> Iterator[Tick]:
    for group in projects.groups:
        yield from _projects(group.projects, group.optional)


def _interview_ticks(interview: Interview) -> Iterator[Tick]:
    yield from _mentions(interview.banks, aside=False)
    yield from _mentions(interview.questions, aside=False)


def _shelf_ticks(shelf: Shelf) -> Iterator[Tick]:
    for group in shelf.groups:
        yield from _mentions(group.resources, aside=True)

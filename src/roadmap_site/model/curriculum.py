"""The curriculum as frozen dataclasses: what an editor writes, one class a kind of mapping.

Each field is one YAML key of the same name, and `key(...)` says what it is for; the loader, the
documentation and the JSON Schema are read off these fields, so a key is declared once.
Fields that `derived(...)` marks are not keys: the loader fills them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from roadmap_site.model.entity import Entity, Named, derived, key
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import Node, SourceFile
from roadmap_site.model.values import (
    BankRef,
    Date,
    Duration,
    FileRef,
    Id,
    Numbers,
    Prose,
    ResourceRef,
    TopicRef,
    TrackRef,
    Url,
    Verbatim,
)

Level = Literal["beginner", "intermediate", "advanced"]
ProjectKind = Literal["mini", "milestone", "capstone", "portfolio", "idea"]
ResourceType = Literal[
    "article",
    "book",
    "collection",
    "community",
    "course",
    "documentation",
    "paper",
    "platform",
    "post",
    "tool",
    "tutorial",
    "video",
]
Cost = Literal["free", "paid", "freemium", "varies"]
Access = Literal["open", "login"]


def _former_ticks() -> Any:
    doc = "Former places of its tick, which follows: `item`, `week/item` or `track/week/item`."
    return key(doc, default=(), example=["old-week/old-item"])


def _former_places() -> Any:
    return key(
        "Former ids, or `track/id` where it stood in another track; addresses and ticks follow.",
        default=(),
    )


def _retired_items() -> Any:
    return key(
        "Ids of items and branches that were taken away; nothing else may use them.", default=()
    )


# ---------------------------------------------------------------------------------- items


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code example: complete, and runnable as it stands."""

    shorthand: ClassVar[str] = "source"

    node: Node = field(repr=False, compare=False, metadata={"derived": True})
    source: Verbatim = key("The program's text, verbatim.")
    language: str = key("Its language, as Pygments names it.", default="python")
    packages: tuple[str, ...] = key(
        "Distributions it needs beyond the standard library.", default=(), example=["numpy"]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Named):
    """One thing to tick off: a topic, a sub-point, a practice task, a checklist or plan entry."""

    shorthand: ClassVar[str] = "text"

    text: str = key("What it says, on one line.", example="Backpropagation")
    teaches: tuple[TopicRef, ...] | None = key(
        "The canonical topics it teaches; a text that is a topic's own label or other name needs "
        "none, and [] says that it teaches none on purpose.",
        default=None,
        example=["backpropagation"],
    )
    points: tuple[Item, ...] = key("Sub-points, each with a tick of its own.", default=())
    optional: bool = key("Whether totals leave it out.", default=False)
    time: Duration | None = key("Effort it takes.", default=None, example="2-3h")
    note: Prose = key("A remark shown under it.", default="")
    cites: tuple[ResourceRef, ...] = key("Resources its text refers to.", default=())
    code: Code | None = key("A worked example to run.", default=None)
    moved: tuple[str, ...] = _former_ticks()

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Its text."""
        return str(values["text"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Entity):
    """Items under a heading of their own."""

    title: str = key("The heading.")
    items: tuple[Item, ...] = key("What stands under it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Named):
    """A resource where it is used: one of `ref`, `any_of` and `all_of`, and one tick."""

    shorthand: ClassVar[str] = "ref"

    ref: ResourceRef = key("A resource's id.", default="", example="cs231n")
    any_of: tuple[ResourceRef, ...] = key("Alternatives: any one of them will do.", default=())
    all_of: tuple[ResourceRef, ...] = key("Resources that go together as one entry.", default=())
    part: str = key("Which part of it.", default="", example="Chapters 1-3")
    text: str = key("What to call it here, where its title is not the word for it.", default="")
    note: Prose = key("Why it is here.", default="")
    optional: bool = key("Whether totals leave it out.", default=False)
    teaches: tuple[TopicRef, ...] = key("Topics it teaches.", default=())
    moved: tuple[str, ...] = _former_ticks()

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """What it refers to, and the part."""
        refs = (
            values.get("ref")
            or " or ".join(values.get("any_of", ()))
            or " and ".join(values.get("all_of", ()))
        )
        return f"{refs} {values.get('part', '')}"

    @property
    def refs(self) -> tuple[ResourceRef, ...]:
        """Every resource it names."""
        return (self.ref,) if self.ref else self.any_of or self.all_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Named):
    """Something to build."""

    shorthand: ClassVar[str] = "title"

    title: str = key("Its name.", example="Image classifier (cats vs dogs)")
    kind: ProjectKind = key("How large a thing it is.", default="mini")
    brief: Prose = key("What to build.", default="")
    variants: tuple[str, ...] = key("Forms it can take; any one will do.", default=())
    requirements: tuple[Item, ...] = key("What it must have.", default=())
    deliverables: tuple[Item, ...] = key("What to hand in.", default=())
    teaches: tuple[TopicRef, ...] = key("Topics it teaches.", default=())
    optional: bool = key("Whether totals leave it out.", default=False)
    time: Duration | None = key("Effort it takes.", default=None)
    cites: tuple[ResourceRef, ...] = key("Resources its text refers to.", default=())
    moved: tuple[str, ...] = _former_ticks()


@dataclass(frozen=True, slots=True, kw_only=True)
class BankMention(Named):
    """A question bank to work through: one tick."""

    shorthand: ClassVar[str] = "bank"

    bank: BankRef = key("The bank's id.", example="python")
    questions: int = key("How many questions it announces; checked.", default=0)
    teaches: tuple[TopicRef, ...] = key("Topics it teaches.", default=())
    optional: bool = key("Whether totals leave it out.", default=False)
    moved: tuple[str, ...] = _former_ticks()

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """The bank's questions."""
        return f"{values['bank']} questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Entity):
    """A sentence of guidance that refers to resources, without a tick."""

    shorthand: ClassVar[str] = "text"

    text: Prose = key("What it says.")
    title: str = key("Its opening words, set bold.", default="")
    points: tuple[str, ...] = key("Things it lists.", default=())
    cites: tuple[ResourceRef, ...] = key("Resources it refers to.", default=())
    teaches: tuple[TopicRef, ...] = key("Topics it touches.", default=())
    time: Duration | None = key("Time it takes.", default=None)


# ---------------------------------------------------------------------------------- the road


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Named):
    """What weeks, phases without weeks, modules and branches have in common."""

    title: str = key("Its title, without its number.", example="Neural Network Fundamentals")
    summary: Prose = key("What it is about.", default="")
    goal: Prose = key("What the learner is to reach.", default="")
    concept: Prose = key("The idea behind it.", default="")
    time: Duration | None = key("Effort it takes.", default=None, example="10-12h")
    teaches: tuple[TopicRef, ...] = key("Topics the whole of it teaches.", default=())
    topics: tuple[Item, ...] = key("What to learn.", default=())
    key_concepts: tuple[Group, ...] = key("Ideas to know by name, in groups.", default=())
    practice: tuple[Item, ...] = key("What to do.", default=())
    projects: tuple[Project, ...] = key("What to build.", default=())
    resources: tuple[Mention, ...] = key("What to read, watch and use.", default=())
    interview: tuple[BankMention, ...] = key("Question banks to work through.", default=())
    advice: tuple[Reference, ...] = key("What practitioners say.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Module(Block):
    """A part of a week (or of a phase without weeks) with a heading of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Block):
    """One way through a phase that says choose one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week(Block):
    """A week or a few weeks: a page of its own."""

    week: Numbers = key("Its number or span of numbers.", example="1-2")
    short_title: str = key("Its title where room is short.", default="")
    milestone: str = key("What is reached at its end.", default="")
    optional: bool = key("Whether totals leave it out.", default=False)
    modules: tuple[Module, ...] = key("Its parts.", default=())
    moved: tuple[str, ...] = _former_places()
    retired: tuple[str, ...] = _retired_items()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Block):
    """One file: a month, a span of months or weeks, a preparation, or an ongoing concern.

    Exactly one of `month`, `week`, `length` and `ongoing` says when.
    """

    month: Numbers | None = key("Its month or span of months.", default=None, example="3-4")
    week: Numbers | None = key("Its span of weeks in the track.", default=None, example="1–6")
    length: Duration | None = key("How long it takes, where it has no number.", default=None)
    ongoing: bool = key("Whether it goes on beside everything else.", default=False)
    optional: bool = key("Whether totals leave it out.", default=False)
    label: str = key("What it is called in place of its number.", default="")
    short_title: str = key("Its title where room is short.", default="")
    milestone: str = key("What is reached at its end.", default="")
    tools: tuple[str, ...] = key("The tools it is known by.", default=())
    choose: Prose = key("How to choose among its branches.", default="")
    branches: tuple[Branch, ...] = key("Ways through it; the learner takes one.", default=())
    modules: tuple[Module, ...] = key("Its parts, where it has no weeks.", default=())
    weeks: tuple[Week, ...] = key("Its weeks, in order.", default=())
    moved: tuple[str, ...] = _former_places()
    retired: tuple[str, ...] = _retired_items()


# ---------------------------------------------------------------------------------- beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Named):
    """A list of its own beside the road: a page, and a namespace for ticks."""

    title: str = key("Its title.")
    summary: Prose = key("What it is about.", default="")
    teaches: tuple[TopicRef, ...] = key("Topics the whole of it touches.", default=())
    moved: tuple[str, ...] = _former_places()
    retired: tuple[str, ...] = _retired_items()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Entity):
    """A rank of a checklist."""

    title: str = key("Its name.", example="Must Have")
    optional: bool = key("Whether totals leave it out.", default=False)
    items: tuple[Item, ...] = key("What stands in it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Place):
    """Things to have by the end, in tiers."""

    tiers: tuple[Tier, ...] = key("Its ranks, the most important first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPeriod(Entity):
    """A stretch of a plan."""

    title: str = key("When.", example="Days 1–30")
    items: tuple[Item, ...] = key("What to do then.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Place):
    """Another way through the track, in a hurry say. Its items never count in totals."""

    periods: tuple[PlanPeriod, ...] = key("Its stretches, in order.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfGroup(Entity):
    """Resources under a heading."""

    title: str = key("The heading.", default="")
    level: Level | None = key("Whom it is for.", default=None)
    resources: tuple[Mention, ...] = key("The resources.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf(Place):
    """Resources beside the road. Its items never count in totals."""

    groups: tuple[ShelfGroup, ...] = key("Its parts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectGroup(Entity):
    """Projects under a heading."""

    title: str = key("The heading.", example="Beginner")
    optional: bool = key("Whether totals leave it out.", default=False)
    projects: tuple[Project, ...] = key("The projects.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSet(Place):
    """Projects beside the road: ideas, or a portfolio that grows by the month."""

    groups: tuple[ProjectGroup, ...] = key("Its parts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Named):
    """A question with a short answer."""

    text: str = key("The question.")
    answer: Prose = key("A short answer.")
    level: Level | None = key("Whom it is for.", default=None)
    teaches: tuple[TopicRef, ...] = key("Topics it touches.", default=())
    optional: bool = key("Whether totals leave it out.", default=False)
    moved: tuple[str, ...] = _former_ticks()

    @staticmethod
    def name_of(values: Mapping[str, Any]) -> str:
        """Its text."""
        return str(values["text"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview(Place):
    """Preparation for interviews: question banks, and questions of the track's own."""

    banks_title: str = key("The heading over the banks.", default="Questions by topic")
    banks: tuple[BankMention, ...] = key("Question banks.", default=())
    questions_title: str = key("The heading over the questions.", default="Questions")
    questions: tuple[Question, ...] = key("Questions of the track's own.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """A range of yearly pay; `text` is how its source prints it."""

    node: Node = field(repr=False, compare=False, metadata={"derived": True})
    region: str = key("Which column of the table.")
    text: str = key("As printed.", example="$90-130K")
    currency: str = key("ISO 4217 code.", example="USD")
    low: int = key("Lower end, in whole units of the currency a year.")
    high: int = key("Upper end, likewise.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRow(Entity):
    """What one level is paid, region by region."""

    role: str = key("The level.", example="Junior ML Engineer")
    pay: tuple[Pay, ...] = key("A range for each region.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Salaries(Entity):
    """Pay by level and region."""

    title: str = key("The heading.")
    as_of: Date = key("When the figures were stated.", example="2026")
    rows: tuple[PayRow, ...] = key("One a level.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot(Entity):
    """A stretch of a day."""

    text: str = key("What to do.")
    title: str = key("Its name, where it has no length.", default="")
    time: Duration | None = key("How long.", default=None, example="30-90min")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Entity):
    """A kind of day in a week's schedule."""

    title: str = key("Which day.", example="Day 1 (Saturday)")
    group: str = key("The kind of day it belongs to.", default="", example="Weekends")
    time: Duration | None = key("How long in all.", default=None, example="1-2h/day")
    slots: tuple[Slot, ...] = key("Its stretches.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Entity):
    """How a week can be laid out."""

    title: str = key("The heading.")
    days: tuple[Day, ...] = key("Its days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes(Entity):
    """Guidance under a heading: next steps, outcomes, how to use the track."""

    title: str = key("The heading.")
    intro: Prose = key("What to read first.", default="")
    numbered: bool = key("Whether the order matters.", default=False)
    items: tuple[Reference, ...] = key("What it says, one by one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Entity):
    """A summary table made from the weeks; these are its last row and its heading."""

    title: str = key("The heading.")
    total_label: str = key("What its last row is called.", default="Total")
    focus: str = key("What the whole is about, in its last row.")
    milestone: str = key("What the whole leads to, in its last row.")
    note: Prose = key("A remark under it.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Entity):
    """The document a track comes from, for the credits page."""

    title: str = key("Its title.")
    authors: tuple[str, ...] = key("Who wrote it, where known.", default=())
    url: Url = key("Where it stands, where known.", default="")
    licence: str = key("Its licence, where known.", default="")
    dated: Date = key("When it was written, where known.", default="")
    note: Prose = key("A remark.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Named):
    """A way through the field: `track.yml` in a folder whose name is its id."""

    title: str = key("Its title.")
    subtitle: str = key("A second line of title.", default="")
    short_title: str = key("Its title where room is short; 24 characters at most.")
    summary: Prose = key("What it is, in a sentence or two.")
    audience: str = key("Who it is for.")
    builds: str = key("What its learner builds.")
    level: Level = key("Where it starts.")
    length: Duration = key("How long it takes.", example="3mo")
    pace: Duration | None = key("Effort a week.", default=None, example="10-12h/week")
    total_time: Duration | None = key("Effort in all.", default=None, example="~200h")
    language: str = key("The language it is written in (BCP 47).", default="en")
    intro: Prose = key("What to read before starting.", default="")
    closing: Prose = key("A word at the end.", default="")
    tags: tuple[str, ...] = key("Words it is filed under.", default=())
    week_numbers: Literal["track", "month"] = key(
        "Whether week numbers run through the track or start again each month.", default="track"
    )
    months: tuple[FileRef, ...] = key("Its month files, in order, without .yml.")
    checklists: tuple[Checklist, ...] = key("Skills to have.", default=())
    project_sets: tuple[ProjectSet, ...] = key("Projects beside the road.", default=())
    interview: Interview | None = key("Interview preparation.", default=None)
    plans: tuple[Plan, ...] = key("Other ways through it.", default=())
    shelves: tuple[Shelf, ...] = key("Resources beside the road.", default=())
    salaries: Salaries | None = key("What the work pays.", default=None)
    schedule: Schedule | None = key("How a week can be laid out.", default=None)
    assessment: Notes | None = key("How to check on yourself.", default=None)
    outcomes: Notes | None = key("What one can do at the end.", default=None)
    how_to_use: Notes | None = key("How to use the track.", default=None)
    next_steps: Notes | None = key("What to do afterwards.", default=None)
    timeline: Timeline | None = key("A summary table of the weeks.", default=None)
    source: Source = key("The document it comes from.")
    moved: tuple[str, ...] = key(
        "Former names of its folder; addresses and ticks follow.", default=()
    )
    retired: tuple[str, ...] = key(
        "Ids of weeks, months and lists that were taken away; nothing else may use them.",
        default=(),
    )
    phases: tuple[Phase, ...] = derived(default=())


# ---------------------------------------------------------------------------------- shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Named):
    """A canonical topic: an entry of `topics.yml`, under its id."""

    label: str = key("Its name.", example="Convolutional neural networks")
    area: str = key("The area it belongs to.", example="dl")
    also: tuple[str, ...] = key("Other names people search for.", default=(), example=["CNN"])
    summary: Prose = key("What it is, in a sentence or two.")
    requires: tuple[TopicRef, ...] = key("Topics to know before it.", default=())
    moved: tuple[str, ...] = key("Former ids; their addresses redirect here.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary(Entity):
    """`topics.yml`: the areas, the topics, and which of them are roots."""

    areas: Mapping[str, str] = key("Areas in order: id and name.")
    roots: tuple[TopicRef, ...] = key("Topics that require none, on purpose.", default=())
    topics: Mapping[str, Topic] = key("The topics, by id.")
    retired: tuple[str, ...] = key(
        "Ids of topics that were taken away; nothing else may use them.", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Named):
    """A book, a course, a page: an entry of a file in `resources/`, under its id."""

    title: str = key("Its title.")
    type: ResourceType = key("What it is.")
    authors: tuple[str, ...] = key("Who made it.", default=())
    url: Url = key("Where it stands.", default="")
    cost: Cost = key("Whether it costs money.", default="free")
    level: Level | None = key("Whom it is for.", default=None)
    access: Access = key("Whether it wants a login.", default="open")
    note: Prose = key("A remark.", default="")
    teaches: tuple[TopicRef, ...] = key("Topics it teaches.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank(Named):
    """A bank of interview questions: one file of `questions/`, whose name is its id."""

    title: str = key("Its title.", example="Python Interview Questions")
    short_title: str = key("Its subject.", example="Python")
    summary: Prose = key("What it covers.")
    teaches: tuple[TopicRef, ...] = key("Topics it touches.", default=())
    questions: tuple[Question, ...] = key("The questions.")
    moved: tuple[str, ...] = key("Former names of its file; its address follows.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings(Entity):
    """Which warnings and infos are looked for, where, and how grave they are.

    A rule is named by its code, its name, or the beginning of several codes (RS2). Errors are
    always looked for: no page could be made of what they find.
    """

    select: tuple[str, ...] | None = key("The rules to look for, where not all.", default=None)
    ignore: tuple[str, ...] = key("Rules to leave out.", default=(), example=["RS209"])
    per_path: Mapping[str, tuple[str, ...]] | None = key(
        "Rules to leave out of files: a pattern relative to the curriculum folder, and the rules.",
        default=None,
        example={"tracks/draft/**": ["RS3"]},
    )
    severity: Mapping[str, Literal["error", "warning", "info"]] | None = key(
        "How grave what rules find is.", default=None, example={"RS209": "warning"}
    )
    docs_url: Url = key("The published site, whose pages explain the rules.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurriculumFile(Entity):
    """`curriculum.yml`: what the whole is called, and the order of its tracks and banks."""

    id: Id = key("Names the curriculum in a browser's storage; never change it.")
    title: str = key("The site's name.")
    tagline: str = key("One line under it.")
    summary: Prose = key("What it is.")
    tracks: tuple[TrackRef, ...] = key("The tracks, in order.")
    banks: tuple[BankRef, ...] = key("The question banks, in order.", default=())
    moved_pages: Mapping[str, str] | None = key(
        "Former addresses of hand-written pages, and the page that each leads to now.",
        default=None,
        example={"faq": "about"},
    )
    retired_pages: tuple[str, ...] = key(
        "Addresses of hand-written pages that were taken away.", default=()
    )
    retired_tracks: tuple[str, ...] = key(
        "Tracks that were taken away; nothing else may use their names.", default=()
    )
    retired_banks: tuple[str, ...] = key(
        "Banks that were taken away; nothing else may use their names.", default=()
    )
    check: CheckSettings | None = key("How strictly the curriculum is checked.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curriculum:
    """Everything that could be read.

    `files` are those that were read, by path; `unread` those that nothing refers to; `twice` the
    places of resources that stand in the library more than once, by id. `declared` holds the ids
    that stand in the files, faulty entries included, by kind (topics, resources, banks, tracks);
    a kind is absent where a file that declares it could not be read. `broken` names the files with
    faults of shape, for rules that would only repeat what is said. `pages` are written by hand.
    """

    about: CurriculumFile
    tracks: tuple[Track, ...]
    areas: Mapping[str, str]
    roots: tuple[TopicRef, ...]
    topics: Mapping[str, Topic]
    resources: Mapping[str, Resource]
    banks: Mapping[str, Bank]
    vocabulary: Vocabulary | None
    files: Mapping[str, SourceFile]
    unread: tuple[SourceFile, ...] = ()
    twice: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    declared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    pages: Mapping[str, WrittenPage] = field(default_factory=dict)


def weeks_of(track: Track) -> Iterator[tuple[Phase, Week]]:
    """Every week of a track in order, with its phase."""
    for phase in track.phases:
        for week in phase.weeks:
            yield phase, week

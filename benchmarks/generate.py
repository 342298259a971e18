"""A made-up curriculum of N weeks, twice: as YAML for roadmap-site, and as plain Markdown.

    python -m benchmarks.generate 1000 DIR    writes DIR/ours and DIR/plain, a mkdocs.yml in each

The same N gives the same bytes. Each week has 8 topics (one with a code example of six lines), 3
resources, 1 project with a brief and 3 deliverables, and 2 paragraphs of prose: about 2.5 KB of
YAML. Each week also brings one new canonical topic and one new resource, so both grow in step.

Both sites take their settings from the repository's own mkdocs.yml, so that they differ in the
plugin and in nothing else; the plain one has task lists besides.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import fill, indent
from typing import Any

import yaml
from mkdocs.utils.yaml import yaml_load

SITE_CONFIG = Path(__file__).parents[1] / "mkdocs.yml"

WEEKS_A_TRACK = 12
WEEKS_A_MONTH = 4
MONTH_FILES = ("first-month", "second-month", "third-month")
TOPICS_A_WEEK = 8
ITEM_WITH_CODE = 3

ROOTS = 4
MOST_TOPICS = 166 * WEEKS_A_TRACK
"""A file holds 1 MiB at most: topics come again after as many whole tracks as this."""
"""Topics that require none and that the first week of every track teaches."""

# fmt: off
_MANNERS = (
    "Sparse", "Dense", "Linear", "Robust", "Causal", "Latent", "Online", "Deep", "Convex",
    "Neural", "Random", "Hidden", "Bounded", "Kernel", "Nested", "Partial", "Sampled",
    "Stacked", "Sliding", "Ranked", "Masked", "Pooled", "Mixed", "Local",
)
_OBJECTS = (
    "vector", "matrix", "tensor", "graph", "sequence", "image", "signal", "token", "cluster",
    "feature", "gradient", "mixture", "window", "market", "sensor", "document", "query",
    "season", "sentence", "speaker", "recipe", "route", "ledger", "tile",
)
_METHODS = (
    "regression", "smoothing", "ranking", "encoding", "search", "sampling", "pruning",
    "alignment", "scoring", "tracking", "matching", "filtering", "folding", "planning",
    "grouping", "tuning",
)
# fmt: on
MOST_WEEKS = len(_MANNERS) * len(_OBJECTS) * len(_METHODS) - ROOTS
"""Beyond this, names would repeat."""

_ITEMS = (
    "The idea behind {}",
    "{} worked by hand",
    "Where {} goes wrong",
    "{} in a few lines of code",
    "Choosing settings for {}",
    "Cost and limits of {}",
    "{} against older methods",
    "Reading the results of {}",
)
_SENTENCES = (
    "{} starts from a small example that fits on one page, so that every step can be followed.",
    "Work through it with a pencil first; the code is shorter once the idea of {} is clear.",
    "Most mistakes with {} come from data that were never looked at, so plot them before anything.",
    "Compare it with the baseline of last week, and write down by how much {} changes the score.",
    "The settings matter less than they seem: two of them decide nearly everything in {}.",
    "When {} runs slowly, measure before you change anything; the slow part is rarely the one.",
    "Keep the notebook short, name what goes in and what comes out, and commit the results too.",
)
_THINGS = ("house prices", "bird songs", "bus delays", "tea orders", "street maps", "night skies")
_RESOURCE_KINDS = (
    ("book", "Handbook"),
    ("course", "Lectures"),
    ("article", "Field Notes"),
    ("documentation", "Reference"),
)
_AREAS = {"basics": "Basics", "models": "Models", "data": "Data", "practice": "Practice"}
_LEVELS = ("beginner", "intermediate", "advanced")


# ------------------------------------------------------------------------------ the content


@dataclass(frozen=True, slots=True)
class Topic:
    """A canonical topic. `number` counts all of them, the roots first."""

    number: int
    label: str
    requires: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.label.lower().replace(" ", "-")

    @property
    def also(self) -> tuple[str, str]:
        """Other names: initials with the number, and the words turned round."""
        manner, thing, method = self.label.split()
        return f"{manner[0]}{thing[0].upper()}{method[0].upper()} {self.number}", (
            f"{method.capitalize()} of a {manner.lower()} {thing}"
        )

    @property
    def area(self) -> str:
        return list(_AREAS)[self.number % len(_AREAS)]

    @property
    def summary(self) -> str:
        return f"{_sentence(self.number, self.label)} {_sentence(self.number + 3, self.label)}"


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry of the library."""

    number: int
    title: str
    kind: str

    @property
    def id(self) -> str:
        return self.title.lower().replace(" ", "-")

    @property
    def url(self) -> str:
        return f"https://example.org/{self.kind}/{self.id}/"

    @property
    def author(self) -> str:
        names = ("Ada Vale", "Bo Lindqvist", "Chidi Okoro", "Dana Reyes", "Eun-ji Park")
        return names[self.number % len(names)]


@dataclass(frozen=True, slots=True)
class Week:
    """A week's content. `number` counts all weeks of the curriculum from 0."""

    number: int
    topics: tuple[Topic, ...]
    resources: tuple[Resource, ...]

    @property
    def in_track(self) -> int:
        """Its number in its track, from 0."""
        return self.number % WEEKS_A_TRACK

    @property
    def subject(self) -> str:
        return self.topics[0].label

    @property
    def title(self) -> str:
        return f"{self.subject} in practice"

    @property
    def thing(self) -> str:
        return _THINGS[self.number % len(_THINGS)]

    @property
    def items(self) -> list[tuple[str, Topic]]:
        """The texts of its topics, each with the canonical topic it teaches."""
        taught = [self.topics[i % len(self.topics)] for i in range(TOPICS_A_WEEK)]
        return [
            (_filled(pattern, topic.label), topic)
            for pattern, topic in zip(_ITEMS, taught, strict=True)
        ]

    @property
    def paragraphs(self) -> list[str]:
        sentences = [_sentence(self.number + i, self.subject) for i in range(6)]
        return [" ".join(sentences[:3]), " ".join(sentences[3:])]

    @property
    def code(self) -> str:
        values = [self.number * step % 97 for step in (3, 5, 7, 11, 13)]
        name = self.subject.split()[1]
        return (
            "from statistics import mean\n"
            "\n"
            f"{name}s = {values}\n"
            f"centre = mean({name}s)\n"
            f"spread = max(abs({name} - centre) for {name} in {name}s)\n"
            f'print(f"week {self.number + 1}: {{centre:.2f}} within {{spread:.2f}}")\n'
        )

    @property
    def project(self) -> str:
        return f"{self.subject} on {self.thing}"

    @property
    def brief(self) -> str:
        return (
            f"Apply {self.subject.lower()} to a data set of {self.thing} and show what it finds. "
            "Hold it against the simplest method you can think of."
        )

    @property
    def deliverables(self) -> list[str]:
        return [
            f"A notebook that loads {self.thing} and runs from top to bottom",
            f"A table of scores with and without {self.subject.lower()}",
            "A page on what went wrong and what you would try next",
        ]


@dataclass(frozen=True, slots=True)
class Track:
    """Twelve weeks in three months; the last track of a curriculum may be shorter."""

    number: int
    weeks: tuple[Week, ...]

    @property
    def id(self) -> str:
        return f"track-{self.number + 1}"

    @property
    def subject(self) -> str:
        return self.weeks[0].subject

    @property
    def title(self) -> str:
        return f"{self.subject} from the ground up"

    @property
    def short_title(self) -> str:
        return f"{self.subject.split()[1].capitalize()} {self.number + 1}"

    @property
    def summary(self) -> str:
        return (
            f"Begins with {self.subject.lower()} and ends with a project on data of your own, one "
            "step a week."
        )

    @property
    def level(self) -> str:
        return _LEVELS[self.number % len(_LEVELS)]

    @property
    def months(self) -> list[tuple[str, tuple[Week, ...]]]:
        """The month files: each one's stem and weeks."""
        starts = range(0, len(self.weeks), WEEKS_A_MONTH)
        months = (self.weeks[start : start + WEEKS_A_MONTH] for start in starts)
        return list(zip(MONTH_FILES, months, strict=False))


class Content:
    """Everything that both sites say."""

    def __init__(self, weeks: int) -> None:
        if weeks <= 0 or weeks % WEEKS_A_MONTH or weeks > MOST_WEEKS:
            raise ValueError(f"weeks come in whole months: a multiple of 4 up to {MOST_WEEKS}")
        self.count = weeks

    @cached_property
    def topics(self) -> list[Topic]:
        """The roots, then one topic a week, as many as one file may hold."""
        roots = [Topic(i, _label(i), ()) for i in range(ROOTS)]
        count = min(self.count, MOST_TOPICS)
        return roots + [
            Topic(ROOTS + n, _label(ROOTS + n), tuple(_requirements(n))) for n in range(count)
        ]

    @cached_property
    def resources(self) -> list[Resource]:
        """One a week."""
        return [
            Resource(n, f"{_label(ROOTS + n).title()} {word}", kind)
            for n in range(self.count)
            for kind, word in (_RESOURCE_KINDS[n % len(_RESOURCE_KINDS)],)
        ]

    @cached_property
    def tracks(self) -> list[Track]:
        weeks = [self._week(n) for n in range(self.count)]
        starts = range(0, self.count, WEEKS_A_TRACK)
        return [
            Track(number, tuple(weeks[start : start + WEEKS_A_TRACK]))
            for number, start in enumerate(starts)
        ]

    def _week(self, n: int) -> Week:
        # What a week teaches besides its own topic comes from the same week of earlier tracks. As
        # topics require only earlier weeks or earlier tracks, no track is out of order.
        track, in_track = divmod(n, WEEKS_A_TRACK)
        earlier = dict.fromkeys((track - 1, track - 2, track * 5 // 8))
        shared = [t * WEEKS_A_TRACK + in_track for t in earlier if 0 <= t < track]
        taught = dict.fromkeys(m % MOST_TOPICS for m in (n, *shared))
        topics = [self.topics[ROOTS + m] for m in taught]
        if in_track == 0:
            topics += self.topics[:ROOTS]
        used = [self.resources[(n + shift) % self.count] for shift in (0, 1, 3)]
        return Week(n, tuple(topics), tuple(used))


def _filled(pattern: str, label: str) -> str:
    """The pattern about a topic, whose name is in lower case unless it opens the sentence."""
    return pattern.format(label if pattern.startswith("{") else label.lower())


def _sentence(number: int, label: str) -> str:
    return _filled(_SENTENCES[number % len(_SENTENCES)], label)


def _label(number: int) -> str:
    """The name of a topic: no two alike, and neighbours unlike each other."""
    # 2741 shares no factor with the number of names, so that the steps meet each name once.
    place = number * 2741 % (len(_MANNERS) * len(_OBJECTS) * len(_METHODS))
    place, manner = divmod(place, len(_MANNERS))
    method, thing = divmod(place, len(_OBJECTS))
    return f"{_MANNERS[manner]} {_OBJECTS[thing]} {_METHODS[method]}"


def _requirements(n: int) -> Iterator[str]:
    """What the topic of week `n` requires: the week before, and the same week a track earlier."""
    in_track = n % WEEKS_A_TRACK
    before = ROOTS + n - 1 if in_track else n // WEEKS_A_TRACK % ROOTS
    yield _label(before).lower().replace(" ", "-")
    if n >= WEEKS_A_TRACK:
        yield _label(ROOTS + n - WEEKS_A_TRACK).lower().replace(" ", "-")


# ------------------------------------------------------------------------------------- ours


def write_ours(content: Content, folder: Path) -> Path:
    """Write the curriculum, and return the path of its mkdocs.yml."""
    root = folder / "curriculum"
    _write(root / "curriculum.yml", _curriculum_yaml(content))
    _write(root / "topics.yml", _topics_yaml(content))
    for kind, _ in _RESOURCE_KINDS:
        of_kind = [resource for resource in content.resources if resource.kind == kind]
        if of_kind:
            _write(root / "resources" / f"{kind}.yml", "\n".join(map(_resource_yaml, of_kind)))
    for track in content.tracks:
        home = root / "tracks" / track.id
        _write(home / "track.yml", _track_yaml(track))
        for number, (stem, weeks) in enumerate(track.months, start=1):
            _write(home / f"{stem}.yml", _month_yaml(number, weeks))
    _write(root / "pages" / "about.md", "# About\n\nA made-up curriculum to measure with.\n")
    return _write(
        folder / "mkdocs.yml",
        _dump({"INHERIT": str(SITE_CONFIG.resolve()), "site_name": "A made-up curriculum"}),
    )


def _curriculum_yaml(content: Content) -> str:
    tracks = "".join(f"  - {track.id}\n" for track in content.tracks)
    return (
        "id: made-up\n"
        "title: A made-up curriculum\n"
        f"tagline: {content.count} weeks to measure with.\n"
        "summary: Nobody should learn from this; it is here to be built.\n"
        f"tracks:\n{tracks}"
    )


def _topics_yaml(content: Content) -> str:
    areas = "".join(f"  {id}: {name}\n" for id, name in _AREAS.items())
    roots = "".join(f"  - {topic.id}\n" for topic in content.topics[:ROOTS])
    topics = "\n".join(map(_topic_yaml, content.topics))
    return f"areas:\n{areas}\nroots:\n{roots}\ntopics:\n{topics}"


def _topic_yaml(topic: Topic) -> str:
    requires = f"    requires: [{', '.join(topic.requires)}]\n" if topic.requires else ""
    return (
        f"  {topic.id}:\n"
        f"    label: {topic.label}\n"
        f"    area: {topic.area}\n"
        f"    also: [{', '.join(topic.also)}]\n"
        f'    summary: "{topic.summary}"\n'
        f"{requires}"
    )


def _resource_yaml(resource: Resource) -> str:
    return (
        f"{resource.id}:\n"
        f"  title: {resource.title}\n"
        f"  type: {resource.kind}\n"
        f"  authors: [{resource.author}]\n"
        f"  url: {resource.url}\n"
        f"  level: {_LEVELS[resource.number % len(_LEVELS)]}\n"
    )


def _track_yaml(track: Track) -> str:
    months = "".join(f"  - {stem}\n" for stem, _ in track.months)
    return (
        f"title: {track.title}\n"
        f"short_title: {track.short_title}\n"
        f"summary: {track.summary}\n"
        f"audience: People who measure how fast a site of {track.subject.lower()} is built\n"
        f"builds: A project on {track.weeks[-1].thing}\n"
        f"level: {track.level}\n"
        f"length: {len(track.months)}mo\n"
        "pace: 6-8h/week\n"
        f"months:\n{months}"
        "source:\n"
        "  title: The benchmark's generator\n"
    )


def _month_yaml(number: int, weeks: tuple[Week, ...]) -> str:
    body = "\n".join(map(_week_yaml, weeks))
    return (
        f"title: From {weeks[0].subject.lower()} to {weeks[-1].subject.lower()}\n"
        f"short_title: {weeks[0].subject}\n"
        f"month: {number}\n"
        f"weeks:\n{body}"
    )


def _week_yaml(week: Week) -> str:
    prose = "\n\n".join(fill(paragraph, 94) for paragraph in week.paragraphs)
    items = []
    for position, (text, topic) in enumerate(week.items):
        items.append(f"      - text: {text}\n        teaches: [{topic.id}]\n")
        if position == ITEM_WITH_CODE:
            items.append(f"        code: |\n{indent(week.code, ' ' * 10)}")
    deliverables = "".join(f"          - {text}\n" for text in week.deliverables)
    first, second, third = (resource.id for resource in week.resources)
    return (
        f"  - title: {week.title}\n"
        f"    week: {week.in_track + 1}\n"
        "    time: 6-8h\n"
        f"    summary: |\n{indent(prose, ' ' * 6)}\n"
        f"    topics:\n{''.join(items)}"
        "    projects:\n"
        f"      - title: {week.project}\n"
        f"        brief: {week.brief}\n"
        f"        deliverables:\n{deliverables}"
        "    resources:\n"
        f"      - {first}\n"
        f"      - ref: {second}\n"
        "        part: Chapters 1-3\n"
        f"      - {third}\n"
    )


# ------------------------------------------------------------------------------------ plain


def write_plain(content: Content, folder: Path) -> Path:
    """Write the same content as Markdown, and return the path of its mkdocs.yml."""
    docs = folder / "docs"
    nav: list[Any] = [{"Home": "index.md"}]
    _write(docs / "index.md", _home_markdown(content))
    for track in content.tracks:
        home = docs / track.id
        _write(home / "index.md", _track_markdown(track))
        paths = [f"{track.id}/index.md"]
        for week in track.weeks:
            paths.append(f"{track.id}/week-{week.in_track + 1}.md")
            _write(docs / paths[-1], _week_markdown(week))
        nav.append({track.title: paths})
    return _write(folder / "mkdocs.yml", _dump(_plain_config(nav)))


def _plain_config(nav: list[Any]) -> dict[str, Any]:
    with SITE_CONFIG.open("rb") as file:
        config = yaml_load(file)
    theme = config["theme"]
    del theme["favicon"]  # the plugin's
    # The tracks are top-level sections of the side navigation; as tabs they would stand on each
    # page twice.
    theme["features"] = [name for name in theme["features"] if name != "navigation.tabs"]
    extensions = [*config["markdown_extensions"], {"pymdownx.tasklist": {"custom_checkbox": True}}]
    return config | {
        "site_name": "A made-up curriculum",
        "docs_dir": "docs",
        "plugins": [plugin for plugin in config["plugins"] if "roadmap" not in plugin],
        "markdown_extensions": extensions,
        "nav": nav,
    }


def _home_markdown(content: Content) -> str:
    tracks = "".join(
        f"- [{track.title}]({track.id}/index.md): {track.summary}\n" for track in content.tracks
    )
    return f"# A made-up curriculum\n\n{content.count} weeks to measure with.\n\n{tracks}"


def _track_markdown(track: Track) -> str:
    months = []
    for number, (_, weeks) in enumerate(track.months, start=1):
        links = "".join(
            f"- [Week {week.in_track + 1}: {week.title}](week-{week.in_track + 1}.md)\n"
            for week in weeks
        )
        months.append(f"## Month {number}: {weeks[0].subject}\n\n{links}")
    return (
        f"# {track.title}\n\n{track.summary}\n\n"
        f"Level: {track.level}. Length: {len(track.months)} months, 6-8 hours per week.\n\n"
        + "\n".join(months)
    )


def _week_markdown(week: Week) -> str:
    prose = "\n\n".join(fill(paragraph, 94) for paragraph in week.paragraphs)
    items = []
    for position, (text, _) in enumerate(week.items):
        items.append(f"- [ ] {text}\n")
        if position == ITEM_WITH_CODE:
            fenced = f"```python\n{week.code}```"
            items.append(f"\n{indent(fenced, ' ' * 4)}\n\n")
    deliverables = "".join(f"    - [ ] {text}\n" for text in week.deliverables)
    first, second, third = (
        f"[{resource.title}]({resource.url}), {resource.author}" for resource in week.resources
    )
    return (
        f"# Week {week.in_track + 1}: {week.title}\n\n{prose}\n\n6-8 hours.\n\n"
        f"## Learn\n\n{''.join(items)}\n"
        f"## Build\n\n- [ ] **{week.project}**: {week.brief}\n{deliverables}\n"
        f"## Read and use\n\n- [ ] {first}\n- [ ] {second}, chapters 1-3\n- [ ] {third}\n"
    )


# ------------------------------------------------------------------------------------- files


def _dump(config: dict[str, Any]) -> str:
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def generate(weeks: int, folder: Path) -> tuple[Path, Path]:
    """Write both sites' sources below `folder`; the paths of ours and of the plain mkdocs.yml."""
    content = Content(weeks)
    return write_ours(content, folder / "ours"), write_plain(content, folder / "plain")


if __name__ == "__main__":
    for config in generate(int(sys.argv[1]), Path(sys.argv[2])):
        print(config)

"""The bars that roadmap-site is held to, and how measurements are read against them.

They come from DESIGN.md section 6, and from the issues for the ratios. Sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.builds import Build
from benchmarks.finding import Finding
from benchmarks.formatting import Formatting
from benchmarks.link_cases import TIMEOUT, LinkCases
from benchmarks.links import LIMITED_URLS, URLS, WAITING_URLS, Links
from benchmarks.loading import Loading
from benchmarks.pages import PageSize
from benchmarks.saves import Saves

LOADING_AT_MOST = 4.0
FORMATTING_AT_MOST = 3.0
FILE_FORMATTED_AT_MOST = 0.5
"""Seconds of CPU for the largest file of the repository's own curriculum."""
FINDING_AT_MOST = 2.0
BUILD_AT_MOST = 0.8
BUILD_PEAK_AT_MOST = 2.4
"""The peak memory of a plain build being 1. It was 2.2 (146 MB to 66 MB) once drafts were rendered
one by one and the model was let go before MkDocs builds, and 2.8 while they were kept."""
RATIO_SIZE = 1000
"""The number of weeks at which loading, formatting and building are judged."""
SAVES_AT_MOST = {"roadmap_site": 0.5, "mkdocs": 2.0}
"""Seconds until a save shows, at the 95th percentile, by the command that serves."""
LINKS_AT_MOST = 1 / 0.35
"""The time of a bare loop of aiohttp being 1."""
LINK_CPU_AT_MOST = 0.6
LINKS_LIMITED_AT_MOST, LINKS_WAITING_AT_MOST = 30.0, 3.0
LINKS_PEAK_AT_MOST = 120_000_000
LINK_CASES_AT_MOST = 2 * TIMEOUT + 3
"""Seconds for the whole truth table at once: what never answers is asked twice."""
GROWTH_AT_MOST = 2.3
GROWTH_SIZES = (1000, 2000)
LOADING_SIZES = (1000, 5000)
LOADING_GROWTH_AT_MOST = GROWTH_AT_MOST / 2
SHELL_AT_MOST = 20_000
WEEK_GZIPPED_AT_MOST = 10_000
PAGE_GZIPPED_AT_MOST = 30_000
GENERATED_WEEK_AT_MOST = 25_000
ASSETS_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure that must not exceed a limit; `where` is the page or file it was found at."""

    name: str
    figure: float
    limit: float
    unit: str = ""
    where: str = ""

    @property
    def holds(self) -> bool:
        return self.figure <= self.limit


@dataclass(frozen=True, slots=True)
class Rounds:
    """The builds of one size, round by round, ours and the plain one in turn."""

    ours: tuple[Build, ...]
    plain: tuple[Build, ...]

    @property
    def ratio(self) -> float:
        return _ratio(self.ours, self.plain, lambda build: build.cpu)

    @property
    def peak_ratio(self) -> float:
        """That of peak memory."""
        return _ratio(self.ours, self.plain, lambda build: build.rss)


@dataclass(frozen=True, slots=True)
class Site:
    """What a built site weighs: its pages, and its own assets that load with a page, gzipped."""

    name: str
    generated: bool
    pages: Sequence[PageSize]
    css: Mapping[str, int]
    js: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that was measured.

    `loading`, `formatting` and `rounds` by the number of weeks, `saves` by the command that serves.
    `own_file` is the largest file of the repository's own curriculum, formatted. `finding` is of
    the addresses of a library.
    """

    loading: Mapping[int, Loading]
    formatting: Mapping[int, Formatting]
    own_file: Formatting
    finding: Finding
    rounds: Mapping[int, Rounds]
    sites: Sequence[Site]
    saves: Mapping[str, Saves]
    links: Links
    link_cases: LinkCases


def _ratio(
    ones: Iterable[Build], others: Iterable[Build], figure: Callable[[Build], float]
) -> float:
    """The median over rounds of the ratio within a round."""
    return median(figure(one) / figure(other) for one, other in zip(ones, others, strict=True))


def bars(results: Results) -> list[Bar]:
    """Every bar that what was measured allows to judge."""
    found = list(_speed_bars(results))
    for site in results.sites:
        found += _page_bars(site)
    return found


def _speed_bars(results: Results) -> Iterator[Bar]:
    weeks = f"{RATIO_SIZE:,} weeks"
    for size, loading in results.loading.items():
        if size >= RATIO_SIZE:
            at = f"{size:,} weeks"
            yield Bar(f"load and check / compose, {at}", loading.ratio, LOADING_AT_MOST)
            yield Bar(f"--since besides / compose, {at}", loading.since_ratio, LOADING_AT_MOST)
    small, large = (results.loading.get(size) for size in LOADING_SIZES)
    if small and large:
        name = "load and check a week, {1:,} weeks / {0:,} weeks".format(*LOADING_SIZES)
        times = [(found.load + found.check) for found in (small, large)]
        factor = LOADING_SIZES[1] / LOADING_SIZES[0]
        yield Bar(name, times[1] / times[0] / factor, LOADING_GROWTH_AT_MOST)
    if formatting := results.formatting.get(RATIO_SIZE):
        yield Bar(f"fmt / ruamel.yaml, {weeks}", formatting.ratio, FORMATTING_AT_MOST)
    own = results.own_file
    yield Bar("fmt of one file", own.ours, FILE_FORMATTED_AT_MOST, "s", own.largest)
    finding = results.finding
    name = f"finding {finding.addresses:,} addresses / compose"
    yield Bar(name, finding.ratio, FINDING_AT_MOST)
    if rounds := results.rounds.get(RATIO_SIZE):
        yield Bar(f"CPU of a build, ours / plain, {weeks}", rounds.ratio, BUILD_AT_MOST)
        name = f"peak memory of a build, ours / plain, {weeks}"
        yield Bar(name, rounds.peak_ratio, BUILD_PEAK_AT_MOST)
    for command, saves in results.saves.items():
        name = f"seconds until a save shows, p95 of {len(saves.seconds)}"
        where = f"{command.replace('_', '-')} serve"
        yield Bar(name, saves.p95, SAVES_AT_MOST[command], where=where)
    yield from _link_bars(results.links)
    yield from _link_case_bars(results.link_cases)
    once, twice = (results.rounds.get(size) for size in GROWTH_SIZES)
    if once and twice:
        name = "CPU of a build, {1:,} weeks / {0:,} weeks".format(*GROWTH_SIZES)
        yield Bar(name, _ratio(twice.ours, once.ours, lambda build: build.cpu), GROWTH_AT_MOST)


def _link_bars(links: Links) -> Iterator[Bar]:
    yield Bar(f"{URLS:,} links asked for / a bare loop", links.ratio, LINKS_AT_MOST)
    yield Bar("milliseconds of CPU for a link", links.cpu_each, LINK_CPU_AT_MOST)
    limited = f"seconds for {LIMITED_URLS} links of a host that limits its rate"
    yield Bar(limited, links.limited, LINKS_LIMITED_AT_MOST)
    waiting = f"seconds where {WAITING_URLS} links ask to wait for an hour"
    yield Bar(waiting, links.waiting, LINKS_WAITING_AT_MOST)
    yield Bar("peak memory of asking for links", links.peak, LINKS_PEAK_AT_MOST, "B")
    yield Bar("links with a wrong answer", links.wrong, 0)


def _link_case_bars(cases: LinkCases) -> Iterator[Bar]:
    name = f"seconds for {cases.rows} links to servers that misbehave"
    yield Bar(name, max(cases.wall), LINK_CASES_AT_MOST)
    yield Bar("peak memory of asking them", max(cases.peak), LINKS_PEAK_AT_MOST, "B")
    where = "; ".join(cases.wrong[:3])
    yield Bar("of these, judged otherwise than their truth", len(cases.wrong), 0, where=where)
    yield Bar("connections to a port that nobody may ask", cases.secret, 0)


def _page_bars(site: Site) -> Iterator[Bar]:
    def bar(name: str, page: PageSize, figure: int, limit: int) -> Bar:
        return Bar(f"{site.name}: {name}", figure, limit, "B", page.path or "(home)")

    shell = max(site.pages, key=lambda page: page.shell)
    yield bar("shell", shell, shell.shell, SHELL_AT_MOST)
    if weeks := [page for page in site.pages if page.is_week]:
        article = max(weeks, key=lambda page: page.article - page.allowance)
        yield bar("article of a week", article, article.article, article.allowance)
        packed = max(weeks, key=lambda page: page.gzipped)
        yield bar("week, gzipped", packed, packed.gzipped, WEEK_GZIPPED_AT_MOST)
        if site.generated:
            whole = max(weeks, key=lambda page: page.total)
            yield bar("week", whole, whole.total, GENERATED_WEEK_AT_MOST)
    packed = max((p for p in site.pages if not p.is_week), key=lambda page: page.gzipped)
    yield bar("other page, gzipped", packed, packed.gzipped, PAGE_GZIPPED_AT_MOST)
    if not site.generated:
        yield _asset_bar("CSS before interaction, gzipped", site.css)
        yield _asset_bar("JavaScript before interaction, gzipped", site.js)


def _asset_bar(name: str, assets: Mapping[str, int]) -> Bar:
    where = " + ".join(path.rpartition("/")[2] for path in assets)
    return Bar(name, sum(assets.values()), ASSETS_AT_MOST, "B", where)

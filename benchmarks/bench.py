"""Measures roadmap-site on generated curricula and holds the figures against their bars.

    python -m benchmarks                     100, 1,000 and 2,000 weeks, three rounds
    python -m benchmarks --quick             100 and 1,000 weeks, one round
    python -m benchmarks 400 --rounds 5      other sizes

See README.md beside this file for how to read what it prints.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.builds import Build, BuildFailed, build
from benchmarks.generate import SITE_CONFIG, generate
from benchmarks.loading import Loading
from benchmarks.pages import PageSize, assets_at_first, page_sizes

SIZES = (100, 1000, 2000)
QUICK_SIZES = (100, 1000)
ROUNDS = 3

# The bars: DESIGN.md section 6, and the issues for the ratios. Bytes, or plain ratios.
LOADING_AT_MOST = 4.0
BUILD_AT_MOST = 0.8
RATIO_SIZE = 1000
GROWTH_AT_MOST = 2.3
GROWTH_SIZES = (1000, 2000)
SHELL_AT_MOST = 20_000
WEEK_GZIPPED_AT_MOST = 10_000
PAGE_GZIPPED_AT_MOST = 30_000
BENCHMARK_WEEK_AT_MOST = 25_000
ASSETS_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure that must not exceed a limit. `where` names the page or the file it was found at."""

    name: str
    figure: float
    limit: float
    where: str = ""

    @property
    def holds(self) -> bool:
        return self.figure <= self.limit


@dataclass(frozen=True, slots=True)
class Rounds:
    """The builds of one size, round by round, ours and the plain one in turn."""

    ours: tuple[Build, ...]
    plain: tuple[Build, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A built site as its pages weigh."""

    name: str
    pages: Sequence[PageSize]
    css: Mapping[str, int]
    js: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that was measured; `loading` and `rounds` by the number of weeks."""

    loading: Mapping[int, Loading]
    rounds: Mapping[int, Rounds]
    sites: Sequence[Site]


# -------------------------------------------------------------------------------- measuring


def run(sizes: Sequence[int], rounds: int, folder: Path) -> Results:
    """Generate, load and build every size, and the repository's own curriculum once."""
    configs = {size: generate(size, folder / str(size)) for size in sizes}
    loading = {size: _loading(configs[size][0].parent / "curriculum", rounds) for size in sizes}
    built = _build_in_turn(configs, rounds)
    _say("building the repository's own curriculum")
    build(SITE_CONFIG, folder / "own")
    sites = [_weigh("own tracks", folder / "own")]
    sites += [_weigh(_weeks(size), configs[size][0].with_name("site")) for size in sizes]
    return Results(loading, built, sites)


def _loading(curriculum: Path, rounds: int) -> Loading:
    _say(f"loading {curriculum}")
    command = [sys.executable, "-m", "benchmarks.loading", str(curriculum), str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=SITE_CONFIG.parent)
    return Loading(**json.loads(done.stdout))


def _build_in_turn(configs: Mapping[int, tuple[Path, Path]], rounds: int) -> dict[int, Rounds]:
    """Every round builds everything once, so that a busy minute touches what it is compared with."""
    builds: dict[int, list[tuple[Build, Build]]] = {size: [] for size in configs}
    for number in range(1, rounds + 1):
        for size, (ours, plain) in configs.items():
            _say(f"round {number} of {rounds}: building {_weeks(size)}, ours and plain")
            builds[size].append(
                (build(ours, ours.with_name("site")), build(plain, plain.with_name("site")))
            )
    return {
        size: Rounds(tuple(ours for ours, _ in pairs), tuple(plain for _, plain in pairs))
        for size, pairs in builds.items()
    }


def _weigh(name: str, site: Path) -> Site:
    pages = page_sizes(site)
    css, js = (assets_at_first(site, pages, suffix) for suffix in (".css", ".js"))
    return Site(name, pages, css, js)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _weeks(size: int) -> str:
    return f"{size:,} weeks"


# ------------------------------------------------------------------------------------- bars


def bars(results: Results) -> list[Bar]:
    """Every bar that the sizes at hand allow to judge."""
    return [*_speed_bars(results), *_page_bars(results.sites)]


def _speed_bars(results: Results) -> Iterator[Bar]:
    if found := results.loading.get(RATIO_SIZE):
        name = f"load and check / compose, {_weeks(RATIO_SIZE)}"
        yield Bar(name, found.ratio, LOADING_AT_MOST)
    if found := results.rounds.get(RATIO_SIZE):
        name = f"build CPU, ours / plain, {_weeks(RATIO_SIZE)}"
        yield Bar(name, _cpu_ratio(found.ours, found.plain), BUILD_AT_MOST)
    small, large = GROWTH_SIZES
    if small in results.rounds and large in results.rounds:
        ratio = _cpu_ratio(results.rounds[large].ours, results.rounds[small].ours)
        yield Bar(f"build CPU, {_weeks(large)} / {_weeks(small)}", ratio, GROWTH_AT_MOST)


def _cpu_ratio(ones: Iterable[Build], others: Iterable[Build]) -> float:
    """The median over rounds of the ratio within a round."""
    return median(one.cpu / other.cpu for one, other in zip(ones, others, strict=True))


def _page_bars(sites: Iterable[Site]) -> Iterator[Bar]:
    for site in sites:
        weeks = [page for page in site.pages if page.is_week]
        others = [page for page in site.pages if not page.is_week]
        shell = max(site.pages, key=lambda page: page.shell)
        yield Bar(f"shell, {site.name}", shell.shell, SHELL_AT_MOST, shell.path)
        if weeks:
            article = max(weeks, key=lambda page: page.article - page.allowance)
            yield Bar(f"week article, {site.name}", article.article, article.allowance, article.path)
            packed = max(weeks, key=lambda page: page.gzipped)
            name = f"week page gzipped, {site.name}"
            yield Bar(name, packed.gzipped, WEEK_GZIPPED_AT_MOST, packed.path)
        packed = max(others, key=lambda page: page.gzipped)
        name = f"other page gzipped, {site.name}"
        yield Bar(name, packed.gzipped, PAGE_GZIPPED_AT_MOST, packed.path)
        if weeks and site is not sites[0]:
            largest = max(weeks, key=lambda page: page.total)
            name = f"week page, {site.name}"
            yield Bar(name, largest.total, BENCHMARK_WEEK_AT_MOST, largest.path)
    own = sites[0]
    for name, assets in (("own CSS at first, gzipped", own.css), ("own JS at first, gzipped", own.js)):
        where = " + ".join(path.rpartition("/")[2] for path in assets)
        yield Bar(name, sum(assets.values()), ASSETS_AT_MOST, where)


# ---------------------------------------------------------------------------------- telling

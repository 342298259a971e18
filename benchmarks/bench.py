"""Measures roadmap-site on generated curricula and holds the figures against their bars.

    python -m benchmarks                     100, 1,000 and 2,000 weeks, three rounds
    python -m benchmarks --quick             100 and 1,000 weeks, one round
    python -m benchmarks 400 --rounds 5      other sizes

README.md beside this file says how to read what it prints.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import links
from benchmarks.bars import Bar, Results, Rounds, Site, bars
from benchmarks.builds import Build, BuildError, build
from benchmarks.finding import Finding
from benchmarks.formatting import Formatting
from benchmarks.generate import SITE_CONFIG, generate
from benchmarks.link_cases import LinkCases
from benchmarks.loading import Loading
from benchmarks.pages import assets_at_first, page_sizes
from benchmarks.saves import COMMANDS, Saves, measure_apart
from benchmarks.tables import bars_table, kinds_table, saves_table, times_tables

SIZES, ROUNDS = (100, 1000, 2000), 3
QUICK_SIZES, QUICK_ROUNDS = (100, 1000), 1
LARGEST = 5000
"""Weeks that are loaded, checked and compared, but not built."""

BAR_BROKEN, CANNOT_RUN = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where a bar does not hold."""
    options = _parser().parse_args(arguments)
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    try:
        with _folder(options.keep) as folder:
            results = measure(sorted(set(sizes)), rounds, folder)
    except BuildError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN
    found = bars(results)
    print(_text(results, found))
    if options.json:
        text = json.dumps(_data(results, found), indent=1)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return 0 if all(bar.holds for bar in found) else BAR_BROKEN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure roadmap-site on generated curricula."
    )
    add = parser.add_argument
    add("sizes", nargs="*", type=_size, metavar="WEEKS", help="numbers of weeks, multiples of 4")
    add("--quick", action="store_true", help="100 and 1,000 weeks, one round")
    add("--rounds", type=int, help=f"how often everything is built ({ROUNDS})")
    add("--json", type=Path, metavar="FILE", help="write everything that was measured there too")
    add("--keep", type=Path, metavar="DIR", help="work there, and leave what was built")
    return parser


def _size(text: str) -> int:
    size = int(text.replace(",", ""))
    if size <= 0 or size % 4:
        raise argparse.ArgumentTypeError("weeks come in months of four")
    return size


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="roadmap-bench-") as folder:
            yield Path(folder)


# -------------------------------------------------------------------------------- measuring


def measure(sizes: Sequence[int], rounds: int, folder: Path) -> Results:
    """Save while serving, ask for links, load and build every size, build the own tracks once."""
    saves = {command: _saves(command) for command in COMMANDS}
    _say("asking for links")
    asked = links.measure_apart(rounds)
    cases = _link_cases(rounds)
    configs = {size: generate(size, folder / str(size)) for size in sizes}
    loading = {size: _loading(ours.parent, rounds) for size, (ours, _) in configs.items()}
    if LARGEST not in loading:
        ours, _ = generate(LARGEST, folder / str(LARGEST))
        loading[LARGEST] = _loading(ours.parent, rounds)
    formatting = {size: _formatting(ours.parent, rounds) for size, (ours, _) in configs.items()}
    own_file = _formatting(SITE_CONFIG.parent, rounds, "--largest")
    finding = _finding(rounds)
    built = _build_in_turn(configs, rounds)
    _say("building the repository's own tracks")
    build(SITE_CONFIG, folder / "own")
    sites = [_weigh("own tracks", folder / "own", generated=False)]
    sites += [_weigh(_weeks(n), _site(ours), generated=True) for n, (ours, _) in configs.items()]
    return Results(loading, formatting, own_file, finding, built, sites, saves, asked, cases)


def _loading(folder: Path, rounds: int) -> Loading:
    _say(f"loading {folder}")
    return Loading(**_in_own_process("loading", folder, str(rounds)))


def _formatting(folder: Path, rounds: int, *options: str) -> Formatting:
    _say(f"formatting {folder}")
    return Formatting(**_in_own_process("formatting", folder, str(rounds), *options))


def _finding(rounds: int) -> Finding:
    _say("finding addresses")
    return Finding(**_in_own_process("finding", None, str(rounds)))


def _link_cases(rounds: int) -> LinkCases:
    _say("asking servers that misbehave")
    return LinkCases(**_in_own_process("link_cases", None, str(rounds)))


def _in_own_process(module: str, folder: Path | None, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    command += [str(folder / "curriculum"), *arguments] if folder else arguments
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=SITE_CONFIG.parent)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _saves(command: str) -> Saves:
    _say(f"saving files while {command.replace('_', '-')} serves")
    return measure_apart(command)


def _build_in_turn(configs: Mapping[int, tuple[Path, Path]], rounds: int) -> dict[int, Rounds]:
    """Build everything once a round, so that a busy minute touches both sides of a ratio."""
    ours: dict[int, list[Build]] = {size: [] for size in configs}
    plain: dict[int, list[Build]] = {size: [] for size in configs}
    for number in range(1, rounds + 1):
        for size, (our_config, plain_config) in configs.items():
            _say(f"round {number} of {rounds}: {_weeks(size)}, ours and plain")
            ours[size].append(build(our_config, _site(our_config)))
            plain[size].append(build(plain_config, _site(plain_config)))
    return {size: Rounds(tuple(ours[size]), tuple(plain[size])) for size in configs}


def _site(config: Path) -> Path:
    return config.with_name("site")


def _weigh(name: str, site: Path, *, generated: bool) -> Site:
    pages = page_sizes(site)
    css, js = (assets_at_first(site, pages, suffix) for suffix in (".css", ".js"))
    return Site(name, generated, pages, css, js)


# ---------------------------------------------------------------------------------- telling


def _text(results: Results, found: Sequence[Bar]) -> str:
    own, *generated = results.sites
    kinds = [kinds_table(site) for site in (own, *generated[-1:])]
    return "\n\n".join([*kinds, times_tables(results), saves_table(results), bars_table(found)])


def _data(results: Results, found: Sequence[Bar]) -> dict[str, Any]:
    """Everything but single pages; bytes and seconds."""
    return {
        "bars": [asdict(bar) | {"holds": bar.holds} for bar in found],
        "loading": {size: asdict(loading) for size, loading in results.loading.items()},
        "formatting": {size: asdict(one) for size, one in results.formatting.items()},
        "own_file": asdict(results.own_file),
        "finding": asdict(results.finding),
        "saves": {command: asdict(saves) for command, saves in results.saves.items()},
        "links": asdict(results.links),
        "link_cases": asdict(results.link_cases),
        "builds": {size: asdict(rounds) for size, rounds in results.rounds.items()},
    }


def _weeks(size: int) -> str:
    return f"{size:,} weeks"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

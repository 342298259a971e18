"""What loading, checking and comparing cost, in units of the C parser's compose of the same bytes.

    python -m benchmarks.loading CURRICULUM [ROUNDS]    prints seconds of CPU as JSON

A process of its own: the trees of a large curriculum would otherwise count as the memory of the
builds that `bench` starts afterwards.
"""

from __future__ import annotations

import gc
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import yaml

from roadmap_site import check, load
from roadmap_site.check.identity import check_since
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loading:
    """Medians over the rounds: seconds of CPU, and the ratios of each round's own figures.

    `since` is what comparing with an older revision adds, in which one month file of twenty is
    another: reading that and holding the two against each other.
    """

    bytes: int
    compose: float
    load: float
    check: float
    since: float
    ratio: float
    since_ratio: float


def measure(folder: Path, rounds: int) -> Loading:
    """Compose, then load and check, in turn."""
    texts = [path.read_bytes() for path in sorted(folder.rglob("*.yml"))]
    older = InMemory(_older(folder))
    times = [_round(folder, texts, older) for _ in range(rounds)]
    return Loading(
        bytes=sum(map(len, texts)),
        compose=median(compose for compose, *_ in times),
        load=median(load for _, load, _, _ in times),
        check=median(check for _, _, check, _ in times),
        since=median(since for *_, since in times),
        ratio=median((load + check) / compose for compose, load, check, _ in times),
        since_ratio=median(since / compose for compose, *_, since in times),
    )


def _older(folder: Path) -> dict[str, bytes]:
    """The files as they were: in one month of twenty the first topic of each week said less."""
    files = {}
    for number, path in enumerate(sorted(folder.rglob("*.yml"))):
        text = path.read_text("utf-8")
        if number % 20 == 0 and path.parent.parent.name == "tracks":
            text = re.sub(r"(topics:\n\s+- (?:text: )?\w[^\n]*) \S+\n", r"\1\n", text)
        files[path.relative_to(folder).as_posix()] = text.encode()
    return files


def _round(folder: Path, texts: list[bytes], older: InMemory) -> tuple[float, float, float, float]:
    gc.collect()
    compose, _ = _timed(lambda: _compose(texts))
    gc.collect()
    # Nothing is collected between the two: what loading leaves to the collector is its own cost.
    loading, loaded = _timed(lambda: load(folder))
    checking, report = _timed(lambda: check(loaded))
    assert not report.fails(strict=True), f"{folder} has faults"
    gc.collect()
    comparing, faults = _timed(lambda: check_since(load_files(older, like=loaded), loaded))
    assert faults, "the older revision differs"
    return compose, loading, checking, comparing


def _compose(texts: list[bytes]) -> None:
    for text in texts:
        # The tree is dropped at once, which is the cheapest for the collector.
        yaml.compose(text, Loader=yaml.CSafeLoader)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(json.dumps(asdict(measure(Path(sys.argv[1]), rounds))))

"""What loading and checking cost, in units of the C parser's own compose of the same bytes.

    python -m benchmarks.loading CURRICULUM [ROUNDS]    prints seconds of CPU as JSON

A process of its own: the trees of a large curriculum would otherwise count as the memory of the
builds that `bench` starts afterwards.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import yaml

from roadmap_site import check, load

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loading:
    """Medians over the rounds: seconds of CPU, and the ratio of each round's own figures."""

    bytes: int
    compose: float
    load: float
    check: float
    ratio: float


def measure(folder: Path, rounds: int) -> Loading:
    """Compose, then load and check, in turn."""
    texts = [path.read_bytes() for path in sorted(folder.rglob("*.yml"))]
    times = [_round(folder, texts) for _ in range(rounds)]
    return Loading(
        bytes=sum(map(len, texts)),
        compose=median(compose for compose, _, _ in times),
        load=median(load for _, load, _ in times),
        check=median(check for _, _, check in times),
        ratio=median((load + check) / compose for compose, load, check in times),
    )


def _round(folder: Path, texts: list[bytes]) -> tuple[float, float, float]:
    gc.collect()
    compose, _ = _timed(lambda: _compose(texts))
    gc.collect()
    # Nothing is collected between the two: what loading leaves to the collector is its own cost.
    loading, loaded = _timed(lambda: load(folder))
    checking, report = _timed(lambda: check(loaded))
    assert not report.fails(strict=True), f"{folder} has faults"
    return compose, loading, checking


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

"""What formatting costs, in units of ruamel.yaml's round trip of the same texts.

    python -m benchmarks.formatting CURRICULUM [ROUNDS] [--largest]    prints seconds of CPU as JSON

The round trip is slow: a sample of the files stands for all of them. With `--largest` it is the
largest file alone.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from ruamel.yaml import YAML

from roadmap_site.model.source import SourceFile
from roadmap_site.style import format_source

SAMPLE = 12
"""Files of the sample, the largest and others evenly from the rest."""


@dataclass(frozen=True, slots=True)
class Formatting:
    """Medians over the rounds: seconds of CPU, and the ratio of each round's own figures."""

    bytes: int
    ruamel: float
    ours: float
    ratio: float
    largest: str


def measure(folder: Path, rounds: int, *, largest: bool = False) -> Formatting:
    """Round trip and format, in turn."""
    paths = sorted(folder.rglob("*.yml"), key=lambda path: (-path.stat().st_size, path))
    sample = paths[:1] if largest else [paths[0], *paths[1 :: max(1, len(paths) // SAMPLE)]]
    texts = [path.read_text("utf-8") for path in sample]
    times = [(_timed(_round_trip, texts), _timed(_format, texts)) for _ in range(rounds)]
    return Formatting(
        bytes=sum(len(text.encode()) for text in texts),
        ruamel=median(theirs for theirs, _ in times),
        ours=median(ours for _, ours in times),
        ratio=median(ours / theirs for theirs, ours in times),
        largest=paths[0].relative_to(folder).as_posix(),
    )


def _round_trip(texts: Sequence[str]) -> None:
    for text in texts:
        yaml = YAML()
        yaml.dump(yaml.load(text), io.StringIO())


def _format(texts: Sequence[str]) -> None:
    for text in texts:
        # A trailing space makes it work: a text that is in style already is not read twice.
        done = format_source(SourceFile("file.yml", f"{text} "))
        assert done.is_safe
        assert not done.diagnostics


def _timed(work: Callable[[Sequence[str]], None], texts: Sequence[str]) -> float:
    gc.collect()
    start = time.process_time()
    work(texts)
    return time.process_time() - start


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--largest"]
    count = int(arguments[1]) if len(arguments) > 1 else 3
    found = measure(Path(arguments[0]), count, largest="--largest" in sys.argv)
    print(json.dumps(asdict(found)))

"""What finding addresses costs, in units of the C parser's compose of the same texts.

    python -m benchmarks.finding [ROUNDS]    prints seconds of CPU as JSON

The texts are a library of resources, as a curriculum has them, and notes that speak of others.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

import yaml

from roadmap_site.links.find import find
from roadmap_site.load.files import InMemory

ADDRESSES = 5000
FILES = 10
_RESOURCE = """\
resource-{0}:
  title: Resource number {0}
  type: article
  url: https://host{1}.example.org/path/{0}/page.html
  cost: free

"""
_WITH_NOTE = """\
resource-{0}:
  title: "Resource number {0}"
  type: article
  url: "https://host{1}.example.org/caf\\u00e9/{0}"
  note: >-
    It stood at https://host{1}.example.org/former/{0} before, and is still
    worth a reader's evening.

"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Medians over the rounds: seconds of CPU, and the ratio of each round's own figures."""

    addresses: int
    bytes: int
    compose: float
    find: float
    ratio: float


def measure(rounds: int) -> Finding:
    """Compose and find, in turn."""
    texts = library()
    files = InMemory({f"resources/{n}.yml": text.encode() for n, text in enumerate(texts)})
    times = [(_timed(lambda: _compose(texts)), _timed(lambda: _find(files))) for _ in range(rounds)]
    return Finding(
        addresses=ADDRESSES,
        bytes=sum(map(len, files.contents.values())),
        compose=median(compose for compose, _ in times),
        find=median(find for _, find in times),
        ratio=median(find / compose for compose, find in times),
    )


def library() -> list[str]:
    """The texts of files with as many addresses; each tenth of a file's is in a note."""
    texts = [""] * FILES
    for number in range(0, ADDRESSES, 10):
        text = "".join(_RESOURCE.format(n, n % 97) for n in range(number, number + 8))
        texts[number // 10 % FILES] += text + _WITH_NOTE.format(number + 8, number % 97)
    return texts


def _compose(texts: list[str]) -> None:
    for text in texts:
        yaml.compose(text, yaml.CSafeLoader)


def _find(files: InMemory) -> None:
    found = find(files)
    assert len(found.mentions) == ADDRESSES
    assert not found.diagnostics


def _timed(work: Callable[[], None]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3))))

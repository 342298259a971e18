"""`roadmap-site links` against servers that misbehave: the truth table of `tests/links`, measured.

    python -m benchmarks.link_cases [ROUNDS]    prints its figures as JSON

Each round is a process of its own, which asks for every row at once; the servers are another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.memory import peak_memory

TESTS = Path(__file__).parent.parent / "tests"
TIMEOUT = 3.0
"""Seconds for an attempt; what never answers takes two of them."""
ROUNDS = 3

if TYPE_CHECKING:
    from misbehaving import Servers


@dataclass(frozen=True, slots=True)
class LinkCases:
    """What was measured, by round: seconds for the whole table, bytes of memory at the peak.

    `wrong` says which of the rows were judged otherwise than the table says, `secret` counts the
    connections to the port that nobody may connect to.
    """

    rows: int
    wall: tuple[float, ...]
    peak: tuple[int, ...]
    wrong: tuple[str, ...]
    secret: int


def measure(rounds: int) -> LinkCases:
    """Ask for the table, each time in a new process."""
    sys.path.insert(0, str(TESTS))
    from links.cases import ROWS
    from misbehaving import SECRET, misbehaving

    wall, peak, wrong, secret = [], [], set[str](), 0
    with misbehaving("links.cases") as servers:
        urls = [servers.filled(row.url) for row in ROWS]
        for _ in range(rounds):
            servers.forget()
            found = _checked_apart(servers, urls)
            wall.append(found["wall"])
            peak.append(found["peak"])
            secret += servers.record().connections.get(SECRET, 0)
            for row, url in zip(ROWS, urls, strict=True):
                status, detail = found["statuses"][url]
                if status not in row.statuses:
                    truth = " or ".join(sorted(row.statuses))
                    wrong.add(f"{row.name}: {truth}, and not {status} ({detail})")
    return LinkCases(len(ROWS), tuple(wall), tuple(peak), tuple(sorted(wrong)), secret)


def _checked_apart(servers: Servers, urls: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", "from benchmarks.link_cases import check; check()"],
        input=json.dumps({"urls": urls, "ports": servers.ports}),
        env={**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check() -> None:
    """What the checking process does: addresses and ports come in, statuses and figures go out."""
    from links.open_network import open_network
    from roadmap_site.links.run import check_links
    from roadmap_site.links.settings import Settings
    from roadmap_site.model.links import Mention
    from roadmap_site.model.source import SourceFile, Span

    told: dict[str, Any] = json.load(sys.stdin)
    span = Span.whole(SourceFile("links.yml", ""))
    mentions = [Mention(url, span) for url in told["urls"]]
    settings = Settings(timeout=TIMEOUT, gap=0, rate=0, per_host=16, patience=5)
    network = open_network(told["ports"])
    begin = time.perf_counter()
    report = check_links(mentions, settings, network)
    wall = time.perf_counter() - begin
    statuses = {link.url: (link.status, link.judged.detail) for link in report.links}
    json.dump({"wall": wall, "peak": peak_memory(), "statuses": statuses}, sys.stdout)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)), indent=1))

"""`roadmap-site links` against servers that misbehave: the truth table of `tests/links`, measured.

    python -m benchmarks.link_cases [--rounds 3] [--timeout 3]

Each round is a process of its own, which asks for every row at once; the servers are another. What
counts is the wall time of the whole table, the peak memory of the checking process, and how many
rows are judged otherwise than the table says. The exit code is 1 where a bar does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

TESTS = Path(__file__).parent.parent / "tests"
MEMORY_AT_MOST = 120.0
"""MB of the checking process at its peak, bombs included."""
SECONDS_BEYOND = 3.0
"""Seconds that a run may take besides two timeouts."""

if TYPE_CHECKING:
    from misbehaving import Servers


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the table. Times are in seconds, memory in MB."""

    wall: float
    cpu: float
    memory: float
    before: float
    wrong: Sequence[str]
    secret: int

    def __str__(self) -> str:
        return (
            f"{self.wall:8.2f} s wall {self.cpu:8.2f} s CPU {self.memory:8.1f} MB at the peak"
            f" ({self.before:.1f} before) {len(self.wrong):4} wrong {self.secret:4} at the secret"
        )


def _peak() -> float:
    """The peak memory of this process in MB.

    On Linux `getrusage` also counts what the parent had when it forked; /proc does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = re.search(r"VmHWM:\s*(\d+)", status.read_text("ascii"))
        return int(kilobytes[1]) * 1024 / 1_000_000 if kilobytes else 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


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
    settings = Settings(timeout=told["timeout"], gap=0, rate=0, per_host=16, patience=5)
    network = open_network(told["ports"])
    before, begin, cpu = _peak(), time.perf_counter(), time.process_time()
    report = check_links(mentions, settings, network)
    figures = {
        "wall": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu,
        "memory": _peak(),
        "before": before,
        "statuses": {link.url: (link.status, link.judged.detail) for link in report.links},
    }
    json.dump(figures, sys.stdout)


def measure(servers: Servers, timeout: float) -> Round:
    """Ask for the table in a new process."""
    from links.cases import ROWS
    from misbehaving import SECRET

    servers.forget()
    urls = [(row, servers.filled(row.url)) for row in ROWS]
    told = {"urls": [url for _, url in urls], "ports": servers.ports, "timeout": timeout}
    done = subprocess.run(
        [sys.executable, "-c", "from benchmarks.link_cases import check; check()"],
        input=json.dumps(told),
        env={**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    statuses = found.pop("statuses")
    wrong = [
        f"{row.name}: {' or '.join(sorted(row.statuses))}, and not {': '.join(statuses[url])}"
        for row, url in urls
        if statuses[url][0] not in row.statuses
    ]
    return Round(**found, wrong=wrong, secret=servers.record().connections.get(SECRET, 0))


def main() -> int:
    """Measure, print, and tell whether the bars hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=3, help="seconds for an attempt")
    options = parser.parse_args()
    sys.path.insert(0, str(TESTS))
    from links.cases import ROWS
    from misbehaving import misbehaving

    print(f"{len(ROWS)} rows, {options.timeout:g} s for an attempt")
    rounds = []
    with misbehaving("links.cases") as servers:
        for _ in range(options.rounds):
            rounds.append(measure(servers, options.timeout))
            print(rounds[-1], flush=True)
    for line in sorted({line for one in rounds for line in one.wrong}):
        print(f"  {line}")
    wall_at_most = 2 * options.timeout + SECONDS_BEYOND
    bars = {
        f"wall time <= {wall_at_most:g} s": max(one.wall for one in rounds) <= wall_at_most,
        f"peak memory <= {MEMORY_AT_MOST:g} MB": max(r.memory for r in rounds) <= MEMORY_AT_MOST,
        "every row as the table says": not any(one.wrong for one in rounds),
        "nobody at the secret port": not any(one.secret for one in rounds),
    }
    for name, holds in bars.items():
        print(f"{'holds' if holds else 'FAILS'}  {name}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

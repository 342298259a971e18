"""What one whole `mkdocs build` process costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.memory import RSS_UNIT


@dataclass(frozen=True, slots=True)
class Build:
    """What a process and its children used.

    `cpu` (user and system) and `wall` are seconds; `rss` is the largest one's peak, in bytes.
    """

    cpu: float
    wall: float
    rss: int


class BuildError(Exception):
    """`mkdocs build --strict` ended with an error; the text is what it printed."""


def build(config: Path, site: Path) -> Build:
    """Build a site cold, in a new process, any warning failing it."""
    shutil.rmtree(site, ignore_errors=True)
    site.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    command += ["--config-file", str(config), "--site-dir", str(site.resolve())]
    log = site.with_name(f"{site.name}.log")
    with log.open("w+", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        # Popen's own wait would leave out what the process used.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BuildError(log.read_text(encoding="utf-8"))
    return Build(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * RSS_UNIT)

"""When each file last changed, from one pass of git log."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_TIMEOUT = 30
"""Seconds; a pass over thousands of commits takes well under one."""


def last_changed(root: str | os.PathLike[str]) -> Mapping[str, str]:
    """ISO dates (of the committer) by path relative to `root`; empty outside git.

    Empty too in a shallow clone, where git would give the date of the clone's oldest commit to
    every file it did not touch since.
    """
    folder = Path(root)
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    log = _git(
        folder, "log", "--format=%x01%cs", "--name-only", "-z", "--relative", "--no-renames", "."
    )
    dates: dict[str, str] = {}
    date = ""
    for field in log.split("\0"):
        # With -z a commit's line and its first file come as "\x01date\0\nname\0".
        name = field.lstrip("\n")
        if name.startswith("\x01"):
            date = name[1:11]
        elif name:
            dates.setdefault(name, date)
    return dates


def _git(folder: Path, *arguments: str) -> str:
    # Without what names another repository (in a hook, say), but with settings like safe.directory.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    # Committer dates are shown as they were written, so the machine's time zone has no part in it.
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.quotepath=false", *arguments],
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")

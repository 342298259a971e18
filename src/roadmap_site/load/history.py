"""When each file last changed, from one pass of git log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from roadmap_site.load.git import git


def last_changed(root: str | os.PathLike[str]) -> Mapping[str, str]:
    """ISO dates (of the committer) by path relative to `root`; empty outside git.

    Empty too in a shallow clone, where git would give the date of the clone's oldest commit to
    every file it did not touch since.
    """
    folder = Path(root)
    if git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    # Committer dates are shown as they were written, so the machine's time zone has no part in it.
    log = git(
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

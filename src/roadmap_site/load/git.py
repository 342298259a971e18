"""Questions to git, without a shell and without what names another repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_TIMEOUT = 30
"""Seconds; a pass over thousands of commits takes well under one."""


def git(folder: Path, *arguments: str) -> str:
    """What git prints in a folder; empty where it is not there, fails or takes too long."""
    return git_bytes(folder, *arguments).decode("utf-8", "replace")


def git_bytes(folder: Path, *arguments: str, stdin: str = "") -> bytes:
    """The same, as it is: what a file holds need not be text."""
    # Without what names another repository (in a hook, say), but with settings like safe.directory.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.quotepath=false", *arguments],
            input=stdin.encode(),
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout

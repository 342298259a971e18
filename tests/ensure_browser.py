"""Finds the Chromium that browser tests drive, and installs Debian's where it may.

`make test` runs this with pytest's own arguments before it runs pytest. Browser tests take
`find_browser()` for Playwright's `executable_path`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

VARIABLE = "ROADMAP_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
APT = (("apt-get", "update"), ("apt-get", "install", "--yes", "chromium"))
HELP = f"""\
The browser tests need Chromium or Chrome, and none was found. Any one of these will do:
    sudo apt-get install chromium        on Debian
    {VARIABLE}=/path/to/chrome make test
    make test BROWSER=no                 without the browser tests"""


def find_browser(env: Mapping[str, str] = os.environ) -> str | None:
    """The path of a browser that runs: the one the environment names, else the first known one.

    Ubuntu's `chromium-browser` can be a script that only asks for a snap, so each is tried.
    """
    names = (env[VARIABLE],) if env.get(VARIABLE) else NAMES
    paths = (shutil.which(name, path=env.get("PATH")) for name in names)
    return next((path for path in paths if path and _runs(path)), None)


def _runs(path: str) -> bool:
    try:
        run = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


def is_deselected(pytest_args: Sequence[str]) -> bool:
    """Whether a marker expression leaves the browser tests out: `-m "not browser"`."""
    marks = ""
    for arg, following in pairwise([*pytest_args, ""]):
        if arg == "-m":
            marks = following
        elif arg.startswith("-m"):
            marks = arg[2:].removeprefix("=")
    return bool(re.search(r"\bnot\s+(\([^)]*)?\bbrowser\b", marks))


def installer(env: Mapping[str, str], *, is_root: bool) -> tuple[str, ...] | None:
    """What to put before a command of `APT`, or None where installing is not ours to do.

    Root may always install, and CI where it is allowed to become root without a password.
    """
    path = env.get("PATH")
    if not shutil.which("apt-get", path=path):
        return None
    if is_root:
        return ()
    if env.get("CI", "") in ("", "0", "false") or not shutil.which("sudo", path=path):
        return None
    sudo = ("sudo", "--non-interactive")
    allowed = subprocess.run([*sudo, "true"], capture_output=True, env=dict(env), check=False)
    return sudo if allowed.returncode == 0 else None


def main(pytest_args: Sequence[str], env: Mapping[str, str] = os.environ) -> int:
    """Returns 0 where a browser is there or is not wanted."""
    if is_deselected(pytest_args) or find_browser(env):
        return 0
    if env.get(VARIABLE):
        print(f"{VARIABLE}={env[VARIABLE]} is no browser that runs.", file=sys.stderr)
        return 1
    prefix = installer(env, is_root=os.geteuid() == 0)
    if prefix is not None:
        print("Installing Debian's chromium for the browser tests.", file=sys.stderr, flush=True)
        for command in APT:
            # An update may fail in part, and the install then tells whether that matters.
            subprocess.run(
                [*prefix, *command],
                env={**env, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                check=False,
            )
        if find_browser(env):
            return 0
    print(HELP, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

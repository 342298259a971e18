"""A development server in a child process, and waiting for what it serves."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from site_builder import ROADMAP_SITE, environment

PATIENCE = 300
"""Seconds until a test gives up on the server; it answers within two where nothing else runs."""
STEP = 0.05


class Server:
    """A running server; `url` is where the site begins."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, url: str) -> None:
        self.process = process
        self.log = log
        self.url = url

    @property
    def output(self) -> str:
        """All it has printed so far."""
        return self.log.read_text("utf-8", "replace")

    def get(self, path: str = "") -> str:
        """The page at a site path; empty where there is none. Raises OSError without an answer."""
        try:
            with urllib.request.urlopen(self.url + urllib.parse.quote(path), timeout=5) as answer:
                return str(answer.read().decode("utf-8"))
        except urllib.error.HTTPError as error:
            error.close()
            return ""

    def wait(self, path: str, what: Callable[[str], object], why: str) -> str:
        """The page as soon as it is as wanted."""
        until = time.monotonic() + PATIENCE
        page = ""
        while time.monotonic() < until:
            assert self.process.poll() is None, f"the server ended\n{self.output}"
            try:
                page = self.get(path)
            except OSError as error:
                page = f"no answer: {error}"
            else:
                if what(page):
                    return page
            time.sleep(STEP)
        raise AssertionError(f"{path}: {why}\n{self.output}\n{page[:3000]}")

    def shows(self, path: str, text: str) -> str:
        """Wait for a text on a page."""
        return self.wait(path, lambda page: text in page, f"lacks «{text}»")


def free_port() -> int:
    """A port that nobody has, below those that systems hand out: none is given it meanwhile."""
    with socket.socket() as probe:
        while True:
            port = random.randrange(20_000, 32_000)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


@contextmanager
def serving(
    project: Path,
    log: Path,
    command: Sequence[str] = ROADMAP_SITE,
    path: str = "/",
    env: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """The project served at `path` of a free port, until the end of the block."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, *command, "serve", "-a", address],
            cwd=project,
            env=environment(PYTHONUNBUFFERED="1", **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        server = Server(process, log, f"http://{address}{path}")
        server.wait("", bool, "never came up")
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)

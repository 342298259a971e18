"""What is served at the moment, and what open pages have to be told of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

HISTORY = 100
"""Changes that are remembered. A page that has slept for longer is loaded anew."""
OPEN_PAGES = 8
"""Pages that are taken to be open: those that were asked for last."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new since a version.

    `pages` are the site paths of pages that have changed, None where any may have; `overlay` is
    what lies over every page.
    """

    version: int
    pages: Collection[str] | None
    overlay: str


class LiveSite:
    """A folder that is served, and its changes by version.

    `lock` is held while a file is read; who writes into the folder holds it too.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.root = Path()
        self.overlay = ""
        # Versions go on after a restart, so that pages of an earlier server are loaded anew.
        self.version = self._first = time.time_ns() // 1_000_000
        self._history: deque[tuple[int, frozenset[str] | None]] = deque(maxlen=HISTORY)
        self._news = threading.Condition()
        self._open: dict[str, None] = {}

    def publish(self, root: Path, pages: frozenset[str] | None) -> None:
        """Serve `root`, without an overlay, and have these pages loaded anew (None: all)."""
        with self.lock:
            self.root = root
        self._tell(pages, "")

    def lay_over(self, overlay: str) -> None:
        """Show HTML over every page."""
        self._tell(frozenset(), overlay)

    def _tell(self, pages: frozenset[str] | None, overlay: str) -> None:
        with self._news:
            if pages == frozenset() and overlay == self.overlay:
                return
            self.overlay = overlay
            self.version += 1
            self._history.append((self.version, pages))
            self._news.notify_all()

    def news(self, since: int, timeout: float) -> News:
        """What is new since a version, as soon as there is something, or after `timeout` seconds.

        A version that is not ours comes from another server, whose pages are all out of date.
        """
        with self._news:
            self._news.wait_for(lambda: since != self.version, timeout)
            later = [pages for version, pages in self._history if version > since]
            pages: set[str] | None = set()
            if not self._first <= since <= self.version or len(later) != self.version - since:
                pages = None
            for some in later:
                pages = None if pages is None or some is None else pages | some
            return News(self.version, pages, self.overlay)

    def note_open(self, page: str) -> None:
        """Someone looks at a page."""
        with self._news:
            self._open.pop(page, None)
            self._open[page] = None
            if len(self._open) > OPEN_PAGES:
                del self._open[next(iter(self._open))]

    def open_pages(self) -> list[str]:
        """The pages that are most likely open, the last one first."""
        with self._news:
            return list(reversed(self._open))

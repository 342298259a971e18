"""Watching files through the operating system, which tells of a change as it happens.

watchdog's native observers do it (inotify, FSEvents, kqueue, ReadDirectoryChangesW): MkDocs brings
the package along, and its threads sleep until something happens, where a watcher with an interval
of its own would wake up for nothing or tell late.
"""

from __future__ import annotations

import os
import queue
import re
import time
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

QUIET = 0.02
"""Seconds without an event after which a change is over: editors save in several steps."""
PATIENCE = 0.5
"""Seconds that a change may go on; whoever writes for longer is heard in between."""

# Reading files makes events too (opened, closed_no_write), which would have no end.
_CHANGES = frozenset({"created", "modified", "moved", "deleted", "closed"})
# Hidden files, and what editors leave beside a file: x~, #x#, .x.swp, vim's 4913, x.tmp, x.bak.
_SPARE = re.compile(r"\..*|.*~|#.*#|4913|.*\.(swp|swx|tmp|bak|orig|part|crdownload)|.*___")


class Watcher(FileSystemEventHandler):
    """Tells which files below some paths have changed. Folders may come, go and be replaced."""

    def __init__(self) -> None:
        # Folders that are made in each other at once are met twice, which watchdog warns of.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        self._observer: BaseObserver = Observer()
        self._paths: frozenset[Path] = frozenset()
        self._events: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._observer.start()

    def watch(self, paths: Iterable[Path], since: float) -> None:
        """Watch these files and folders, and no others any more.

        What was not watched so far counts as changed where it was written after `since`.
        """
        wanted = frozenset(Path(os.path.realpath(path)) for path in paths)
        new, self._paths = wanted - self._paths, wanted
        if not new:
            return
        self._schedule()
        for root in new:
            for path in (root, *root.rglob("*")):
                with suppress(OSError):
                    if path.is_file() and path.stat().st_mtime >= since and self._is_watched(path):
                        self._events.put(path)

    def _schedule(self) -> None:
        self._observer.unschedule_all()
        folders = {path for path in self._paths if path.is_dir()}
        for folder in folders:
            self._observer.schedule(self, str(folder), recursive=True)
        # Of a file, its folder: saving may well put another file in its place. The same goes for
        # a folder that is watched.
        for folder in {path.parent for path in self._paths} - folders:
            if folder.is_dir():
                self._observer.schedule(self, str(folder), recursive=False)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note what has changed. Runs in the observer's thread."""
        if event.event_type not in _CHANGES:
            return
        if event.is_directory and event.event_type == "modified":
            return  # something in it has changed, which has an event of its own
        for name in (event.src_path, event.dest_path):
            if name and self._is_watched(path := Path(os.fsdecode(name))):
                self._events.put(path)

    def _is_watched(self, path: Path) -> bool:
        for root in self._paths:
            if path == root:
                return True
            if path.is_relative_to(root):
                return not any(_SPARE.fullmatch(part) for part in path.relative_to(root).parts)
        return False

    def wait(self, timeout: float | None = None) -> frozenset[Path]:
        """The files of the next change, once it is over; none where `timeout` seconds pass."""
        first = self._next(timeout)
        if first is None:
            return frozenset()
        changed = {first}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and (path := self._next(QUIET)):
            changed.add(path)
        if not self._paths.isdisjoint(changed):
            self._schedule()  # another folder may be in the place of the one that was watched
        return frozenset(changed)

    def is_pending(self) -> bool:
        """Whether something has changed that `wait` has not returned yet."""
        return not self._events.empty()

    def _next(self, timeout: float | None) -> Path | None:
        while True:
            try:
                # Windows hears Ctrl-C only between waits.
                return self._events.get(timeout=1 if timeout is None else timeout)
            except queue.Empty:
                if timeout is not None:
                    return None

    def close(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join()

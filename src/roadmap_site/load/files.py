"""Where a curriculum's files are kept: a folder, or memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_BYTES = 1 << 20
"""A file's size; a month of the largest real track has 30 KB."""


class RefusedError(Exception):
    """A file cannot or must not be read: why, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Files(Protocol):
    """Paths, sorted, relative to the curriculum and with `/`, and each one's bytes."""

    @property
    def paths(self) -> Sequence[str]:
        """Every file, hidden ones and those in hidden folders left out."""

    def read(self, path: str) -> bytes:
        """The first MAX_BYTES + 1 bytes of a file; raises RefusedError."""


class Folder:
    """The files below a folder."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)
        self._real = self._folder.resolve()
        self.paths = self._walk()

    def _walk(self) -> Sequence[str]:
        found = []
        for directory, folders, names in os.walk(self._folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            # Folders too: one that is called like a file was meant to be one.
            kept = [*(name for name in names if name[0] != "."), *(f for f in folders if "." in f)]
            at = Path(directory).relative_to(self._folder)
            found += [(at / name).as_posix() for name in kept]
        return sorted(found)

    def read(self, path: str) -> bytes:
        """The beginning of a file, unless it lies outside."""
        full = self._folder / path
        try:
            if not full.resolve().is_relative_to(self._real):
                message = "the file is a link that leads out of the curriculum"
                raise RefusedError(message, "put the file itself here")
            if not full.is_file():
                raise RefusedError("this is not a file", "delete or rename it")
            with full.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        # Up to Python 3.12 a circle of links is a RuntimeError.
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", "") or "its link leads in a circle"
            raise RefusedError(f"the file cannot be read: {reason}", "mend or delete it") from None


@dataclass(frozen=True)
class InMemory:
    """Files that were read already, or never written."""

    contents: Mapping[str, bytes]

    @property
    def paths(self) -> Sequence[str]:
        """Every path."""
        return sorted(self.contents)

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return self.contents[path]


@dataclass(frozen=True)
class Unsaved:
    """Files of which some hold other texts than those that are kept."""

    files: Files
    texts: Mapping[str, str]

    @property
    def paths(self) -> Sequence[str]:
        """Every path of the files that are kept."""
        return self.files.paths

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        text = self.texts.get(path)
        return self.files.read(path) if text is None else text.encode()

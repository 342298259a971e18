"""Where a curriculum's files are kept: a folder, a git revision, or memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from roadmap_site.load.git import git, git_bytes

MAX_BYTES = 1 << 20
"""A file's size; a month of the largest real track has 30 KB."""


class RefusedError(Exception):
    """A file cannot or must not be read: why, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RevisionError(Exception):
    """Git cannot say what the folder was at a revision; the message says why."""


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
class Memory:
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


@dataclass(frozen=True)
class Revision(Memory):
    """The files of a git revision.

    `is_where_left`: that is where the branch at hand left the one that was asked for. Otherwise it
    is that one itself, which may have gone on since.
    """

    is_where_left: bool = True


def revision(folder: Path, rev: str, *, must_know_where_left: bool = True) -> Revision:
    """The files that a folder had where the branch at hand left a git revision.

    A shallow clone may not know where that was. Then it is an error, or else the files are those
    of the revision itself. Links are left out. Raises RevisionError.
    """
    commit = git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}"
    )
    if not commit:
        if not git(folder, "rev-parse", "--git-dir"):
            raise RevisionError(f"{folder} is not in a git repository")
        if not git(folder, "rev-parse", "--verify", "--quiet", "HEAD"):
            raise RevisionError("nothing is committed here yet that could be compared with")
        raise RevisionError(
            f"there is no revision {rev!r} here; a shallow clone has to fetch it first"
        )
    base = git(folder, "merge-base", commit.strip(), "HEAD").strip()
    is_where_left = True
    if not base:
        if git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
            is_where_left = False
            if must_know_where_left:
                raise RevisionError(
                    f"this shallow clone does not know where the branch left {rev!r}: "
                    "fetch its history"
                )
        base = commit.strip()  # two histories that have nothing in common
    if git(folder, "cat-file", "-t", f"{base}^{{tree}}").strip() != "tree":
        raise RevisionError(f"git cannot read what {rev!r} holds: fetch all of it first")
    hashes = {}
    for entry in git(folder, "ls-tree", "-r", "-z", base, ".").split("\0"):
        meta, _, path = entry.partition("\t")
        mode, _, name = meta.partition(" ")
        parts = path.split("/")
        if mode.startswith("100") and not any(part.startswith(".") for part in parts):
            hashes[path] = name.split()[-1]
    return Revision(_blobs(folder, hashes), is_where_left)


def _blobs(folder: Path, hashes: Mapping[str, str]) -> Mapping[str, bytes]:
    data = git_bytes(folder, "cat-file", "--batch", stdin="\n".join(hashes.values()))
    contents, at = {}, 0
    for path in hashes:
        head, _, _ = data[at : at + 200].partition(b"\n")
        if head.split()[1:2] != [b"blob"]:
            raise RevisionError(f"git cannot read {path} of that revision: fetch all of it first")
        at += len(head) + 1
        size = int(head.split()[-1])
        contents[path] = data[at : at + size][: MAX_BYTES + 1]
        at += size + 1
    return contents

"""The files of a folder as they were at a git revision, without a checkout."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path

from roadmap_site.load.files import MAX_BYTES, InMemory
from roadmap_site.load.git import git, git_bytes

MAX_SYMLINKS = 8
"""Symbolic links that are followed one after the other in an older revision."""


class RevisionError(Exception):
    """Git cannot say what the folder was at a revision; the message says why."""


def merge_bases(folder: Path, rev: str) -> tuple[list[str], bool]:
    """The commits where the branch at hand left a git revision, and whether they are known.

    There are several where each of the two was merged into the other, and none where they have
    nothing in common: then it is the revision itself. It is so too in a shallow clone that does not
    know them, but may have gone on since. Raises RevisionError.
    """
    commit = git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}"
    ).strip()
    if not commit:
        if not git(folder, "rev-parse", "--git-dir"):
            raise RevisionError(f"{folder} is not in a git repository")
        if not git(folder, "rev-parse", "--verify", "--quiet", "HEAD"):
            raise RevisionError("nothing is committed here yet that could be compared with")
        raise RevisionError(
            f"there is no revision {rev!r} here; a shallow clone has to fetch it first"
        )
    bases = git(folder, "merge-base", "--all", commit, "HEAD").split()
    # Two histories may also have nothing in common.
    is_known = bool(bases) or git(folder, "rev-parse", "--is-shallow-repository").strip() != "true"
    return bases or [commit], is_known


def files_at(folder: Path, commit: str, marker: str) -> InMemory:
    """The files that a folder had at a commit; raises RevisionError.

    A folder that has a file called `marker`, and had none then, may have been elsewhere: where one
    folder alone had such a file that is gone now, it was that one. Symbolic links count as what
    they lead to, as far as that is in the folder.
    """
    if git(folder, "cat-file", "-t", f"{commit}^{{tree}}").strip() != "tree":
        raise RevisionError(f"git cannot read what {commit!r} holds: fetch all of it first")
    tree = f"{commit}:./"
    has_marker = (folder / marker).is_file()
    if has_marker and not git(folder, "rev-parse", "--verify", "--quiet", tree + marker):
        tree = _former(folder, commit, marker) or tree
    hashes, symlinks = dict[str, str](), dict[str, str]()
    for entry in git(folder, "ls-tree", "-r", "-z", "--full-tree", tree).split("\0"):
        meta, _, path = entry.partition("\t")
        if meta.startswith("100"):
            hashes[path] = meta.split()[-1]
        elif meta.startswith("120"):
            symlinks[path] = meta.split()[-1]
    hashes |= _followed(hashes, _blobs(folder, symlinks))
    shown = {
        path: name
        for path, name in hashes.items()
        if not any(part.startswith(".") for part in path.split("/"))
    }
    return InMemory(_blobs(folder, shown))


def _followed(hashes: Mapping[str, str], symlinks: Mapping[str, bytes]) -> Mapping[str, str]:
    """The hashes of what symbolic links lead to, as far as they lead to files."""
    targets = {
        path: posixpath.normpath(
            posixpath.join(posixpath.dirname(path), target.decode("utf-8", "replace"))
        )
        for path, target in symlinks.items()
    }
    found = {}
    for path in symlinks:
        at = path
        for _ in range(MAX_SYMLINKS):
            at = targets.get(at, at)
        if at in hashes:
            found[path] = hashes[at]
    return found


def _former(folder: Path, commit: str, marker: str) -> str:
    """The tree of the one folder that had a file at a commit and has it no more, or nothing."""
    top = Path(git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
    paths = git(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split("\0")
    gone = [
        path.removesuffix(marker)
        for path in paths
        if path.rpartition("/")[2] == marker and not (top / path).exists()
    ]
    return f"{commit}:{gone[0]}" if len(gone) == 1 else ""


def _blobs(folder: Path, hashes: Mapping[str, str]) -> Mapping[str, bytes]:
    if not hashes:  # few revisions have symbolic links
        return {}
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

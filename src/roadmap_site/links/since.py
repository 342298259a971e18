"""Which places of addresses are new since a revision.

Places are paired with those of the revision, address by address: the likeliest first, by their
file, by what stands on their lines and beside them. What finds no partner is new. So an address
does not become new by being moved, by its file's new name, or by new words beside it, and never
more of its places are new than it has gained.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from roadmap_site.links.find import Found, find, is_below
from roadmap_site.links.prose import addresses
from roadmap_site.load.files import Files, Folder, InMemory, RefusedError
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.load.revision import files_at, merge_bases
from roadmap_site.model.links import Mention
from roadmap_site.model.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Since:
    """The addresses of a curriculum, each place marked as changed or not since a revision.

    `notes` are sentences about how they were compared. `is_new` tells whether a place is new, for
    links that are no addresses.
    """

    found: Found
    is_new: Callable[[Span], bool]
    notes: tuple[str, ...] = ()


def mentions_since(root: Path, rev: str, paths: Collection[str] | None = None) -> Since:
    """Find every address of a folder, and which places are new since the branch left `rev`.

    The whole folder is compared, and what is below `paths` returned, as `find` has them, but for
    what is wrong with files that are as they were. Where a shallow clone does not know the place it
    compares with `rev` itself, and says so. Raises RevisionError.
    """
    files = Folder(root)
    commits, is_known = merge_bases(root, rev)
    wanted = None if paths is None else frozenset(paths)
    found = find(files)
    mentions, faults, tests = found.mentions, found.diagnostics, []
    # Where each was merged into the other, what either side had by then is not new.
    for commit in commits:
        older = files_at(root, commit, ROOT_FILE)
        same = {path for path in files.paths if _read(files, path) == older.contents.get(path)}
        mentions = mark_changed(mentions, _older_mentions(files, found, older, same))
        faults = tuple(d for d in faults if d.span.file.path not in same)
        tests.append(_newness(older))
    note = (
        f"this shallow clone does not know where the branch left {rev!r}, and compares with "
        f"{rev!r} itself: links that it has lost since count as new"
    )
    return Since(
        Found(
            tuple(m for m in mentions if is_below(m.span.file.path, wanted)),
            tuple(d for d in faults if is_below(d.span.file.path, wanted)),
        ),
        lambda span: all(is_new(span) for is_new in tests),
        () if is_known else (note,),
    )


def _newness(older: InMemory) -> Callable[[Span], bool]:
    """Tells whether a place is new that names a part of the site.

    It is where its line stands nowhere in its file as it was, unless its file has the word no more
    often than before. The lines of a file that is new may stand anywhere: it may be an old one with
    another name.
    """

    @cache
    def lines(path: str) -> frozenset[str]:
        paths = [path] if path in older.contents else older.paths
        return frozenset(_spaced(line) for it in paths for line in _older_file(older, it).lines)

    @cache
    def kept(file: SourceFile) -> frozenset[str]:
        """The words that a file has no more often than before."""
        if file.path not in older.contents:
            return frozenset()
        now, before = _words(file), _words(_older_file(older, file.path))
        return frozenset(word for word, times in now.items() if times <= before[word])

    def is_new(span: Span) -> bool:
        is_new_line = _spaced(span.file.line(span.line)) not in lines(span.file.path)
        return is_new_line and span.text not in kept(span.file)

    return is_new


_WORD = re.compile(r"[^\s()\[\]{}<>\"'`,;]+")


def _words(file: SourceFile) -> Counter[str]:
    return Counter(word.rstrip(":.") for word in _WORD.findall(file.text))


def _older_file(older: InMemory, path: str) -> SourceFile:
    return SourceFile(path, older.contents[path].decode("utf-8-sig", "replace"))


def _spaced(line: str) -> str:
    """A line as it is told from others: moving it or aligning its values makes no other of it."""
    return " ".join(line.split())


def _older_mentions(
    files: Files, found: Found, older: InMemory, same: Collection[str]
) -> list[Mention]:
    """The mentions of an older revision; those of files that are the same are `found`."""
    if ROOT_FILE in files.paths and ROOT_FILE not in older.paths:
        return []  # what else the folder had then was no curriculum
    kept = [mention for mention in found.mentions if mention.span.file.path in same]
    former = find(older, [path for path in older.paths if path not in same])
    # Of a file that could not be read nobody can say more than which addresses it had.
    broken = {d.span.file.path for d in former.diagnostics}
    broken -= {mention.span.file.path for mention in former.mentions}
    scanned = (mention for path in broken for mention in _scanned(_older_file(older, path)))
    return [*kept, *former.mentions, *scanned]


def _read(files: Files, path: str) -> bytes:
    try:
        return files.read(path)
    except RefusedError:
        return b""


def _scanned(file: SourceFile) -> Iterator[Mention]:
    for number, line in enumerate(file.lines, start=1):
        for start, end in addresses(line):
            yield Mention(line[start:end], Span(file, number, start + 1, number, end + 1))


def mark_changed(now: Sequence[Mention], before: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions of today, in their order, marked as changed or not since those of before.

    One that is marked as not changed stays so.
    """
    older: dict[str, list[Mention]] = defaultdict(list)
    for mention in before:
        older[mention.url].append(mention)
    places: dict[str, list[int]] = defaultdict(list)
    for number, mention in enumerate(now):
        places[mention.url].append(number)
    changed: set[int] = set()
    lines = _reader()
    for url, numbers in places.items():
        if len(numbers) > len(older[url]):
            changed.update(_without_partner(now, numbers, older[url], lines))
    return tuple(
        replace(mention, is_changed=mention.is_changed and number in changed)
        for number, mention in enumerate(now)
    )


def _without_partner(
    now: Sequence[Mention], numbers: Iterable[int], before: Iterable[Mention], lines: _Lines
) -> list[int]:
    """Those places of an address that no place of before accounts for."""
    left, older = list(numbers), list(before)
    for likeness in _LIKENESSES:
        if not older:
            break
        partners: dict[Hashable, list[Mention]] = defaultdict(list)
        for mention in older:
            partners[likeness(mention.span, lines)].append(mention)
        paired: set[int] = set()
        unpaired = []
        for number in left:
            alike = partners[likeness(now[number].span, lines)]
            if alike:
                paired.add(id(alike.pop()))
            else:
                unpaired.append(number)
        left = unpaired
        older = [mention for mention in older if id(mention) not in paired]
    return left


_Lines = Callable[[Span, int, int], tuple[int, ...]]
"""The line of a place and so many before and after it, however they are spaced: a number for each
text."""


def _reader() -> _Lines:
    """Reads each line once: thousands of places may stand on one that is as long as a file."""
    numbers: dict[str, int] = {}
    known: dict[tuple[int, int], int] = {}

    def lines(span: Span, before: int, after: int) -> tuple[int, ...]:
        found = []
        for line in range(span.line - before, span.line + after + 1):
            key = id(span.file), line  # a file of today is equal to the one of before
            if key not in known:
                known[key] = numbers.setdefault(_spaced(span.file.line(line)), len(numbers))
            found.append(known[key])
        return tuple(found)

    return lines


_LIKENESSES: tuple[Callable[[Span, _Lines], Hashable], ...] = (
    lambda span, lines: (span.file.path, lines(span, 3, 1)),
    lambda span, lines: (span.file.path, lines(span, 1, 0)),
    lambda span, lines: (span.file.path, lines(span, 0, 0)),
    lambda span, _: span.file.path,
    lambda span, lines: lines(span, 3, 1),
    lambda span, lines: lines(span, 1, 0),
    lambda span, lines: lines(span, 0, 0),
    lambda _span, _lines: (),
)
"""What two places have in common, from the same lines of the same file down to nothing.

The file comes first: a file that has as many places of an address as before has no new one.
"""

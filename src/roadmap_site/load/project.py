"""A curriculum's files to a curriculum: which file holds what, and in which order."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from roadmap_site.load import faults, pages
from roadmap_site.load.decode import decode, decode_each
from roadmap_site.load.files import (
    MAX_BYTES,
    Files,
    Folder,
    RefusedError,
    Unsaved,
)
from roadmap_site.load.nodes import parse
from roadmap_site.load.revision import RevisionError, files_at, merge_bases
from roadmap_site.model.curriculum import (
    Bank,
    Curriculum,
    CurriculumFile,
    Phase,
    Resource,
    Track,
    Vocabulary,
)
from roadmap_site.model.diagnostic import Diagnostic, Severity
from roadmap_site.model.pages import WrittenPage
from roadmap_site.model.source import MappingNode, Node, SourceFile, Span

T = TypeVar("T")

ROOT_FILE = "curriculum.yml"
YAML_ENDINGS = (".yml", ".yaml")


@dataclass(slots=True)
class _Read:
    """What came of one file, to be used again for another revision that has the same text."""

    file: SourceFile
    node: Node | None
    diagnostics: list[Diagnostic]
    values: dict[type, tuple[Any, list[Diagnostic]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: `curriculum` is None where `curriculum.yml` could not be read."""

    curriculum: Curriculum | None
    diagnostics: tuple[Diagnostic, ...]
    read: Mapping[str, _Read] = field(default_factory=dict, repr=False, compare=False)


def load(root: str | os.PathLike[str], *, texts: Mapping[str, str] | None = None) -> Loaded:
    """Read every YAML file of a curriculum folder.

    Whatever an editor wrote, the faults of all files come back as diagnostics, in order of file
    and line, and what could be read as a curriculum. `texts` are read in place of what the files
    at these paths hold: changes that are not saved (yet). Raises FileNotFoundError where `root`
    has no `curriculum.yml`.
    """
    folder = Path(root)
    if not os.path.lexists(folder / ROOT_FILE):
        what = f"has no {ROOT_FILE}" if folder.is_dir() else "is no folder"
        raise FileNotFoundError(f"{folder} {what}")
    files = Folder(folder)
    return load_files(Unsaved(files, texts) if texts else files)


def load_revision(root: str | os.PathLike[str], rev: str, *, like: Loaded | None = None) -> Loaded:
    """Read the same folder as it was at a git revision, without a checkout.

    That is where the branch at hand left `rev`: their common ancestor. Nothing comes of a revision
    that has no curriculum there. `like` is as for `load_files`. Raises RevisionError where git
    cannot say.
    """
    folder = Path(root)
    commits, is_known = merge_bases(folder, rev)
    if not is_known:
        raise RevisionError(
            f"this shallow clone does not know where the branch left {rev!r}: fetch its history"
        )
    return load_files(files_at(folder, commits[0], ROOT_FILE), like=like)


def load_files(files: Files, *, like: Loaded | None = None) -> Loaded:
    """Read a curriculum's files, wherever they are kept; nothing comes of none.

    What has the same text as in `like`, another revision, is taken from there: the very values.
    """
    if ROOT_FILE not in files.paths:
        return Loaded(None, ())
    with without_gc():
        reading = _Reading(files, like.read if like else {})
        curriculum = reading.curriculum()
    # What an alias repeats is wrong once.
    diagnostics = sorted(dict.fromkeys(reading.diagnostics), key=lambda d: d.sort_key)
    return Loaded(curriculum, tuple(diagnostics), reading.read)


def read_source(
    files: Files, path: str, most: int = MAX_BYTES
) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    """The text of one file of at most so many bytes, or why it cannot be read."""
    reading = _Reading(files, {})
    text = reading.text(path, most)
    return None if text is None else SourceFile(path, text), tuple(reading.diagnostics)


@contextmanager
def without_gc() -> Iterator[None]:
    """Hold the cyclic collector back for a while.

    Tens of thousands of values are made and none is garbage: it would take two thirds of the time
    looking for some. Nor need it look through them all as soon as it may again: to freeze and
    unfreeze makes them as old as anything there is, which costs nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


class _Reading:
    """One pass over the files: those seen so far and what was wrong with them."""

    def __init__(self, files: Files, like: Mapping[str, _Read]) -> None:
        self.kept = files
        self.like = like
        self.read: dict[str, _Read] = {}
        self.diagnostics: list[Diagnostic] = []
        self.files: dict[str, SourceFile] = {}
        self.broken: set[str] = set()
        self.declared: dict[str, frozenset[str]] = {}

    @cached_property
    def paths(self) -> dict[str, None]:
        """The YAML files; nobody who reads a single file needs them."""
        return dict.fromkeys(path for path in self.kept.paths if path.endswith(YAML_ENDINGS))

    def curriculum(self) -> Curriculum | None:
        """Everything that could be read, or None without a usable ROOT_FILE."""
        about = self.entity(CurriculumFile, ROOT_FILE)
        vocabulary = self.vocabulary()
        resources, twice = self.library()
        banks = self.banks(about.banks if about else None)
        tracks = self.tracks(about.tracks if about else None)
        if about is None:
            return None
        return Curriculum(
            about=about,
            tracks=tracks,
            areas=vocabulary.areas if vocabulary else {},
            roots=vocabulary.roots if vocabulary else (),
            topics=vocabulary.topics if vocabulary else {},
            resources=resources,
            banks=banks,
            vocabulary=vocabulary,
            files=self.files,
            unread=tuple(SourceFile(path, "") for path in self.paths if path not in self.files),
            twice=twice,
            declared=self.declared,
            broken=frozenset(self.broken),
            pages=self.pages(),
        )

    def vocabulary(self) -> Vocabulary | None:
        """`topics.yml`."""
        path = self.find("topics")
        if path is None:
            self.declared["topics"] = frozenset()
            return None
        node = self.parse(path)
        if node is None:
            return None
        topics = node.under("topics")
        if isinstance(topics, MappingNode):
            self.declared["topics"] = frozenset(topics.pairs)
        return self.entity(Vocabulary, path, node)

    def library(self) -> tuple[dict[str, Resource], dict[str, tuple[Node, ...]]]:
        """The resources by id, and the keys of those that stand there more than once."""
        resources: dict[str, Resource] = {}
        twice: dict[str, tuple[Node, ...]] = {}
        known: set[str] = set()
        is_all_known = True
        for path in self.inside("resources/"):
            node = self.parse(path)
            if isinstance(node, MappingNode):
                known.update(node.pairs)
            else:
                is_all_known = False
            if node is None:
                continue
            some = self.once(path, Resource, partial(decode_each, Resource, node))
            for name, resource in some.items():
                first = resources.setdefault(name, resource)
                if first is not resource:
                    again = resource.id_node or resource.node
                    twice[name] = (*twice.get(name, (first.id_node or first.node,)), again)
        if is_all_known:
            self.declared["resources"] = frozenset(known)
        return resources, twice

    def banks(self, listed: Iterable[str] | None) -> dict[str, Bank]:
        """The question banks that are listed; all of them where the list could not be read."""
        there = [Path(path).stem for path in self.inside("questions/")]
        self.declared["banks"] = frozenset(there)
        banks = {}
        # A bank, a track or a month that is listed twice is still one.
        for name in dict.fromkeys(there if listed is None else listed):
            path = self.find(f"questions/{name}")
            bank = self.entity(Bank, path, id=name) if path else None
            if bank is not None:
                banks[name] = bank
        return banks

    def tracks(self, listed: Iterable[str] | None) -> tuple[Track, ...]:
        """The tracks that are listed; all of them where the list could not be read."""
        there = [
            parts[1]
            for parts in (path.split("/") for path in self.paths)
            if len(parts) == 3 and parts[0] == "tracks" and Path(parts[2]).stem == "track"
        ]
        self.declared["tracks"] = frozenset(there)
        tracks = []
        for name in dict.fromkeys(there if listed is None else listed):
            path = self.find(f"tracks/{name}/track")
            track = self.entity(Track, path, id=name) if path else None
            if track is not None:
                tracks.append(replace(track, phases=self.phases(track)))
            elif path:
                # Its months are read all the same, for their faults.
                for month in self.inside(f"tracks/{name}/"):
                    if month != path:
                        self.entity(Phase, month)
        return tuple(tracks)

    def phases(self, track: Track) -> tuple[Phase, ...]:
        """A track's months, those left out that are missing or could not be read."""
        phases = []
        for stem in dict.fromkeys(track.months):
            path = self.find(f"tracks/{track.id}/{stem}")
            phase = self.entity(Phase, path) if path and stem != "track" else None
            if phase is not None:
                phases.append(phase)
        return tuple(phases)

    def pages(self) -> dict[str, WrittenPage]:
        """The pages written by hand."""
        found = {}
        for path in self.kept.paths:
            if path.startswith(pages.FOLDER) and path.endswith(pages.ENDING):
                text = self.text(path, pages.MAX_BYTES)
                if text is not None:
                    found[path], diagnostics = pages.read_page(SourceFile(path, text))
                    self.diagnostics += diagnostics
        return found

    def inside(self, folder: str) -> list[str]:
        """The YAML files right inside a folder (`resources/`), sorted."""
        depth = folder.count("/")
        return [path for path in self.paths if path.startswith(folder) and path.count("/") == depth]

    def find(self, path: str) -> str | None:
        """A file by its path without the ending, which may be spelled in two ways."""
        return next((p for p in (f"{path}.yml", f"{path}.yaml") if p in self.paths), None)

    def entity(
        self, cls: type[T], path: str, node: Node | None = None, id: str | None = None
    ) -> T | None:
        """A whole file as a `cls`."""
        node = node or self.parse(path)
        if node is None:
            return None
        # An id comes from the path, so that the same file always has the same.
        return self.once(path, cls, lambda found: decode(cls, node, found, id))

    def once(self, path: str, cls: type, work: Callable[[list[Diagnostic]], T]) -> T:
        """What a file is decoded to, unless that is known from another revision."""
        read = self.read[path]
        if cls not in read.values:
            found: list[Diagnostic] = []
            read.values[cls] = work(found), found
        value, diagnostics = read.values[cls]
        with self.faults_of(path):
            self.diagnostics += diagnostics
        return value  # type: ignore[no-any-return]

    def parse(self, path: str) -> Node | None:
        """A file's tree; its faults are noted."""
        with self.faults_of(path):
            text = self.text(path)
            if text is None:
                self.files[path] = SourceFile(path, "")
                return None
            read = self.like.get(path)
            if read is None or read.file.text != text:
                file = SourceFile(path, text)
                read = _Read(file, *parse(file))
                if read.node is None and not read.diagnostics:
                    fault = faults.YAML_SYNTAX.at(
                        Span.whole(file), "the file is empty", hint="fill or delete it"
                    )
                    read.diagnostics.append(fault)
            self.read[path] = read
            self.files[path] = read.file
            self.diagnostics += read.diagnostics
            return read.node

    def text(self, path: str, most: int = MAX_BYTES) -> str | None:
        """A file's text, or None where it cannot or must not be read."""
        try:
            data = self.kept.read(path)
        except RefusedError as refused:
            self.refuse(path, refused.message, refused.hint)
            return None
        if len(data) > most:
            size = f"{most >> 10:,} KiB" if most < MAX_BYTES else f"{most >> 20} MiB"
            self.refuse(path, f"the file is larger than {size}", "split it")
            return None
        try:
            # Editors that begin a file with a mark may well do so twice.
            return data.decode("utf-8-sig").lstrip("\ufeff")
        except UnicodeDecodeError as error:
            file = SourceFile(path, data.decode("utf-8", "replace"))
            span = Span.after(file, data[: error.start].decode("utf-8"))
            self.refuse(path, "the file is not UTF-8", "save it as UTF-8", span)
            return None

    def refuse(self, path: str, message: str, hint: str, span: Span | None = None) -> None:
        """Say why a file is not read."""
        span = span or Span.whole(SourceFile(path, ""))
        self.diagnostics.append(faults.UNREADABLE_FILE.at(span, message, hint=hint))

    @contextmanager
    def faults_of(self, path: str) -> Iterator[None]:
        """Mark a file as broken where an error was found in it."""
        before = len(self.diagnostics)
        yield
        if any(d.rule.severity is Severity.ERROR for d in self.diagnostics[before:]):
            self.broken.add(path)

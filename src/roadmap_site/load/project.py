"""A curriculum folder to a curriculum: which file holds what, and in which order."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from roadmap_site.load import faults
from roadmap_site.load.decode import decode, decode_each
from roadmap_site.load.nodes import parse
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
from roadmap_site.model.source import MappingNode, Node, SourceFile, Span

T = TypeVar("T")

MAX_BYTES = 1 << 20
"""A file's size; a month of the largest real track has 30 KB."""
ROOT_FILE = "curriculum.yml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: `curriculum` is None where `curriculum.yml` could not be read."""

    curriculum: Curriculum | None
    diagnostics: tuple[Diagnostic, ...]


def load(root: str | os.PathLike[str]) -> Loaded:
    """Read every YAML file of a curriculum folder.

    Whatever an editor wrote, the faults of all files come back as diagnostics, in order of file
    and line, and what could be read as a curriculum. Raises FileNotFoundError where `root` has no
    `curriculum.yml`.
    """
    folder = Path(root)
    if not os.path.lexists(folder / ROOT_FILE):
        raise FileNotFoundError(f"{folder} has no {ROOT_FILE}")
    with _without_gc():
        reading = _Reading(folder)
        curriculum = reading.curriculum()
    return Loaded(curriculum, tuple(sorted(reading.diagnostics, key=lambda d: d.sort_key)))


@contextmanager
def _without_gc() -> Iterator[None]:
    # Tens of thousands of nodes are made and none is garbage: the cyclic collector would take two
    # thirds of the time looking for some.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _keys_of(node: Node | None) -> frozenset[str]:
    return frozenset(node.pairs) if isinstance(node, MappingNode) else frozenset()


class _Reading:
    """One pass over a folder: the files seen so far and what was wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.real = folder.resolve()
        self.diagnostics: list[Diagnostic] = []
        self.files: dict[str, SourceFile] = {}
        self.broken: set[str] = set()

    def curriculum(self) -> Curriculum | None:
        paths = self.yaml_paths()
        read: set[str] = set()

        def each(prefix: str) -> list[str]:
            return [path for path in paths if path.startswith(prefix) and path.count("/") == 1]

        read.add(ROOT_FILE)
        about = self.entity(CurriculumFile, ROOT_FILE)

        declared: dict[str, frozenset[str]] = {}
        vocabulary = None
        declared["topics"] = frozenset()
        if "topics.yml" in paths:
            read.add("topics.yml")
            node = self.parse("topics.yml")
            vocabulary = self.entity(Vocabulary, "topics.yml", node) if node else None
            if node is None:
                del declared["topics"]
            elif isinstance(node, MappingNode):
                declared["topics"] = _keys_of(node.get("topics"))

        resources: dict[str, Resource] = {}
        twice: dict[str, tuple[Node, ...]] = {}
        known: frozenset[str] | None = frozenset()
        for path in each("resources/"):
            read.add(path)
            node = self.parse(path)
            if node is None:
                known = None
                continue
            with self.faults_of(path):
                some = decode_each(Resource, node, self.diagnostics)
            for name, resource in some.items():
                first = resources.setdefault(name, resource)
                if first is not resource:
                    twice[name] = (*twice.get(name, (first.node,)), resource.node)
            known = None if known is None else known | _keys_of(node)
        if known is not None:
            declared["resources"] = known

        bank_paths = {Path(path).stem: path for path in each("questions/")}
        banks: dict[str, Bank] = {}
        for name in about.banks if about else sorted(bank_paths):
            if bank_path := bank_paths.get(name):
                read.add(bank_path)
                if (bank := self.entity(Bank, bank_path, id=name)) is not None:
                    banks[name] = bank
        declared["banks"] = frozenset(bank_paths)

        track_folders = {
            path.split("/")[1]: path
            for path in paths
            if path.startswith("tracks/") and path.endswith("/track.yml") and path.count("/") == 2
        }
        tracks: list[Track] = []
        for name in about.tracks if about else sorted(track_folders):
            if track_path := track_folders.get(name):
                read.add(track_path)
                track = self.entity(Track, track_path, id=name)
                if track is None:
                    # Its months are read all the same, for their faults.
                    months = [
                        p for p in paths if p.startswith(f"tracks/{name}/") and p != track_path
                    ]
                    read.update(months)
                    for month in months:
                        self.entity(Phase, month)
                    continue
                phases = []
                for stem in track.months:
                    month = f"tracks/{name}/{stem}.yml"
                    if month in paths and month != track_path:
                        read.add(month)
                        phase = self.entity(Phase, month)
                        if phase is not None:
                            phases.append(phase)
                tracks.append(replace(track, phases=tuple(phases)))
        declared["tracks"] = frozenset(track_folders)

        unread = tuple(SourceFile(path, "") for path in paths if path not in read)
        if about is None:
            return None
        return Curriculum(
            about=about,
            tracks=tuple(tracks),
            areas=vocabulary.areas if vocabulary else {},
            roots=vocabulary.roots if vocabulary else (),
            topics=vocabulary.topics if vocabulary else {},
            resources=resources,
            banks=banks,
            vocabulary=vocabulary,
            files=self.files,
            unread=unread,
            twice=twice,
            declared=declared,
            broken=frozenset(self.broken),
        )

    def yaml_paths(self) -> list[str]:
        """Every YAML file below the folder, sorted; hidden ones and hidden folders left out."""
        found = []
        for directory, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in names:
                if name.endswith((".yml", ".yaml")) and not name.startswith("."):
                    path = Path(directory, name).relative_to(self.folder)
                    found.append(path.as_posix())
        return sorted(found)

    def entity(self, cls: type[T], path: str, node: Node | None = None, id: str = "") -> T | None:
        """A whole file as a `cls`."""
        node = node or self.parse(path)
        if node is None:
            return None
        with self.faults_of(path):
            return decode(cls, node, self.diagnostics, id=id)

    def parse(self, path: str) -> Node | None:
        """A file's tree; its faults are noted."""
        with self.faults_of(path):
            text = self.text(path)
            file = SourceFile(path, text or "")
            self.files[path] = file
            if text is None:
                return None
            node, diagnostics = parse(file)
            self.diagnostics += diagnostics
            if node is None and not diagnostics:
                span = Span.whole(file)
                self.diagnostics.append(
                    faults.YAML_SYNTAX.at(span, "the file is empty", hint="fill or delete it")
                )
            return node

    def text(self, path: str) -> str | None:
        """A file's text, or None where it cannot or must not be read."""
        full = self.folder / path
        try:
            if not full.resolve().is_relative_to(self.real):
                self.refuse(path, "the file is a link that leads out of the curriculum")
                return None
            if not full.is_file():
                self.refuse(path, "this is not a regular file")
                return None
            with full.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            self.refuse(path, f"the file cannot be read: {error.strerror}")
            return None
        if len(data) > MAX_BYTES:
            self.refuse(path, "the file is larger than 1 MiB", "split it")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.refuse(path, "the file is not UTF-8", "save it as UTF-8", line)
            return None

    def refuse(self, path: str, message: str, hint: str = "", line: int = 1) -> None:
        file = SourceFile(path, "")
        span = Span(file, line, 1, line, 1)
        self.diagnostics.append(faults.UNREADABLE_FILE.at(span, message, hint=hint))

    @contextmanager
    def faults_of(self, path: str) -> Iterator[None]:
        """Mark a file as broken where an error was found in it."""
        before = len(self.diagnostics)
        yield
        if any(d.rule.severity is Severity.ERROR for d in self.diagnostics[before:]):
            self.broken.add(path)

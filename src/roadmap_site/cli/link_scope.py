"""What `roadmap-site links` looks at, and how: the files, the site, the network, the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from roadmap_site import __version__
from roadmap_site.check import settle
from roadmap_site.cli.link_progress import progress
from roadmap_site.cli.terminal import CannotRun, curriculum_of, quiet_mkdocs
from roadmap_site.load import Loaded, RevisionError, load
from roadmap_site.load.files import Folder
from roadmap_site.load.project import ROOT_FILE
from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.links import CheckedLink, LinkReport, Mention
from roadmap_site.model.source import Span
from roadmap_site.report import counted, printable

if TYPE_CHECKING:
    from roadmap_site.links.memory import Memory
    from roadmap_site.links.network import Network
    from roadmap_site.links.settings import Settings
    from roadmap_site.links.since import Since
    from roadmap_site.mkdocs_plugin.built import BuildError


@dataclass(frozen=True, slots=True)
class Scope:
    """A folder, and the paths in it that are looked at (None: all of it).

    `is_curriculum`: the folder holds one, so that its settings hold and its site can be built.
    """

    root: Path
    paths: tuple[str, ...] | None
    is_curriculum: bool


def scope_of(paths: Sequence[Path]) -> Scope:
    """The folder that paths lie in; stop where they have none in common, or do not exist."""
    paths = paths or (Path("curriculum"),)
    for path in paths:
        if not path.exists():
            raise CannotRun(f"there is no {path}. Give a curriculum's folder, or files in it")
    if len({path.is_absolute() for path in paths}) > 1:  # what they have in common is seen alike
        paths = [Path(os.path.relpath(path)) for path in paths]
    roots = {curriculum_of(path) for path in paths}
    if len(roots) > 1:
        raise CannotRun("give paths of one curriculum at a time")
    (root,) = roots
    folders = [path if path.is_dir() else path.parent for path in paths]
    common = Path(os.path.commonpath([os.path.abspath(path) for path in folders]))  # noqa: PTH100 - `..` goes
    folder = root or (common if paths[0].is_absolute() else Path(os.path.relpath(common)))
    names = [os.path.relpath(path, folder).replace(os.sep, "/") for path in paths]
    return Scope(folder, None if "." in names else tuple(names), root is not None)


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of the links of a scope, and what its settings want to know to judge them.

    `faults` are those of files that could not be read for links. `not_kept` says why the cache
    could not be written, where it could not.
    """

    links: LinkReport
    faults: tuple[Diagnostic, ...]
    loaded: Loaded
    not_kept: str = ""

    def settled(self, diagnostics: Sequence[Diagnostic]) -> Report:
        """The report, as the curriculum's own settings and comments have it."""
        report = settle(self.loaded, diagnostics)
        faults = sorted((*report, *self.faults), key=lambda d: d.sort_key)
        return replace(report, diagnostics=tuple(faults))


def examine(
    scope: Scope,
    *,
    since: str | None,
    is_offline: bool,
    config_file: Path,
    cache: Path | None,
    settings: Settings,
    network: Network,
    is_quiet: bool = False,
) -> Examined:
    """Find the links of a scope, and what becomes of each; stop where that cannot be said."""
    from roadmap_site.links.run import offline

    loaded = load(scope.root) if scope.is_curriculum else Loaded(None, ())
    found = _mentions(scope, since)
    mentions, notes = found.found.mentions, [*found.notes]
    own: tuple[CheckedLink, ...] = ()
    has_site, not_kept = True, ""
    if scope.is_curriculum and scope.paths is None:
        try:
            own, mentions, pages = _within(scope.root, config_file, found)
        except _NoSiteError as error:
            has_site = False
            notes.append(str(error))
        else:
            if is_offline:
                notes.append(
                    f"nobody is asked; links within the site are checked on its {pages} pages"
                )
    elif is_offline:
        why = "give the whole curriculum" if scope.is_curriculum else f"no {ROOT_FILE} is here"
        notes.append(f"links within the site are not checked: {why}")
    if is_offline:
        report = offline(mentions, network)
    else:
        memory = _memory(cache, settings)
        promotes = since is None
        report = _asked(mentions, settings, network, memory, promotes=promotes, is_quiet=is_quiet)
        if memory is not None and cache is not None:
            notes += memory.notes
            not_kept = _keep(memory, cache)
    if since and not own and not report.links:
        notes.append(f"no address is new since {since}")
    links = sorted((*own, *report.links), key=lambda link: link.mentions[0].sort_key)
    notes += report.notes
    report = replace(report, links=tuple(links), notes=tuple(notes), has_site=has_site)
    return Examined(report, found.found.diagnostics, loaded, not_kept)


def _asked(
    mentions: Sequence[Mention],
    settings: Settings,
    network: Network,
    memory: Memory | None,
    *,
    promotes: bool,
    is_quiet: bool,
) -> LinkReport:
    from roadmap_site.links.run import check_links

    with progress(is_quiet=is_quiet) as tells:
        return check_links(
            mentions,
            settings,
            network,
            memory=memory,
            promotes=promotes,
            on_progress=tells.on_progress,
            on_again=tells.on_again,
        )


def _mentions(scope: Scope, since: str | None) -> Since:
    """The places of addresses; all are new where nothing is compared with."""
    from roadmap_site.links.find import find
    from roadmap_site.links.since import Since, mentions_since

    if since is None:
        return Since(find(Folder(scope.root), scope.paths), lambda _: True)
    try:
        return mentions_since(scope.root, since, scope.paths)
    except RevisionError as error:
        raise CannotRun(str(error)) from None


def _marked(link: CheckedLink, is_new: Callable[[Span], bool]) -> CheckedLink:
    """A link within the site, with the places marked whose lines are new."""
    mentions = (replace(m, is_changed=m.is_changed and is_new(m.span)) for m in link.mentions)
    return replace(link, mentions=tuple(mentions))


class _NoSiteError(Exception):
    """Why the site could not be built."""


def _within(
    root: Path, config_file: Path, since: Since
) -> tuple[tuple[CheckedLink, ...], tuple[Mention, ...], int]:
    """The links within the site, as it is built, the places that lead out of it, its pages."""
    from roadmap_site.links.within.internal import internal_links
    from roadmap_site.links.within.rendered import is_own, read_site
    from roadmap_site.mkdocs_plugin.built import BuildError, build_into

    with TemporaryDirectory() as folder, quiet_mkdocs():
        try:
            config = config_file if config_file.is_file() else None
            built = build_into(Path(folder), config_file=config, curriculum=root)
        except BuildError as error:
            raise _NoSiteError(_why_no_site(error, root)) from None
        own, others = list[Mention](), list[Mention]()
        for mention in since.found.mentions:
            (own if is_own(mention.url, built.site_url) else others).append(mention)
        site = read_site(built.folder)
        found = internal_links(
            site, built.curriculum, pages=built.pages, site_url=built.site_url, mentions=own
        )
    marked = tuple(_marked(link, since.is_new) for link in found)
    return marked, tuple(others), len(site.documents)


def _why_no_site(error: BuildError, root: Path) -> str:
    if error.report and error.report.fails():
        faults = counted(error.report.count(Severity.ERROR), "error")
        why = f"{faults} in the curriculum, which `roadmap-site check {root}` shows"
    else:
        why = "; ".join(printable(" ".join(message.split())) for message in error.messages[:3])
    return f"the site cannot be built, so links within it are not checked: {why}"


def _memory(cache: Path | None, settings: Settings) -> Memory | None:
    from roadmap_site.links.memory import checker_key
    from roadmap_site.links.memory_file import read_memory

    if cache is None:
        return None
    if cache.is_symlink():  # never written: better said before anybody is asked than after
        raise CannotRun(f"{cache} is a symbolic link. Give --cache the file itself")
    # What a run waited for decides about what it saw.
    return read_memory(cache, checker_key(__version__, {"timeout": settings.timeout}))


def _keep(memory: Memory, cache: Path) -> str:
    """Write the cache; why it cannot be written, where that is so."""
    from roadmap_site.links.memory_file import write_memory

    try:
        write_memory(memory, cache)
    except OSError as error:
        return f"{cache} cannot be written: {error.strerror or error}"
    return ""

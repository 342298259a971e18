"""`roadmap-site serve`."""

from __future__ import annotations

import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Collection, Iterator, Set
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import click

from roadmap_site.cli.schema import refresh_schemas
from roadmap_site.cli.terminal import (
    CANNOT_RUN,
    FAULTS,
    CannotRun,
    config_option,
    is_colored,
    need_config,
    prefix_of,
    quiet_mkdocs,
)
from roadmap_site.devserver import DevServer, LiveSite, Watcher
from roadmap_site.model.diagnostic import Report, Severity
from roadmap_site.report import counted, diagnostic_text, printable, summary_text

if TYPE_CHECKING:  # MkDocs takes half a second to import
    from roadmap_site.mkdocs_plugin.preview import Preview, PreviewError

SECOND_LOOK = 0.1
"""Seconds that a fault waits for the next change: a file may be half written."""


@click.command()
@config_option
@click.option(
    "-a", "--addr", default="127.0.0.1:8000", show_default=True, help="Host and port to serve at."
)
@click.option("-o", "--open", "open_browser", is_flag=True, help="Open it in a browser.")
def serve(config_file: Path, addr: str, open_browser: bool) -> None:
    """Build the site, serve it, and rebuild what changes whenever a file does.

    Open pages follow by themselves. While the YAML has faults the last good site stays up, with
    the faults shown in the terminal and on the page.
    """
    need_config(config_file)
    site = LiveSite()
    with suppress(KeyboardInterrupt), _ending_when_told(), _bound(addr, site) as server:
        _serve(server, site, config_file, open_browser)


def _serve(server: DevServer, site: LiveSite, config_file: Path, open_browser: bool) -> None:
    from roadmap_site.mkdocs_plugin.preview import Preview, PreviewError

    with (
        TemporaryDirectory(prefix="roadmap-site-", ignore_cleanup_errors=True) as folder,
        closing(Preview(config_file, server.url, Path(folder), site.lock)) as preview,
        closing(Watcher()) as watcher,
        quiet_mkdocs(),
    ):
        teller = _Teller(preview)
        start = time.time()
        try:
            preview.build()
        except PreviewError as error:
            teller.tell_fault(error)
            sys.exit(CANNOT_RUN if error.report is None else FAULTS)
        site.publish(preview.root, None)
        watcher.watch(preview.watched, since=start)
        teller.tell_warnings()
        click.echo(f"Serving at {server.url} (Ctrl-C ends)")
        with _answering(server):
            if open_browser:
                webbrowser.open(server.url)
            while True:
                _follow(watcher.wait(), watcher, preview, site, teller)


def _follow(
    changed: Set[Path], watcher: Watcher, preview: Preview, site: LiveSite, teller: _Teller
) -> None:
    """Bring the site up to date after a change."""
    from roadmap_site.mkdocs_plugin.preview import PreviewError

    fault: PreviewError | None = None
    while fault is None or (more := watcher.wait(SECOND_LOOK)):
        if fault:
            changed |= more
        start = time.time()
        try:
            for ready in preview.rebuild(changed, site.open_pages(), watcher.is_pending):
                site.publish(preview.root, ready)
        except PreviewError as error:
            fault = error
            continue
        teller.tell_change(changed, time.time() - start)
        teller.tell_warnings()
        refresh_schemas(preview.curriculum_dir)
        watcher.watch(preview.watched, since=start)
        return
    teller.tell_change(changed)
    teller.tell_fault(fault)
    site.lay_over(fault.overlay)


class _Teller:
    """What the terminal says: a line a change, and what is wrong where that is new."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.told: Set[str] = frozenset()

    def tell_change(self, changed: Set[Path], seconds: float | None = None) -> None:
        """Which files, and what came of it in how much time."""
        # Of a file that was put in the place of another, the name that is left.
        there = {path for path in changed if path.exists()} or changed
        here = Path.cwd().resolve()
        names = [
            path.relative_to(here) if path.is_relative_to(here) else path for path in sorted(there)
        ]
        what = printable(names[0].as_posix()) if len(names) == 1 else f"{len(names)} files"
        said = f"{time.strftime('%H:%M:%S')} {what} changed"
        if seconds is not None:
            said += f": {_built(self.preview.built)} in {seconds:.2f} s"
        click.echo(said)

    def tell_warnings(self) -> None:
        """What does not keep the site from being built, where it has not been told before."""
        messages = [_labelled("warning", "yellow", text) for text in self.preview.heard]
        self._tell(self.preview.report, messages, known=self.told)

    def tell_fault(self, fault: PreviewError) -> None:
        """What keeps the site from being built."""
        is_told = fault.report is not None and fault.report.fails()
        messages = [] if is_told else [_labelled("error", "red", it) for it in fault.messages]
        self._tell(fault.report, messages)

    def _tell(
        self, report: Report | None, messages: Collection[str], known: Set[str] = frozenset()
    ) -> None:
        colored = is_colored(None)
        prefix = prefix_of(self.preview.curriculum_dir)
        texts = [
            diagnostic_text(diagnostic, prefix=prefix, color=colored)
            for diagnostic in report or ()
            if diagnostic.rule.severity is not Severity.INFO
        ]
        texts += messages
        for text in texts:
            if text not in known:
                click.echo(text, color=colored)
        if report and report.fails():
            click.echo(summary_text(report))
        self.told = frozenset(texts)


def _labelled(label: str, color: str, text: str) -> str:
    if is_colored(None):
        label = click.style(label, fg=color, bold=True)
    return f"{label}: {text}"


def _built(pages: Collection[str] | None) -> str:
    if pages is None:
        return "the whole site"
    return counted(len(pages), "page") if pages else "no pages"


@contextmanager
def _bound(addr: str, site: LiveSite) -> Iterator[DevServer]:
    """The server at an address, not answering yet: browsers wait."""
    host, colon, port = addr.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise CannotRun(f"{addr} is no address. Give host:port, as in 127.0.0.1:8000")
    try:
        server = DevServer(host.strip("[]"), int(port), site)
    except OSError as error:
        raise CannotRun(f"cannot serve at {addr}: {error.strerror or error}") from None
    with server:
        yield server


@contextmanager
def _answering(server: DevServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()


@contextmanager
def _ending_when_told() -> Iterator[None]:
    """Take a request to terminate for Ctrl-C: the folder of the site is to go."""

    def end(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

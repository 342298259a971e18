"""While `mkdocs serve` runs, the last good site stays up, with what is wrong over its pages."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, Self

from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import get_plugin_logger

from roadmap_site.model.diagnostic import Report
from roadmap_site.report import failure_html, overlay_html

log = get_plugin_logger("roadmap")


class Reporting(Protocol):
    """Who knows what the last check found."""

    report: Report | None


def keeping_last_good(
    server: LiveReloadServer, builder: Callable[..., None], plugin: Reporting
) -> Callable[[], None]:
    """A builder that leaves the last good site where it fails.

    MkDocs empties the folder before it builds, and answers no more where building fails.
    """

    def rebuild() -> None:
        site = Path(server.root)
        with TemporaryDirectory(prefix="mkdocs_", dir=site.parent) as folder:
            last = site.rename(Path(folder, "last"))
            plugin.report = None
            heard = Heard()
            try:
                with heard:
                    builder()
            except Exception as error:  # whatever it is, the server goes on
                if not isinstance(error, MkDocsException):
                    log.error(f"the site cannot be built: {error!r}", exc_info=error)
                log.info("serving the last good site until this is mended")
                shutil.rmtree(site, ignore_errors=True)
                last.rename(site)
                _lay_over(site, failure_overlay(plugin.report, [*heard.messages, str(error)]))

    return rebuild


def failure_overlay(report: Report | None, messages: Sequence[str]) -> str:
    """What the check found, else what was said while building."""
    if report and report.fails():
        return overlay_html(report)
    return failure_html(messages)


class Heard(logging.Handler):
    """What MkDocs and its plugins complain of within a `with` block.

    `others` are the complaints that are no diagnostics of the curriculum.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self.others: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())
        if not hasattr(record, "diagnostic"):
            self.others.append(record.getMessage())

    def __enter__(self) -> Self:
        logging.getLogger("mkdocs").addHandler(self)
        return self

    def __exit__(self, *exception: object) -> None:
        logging.getLogger("mkdocs").removeHandler(self)


_OVERLAY = re.compile(r'<aside class="rm-overlay".*?</aside>', re.DOTALL)


def _lay_over(site: Path, overlay: str) -> None:
    """Put an overlay on every page, in place of the one that may be there."""
    for path in site.rglob("*.html"):
        head, end, tail = _OVERLAY.sub("", path.read_text("utf-8")).rpartition("</body>")
        path.write_text(f"{head}{overlay}{end}{tail}", "utf-8")

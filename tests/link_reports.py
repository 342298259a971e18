"""Reports about links for tests, made of texts in which the addresses are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from roadmap_site.model.links import Judged, LinkReport, LinkStatus, Mention, links_of
from roadmap_site.model.source import SourceFile, Span

OLD, NEW = "https://old.test/page", "https://new.test/page"


def span_at(file: SourceFile, start: int, end: int) -> Span:
    """The place of text[start:end]."""
    return Span(file, *file.position(start), *file.position(end))


def mentions_of(
    url: str, *paths: str, is_changed: bool = True, is_literal: bool = True
) -> list[Mention]:
    """An address in a file of its own each, at line 2, column 6."""
    found = []
    for path in paths:
        file = SourceFile(path, f"title: A\nurl: {url}\n")
        start = len("title: A\nurl: ")
        found.append(Mention(url, span_at(file, start, start + len(url)), is_literal, is_changed))
    return found


def link_report(
    *found: tuple[Sequence[Mention], Judged],
    notes: Sequence[str] = (),
    requests: int = 0,
    remembered: int = 0,
    has_network: bool = True,
) -> LinkReport:
    """A report of some addresses, each with its places and what became of it."""
    mentions = [mention for some, _ in found for mention in some]
    judged = {some[0].url: verdict for some, verdict in found}
    return LinkReport(links_of(mentions, judged), tuple(notes), requests, remembered, has_network)


def moved_report(mentions: Sequence[Mention], to: Mapping[str, str]) -> LinkReport:
    """A report in which some addresses have moved, and the others work."""
    judged = {
        m.url: Judged(LinkStatus.MOVED, "301", to[m.url]) if m.url in to else Judged(LinkStatus.OK)
        for m in mentions
    }
    return LinkReport(links_of(mentions, judged))

"""Links as a line that sums up, as JSON, and as annotations on a pull request.

What became of links comes with the report of their faults once the curriculum's own settings have
been heard: that says what fails. Addresses, paths and details are a stranger's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypedDict

from roadmap_site.check.rules.links import RULE_OF, rule_of
from roadmap_site.model.diagnostic import Diagnostic, Report, Severity
from roadmap_site.model.links import CheckedLink, LinkReport, LinkStatus, Mention
from roadmap_site.model.source import Span
from roadmap_site.report.github import report_github
from roadmap_site.report.structured import (
    DiagnosticData,
    Place,
    diagnostic_data,
    dumps,
    place_data,
    sound,
)
from roadmap_site.report.text import counted, inert, printable

VERSION = 1
NO_NETWORK = (
    "there is no network: hardly any host could be reached, and nothing is said about other sites"
)

_GRAVITY = list(LinkStatus)
_CODES = [RULE_OF[status].code for status in _GRAVITY if status in RULE_OF]


@dataclass(frozen=True, slots=True)
class SettledPlace:
    """A place of a link, with its fault, and the reason where that was accepted there.

    There is no fault where the link is ok, or where the settings leave it out.
    """

    link: CheckedLink
    mention: Mention
    fault: Diagnostic | None
    accepted: str | None

    @property
    def severity(self) -> Severity | None:
        """How grave it is; None where nobody is told."""
        return self.fault.rule.severity if self.fault and self.accepted is None else None

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be broken, and nobody has accepted that."""
        if self.link.judged.was_broken:
            return self.severity is not None
        return self.link.status is LinkStatus.UNCHECKED and self.accepted is None


def settled_places(links: LinkReport, report: Report) -> list[SettledPlace]:
    """Every place of every link, the gravest links first, with what a settled report says."""
    told = {
        _key(diagnostic): (diagnostic, reason)
        for diagnostic, reason in (*((d, None) for d in report), *report.accepted)
    }
    places = []
    for link in sorted(links.links, key=lambda link: _GRAVITY.index(link.status)):
        rule = rule_of(link)
        for mention in link.mentions:
            key = (mention.span, rule.code if rule else "")
            fault, accepted = told.get(key, (None, None))
            places.append(SettledPlace(link, mention, fault, accepted))
    return places


def other_faults(places: Sequence[SettledPlace], report: Report) -> list[Diagnostic]:
    """The faults of a report that none of the places has, such as files that cannot be read."""
    own = {_key(place.fault) for place in places if place.fault}
    return [diagnostic for diagnostic in report if _key(diagnostic) not in own]


def gravity(fault: Diagnostic) -> int:
    """The smaller, the graver, among faults of one severity.

    What is none of a link's is graver than what is: a file that cannot be read may have many.
    """
    code = fault.rule.code
    return _CODES.index(code) if code in _CODES else -1


def links_summary(links: LinkReport) -> str:
    """A line that sums up, and a line for each note; one alone where there was no network."""
    lines = [counts_of(links), *links.notes] if links.has_network else [NO_NETWORK]
    return "\n".join(inert(printable(line)) for line in lines)


def counts_of(links: LinkReport) -> str:
    """`812 links in 1204 places: 3 broken, 809 ok (401 asked for, 389 remembered)`."""
    if not links.links:
        return "no links"
    places = sum(len(link.mentions) for link in links.links)
    counts = ", ".join(f"{count} {status}" for status, count in links.counts().items())
    known = ((links.requests, "asked for"), (links.remembered, "remembered"))
    how = ", ".join(f"{count} {what}" for count, what in known if count)
    where = f"{counted(len(links.links), 'link')} in {counted(places, 'place')}"
    return f"{where}: {counts}{f' ({how})' if how else ''}"


def links_github(
    links: LinkReport,
    report: Report,
    *,
    prefix: str = "",
    rest: str = "the summary of this step lists all",
) -> str:
    """Annotations of a settled report, the gravest of each level first, and lines that sum up.

    `rest` says where those are that GitHub does not show.
    """
    summary = links_summary(links)
    if not links.has_network and not report.diagnostics:
        return summary  # which is all there is to say
    return f"{report_github(report, prefix=prefix, rest=rest, gravity=gravity)}\n{summary}"


class LinkPlace(Place):
    """A place of a link.

    `severity` is null where nobody is told: the link is ok, the settings leave it out, or it was
    accepted. `accepted` is the reason given then, which may be empty, and null otherwise.
    """

    is_changed: bool
    severity: str | None
    accepted: str | None


class LinkData(TypedDict):
    """An address and what became of it; texts are empty, and `code` is null, where unknown."""

    url: str
    status: str
    detail: str
    code: int | None
    final: str
    replacement: str
    places: list[LinkPlace]


class PlaceCounts(TypedDict):
    """How many places there are, and how many of each severity; any error fails."""

    all: int
    errors: int
    warnings: int
    infos: int
    accepted: int


class LinksData(TypedDict):
    """The whole: the links, the gravest first, and how many there are of each status.

    `has_network` and `has_site` are false where the run says nothing about other sites, or about
    links within this one. `requests` and `remembered` count the addresses asked for and those known
    from another run.
    `diagnostics` are faults that are none of a link's, as in the report of a check.
    """

    version: int
    has_network: bool
    has_site: bool
    links: list[LinkData]
    summary: dict[str, int]
    places: PlaceCounts
    requests: int
    remembered: int
    notes: list[str]
    diagnostics: list[DiagnosticData]


def links_json(links: LinkReport, report: Report, *, prefix: str = "") -> str:
    """Every link as JSON in ASCII, with what a settled report says of each of its places."""
    places = settled_places(links, report)
    # An address within the site may be another link on another page: they are told by identity.
    by_link = groupby(places, key=lambda place: id(place.link))
    found = [place.severity for place in places]
    counts = links.counts()
    return dumps(
        LinksData(
            version=VERSION,
            has_network=links.has_network,
            has_site=links.has_site,
            links=[_link_data([*some], prefix) for _, some in by_link],
            summary={status.value: counts.get(status, 0) for status in LinkStatus},
            places=PlaceCounts(
                all=len(places),
                errors=found.count(Severity.ERROR),
                warnings=found.count(Severity.WARNING),
                infos=found.count(Severity.INFO),
                accepted=sum(place.accepted is not None for place in places),
            ),
            requests=links.requests,
            remembered=links.remembered,
            notes=[sound(note) for note in links.notes],
            diagnostics=[
                diagnostic_data(diagnostic, report, prefix)
                for diagnostic in other_faults(places, report)
            ],
        )
    )


def _key(diagnostic: Diagnostic) -> tuple[Span, str]:
    return diagnostic.span, diagnostic.rule.code


def _link_data(places: Sequence[SettledPlace], prefix: str) -> LinkData:
    link, judged = places[0].link, places[0].link.judged
    return LinkData(
        url=sound(link.url),
        status=judged.status.value,
        detail=sound(judged.detail),
        code=judged.code,
        final=sound(judged.final),
        replacement=sound(judged.replacement),
        places=[_place_data(place, prefix) for place in places],
    )


def _place_data(place: SettledPlace, prefix: str) -> LinkPlace:
    return LinkPlace(
        **place_data(place.mention.span, prefix),
        is_changed=place.mention.is_changed,
        severity=place.severity.value if place.severity else None,
        accepted=None if place.accepted is None else sound(place.accepted),
    )

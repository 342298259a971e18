"""What became of links as faults at their places: which rule, how grave, in which words."""

from __future__ import annotations

import pytest

from link_reports import NEW, OLD, link_report, mentions_of
from roadmap_site import Diagnostic, Severity
from roadmap_site.check.rules.links import RULE_OF
from roadmap_site.links.diagnose import diagnose
from roadmap_site.model.links import Judged, LinkStatus

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SEVERITIES = {
    # at a place that is new, at one that is not, and where strict at both
    LinkStatus.BROKEN: (ERROR, INFO, ERROR, INFO),
    LinkStatus.INVALID: (ERROR, INFO, ERROR, INFO),
    LinkStatus.FRAGMENT: (WARNING, WARNING, ERROR, WARNING),
    LinkStatus.SUSPECT: (WARNING, WARNING, ERROR, WARNING),
    LinkStatus.TLS: (WARNING, WARNING, ERROR, WARNING),
    LinkStatus.FLAKY: (WARNING, WARNING, ERROR, WARNING),
    LinkStatus.TIMEOUT: (WARNING, WARNING, ERROR, WARNING),
    LinkStatus.BLOCKED: (INFO, INFO, ERROR, INFO),
    LinkStatus.MOVED: (INFO, INFO, ERROR, INFO),
    LinkStatus.UNCHECKED: (INFO, INFO, ERROR, INFO),
}


def found(
    status: LinkStatus, detail: str = "", url: str = OLD, replacement: str = ""
) -> Diagnostic:
    report = link_report((mentions_of(url, "a.yml"), Judged(status, detail, replacement)))
    (diagnostic,) = diagnose(report)
    return diagnostic


def test_every_status_is_here() -> None:
    assert set(SEVERITIES) == set(LinkStatus) - {LinkStatus.OK}


@pytest.mark.parametrize("status", SEVERITIES)
def test_severity(status: LinkStatus) -> None:
    places = [
        *mentions_of(OLD, "new.yml"),
        *mentions_of(OLD, "old.yml", is_changed=False),
    ]
    report = link_report((places, Judged(status)))
    graded = [*diagnose(report), *diagnose(report, strict=[status])]
    assert tuple(diagnostic.rule.severity for diagnostic in graded) == SEVERITIES[status]
    assert {diagnostic.rule.code for diagnostic in graded} == {RULE_OF[status].code}
    says_so = [found.hint.endswith("; its line is not new, and fails nothing") for found in graded]
    assert says_so == [False, status in (LinkStatus.BROKEN, LinkStatus.INVALID)] * 2
    unchanged = link_report((places[1:], Judged(status)))
    assert [d.rule.severity for d in diagnose(unchanged)] == [SEVERITIES[status][1]]
    others = set(LinkStatus) - {status}
    assert diagnose(report, strict=others) == diagnose(report)


def test_each_place_of_each_link_that_is_not_ok() -> None:
    places = mentions_of(OLD, *(f"{n}.yml" for n in range(2050)))
    report = link_report(
        (places, Judged(LinkStatus.BROKEN, "404 Not Found, twice")),
        (mentions_of(NEW, "a.yml", "b.yml"), Judged(LinkStatus.OK)),
        (mentions_of("https://slow.test/", "a.yml"), Judged(LinkStatus.TIMEOUT)),
    )
    diagnostics = diagnose(report)
    assert [d.span for d in diagnostics[:-1]] == [mention.span for mention in places]
    assert diagnostics[-1].rule.code == "RS808"
    assert {d.span.text for d in diagnostics[:-1]} == {OLD}


def test_words() -> None:
    diagnostic = found(LinkStatus.BROKEN, "404 Not Found, twice")
    assert diagnostic.message == f"`{OLD}` leads nowhere: 404 Not Found, twice"
    assert diagnostic.hint == "write the address that it has now, or take another resource"
    assert found(LinkStatus.UNCHECKED).message == f"`{OLD}` was not asked for"
    moved = found(LinkStatus.MOVED, "301, 308", replacement=NEW)
    assert moved.message == f"`{OLD}` has moved for good: 301, 308"
    assert moved.hint == f"write `{NEW}`"


@pytest.mark.parametrize("status", [LinkStatus.BROKEN, LinkStatus.FRAGMENT])
@pytest.mark.parametrize("url", ["../topics/#loops", "#top", "guide/start.md"])
def test_within_the_site_the_hint_is_another(status: LinkStatus, url: str) -> None:
    assert found(status, url=url).hint == "write a page or an anchor that the site has"
    assert "site" not in found(status, url="HTTPS://example.org/").hint
    assert "site" not in found(status, url="//example.org/").hint
    assert "site" not in found(LinkStatus.UNCHECKED, url=url).hint


def test_what_the_change_may_have_broken_within_the_site_is_a_warning_on_other_lines() -> None:
    for url, severity, fails in (
        ("guide.md", WARNING, "where the whole site is checked, not here"),
        (OLD, INFO, "nothing"),
    ):
        places = mentions_of(url, "a.md", is_changed=False)
        (diagnostic,) = diagnose(link_report((places, Judged(LinkStatus.BROKEN))))
        assert diagnostic.rule.severity is severity
        assert diagnostic.hint.endswith(f"; its line is not new, and fails {fails}")


@pytest.mark.parametrize("status", [LinkStatus.UNCHECKED, LinkStatus.BLOCKED, LinkStatus.FLAKY])
def test_what_was_broken_and_may_still_be_is_told_as_broken(status: LinkStatus) -> None:
    """As a warning, so that it is not lost among the infos; and so it is accepted as broken."""
    report = link_report((mentions_of(OLD, "a.yml"), Judged(status, was_broken=True)))
    (diagnostic,) = diagnose(report)
    assert (diagnostic.rule.code, diagnostic.rule.severity) == ("RS801", WARNING)
    assert ("accept RS801" in diagnostic.hint) == (status is LinkStatus.BLOCKED)
    (diagnostic,) = diagnose(report, strict=[status])
    assert (diagnostic.rule.code, diagnostic.rule.severity) == ("RS801", ERROR)


def test_long_texts_are_cut_but_an_address_to_write_is_whole() -> None:
    long = f"https://new.test/{'x' * 300}"
    diagnostic = found(
        LinkStatus.MOVED, "a\n" * 100_000, url=f"{OLD}{'y' * 100_000}", replacement=long
    )
    assert len(diagnostic.message) < 300
    assert "\n" not in diagnostic.message
    assert diagnostic.hint == f"write `{long}`"
    assert len(found(LinkStatus.MOVED, replacement=long * 100).hint) < 500


def test_the_same_rules_are_the_same_objects() -> None:
    """Rules that are not graded anew stay what the registry has, by which reports count them."""
    assert found(LinkStatus.BROKEN).rule is RULE_OF[LinkStatus.BROKEN]
    assert found(LinkStatus.FLAKY).rule is RULE_OF[LinkStatus.FLAKY]

"""Everything that a server may do, and what the checker makes of it: `cases.ROWS`, row by row."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from links.cases import ROWS
from links.open_network import open_network
from links.row import Row
from misbehaving import SECRET, Record, Servers, misbehaving
from misbehaviours import HTML, page, response
from roadmap_site.links.asking.client import Client
from roadmap_site.links.run import check_links
from roadmap_site.links.settings import Settings
from roadmap_site.model.links import CheckedLink, LinkReport, LinkStatus, Mention
from roadmap_site.model.source import SourceFile, Span

pytestmark = pytest.mark.slow  # what never answers takes its time, in two passes of three runs

SETTINGS = Settings(timeout=100, deadline=150, gap=0, rate=0, per_host=16, patience=5)
"""A row that waits without saying so takes all of the time, and is left unchecked."""
WAITING = replace(SETTINGS, timeout=2)
RUNS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """What came of some addresses, in a report or several, and what the servers saw of it."""

    reports: Sequence[LinkReport]
    record: Record

    @property
    def links(self) -> Sequence[CheckedLink]:
        return [link for report in self.reports for link in report.links]

    def of(self, url: str) -> CheckedLink:
        (link,) = (link for link in self.links if link.url == url)
        return link


def mention(url: str, line: int = 1, file: str = "links.yml") -> Mention:
    return Mention(url, Span(SourceFile(file, ""), line, 1, line, 1 + len(url)))


def ask(servers: Servers, urls: Sequence[str], waiting: Sequence[str] = ()) -> Run:
    """`waiting` are asked when all else is done: nobody then keeps their servers from answering."""
    servers.forget()
    reports = [
        check_links(
            [mention(url, line) for line, url in enumerate(some, 1)],
            settings,
            open_network(servers.ports),
        )
        for some, settings in ((urls, SETTINGS), (waiting, WAITING))
    ]
    return Run(reports, servers.record())


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with misbehaving("links.cases") as running:
        yield running


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a password for every host of the rows."""
    path = tmp_path_factory.mktemp("home") / "netrc"
    path.write_text("machine 127.0.0.1 login me password mine\ndefault login me password mine\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def runs(servers: Servers, credentials: Path) -> Sequence[Run]:
    """The table, several times, in an environment that tempts to send a password and by a proxy."""
    urls, waiting = (
        [servers.filled(row.url) for row in ROWS if row.waits is waits] for waits in (False, True)
    )
    proxy = servers.filled("http://{secret}/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETRC", str(credentials))
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.setenv(name, proxy)
            patch.setenv(name.upper(), proxy)
        return [ask(servers, urls, waiting) for _ in range(RUNS)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_truth(row: Row, servers: Servers, runs: Sequence[Run]) -> None:
    for run in runs:
        link = run.of(servers.filled(row.url))
        assert link.status in row.statuses, f"{link.judged}: {row.why}"
        if row.replacement and link.status is LinkStatus.MOVED:
            assert link.judged.replacement == servers.filled(row.replacement)
        assert bool(link.judged.replacement) <= (link.status is LinkStatus.MOVED)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.requests is not None], ids=lambda row: row.name
)
def test_how_often_it_is_asked(row: Row, runs: Sequence[Run]) -> None:
    for run in runs:
        assert run.record.asked(row.host, f"/{row.name}") == row.requests, row.why


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.sends_at_most is not None], ids=lambda row: row.name
)
def test_how_much_is_taken(row: Row, runs: Sequence[Run]) -> None:
    for run in runs:
        assert run.record.sent[f"{row.host}/{row.name}"] <= (row.sends_at_most or 0), row.why


def test_runs_are_alike(runs: Sequence[Run]) -> None:
    def statuses(run: Run) -> Mapping[str, LinkStatus]:
        return {link.url: link.status for link in run.links}

    first, *others = runs
    for other in others:
        differing = {
            url: (status, statuses(other)[url])
            for url, status in statuses(first).items()
            if statuses(other)[url] is not status
        }
        assert not differing


def test_no_row_may_be_left_unchecked() -> None:
    """So that one which waits without saying so fails."""
    assert not any(LinkStatus.UNCHECKED in row.statuses for row in ROWS)


def test_the_network_is_there(runs: Sequence[Run]) -> None:
    assert all(report.has_network for run in runs for report in run.reports)


def test_nobody_connects_to_the_secret(runs: Sequence[Run]) -> None:
    assert [run.record.connections.get(SECRET, 0) for run in runs] == [0] * RUNS


def test_requests_give_nothing_away(runs: Sequence[Run]) -> None:
    for run in runs:
        for request in run.record.requests:
            names = {name for name, _ in request.headers}
            assert request.method == "GET", request
            assert "#" not in request.target, request
            assert request.target.startswith("/"), request
            assert not names & {"authorization", "proxy-authorization", "referer", "range"}, request
            assert len(names) == len(request.headers), f"a header twice: {request}"
            assert {"host", "user-agent", "accept", "accept-encoding"} <= names, request


PAGES, PLACES = 51, 2_050


def _many(servers: Servers) -> list[Mention]:
    """Many places of a few addresses, one of which leads nowhere, in several files."""
    urls = [servers.filled(f"http://{{plain}}/200?page={n}") for n in range(PAGES - 1)]
    urls.append(servers.filled("http://{plain}/404?page=last"))
    return [mention(urls[n % PAGES], n + 1, f"week-{n % 7}.yml") for n in range(PLACES)]


def test_an_address_is_asked_once_and_reported_at_every_place(servers: Servers) -> None:
    servers.forget()
    mentions = _many(servers)
    report = check_links(mentions, SETTINGS, open_network(servers.ports))
    record = servers.record()
    assert report.requests == PAGES
    assert record.asked("plain", "/200") == PAGES - 1
    assert record.asked("plain", "/404") == 2  # broken is what is not found twice
    (broken,) = report.of(LinkStatus.BROKEN)
    wanted = [place for place in mentions if place.url == broken.url]
    assert list(broken.mentions) == wanted
    assert len(wanted) == PLACES // PAGES
    assert sum(len(link.mentions) for link in report.links) == PLACES


def test_places_that_differ_by_their_fragment_are_one_request(servers: Servers) -> None:
    base = servers.filled("http://{plain}/everything")
    run = ask(servers, [base, f"{base}#present", f"{base}#missing", f"{base}#", f"{base}#top"])
    found = [link.status for link in run.links]
    assert found == [
        LinkStatus.OK,
        LinkStatus.OK,
        LinkStatus.FRAGMENT,
        LinkStatus.OK,
        LinkStatus.OK,
    ]
    assert run.record.asked("plain", "/everything") == 1


def test_a_stray_answer_is_nobodys(servers: Servers) -> None:
    """It came over a kept connection before the next request: that is asked over another."""
    servers.forget()
    urls = [servers.filled(f"http://{{unasked-404}}/{n}") for n in range(6)]

    async def one_after_the_other() -> None:
        both = len(response(200, page().encode(), HTML)) + len(response(404))
        async with Client(SETTINGS, open_network(servers.ports)) as client:
            for url in urls:
                assert (await client.ask(url)).code == 200
                while servers.record().sent[f"unasked-404{urlsplit(url).path}"] < both:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.01)

    asyncio.run(one_after_the_other())


def test_nothing_is_nothing(servers: Servers) -> None:
    run = ask(servers, [])
    assert run.links == []
    assert not run.record.requests

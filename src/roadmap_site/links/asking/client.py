"""One attempt at an address: its answers, one redirect after the other, and the page at the end."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
)
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection
from yarl import URL

from roadmap_site.links.asking import address
from roadmap_site.links.asking.body import read_body
from roadmap_site.links.asking.chain import Chain
from roadmap_site.links.asking.connecting import (
    VETTED,
    Bounded,
    SystemResolver,
    Vetted,
    Watched,
    connector,
)
from roadmap_site.links.asking.failures import failure_of
from roadmap_site.links.asking.page import page_facts
from roadmap_site.links.network import Network
from roadmap_site.links.seen import GONE, Failure, PageFacts, Seen
from roadmap_site.links.settings import MAX_HOPS, Settings

_PAGES = ("text/html", "application/xhtml+xml")
_KEPT = ("cf-mitigated", "x-amzn-waf-action", "x-vercel-mitigated")
"""Headers by which walls tell that they are one, and how much of each is kept."""
_HEADER_KEPT = 200
_LONGEST_HEADER = 16_384  # some content security policies are longer than aiohttp's 8,190
_MOST_HEADERS = 512
_LONGEST_WAIT = 7 * 86_400.0
_CLOSING = 1.0
"""Seconds for connections to close in."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)

# aiohttp's warnings quote what servers sent, and Python prints warnings that nobody handles.
logging.getLogger("aiohttp").setLevel(logging.CRITICAL)


class Client:
    """Asks for addresses within a network, and never for anything beyond it.

    `async with Client(settings, network) as client`: connections are kept until the end.
    """

    def __init__(self, settings: Settings, network: Network) -> None:
        self._timeout = settings.timeout
        self._network = network
        self._headers = {
            "User-Agent": settings.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "en,*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }

    async def __aenter__(self) -> Self:
        make = self._network.resolver or SystemResolver
        self._resolver = Watched(make())
        self._session = self._opened(keeps=True)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await _close(self._session, self._resolver)

    async def keep_none(self) -> None:
        """From now on each request has a connection of its own, where no other's answer can come.

        Nothing may be under way.
        """
        await _close(self._session)
        self._session = self._opened(keeps=False)

    async def can_look_up(self, host: str) -> bool:
        """Whether a name has an address."""
        try:
            async with asyncio.timeout(self._timeout):
                return bool(await self._resolver.resolve(host, 80))
        except OSError:
            return False

    async def ask(self, url: str, *, follows: bool = True) -> Seen:
        """What one attempt at an address shows; nothing that a server does raises.

        `follows`: whether redirects are followed.
        """
        if why := address.refusal(url, self._network):
            return Seen(failure=Failure.NOT_PUBLIC, detail=why)
        until = asyncio.get_running_loop().time() + self._timeout
        asked = address.request_url(url)
        chain = Chain()
        while True:
            if not chain.enters(asked):
                return Seen(tuple(chain.hops), Failure.REDIRECT_LOOP)
            answer = await self._answer(asked, chain, until)
            if isinstance(answer, Seen):
                return answer
            try:
                location = chain.take(asked, answer)
                if location is None or not follows:
                    return await self._seen(answer, chain, until)
            finally:
                _let_go(answer)
            if fault := self._fault(location, chain):
                return fault
            asked = address.request_url(location)

    def _opened(self, *, keeps: bool) -> ClientSession:
        return ClientSession(
            connector=connector(self._network, self._resolver, keeps=keeps),
            headers=self._headers,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),  # each attempt has its own
            trust_env=False,  # no proxies, no .netrc
            auto_decompress=False,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
            max_headers=_MOST_HEADERS,
            request_class=_Request,
        )

    async def _answer(self, url: str, chain: Chain, until: float) -> ClientResponse | Seen:
        """The head of an answer, or how the chain ends without one."""
        vetted = Vetted()
        VETTED.set(vetted)
        target = URL(url, encoded=True)
        if url.endswith("?") and not target.raw_query_string:  # yarl drops an empty query
            target = target.with_path(f"{target.raw_path}?", encoded=True)
        try:
            async with asyncio.timeout_at(until):
                while True:
                    try:
                        return await self._session.get(
                            target, allow_redirects=False, headers=chain.headers(target)
                        )
                    except _StrayAnswerError:
                        continue  # there are only so many kept connections
                    except ClientConnectorError:
                        raise
                    except (ClientOSError, ServerDisconnectedError):
                        # Some servers end kept connections without a word: what they say to a
                        # new one counts.
                        if vetted.allowed:
                            raise
        except (ClientError, OSError, ValueError) as error:
            failure, detail = failure_of(error)
        if vetted.is_refused:
            failure, detail = Failure.NOT_PUBLIC, address.NOT_PUBLIC
        elif failure is Failure.TIMEOUT and target.raw_host in self._resolver.pending:
            failure = Failure.LOOKUP
        return Seen(tuple(chain.hops), failure, detail=detail)

    def _fault(self, location: str, chain: Chain) -> Seen | None:
        """How the chain ends where a redirect is not followed."""
        hops = tuple(chain.hops)
        if address.is_for_program(location):
            return Seen(hops, Failure.OTHER_PROGRAM)
        if why := address.syntax_fault(location):
            return Seen(hops, Failure.BAD_REDIRECT, detail=why)
        if why := address.refusal(location, self._network):
            return Seen(hops, Failure.NOT_PUBLIC, detail=why)
        return Seen(hops, Failure.TOO_MANY_REDIRECTS) if len(hops) > MAX_HOPS else None

    async def _seen(self, answer: ClientResponse, chain: Chain, until: float) -> Seen:
        """The last answer of a chain, and its page where it is one."""
        headers = answer.headers
        kept = {name: headers[name][:_HEADER_KEPT] for name in _KEPT if name in headers}
        wait = _seconds(headers.get("Retry-After", ""), headers.get("Date", ""))
        page = await _page(answer, until) if _may_tell(answer.status) else None
        return Seen(tuple(chain.hops), headers=kept, page=page, retry_after=wait)


class _StrayAnswerError(ServerDisconnectedError):
    """Something came over a kept connection that nobody had asked for."""


class _Request(ClientRequest):
    """A request that takes no answer to an earlier one for its own."""

    async def send(self, conn: Connection) -> ClientResponse:
        """As it is; raises where a stray answer waits on the connection, which ends it.

        Some servers say 408 on kept connections before they close them.
        """
        if conn.protocol and conn.protocol.should_close:
            raise _StrayAnswerError
        if isinstance(conn.protocol, Bounded):
            conn.protocol.begin()
        return await super().send(conn)


async def _close(*opened: ClientSession | AbstractResolver) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_CLOSING):
            for one in opened:
                await one.close()


def _may_tell(status: int) -> bool:
    """Whether a page's title may change what its status says: gone, a failure, or a challenge."""
    return 200 <= status < 300 or status in GONE or 500 <= status < 600


async def _page(answer: ClientResponse, until: float) -> PageFacts | None:
    """The page that an answer carries; None where it is not HTML, and is not read."""
    kind = answer.headers.get("Content-Type", "")
    if kind.partition(";")[0].strip().lower() not in _PAGES:
        return None
    body, is_whole = await read_body(answer, until)
    charset = _CHARSET.search(kind)
    return page_facts(
        body, charset=charset[1] if charset else "", base=str(answer.url), is_whole=is_whole
    )


def _let_go(answer: ClientResponse) -> None:
    """Keep the connection where the answer has come to its end, and end it at once otherwise.

    A farewell in TLS would first have to read what is left of a body.
    """
    connection = answer.connection
    if connection and connection.transport:  # aiohttp takes it away where the answer is whole
        connection.transport.abort()
        answer.close()
    else:
        answer.release()


def _seconds(wait: str, date: str) -> float | None:
    """What `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date."""
    wait = wait.strip()
    if wait.isascii() and wait.isdigit():
        return min(float(wait[:12]), _LONGEST_WAIT)
    until = _moment(wait)
    if until is None:
        return None
    seconds = (until - (_moment(date) or datetime.now(UTC))).total_seconds()
    return min(seconds, _LONGEST_WAIT) if seconds >= 0 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

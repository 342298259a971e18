"""Names looked up and connections made, each vetted with the very address that it goes to."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from ipaddress import ip_address
from typing import Any

from aiohttp import AddrInfoType, ClientPayloadError, StreamReader, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage

from roadmap_site.links.network import Network
from roadmap_site.links.settings import MAX_ANSWER, MAX_HEAD

LOOKUPS = 64
"""Names looked up at a time, each in a thread."""
_TAKEN_IN = 1 << 18
"""Bytes that the system holds ready of a connection, more or less."""
_HEAD_END = b"\r\n\r\n"


class NotAllowedError(OSError):
    """The address that a connection would go to is not one that may be asked."""


class Vetted:
    """What became of the addresses that one request was about to connect to."""

    def __init__(self) -> None:
        self.allowed = self.refused = 0

    @property
    def is_refused(self) -> bool:
        """There were addresses, and none of them may be asked."""
        return bool(self.refused) and not self.allowed


VETTED: ContextVar[Vetted] = ContextVar("VETTED")
"""Of the request under way. The attempts at several addresses of a host run in tasks of their own,
whose errors reach the asker as one text; what they have in common is this context."""


def connector(network: Network, resolver: AbstractResolver, *, keeps: bool) -> TCPConnector:
    """Makes connections to what a network allows, and to nothing else.

    `keeps`: whether they are kept for further requests.
    """

    def vetted(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        found = VETTED.get(None) or Vetted()
        if not _is_allowed(network, address):
            found.refused += 1
            raise NotAllowedError("not allowed")
        found.allowed += 1
        made = socket.socket(family, kind, protocol)
        # Otherwise the system takes in as much as it likes of a body that nobody reads to its end.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _TAKEN_IN)
        return made

    return _Connector(
        resolver=resolver,
        socket_factory=vetted,
        ssl=network.tls or True,
        force_close=not keeps,
        limit=0,  # the schedule has limits of its own
    )


class Bounded(ResponseHandler):
    """A connection that ends where more comes than belongs to an answer that anybody reads.

    Of a body its reader counts what it gets. Nothing else does: endless answers that announce
    another, endless extensions of chunks.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.begin()

    def begin(self) -> None:
        """Make ready for an answer."""
        self._room = MAX_HEAD
        self._is_in_head = True
        self._before = b""  # what came last, where the end of a head may have begun

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Takes a head that has come whole, and makes room for what follows it."""
        if data[0].code >= 200:  # others announce an answer
            self._room = MAX_ANSWER
            self._is_in_head = False
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Takes in what came; where it is too much, the answer ends with an error."""
        text, start, sought = self._before + data, len(self._before), 0
        # A head by itself: it counts, whatever is wrong with what comes along with it.
        while self._is_in_head and self._room >= 0 and (end := text.find(_HEAD_END, sought)) >= 0:
            sought = end + len(_HEAD_END)
            super().data_received(text[start:sought])
            if self.exception():
                return
            start = sought
        begun = max(sought, len(text) - len(_HEAD_END) + 1)
        self._before = text[begun:] if self._is_in_head else b""
        if self._room >= 0 and start < len(text):
            super().data_received(text[start:])
        self._room -= len(data)
        if self._room < 0:
            self.set_exception(ClientPayloadError("too much"))
            if self.transport is not None:
                self.transport.abort()
        body = self._payload
        # Who reads the body is told: aiohttp fails the connection alone, for a chunk that is none.
        if self.exception() and body is not None and not body.is_eof():
            body.set_exception(ClientPayloadError("too much, or no HTTP"))


class _Connector(TCPConnector):
    """Makes connections that are bounded."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._factory: Callable[[], ResponseHandler] = partial(Bounded, loop=self._loop)  # type: ignore[assignment]


def _is_allowed(network: Network, address: tuple[Any, ...]) -> bool:
    try:
        found = ip_address(address[0])
    except ValueError:
        return False
    scope = address[3] if len(address) > 3 else 0
    return not scope and network.allows(found, address[1])


class SystemResolver(AbstractResolver):
    """The system's own lookup, in threads that nobody has to wait for.

    A lookup may hang for as long as the system likes: its thread then ends with the program, which
    the threads of an executor would hold up.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(LOOKUPS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises `socket.gaierror`."""
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def finish(result: list[ResolveResult] | OSError) -> None:
            self._slots.release()
            if found.done():  # nobody waits any more
                return
            if isinstance(result, OSError):
                found.set_exception(result)
            else:
                found.set_result(result)

        threading.Thread(
            target=_look_up, args=(host, port, family, loop, finish), daemon=True
        ).start()
        return await found

    async def close(self) -> None:
        """Nothing to close."""


def _look_up(
    host: str,
    port: int,
    family: socket.AddressFamily,
    loop: asyncio.AbstractEventLoop,
    finish: Callable[[list[ResolveResult] | OSError], None],
) -> None:
    result: list[ResolveResult] | OSError
    try:
        infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        result = [_resolved(host, *info) for info in infos if len(info[4]) in (2, 4)]
    except UnicodeError:
        result = socket.gaierror(socket.EAI_NONAME, "not a name")
    except OSError as error:
        result = error
    try:
        loop.call_soon_threadsafe(finish, result)
    except RuntimeError:  # the loop is closed: the run is over
        return


def _resolved(
    host: str, family: int, _kind: int, proto: int, _name: str, address: tuple[Any, ...]
) -> ResolveResult:
    zone = f"%{address[3]}" if len(address) > 3 and address[3] else ""
    return ResolveResult(
        hostname=host,
        host=f"{address[0].partition('%')[0]}{zone}",
        port=address[1],
        family=family,
        proto=proto,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


class Watched(AbstractResolver):
    """A resolver that tells which hosts are being looked up."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner
        self.pending: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As the resolver within; no address at all raises `socket.gaierror` too."""
        self.pending.add(host)
        try:
            found = await self._inner.resolve(host, port, family)
        finally:
            self.pending.discard(host)
        if not found:  # aiohttp would go on with the first of them
            raise socket.gaierror(socket.EAI_AGAIN, "no address")
        return found

    async def close(self) -> None:
        """Closes the resolver within."""
        await self._inner.close()

"""The network opened to loopback for a test, with host names and small servers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Container,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from roadmap_site.links.network import Network
from roadmap_site.model.web import IPAddress

ANY_PORT = range(1, 65536)
UNSURE = socket.gaierror(socket.EAI_AGAIN, "try again")
NO_SUCH_NAME = socket.gaierror(socket.EAI_NONAME, "no such name")

Answer = Collection[str] | OSError | None
"""What a name leads to: addresses, the error of looking it up, or, for None, nothing ever."""
Answers = Mapping[str, Sequence[Answer]]
"""What comes of names, each time they are looked up; the last answer holds from then on."""


class LoopbackResolver(AbstractResolver):
    """`localhost` and every name below `.test` are 127.0.0.1, and others do not exist.

    `answers` says otherwise for some. `asked` are the names that were looked up.
    """

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = answers or {}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family  # every name has what the table says
        name = host.removesuffix(".").lower()
        is_ours = name == "localhost" or (name.endswith(".test") and name.isascii())
        answers = self._answers.get(name, [["127.0.0.1"] if is_ours else NO_SUCH_NAME])
        answer = answers[min(self.asked.count(host), len(answers) - 1)]
        self.asked.append(host)
        if answer is None:
            await asyncio.Event().wait()
            return []
        if isinstance(answer, OSError):
            raise type(answer)(*answer.args)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in answer
        ]

    async def close(self) -> None:
        """Nothing is open."""


def loopback(
    ports: Container[int] = ANY_PORT,
    *,
    answers: Answers | None = None,
    tls: ssl.SSLContext | None = None,
    resolver: Callable[[], AbstractResolver] | None = None,
) -> Network:
    """A network of 127.0.0.1 and ::1 at some ports, and of nothing else."""
    mine = (ip_address("127.0.0.1"), ip_address("::1"))

    def allows(address: IPAddress, port: int) -> bool:
        return address in mine and port in ports

    return Network(allows, ports, resolver or (lambda: LoopbackResolver(answers)), tls)


# --------------------------------------------------------------------------------- small servers

Handler = Callable[[str, bytes, asyncio.StreamWriter], Awaitable[None]]
"""Is given the target of a request, its whole head, and where to write."""


class Small:
    """A server on loopback that notes the targets it was asked for."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.port = 0
        self.heads: list[bytes] = []
        self.connections = 0

    @property
    def targets(self) -> list[str]:
        return [head.split(b" ", 2)[1].decode() for head in self.heads]

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                await self._handler(head.split(b" ", 2)[1].decode(), head, writer)
                await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    handler: Handler, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Small]:
    """A small server until the end of the block, and whatever it still does ended with it."""
    small = Small(handler)
    tasks: set[asyncio.Task[None]] = set()

    def start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(small.serve(reader, writer)))

    server = await asyncio.start_server(start, host, port, ssl=tls)
    small.port = server.sockets[0].getsockname()[1]
    try:
        yield small
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


def answer(status: int = 200, body: bytes = b"", /, **headers: str | bytes) -> bytes:
    """The bytes of an answer; `content_type="text/html"` is a header of it."""
    head = [f"HTTP/1.1 {status} Whatever".encode()]
    if "content_length" not in headers and "transfer_encoding" not in headers and status != 204:
        headers["content_length"] = str(len(body))
    for name, value in headers.items():
        text = value.encode() if isinstance(value, str) else value
        head.append(name.replace("_", "-").encode() + b": " + text)
    return b"\r\n".join(head) + b"\r\n\r\n" + body

"""The network opened to loopback for a test, with host names, certificates and small servers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from roadmap_site.links.network import IPAddress, Network

ANY_PORT = range(1, 65536)
UNSURE = socket.gaierror(socket.EAI_AGAIN, "try again")
NO_SUCH_NAME = socket.gaierror(socket.EAI_NONAME, "no such name")

Answers = Mapping[str, Iterable[str] | OSError]


class LoopbackResolver(AbstractResolver):
    """`localhost` and every name in `.test` are 127.0.0.1; others do not exist.

    `answers` says otherwise for some names: their addresses, or the error of looking them up.
    """

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = answers or {}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family
        self.asked.append(host)
        name = host.rstrip(".")
        found = self._answers.get(name)
        if found is None and (name == "localhost" or name.endswith(".test")):
            found = ["127.0.0.1"]
        if found is None:
            found = NO_SUCH_NAME
        if isinstance(found, OSError):
            raise type(found)(*found.args)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        return


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


def certificate(folder: Path, *names: str, days: int = 2) -> Path:
    """A new self-signed certificate for some host names, with its key in the same file."""
    path = folder / f"{names[0]}.pem"
    command = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-subj", f"/CN={names[0]}", "-days", str(days)),
        *("-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)),
        *("-keyout", f"{path}.key", "-out", str(path)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.key").read_bytes())
    return path


def server_tls(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context

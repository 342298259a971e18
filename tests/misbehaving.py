"""A web of servers that misbehave, in a child process: many ports, each a host of its own.

A module that is named on the command line says what they do: `ROUTES` has a behaviour for each path
of each host, `GREETINGS` what a host does with a connection before it reads anything, `TLS` which
hosts speak TLS with what certificate. The child prints its ports as JSON, then answers commands,
a line each, on its standard input; it ends when that is closed, and so never outlives its parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent
CERTIFICATES = TESTS / "links/certificates"
LOOPBACK = "127.0.0.1"
SECRET, CLOSED, FULL = "secret", "closed", "full"
"""Hosts that are always there: one that nobody may connect to, one that refuses, one whose queue of
connections is full, so that it neither accepts nor refuses."""
PATIENCE = 60
_HEAD_LIMIT = 1 << 16
_PART = 1 << 18
_CONNECTIONS, _EMPTY = Path("/proc/net/tcp"), "00000000:00000000"
"""Where Linux tells of each end of a connection, and what it says of queues that hold nothing."""


class HangUpError(Exception):
    """A behaviour ends the connection, in order."""


class ResetError(Exception):
    """A behaviour ends the connection with a TCP reset."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: names of headers are in lower case, `target` is to the letter."""

    host: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name)


@dataclass(slots=True)
class Exchange:
    """One request and the way to answer it. `turn` counts those before it, of this path."""

    request: Request
    turn: int
    ports: Mapping[str, int]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sent: Counter[str]

    async def send(self, data: bytes) -> None:
        """Write, and wait until the other side has taken nearly all of it."""
        for start in range(0, len(data), _PART):
            part = data[start : start + _PART]
            self.writer.write(part)
            await self.writer.drain()
            self.sent[self.request.host + self.request.path] += len(part)

    def is_unread(self) -> bool:
        """Whether the other side has yet to read something, as far as the system tells."""
        if not _CONNECTIONS.exists():
            return False
        ports = {f"{self.writer.get_extra_info(name)[1]:04X}" for name in ("sockname", "peername")}
        for line in _CONNECTIONS.read_text("ascii").splitlines()[1:]:
            _, local, remote, _, queues, *_ = line.split()
            if {local[-4:], remote[-4:]} == ports and queues != _EMPTY:
                return True
        return False

    def filled(self, template: str) -> str:
        return filled(template, self.ports)


Behaviour = Callable[[Exchange], Awaitable[None]]


def filled(template: str, ports: Mapping[str, int]) -> str:
    """`{name}` as the host's address and port, `{:name}` as a colon and its port."""

    def put(match: re.Match[str]) -> str:
        return f"{'' if match[1] else LOOPBACK}:{ports[match[2]]}"

    return re.sub(r"\{(:?)([a-z0-9-]+)\}", put, template)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side gets RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass(slots=True)
class Web:
    """The child's state. `connections` counts those of each host, answered or not."""

    routes: Mapping[str, Mapping[str, Behaviour]]
    greetings: Mapping[str, Behaviour]
    ports: dict[str, int] = field(default_factory=dict)
    log: list[Request] = field(default_factory=list)
    turns: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    connections: Counter[str] = field(default_factory=Counter)

    def forget(self) -> None:
        self.log.clear()
        for counter in (self.turns, self.sent, self.connections):
            counter.clear()

    def connected(self, host: str) -> Callable[..., Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections[host] += 1
            writer.transport.set_write_buffer_limits(high=0)
            try:
                if host in self.greetings:
                    await self.behave(host, self.greetings[host], _NOTHING, reader, writer)
                while request := await _read_request(host, reader):
                    self.log.append(request)
                    behaviour = self.routes.get(host, {}).get(request.path, _lost)
                    await self.behave(host, behaviour, request, reader, writer)
            except (HangUpError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass
            except ResetError:
                reset(writer)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

        return serve

    async def behave(
        self,
        host: str,
        behaviour: Behaviour,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        key = host + request.path
        turn = self.turns[key]
        self.turns[key] += 1
        await behaviour(Exchange(request, turn, self.ports, reader, writer, self.sent))


_NOTHING = Request("", "", "", ())


async def _read_request(host: str, reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    headers = tuple(
        (name.strip().lower(), value.strip())
        for name, _, value in (line.partition(":") for line in lines)
    )
    return Request(host, method, rest.rpartition(" ")[0], headers)


async def _lost(exchange: Exchange) -> None:
    text = b"This web has no such page: a row that asks for it has lost its way."
    head = f"HTTP/1.1 404 Not Found\r\nContent-Length: {len(text)}\r\n\r\n"
    await exchange.send(head.encode() + text)


def server_tls(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem", CERTIFICATES / "key.pem")
    return context


def client_tls() -> ssl.SSLContext:
    """Trusts the authority that signed the tests' certificates, and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


def _listening() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 18)
    sock.bind((LOOPBACK, 0))
    return sock


def _fill(sock: socket.socket) -> list[socket.socket]:
    """Connections that nobody will accept, until there is no room for one more."""
    sock.listen(0)
    waiting = []
    for _ in range(4):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(sock.getsockname())
        waiting.append(one)
    return waiting


def _tell(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def _main(module: Any) -> None:
    web = Web(module.ROUTES, module.GREETINGS)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)  # resets and handshakes that fail are wanted
    kept: list[object] = []
    for host in sorted({*web.routes, *web.greetings, *module.TLS, SECRET}):
        sock = _listening()
        web.ports[host] = sock.getsockname()[1]
        tls = server_tls(module.TLS[host]) if host in module.TLS else None
        serve = web.connected(host)
        server = await asyncio.start_server(serve, sock=sock, ssl=tls, limit=_HEAD_LIMIT)
        kept.append(server)
    for host in (CLOSED, FULL):
        sock = _listening()
        web.ports[host] = sock.getsockname()[1]
        kept += [sock, *(_fill(sock) if host == FULL else ())]
    _tell(web.ports)
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while command := (await commands.readline()).decode().strip():
        if command == "forget":
            web.forget()
        requests = [(r.host, r.method, r.target, r.headers) for r in web.log]
        answer = {"requests": requests, "sent": web.sent, "connections": web.connections}
        _tell(answer)


def main() -> None:
    """What the child runs: the web that a module describes."""
    module = importlib.import_module(sys.argv[1])
    asyncio.run(_main(module))
    os._exit(0)


@dataclass(frozen=True, slots=True)
class Record:
    """What the servers saw since they last forgot."""

    requests: Sequence[Request]
    sent: Mapping[str, int]
    connections: Mapping[str, int]

    def asked(self, host: str, path: str) -> int:
        return sum(r.host == host and r.path == path for r in self.requests)


class Servers:
    """The running child, seen from its parent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.ports: dict[str, int] = json.loads(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the servers ended"
        return line

    def _do(self, command: str) -> Record:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        told = json.loads(self._line())
        requests = [
            Request(host, method, target, tuple((name, value) for name, value in headers))
            for host, method, target, headers in told["requests"]
        ]
        return Record(requests, told["sent"], told["connections"])

    def record(self) -> Record:
        return self._do("record")

    def forget(self) -> None:
        """Begin anew: every path is asked for the first time again."""
        self._do("forget")

    def filled(self, template: str) -> str:
        return filled(template, self.ports)


@contextmanager
def misbehaving(module: str) -> Iterator[Servers]:
    """The servers that a module describes, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import misbehaving; misbehaving.main()", module],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Servers(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

"""How fast links are asked for, against a bare loop of aiohttp; and how long a fussy host takes.

    python -m benchmarks.links [ROUNDS]    prints its figures as JSON

The servers are a process of their own: ten ports of loopback stand for ten hosts. Times are
seconds; CPU is that of the asking process, user and system.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from statistics import median
from typing import TypeVar

from aiohttp import ClientSession, TCPConnector
from benchmarks.memory import peak_memory

from roadmap_site.links.asking.schedule import Wanted, ask_all
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Seen
from roadmap_site.links.settings import Settings
from roadmap_site.model.web import IPAddress

T = TypeVar("T")

URLS, HOSTS, DELAY = 5000, 10, 0.01
CONCURRENCY = 128
LIMITED_URLS, LIMIT = 120, 20
"""Addresses at a host that answers so many a second, and 429 to the rest."""
WAITING_URLS, GOOD_URLS, LONG_WAIT = 3, 500, 3600
BOMBS, BOMB = 128, 100_000_000
"""Addresses whose answers inflate to so many bytes."""
ROUNDS = 3
_PAGE = b"<!doctype html><title>A page</title><h1 id=top>A page</h1><p>Words.</p>"
_HEAD = "HTTP/1.1 {} -\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n{}\r\n"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Links:
    """What was measured: by round the time of the bare loop, ours, and the CPU of ours.

    `limited` and `waiting` are the seconds of the runs with a host that limits its rate and with
    addresses that ask to wait for an hour. `peak` is the memory of all of it in bytes, `wrong`
    counts answers that were not as served.
    """

    bare: tuple[float, ...]
    ours: tuple[float, ...]
    cpu: tuple[float, ...]
    limited: float
    waiting: float
    peak: int
    wrong: int

    @property
    def ratio(self) -> float:
        """Our time in units of the bare loop's, the median of the rounds."""
        return median(ours / bare for bare, ours in zip(self.bare, self.ours, strict=True))

    @property
    def cpu_each(self) -> float:
        """Milliseconds of CPU for an address, the median of the rounds."""
        return median(self.cpu) / URLS * 1000


def measure(rounds: int = ROUNDS) -> Links:
    """Ask in turn, bare and with all care, and then the hosts that are fussy."""
    return asyncio.run(_measure(rounds))


async def _measure(rounds: int) -> Links:
    async with _servers() as ports:
        urls = [f"http://127.0.0.1:{ports[n % HOSTS]}/page/{n}" for n in range(URLS)]
        bare, ours, cpu, wrong = [], [], [], 0
        for _ in range(rounds):
            bare.append((await _timed(lambda: _ask_bare(urls)))[0])
            wall, used, seen = await _timed(lambda: _ask(urls, _IMPOLITE))
            ours.append(wall)
            cpu.append(used)
            wrong += sum(one.code != 200 or not one.page for one in seen)
        waiting, _, waited = await _timed(lambda: _ask(_with_waits(ports), _IMPOLITE))
        for number, one in enumerate(waited):
            wrong += one.hops[0].code != (429 if number < WAITING_URLS else 200)
        bombs = [f"http://127.0.0.1:{ports[n % HOSTS]}/bomb/{n}" for n in range(BOMBS)]
        for one in await _ask(bombs, _IMPOLITE):
            wrong += not one.page or one.page.is_whole
        urls = [f"http://127.0.0.1:{ports[-1]}/limited/{n}" for n in range(LIMITED_URLS)]
        limited, _, seen = await _timed(lambda: _ask(urls, Settings()))
        wrong += sum(one.code != 200 for one in seen)
    return Links(tuple(bare), tuple(ours), tuple(cpu), limited, waiting, peak_memory(), wrong)


_IMPOLITE = Settings(rate=0, per_host=CONCURRENCY, concurrency=CONCURRENCY, gap=0)


def _with_waits(ports: Sequence[int]) -> list[str]:
    waits = [f"http://127.0.0.1:{ports[n]}/wait/{n}" for n in range(WAITING_URLS)]
    return waits + [f"http://127.0.0.1:{ports[n % HOSTS]}/page/{n}" for n in range(GOOD_URLS)]


async def _timed(ask: Callable[[], Awaitable[T]]) -> tuple[float, float, T]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = await ask()
    return time.perf_counter() - wall, time.process_time() - cpu, found


async def _ask(urls: Sequence[str], settings: Settings) -> list[Seen]:
    network = Network(_is_loopback, range(65536))
    wanted = [Wanted(url, url) for url in urls]
    asked = await ask_all(wanted, settings, network, wants_second=lambda seen: bool(seen.failure))
    return [asked.seen[url][-1] for url in urls]


def _is_loopback(address: IPAddress, port: int) -> bool:
    return port > 0 and address == ip_address("127.0.0.1")


async def _ask_bare(urls: Sequence[str]) -> None:
    left = iter(urls)
    async with ClientSession(connector=TCPConnector(limit=0)) as session:

        async def work() -> None:
            for url in left:
                async with session.get(url) as answer:
                    await answer.read()

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


# ------------------------------------------------------------------------------------- servers


@asynccontextmanager
async def _servers() -> AsyncIterator[list[int]]:
    command = [sys.executable, "-m", "benchmarks.links", "serve"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=_ROOT)
    assert process.stdout
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


class _Answers(asyncio.Protocol):
    """Answers each request after a while; nothing is parsed but the first line."""

    tokens, filled = float(LIMIT), 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            self._loop.call_later(DELAY, self._answer, head.split(b" ", 2)[1])

    def _answer(self, target: bytes) -> None:
        if target.startswith(b"/wait/"):
            self._say(429, f"Retry-After: {LONG_WAIT}\r\n")
        elif target.startswith(b"/limited/") and not self._takes():
            self._say(429, "Retry-After: 1\r\n")
        elif target.startswith(b"/bomb/"):
            self._say(200, "Content-Encoding: gzip\r\n", _bomb())
        else:
            self._say(200)

    def _say(self, code: int, more: str = "", body: bytes = _PAGE) -> None:
        if not self._transport.is_closing():
            self._transport.write(_HEAD.format(code, len(body), more).encode() + body)

    @classmethod
    def _takes(cls) -> bool:
        """Whether the bucket of the limited host has a token left."""
        now = time.monotonic()
        cls.tokens = min(float(LIMIT), cls.tokens + (now - cls.filled) * LIMIT)
        cls.filled = now
        if cls.tokens < 1:
            return False
        cls.tokens -= 1
        return True


@cache
def _bomb() -> bytes:
    return gzip.compress(b"<p>" + bytes(BOMB))


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Answers, "127.0.0.1", 0) for _ in range(HOSTS)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


def measure_apart(rounds: int) -> Links:
    """The same in a process of its own, which leaves nothing in the memory of this one."""
    command = [sys.executable, "-m", "benchmarks.links", str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=_ROOT)
    return Links(**json.loads(done.stdout))


def main(arguments: Sequence[str]) -> None:
    if arguments == ["serve"]:
        asyncio.run(_serve())
    else:
        found = measure(int(arguments[0]) if arguments else ROUNDS)
        print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(sys.argv[1:])

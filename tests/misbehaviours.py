"""What a server may do to a client: behaviours for `misbehaving`, to be put together."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import cache
from http import HTTPStatus
from time import time
from weakref import WeakSet

from misbehaving import Behaviour, Exchange, HangUpError, Request, ResetError

Headers = Mapping[str, str]
HTML = {"Content-Type": "text/html; charset=utf-8"}
FOREVER = 3600
TINY = 0.01


def page(title: str = "A page", body: str = "", head: str = "") -> str:
    """A whole page that no script makes, with prose enough to say so, and some anchors."""
    prose = "<p>Matrices are tables of numbers, and multiply as maps are composed.</p>\n" * 20
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'{head}</head>\n<body><h1 id="present">A page</h1>\n{prose}'
        f'<a name="named">Here</a>\n{body}\n</body></html>\n'
    )


def phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Something"


def response(code: int, body: bytes = b"", headers: Headers | None = None) -> bytes:
    """A whole answer, of a length that it says."""
    length = {} if code < 200 or code in (204, 304) else {"Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {code} {phrase(code)}"]
    lines += [f"{name}: {value}" for name, value in {**(headers or {}), **length}.items()]
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + body


def says(code: int, body: str | bytes = "", headers: Headers | None = None) -> Behaviour:
    """One answer, whatever is asked. Hosts in braces are put into its headers."""
    text = (body or page()) if code == 200 else body
    raw = text.encode() if isinstance(text, str) else text
    all_headers = {**HTML, **(headers or {})}

    async def behave(exchange: Exchange) -> None:
        head = {name: exchange.filled(value) for name, value in all_headers.items()}
        await exchange.send(response(code, raw, head))

    return behave


GOOD = says(200)


def shows(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> Behaviour:
    return says(200, body, {"Content-Type": content_type} if content_type else {})


def redirects(code: int, location: str, headers: Headers | None = None) -> Behaviour:
    return says(code, "", {"Location": location, **(headers or {})})


def turns(*behaviours: Behaviour) -> Behaviour:
    """Another each time, and the last for ever after."""

    async def behave(exchange: Exchange) -> None:
        await behaviours[min(exchange.turn, len(behaviours) - 1)](exchange)

    return behave


def gate(
    passes: Callable[[Request], bool], otherwise: Behaviour, then: Behaviour = GOOD
) -> Behaviour:
    """A page for requests of one kind only."""

    async def behave(exchange: Exchange) -> None:
        await (then if passes(exchange.request) else otherwise)(exchange)

    return behave


def sees(name: str, text: str = "") -> Callable[[Request], bool]:
    """Whether a header is there, with a text in it."""
    return lambda request: any(
        key == name and text in value.lower() for key, value in request.headers
    )


def lacks(name: str, text: str = "") -> Callable[[Request], bool]:
    return lambda request: not sees(name, text)(request)


def is_get(request: Request) -> bool:
    return request.method == "GET"


def target(*wanted: str) -> Behaviour:
    """A page for a path and query that are to the letter one of these, 404 for any other."""
    return gate(lambda request: request.target in wanted, says(404))


def after(seconds: float, then: Behaviour) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await then(exchange)

    return behave


def sends(*parts: bytes, pause: float = 0) -> Behaviour:
    """Bytes to the letter, a pause after each part, and the connection closed."""

    async def behave(exchange: Exchange) -> None:
        for part in parts:
            await exchange.send(part)
            await asyncio.sleep(pause)
        raise HangUpError

    return behave


HANGS_UP = sends()


def sends_and_resets(data: bytes = b"") -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        if data:
            await exchange.send(data)
            await asyncio.sleep(0.05)  # a reset also discards what has not been read yet
            while exchange.is_unread():
                await asyncio.sleep(TINY)
        raise ResetError

    return behave


def sends_and_waits(data: bytes = b"") -> Behaviour:
    """Bytes, and then nothing, for longer than anybody waits."""

    async def behave(exchange: Exchange) -> None:
        if data:
            await exchange.send(data)
        await asyncio.sleep(FOREVER)

    return behave


def drips(head: bytes, rest: bytes, pause: float = 1) -> Behaviour:
    """Some bytes at once, the rest one by one."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        for byte in rest:
            await asyncio.sleep(pause)
            await exchange.send(bytes([byte]))
        raise HangUpError

    return behave


def repeats(head: bytes, part: bytes, times: int = 1 << 40, pause: float = 0) -> Behaviour:
    """Some bytes, and others again and again, as long as they are taken."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        for _ in range(times):
            await exchange.send(part)
            await asyncio.sleep(pause)
        raise HangUpError

    return behave


def head_of(code: int = 200, headers: Headers | None = None) -> bytes:
    """The head of an answer whose body ends with the connection, if nothing else is said."""
    lines = [f"HTTP/1.1 {code} {phrase(code)}"]
    lines += [f"{name}: {value}" for name, value in {**HTML, **(headers or {})}.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def waits_until(seconds_from_now: float, code: int = 429) -> Behaviour:
    """Asks to be left alone until a date, in whole seconds as HTTP has them."""

    async def behave(exchange: Exchange) -> None:
        when = formatdate(time() + seconds_from_now, usegmt=True)
        await says(code, "", {"Retry-After": when})(exchange)

    return behave


async def grows(exchange: Exchange) -> None:
    """Sends on and on, each time to an address that was not there before."""
    await redirects(302, exchange.request.path + f"?n={exchange.turn}")(exchange)


def counts_cookies(steps: int) -> Behaviour:
    """Sends on to itself with a cookie that counts, and gives the page at the end."""

    async def behave(exchange: Exchange) -> None:
        cookie = exchange.request.header("cookie")
        found = [int(part[5:]) for part in cookie.split("; ") if part.startswith("step=")]
        step = max(found, default=0)
        if step >= steps:
            await GOOD(exchange)
        else:
            next_step = {"Set-Cookie": f"step={step + 1}; Path=/"}
            await redirects(302, exchange.request.path, next_step)(exchange)

    return behave


def only_first_of_connection(then: Behaviour, later: Behaviour = HANGS_UP) -> Behaviour:
    """Keeps connections alive, and does something else when they are used again."""
    used = WeakSet[asyncio.StreamWriter]()

    async def behave(exchange: Exchange) -> None:
        await (later if exchange.writer in used else then)(exchange)
        used.add(exchange.writer)

    return behave


def then_unasked(then: Behaviour, code: int) -> Behaviour:
    """An answer, and a little later another one that nobody asked for."""

    async def behave(exchange: Exchange) -> None:
        await then(exchange)
        await asyncio.sleep(TINY)
        await exchange.send(response(code))

    return behave


def gzipped(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush()


def deflated(data: bytes, *, is_raw: bool = False) -> bytes:
    packer = zlib.compressobj(wbits=-15 if is_raw else 15)
    return packer.compress(data) + packer.flush()


@cache
def bomb(megabytes: int = 256) -> bytes:
    """A few hundred kilobytes of gzip that inflate to many megabytes of spaces."""
    plain = b" " * (1 << 20)
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(page().encode()) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
    # Blocks that begin after a full flush refer to nothing before them: they can be repeated.
    # The checksum at the end is not right; whoever gets there has inflated all of it.
    return start + block * megabytes + packer.flush()

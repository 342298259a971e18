import asyncio
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable

import pytest

from loopback import (
    NO_SUCH_NAME,
    UNSURE,
    Handler,
    Small,
    answer,
    loopback,
    serving,
)
from misbehaving import client_tls, server_tls
from roadmap_site.links.asking.client import Client
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Failure, Seen
from roadmap_site.links.settings import MAX_ANSWER, MAX_BODY, MAX_HOPS, Settings

HTML = "text/html"
PAGE = b"<title>Title</title><h1 id=top>Words</h1>"
LONG, SHORT = 30.0, 0.3
"""Seconds: never waited for to the end, and waited for on purpose."""


def run(
    handler: Handler,
    ask: Callable[[Client, Small], Awaitable[Seen]],
    *,
    timeout: float = LONG,
    network: Network | None = None,
) -> tuple[Seen, Small]:
    """What one attempt sees of a small server."""

    async def go() -> tuple[Seen, Small]:
        async with (
            serving(handler) as small,
            Client(Settings(timeout=timeout), network or loopback()) as client,
        ):
            return await ask(client, small), small

    return asyncio.run(go())


def says(*parts: bytes) -> Handler:
    """Answers everything alike."""

    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))

    return handler


def by_target(**answers: bytes) -> Handler:
    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(target[1:], answer(404)))

    return handler


def ends_after(*parts: bytes) -> Handler:
    """Says some bytes, and closes the connection."""

    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))
        await writer.drain()
        writer.close()

    return handler


def then_silent(*parts: bytes) -> Handler:
    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))
        await writer.drain()
        await asyncio.Event().wait()

    return handler


async def first(client: Client, small: Small) -> Seen:
    return await client.ask(small.url("/a"))


# ------------------------------------------------------------------------------------ answers


def test_a_page() -> None:
    seen, small = run(says(answer(200, PAGE, content_type="text/html; charset=UTF-8")), first)
    assert seen.failure is None
    assert [(hop.url, hop.code) for hop in seen.hops] == [(small.url("/a"), 200)]
    assert seen.page
    assert (seen.page.title, seen.page.is_whole) == ("Title", True)


def test_how_it_is_asked() -> None:
    _, small = run(says(answer()), lambda client, small: client.ask(small.url("/a%2fb?c#d")))
    line, *headers = small.heads[0].decode().strip().splitlines()
    assert line == "GET /a%2fb?c HTTP/1.1"
    names = dict(header.split(": ") for header in headers)
    assert set(names) == {"Host", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding"}
    assert "roadmap-site" in names["User-Agent"]
    assert names["Accept"].startswith("text/html,")
    assert names["Accept-Encoding"] == "gzip, deflate"


def test_another_agent() -> None:
    async def go() -> Small:
        async with (
            serving(says(answer())) as small,
            Client(Settings(user_agent="me/1"), loopback()) as client,
        ):
            await client.ask(small.url())
            return small

    [head] = asyncio.run(go()).heads
    assert b"\r\nUser-Agent: me/1\r\n" in head


@pytest.mark.parametrize("status", [204, 206, 300, 304, 401, 404, 410, 451, 500, 503, 999])
def test_other_answers_are_seen_as_they_are(status: int) -> None:
    seen, _ = run(says(answer(status, content_type=HTML)), first)
    assert (seen.code, seen.failure) == (status, None)
    assert (seen.page is not None) == (status in (204, 206, 404, 410, 500, 503))


def test_interim_answers_are_none() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    seen, _ = run(says(early, early, answer(200, PAGE, content_type=HTML)), first)
    assert [hop.code for hop in seen.hops] == [200]
    assert seen.page


CHUNKED = answer(200, content_type=HTML, transfer_encoding="chunked")


@pytest.mark.parametrize(
    ("head", "piece", "is_answer"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000, False),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </" + b"a" * 8_000 + b">\r\n\r\n", False),
        (b"", b"\r\n" * 8_000, False),
        (CHUNKED + b"1;", b"a" * 16_000, True),
        (CHUNKED, b"1;" + b"a" * 4_000 + b"\r\nx\r\n", True),
        (CHUNKED, b"0" * 16_000, True),
    ],
)
def test_what_is_no_body_is_endless_only_to_a_limit(
    head: bytes, piece: bytes, *, is_answer: bool
) -> None:
    sent = 0

    async def endless(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)

    seen, _ = run(endless, first)
    assert seen.failure is (None if is_answer else Failure.GARBAGE)
    assert not (seen.page and seen.page.is_whole)
    assert sent < MAX_ANSWER + (16 << 20)  # what the system holds of a connection, and some


@pytest.mark.parametrize(("lines", "is_answer"), [(100, True), (450, False)])
def test_heads_are_taken_in_to_a_limit(lines: int, *, is_answer: bool) -> None:
    head, _, end = answer(200, PAGE, content_type=HTML).partition(b"\r\n\r\n")
    long = head + b"".join(b"\r\nX-%d: %s" % (n, b"a" * 1_000) for n in range(lines))
    seen, _ = run(says(long + b"\r\n\r\n" + end), first)
    assert seen.failure is (None if is_answer else Failure.GARBAGE)


def test_each_answer_of_a_connection_may_be_long() -> None:
    async def many(client: Client, small: Small) -> Seen:
        for _ in range(2 * MAX_ANSWER // len(body)):
            seen = await client.ask(small.url())
            assert seen.page
            assert seen.page.is_whole
        return seen

    body = PAGE + b" " * (MAX_BODY // 2)
    _, small = run(says(answer(200, body, content_type=HTML)), many)
    assert small.connections == 1


def test_nothing_is_logged_of_cookies_that_are_none(caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read is a stranger's text."""
    seen, _ = run(says(answer(302, location="/", set_cookie=b"\xff##[error]=b")), first)
    assert seen.hops
    assert caplog.text == ""


def test_only_html_that_may_tell_something_is_read() -> None:
    """The rest of those bodies never comes, and is not waited for."""
    for status, kind in ((200, "application/pdf"), (404, ""), (403, HTML), (302, HTML)):
        head = answer(status, content_type=kind, content_length="9000000", location="#")
        seen, _ = run(then_silent(head), lambda c, s: c.ask(s.url(), follows=False))
        assert (seen.code, seen.page) == (status, None)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE) + b"\0\0"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
    ],
)
def test_bodies_are_inflated(coding: str, body: bytes) -> None:
    seen, _ = run(says(answer(200, body, content_type=HTML, content_encoding=coding)), first)
    assert seen.page
    assert (seen.page.title, seen.page.is_whole) == ("Title", True)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)[:-9]),
        ("gzip", b"not at all"),
        ("br", b"\x0b\x02\x80"),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("gzip", gzip.compress(b"") * 1_000 + gzip.compress(PAGE)),
    ],
)
def test_what_cannot_be_inflated_is_not_whole(coding: str, body: bytes) -> None:
    seen, _ = run(says(answer(200, body, content_type=HTML, content_encoding=coding)), first)
    assert seen.code == 200
    assert seen.page
    assert not seen.page.is_whole


def test_a_body_is_read_to_its_limit() -> None:
    async def endless(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, content_type=HTML, content_length=str(10**12)) + PAGE)
        while not writer.is_closing():
            writer.write(b"<p>" * 20_000)
            await writer.drain()

    seen, _ = run(endless, first)
    assert seen.code == 200
    assert seen.page
    assert (seen.page.title, seen.page.is_whole) == ("Title", False)


def test_a_body_inflates_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def facts(body: bytes, **_: object) -> None:
        sizes.append(len(body))

    monkeypatch.setattr("roadmap_site.links.asking.client.page_facts", facts)
    bomb = gzip.compress(bytes(64 * MAX_BODY))
    run(says(answer(200, bomb, content_type=HTML, content_encoding="gzip")), first)
    assert sizes == [MAX_BODY]


@pytest.mark.parametrize("encoding", ["", "chunked"])
def test_a_body_that_breaks_off_was_still_an_answer(encoding: str) -> None:
    if encoding:
        head = answer(200, content_type=HTML, transfer_encoding=encoding)
        body = b"%x\r\n%s\r\n" % (len(PAGE), PAGE)
    else:
        head, body = answer(200, content_type=HTML, content_length="99999"), PAGE
    seen, _ = run(ends_after(head, body), first)
    assert (seen.code, seen.failure) == (200, None)
    assert seen.page
    assert (seen.page.title, seen.page.is_whole) == ("Title", False)


def test_a_body_may_take_until_the_timeout() -> None:
    head = answer(200, content_type=HTML, content_length="99999")
    seen, _ = run(then_silent(head, PAGE), first, timeout=SHORT)
    assert (seen.code, seen.failure) == (200, None)
    assert seen.page
    assert (seen.page.title, seen.page.is_whole) == ("Title", False)


def test_a_body_may_end_with_its_connection() -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
    seen, _ = run(ends_after(head, PAGE), first)
    assert seen.page
    assert seen.page.is_whole


def test_connections_are_kept_where_answers_are_whole() -> None:
    async def twice(client: Client, small: Small) -> Seen:
        await client.ask(small.url("/a"))
        await client.ask(small.url("/b"))
        return await client.ask(small.url("/c"))

    _, small = run(says(answer(404, b"not here", content_type=HTML)), twice)
    assert (len(small.heads), small.connections) == (3, 1)


@pytest.mark.parametrize("resets", [False, True])
def test_connections_that_are_no_good_a_second_time(*, resets: bool) -> None:
    used: set[asyncio.StreamWriter] = set()
    waiting = asyncio.Event()

    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        if writer in used:
            if resets:
                end = writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return
        used.add(writer)
        if target != "/last":  # all at once, so that each has a connection of its own
            if len(used) == 3:
                waiting.set()
            await waiting.wait()
        writer.write(answer(200))

    async def again(client: Client, small: Small) -> Seen:
        await asyncio.gather(*(client.ask(small.url(f"/{number}")) for number in range(3)))
        return await client.ask(small.url("/last"))

    seen, small = run(handler, again)
    assert (seen.failure, seen.code) == (None, 200)
    assert small.targets.count("/last") == small.connections == 4


# ---------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b?c#d", "/b?c"),
        ("b/../c", "/x/c"),
        ("?q", "/x/y?q"),
        ("//{authority}/b", "/b"),
        ("HTTP://{authority}", "/"),
        ("http://user:word@{authority}/b", "/b"),
        ("  /b c\t", "/b%20c"),
        ("\\b\\c", "/b/c"),
        ("/\u00e9", "/%C3%A9"),
        (b"/\xe9", "/%E9"),
        ("/%2F%zz", "/%2F%zz"),
    ],
)
def test_where_a_redirect_leads(location: str | bytes, target: str) -> None:
    small: Small

    async def handler(asked: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        to = location
        if isinstance(to, str):
            to = to.format(authority=f"127.0.0.1:{small.port}").encode()
        writer.write(answer(302, location=to) if asked == "/x/y" else answer(200))

    async def ask(client: Client, server: Small) -> Seen:
        nonlocal small
        small = server
        return await client.ask(server.url("/x/y"))

    seen, small = run(handler, ask)
    assert seen.code == 200
    assert small.targets == ["/x/y", target]
    assert seen.final == small.url(target)
    assert seen.hops[0].location.lower().startswith("http://")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_where_that_is_wanted(status: int) -> None:
    handler = by_target(a=answer(status, location="/b#part"), b=answer(200))
    seen, small = run(handler, first)
    assert [hop.code for hop in seen.hops] == [status, 200]
    assert seen.hops[0].location == small.url("/b#part")
    seen, small = run(handler, lambda client, small: client.ask(small.url("/a"), follows=False))
    assert seen.code == status
    assert seen.hops[0].location == small.url("/b#part")
    assert small.targets == ["/a"]


@pytest.mark.parametrize(
    "location",
    ["mailto:me@example.org", "javascript:alert(1)", "http://", "http://[::1", "x:y"],
)
def test_redirects_to_no_address(location: str) -> None:
    seen, small = run(says(answer(302, location=location)), first)
    assert seen.failure is Failure.BAD_REDIRECT
    assert [hop.code for hop in seen.hops] == [302]
    assert len(small.heads) == 1


@pytest.mark.parametrize("headers", [{}, {"location": ""}])
def test_a_redirect_to_nowhere_is_the_answer(headers: dict[str, str]) -> None:
    seen, _ = run(says(answer(301, **headers)), first)
    assert (seen.failure, seen.code) == (None, 301)


def chain(target: str) -> bytes:
    left = int(target[1:])
    return answer(302, location=f"/{left - 1}") if left else answer(200)


@pytest.mark.parametrize(
    ("hops", "failure"),
    [(5, None), (12, None), (MAX_HOPS, None), (MAX_HOPS + 1, Failure.TOO_MANY_REDIRECTS)],
)
def test_long_chains(hops: int, failure: Failure | None) -> None:
    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(chain(target))

    seen, _ = run(handler, lambda client, small: client.ask(small.url(f"/{hops}")))
    assert seen.failure is failure
    assert len(seen.hops) == min(hops, MAX_HOPS) + 1


def test_circles() -> None:
    handler = by_target(a=answer(301, location="/b"), b=answer(302, location="/a"))
    seen, small = run(handler, first)
    assert seen.failure is Failure.REDIRECT_LOOP
    assert small.targets == ["/a", "/b"]


@pytest.mark.parametrize("value", ['"a b"', '"abc.node1"', '{"a":1}', "a=b==", "%22", '"', ""])
def test_cookies_come_back_as_they_were_set(value: str) -> None:
    seen, small = run(by_target(a=answer(302, location="/b", set_cookie=f"k={value}")), first)
    assert seen.code
    assert f"\r\nCookie: k={value}\r\n".encode() in small.heads[-1]


def test_a_page_behind_a_cookie() -> None:
    async def handler(_target: str, head: bytes, writer: asyncio.StreamWriter) -> None:
        if b"Cookie: pass=a=b" in head:
            writer.write(answer(200))
        else:
            writer.write(answer(302, location="/a", set_cookie="pass=a=b; Path=/; HttpOnly"))

    seen, small = run(handler, first)
    assert [hop.code for hop in seen.hops] == [302, 200]
    seen, small = run(handler, lambda client, small: client.ask(small.url("/a", "gate.test")))
    assert [hop.code for hop in seen.hops] == [302, 200]
    assert small.targets == ["/a", "/a"]


def test_a_chain_does_not_gather_cookies_without_end() -> None:
    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        hop = int(target[2:] or 0)
        cookies = "".join(f"Set-Cookie: c{hop}-{n}=1; Path=/\r\n" for n in range(40))
        location = f"HTTP/1.1 302 Found\r\nLocation: /a{hop + 1}\r\nContent-Length: 0\r\n"
        writer.write(f"{location}{cookies}\r\n".encode() if hop < 9 else answer())

    seen, small = run(handler, first)
    assert seen.code == 200
    assert 40 < small.heads[-1].count(b"=1") < 120


def test_nothing_is_said_of_odd_cookies(caplog: pytest.LogCaptureFixture) -> None:
    # A workflow's log takes `##[error]` for a command, wherever it stands in a line.
    odd = answer(302, location="/b", set_cookie="##[error]it is mine=1")
    seen, _ = run(by_target(a=odd, b=answer(200)), first)
    assert seen.code == 200
    assert not caplog.records


def test_cookies_are_of_one_chain_and_one_host() -> None:
    small: Small

    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        if target == "/a":
            to = small.url("/b", "other.test")
            writer.write(answer(302, location=to, set_cookie="secret=1; Path=/"))
        else:
            writer.write(answer())

    async def ask(client: Client, server: Small) -> Seen:
        nonlocal small
        small = server
        await client.ask(server.url("/a", "one.test"))
        return await client.ask(server.url("/c", "one.test"))

    _, small = run(handler, ask)
    assert small.targets == ["/a", "/b", "/c"]
    assert not any(b"Cookie" in head for head in small.heads)


# ----------------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    "text",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_garbage(text: bytes) -> None:
    seen, _ = run(ends_after(text), first)
    assert seen.failure in (Failure.GARBAGE, Failure.RESET)
    assert seen.hops == ()


def test_a_connection_closed_without_an_answer() -> None:
    seen, _ = run(ends_after(b""), first)
    assert seen.failure is Failure.RESET


def test_a_connection_reset() -> None:
    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    seen, _ = run(handler, first)
    assert seen.failure is Failure.RESET


def test_a_closed_port() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        seen, _ = run(says(), lambda client, _: client.ask(url))
    assert seen.failure is Failure.REFUSED


@pytest.mark.parametrize("text", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: te"])
def test_silence(text: bytes) -> None:
    seen, _ = run(then_silent(text), first, timeout=SHORT)
    assert seen.failure is Failure.TIMEOUT


def test_a_head_that_drips() -> None:
    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000:
            writer.write(bytes([byte]))
            await asyncio.sleep(SHORT / 10)

    seen, _ = run(handler, first, timeout=SHORT)
    assert seen.failure is Failure.TIMEOUT


def test_the_timeout_is_that_of_the_whole_chain() -> None:
    async def handler(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(SHORT / 4)
        writer.write(answer(302, location=target + "a"))

    seen, _ = run(handler, lambda client, small: client.ask(small.url("/")), timeout=SHORT)
    assert seen.failure is Failure.TIMEOUT
    assert 1 <= len(seen.hops) <= 4


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (NO_SUCH_NAME, Failure.NO_HOST),
        (socket.gaierror(socket.EAI_NODATA, "no address"), Failure.NO_HOST),
        (UNSURE, Failure.LOOKUP),
        (socket.gaierror(socket.EAI_FAIL, "failed"), Failure.LOOKUP),
        (OSError("some other way"), Failure.LOOKUP),
    ],
)
def test_names_that_lead_nowhere(error: OSError, failure: Failure) -> None:
    network = loopback(answers={"gone.test": [error]})
    seen, _ = run(says(), lambda c, s: c.ask(s.url("/", "gone.test")), network=network)
    assert seen.failure is failure


def test_a_lookup_that_hangs() -> None:
    network = loopback(answers={"a.test": [None]})
    ask = run(says(), lambda c, s: c.ask(s.url("/", "a.test")), network=network, timeout=SHORT)
    assert ask[0].failure is Failure.LOOKUP


def test_the_system_looks_names_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no resolver of its own a network asks the system, and nobody waits for its threads."""
    release = threading.Event()
    known = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object) -> object:
        if host == "hangs.test":
            release.wait(LONG)
        if host == "gone.test":
            raise NO_SUCH_NAME
        return known("127.0.0.1" if host.endswith(".test") else host, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    network = Network(loopback().allows, range(1, 65536))

    async def ask(client: Client, small: Small) -> Seen:
        found = [client.ask(small.url("/", f"{name}.test")) for name in ("hangs", "gone", "there")]
        hangs, gone, there = await asyncio.gather(*found)
        assert (hangs.failure, gone.failure) == (Failure.LOOKUP, Failure.NO_HOST)
        return there

    seen, _ = run(says(answer()), ask, network=network, timeout=SHORT * 3)
    release.set()
    assert seen.code == 200


# ---------------------------------------------------------------------------------- Retry-After


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": " 0 "}, 0),
        ({"retry_after": "99999999999999999999999"}, 7 * 86_400),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "1.5"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "\u0663"}, None),
        ({"retry_after": ""}, None),
        (
            {
                "retry_after": "Wed, 21 Oct 2015 07:28:30 GMT",
                "date": "Wed, 21 Oct 2015 07:28:00 GMT",
            },
            30,
        ),
        (
            {
                "retry_after": "Wednesday, 21-Oct-15 07:28:30 GMT",
                "date": "Wed Oct 21 07:28:00 2015",
            },
            30,
        ),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:30 GMT"}, None),
        ({"retry_after": "Wed, 21 Oct 9999 07:28:30 GMT"}, 7 * 86_400),
        ({"retry_after": "Wed, 99 Oct 2015 99:28:30 GMT"}, None),
        ({}, None),
    ],
)
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    seen, _ = run(says(answer(429, b"", **headers)), first)
    assert (seen.code, seen.retry_after) == (429, seconds)


# ------------------------------------------------------------------------------------------ TLS


def _ask_securely(pem: str, host: str, tls: ssl.SSLContext | None, body: bytes = PAGE) -> Seen:
    async def go() -> Seen:
        handler = says(answer(200, body, content_type=HTML))
        async with (
            serving(handler, tls=server_tls(pem)) as small,
            Client(Settings(timeout=LONG), loopback(tls=tls)) as client,
        ):
            return await client.ask(small.url("/", host, "https"))

    return asyncio.run(go())


def test_a_certificate_that_is_trusted() -> None:
    tls = client_tls()
    seen = _ask_securely("good", "secure.test", tls)
    assert (seen.code, seen.failure) == (200, None)
    assert seen.page
    big = _ask_securely("good", "secure.test.", tls, PAGE + bytes(20 * MAX_BODY))
    assert big.code == 200
    assert big.page
    assert not big.page.is_whole


def test_certificates_that_are_not() -> None:
    seen = _ask_securely("self-signed", "secure.test", None)
    assert (seen.failure, seen.detail) == (Failure.TLS, "it is self-signed")
    seen = _ask_securely("good", "bad.test", client_tls())
    assert (seen.failure, seen.detail) == (Failure.TLS, "it is for another name")


def asked_over_tls(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> Seen:
    """What is seen of an https address whose server does as it likes with a connection."""

    async def go() -> Seen:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Client(Settings(timeout=LONG), loopback()) as client:
            return await client.ask(f"https://good.test:{port}/")

    return asyncio.run(go())


def test_no_tls_where_it_should_be() -> None:
    async def talks_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer(400))
        await writer.drain()
        writer.close()

    assert asked_over_tls(talks_first).failure is Failure.TLS


def test_a_host_that_hangs_up_in_the_handshake() -> None:
    """Somebody is there: it is no host that cannot be reached."""

    async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 16)  # otherwise the system says more than that it is the end
        writer.close()

    assert asked_over_tls(hangs_up).failure is Failure.RESET


def test_a_handshake_that_hangs() -> None:
    async def go() -> Seen:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            port = silent.getsockname()[1]
            async with Client(Settings(timeout=SHORT), loopback()) as client:
                return await client.ask(f"https://good.test:{port}/")

    assert asyncio.run(go()).failure is Failure.TIMEOUT

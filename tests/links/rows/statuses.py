"""Rows about single answers: their statuses, and how they are written."""

from __future__ import annotations

from links.row import Row, either
from misbehaviours import (
    GOOD,
    HTML,
    chunk,
    gate,
    head_of,
    is_get,
    lacks,
    only_first_of_connection,
    page,
    repeats,
    response,
    says,
    sees,
    sends,
    sends_and_resets,
    target,
    then_unasked,
    turns,
)
from roadmap_site.model.links import LinkStatus as Is

_WHOLE = page().encode()
_LENGTH = b"Content-Length: %d\r\n" % len(_WHOLE)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_NEITHER = either(Is.OK, Is.FLAKY)
_UNKNOWN = either(Is.BLOCKED, Is.FLAKY, Is.SUSPECT)
_FORGETFUL = only_first_of_connection(GOOD)
_SHIFTED = only_first_of_connection(GOOD, says(404))


def _bad_chunks(name: str, body: bytes) -> Row:
    return Row(
        name,
        _NEITHER,
        "the status is 200; browsers show what came before the fault in the chunks",
        sends(_OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(_WHOLE) + body),
        is_alone=True,
    )


def _keeps(name: str, written: str, *asked: str) -> Row:
    why = "the address is asked to the letter: servers may tell %2F from /, %20 from +, and orders"
    return Row(name, Is.OK, why, at=f"http://{{plain}}{written}", also={
        f"plain{asked[0].partition('?')[0]}": target(*asked)
    })  # fmt: skip


ROWS = (
    Row("200", Is.OK, "a page", GOOD),
    Row("200-once", Is.OK, "a success is asked for once", GOOD, requests=1),
    Row("204", Is.OK, "RFC 9110, 15.3.5: a success that has no content", says(204), requests=1),
    Row("201", Is.OK, "2xx is success", says(201)),
    Row("202", Is.OK, "2xx is success", says(202, page())),
    Row("203", Is.OK, "2xx is success", says(203, page())),
    Row("205", Is.OK, "2xx is success", says(205)),
    Row("206-unasked", Is.OK, "2xx is success, even in part", says(206, page())),
    Row("299", Is.OK, "an unknown 2xx is treated as 200 (RFC 9110, 15)", says(299, page())),
    Row("404", Is.BROKEN, "not found, twice", says(404), requests=2),
    Row("404-with-page", Is.BROKEN, "most 404s have a page", says(404, page("Not found"))),
    Row("410", Is.BROKEN, "gone, twice", says(410), requests=2),
    Row("404-retry-after", Is.BROKEN, "not found, whatever else it asks for",
        says(404, "", {"Retry-After": "3600"}), requests=2),
    Row("404-then-200", Is.OK, "404 once is a deployment", turns(says(404), GOOD), requests=2),
    Row("410-then-200", Is.OK, "410 once", turns(says(410), GOOD), requests=2),
    Row("404-then-410", Is.BROKEN, "both say it is gone", turns(says(404), says(410))),
    Row("200-then-404", Is.OK, "a success is asked once", turns(GOOD, says(404)), requests=1),
    Row(
        "404-then-500",
        _UNKNOWN,
        "404 was seen once only, which is not enough",
        turns(says(404), says(500)),
        is_alone=True,
    ),
    Row(
        "500-then-404",
        _UNKNOWN,
        "404 was seen once only, which is not enough",
        turns(says(500), says(404)),
        is_alone=True,
    ),
    Row(
        "404-then-403",
        either(Is.BLOCKED, Is.FLAKY),
        "404 was seen once only; the second answer is a wall",
        turns(says(404), says(403)),
        is_alone=True,
    ),
    Row(
        "404-then-reset",
        _UNKNOWN,
        "404 was seen once only",
        turns(says(404), sends_and_resets()),
        is_alone=True,
    ),
    Row("head-403", Is.OK, "GET is asked", gate(is_get, says(403))),
    Row("head-404", Is.OK, "GET is asked", gate(is_get, says(404))),
    Row("head-405", Is.OK, "GET is asked", gate(is_get, says(405, "", {"Allow": "GET"}))),
    Row("head-501", Is.OK, "GET is asked", gate(is_get, says(501))),
    Row("head-reset", Is.OK, "GET is asked", gate(is_get, sends_and_resets())),
    Row("head-hangs", Is.OK, "GET is asked", gate(is_get, repeats(b"", b"", pause=10))),
    Row("range-416", Is.OK, "no part is asked for", gate(lacks("range"), says(416))),
    Row("accept-406", Is.OK, "pages are asked for as text/html", gate(
        sees("accept", "text/html"), says(406))),
    Row("accept-404", Is.OK, "a page for whoever accepts HTML, as registries of packages do it",
        gate(sees("accept", "text/html"), says(404))),
    Row("accept-any-406", Is.OK, "a PDF is fine too: */* is accepted", gate(
        sees("accept", "*/*"), says(406))),
    Row("agent-python-403", Is.OK, "names of libraries are refused; ours is honest", gate(
        lambda r: bool(r.header("user-agent"))
        and not any(w in r.header("user-agent").lower() for w in ("python", "aiohttp", "curl")),
        says(403))),
    Row("agent-missing-404", Is.OK, "404 for whoever has no name", gate(
        sees("user-agent", "mozilla/5.0"), says(404))),
    Row("language-400", Is.OK, "some servers fail without Accept-Language", gate(
        sees("accept-language"), says(400))),
    Row("host-400", Is.OK, "Host has the port (RFC 9110, 7.2)", gate(
        sees("host", ":"), says(400))),
    Row("te-400", Is.OK, "a GET has no body", gate(
        lambda r: not r.header("content-length") and not r.header("transfer-encoding"),
        says(400))),
    Row("no-referrer", Is.OK, "nobody learns where a link stands", gate(
        lacks("referer"), says(404))),
    # How answers are written.
    Row("http-1.0", Is.OK, "an older HTTP", sends(b"HTTP/1.0 200 OK\r\n\r\n" + _WHOLE)),
    Row("no-phrase", Is.OK, "the phrase is optional (RFC 9112, 4)",
        sends(b"HTTP/1.1 200 \r\n" + _LENGTH + b"\r\n" + _WHOLE)),
    Row("no-phrase-no-space", Is.OK, "nearly the same, and common",
        sends(b"HTTP/1.1 200\r\n" + _LENGTH + b"\r\n" + _WHOLE)),
    Row("bare-line-feeds", _NEITHER, "RFC 9112, 2.2 allows to read them as line ends",
        sends(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + _WHOLE), is_alone=True),
    Row("folded-header", _NEITHER, "RFC 9112, 5.2: obsolete, to be read as a space",
        sends(_OK + b"X-Folded: one\r\n two\r\n" + _LENGTH + b"\r\n" + _WHOLE), is_alone=True),
    Row("nul-in-header", _NEITHER, "not valid; nothing says that the page is gone",
        sends(_OK + b"X-Nul: a\0b\r\n" + _LENGTH + b"\r\n" + _WHOLE), is_alone=True),
    Row("no-colon", _NEITHER, "not valid; nothing says that the page is gone",
        sends(_OK + b"no colon here\r\n" + _LENGTH + b"\r\n" + _WHOLE), is_alone=True),
    Row("404-no-colon", either(Is.BROKEN, Is.FLAKY), "not valid, but a 404 where it is read",
        sends(b"HTTP/1.1 404 Not Found\r\nno colon\r\n\r\n"), is_alone=True),
    Row("latin-1-header", Is.OK, "obs-text is allowed (RFC 9110, 5.5)",
        sends(_OK + b"X-Name: caf\xe9\r\n" + _LENGTH + b"\r\n" + _WHOLE)),
    Row("bad-cookies", Is.OK, "cookies that cannot be read are dropped",
        says(200, "", {"Set-Cookie": "=;;;, {\"a\"}=1; Path=\u00e9; Expires=never; Max-Age=x"})),
    Row("many-cookies", Is.OK, "cookies do no harm",
        sends(_OK + b"".join(b"Set-Cookie: c%d=%s; Path=/\r\n" % (n, b"x" * 60) for n in range(200))
              + _LENGTH + b"\r\n" + _WHOLE)),
    Row("upgrade-offered", Is.OK, "Apache offers h2c on every answer: it is an offer",
        says(200, "", {"Upgrade": "h2,h2c", "Connection": "Upgrade, Keep-Alive"}),
        tail="#present"),
    Row("header-of-12-kb", Is.OK, "policies of that size are about",
        says(200, "", {"Content-Security-Policy": "default-src " + "example.org " * 1_000})),
    Row("header-of-64-kb", _NEITHER, "larger than many clients take; a page all the same",
        says(200, "", {"X-Large": "x" * 65_536}), is_alone=True),
    Row("10000-headers", _NEITHER, "more than many clients take; a page all the same",
        sends(_OK + b"".join(b"X-%d: x\r\n" % n for n in range(10_000)) + _LENGTH + b"\r\n"
              + _WHOLE), is_alone=True),
    Row("endless-header", either(Is.FLAKY, Is.TIMEOUT), "a header that never ends",
        repeats(_OK + b"X-Endless: ", b"x" * 65_536), is_alone=True, sends_at_most=24_000_000),
    Row("endless-headers", either(Is.FLAKY, Is.TIMEOUT), "headers that never end",
        repeats(_OK, b"X-Endless: %s\r\n" % (b"x" * 4_000)), is_alone=True,
        sends_at_most=24_000_000),
    Row("100-continue", Is.OK, "interim answers are skipped (RFC 9110, 15.2)",
        sends(response(100) + response(200, _WHOLE, HTML))),
    Row("103-early-hints", Is.OK, "interim answers are skipped",
        sends(response(103, b"", {"Link": "</x.css>; rel=preload"}) + response(200, _WHOLE, HTML))),
    Row("100-interims", Is.OK, "a hundred of them, too",
        sends(response(103) * 100 + response(200, _WHOLE, HTML))),
    Row("endless-interims", either(Is.TIMEOUT, Is.FLAKY), "no final answer ever comes",
        repeats(b"", response(103), pause=0.05), is_alone=True, waits=True),
    Row("101-unasked", _UNKNOWN | {Is.TIMEOUT}, "nobody asked for another protocol",
        says(101, "", {"Upgrade": "websocket", "Connection": "Upgrade"}), is_alone=True),
    _bad_chunks("chunk-size-bad", b"zz\r\n"),
    _bad_chunks("chunk-size-huge", b"FFFFFFFFFFFFFFFFF\r\nx"),
    _bad_chunks("chunk-without-end", b""),
    _bad_chunks("chunk-longer-than-said", b"2\r\nabcdef\r\n0\r\n\r\n"),
    Row("length-too-long", Is.OK, "200, and cut short: the head says that it is there",
        sends(_OK + b"Content-Length: 999999\r\n\r\n" + _WHOLE), is_alone=True),
    Row("length-too-short", Is.OK, "200; what follows is nobody's, or no HTTP",
        sends(_OK + b"Content-Length: 100\r\n\r\n" + _WHOLE), is_alone=True),
    Row("404-length-too-short", Is.BROKEN, "the head says that it is gone",
        sends(b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n" + _WHOLE), is_alone=True),
    *(
        Row(f"{code}-head-in-parts-{cut}", status, "a head counts, whatever comes with its end",
            sends(head[:-cut], head[-cut:] + b"zz\r\n", pause=0.05), is_alone=True)
        for code, status in ((200, Is.OK), (404, Is.BROKEN))
        for head in (head_of(code, {"Transfer-Encoding": "chunked"}),)
        for cut in (1, 2, 3)
    ),
    Row("204-with-body", Is.OK, "the head says that it is there",
        sends(b"HTTP/1.1 204 No Content\r\n\r\n" + _WHOLE), is_alone=True),
    Row("length-too-short-interim", Is.OK, "the same, after what is no answer yet",
        sends(response(103) + _OK + b"Content-Length: 1\r\n\r\n" + _WHOLE), is_alone=True),
    Row("two-lengths", _NEITHER, "RFC 9112, 6.3: cannot be read reliably",
        sends(_OK + b"Content-Length: 5\r\n" + _LENGTH + b"\r\n" + _WHOLE), is_alone=True),
    Row("length-negative", _NEITHER, "not valid", is_alone=True,
        does=sends(_OK + b"Content-Length: -1\r\n\r\n" + _WHOLE)),
    Row("length-and-chunks", _NEITHER, "RFC 9112, 6.1: the chunks count", is_alone=True,
        does=sends(_OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                   + chunk(_WHOLE) + chunk(b""))),
    Row("no-length", Is.OK, "the body ends with the connection", sends(head_of() + _WHOLE),
        tail="#present"),
    *(
        Row(f"forgetful-{n}", Is.OK, "a kept connection that was dropped says nothing of the page",
            at=f"http://{{forgetful}}/{n}",
            also={f"forgetful/{n}": _FORGETFUL})
        for n in range(6)
    ),
    *(
        Row(f"unasked-{code}-{n}", Is.OK,
            "an answer nobody asked for, on a kept connection, is not the next one's",
            at=f"http://{{unasked-{code}}}/{n}",
            also={f"unasked-{code}/{n}": then_unasked(GOOD, code)})
        for code in (404, 408)
        for n in range(12)
    ),
    *(
        Row(f"kept-404-{n}", Is.OK, "an answer over a kept connection may be another request's",
            at=f"http://{{kept-404}}/{n}",
            also={f"kept-404/{n}": _SHIFTED})
        for n in range(12)
    ),
    # The address as it is asked.
    _keeps("keeps-encoded-slash", "/keeps/a%2Fb", "/keeps/a%2Fb"),
    _keeps("keeps-lower-hex", "/keeps/a%2fb%c3%a9", "/keeps/a%2fb%c3%a9"),
    _keeps("keeps-space", "/keeps/a%20b", "/keeps/a%20b"),
    _keeps("keeps-plus", "/keeps/a+b?q=a+b%20c%2B", "/keeps/a+b?q=a+b%20c%2B"),
    _keeps("keeps-unreserved", "/keeps/%7Euser", "/keeps/%7Euser"),
    _keeps("keeps-tilde", "/keeps/~user", "/keeps/~user"),
    _keeps("keeps-order", "/keeps/order?b=2&a=1&b=1&a=", "/keeps/order?b=2&a=1&b=1&a="),
    _keeps("keeps-query-encoded", "/keeps/q?u=http%3A%2F%2Fx.test%2F%3Fa%3D1%26b",
           "/keeps/q?u=http%3A%2F%2Fx.test%2F%3Fa%3D1%26b"),
    _keeps("keeps-query-plain", "/keeps/r?u=http://x.test/?a=1", "/keeps/r?u=http://x.test/?a=1"),
    _keeps("keeps-valueless", "/keeps/v?a&b=&c", "/keeps/v?a&b=&c"),
    _keeps("keeps-semicolons", "/keeps/s;v=1?a=1;b=2", "/keeps/s;v=1?a=1;b=2"),
    _keeps("keeps-sub-delimiters", "/keeps/Foo_(bar)!$&*,=:@", "/keeps/Foo_(bar)!$&*,=:@"),
    _keeps("keeps-apostrophe", "/keeps/it's", "/keeps/it's"),
    _keeps("keeps-double-slash", "/keeps//a//b", "/keeps//a//b"),
    _keeps("keeps-encoded-percent", "/keeps/100%25", "/keeps/100%25"),
    _keeps("keeps-encoded-hash", "/keeps/c%23?x=%23#present", "/keeps/c%23?x=%23"),
    _keeps("encodes-umlaut", "/keeps/über", "/keeps/%C3%BCber"),
    _keeps("encodes-query", "/keeps/u?q=é", "/keeps/u?q=%C3%A9"),
    _keeps("encodes-emoji", "/keeps/🎓", "/keeps/%F0%9F%8E%93"),
    Row("encodes-blank", either(Is.OK, Is.INVALID),
        "browsers encode it; to RFC 3986 it is no address", at="http://{plain}/keeps/two words",
        also={"plain/keeps/two%20words": target("/keeps/two%20words")}),
    _keeps("either-brackets", "/keeps/b[0]?x[1]=2", "/keeps/b[0]?x[1]=2", "/keeps/b[0]?x%5B1%5D=2"),
    _keeps("either-bar", "/keeps/p?x=a|b", "/keeps/p?x=a|b", "/keeps/p?x=a%7Cb"),
    _keeps("keeps-empty-query", "/keeps/e?", "/keeps/e?"),
    _keeps("resolves-dots", "/keeps/x/../dots/./y", "/keeps/dots/y"),
    _keeps("no-path", "", "/"),
    _keeps("no-path-but-query", "?root=1", "/?root=1", "/"),
)  # fmt: skip

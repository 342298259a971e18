"""Rows about hosts that have a bad day, and about hosts that want to be left alone."""

from __future__ import annotations

import random

from links.row import Row, either
from misbehaviours import (
    GOOD,
    HTML,
    after,
    drips,
    head_of,
    page,
    response,
    says,
    sends,
    sends_and_resets,
    sends_and_waits,
    turns,
    waits_until,
)
from roadmap_site.model.links import LinkStatus as Is

_WHOLE = page().encode()
_NOISE = random.Random(404).randbytes(3_000)
_SHORT = page()[:200].encode()


def _once(name: str, why: str) -> Row:
    code = int(name.partition("-")[0])
    return Row(name, Is.OK, why, turns(says(code), GOOD), is_alone=True, requests=2)


def _asks_to_wait(name: str, status: Is, why: str, value: str, *, is_always: bool = False) -> Row:
    code = int(name.partition("-")[0])
    wait = says(code, "", {"Retry-After": value})
    return Row(name, status, why, wait if is_always else turns(wait, GOOD), is_alone=True,
               requests=1 if value == "3600" else None)  # fmt: skip


ROWS = (
    # 429: too many requests.
    _asks_to_wait("429-seconds", Is.OK, "a second is waited for", "1"),
    _asks_to_wait("429-zero", Is.OK, "no time at all", "0"),
    _asks_to_wait("429-negative", Is.OK, "as if nothing was said", "-5"),
    _asks_to_wait("429-garbage", Is.OK, "as if nothing was said", "soon"),
    _asks_to_wait("429-fraction", Is.OK, "not valid, and clear", "0.5"),
    _asks_to_wait("429-superscript", Is.OK, "a digit to Unicode, not to HTTP", "²"),
    _asks_to_wait("429-not-a-number", Is.OK, "as if nothing was said", "nan"),
    _asks_to_wait("429-bad-date", Is.OK, "as if nothing was said", "Mon, 42 Foo 2031 99:99:99 GMT"),
    _asks_to_wait("429-past-date", Is.OK, "over already", "Thu, 01 Jan 1970 00:00:00 GMT"),
    _asks_to_wait("429-zoneless-date", Is.OK, "over already", "Thu, 01 Jan 1970 00:00:00 -0000"),
    _asks_to_wait("429-old-date", Is.OK, "RFC 9110, 5.6.7: an obsolete form, long over",
                  "Sunday, 06-Nov-94 08:49:37 GMT"),
    Row("429-date", Is.OK, "a date in two seconds is waited for",
        turns(waits_until(2), GOOD), is_alone=True),
    _once("429-none", "once, without a word: a moment later it works"),
    Row("429-always", Is.BLOCKED, "a wall for programs", says(429), is_alone=True),
    _asks_to_wait("429-seconds-always", Is.BLOCKED, "it never relents", "1", is_always=True),
    _asks_to_wait("429-hour", Is.BLOCKED, "longer than a run may wait", "3600", is_always=True),
    _asks_to_wait("429-hour-once", Is.BLOCKED, "nobody is asked before the time is over", "3600"),
    Row("429-hour-date", Is.BLOCKED, "longer than a run may wait", waits_until(3600),
        is_alone=True, requests=1),
    _asks_to_wait("429-year-9999", Is.BLOCKED, "longer than anybody lives",
                  "Fri, 31 Dec 9999 23:59:59 GMT", is_always=True),
    _asks_to_wait("429-googol", Is.BLOCKED, "more digits than a float is exact to, or has room for",
                  "9" * 400, is_always=True),
    Row("429-hour-neighbour", either(Is.BLOCKED, Is.OK),
        "its host wants to be left alone, or had answered before",
        at="http://{429-hour}/neighbour", also={"429-hour/neighbour": GOOD}),
    Row("429-to-good", Is.OK, "a wall before a redirect",
        turns(says(429, "", {"Retry-After": "1"}), says(302, "", {"Location": "http://{plain}/200"})),
        is_alone=True),
    # 5xx.
    *(_once(f"{code}-once", "a bad moment") for code in (500, 502, 503, 504)),
    *(_once(f"{code}-once", "asks to be asked again") for code in (408, 425)),
    _asks_to_wait("503-seconds", Is.OK, "a second is waited for", "1"),
    _asks_to_wait("503-zero-always", Is.FLAKY, "fails each time", "0", is_always=True),
    _asks_to_wait("503-hour", Is.BLOCKED, "longer than a run may wait", "3600", is_always=True),
    *(Row(f"{code}-always", Is.FLAKY, "the host fails, twice", says(code), is_alone=True,
          requests=2)
      for code in (500, 502, 503, 504, 507, 520, 521, 522, 523, 525, 526, 530, 599)),
    *(Row(f"{code}-always", either(Is.FLAKY, Is.BLOCKED), "nothing is known of the page",
          says(code), is_alone=True)
      for code in (501, 505, 508, 511, 529)),
    Row("408-always", either(Is.FLAKY, Is.TIMEOUT, Is.BLOCKED), "the server gave up on us",
        says(408), is_alone=True),
    Row("500-not-found", Is.FLAKY, "what a failing page says of itself counts for nothing",
        says(500, page("404 Not Found")), is_alone=True),
    # Connections that end early.
    Row("reset-once", Is.OK, "a bad moment", turns(sends_and_resets(), GOOD), is_alone=True,
        requests=2),
    Row("reset-always", Is.FLAKY, "no answer, twice", sends_and_resets(), is_alone=True),
    Row("reset-in-status", Is.FLAKY, "no whole answer", sends_and_resets(b"HTTP/1.1 20"),
        is_alone=True),
    Row("reset-in-headers", Is.FLAKY, "no whole answer",
        sends_and_resets(b"HTTP/1.1 200 OK\r\nContent-Ty"), is_alone=True),
    Row("reset-in-headers-404", Is.FLAKY, "no whole answer, even if it began with 404",
        sends_and_resets(b"HTTP/1.1 404 Not Found\r\nContent-Ty"), is_alone=True),
    Row("reset-in-body", Is.OK, "200 was said",
        sends_and_resets(head_of(200, {"Content-Length": "99999"}) + _SHORT), is_alone=True),
    Row("reset-in-body-fragment", Is.OK, "the rest of the page may have the anchor",
        sends_and_resets(head_of(200, {"Content-Length": "99999"}) + _WHOLE), is_alone=True,
        tail="#missing"),
    Row("reset-in-404-body", Is.BROKEN, "404 was said, twice",
        sends_and_resets(head_of(404, {"Content-Length": "99999"}) + _SHORT), is_alone=True),
    Row("reset-of-connection", Is.FLAKY, "nothing is read",
        greets=sends_and_resets()),
    Row("closes-at-once", Is.FLAKY, "no answer", greets=sends()),
    Row("closes-after-request", Is.FLAKY, "no answer", sends(), is_alone=True),
    Row("closes-once", Is.OK, "a bad moment", turns(sends(), GOOD), is_alone=True),
    Row("closed-port", Is.FLAKY, "refused, twice", at="http://{closed}/"),
    # Silence.
    Row("silent", Is.TIMEOUT, "accepts, and never answers", sends_and_waits(), is_alone=True,
        requests=2, waits=True),
    Row("silent-once", Is.OK, "a bad moment", turns(sends_and_waits(), GOOD), is_alone=True,
        requests=2, waits=True),
    Row("silent-then-404", either(Is.TIMEOUT, Is.FLAKY, Is.SUSPECT), "404 was seen once only",
        turns(sends_and_waits(), says(404)), is_alone=True, waits=True),
    Row("silent-in-headers", Is.TIMEOUT, "begins an answer, and stops",
        sends_and_waits(b"HTTP/1.1 200 OK\r\nContent-"), is_alone=True, waits=True),
    Row("silent-in-404", Is.BROKEN, "404 was said, twice; its body does not matter",
        sends_and_waits(head_of(404, {"Content-Length": "500"})), is_alone=True, waits=True),
    Row("silent-in-text", either(Is.OK, Is.TIMEOUT), "200 was said; the body is not needed",
        sends_and_waits(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\n"),
        is_alone=True),
    Row("silent-in-body", either(Is.OK, Is.TIMEOUT), "200 was said; the page never comes whole",
        sends_and_waits(head_of() + _SHORT), is_alone=True, waits=True),
    Row("silent-connection", Is.TIMEOUT, "the queue for connections is full", at="http://{full}/",
        waits=True),
    Row("drips-head", Is.TIMEOUT, "one byte a second",
        drips(b"", response(200, _WHOLE, HTML)), is_alone=True, waits=True),
    Row("drips-body", either(Is.OK, Is.TIMEOUT),
        "one byte a second; 200 was said, and the page never comes whole",
        drips(head_of(200, {"Content-Length": str(len(_WHOLE))}), _WHOLE), is_alone=True,
        waits=True),
    Row("drips-fast-enough", Is.OK, "slow, and in time",
        drips(head_of(200, {"Content-Length": "50"}), _WHOLE[:50], 0.01), is_alone=True),
    Row("slow-start", Is.OK, "a second of thinking", after(1, GOOD), is_alone=True, requests=1),
    # What is not HTTP.
    Row("garbage", Is.FLAKY, "no HTTP", sends(_NOISE), is_alone=True, requests=2),
    Row("garbage-once", Is.OK, "a bad moment", turns(sends(_NOISE), GOOD), is_alone=True),
    Row("http-0-9", Is.FLAKY, "a page without a head: no browser shows it", sends(_WHOLE),
        is_alone=True),
    Row("status-words", Is.FLAKY, "no status", sends(b"HTTP/1.1 OK fine\r\n\r\n"), is_alone=True),
    Row("status-1000", either(Is.FLAKY, Is.BLOCKED), "no status",
        sends(b"HTTP/1.1 1000 Much\r\n\r\n"), is_alone=True),
    Row("status-99", either(Is.FLAKY, Is.BLOCKED), "no status",
        sends(b"HTTP/1.1 99 Little\r\n\r\n"), is_alone=True),
    Row("status-4040", either(Is.FLAKY, Is.BLOCKED), "no status, and no 404",
        sends(b"HTTP/1.1 4040 Not Found\r\n\r\n"), is_alone=True),
    Row("icecast", either(Is.FLAKY, Is.OK), "another protocol, nearly HTTP",
        sends(b"ICY 200 OK\r\n\r\n"), is_alone=True),
    Row("ssh", Is.FLAKY, "another protocol", greets=sends(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    Row("smtp", Is.FLAKY, "another protocol",
        greets=sends_and_waits(b"220 mail.example.org ESMTP\r\n")),
    Row("blank-lines-only", either(Is.FLAKY, Is.TIMEOUT), "nothing",
        sends(b"\r\n" * 100), is_alone=True),
)  # fmt: skip

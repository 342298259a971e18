"""Rows about bodies: large, endless, packed, and packed so that they burst."""

from __future__ import annotations

from links.row import Row, either
from misbehaving import Behaviour
from misbehaviours import (
    bomb,
    chunk,
    deflated,
    gzipped,
    head_of,
    page,
    repeats,
    says,
    sends,
)
from roadmap_site.model.links import LinkStatus as Is

_WHOLE = page().encode()
_MB = 1 << 20
_HALF = len(_WHOLE) - 200
_LATE = page(body='<p id="late">').encode()
ENOUGH = 8_000_000
"""Bytes of a body that a server gets rid of at most; most of it lies in the system's buffers."""


def _packed(encoding: str, body: bytes) -> Behaviour:
    return says(200, body, {"Content-Encoding": encoding})


def _encoded(name: str, encoding: str, body: bytes, *, is_read: bool = True) -> tuple[Row, ...]:
    """A page in an encoding, with an anchor that is there and one that is not."""
    at = f"http://{{plain}}/{name}"
    missing = Is.FRAGMENT if is_read else either(Is.OK, Is.FRAGMENT)
    return (
        Row(name, Is.OK, "it is there, in whatever encoding", _packed(encoding, body),
            tail="#present"),
        Row(f"{name}-missing", missing, "a page that was read whole, if it can be",
            at=f"{at}#missing"),
    )  # fmt: skip


def _unreadable(name: str, encoding: str, body: bytes, why: str) -> Row:
    """A page of which nothing is known but its status."""
    return Row(name, Is.OK, why, _packed(encoding, body), tail="#missing")


def _large(name: str, content_type: str, *, tail: str = "", length: int = 100 * _MB) -> Row:
    head = head_of(200, {"Content-Type": content_type, "Content-Length": str(length)})
    part = b"<p>" + b"x" * 65_530 + b"</p>\n"
    return Row(name, Is.OK, "the head says it is there; nobody reads all of it",
               repeats(head, part, length // len(part)), is_alone=True, tail=tail,
               sends_at_most=ENOUGH)  # fmt: skip


def _burst(name: str, encoding: str, body: bytes) -> Row:
    return Row(name, Is.OK, "a page, as far as anybody inflates it", _packed(encoding, body),
               is_alone=True, tail="#missing")  # fmt: skip


ROWS = (
    _large("100-mb-page", "text/html"),
    _large("100-mb-page-fragment", "text/html", tail="#missing"),
    _large("100-mb-file", "application/octet-stream"),
    _large("100-mb-video", "video/mp4", tail="#t=30"),
    _large("exabyte", "text/html", length=1 << 60),
    Row("100-mb-404", Is.BROKEN, "404 was said, twice; nobody reads its page", repeats(
        head_of(404, {"Content-Length": str(100 * _MB)}), b"x" * 65_536, 1600), is_alone=True,
        sends_at_most=2 * ENOUGH),
    Row("100-mb-redirect", Is.OK, "nobody reads the page of a redirect", repeats(
        head_of(302, {"Content-Length": str(100 * _MB), "Location": "/end"}), b"x" * 65_536, 1600),
        is_alone=True, also={"100-mb-redirect/end": says(200)}, sends_at_most=ENOUGH),
    Row("endless", Is.OK, "the head says it is there", repeats(head_of(), b"<p>x</p>" * 8_192),
        is_alone=True, sends_at_most=ENOUGH),
    Row("endless-chunks", Is.OK, "the head says it is there", repeats(
        head_of(200, {"Transfer-Encoding": "chunked"}), chunk(b"x" * 65_536)), is_alone=True,
        sends_at_most=ENOUGH),
    Row("endless-small-chunks", Is.OK, "the head says it is there", repeats(
        head_of(200, {"Transfer-Encoding": "chunked"}), chunk(b"x") * 8_192), is_alone=True,
        sends_at_most=16_000_000),
    Row("endless-chunk-extension", either(Is.OK, Is.FLAKY, Is.TIMEOUT),
        "the head says it is there; no part of the body ever is", repeats(
        head_of(200, {"Transfer-Encoding": "chunked"}) + b"5;x=", b"x" * 4_096, pause=0.01),
        is_alone=True),
    Row("endless-trailers", either(Is.OK, Is.FLAKY), "the page is there; its trailers never end",
        repeats(head_of(200, {"Transfer-Encoding": "chunked"}) + chunk(_WHOLE) + b"0\r\n",
                b"X-T: %s\r\n" % (b"x" * 4_000), 10_000), is_alone=True, sends_at_most=24_000_000),
    # Encodings.
    *_encoded("gzip", "gzip", gzipped(_WHOLE)),
    *_encoded("gzip-upper", "GZIP", gzipped(_WHOLE)),
    *_encoded("x-gzip", "x-gzip", gzipped(_WHOLE)),
    *_encoded("deflate", "deflate", deflated(_WHOLE)),
    *_encoded("deflate-raw", "deflate", deflated(_WHOLE, is_raw=True), is_read=False),
    *_encoded("identity", "identity", _WHOLE),
    *_encoded("gzip-twice", "gzip, gzip", gzipped(gzipped(_WHOLE)), is_read=False),
    Row("gzip-members", Is.OK, "gzip may have members, one after the other (RFC 1952, 2.2)",
        _packed("gzip", gzipped(_LATE[:_HALF]) + gzipped(_LATE[_HALF:])), tail="#late"),
    Row("gzip-empty-members", Is.OK, "members without end; nobody knows what comes after them",
        _packed("gzip", gzipped(_WHOLE) + gzipped(b"") * 60_000), tail="#missing"),
    Row("gzip-trailing-noise", Is.OK, "what follows the end is nobody's",
        _packed("gzip", gzipped(_WHOLE) + b"\0" * 100), tail="#present"),
    _unreadable("gzip-cut", "gzip", gzipped(_WHOLE)[:-40], "the page is not whole"),
    _unreadable("gzip-damaged", "gzip", gzipped(_WHOLE)[:60] + b"\xff" * 200, "cannot be read"),
    _unreadable("gzip-none", "gzip", _WHOLE, "it says gzip, and is not: nothing can be said"),
    _unreadable("gzip-empty", "gzip", b"", "there is nothing to read"),
    _unreadable("brotli", "br", b"\x8b\x02\x80page\x03", "nobody asked for brotli"),
    _unreadable("zstandard", "zstd", b"\x28\xb5\x2f\xfd\x04\x00", "nobody asked for zstd"),
    _unreadable("unknown-encoding", "x-secret", b"\1\2\3", "nobody knows it"),
    Row("transfer-gzip", either(Is.OK, Is.FLAKY), "allowed (RFC 9112, 7.2), and never seen", sends(
        head_of(200, {"Transfer-Encoding": "gzip, chunked"}) + chunk(gzipped(_WHOLE)) + chunk(b"")),
        is_alone=True),
    # Bombs.
    _burst("bomb", "gzip", bomb()),
    _burst("bomb-twice", "gzip, gzip", gzipped(bomb())),
    _burst("bomb-thrice", "gzip, gzip, gzip", gzipped(gzipped(bomb()))),
    _burst("bomb-deflate", "deflate", bomb()),
    Row("bomb-endless", Is.OK, "a page, as far as anybody inflates it", repeats(
        head_of(200, {"Content-Encoding": "gzip"}), bomb(64)), is_alone=True,
        sends_at_most=ENOUGH),
    Row("bomb-as-file", Is.OK, "nobody inflates a file", says(
        200, bomb(), {"Content-Encoding": "gzip", "Content-Type": "application/zip"}),
        is_alone=True),
    Row("bomb-as-404", Is.BROKEN, "404, twice; nobody inflates its page", says(
        404, bomb(), {"Content-Encoding": "gzip"}), is_alone=True),
)  # fmt: skip

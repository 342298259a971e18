"""Bodies read and inflated within bounds, as they come."""

from __future__ import annotations

import asyncio
import zlib

from aiohttp import ClientError, ClientResponse

from roadmap_site.links.settings import MAX_BODY

_GZIP_OR_ZLIB, _RAW = 47, -15  # zlib's numbers for how a stream begins
_GZIP = b"\x1f"  # how each member of a gzip stream begins (RFC 1952, section 2.2)
_MEMBERS = 100
"""Members read of a gzip stream: empty ones cost time and inflate to nothing."""


async def read_body(response: ClientResponse, until: float) -> tuple[bytes, bool]:
    """What came of a body until a moment of the loop's clock, and whether that is all of it.

    At most MAX_BODY bytes are read, and as many kept. A body that breaks off, drips, or cannot be
    inflated counts as far as it came.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        inflater = None
    elif coding in ("gzip", "x-gzip", "deflate"):
        inflater = _Inflater()
    else:
        return b"", False
    body, taken = bytearray(), 0
    try:
        async with asyncio.timeout_at(until):
            while data := await response.content.readany():
                taken += len(data)
                room = MAX_BODY - len(body)
                body += inflater.inflate(data, room) if inflater else data[:room]
                if taken > MAX_BODY or len(body) == MAX_BODY:
                    return bytes(body), False
    except (ClientError, OSError, zlib.error):  # TimeoutError is an OSError
        return bytes(body), False
    return bytes(body), inflater is None or inflater.is_ended


class _Inflater:
    """Inflates a stream of bytes, each call to so many bytes at most."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._is_first = True
        self._members = 1

    def inflate(self, data: bytes, most: int) -> bytes:
        """What the next bytes inflate to, cut where it gets long. Raises `zlib.error`."""
        found = b""
        while data and len(found) < most:
            if self._stream.eof:
                if not data.startswith(_GZIP):  # what follows is padding
                    break
                self._members += 1
                if self._members > _MEMBERS:
                    raise zlib.error("too many members")
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            found += self._some(data, most - len(found))
            data = self._stream.unused_data
        return found

    def _some(self, data: bytes, most: int) -> bytes:
        """What the stream, or this member of it, inflates to. Raises `zlib.error`."""
        try:
            found = self._stream.decompress(data, most)
        except zlib.error:
            if not self._is_first:
                raise
            # Some servers send "deflate" without zlib's head around it.
            self._stream = zlib.decompressobj(_RAW)
            found = self._stream.decompress(data, most)
        self._is_first = False
        return found

    @property
    def is_ended(self) -> bool:
        """Whether the stream came to its own end, or never began."""
        return self._stream.eof or self._is_first

"""Addresses as they are asked for, and those for which nothing may be asked.

The spelling follows browsers (the URL standard): what a reader reaches is what is asked for. Hosts
that are numbers in any notation are judged here; names are when they are connected to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote_from_bytes, unquote

import idna

from roadmap_site.links.network import Network
from roadmap_site.links.resolution import WEB_ADDRESS, resolved, without_dots
from roadmap_site.links.seen import Failure
from roadmap_site.links.settings import MAX_URL
from roadmap_site.model.web import PORTS, IPAddress

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_NO_PROGRAMS = frozenset(
    {"about", "blob", "data", "file", "ftp", "http", "https", "javascript", "mailto", "tel"}
)
"""Schemes to which browsers follow no redirect, and those that lead to no page at all."""
_NOT_ALLOWED = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_NAME = re.compile(r"(?=.{1,254}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_BYTE = re.compile("[\udc80-\udcff]")  # one that is not UTF-8
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
# What browsers encode in a path and in a query; a percent sign stays as it is.
_ENCODED_IN_PATH = re.compile(r"[^!-~]|[\"<>^`{}]")
_ENCODED_IN_QUERY = re.compile(r"[^!-~]|[\"<>']")

NO_WEB_ADDRESS = "it is no http or https address"
TOO_LONG = f"it is longer than {MAX_URL:,} characters"
NOT_ALLOWED = "it has a space, a backslash or a control character in it"
NO_HOST = "it names no host"
BAD_HOST = "it names a host that cannot exist"
BAD_PORT = "it names a port that cannot exist"
NOT_PUBLIC = Failure.NOT_PUBLIC.value


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken apart, each part as it is sent. `ip` is there where the host is a number."""

    scheme: str
    host: str
    port: int
    target: str
    ip: IPAddress | None

    @property
    def authority(self) -> str:
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"


def syntax_fault(url: str) -> str:
    """Why an address is none of the web, in a few words; empty where it is one."""
    parsed = _parse(url)
    return parsed if isinstance(parsed, str) else ""


def refusal(url: str, network: Network) -> str:
    """Why nothing may be asked for an address, as far as its text tells; empty: it may be asked.

    Where a name leads is judged at the moment of each connection.
    """
    parsed = _parse(url)
    if isinstance(parsed, str):
        return parsed
    if parsed.port not in network.ports:
        return f"port {parsed.port} is none of the web's"
    if parsed.ip and not network.allows(parsed.ip, parsed.port):
        return NOT_PUBLIC
    return ""


def request_url(url: str) -> str:
    """The address as it is asked for: ASCII, without fragment and user; as it is if it is none.

    The host is in lower case, dots in the path are resolved, and nothing else is made uniform.
    """
    parsed = _parse(url)
    if isinstance(parsed, str):
        return url
    return f"{parsed.scheme}://{parsed.authority}{parsed.target}"


def authority(url: str) -> str:
    """The host that is asked for an address, with its port where that is not the scheme's own."""
    parsed = _parse(url)
    return "" if isinstance(parsed, str) else parsed.authority


def redirected(url: str, location: str) -> str:
    """Where an answer's `Location` leads from an address, absolute; spelled as browsers read it.

    Bytes that are not UTF-8 are surrogates in `location`, as aiohttp reads headers.
    """
    return _BYTE.sub(_percent, resolved(url, location))


def is_for_program(url: str) -> bool:
    """Whether a browser would hand an address on to a program that a reader may have."""
    found = _SCHEME.match(url)
    return found is not None and found[1].lower() not in _NO_PROGRAMS


@lru_cache(maxsize=1024)
def _parse(url: str) -> _Address | str:
    """An address taken apart, or why it is none."""
    if len(url) > MAX_URL:
        return TOO_LONG
    if _NOT_ALLOWED.search(url):
        return NOT_ALLOWED
    found = WEB_ADDRESS.fullmatch(url)
    if not found:
        return NO_WEB_ADDRESS
    scheme = found["scheme"].lower()
    host, port = _host_and_port(found["authority"].rpartition("@")[2])
    if not host:
        return NO_HOST
    number = _port(port, scheme)
    if number is None:
        return BAD_PORT
    try:
        name, ip = _host(host)
        path = _ENCODED_IN_PATH.sub(_percent, without_dots(found["path"]))
        query = _ENCODED_IN_QUERY.sub(_percent, found["query"])
    except ValueError:  # also UnicodeError: half a surrogate pair is no character
        return BAD_HOST
    return _Address(scheme, name, number, (path or "/") + query, ip)


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, bracket, port = text.partition("]")
        return host + bracket, port if not port or port[0] == ":" else ":?"
    host, colon, port = text.partition(":")
    return host, colon + port


def _port(text: str, scheme: str) -> int | None:
    digits = text[1:]
    if not digits:
        return PORTS[scheme]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return None
    return int(digits) if 0 < int(digits) < 65536 else None


@lru_cache(maxsize=1024)
def _host(text: str) -> tuple[str, IPAddress | None]:
    """A host as it is asked for, and its address where it is one. Raises ValueError."""
    if text.startswith("["):
        if "%" in text:  # a zone: an interface of this machine
            raise ValueError(text)
        address = IPv6Address(text[1:-1] if text.endswith("]") else text)
        return f"[{address.compressed}]", address
    text = unquote(text, errors="strict")
    name = text.lower() if text.isascii() else _in_ascii(text)
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    labels = name.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        number = _ipv4(labels)
        return str(number), number
    return name, None


def _in_ascii(host: str) -> str:
    """The name in the letters of the DNS: IDNA, with the mappings that browsers apply first."""
    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:  # hearts and snowmen: the IDNA of today has none, names still do
        return host.encode("idna").decode().lower()


def _ipv4(labels: list[str]) -> IPv4Address:
    """The numbers of a host: decimal, octal or hexadecimal, the last one filling what is left."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) for label in labels):
        raise ValueError(labels)
    *first, last = (_number(label) for label in labels)
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError(labels)
    return IPv4Address(last + sum(it << 8 * (3 - place) for place, it in enumerate(first)))


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)


def _percent(found: re.Match[str]) -> str:
    return quote_from_bytes(found[0].encode("utf-8", "surrogateescape"), safe="")

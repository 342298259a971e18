"""Addresses of the web as such: the characters they may have, and which hosts are public."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
"""The web's own ports, by scheme."""
BLANKS = "".join(map(chr, range(33)))
"""What browsers take off both ends of an address (URL standard, 4.4)."""
ENCODED_DOT = re.compile("%2e", re.IGNORECASE)
"""A dot to browsers, where a path goes up by two of them."""
UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"'<>\\^`{|}]")
"""A character that is only percent-encoded in addresses (RFC 3986, appendix A). The apostrophe is
allowed there, and could end what the address is written in."""

# fmt: off
SHORTENERS = frozenset((
    "amzn.to", "bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly",
    "rb.gy", "rebrand.ly", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com",
))
"""Hosts whose addresses are short names for any others."""
# fmt: on

# IANA's registries of special-purpose addresses, as of 2025. The standard library's `is_global`
# follows them too, but differently in each patch release.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by the customers of a provider
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; clouds tell secrets at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks of networks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_UNICAST = IPv6Network("2000::/3")  # nothing else is routed on the internet
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols' own, Teredo (which leads to whatever it embeds) among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_SIX_TO_FOUR = IPv6Network("2002::/16")
_NAT64 = IPv6Network("64:ff9b::/96")  # how networks without IPv4 reach hosts that have only that


def is_writable(url: str) -> bool:
    """Whether nothing keeps an address of the web from being written in place of another."""
    scheme, mark, rest = url.partition("://")
    is_whole = scheme in PORTS and bool(mark and rest)
    return is_whole and url.isprintable() and not UNFIT.search(url)


def is_public(address: IPAddress) -> bool:
    """Whether anybody on the internet could reach an address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id:
        return False
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(embedded)
    return address in _UNICAST and not any(address in network for network in _NOT_PUBLIC_6)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a connection to an IPv6 address ends at."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return IPv4Address(address.packed[2:6])
    if address in _NAT64:
        return IPv4Address(address.packed[12:])
    return None

"""What may be asked: public addresses at the web's own ports, vetted as each connection is made.

`Network` is the door. Nothing but Python code can open it: the command line and the environment
have no say. Tests do, for their servers on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from ssl import SSLContext

from aiohttp.abc import AbstractResolver

IPAddress = IPv4Address | IPv6Address
WEB_PORTS = (80, 443)

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


def is_public(address: IPAddress, port: int) -> bool:
    """Whether anybody on the internet could ask this address, at a port of the web."""
    return port in WEB_PORTS and _is_public(address)


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id:
        return False
    embedded = _embedded(address)
    if embedded is not None:
        return _is_public(embedded)
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


@dataclass(frozen=True, slots=True)
class Network:
    """Who may be connected to, how names are looked up, whom certificates are trusted from.

    Anything but the default is for tests, whose servers are on loopback: it is given in Python
    only. `allows` is asked with the very address and port of each connection, at the moment it is
    made; `ports` are those that an address may name, before its host is looked up. `resolver`
    makes the resolver of a run (None: the system's own), `tls` has the authorities that are
    trusted (None: the system's).
    """

    allows: Callable[[IPAddress, int], bool] = is_public
    ports: Container[int] = WEB_PORTS
    resolver: Callable[[], AbstractResolver] | None = None
    tls: SSLContext | None = None

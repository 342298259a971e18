"""What may be asked: public addresses at the web's own ports, vetted as each connection is made.

`Network` is the door. Nothing but Python code can open it: the command line and the environment
have no say. Tests do, for their servers on loopback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from ssl import SSLContext

from aiohttp.abc import AbstractResolver

IPAddress = IPv4Address | IPv6Address
WEB_PORTS = (80, 443)


def is_public(address: IPAddress, port: int) -> bool:
    """Whether anybody on the internet could ask this address, at a port of the web."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Network:
    """Who may be connected to, how names are looked up, whom certificates are trusted from.

    `allows` is asked with the very address and port of each connection, at the moment it is made.
    `resolver` makes the resolver of a run (None: the system's own).
    """

    allows: Callable[[IPAddress, int], bool] = is_public
    resolver: Callable[[], AbstractResolver] | None = None
    tls: SSLContext | None = None

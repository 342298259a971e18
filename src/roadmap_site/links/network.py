"""What may be asked: public addresses at the web's own ports, vetted as each connection is made.

`Network` is the door. Nothing but Python code can open it: the command line and the environment
have no say. Tests do, for their servers on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from ssl import SSLContext

from aiohttp.abc import AbstractResolver

from roadmap_site.model.web import PORTS, IPAddress, is_public

WEB_PORTS = tuple(PORTS.values())


def is_public_web(address: IPAddress, port: int) -> bool:
    """Whether anybody on the internet could ask this address, at a port of the web."""
    return port in WEB_PORTS and is_public(address)


@dataclass(frozen=True, slots=True)
class Network:
    """Who may be connected to, how names are looked up, whom certificates are trusted from.

    Anything but the default is for tests, whose servers are on loopback: it is given in Python
    only. `allows` is asked with the very address and port of each connection, at the moment it is
    made; `ports` are those that an address may name, before its host is looked up. `resolver`
    makes the resolver of a run (None: the system's own), `tls` has the authorities that are
    trusted (None: the system's).
    """

    allows: Callable[[IPAddress, int], bool] = is_public_web
    ports: Container[int] = WEB_PORTS
    resolver: Callable[[], AbstractResolver] | None = None
    tls: SSLContext | None = None

"""Whether it was the hosts that failed, or there is no way to any of them."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Set

from roadmap_site.links.asking.client import Client
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Failure

Failures = Mapping[str, Set[Failure | None]]
"""How the attempts at each host ended; None stands for an answer."""

_NOT_REACHED = frozenset({Failure.LOOKUP, Failure.UNREACHABLE})
_NOT_FOUND = _NOT_REACHED | {Failure.NO_HOST}
_SURE_TO_EXIST = "example.com"  # IANA keeps it (RFC 2606)
_ELSEWHERE = (
    (socket.AF_INET, ("198.41.0.4", 53)),  # a root server of the DNS; nothing is sent to it
    (socket.AF_INET6, ("2001:503:ba3e::2:30", 53)),
)


async def is_online(failures: Failures, client: Client, network: Network) -> bool:
    """Whether there is a network.

    Where most names could not be looked up, or do not exist, as some networks say of every name, a
    name that surely does is looked up: a change may have links to two hosts that are both down.
    """
    if network.resolver:
        return not is_lost(failures)
    not_found = [found for found in failures.values() if found <= _NOT_FOUND]
    if 2 * len(not_found) <= len(failures):
        return True
    return has_route() and await client.can_look_up(_SURE_TO_EXIST)


def is_lost(failures: Failures) -> bool:
    """Whether nobody was reached; one host alone may be at fault itself."""
    return len(failures) > 1 and all(found <= _NOT_REACHED for found in failures.values())


def has_route() -> bool:
    """Whether this machine knows a way to the internet. Nothing is sent."""
    for family, address in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect(address)
        except OSError:
            continue
        return True
    return False

"""The network of the truth table: loopback is open, but for one port, and names are its own."""

from __future__ import annotations

from collections.abc import Mapping

from links.rows.addresses import NAMES
from loopback import LoopbackResolver
from misbehaving import SECRET, client_tls
from roadmap_site.links.network import WEB_PORTS, Network
from roadmap_site.model.web import IPAddress


def open_network(ports: Mapping[str, int]) -> Network:
    """Lets the checker ask loopback at the servers' ports, except the secret one.

    Addresses may name that port: what keeps the checker from it is the vetting of connections.
    """
    open_ports = {port for host, port in ports.items() if host != SECRET}

    def allows(address: IPAddress, port: int) -> bool:
        return address.is_loopback and port in open_ports

    return Network(
        allows=allows,
        ports={*WEB_PORTS, *ports.values()},
        resolver=lambda: LoopbackResolver(NAMES),  # each run begins at the first of a name's turns
        tls=client_tls(),
    )

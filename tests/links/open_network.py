"""A network of tests: loopback is open, but for one port, and names are what a table says."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Collection, Mapping
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from links.rows.addresses import LOST, NAMES
from misbehaving import CERTIFICATES, LOOPBACK, SECRET
from roadmap_site.links.network import WEB_PORTS, IPAddress, Network


class TableResolver(AbstractResolver):
    """Looks names up in the table of the rows; each run begins at the first of a name's turns."""

    def __init__(self) -> None:
        self._turns: Counter[str] = Counter()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del family  # every name has what the table says
        name = host.removesuffix(".").lower()
        is_ours = name.endswith(".test") and name.isascii()
        answers = NAMES.get(name, ((LOOPBACK,),) if is_ours else (LOST,))
        answer = answers[min(self._turns[name], len(answers) - 1)]
        self._turns[name] += 1
        if answer is None:
            await asyncio.Event().wait()
            return []
        if isinstance(answer, OSError):
            raise type(answer)(*answer.args)
        return [_result(host, address, port) for address in answer]

    async def close(self) -> None:
        """Nothing is open."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


def trusting_tests() -> ssl.SSLContext:
    """Trusts the authority that signed the tests' certificates, and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


def open_network(ports: Mapping[str, int]) -> Network:
    """Lets the checker ask loopback at the servers' ports, except the secret one.

    Addresses may name that port: what keeps the checker from it is the vetting of connections.
    """
    open_ports: Collection[int] = {port for host, port in ports.items() if host != SECRET}

    def allows(address: IPAddress, port: int) -> bool:
        return address.is_loopback and port in open_ports

    return Network(
        allows=allows,
        ports={*WEB_PORTS, *ports.values()},
        resolver=TableResolver,
        tls=trusting_tests(),
    )

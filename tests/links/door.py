"""Runs the command line with a network of the tests' own, which ends on loopback.

    DOOR="*.test=40001" python door.py links --gap 0 curriculum

DOOR has a pattern of host names and a port for each server. Another name does not exist; without
DOOR no name can be looked up, as on a machine without a network. DOOR_OPTIONS are options that the
command gets besides, for scripts that are run as they stand.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from roadmap_site.cli import main
from roadmap_site.links.network import Network
from roadmap_site.model.web import IPAddress

# Where PYTHONSAFEPATH is set, as workflows do, not even a script's own folder is looked at.
sys.path.append(str(Path(__file__).parents[1]))
from links import patient

SERVERS = {
    pattern: int(port)
    for pattern, port in (server.split("=") for server in os.environ.get("DOOR", "").split())
}


class Loopback(AbstractResolver):
    """Knows the names that DOOR has."""

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002 - each server has its own, whatever the address says
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - loopback's is IPv4
    ) -> list[ResolveResult]:
        if not SERVERS:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        for pattern, server in SERVERS.items():
            if fnmatchcase(host, pattern):
                return [
                    ResolveResult(
                        hostname=host,
                        host="127.0.0.1",
                        port=server,
                        family=socket.AF_INET,
                        proto=0,
                        flags=socket.AI_NUMERICHOST,
                    )
                ]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def close(self) -> None:
        """Nothing is open."""


def is_loopback(address: IPAddress, port: int) -> bool:
    return address.is_loopback and port in SERVERS.values()


if __name__ == "__main__":
    asyncio.run = patient.run
    command, *arguments = sys.argv[1:]
    options = os.environ.get("DOOR_OPTIONS", "").split()
    main([command, *options, *arguments], obj=Network(allows=is_loopback, resolver=Loopback))

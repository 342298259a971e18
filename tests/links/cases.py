"""The truth table of `roadmap-site links`: every row of `links/rows`, and the web that serves them.

It was written from HTTP's standards and from what browsers do, apart from the checker: where the
two disagree, one of them is wrong.
"""

from __future__ import annotations

from links.row import PLAIN, SECURE, Row
from links.rows import addresses, bodies, pages, redirects, statuses, walls, weather
from misbehaving import Behaviour

ROWS: tuple[Row, ...] = (
    *statuses.ROWS,
    *redirects.ROWS,
    *weather.ROWS,
    *walls.ROWS,
    *pages.ROWS,
    *bodies.ROWS,
    *addresses.ROWS,
)
TLS = addresses.TLS
GREETINGS: dict[str, Behaviour] = {
    **addresses.GREETINGS,
    **{row.host: row.greets for row in ROWS if row.greets},
}


def _routes() -> dict[str, dict[str, Behaviour]]:
    routes: dict[str, dict[str, Behaviour]] = {PLAIN: {}, SECURE: {}}
    for row in ROWS:
        own = {f"{row.host}/{row.name}": row.does} if row.does else {}
        for where, behaviour in {**own, **row.also}.items():
            host, _, path = where.partition("/")
            routes.setdefault(host, {})[f"/{path}"] = behaviour
    return routes


ROUTES = _routes()

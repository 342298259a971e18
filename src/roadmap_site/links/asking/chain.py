"""Redirects followed by hand: the answers on the way, and the cookies that they set."""

from __future__ import annotations

from contextlib import suppress
from http.cookies import CookieError

from aiohttp import ClientResponse, CookieJar
from yarl import URL

from roadmap_site.links.asking import address
from roadmap_site.links.seen import Hop
from roadmap_site.links.settings import MAX_URL

_REDIRECTS = (301, 302, 303, 307, 308)
_COOKIES = 50
"""Cookies kept in a chain."""


class Chain:
    """The answers on the way to the last one, and the cookies that they set."""

    def __init__(self) -> None:
        self.hops: list[Hop] = []
        self._jar: CookieJar | None = None
        self._been: set[tuple[str, str]] = set()

    def enters(self, url: str) -> bool:
        """Whether an address is new to the chain; it is again once there are other cookies."""
        state = (url, self._cookies(URL(url, encoded=True)))
        is_new = state not in self._been
        self._been.add(state)
        return is_new

    def headers(self, url: URL) -> dict[str, str]:
        """What is sent besides what every request has."""
        cookies = self._cookies(url)
        return {"Cookie": cookies} if cookies else {}

    def take(self, url: str, answer: ClientResponse) -> str | None:
        """Note an answer; returns where it sends on, as an absolute address.

        A redirect that names no place is the answer itself (Fetch standard, 4.4).
        """
        location = None
        named = answer.headers.get("Location", "").strip()
        if answer.status in _REDIRECTS and named:
            location = address.redirected(url, named)[: MAX_URL + 1]
        self.hops.append(Hop(url, answer.status, location or ""))
        if "Set-Cookie" in answer.headers and location is not None:
            # Cookies of bare IP addresses too: tests have no other hosts.
            jar = self._jar = self._jar or CookieJar(unsafe=True, quote_cookie=False)
            if len(jar) < _COOKIES:
                for morsel in answer.cookies.values():
                    with suppress(CookieError):  # quotes belong to a value
                        morsel.set(morsel.key, morsel.coded_value, morsel.coded_value)
                jar.update_cookies(answer.cookies, URL(url, encoded=True))
        return location

    def _cookies(self, url: URL) -> str:
        if self._jar is None:
            return ""
        found = self._jar.filter_cookies(url)
        return "; ".join(f"{name}={morsel.coded_value}" for name, morsel in found.items())

"""References resolved against the address of their page, as browsers do it (URL standard, 4.4)."""

from __future__ import annotations

import re

from roadmap_site.model.web import BLANKS, ENCODED_DOT, PORTS

WEB_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>(?:\?[^#]*)?)(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*):)?(?P<slashes>/*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_PATH = re.compile(r"[^?#]*")  # of a reference: all before its query


def resolved(base: str, reference: str) -> str:
    """Where a reference leads from an address of the web; what has another scheme stays as it is.

    Dots in its path are left to `without_dots`.
    """
    text = re.sub(r"[\t\r\n]", "", reference.strip(BLANKS)).replace(" ", "%20")
    text = _PATH.sub(lambda found: found[0].replace("\\", "/"), text, count=1)
    return _joined(base, text.replace("\\", "%5C"))


def _joined(base: str, reference: str) -> str:
    """A reference, absolute; any number of slashes comes before a host, as browsers have it."""
    here, found = WEB_ADDRESS.fullmatch(base), _REFERENCE.fullmatch(reference)
    if not here or not found:
        return reference
    scheme, slashes, rest = found.groups("")
    if scheme and scheme.lower() not in PORTS:
        return reference
    if len(slashes) > 1 or (scheme and scheme.lower() != here["scheme"].lower()):
        return f"{scheme or here['scheme']}://{rest}"
    root = f"{here['scheme']}://{here['authority']}"
    if slashes:
        return f"{root}/{rest}"
    if rest[:1] in ("", "#"):
        return f"{root}{here['path']}{here['query']}{rest}"
    if rest[0] == "?":
        return f"{root}{here['path']}{rest}"
    return f"{root}{without_dots(here['path']).rpartition('/')[0]}/{rest}"


def without_dots(path: str) -> str:
    """The path without `.` and `..`, encoded or not, as browsers remove them."""
    if "/." not in path and not ENCODED_DOT.search(path):
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        dots = ENCODED_DOT.sub(".", segment)
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
    if ENCODED_DOT.sub(".", segments[-1]) in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)

"""RS4xx: the library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roadmap_site.model.curriculum import Resource
from roadmap_site.model.diagnostic import Diagnostic, Related, Severity, cited, rule
from roadmap_site.model.index import Index


@rule("RS402", "duplicate-url", Severity.ERROR)
def duplicate_url(index: Index) -> Iterator[Diagnostic]:
    """Two resources with one address.

    What it checks: no two entries of the library lead to the same page (scheme, www. and a
    trailing slash set aside).

    Why it matters: each resource stands once; two entries drift apart.

    Example: `cs231n` and `stanford-cs231n`, both https://cs231n.stanford.edu/

    Use instead: one of them, with `part` or `text` where it is mentioned.
    """
    first: dict[str, Resource] = {}
    for resource in index.curriculum.resources.values():
        if not resource.url:
            continue
        bare = re.sub(r"^https?://(www\.)?", "", resource.url.strip(), flags=re.IGNORECASE)
        host, slash, path = bare.partition("/")
        other = first.setdefault(
            host.lower() + slash + path.rstrip("/") if path else host.lower(), resource
        )
        if other is not resource:
            yield duplicate_url.at(
                resource.node.at("url"),
                f"{cited(other.id)} has this address too",
                hint="keep one entry, and refer to it with `part` or `text`",
                related=(Related(other.node.at("url"), "here"),),
            )


@rule("RS403", "unused-resource", Severity.WARNING)
def unused_resource(index: Index) -> Iterator[Diagnostic]:
    """A resource that nothing mentions.

    What it checks: each entry of the library is mentioned or cited somewhere.

    Why it matters: nobody finds it, and nobody keeps it up.

    Example: a book left behind when its week was removed

    Use instead: mention it, or delete it.
    """
    if not index.is_all_complete:
        return
    used: set[str] = set()
    for entity in index.entities:
        used.update(getattr(entity, "refs", ()), getattr(entity, "cites", ()))
    for id, resource in index.curriculum.resources.items():
        if id not in used:
            yield unused_resource.at(
                resource.node.at("title"),
                f"nothing mentions {cited(id)}",
                hint="mention or delete it",
            )


RULES = (duplicate_url, unused_resource)

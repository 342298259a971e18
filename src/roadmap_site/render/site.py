"""A curriculum to a site: a pure function, the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from roadmap_site.model.curriculum import Curriculum, Project
from roadmap_site.model.index import Index
from roadmap_site.model.places import places
from roadmap_site.render import structured
from roadmap_site.render.data import data_files
from roadmap_site.render.page import Draft, Page, Site, clip
from roadmap_site.render.road import Road
from roadmap_site.render.shared_pages import shared_pages
from roadmap_site.render.templates import Templates
from roadmap_site.render.track_pages import track_pages


def render(
    curriculum: Curriculum,
    *,
    site_url: str = "",
    updated: Mapping[str, str] | None = None,
    templates: Templates | None = None,
) -> Site:
    """Every page and data file of a curriculum.

    `site_url` is where the site will stand (with a trailing slash; empty where that is unknown),
    for structured data. `updated` holds the ISO date each file last changed, by its path.
    `templates` may be kept between calls, so that they are compiled once. Expects a curriculum
    whose check has no errors.
    """
    road = Road(Index(curriculum))
    templates = templates or Templates()
    dates = updated or {}
    about = curriculum.about
    context = {
        "id": about.id,
        "tagline": about.tagline,
        "summary": about.summary,
        "tracks": list(road.cards.values()),
        "banks": list(curriculum.banks),
        "counts": {
            "topics": len(curriculum.topics),
            "resources": len(curriculum.resources),
            "questions": sum(len(bank.questions) for bank in curriculum.banks.values()),
            "projects": _count_projects(road),
        },
    }
    pages = tuple(_page(draft, templates, context, site_url) for draft in _drafts(road, dates))
    redirects = dict(_redirects(curriculum))
    titles = {page.path: page.title for page in pages}
    files = data_files(road)
    for old, new in redirects.items():
        files[f"{old}index.html"] = templates.render(
            "redirect",
            at=old,
            page={
                "title": titles.get(new, about.title),
                "target": "../" * old.count("/") + new,
                "canonical": site_url + quote(new) if site_url else "../" * old.count("/") + new,
            },
        )
    return Site(pages=pages, tagline=clip(about.tagline), files=files, redirects=redirects)


def _drafts(road: Road, dates: Mapping[str, str]) -> Iterator[Draft]:
    yield from shared_pages(road, dates)
    for track in road.index.curriculum.tracks:
        yield from track_pages(road, track, dates)


def _page(draft: Draft, templates: Templates, site: Mapping[str, object], site_url: str) -> Page:
    base = "../" * draft.path.count("/") or "./"
    view = {**draft.view, "base": base, "path": draft.path}
    html = templates.render(draft.template, at=draft.path, site=site, page=view)
    beside = templates.render(draft.beside, at=draft.path, page=view) if draft.beside else ""
    data = ""
    if draft.data:
        data = structured.script(structured.absolute(dict(draft.data), site_url))
    nav = None
    if draft.card is not None:
        nav = {
            "track": {
                "title": draft.card["title"],
                "short": draft.card["short"],
                "url": draft.card["url"],
            },
            "groups": draft.nav_groups,
        }
    return Page(
        path=draft.path,
        kind=str(draft.view["kind"]),
        title=draft.title,
        description=draft.description,
        html=html,
        beside=beside,
        data=data,
        span=draft.span,
        updated=draft.updated,
        track=draft.track,
        tone=draft.tone,
        nav=nav,
        search=draft.search.bounded() if draft.search else None,
        previous=draft.previous,
        next=draft.next,
    )


def _count_projects(road: Road) -> int:
    return sum(
        isinstance(tick.entity, Project)
        for spots in road.index.places.values()
        for spot in spots
        for tick in spot.ticks
    )


def _redirects(curriculum: Curriculum) -> Iterator[tuple[str, str]]:
    """Old site paths and where they lead; an address in use is never redirected."""
    used = {f"tracks/{track.id}/{page}" for track in curriculum.tracks for page in ("", "all/")}
    moved: list[tuple[str, str]] = []
    for track in curriculum.tracks:
        folders = [track.id, *track.moved]
        for page in ("", "all/"):
            moved += [(f"tracks/{old}/{page}", f"tracks/{track.id}/{page}") for old in track.moved]
        for place in places(track):
            new = f"tracks/{place.key}/"
            used.add(new)
            for folder in folders:
                for id in (place.id, *place.entity.moved):
                    moved.append((f"tracks/{folder}/{id}/", new))
        for phase in track.phases:
            if phase.weeks:  # it has no page of its own, but may have had one
                for old in phase.moved:
                    moved += [
                        (f"tracks/{folder}/{old}/", f"tracks/{track.id}/") for folder in folders
                    ]
    for topic in curriculum.topics.values():
        used.add(f"topics/{topic.id}/")
        moved += [(f"topics/{old}/", f"topics/{topic.id}/") for old in topic.moved]
    for old, new in moved:
        if old not in used:
            yield old, new

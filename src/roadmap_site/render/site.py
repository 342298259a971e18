"""A curriculum to a site: a pure function, the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from urllib.parse import quote

from roadmap_site.model.curriculum import Curriculum, Project
from roadmap_site.model.index import Index
from roadmap_site.render import structured
from roadmap_site.render.contribute_pages import contribute_pages
from roadmap_site.render.data import data_files, moves_file, versioned
from roadmap_site.render.page import Draft, Page, Site, clip
from roadmap_site.render.redirects import redirects
from roadmap_site.render.road import Road
from roadmap_site.render.shared_pages import shared_pages
from roadmap_site.render.templates import Templates
from roadmap_site.render.track_pages import track_pages


def render(
    curriculum: Curriculum,
    *,
    site_url: str = "",
    repository: str = "",
    schemas: Mapping[str, str] | None = None,
    updated: Mapping[str, str] | None = None,
    templates: Templates | None = None,
) -> Site:
    """Every page and data file of a curriculum.

    `site_url` is where the site will stand (with a trailing slash; empty where that is unknown),
    for structured data. `repository` is the address of the repository that the curriculum is kept
    in, if it has one. `schemas` are the texts of its JSON Schemas by site path, to be published
    and linked. `updated` holds the ISO date each file last changed, by its path.
    `templates` may be kept between calls, so that they are compiled once. Expects a curriculum
    whose check has no errors.
    """
    road = Road(Index(curriculum))
    templates = templates or Templates()
    dates = updated or {}
    about = curriculum.about
    moved = moves_file(curriculum)
    context = {
        "id": about.id,
        "tagline": about.tagline,
        "summary": about.summary,
        "tracks": list(road.cards.values()),
        "banks": list(curriculum.banks),
        "moves": versioned(*moved) if moved else "",
        "counts": {
            "topics": len(curriculum.topics),
            "resources": len(curriculum.resources),
            "questions": sum(len(bank.questions) for bank in curriculum.banks.values()),
            "projects": _count_projects(road),
        },
    }
    # One at a time: what the templates see of all pages weighs more than what comes of it.
    drafts = chain(_drafts(road, dates), contribute_pages(road, repository, schemas or ()))
    pages = tuple(_page(draft, templates, context, site_url) for draft in drafts)
    titles = {page.path: page.title for page in pages}
    old_addresses = redirects(curriculum, titles)
    files = {**data_files(road), **dict([moved] if moved else []), **(schemas or {})}
    for old, redirect in old_addresses.items():
        target = "../" * old.count("/") + redirect.target
        files[f"{old}index.html"] = templates.render(
            "redirect",
            at=old,
            page={
                "title": titles.get(redirect.target.partition("#")[0], about.title),
                "target": target,
                "canonical": site_url + quote(redirect.target, "/#") if site_url else target,
                "is_gone": redirect.is_gone,
            },
        )
    return Site(
        pages=pages,
        tagline=clip(about.tagline),
        files=files,
        redirects={old: redirect.target for old, redirect in old_addresses.items()},
    )


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
        is_prose=draft.is_prose,
        sections=draft.sections,
    )


def _count_projects(road: Road) -> int:
    return sum(
        isinstance(tick.entity, Project)
        for spots in road.index.places.values()
        for spot in spots
        for tick in spot.ticks
    )

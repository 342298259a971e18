"""JSON-LD in schema.org's terms: a track is a Course, a week a Syllabus of it.

Terms and properties as schema.org 30.0 defines them (Course, CourseInstance, Syllabus,
LearningResource); durations are ISO 8601, which has no ranges, so the upper end is given.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from roadmap_site.model.addresses import track_address
from roadmap_site.model.curriculum import Mention, Track
from roadmap_site.render.road import Road, Stop

Data = dict[str, Any]

_TYPES = {
    "article": "Article",
    "book": "Book",
    "course": "Course",
    "paper": "ScholarlyArticle",
    "post": "SocialMediaPosting",
    "video": "VideoObject",
}
RESOURCES_AT_MOST = 12
TOPICS_AT_MOST = 40


def script(data: Data) -> str:
    """The element that carries the data; nothing inside can end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def course(road: Road, track: Track) -> Data:
    """A track."""
    card = road.cards[track.id]
    stops = road.stops[track.id]
    topics = road.index.curriculum.topics
    taught = dict.fromkeys(t for stop in stops for t in road.topics.get(stop.place.key, ()))
    instance: Data = {"@type": "CourseInstance", "courseMode": "online"}
    if track.pace:
        instance["courseWorkload"] = track.pace.iso()
    data: Data = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": track.title,
        "description": track.summary,
        "url": card["url"],
        "inLanguage": track.language,
        "educationalLevel": track.level,
        "isAccessibleForFree": True,
        "timeRequired": (track.total_time or track.length).iso(),
        "provider": {"@type": "Organization", "name": road.index.curriculum.about.title},
        "teaches": [topics[topic].label for topic in taught][:TOPICS_AT_MOST],
        "hasCourseInstance": instance,
        "syllabusSections": [
            {"@type": "Syllabus", "name": stop.title, "position": stop.number, "url": stop.url}
            for stop in stops
        ],
    }
    return data


def syllabus(road: Road, track: Track, stop: Stop) -> Data:
    """A week, with the resources it uses."""
    topics = road.index.curriculum.topics
    data: Data = {
        "@context": "https://schema.org",
        "@type": "Syllabus",
        "name": stop.title,
        "position": stop.number,
        "url": stop.url,
        "isPartOf": {"@type": "Course", "name": track.title, "url": track_address(track.id)},
    }
    if stop.entity.time:
        data["timeRequired"] = stop.entity.time.iso()
    if taught := road.topics.get(stop.place.key, ()):
        data["teaches"] = [topics[topic].label for topic in taught][:TOPICS_AT_MOST]
    library = road.index.curriculum.resources
    used = dict.fromkeys(
        ref
        for tick in stop.place.ticks
        if isinstance(tick.entity, Mention)
        for ref in tick.entity.refs
        if ref in library
    )
    if used:
        data["hasPart"] = [_resource(road, ref) for ref in list(used)[:RESOURCES_AT_MOST]]
    return data


def absolute(data: Data, site_url: str) -> Data:
    """The data with its site paths made full addresses, or without them where there is no site."""
    mended = {key: _absolute(value, site_url) for key, value in data.items()}
    url = mended.get("url")
    if isinstance(url, str) and "://" not in url:
        if site_url:
            mended["url"] = site_url + quote(url)
        else:
            del mended["url"]
    return mended


# No function within another: one that calls itself is a cycle, in which the data would be kept.
def _absolute(value: Any, site_url: str) -> Any:
    if isinstance(value, list):
        return [_absolute(entry, site_url) for entry in value]
    return absolute(value, site_url) if isinstance(value, dict) else value


def _resource(road: Road, ref: str) -> Data:
    resource = road.index.curriculum.resources[ref]
    data: Data = {
        "@type": _TYPES.get(resource.type, "LearningResource"),
        "name": resource.title,
    }
    if resource.url:
        data["url"] = resource.url
    return data

"""What the fixed words of the model mean, for completion and hover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from roadmap_site.model.curriculum import Access, Cost, Level, ProjectKind, ResourceType

WORDS: Mapping[Any, Mapping[str, str]] = {
    Level: {
        "beginner": "For those who are new to it.",
        "intermediate": "For those who know the basics.",
        "advanced": "For those who have worked with it.",
    },
    ProjectKind: {
        "mini": "An exercise of hours.",
        "milestone": "What a month leads up to.",
        "capstone": "What the whole track leads up to.",
        "portfolio": "A piece to show to employers.",
        "idea": "A suggestion to choose from.",
    },
    Literal["error", "warning", "info"]: {
        "error": "Fails the check; the site is not built.",
        "warning": "Fails where the check is strict.",
        "info": "Never fails.",
    },
    ResourceType: {
        "article": "An essay or a chapter on the web.",
        "book": "A book, printed or online.",
        "collection": "Many things of one kind, as papers on a subject.",
        "community": "A place to ask and to talk.",
        "course": "Lessons in order, with or without exercises.",
        "documentation": "The manual of a tool or a library.",
        "paper": "A research paper.",
        "platform": "A site to practise, compete or compute on.",
        "post": "An entry of a blog.",
        "tool": "A program or a library to use.",
        "tutorial": "Steps to follow along.",
        "video": "A recording or a series of them.",
    },
    Cost: {
        "free": "It costs nothing.",
        "paid": "It costs money.",
        "freemium": "A useful part of it is free.",
        "varies": "Some of it is free, as with a collection.",
    },
    Access: {
        "open": "Anyone can open it.",
        "login": "It wants an account, a free one maybe.",
    },
    Literal["track", "month"]: {
        "track": "Week 5 is the fifth of the track.",
        "month": "Each month begins again at week 1.",
    },
}

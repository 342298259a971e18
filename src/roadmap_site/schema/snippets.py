"""What an editor offers to begin a new entry with: `${1:words}` is what the cursor selects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadmap_site.model.curriculum import Item, Mention, Resource, Topic, Week

SNIPPETS: Mapping[type, list[dict[str, Any]]] = {
    Week: [
        {
            "label": "new week",
            "description": "A week with its topics and what to read.",
            "body": {
                "title": "${1:Title without its number}",
                "week": "${2:1}",
                "topics": ["${3:What to learn}"],
                "resources": ["${4:id-of-a-resource}"],
            },
        }
    ],
    Item: [
        {
            "label": "new item that teaches a topic",
            "description": "Text, and the canonical topics it teaches.",
            "body": {"text": "${1:Text}", "teaches": ["${2:id-of-a-topic}"]},
        }
    ],
    Mention: [
        {
            "label": "new mention of a part",
            "description": "A resource, and which part of it.",
            "body": {"ref": "${1:id-of-a-resource}", "part": "${2:Chapters 1-3}"},
        }
    ],
    Topic: [
        {
            "label": "new topic",
            "description": "A canonical topic under its id.",
            "body": {
                "${1:id-of-the-topic}": {
                    "label": "${2:Its name}",
                    "area": "${3:area}",
                    "summary": "${4:What it is, in a sentence or two.}",
                    "requires": ["${5:id-of-a-topic}"],
                }
            },
        }
    ],
    Resource: [
        {
            "label": "new resource",
            "description": "A book, a course or a page under its id.",
            "body": {
                "${1:id-of-the-resource}": {
                    "title": "${2:Its title}",
                    "type": "${3:article}",
                    "url": "${4:https://}",
                }
            },
        }
    ],
}
"""By the class that is begun. Where it stands under an id, the mapping around it has them."""

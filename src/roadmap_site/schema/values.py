"""JSON Schema of the small values: texts, numbers, lengths of time, dates, ids.

YAML reads `title: 2026` as a number, and the loader takes it for the text it is: texts may be
numbers here too. `errorMessage` and `patternErrorMessage` are what editors show (they are the YAML
language server's own keywords, and others pass over them).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadmap_site.model.values import (
    DATE_PATTERN,
    DURATION_PATTERN,
    ID_PATTERN,
    INTEGER_PATTERN,
    NUMBERS_PATTERN,
    BankRef,
    Date,
    Duration,
    FileRef,
    Id,
    Numbers,
    Prose,
    ResourceRef,
    TopicRef,
    TrackRef,
    Url,
    Verbatim,
)

Schema = dict[str, Any]

_TEXT = "Write a text; one that has `: ` in it, or begins with [ { # * & or !, wants quotes."
_BLANK = "Nothing stands here: write it, or delete the line."


def _whole(pattern: str) -> str:
    return rf"^\s*(?:{pattern})\s*$"


def text() -> Schema:
    """Any text that is not blank."""
    return {
        "type": ["string", "number"],
        "pattern": r"\S",
        "errorMessage": _TEXT,
        "patternErrorMessage": _BLANK,
    }


def _id(message: str) -> Schema:
    return {
        "type": ["string", "integer"],
        "pattern": _whole(ID_PATTERN),
        "minimum": 0,
        "errorMessage": message,
    }


VALUES: Mapping[Any, tuple[str, Schema]] = {
    str: ("text", text()),
    Prose: ("text", text()),
    Verbatim: ("text", text()),
    FileRef: (
        "month-file",
        text() | {"errorMessage": "Write the name of a file beside this one, without .yml."},
    ),
    Id: ("id", _id("Write an id: lower case words joined by hyphens, like `my-week`.")),
    TopicRef: ("topic-id", _id("Write the id of a topic in topics.yml, like `backpropagation`.")),
    ResourceRef: ("resource-id", _id("Write the id of a resource in resources/, like `cs231n`.")),
    BankRef: ("bank-id", _id("Write the name of a file in questions/, without .yml.")),
    TrackRef: ("track-id", _id("Write the name of a folder in tracks/.")),
    Url: (
        "url",
        {
            "type": "string",
            "pattern": r"^\s*[Hh][Tt][Tt][Pp][Ss]?://",
            "errorMessage": "Write an address that begins with https:// or http://.",
        },
    ),
    bool: ("boolean", {"type": "boolean", "errorMessage": "Write true or false."}),
    int: (
        "integer",
        {
            "type": ["integer", "string"],
            "minimum": 0,
            "maximum": 10**12 - 1,
            "pattern": f"^{INTEGER_PATTERN}$",
            "errorMessage": "Write a whole number, in digits only.",
        },
    ),
    Numbers: (
        "numbers",
        {
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": 9999,
            "pattern": _whole(NUMBERS_PATTERN),
            "errorMessage": "Write a number or a span of numbers, like 3 or 3-4.",
            "examples": [3, "3-4"],
        },
    ),
    Duration: (
        "duration",
        {
            "type": "string",
            "pattern": _whole(DURATION_PATTERN),
            "errorMessage": "Write a length of time, like 30min, 5-6h, ~200h, 1-2w, 3mo or "
            "10-12h/week.",
            "examples": ["30min", "5-6h"],
        },
    ),
    Date: (
        "date",
        {
            "type": ["string", "integer"],
            "pattern": f"^(?:{DATE_PATTERN})$",
            "minimum": 1000,
            "maximum": 9999,
            "errorMessage": "Write a date as 2026, 2026-11 or 2026-11-20.",
            "examples": [2026, "2026-11-20"],
        },
    ),
}
"""By type of the model: what the definition is called, and what it says."""

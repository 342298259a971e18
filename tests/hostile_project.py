"""A curriculum that attacks its readers: the golden one with hostile words in every text.

`hostile/payloads.yml` has the words. Each field gets some of them in turn, and every fifth field
all of them, so that each payload stands at the start of some text, and every kind of field holds
every payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count, cycle
from pathlib import Path
from typing import Any

import yaml

from site_builder import CHECKOUT, GOLDEN, write_files

TRAP = "__pwned"
"""The function whose call says that something ran."""

# Keys of texts that readers see, and those of lists of such texts.
_TEXT_KEYS = frozenset(
    re.findall(
        r"\w+",
        """also answer audience authors banks_title brief builds choose closing concept currency
        focus goal group intro label language licence milestone note packages part questions_title
        region role short_title source subtitle summary tagline tags text title tools total_label
        variants""",
    )
)
_LISTS_OF_TEXTS = frozenset(
    ["topics", "practice", "projects", "items", "requirements", "deliverables", "points", "advice"]
)
LONG = 100_000
MANY = 1500


def payloads() -> Mapping[str, str]:
    """The hostile words by name, each with a call of the trap that names it."""
    text = (CHECKOUT / "tests" / "hostile" / "payloads.yml").read_text("utf-8")
    words: Mapping[str, str] = yaml.safe_load(text)
    return {
        name: text.replace("PWN", f"{TRAP}({number})")
        for number, (name, text) in enumerate(words.items(), start=1)
    }


class _Poisoning:
    def __init__(self) -> None:
        self.words = list(payloads().values())
        self.turn = cycle(self.words)
        self.fields = count(1)
        self.texts: list[str] = []

    def text(self, text: str, key: str) -> str:
        """A text with hostile words after it, or before it where no id comes of it."""
        number = next(self.fields)
        word = next(self.turn)
        # Where an id comes of it, that begins as it did.
        is_name = key in ("title", "text", "label")
        poisoned = f"{text} {word}" if is_name else f"{word} {text}"
        if number % 5 == 0:
            poisoned = f"{poisoned} {' '.join(self.words)}"
        self.texts.append(poisoned)
        return poisoned

    def value(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if key == "areas":
                return {name: self.text(text, "label") for name, text in value.items()}
            return {name: self.value(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            inner_key = "text" if key in _LISTS_OF_TEXTS else key
            return [self.value(entry, inner_key) for entry in value]
        if isinstance(value, str) and key in _TEXT_KEYS:
            return self.text(value, key)
        return value == "true" if value in ("true", "false") else value


def hostile_files() -> Iterator[tuple[str, str]]:
    """The YAML of the hostile curriculum by path, and a hand-written page without hostile words."""
    source = GOLDEN / "curriculum"
    poisoning = _Poisoning()
    for path in sorted(source.rglob("*.yml")):
        name = path.relative_to(source).as_posix()
        # As the loader reads it: every scalar is a text.
        tree = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        if name.startswith("resources/"):
            name = f"resources/{'><img src=x onerror=' + TRAP + '(99)>'}.yml"
        poisoned = poisoning.value(tree)
        if name == "curriculum.yml":
            poisoned["tracks"].append("large")
        yield name, dump(poisoned)
    yield "pages/about.md", "# About\n\nNothing of this is hostile.\n"
    yield from large_files(poisoning)


def long_text(words: str, length: int = LONG) -> str:
    """Words over and over, and among them one that no line can hold."""
    # Not longer: Chromium takes time that grows with the square of a word it has to break.
    head = "w" * (length // 50)
    return f"{words} {head} {f'{words} ' * (length // len(words))}"[:length]


def large_files(poisoning: _Poisoning) -> Iterator[tuple[str, str]]:
    """A track of very long texts and very many items."""
    words = " ".join(poisoning.words)
    track = {
        "title": "Large",
        "short_title": "Large",
        "summary": long_text("lorem ipsum"),
        "audience": long_text("a"),
        "builds": long_text("<"),
        "level": "beginner",
        "length": "3w",
        "months": ["words", "code", "items"],
        "source": {"title": '"' * 1000 + "x"},
    }
    yield "tracks/large/track.yml", dump(track)
    week = {
        "title": f"Words {long_text('of a title')}",
        "week": "1",
        "summary": f"{long_text(words)}\n\n{long_text('prose')}",
        "topics": [{"text": f"Long {long_text(words)}", "teaches": ["loops"]}, long_text("item")],
    }
    yield "tracks/large/words.yml", dump({"title": "Words in months", "week": "1", "weeks": [week]})
    sources = [
        (long_text(words), "python"),
        (long_text(words), "html"),
        ("`${" * (LONG // 3), "javascript"),
        ("<" * LONG, "no such language"),
    ]
    practice = [
        {"text": f"Program {number}", "code": {"source": source, "language": language}}
        for number, (source, language) in enumerate(sources)
    ]
    yield "tracks/large/code.yml", dump({"title": "Code", "week": "2", "practice": practice})
    items = [f"Item {n} {poisoning.words[n % len(poisoning.words)]}" for n in range(MANY)]
    yield "tracks/large/items.yml", dump({"title": "Very many", "week": "3", "practice": items})


def dump(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=False, width=1_000_000, sort_keys=False)


def make_hostile_project(folder: Path) -> Path:
    """The hostile curriculum under the configuration of the real site."""
    write_files(folder / "curriculum", dict(hostile_files()))
    write_files(folder, {"mkdocs.yml": (CHECKOUT / "mkdocs.yml").read_text("utf-8")})
    return folder

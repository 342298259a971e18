"""The assets that pages load: where each is published, and style sheets without their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = "assets/roadmap"
"""Where assets are published. Scripts import each other by relative path, so names stay."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


def asset_files(templates: Path) -> Iterator[tuple[str, Path, str | None]]:
    """Each asset: its site path, its source, and its text where that differs from the source."""
    folder = templates / "assets"
    for source in sorted(folder.rglob("*")):
        if source.is_file() and not source.name.endswith(".d.ts"):  # types are for editors
            path = f"{FOLDER}/{source.relative_to(folder).as_posix()}"
            text = lean_css(source.read_text("utf-8")) if source.suffix == ".css" else None
            yield path, source, text


def lean_css(text: str) -> str:
    """A style sheet without comments and with white space folded; a reader's phone needs neither.

    For our own style sheets, which hold neither in a string where it would matter.
    """
    return _SPACE.sub(" ", _COMMENT.sub("", text)).strip() + "\n"

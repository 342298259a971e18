"""The assets that pages load: where each is published, and scripts and style sheets made lean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = "assets/roadmap"
"""Where assets are published. Scripts import each other by relative path, so names stay."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_BESIDE_SIGN = re.compile(r" ?([{};,>]) ?|(:) ")  # before a colon, a space means a descendant
_LINE_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_INDENT = re.compile(r"^[ \t\n]+", re.MULTILINE)


def asset_files(templates: Path) -> Iterator[tuple[str, Path, str | None]]:
    """Each asset: its site path, its source, and its text where that differs from the source."""
    folder = templates / "assets"
    for source in sorted(folder.rglob("*")):
        if source.is_file() and not source.name.endswith(".d.ts"):  # types are for editors
            path = f"{FOLDER}/{source.relative_to(folder).as_posix()}"
            lean = _LEAN.get(source.suffix)
            yield path, source, lean(source.read_text("utf-8")) if lean else None


def lean_css(text: str) -> str:
    """A style sheet without comments and with white space folded; a reader's phone needs neither.

    For our own style sheets, which hold neither in a string where it would matter.
    """
    folded = _SPACE.sub(" ", _COMMENT.sub("", text)).strip()
    return _BESIDE_SIGN.sub(r"\1\2", folded).replace(";}", "}") + "\n"


def lean_js(text: str) -> str:
    """A script without the comments that have lines of their own, and without indentation.

    For our own scripts, whose strings of several lines begin no line with `//` or `/*`.
    """
    return _INDENT.sub("", _BLOCK_COMMENT.sub("", _LINE_COMMENT.sub("", text)))


_LEAN = {".css": lean_css, ".js": lean_js}

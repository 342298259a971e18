"""The schemas as files, and the settings by which VS Code finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roadmap_site.model.curriculum import Curriculum
from roadmap_site.schema.build import KINDS, PUBLISHED, schemas

FOLDER = ".schema"
"""Where they stand in a curriculum's folder; the loader passes over what is hidden."""


def schema_texts(curriculum: Curriculum | None = None, *, site_url: str = "") -> dict[str, str]:
    """The files of the schemas, `month.json` and so on, by name."""
    documents = schemas(curriculum, site_url=site_url)
    return {f"{name}.json": _json(document) for name, document in documents.items()}


def published_schemas(curriculum: Curriculum, *, site_url: str = "") -> dict[str, str]:
    """The files of the schemas as the site has them, by path."""
    texts = schema_texts(curriculum, site_url=site_url)
    return {PUBLISHED + name: text for name, text in texts.items()}


def stale_schemas(directory: Path, texts: Mapping[str, str]) -> list[str]:
    """The names of the files in a directory that are missing or out of date, in order."""
    stale = []
    for name, text in texts.items():
        path = directory / name
        if not path.is_file() or path.read_bytes() != text.encode():
            stale.append(name)
    return stale


def write_schemas(
    folder: Path, curriculum: Curriculum | None = None, directory: Path | None = None
) -> list[str]:
    """Write the schemas of a curriculum's folder into its FOLDER, or another directory.

    Only what differs is written; returns the names of those files. Raises OSError, and a folder of
    a stranger's pull request cannot have it write elsewhere.
    """
    if directory is None:
        directory = folder / FOLDER
        if not directory.resolve().is_relative_to(folder.resolve()):
            raise OSError("it is a link that leads out of the curriculum")
    texts = schema_texts(curriculum)
    stale = stale_schemas(directory, texts)
    if stale:
        directory.mkdir(parents=True, exist_ok=True)
    for name in stale:
        path = directory / name
        path.unlink(missing_ok=True)  # where it is a link, writing would follow it
        path.write_bytes(texts[name].encode())
    return stale


def editor_files(folder: str = "curriculum") -> dict[str, str]:
    """The files of a project that make VS Code use the schemas, by path.

    `folder` is the curriculum's, relative to the project's.
    """
    settings: dict[str, Any] = {
        "yaml.schemas": {
            f"./{folder}/{FOLDER}/{name}.json": [
                f"{folder}/{kind.files}{ending}" for ending in (".yml", ".yaml")
            ]
            for name, kind in KINDS.items()
        },
        "yaml.disableDefaultProperties": True,
        "yaml.format.enable": False,
        "yaml.hoverSchemaSource": False,
    }
    extensions = {"recommendations": ["redhat.vscode-yaml"]}
    return {
        ".vscode/settings.json": _json(settings),
        ".vscode/extensions.json": _json(extensions),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

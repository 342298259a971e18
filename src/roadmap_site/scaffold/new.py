"""A new project: every file that a curriculum of one's own begins with. Pure but for `create`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from roadmap_site import __version__
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory
from roadmap_site.load.git import git
from roadmap_site.load.project import YAML_ENDINGS
from roadmap_site.model.source import SourceFile
from roadmap_site.model.values import slug
from roadmap_site.render.templates import templates_dir
from roadmap_site.schema import FOLDER as SCHEMAS
from roadmap_site.schema import editor_files, schema_texts
from roadmap_site.style import format_source

SHORT_TITLE = 24
"""Characters of a track's short title at most (RS114)."""
_SUFFIX = ".jinja"
_CURRICULUM = "curriculum/"
_TRACK = "tracks/track/"
"""Where the templates have the track, whose folder is its id."""


def project_files(*, id: str, title: str, track_title: str) -> Mapping[str, str]:
    """Path and text of every file of a new project.

    The titles are any texts of one line; `id` and the track's title must leave something of
    themselves in a slug.
    """
    environment = Environment(
        # Not Jinja's own marks: workflows and shells have uses for them.
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        loader=FileSystemLoader(templates_dir() / "new"),
        autoescape=False,  # noqa: S701 - YAML and Markdown, escaped by the filters
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(yaml=quoted, markdown=_escaped_markdown)
    track = slug(track_title)
    context = {
        "id": slug(id),
        "title": title,
        "track": track,
        "track_title": track_title,
        "track_short_title": _shortened(track_title),
        "version": __version__,
        "next_version": _next_version(__version__),
    }
    files = {}
    for name in environment.list_templates(extensions=[_SUFFIX.removeprefix(".")]):
        path = name.removesuffix(_SUFFIX).replace(_TRACK, f"tracks/{track}/")
        files[path] = _styled(path, environment.get_template(name).render(context))
    return {**files, **editor_files(), **_schemas(files)}


def _schemas(files: Mapping[str, str]) -> Mapping[str, str]:
    """The schemas that the editor's settings name, with the ids of the curriculum."""
    curriculum = {
        path.removeprefix(_CURRICULUM): text.encode()
        for path, text in files.items()
        if path.startswith(_CURRICULUM)
    }
    texts = schema_texts(load_files(InMemory(curriculum)).curriculum)
    return {f"{_CURRICULUM}{SCHEMAS}/{name}": text for name, text in texts.items()}


def create(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder; none of them may be there. Raises OSError."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)


def begin_history(folder: Path) -> bool:
    """Make a folder a git repository where git is there and it is in none yet; whether it did."""
    if git(folder, "rev-parse", "--git-dir"):
        return False
    git(folder, "-c", "init.defaultBranch=main", "init", "--quiet")
    return (folder / ".git").is_dir()


def _styled(path: str, text: str) -> str:
    """A file of the curriculum in the house style; another as it is."""
    if not (path.startswith(_CURRICULUM) and path.endswith(YAML_ENDINGS)):
        return text
    return format_source(SourceFile(path, text)).text


def quoted(text: str) -> str:
    """A text of one line as YAML, whatever it says; JSON's quotes are YAML's too."""
    return json.dumps(text, ensure_ascii=False)


def _escaped_markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#&|~@])", r"\\\1", text)


def _shortened(title: str) -> str:
    if len(title) <= SHORT_TITLE:
        return title
    head, _, _ = title[: SHORT_TITLE + 1].rpartition(" ")
    return head.rstrip(" ,;:–-(") or title[:SHORT_TITLE].rstrip()


def _next_version(version: str) -> str:
    """The first version that may break: the next minor one below 1.0, then the next major one."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return f"{major + 1}" if major else f"0.{minor + 1}"

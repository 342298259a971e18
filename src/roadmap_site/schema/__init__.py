"""The model to JSON Schema, by which editors complete and check the YAML while it is written."""

from roadmap_site.schema.build import KINDS, PUBLISHED, schemas
from roadmap_site.schema.files import (
    FOLDER,
    editor_files,
    published_schemas,
    schema_texts,
    stale_schemas,
    write_schemas,
)

__all__ = [
    "FOLDER",
    "KINDS",
    "PUBLISHED",
    "editor_files",
    "published_schemas",
    "schema_texts",
    "schemas",
    "stale_schemas",
    "write_schemas",
]

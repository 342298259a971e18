"""The model to JSON Schema, by which editors complete and check the YAML while it is written."""

from roadmap_site.schema.build import KINDS, schemas
from roadmap_site.schema.files import (
    FOLDER,
    PUBLISHED,
    editor_files,
    schema_texts,
    stale_schemas,
    write_schemas,
)

__all__ = [
    "FOLDER",
    "KINDS",
    "PUBLISHED",
    "editor_files",
    "schema_texts",
    "schemas",
    "stale_schemas",
    "write_schemas",
]

"""Changes to YAML files that leave every other byte as it is."""

from roadmap_site.edit.apply import apply_edits, apply_fixes, unified_diff
from roadmap_site.edit.mend import Examine, Mended, mend
from roadmap_site.edit.save import FileChangedError, save
from roadmap_site.edit.trees import (
    append_to_list,
    delete_key,
    delete_lines,
    insert_key,
    set_scalar,
)

__all__ = [
    "Examine",
    "FileChangedError",
    "Mended",
    "append_to_list",
    "apply_edits",
    "apply_fixes",
    "delete_key",
    "delete_lines",
    "insert_key",
    "mend",
    "save",
    "set_scalar",
    "unified_diff",
]

"""Changes to YAML files that leave every other byte as it is."""

from roadmap_site.edit.apply import apply_edits, apply_fixes, unified_diff
from roadmap_site.edit.save import FileChangedError, save
from roadmap_site.edit.trees import append_to_list, insert_key, remove_from_list, set_scalar

__all__ = [
    "FileChangedError",
    "append_to_list",
    "apply_edits",
    "apply_fixes",
    "insert_key",
    "remove_from_list",
    "save",
    "set_scalar",
    "unified_diff",
]

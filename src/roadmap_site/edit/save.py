"""Changed texts back into their files."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from roadmap_site.model.source import SourceFile

_BOM = b"\xef\xbb\xbf"


class FileChangedError(Exception):
    """The file is no longer what was read; nothing was written."""


def save(root: str | os.PathLike[str], file: SourceFile, text: str) -> None:
    """Put `text` in the place of a file's own, whole or not at all.

    What the loader set aside (byte order marks) and the file's mode stay. Raises FileChangedError
    where somebody else wrote the file since it was read, OSError where it cannot be written.
    """
    path = Path(root, file.path).resolve()
    data = path.read_bytes()
    marks = (len(data) - len(data.removeprefix(_BOM))) // len(_BOM) * _BOM
    rest = data[len(marks) :]
    while rest.startswith(_BOM):
        marks, rest = marks + _BOM, rest[len(_BOM) :]
    if rest != file.text.encode():
        raise FileChangedError(f"{file.path} was changed meanwhile")
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(marks + text.encode())
            stream.close()
            temporary.chmod(path.stat().st_mode & 0o7777)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

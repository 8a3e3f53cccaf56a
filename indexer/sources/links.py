"""The address at which people know a document, from a pattern and the path of its file."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import quote

_FIELD = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"\d+", re.ASCII)


def link_of(pattern: str, path: str) -> str:
    """The address of the file at `path` below the source's root; empty where the pattern asks for what it lacks.

    Of `guides/travel-17.md`, `{path}` is all, `{stem}` all but the extension, `{folder}` is `guides`, `{file}` is
    `travel-17.md`, `{name}` is `travel-17`, and `{number}` the last number in that name, such as a page's id.
    """
    file = PurePosixPath(path)
    numbers = _NUMBER.findall(file.stem)
    folder = "" if file.parent == PurePosixPath() else file.parent.as_posix()
    values = {"path": path, "stem": file.with_suffix("").as_posix(), "folder": folder, "file": file.name,
              "name": file.stem, "number": numbers[-1] if numbers else ""}
    if "{number}" in pattern and not numbers:
        return ""
    return _FIELD.sub(lambda found: quote(values[found[1]]), pattern)

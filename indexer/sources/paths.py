"""Names that come from elsewhere, as paths of our own: none leads out of its folder, and every disk takes them."""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from pathlib import Path, PurePosixPath

_LONGEST = 180
"""Bytes of one name; disks take 255, and a digest may have to be added."""
_HARMFUL = frozenset('<>:"|?*\\')


def is_harmless(path: str) -> bool:
    """Whether a path with `/` stays below its root and can be written to any disk as it is."""
    parts = path.split("/")
    return all(part.strip(". ") and len(part.encode(errors="replace")) <= _LONGEST and _is_plain(part)
               for part in parts) and not path.startswith("/")


def _is_plain(part: str) -> bool:
    return not any(letter in _HARMFUL or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in part)


def harmless(path: str) -> str:
    """A path that `is_harmless`, the same one if it is already; different paths stay different."""
    if is_harmless(path):
        return path
    digest = hashlib.sha256(path.encode(errors="replace")).hexdigest()[:8]
    parts = [_cleaned(part) for part in path.split("/")]
    *folders, file = [part for part in parts if part] or ["file"]
    suffix = PurePosixPath(file).suffix[:20]
    return "/".join((*folders, f"{file.removesuffix(suffix)}-{digest}{suffix}"))


def _cleaned(part: str) -> str:
    plain = "".join(letter if letter not in _HARMFUL and _is_plain(letter) else "-" for letter in part).strip(". ")
    suffix = PurePosixPath(plain).suffix[:20]
    return plain.removesuffix(suffix).encode(errors="replace")[:_LONGEST // 2].decode(errors="ignore") + suffix


def write(root: Path, path: str, content: bytes) -> None:
    """A file below a root, with the folders above it."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def reuse(file: str | Path, to: str | Path) -> None:
    """The same file in another place; files in mirrors never change, so a link will do."""
    Path(to).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)

"""Front matter for files that have room for none: `Approvals.pdf.meta.yaml` beside `Approvals.pdf`."""

from __future__ import annotations

import errno
import os
import stat
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, common_fields, text_of
from indexer.readers.yaml_fields import compose, fields_of
from indexer.types import Document

ENDING = ".meta.yaml"
"""Added to the whole name of the file that it is about."""
ENDINGS = (ENDING, ".meta.yml")
"""In whatever case: an owner's limit is not to be lost by how the file is spelled."""
_LARGEST = 1_000_000
_SETTLED = 2_000_000_000
"""Nanoseconds."""
TWICE = "there are two .meta.yaml files about it; keep one"
_LEADS_AWAY = "its .meta.yaml is a link that leads out of its folder; put a copy in its place"
_NO_FILE = "its .meta.yaml is no file, or a link to nothing"
_LIMITS = ("owner", "review_by", "audience", "valid_from", "valid_to")


def is_sidecar(path: PurePath) -> bool:
    """Whether a file of this name is about another one."""
    return path.name.lower().endswith(ENDINGS) and path.name.count(".") > 2


def subject_name(sidecar: str) -> str:
    """The name, or the path, of the file that a sidecar is about."""
    return sidecar[: -len(next(ending for ending in ENDINGS if sidecar.lower().endswith(ending)))]


def subject_of(sidecar: Path) -> Path:
    """The file that a sidecar is about, whether it exists or not."""
    return sidecar.with_name(subject_name(sidecar.name))


def beside(path: Path) -> bytes:
    """The content of a file's sidecar; empty without one. Raises OSError, so that one that is there is never ignored.

    A link is followed to what lies below the file's own folder: Kubernetes mounts its ConfigMaps as such links.
    """
    found: dict[tuple[int, int], tuple[Path, os.stat_result]] = {}
    for name in _names(path):
        sidecar = path.with_name(name)
        try:
            status = sidecar.lstat()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
                continue
            raise
        found[status.st_dev, status.st_ino] = sidecar, status  # a disk may take two spellings for one name
    if len(found) > 1:
        raise OSError(errno.EINVAL, TWICE)
    return next((_content(sidecar, path, status) for sidecar, status in found.values()), b"")


def _content(sidecar: Path, path: Path, status: os.stat_result) -> bytes:
    is_link = stat.S_ISLNK(status.st_mode)
    if is_link and not Path(os.path.realpath(sidecar)).is_relative_to(os.path.realpath(path.parent)):
        raise OSError(errno.EPERM, _LEADS_AWAY)
    if not sidecar.is_file():
        raise OSError(errno.EINVAL, _NO_FILE)
    with sidecar.open("rb") as file:
        return file.read(_LARGEST)


def _names(path: Path) -> set[str]:
    """What the file's sidecar may be called: the two endings, and their other spellings that stand in its folder."""
    changed = path.parent.stat().st_mtime_ns
    is_settled = time.time_ns() - changed > _SETTLED  # else it may change again without another time of change
    listed = (_sidecars if is_settled else _sidecars.__wrapped__)(path.parent, changed)
    return {f"{path.name}{ending}" for ending in ENDINGS} | set(listed.get(path.name, ()))


@lru_cache(maxsize=32)
def _sidecars(folder: Path, changed: int) -> dict[str, list[str]]:
    """The sidecars in a folder by what they are about; it is listed again as soon as it has changed."""
    found: dict[str, list[str]] = {}
    for name in (entry.name for entry in folder.iterdir()):
        if name.lower().endswith(ENDINGS):
            found.setdefault(subject_name(name), []).append(name)
    return found


def applied(reading: Reading, text: str, file_id: str) -> Reading:
    """The documents with what the sidecar says. Raises Fault, so that a limit that cannot be read never opens anything.

    FAQ entries keep what they say themselves; title and address are those of a file that is one document.
    """
    fields = _fields(text, f"{PurePath(file_id).name}{ENDING}")
    is_one = len(reading.documents) == 1 and reading.documents[0].kind == "training"
    return replace(reading, documents=tuple(_with(document, fields, is_one) for document in reading.documents))


def _fields(text: str, name: str) -> Fields:
    try:
        node = compose(text)
        fields = fields_of(node) if node is not None else {}
        common_fields(fields)
    except Fault as fault:
        raise Fault(f"Beside it, {name}: {fault.reason}") from None
    return fields


def _with(document: Document, fields: Fields, is_one: bool) -> Document:
    """The document's own limits hold for FAQ entries and for documents of an archive; else the sidecar's do."""
    said: dict[str, Any] = {name: value for name, value in common_fields(fields).items()
                            if name in (*_LIMITS, *(("url",) if is_one else ())) and value}
    if not is_one:
        said = {name: value for name, value in said.items() if not getattr(document, name)}
    if is_one and (title := text_of(fields, "title")):
        said["title"] = title
    return replace(document, **said)

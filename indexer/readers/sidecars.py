"""Front matter for files that have room for none: `Approvals.pdf.meta.yaml` beside `Approvals.pdf`."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, common_fields, text_of
from indexer.readers.yaml_fields import compose, fields_of
from indexer.types import Document

ENDING = ".meta.yaml"
"""Added to the whole name of the file that it is about."""
_LARGEST = 1_000_000
_LEADS_AWAY = "its .meta.yaml is a link that leads out of its folder; put a copy in its place"
_NO_FILE = "its .meta.yaml is no file, or a link to nothing"
_LIMITS = ("owner", "review_by", "audience", "valid_from", "valid_to")


def is_sidecar(path: PurePath) -> bool:
    """Whether a file of this name is about another one."""
    return path.name.endswith(ENDING) and path.name.count(".") > 2


def subject_of(sidecar: Path) -> Path:
    """The file that a sidecar is about, whether it exists or not."""
    return sidecar.with_name(sidecar.name.removesuffix(ENDING))


def beside(path: Path) -> bytes:
    """The content of a file's sidecar; empty without one. Raises OSError, so that one that is there is never ignored.

    A link is followed to what lies below the file's own folder: Kubernetes mounts its ConfigMaps as such links.
    """
    sidecar = path.with_name(path.name + ENDING)
    try:
        is_link = stat.S_ISLNK(sidecar.lstat().st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
            return b""
        raise
    if is_link and not Path(os.path.realpath(sidecar)).is_relative_to(os.path.realpath(path.parent)):
        raise OSError(errno.EPERM, _LEADS_AWAY)
    if not sidecar.is_file():
        raise OSError(errno.EINVAL, _NO_FILE)
    with sidecar.open("rb") as file:
        return file.read(_LARGEST)


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

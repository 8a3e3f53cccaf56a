"""A ZIP archive of any readable files: its documents are named `path.zip/inner.md`. Nothing is written anywhere."""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from indexer.readers.faults import Fault, Reading
from indexer.readers.office import begins_late
from indexer.readers.sidecars import TWICE, is_sidecar, subject_name
from indexer.types import Document, Failure

_LARGEST_UNPACKED = 1_000_000_000
"""Bytes of all members together, also of archives within."""
_MOST_MEMBERS = 50_000
_DEEPEST = 2
"""Archives within each other."""
_NEVER = frozenset({"README.md", "questions.jsonl"})
_PASSED_OVER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_BROKEN = "This archive is damaged or is something else; pack it anew as a ZIP archive."
_STEPS_OUT = "The name of this member would lead out of the archive; pack it anew, with paths below one folder."
_UNREADABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, zlib.error, OSError,
               RuntimeError, ValueError, struct.error)


def read(content: bytes, file_id: str) -> Reading:
    """The documents of all members that can be read; the others, apart. Raises Fault for what is no archive."""
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    for reading in _readings(content, file_id):
        failures += reading.failures
        for document in reading.documents:
            if document.id in documents:
                failures.append(Failure(document.id, "The archive holds two files of this path; pack it anew."))
            else:
                documents[document.id] = document
    if not documents and not failures:
        raise Fault("The archive holds no file that can be read.")
    return Reading(tuple(documents.values()), tuple(failures))


def _readings(content: bytes, file_id: str) -> Iterator[Reading]:
    if file_id.lower().count(".zip/") >= _DEEPEST:
        raise Fault(f"Archives in archives are read {_DEEPEST} deep; unpack it.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if begins_late(archive, content):
                raise Fault(_BROKEN)
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _LARGEST_UNPACKED:
                raise Fault(f"The archive unpacks to more than {_LARGEST_UNPACKED // 1_000_000:,} MB or "
                            f"{_MOST_MEMBERS:,} files; split it.")
            about = _about(members)
            for member in members:
                yield _member(archive, member, about, file_id)
    except _UNREADABLE:
        raise Fault(_BROKEN) from None


def _about(members: list[zipfile.ZipInfo]) -> dict[str, list[zipfile.ZipInfo]]:
    """The sidecars by the names of what they are about."""
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for member in members:
        if is_sidecar(PurePosixPath(name := _name(member))):
            found.setdefault(subject_name(name), []).append(member)
    return found


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, about: dict[str, list[zipfile.ZipInfo]], file_id: str
            ) -> Reading:
    from indexer.readers import can_read, largest, read, why_unreadable

    name = _name(member)
    path = PurePosixPath(name)
    if name in _NEVER or any((part.startswith(".") and part != "..") or part in _PASSED_OVER for part in path.parts):
        return Reading()
    if not can_read(path):
        reason = why_unreadable(path)
        return Reading(failures=(Failure(f"{file_id}/{_visible(name)}", reason),)) if reason else Reading()
    identity = f"{file_id}/{_visible(name)}"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or _visible(name) != name:
        return _failed(identity, _STEPS_OUT)
    if stat.S_ISLNK(member.external_attr >> 16):
        return _failed(identity, "This member is a link; pack the file that it leads to.")
    try:
        content = _unpacked(archive, member, largest(path))
        sidecars = about.get(name, [])
        if len(sidecars) > 1:
            raise Fault(f"The file cannot be read ({TWICE}).")
        return read(content, identity, _unpacked(archive, sidecars[0], 1_000_000) if sidecars else b"")
    except Fault as fault:
        return _failed(identity, fault.reason)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """No more than the member says it holds. Raises Fault."""
    if member.flag_bits & 1:
        raise Fault("This member needs a password; pack it anew without one.")
    if member.file_size > most:
        raise Fault(f"The file has {member.file_size / 1e6:,.0f} MB; such files are read up to {most / 1e6:,.0f} MB.")
    try:
        with archive.open(member) as file:
            content = file.read(most + 1)
    except _UNREADABLE:
        raise Fault("This member cannot be unpacked; pack the archive anew.") from None
    if len(content) > most:
        raise Fault("This member is larger than the archive says; pack it anew.")
    return content


def _name(member: zipfile.ZipInfo) -> str:
    """Its path with `/`; old Windows programs write `\\`, and UTF-8 without saying so."""
    name = member.filename.replace("\\", "/")
    if not member.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name).removeprefix("./")


def _visible(name: str) -> str:
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in name)


def _failed(identity: str, reason: str) -> Reading:
    return Reading(failures=(Failure(identity, reason),))

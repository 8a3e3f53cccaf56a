"""Office files are archives of XML: looked over before any library unpacks or parses them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.readers.faults import Fault

LARGEST_UNPACKED = 400_000_000
"""Bytes of all members together."""
LARGEST_XML = 30_000_000
"""Bytes of one XML member: as a tree in memory it takes thirty times as much."""
_MOST_MEMBERS = 20_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".encode("latin-1")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)|\0<\0!\0(?:D\0O\0C|E\0N\0T)", re.IGNORECASE)
_MEMBER, _EMPTY = b"PK\x03\x04", b"PK\x05\x06"
_SPLIT = (b"PK00", b"PK\x07\x08")
"""Begins an archive that might have been split, and was not."""
_READ_AT_ONCE = 1_000_000


@contextmanager
def opened(content: bytes, must_hold: str, name: str, largest_xml: int = LARGEST_XML) -> Iterator[zipfile.ZipFile]:
    """The archive of an office file. Raises Fault for one with a password, a broken or a hostile one.

    `largest_xml`: bytes of one XML member, more than usual where its reader makes no tree of it.
    """
    if content.startswith(_OLD):
        if _PASSWORD in content:
            raise Fault(f"This {name} needs a password; save it without one.")
        raise Fault(f"This {name} is in the format of Office 97-2003; open it and save it in the current one.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if begins_late(archive, content):
                raise Fault(broken(name))
            _look_over(archive, name, largest_xml)
            if must_hold not in archive.namelist():
                raise Fault(f"This is no {name}: `{must_hold}` is missing in it; save it anew.")
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError):
        raise Fault(broken(name)) from None


def begins_late(archive: zipfile.ZipFile, content: bytes) -> bool:
    """Whether something stands before the archive: of one that was cut off, an archive within it is found instead."""
    first = min((member.header_offset for member in archive.infolist()), default=None)
    if first is None:
        return not content.startswith(_EMPTY)
    is_split = first == len(_EMPTY) and content.startswith(_SPLIT)
    return first != 0 and not is_split and content[first : first + 4] == _MEMBER


def broken(name: str) -> str:
    """The sentence about a file that its library cannot make sense of."""
    return f"This {name} is damaged or is something else; open it in the program that made it, and save it anew."


def _look_over(archive: zipfile.ZipFile, name: str, largest_xml: int) -> None:
    """Raises Fault for what would fill the memory, and for XML with entities: no office program writes them."""
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise Fault(f"This {name} unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB; split it, or make its "
                    "pictures smaller.")
    for member in members:
        if member.flag_bits & 1:
            raise Fault(f"This {name} needs a password; save it without one.")
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            if member.file_size > largest_xml:
                raise Fault(f"This {name} holds more than {largest_xml // 1_000_000} MB of text in one part; split it.")
            _check_xml(archive, member, name)


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Reads no more than the member says it holds, so that a false size cannot hide a bomb."""
    with archive.open(member) as file:
        tail = b""
        while piece := file.read(_READ_AT_ONCE):
            if _ENTITIES.search(tail + piece):
                raise Fault(f"This {name} holds XML entities, which no office program writes; save it anew in one.")
            tail = piece[-20:]

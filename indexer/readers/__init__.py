"""From a file's bytes to documents: one module per format, loaded when the first such file is read."""

from __future__ import annotations

from pathlib import PurePath

from indexer.readers.faults import Fault, Reading, decode
from indexer.readers.formats import Format, format_of, is_foreign
from indexer.readers.office import broken
from indexer.readers.sidecars import ENDING, applied, beside, is_sidecar, subject_of
from indexer.readers.unreadable import why_unreadable
from indexer.types import Failure

__all__ = ["ENDING", "Reading", "beside", "can_read", "is_sidecar", "largest", "read", "subject_of", "why_unreadable"]


def can_read(path: PurePath) -> bool:
    """Whether there is a reader for files of this name."""
    is_lock = path.name.startswith("~$")  # Office's mark that somebody has a document open
    return format_of(path) is not None and not is_lock and not is_sidecar(path)


def largest(path: PurePath) -> int:
    """Bytes up to which a file of this name is read."""
    found = format_of(path)
    return found.largest if found else 0


def read(content: bytes, file_id: str, sidecar: bytes = b"") -> Reading:
    """The documents of a file, and what could not be taken in; faults never raise.

    `sidecar`: the content of the file beside it that holds its front matter (see `beside`); empty without one.
    """
    reader = format_of(PurePath(file_id))
    assert reader is not None, "only what `can_read` accepts is read"
    try:
        reading = _read(reader, content, file_id)
        return applied(reading, decode(sidecar), file_id) if sidecar else reading
    except Fault as fault:
        return Reading(failures=(Failure(file_id, fault.reason),))


def _read(reader: Format, content: bytes, file_id: str) -> Reading:
    """Raises Fault for whatever goes wrong in a library that is not ours."""
    if len(content) > reader.largest:
        raise Fault(f"The file is too large: {reader.plural} are read up to {reader.largest / 1e6:,.0f} MB. "
                    "Split it, or make its pictures smaller.")
    if not content.strip() and is_foreign(reader):
        raise Fault("The file is empty.")
    given = decode(content) if reader.is_text else content
    try:
        return reader.load()(given, file_id)
    except Fault:
        raise
    except RecursionError:
        raise Fault(f"This {reader.name} is nested too deeply to be read.") from None
    except MemoryError:
        raise Fault(f"This {reader.name} is too large to be read; split it.") from None
    except Exception:
        if not is_foreign(reader):
            raise
        raise Fault(broken(reader.name)) from None

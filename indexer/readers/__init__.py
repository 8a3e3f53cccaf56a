"""From a file's bytes to documents: one module per format."""

from __future__ import annotations

from pathlib import Path, PurePath

from indexer.readers import faq, faq_csv, markdown
from indexer.readers.faults import Fault, Reading, decode
from indexer.readers.unreadable import why_unreadable
from indexer.types import Failure

__all__ = ["Reading", "can_read", "read", "why_unreadable"]

_READERS = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".yaml": faq.read,
    ".yml": faq.read,
    ".csv": faq_csv.read,
}


def can_read(path: PurePath) -> bool:
    """Whether there is a reader for files of this name."""
    return path.suffix.lower() in _READERS


def read(content: bytes, file_id: str) -> Reading:
    """The documents of a file, and what could not be taken in; faults never raise."""
    reader = _READERS[Path(file_id).suffix.lower()]
    try:
        return reader(decode(content), file_id)
    except Fault as fault:
        return Reading(failures=(Failure(file_id, fault.reason),))

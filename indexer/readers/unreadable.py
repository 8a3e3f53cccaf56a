"""Files that look like knowledge and have no reader yet: they are named, so that nobody believes them taken in."""

from __future__ import annotations

from pathlib import PurePath

_AS_TEXT = "save it as Markdown (.md)"
_AS_TABLE = "save an FAQ table as CSV (.csv), anything else as Markdown (.md)"
_AS_NAMED = "if it is Markdown, rename it to .md"
_UNPACKED = "unpack it"

_FORMATS = {
    ".docx": ("Word documents", _AS_TEXT),
    ".doc": ("Word documents", _AS_TEXT),
    ".odt": ("OpenDocument texts", _AS_TEXT),
    ".rtf": ("RTF documents", _AS_TEXT),
    ".xlsx": ("Excel workbooks", _AS_TABLE),
    ".xls": ("Excel workbooks", _AS_TABLE),
    ".ods": ("OpenDocument spreadsheets", _AS_TABLE),
    ".pptx": ("PowerPoint presentations", _AS_TEXT),
    ".ppt": ("PowerPoint presentations", _AS_TEXT),
    ".odp": ("OpenDocument presentations", _AS_TEXT),
    ".pdf": ("PDF documents", _AS_TEXT),
    ".html": ("Web pages", _AS_TEXT),
    ".htm": ("Web pages", _AS_TEXT),
    ".rst": ("reStructuredText documents", _AS_TEXT),
    ".adoc": ("AsciiDoc documents", _AS_TEXT),
    ".txt": ("Plain text files", _AS_NAMED),
    ".vtt": ("Subtitles", _AS_TEXT),
    ".srt": ("Subtitles", _AS_TEXT),
    ".zip": ("Archives", _UNPACKED),
}


def why_unreadable(path: PurePath) -> str | None:
    """The sentence about a file of this name; None if it does not look like knowledge."""
    if path.name.startswith("~$"):  # Office's mark that somebody has a document open
        return None
    name, cure = _FORMATS.get(path.suffix.lower(), ("", ""))
    return f"{name} cannot be read yet; {cure}." if name else None

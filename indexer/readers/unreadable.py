"""Files that look like knowledge and have no reader: they are named, so that nobody believes them taken in."""

from __future__ import annotations

from pathlib import PurePath

_SAVE_AS = "open it and save it as {}"
_AS_WORD, _AS_SLIDES, _AS_SHEET = (_SAVE_AS.format(kind) for kind in (
    "a Word document (.docx)", "a PowerPoint presentation (.pptx)", "an Excel workbook (.xlsx)"))
_UNPACKED = "unpack it, or pack it as a ZIP archive"
_AS_PAGE = "save it as a web page (.html) or a PDF"

_FORMATS = {
    ".doc": ("Documents of Word 97-2003", _AS_WORD),
    ".odt": ("OpenDocument texts", _AS_WORD),
    ".rtf": ("RTF documents", _AS_WORD),
    ".pages": ("Pages documents", _AS_WORD),
    ".xls": ("Workbooks of Excel 97-2003", _AS_SHEET),
    ".xlsb": ("Binary Excel workbooks", _AS_SHEET),
    ".xlsm": ("Excel workbooks with macros", _AS_SHEET),
    ".ods": ("OpenDocument spreadsheets", _AS_SHEET),
    ".numbers": ("Numbers spreadsheets", _AS_SHEET),
    ".ppt": ("Presentations of PowerPoint 97-2003", _AS_SLIDES),
    ".pptm": ("PowerPoint presentations with macros", _AS_SLIDES),
    ".ppsx": ("PowerPoint shows", _AS_SLIDES),
    ".odp": ("OpenDocument presentations", _AS_SLIDES),
    ".docm": ("Word documents with macros", _AS_WORD),
    ".epub": ("E-books", _AS_PAGE),
    ".mht": ("Web archives", _AS_PAGE),
    ".mhtml": ("Web archives", _AS_PAGE),
    ".7z": ("7-Zip archives", _UNPACKED),
    ".rar": ("RAR archives", _UNPACKED),
    ".tar": ("Tar archives", _UNPACKED),
    ".tgz": ("Tar archives", _UNPACKED),
    ".gz": ("Packed files", _UNPACKED),
}


def why_unreadable(path: PurePath) -> str | None:
    """The sentence about a file of this name; None if it does not look like knowledge."""
    if path.name.startswith("~$"):  # Office's mark that somebody has a document open
        return None
    name, cure = _FORMATS.get(path.suffix.lower(), ("", ""))
    return f"{name} cannot be read; {cure}." if name else None

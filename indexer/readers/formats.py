"""Which files are read, and by what: the one list of formats."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

from indexer.readers.faults import Reading

_MB = 1_000_000
_CHATTY = ("pdfminer", "pypdfium2", "pdfplumber", "openpyxl", "markdownify", "mammoth")
_OURS = frozenset({"markdown", "faq", "faq_csv"})


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    name: str
    module: str
    """Of this package, with a function `read(content, file_id) -> Reading` that may raise Fault."""
    is_text: bool = False
    """It is given the decoded text instead of bytes."""
    largest: int = 20 * _MB
    """Bytes."""
    is_risky: bool = False
    """A broken file may bring down the process that reads it, or keep it for ever."""

    @property
    def plural(self) -> str:
        return f"{self.name}s"

    def load(self) -> Callable[[Any, str], Reading]:
        """The reader; imports what it stands on."""
        for chatty in _CHATTY:  # what they have to say about a file is no news to whoever runs the bot
            logging.getLogger(chatty).setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", module=r"openpyxl|bs4|docutils|pptx|mammoth|markdownify")
        reader: Callable[[Any, str], Reading] = import_module(f"indexer.readers.{self.module}").read
        return reader


_MARKDOWN = Format("Markdown document", "markdown", is_text=True)
_FAQ = Format("FAQ file", "faq", is_text=True)
_RST = Format("reStructuredText document", "rst", is_text=True, largest=5 * _MB)
_ASCIIDOC = Format("AsciiDoc document", "asciidoc", is_text=True, largest=5 * _MB)
_HTML = Format("web page", "html")
_SUBTITLES = Format("subtitle file", "transcripts", is_text=True)

_FORMATS = {
    ".md": _MARKDOWN, ".markdown": _MARKDOWN, ".yaml": _FAQ, ".yml": _FAQ,
    ".csv": Format("FAQ table", "faq_csv", is_text=True),
    ".rst": _RST, ".adoc": _ASCIIDOC, ".asciidoc": _ASCIIDOC,
    ".html": _HTML, ".htm": _HTML, ".xhtml": _HTML,
    ".txt": Format("plain text", "plain_text", is_text=True),
    ".vtt": _SUBTITLES, ".srt": _SUBTITLES,
    ".pdf": Format("PDF document", "pdf", largest=200 * _MB, is_risky=True),
    ".docx": Format("Word document", "word", largest=200 * _MB),
    ".pptx": Format("PowerPoint presentation", "slides", largest=300 * _MB),
    ".xlsx": Format("Excel workbook", "sheets", largest=50 * _MB),
    ".zip": Format("archive", "archives", largest=500 * _MB, is_risky=True),
}


def format_of(path: PurePath) -> Format | None:
    """The format of files of this name; None if they cannot be read."""
    return _FORMATS.get(path.suffix.lower())


def is_foreign(reader: Format) -> bool:
    """Whether libraries take part that may fail in ways of their own."""
    return reader.module not in _OURS


def is_risky(path: PurePath) -> bool:
    """Whether files of this name are better read in a process of their own."""
    found = format_of(path)
    return found is not None and found.is_risky

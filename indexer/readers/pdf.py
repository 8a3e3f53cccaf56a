"""A PDF document: its text in reading order, with headings and tables, and the page of each section."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from indexer.readers.faults import Fault, Reading
from indexer.readers.office import broken
from indexer.readers.pdf_pages import Page, Plumber, page_of
from indexer.readers.pdf_text import Entry, parts_of
from indexer.readers.structure import document_of, tidy
from indexer.types import Failure

_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_FILE_NAME = re.compile(r"\.\w{2,5}$|^\((?:anonymous|unspecified)\)$|^(?:microsoft (?:word|powerpoint|excel)|"
                        r"untitled|do[ck]ument ?\d*$|slide ?\d*$|"
                        r"presentation ?\d*$|powerpoint presentation$)", re.IGNORECASE)
_NO_TEXT = ("This PDF holds {}, no text; run text recognition (OCR) over it, or take the document that it was "
            "made from.")
_GIBBERISH = ("The text of this PDF cannot be taken out, because its fonts do not say which letters they show; run "
              "text recognition (OCR) over it, or take the document that it was made from.")
_ONE_AT_A_TIME = threading.Lock()
"""PDFium may be used by one thread at a time."""


def read(content: bytes, file_id: str) -> Reading:
    """The file as one document. Raises Fault for one with a password, without text, or broken."""
    with _ONE_AT_A_TIME, closing(_opened(content)) as pdf, closing(Plumber(content)) as plumber:
        if len(pdf) > _MOST_PAGES:
            raise Fault(f"The PDF has {len(pdf):,} pages; split it into files of up to {_MOST_PAGES:,}.")
        title = tidy(pdf.get_metadata_dict().get("Title", ""))
        outline = list(_outline(pdf))
        pages = list(_pages(pdf, plumber))
    _check(pages)
    named = title if title and not _FILE_NAME.search(title) else None
    read_pages = document_of(parts_of(pages, outline), file_id, title=named)
    return Reading((read_pages,), tuple(_unread(pages, file_id)))


def _opened(content: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as raw

    if b"%PDF-" not in content[:1024]:
        raise Fault(broken("PDF document"))
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Fault("This PDF needs a password; save it without one.") from None
        raise Fault(broken("PDF document")) from None


def _outline(pdf: Any) -> Iterator[Entry]:
    for entry, _ in zip(pdf.get_toc(max_depth=6), range(10_000), strict=False):
        target = entry.get_dest()
        index = target.get_index() if target else None
        if index is not None and (title := tidy(entry.get_title())):
            yield Entry(entry.level + 1, title, index + 1)


def _pages(pdf: Any, plumber: Plumber) -> Iterator[Page]:
    characters = 0
    for index in range(len(pdf)):
        page = pdf[index]
        try:
            read_page = page_of(page, index + 1, plumber)
        finally:
            page.close()
        characters += sum(len(piece.text) for piece in read_page.pieces)
        if characters > _MOST_CHARACTERS:
            raise Fault("The PDF holds more text than 20,000 pages of a book; split it.")
        yield read_page


def _unread(pages: list[Page], file_id: str) -> Iterator[Failure]:
    """What is lost although the rest was read; a cover that is a picture is no loss."""
    scanned = [page.number for page in pages[1:] if page.has_pictures and not page.pieces]
    if len(scanned) * 10 > len(pages):
        named = f"Page {scanned[0]} is a picture" if len(scanned) == 1 else (
            f"{len(scanned):,} pages, from page {scanned[0]} to {scanned[-1]}, are pictures")
        yield Failure(file_id, f"{named} without text, and left out; run text recognition (OCR) over the file.")


def _check(pages: list[Page]) -> None:
    """Raises Fault where there is no text, or none that anybody could read."""
    text = "".join(piece.text + piece.table for page in pages for piece in page.pieces)
    if not text.strip():
        scanned = any(page.has_pictures for page in pages)
        raise Fault(_NO_TEXT.format("scanned pages" if scanned else "drawings or empty pages"))
    unknown = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in text)
    if unknown > 0.3 * len(text):
        raise Fault(_GIBBERISH)

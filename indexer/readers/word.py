"""A Word document (.docx), by mammoth: headings by their styles, tables, lists, footnotes, descriptions of pictures."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from indexer.readers.faults import Reading
from indexer.readers.html_parts import parts_of
from indexer.readers.office import opened
from indexer.readers.structure import document_of, tidy

if TYPE_CHECKING:
    from zipfile import ZipFile

_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Caption'] => p > em:fresh
r[style-name='Strong'] => strong
r[style-name='Verbatim Char'] => code
r[style-name='HTML Code'] => code
p[style-name='Source Code'] => pre:separator('\n')
p[style-name='HTML Preformatted'] => pre:separator('\n')
u => strong
"""
_DUBLIN_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MEANS_NOTHING = re.compile(r"^(?:do[ck]ument ?\d*|untitled.*|(?:microsoft )?word .*|powerpoint presentation|"
                            r"presentation ?\d*|.*\.\w{3,4})$", re.IGNORECASE)


def read(content: bytes, file_id: str) -> Reading:
    """The file as one document. Raises Fault for one without text."""
    import mammoth
    from bs4 import BeautifulSoup

    with opened(content, "word/document.xml", "Word document") as archive:
        title = core_title(archive)
    html = mammoth.convert_to_html(io.BytesIO(content), style_map=_STYLES, include_embedded_style_map=False,
                                   convert_image=mammoth.images.img_element(_pictured)).value
    soup = BeautifulSoup(f"<body>{html}</body>", "lxml")
    named = soup.select_one("h1.document-title")
    if named is not None:  # Word's style for the title stands above the headings, not among them
        title = title or tidy(named.get_text())
        if tidy(named.get_text()) == title:
            named.extract()
        else:
            named.name = "p"
    parts = parts_of(soup)
    return Reading((document_of(parts, file_id, title=title),))


def core_title(archive: ZipFile) -> str | None:
    """The title among the file's properties, if somebody meant it; the archive was looked over before."""
    try:
        root = ElementTree.fromstring(archive.read("docProps/core.xml"))
    except (KeyError, ElementTree.ParseError):
        return None
    title = tidy(root.findtext(_DUBLIN_TITLE) or "")
    return title if title and not _MEANS_NOTHING.match(title) else None


def _pictured(image: Any) -> dict[str, str]:
    return {"src": ""}

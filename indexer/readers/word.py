"""A Word document (.docx), by mammoth: headings by their styles, tables, lists, footnotes, descriptions of pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from indexer.readers.faults import Reading
from indexer.readers.html_parts import parts_of
from indexer.readers.office import opened
from indexer.readers.structure import document_of, tidy
from indexer.readers.word_xml import number_lists, prepared

if TYPE_CHECKING:
    from zipfile import ZipFile

    from bs4 import BeautifulSoup
    from bs4.element import PageElement

_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Caption'] => p > em:fresh
p[style-name^='toc '] => !
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
        title, given = core_title(archive), prepared(archive)
    html = mammoth.convert_to_html(given, style_map=_STYLES, include_embedded_style_map=False,
                                   convert_image=mammoth.images.img_element(_pictured)).value
    soup = BeautifulSoup(f"<body>{html}</body>", "lxml")
    number_lists(soup)
    _flatten_inner_tables(soup)
    _place_notes(soup)
    named = soup.select_one("h1.document-title")
    if named is not None:  # Word's style for the title stands above the headings, not among them
        title = title or tidy(named.get_text())
        if tidy(named.get_text()) == title:
            named.extract()
        else:
            named.name = "p"
    parts = parts_of(soup)
    return Reading((document_of(parts, file_id, title=title),))


def _place_notes(soup: BeautifulSoup) -> None:
    """Notes stand below the block that refers to them, not at the end, where they would belong to the last heading."""
    last: dict[int, PageElement] = {}
    for note in soup.select("li[id^=footnote-], li[id^=endnote-]"):
        mark = soup.find(id=str(note["id"]).replace("note-", "note-ref-", 1))
        block = next((one for one in mark.parents if one.parent is soup.body), None) if mark else None
        if mark is None or block is None:
            continue
        for back in note.find_all("a", href=f"#{mark['id']}"):
            back.extract()
        if (begin := note.find(string=True)) is not None:
            begin.replace_with(begin.lstrip())
        (note.find("p") or note).insert(0, f"{mark.get_text()} ")
        for said in list(note.contents):
            last.get(id(block), block).insert_after(said)
            last[id(block)] = said
        everything = note.parent
        note.extract()
        if everything is not None and not everything.find("li"):
            everything.extract()


def _flatten_inner_tables(soup: BeautifulSoup) -> None:
    """A table in a cell becomes a text, row after row, since Markdown's cells hold none; a mere frame goes."""
    for table in soup.find_all("table"):
        own = [tag for tag in table.find_all(["thead", "tbody", "tr", "td", "th"]) if tag.find_parent("table") is table]
        if table.find("table") and sum(tag.name in ("td", "th") for tag in own) == 1:
            for frame in [*own, table]:
                frame.unwrap()
    for table in reversed(soup.select("table table")):
        rows = (" – ".join(text for cell in row.find_all(["td", "th"]) if (text := tidy(cell.get_text(" "))))
                for row in table.find_all("tr"))
        said = soup.new_tag("p")
        said.string = "; ".join(row for row in rows if row)
        table.replace_with(said)


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

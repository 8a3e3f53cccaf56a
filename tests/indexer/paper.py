"""Small PDF and Word files, made without any program: what stands where is said by the test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

Text = tuple[float, float, float, str]
"""Left edge, base line (both in points from the lower left), size, and the words."""


PICTURE = "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"
"""A drawing operator: a picture, such as a scanned page is."""


def pdf(*pages: Sequence[Text], rules: Sequence[str] = (), title: str = "", encoding: str = "/WinAnsiEncoding"
        ) -> bytes:
    """A PDF with these texts on A4 pages, in Helvetica; `rules`: drawing operators for each page.

    `encoding` says what the characters stand for: `<< /Differences [149 /uniF0A8] >>` makes a symbol of `•`.
    """
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
               f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {encoding} >>"]
    for number, texts in enumerate(pages):
        shown = "\n".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(words)}) Tj ET" for x, y, size, words in texts)
        stream = "\n".join([*rules, shown])
        objects += [f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R {_FONT} >>",
                    f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream"]
    return _file([*objects, f"<< /Title ({_escaped(title)}) >>"])


def column(left: float, top: float, *lines: str, size: float = 10, distance: float = 12) -> list[Text]:
    """Lines below each other."""
    return [(left, top - number * distance, size, line) for number, line in enumerate(lines)]


def docx(*body: str, title: str = "", extra: str = "", footnotes: Sequence[str] = (), endnotes: Sequence[str] = ()
         ) -> bytes:
    """A Word document of these paragraphs and tables (WordprocessingML); `extra` stands before its root element.

    Notes are paragraphs, counted from 1; `mark` refers to them.
    """
    return zipped({
        "word/footnotes.xml": _notes("footnote", footnotes),
        "word/endnotes.xml": _notes("endnote", endnotes),
        "[Content_Types].xml": (f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="appli'
                                'cation/vnd.openxmlformats-package.relationships+xml"/></Types>'),
        "_rels/.rels": _related("officeDocument", "word/document.xml"),
        "word/styles.xml": f'<w:styles {_W}>' + "".join(
            f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
            for name in ("heading 1", "heading 2", "Title", "toc 1", "TOC Heading")) + "</w:styles>",
        "word/_rels/document.xml.rels": _related("styles", "styles.xml"),
        "docProps/core.xml": (f'<c:coreProperties xmlns:c="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/'
                              f'dc/elements/1.1/"><dc:title>{title}</dc:title></c:coreProperties>'),
        "word/document.xml": f"{extra}<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
    })


def paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t>{text}</w:t></w:r></w:p>"


def mark(number: int, kind: str = "footnote") -> str:
    """Refers to a note, within the text of a paragraph."""
    return f'</w:t><w:{kind}Reference w:id="{number}"/><w:t>'


def table(*rows: Sequence[str]) -> str:
    """Of texts, and of what `cell` made."""
    cells = ("".join(one if one.startswith("<w:tc>") else cell(one) for one in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def cell(text: str, *, wide: int = 1, merged: str = "") -> str:
    """A cell as wide as so many; `merged`: "restart" in the first row that it spans, "continue" in those below."""
    spans = f'<w:gridSpan w:val="{wide}"/>' + (f'<w:vMerge w:val="{merged}"/>' if merged else "")
    return f"<w:tc><w:tcPr>{spans}</w:tcPr>{paragraph(text)}</w:tc>"


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_FONT = "/Resources << /Font << /F1 3 0 R >> >>"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _notes(kind: str, texts: Sequence[str]) -> str:
    notes = (f'<w:{kind} w:id="{number}">{text}</w:{kind}>' for number, text in enumerate(texts, start=1))
    return f"<w:{kind}s {_W}>{''.join(notes)}</w:{kind}s>"


def _related(kind: str, target: str) -> str:
    """A part with one relationship."""
    return (f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
            f'officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>')


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[str]) -> bytes:
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(content)
    content += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    content += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return content + (f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n"
                      f"startxref\n{start}\n%%EOF\n").encode()

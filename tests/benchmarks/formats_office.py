"""Flat OpenDocument texts of which LibreOffice makes the Word, PowerPoint, Excel and PDF files of `formats_folder`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

_SPACES = {"office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing", "meta": "meta",
           "fo": "xsl-fo-compatible", "svg": "svg-compatible", "presentation": "presentation", "number": "datastyle"}
_NAMES = " ".join([*(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                     for short, name in _SPACES.items()),
                   'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'])
PICTURE = "@@PICTURE@@"
"""Stands for the picture, in base 64."""


def tag(opening: str, *inner: str) -> str:
    """An element, by what stands in its opening tag."""
    return f"<{opening}>{''.join(inner)}</{opening.split()[0]}>"


def writer(body: str, *, title: str = "", header: str = "", footer: str = "") -> str:
    """A text; `footer` stands before the page's number."""
    above = tag("style:header", p(escape(header))) if header else ""
    below = tag("style:footer", p(escape(footer), "<text:page-number/>")) if footer else ""
    page = tag('style:master-page style:name="Standard" style:page-layout-name="A4"', above, below)
    return _document("text", _named(title), tag("office:styles", *_WRITER_STYLES),
                     tag("office:automatic-styles", *_WRITER_OWN), tag("office:master-styles", page),
                     tag("office:body", tag("office:text", body)))


def slides(title: str, *pages: str) -> str:
    """A presentation."""
    layout = _style("P", "", "page-layout", 'fo:page-width="28cm" fo:page-height="15.75cm"', kind="page-layout")
    hidden = _style("Hidden", "drawing-page", "drawing-page", 'presentation:visibility="hidden"')
    own = [_style(name, family, "graphic", 'draw:fill="none" draw:stroke="none"', f'fo:font-size="{size}pt"')
           for name, family, size in (("Large", "presentation", 36), ("Usual", "presentation", 20),
                                      ("Plain", "graphic", 20))]
    master = tag('style:master-page style:name="M" style:page-layout-name="P"')
    return _document("presentation", _named(title), tag("office:automatic-styles", layout, hidden, *own),
                     tag("office:master-styles", master), tag("office:body", tag("office:presentation", *pages)))


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]], hidden: str) -> str:
    """A workbook; one of its sheets is hidden. A cell that ends with `|` is merged with the one on its right."""
    shown = [_style(name, "table", "table", f'table:display="{display}"')
             for name, display in (("Shown", "true"), ("Gone", "false"))]
    day = tag('number:date-style style:name="Day"', '<number:day number:style="long"/>', tag("number:text", "/"),
              '<number:month number:style="long"/>', tag("number:text", "/"), '<number:year number:style="long"/>')
    date = tag('style:style style:name="Date" style:family="table-cell" style:data-style-name="Day"')
    tables = [tag(f'table:table table:name="{name}" table:style-name="{"Gone" if name == hidden else "Shown"}"',
                  *(tag("table:table-row", *map(_cell, row)) for row in rows)) for name, rows in sheets.items()]
    return _document("spreadsheet", tag("office:automatic-styles", *shown, day, date),
                     tag("office:body", tag("office:spreadsheet", *tables)))


def p(*text: str, style: str = "Standard") -> str:
    """A paragraph."""
    return tag(f'text:p text:style-name="{style}"', *text)


def heading(level: int, text: str, *, page: bool = False) -> str:
    """A heading; `page`: it begins a page."""
    return tag(f'text:h text:style-name="Heading{level}{"Page" if page else ""}" text:outline-level="{level}"',
               escape(text))


def points(*items: str | tuple[str, ...], style: str = "Points") -> str:
    """A list; of a tuple all but the first are the list below that."""
    def item(one: str | tuple[str, ...]) -> str:
        text, *deeper = (one,) if isinstance(one, str) else one
        return tag("text:list-item", p(text), tag("text:list", *map(item, deeper)) if deeper else "")

    return tag(f'text:list text:style-name="{style}"', *map(item, items))


def cells(*texts: str, spans: Mapping[int, str] | None = None) -> str:
    """A row of a text's table; an empty text is covered by a cell that spans it; `spans`: what a cell spans."""
    return tag("table:table-row", *(
        tag(f'table:table-cell table:style-name="Cell" {(spans or {}).get(number, "")}', p(text)) if text
        else "<table:covered-table-cell/>" for number, text in enumerate(texts)))


def table(columns: int, head: str, *rows: str) -> str:
    """A table; without a head, which slides do not know, its first row is one like the others."""
    return tag("table:table", f'<table:table-column table:number-columns-repeated="{columns}"/>',
               tag("table:table-header-rows", head) if head else "", *rows)


def frame(box: str, *inner: str, kind: str = "") -> str:
    """A shape of a slide: left, top, width and height in cm; `kind`: the placeholder that it is."""
    x, y, width, height = box.split()
    style = f'presentation:class="{kind}" presentation:style-name="{"Large" if kind == "title" else "Usual"}"'
    return tag(f'draw:frame {style if kind else _PLAIN} svg:x="{x}cm" svg:y="{y}cm" svg:width="{width}cm" '
               f'svg:height="{height}cm"', *inner)


def words(*paragraphs: str) -> str:
    """The text in a shape."""
    return tag("draw:text-box", *paragraphs)


def picture(description: str) -> tuple[str, str]:
    """A picture with its description, to be put into a frame."""
    return tag("draw:image", tag("office:binary-data", PICTURE)), tag("svg:desc", description)


def slide(title: str, *frames: str, notes: str = "", hidden: bool = False) -> str:
    """A slide with a title."""
    below = tag("presentation:notes", frame("2 14 17 12", words(p(notes)), kind="notes")) if notes else ""
    own = 'draw:style-name="Hidden"' if hidden else ""
    return tag(f'draw:page draw:name="{title}" draw:master-page-name="M" {own}',
               frame("1 0.5 26 2.5", words(p(title)), kind="title"), *frames, below)


_PLAIN = 'draw:style-name="Plain"'


def _document(kind: str, *inner: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return head + tag(f'office:document {_NAMES} office:version="1.2" office:mimetype="{mime}"', *inner)


def _named(title: str) -> str:
    return tag("office:meta", tag("dc:title", escape(title))) if title else ""


def _style(name: str, family: str, properties: str, said: str, text: str = "", more: str = "", kind: str = "style"
           ) -> str:
    """A style with properties of one kind, and those of its letters."""
    of = f'style:family="{family}"' if family else ""
    return tag(f'style:{kind} style:name="{name}" {of} {more}', f"<style:{properties}-properties {said}/>",
               f"<style:text-properties {text}/>" if text else "")


def _heading_styles() -> Iterable[str]:
    for level, size in ((1, 18), (2, 14)):
        yield _style(f"Heading{level}", "paragraph", "paragraph", 'fo:margin-top="0.4cm" fo:margin-bottom="0.2cm"',
                     f'fo:font-size="{size}pt" fo:font-weight="bold"',
                     f'style:display-name="Heading {level}" style:default-outline-level="{level}"')


def _contents_style() -> str:
    stop = ('<style:tab-stop style:position="16cm" style:type="right" style:leader-style="dotted" '
            'style:leader-text="."/>')
    return tag('style:style style:name="Contents1" style:display-name="Contents 1" style:family="paragraph"',
               tag("style:paragraph-properties", tag("style:tab-stops", stop)))


def _list_style(name: str, first: str, second: str) -> str:
    return tag(f'text:list-style style:name="{name}"', *(
        tag(f'text:list-level-style-{said.split()[0]} text:level="{level}" {said.split(" ", 1)[1]}',
            f'<style:list-level-properties text:space-before="{level - 0.5}cm" text:min-label-width="0.6cm"/>')
        for level, said in ((1, first), (2, second))))


def _cell(text: str) -> str:
    """Of a sheet."""
    if text.replace(".", "", 1).isdigit():
        return f'<table:table-cell office:value-type="float" office:value="{text}"/>'
    if text.count("-") == 2 and text.replace("-", "").isdigit():
        return f'<table:table-cell table:style-name="Date" office:value-type="date" office:date-value="{text}"/>'
    span = ' table:number-columns-spanned="2"' if text.endswith("|") else ""
    cell = tag(f'table:table-cell office:value-type="string"{span}', tag("text:p", escape(text.rstrip("|"))))
    return cell + ("<table:covered-table-cell/>" if span else "")


_WRITER_STYLES = (
    _style("Standard", "paragraph", "paragraph", 'fo:margin-bottom="0.2cm"', 'fo:font-size="11pt"'),
    _style("Title", "paragraph", "paragraph", 'fo:margin-bottom="0.4cm"', 'fo:font-size="26pt"'), *_heading_styles(),
    _style("ContentsHead", "paragraph", "paragraph", "", more='style:display-name="Contents Heading"'),
    _contents_style())
_PAGE = 'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"'
_BULLET = 'bullet text:bullet-char="{}"'
_WRITER_OWN = (
    *(_style(f"Heading{level}Page", "paragraph", "paragraph", 'fo:break-before="page"',
             more=f'style:parent-style-name="Heading{level}"') for level in (1, 2)),
    _style("Bold", "text", "text", 'fo:font-weight="bold"'),
    tag('style:style style:name="Two" style:family="section"', tag(
        "style:section-properties", '<style:columns fo:column-count="2" fo:column-gap="0.8cm"/>')),
    _style("Cell", "table-cell", "table-cell", 'fo:border="0.5pt solid #000000" fo:padding="0.1cm"'),
    _list_style("Steps", 'number style:num-format="1" style:num-suffix="."', _BULLET.format("•")),
    _list_style("Points", _BULLET.format("•"), _BULLET.format("–")),
    tag('style:page-layout style:name="A4"', f"<style:page-layout-properties {_PAGE}/>", "<style:header-style/>",
        "<style:footer-style/>"))

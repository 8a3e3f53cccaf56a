"""A PowerPoint presentation (.pptx), by python-pptx: a section for each slide, with its notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from indexer.readers.escaping import escaped, markdown_table
from indexer.readers.faults import Reading
from indexer.readers.html_parts import SAYS_NOTHING
from indexer.readers.office import opened
from indexer.readers.structure import Part, document_of, tidy
from indexer.readers.word import core_title

_MOST_SLIDES = 2_000
_DEEPEST_GROUP = 8
_SAME_ROW = 200_000
"""A fifth of an inch, in PowerPoint's units: what stands so near to each other in height is read from left to right."""


def read(content: bytes, file_id: str) -> Reading:
    """The slides that are shown as one document; each says which one it is. Raises Fault for one without text."""
    from pptx import Presentation

    with opened(content, "ppt/presentation.xml", "PowerPoint presentation") as archive:
        title = core_title(archive)
    slides = list(Presentation(io.BytesIO(content)).slides)[:_MOST_SLIDES]
    parts = [_part(slide, number) for number, slide in enumerate(slides, start=1) if not _is_hidden(slide)]
    return Reading((document_of(parts, file_id, title=title),))


def _is_hidden(slide: Any) -> bool:
    return slide._element.get("show") in ("0", "false")


def _part(slide: Any, number: int) -> Part:
    """A slide's level is not outermost: the first one's title is not that of the presentation."""
    title = slide.shapes.title
    heading = tidy(title.text_frame.text) if title is not None and title.has_text_frame else ""
    blocks = [block for shape in _in_order(slide.shapes) if title is None or shape.shape_id != title.shape_id
              for block in _blocks(shape, 0)]
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = _paragraphs(slide.notes_slide.notes_text_frame, bullets=False)
        blocks += [f"**Notes:** {notes}"] if notes.strip() else []
    text = "\n\n".join(block for block in blocks if block.strip())
    return Part(text, 2, heading, place=f"slide {number}")


def _in_order(shapes: Any) -> list[Any]:
    """As people read: from the top, and from the left where shapes stand beside each other."""
    return sorted(shapes, key=lambda shape: ((shape.top or 0) // _SAME_ROW, shape.left or 0))


def _blocks(shape: Any, depth: int) -> Iterator[str]:
    """What a shape says, in Markdown."""
    if getattr(shape, "shapes", None) is not None and depth < _DEEPEST_GROUP:
        for inner in _in_order(shape.shapes):
            yield from _blocks(inner, depth + 1)
    elif getattr(shape, "has_table", False) and shape.has_table:
        yield markdown_table([[escaped(cell.text_frame.text) for cell in row.cells] for row in shape.table.rows])
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        yield from _chart(shape.chart)
    elif shape.has_text_frame and not _is_margin(shape):
        yield _paragraphs(shape.text_frame, bullets=shape.is_placeholder)
    elif said := _described(shape):
        yield f"*[{escaped(said)}]*"


def _described(shape: Any) -> str:
    """What somebody wrote about a picture; not the name of its file, which programs put there."""
    said = " ".join((shape._element._nvXxPr.cNvPr.get("descr") or "").split())
    return "" if shape.has_text_frame or SAYS_NOTHING.fullmatch(said) else said


def _is_margin(shape: Any) -> bool:
    """Date, footer and number of the slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    return shape.is_placeholder and shape.placeholder_format.type in (
        PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)


def _chart(chart: Any) -> Iterator[str]:
    """A chart's title and figures."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield f"**{escaped(chart.chart_title.text_frame.text.strip())}**"
    plots = list(chart.plots)
    if plots:
        names = ["", *(str(series.name) for series in plots[0].series)]
        values = [list(series.values) for series in plots[0].series]
        rows = [[str(category), *(_figure(series[at]) if at < len(series) else "" for series in values)]
                for at, category in enumerate(plots[0].categories)]
        yield markdown_table([[escaped(cell) for cell in row] for row in (names, *rows)])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _paragraphs(frame: Any, *, bullets: bool) -> str:
    """The paragraphs of a text frame; several in a placeholder are bullet points, as the slide shows them."""
    filled = [(paragraph.level, escaped(" ".join(paragraph.text.split()))) for paragraph in frame.paragraphs
              if paragraph.text.strip()]
    if not bullets or len(filled) < 2:
        return "\n\n".join(text for _, text in filled)
    lowest = min(level for level, _ in filled)
    return "\n".join(f"{'  ' * (level - lowest)}- {text}" for level, text in filled)

"""Numbered steps of a Word document keep their numbers, and what Word hides is not published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from indexer.readers import read
from tests.indexer.paper import docx, paragraph, table, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(number: int, kind: str = "decimal", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/></w:lvl>'


def definition(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def numbered(number: int, of: int, restart: int | None = None) -> str:
    override = "" if restart is None else (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{restart}"/></w:lvlOverride>')
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def step(text: str, of: int = 1, depth: int = 0, mark: str = "") -> str:
    marked = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return (f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{of}"/></w:numPr>{marked}</w:pPr>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p>")


def hidden(text: str) -> str:
    return f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{text}</w:t></w:r>"


def text_of(*body: str, numbering: Sequence[str] = (), styles: str = "") -> str:
    with zipfile.ZipFile(io.BytesIO(docx(*body))) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["word/numbering.xml"] = f"<w:numbering {W}>{''.join(numbering)}</w:numbering>"
    if styles:
        members["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    (document,) = read(zipped(members), "f.docx").documents
    return "\n\n".join(section.text for section in document.sections)


STEPS = (definition(1, level(0), level(1, "lowerLetter")), numbered(1, of=1))


def test_steps_with_a_note_between_them_are_numbered_on() -> None:
    text = text_of(step("Open"), paragraph("A picture."), step("Scan"), step("Check"), paragraph("A note."),
                   step("Post"), numbering=STEPS)
    assert text == "1. Open\n\nA picture.\n\n2. Scan\n3. Check\n\nA note.\n\n4. Post"


def test_a_list_that_starts_anew_starts_anew() -> None:
    text = text_of(step("Open"), step("Scan"), paragraph("At night:"), step("Ring", of=2), step("Wait", of=2),
                   paragraph("Elsewhere:"), step("Leave", of=3), paragraph("Then:"), step("Go", of=3),
                   numbering=(definition(1, level(0)), definition(2, level(0, start=7)), numbered(1, of=1),
                              numbered(2, of=1, restart=1), numbered(3, of=2)))
    assert text == ("1. Open\n2. Scan\n\nAt night:\n\n1. Ring\n2. Wait\n\nElsewhere:\n\n7. Leave\n\nThen:\n\n8. Go")


def test_a_list_right_below_another_one_is_a_list_of_its_own() -> None:
    text = text_of(step("Open"), step("Scan"), step("Ring", of=2), numbering=(
        definition(1, level(0)), numbered(1, of=1), numbered(2, of=1, restart=1)))
    assert text == "1. Open\n2. Scan\n\n1. Ring"


def test_steps_within_steps_are_numbered_on_and_anew_below_the_next_step() -> None:
    text = text_of(step("Open"), step("Tap", depth=1), paragraph("A note."), step("Swipe", depth=1), step("Scan"),
                   step("Aim", depth=1), numbering=STEPS)
    assert text == "1. Open\n   1. Tap\n\nA note.\n\n2. Swipe\n\n2. Scan\n   1. Aim"


def test_steps_that_were_deleted_do_not_count_and_empty_ones_do() -> None:
    text = text_of(step("Open"), step("", mark='<w:del w:id="1" w:author="x"/>'), step(""), paragraph("Note."),
                   step("Post"), numbering=STEPS)
    assert text == "1. Open\n\nNote.\n\n3. Post"


def test_numbers_given_by_a_style_go_on_too() -> None:
    styles = ('<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:numPr><w:numId w:val="1"/>'
              '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Steps"><w:name w:val="Steps"/>'
              '<w:basedOn w:val="Base"/></w:style>')
    definition_of_style = definition(1, level(0).replace("<w:numFmt", '<w:pStyle w:val="Steps"/><w:numFmt'))
    text = text_of(paragraph("Open", "Steps"), paragraph("Note."), paragraph("Scan", "Steps"), styles=styles,
                   numbering=(definition_of_style, numbered(1, of=1)))
    assert text == "1. Open\n\nNote.\n\n2. Scan"


def test_a_numbered_heading_shows_no_mark_of_ours() -> None:
    heading = paragraph("Limits", "heading1").replace("</w:pPr>", (
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'))
    content = docx(paragraph("Text."), heading, paragraph("More."))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["word/numbering.xml"] = f"<w:numbering {W}>{''.join(STEPS)}</w:numbering>"
    (document,) = read(zipped(members), "f.docx").documents
    assert (document.title, [section.text for section in document.sections]) == ("Limits", ["Text.", "More."])


def test_hidden_text_is_left_out() -> None:
    style = ('<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr>'
             "</w:style>")
    text = text_of(f"<w:p><w:r><w:t>Shown. </w:t></w:r>{hidden('The code is 4711.')}"
                   '<w:r><w:rPr><w:rStyle w:val="Secret"/></w:rPr><w:t>So is 4712.</w:t></w:r>'
                   '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Shown, too.</w:t></w:r></w:p>', styles=style)
    assert text == "Shown. Shown, too."


def test_a_table_in_a_table_can_be_read() -> None:
    inner = table(("Size", "Tape"), ("small", "one strip"))
    text = text_of(table(("Parcel", "How")).replace(paragraph("How"), paragraph("How:") + inner))
    assert " ".join(text.split()).startswith("| Parcel | How: Size – Tape; small – one strip |")


def test_a_table_in_a_mere_frame_stays_a_table() -> None:
    inner = table(("Size", "Tape"), ("small", "one strip"))
    text = text_of(table(("x",)).replace(paragraph("x"), paragraph("Parcels") + inner))
    assert text == "Parcels\n\n| Size | Tape |\n| --- | --- |\n| small | one strip |"

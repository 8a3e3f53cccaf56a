"""Word, PowerPoint and Excel files become the same sections as Markdown; slides and sheets are named."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from pptx import Presentation

from indexer.readers import Reading, read
from tests.indexer.paper import cell, docx, mark, paragraph, table, zipped

PASSWORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64)


def reason(content: bytes, name: str) -> str:
    (failure,) = read(content, name).failures
    assert failure.document == name
    return failure.reason


def deck() -> bytes:
    slides = Presentation()
    first = slides.slides.add_slide(slides.slide_layouts[0])
    first.shapes.title.text, first.placeholders[1].text = "Quaymark", "For approvers"
    second = slides.slides.add_slide(slides.slide_layouts[1])
    second.shapes.title.text = "What changes"
    body = second.placeholders[1].text_frame
    body.text = "Paper forms end"
    below = body.add_paragraph()
    below.text, below.level = "also the <green> ones", 1
    second.notes_slide.notes_text_frame.text = "Forms found later are sent back."
    third = slides.slides.add_slide(slides.slide_layouts[5])
    third.shapes.title.text = "Deadlines"
    cells = third.shapes.add_table(2, 2, 0, 0, 100, 100).table
    for (row, column), text in {(0, 0): "Step", (0, 1): "Day", (1, 0): "Cutover", (1, 1): "19 March"}.items():
        cells.cell(row, column).text = text
    hidden = slides.slides.add_slide(slides.slide_layouts[5])
    hidden.shapes.title.text = "Not shown"
    hidden._element.set("show", "0")
    hidden.shapes.add_textbox(0, 0, 1, 1).text_frame.text = "secret"
    return saved(slides)


def saved(made: Presentation | Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def book(**sheets: list[list[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    return saved(workbook)


def test_headings_tables_and_text_of_a_word_document() -> None:
    content = docx(paragraph("Approvals", "heading1"), paragraph("Who &lt;decides&gt;?"),
                   paragraph("Limits", "heading2"), table(("Amount", "Approver"), ("up to 500", "line|manager")))
    (document,) = read(content, "a/Approvals.docx").documents
    assert (document.id, document.title) == ("a/Approvals.docx", "Approvals")
    assert [(section.heading_path, section.text) for section in document.sections] == [
        ((), r"Who \<decides>?"),
        (("Limits",), "| Amount | Approver |\n| --- | --- |\n| up to 500 | line\\|manager |")]


@pytest.mark.parametrize(("core", "styled", "title"), [
    ("Approvals in Quaymark", "Approvals", "Approvals in Quaymark"), ("", "The approvals", "The approvals"),
    ("Document1", "", "f.docx")])
def test_the_title_is_that_of_the_properties_or_of_the_style(core: str, styled: str, title: str) -> None:
    content = docx(*([paragraph(styled, "Title")] if styled else []), paragraph("Text."), title=core)
    assert read(content, "f.docx").documents[0].title == title


def test_each_slide_is_a_section_with_its_notes_and_hidden_ones_are_left_out() -> None:
    (document,) = read(deck(), "deck.pptx").documents
    assert [(section.heading_path, section.place, section.text) for section in document.sections] == [
        (("Quaymark",), "slide 1", "For approvers"),
        (("What changes",), "slide 2", ("- Paper forms end\n  - also the \\<green> ones\n\n"
                                        "**Notes:** Forms found later are sent back.")),
        (("Deadlines",), "slide 3", "| Step | Day |\n| --- | --- |\n| Cutover | 19 March |")]


def test_a_sheet_with_questions_is_an_faq_and_any_other_one_a_table() -> None:
    content = book(FAQ=[["Question", "Answer", "Also asked", "Valid to"],
                        ["How do I print?", "Choose **Print**.", "printing|labels", date(2031, 1, 31)]],
                   Mileage_rates=[["Rates from April"], [], ["Vehicle", "Rate"], ["car, van", 0.45],
                                  ["bike|trike", None]])
    entry, table_of_rates = read(content, "rates.xlsx").documents
    assert (entry.id, entry.kind, entry.phrasings, entry.valid_to) == (
        "rates.xlsx#how-do-i-print", "faq", ("How do I print?", "printing", "labels"), date(2031, 1, 31))
    (section,) = table_of_rates.sections
    assert (table_of_rates.id, section.heading_path, section.place) == (
        "rates.xlsx", ("Mileage rates",), "sheet Mileage rates")
    assert section.text == ("Rates from April\n\n| Vehicle | Rate |\n| --- | --- |\n| car, van | 0.45 |\n"
                            "| bike\\|trike |  |")


def test_faults_of_a_sheet_name_it_and_the_row() -> None:
    content = book(Desk=[["question", "answer"], ["Where?", "There."], ["When?", None]],
                   Shop=[["question", "answer"], ["Where?", "Here."]], Broken=[["question", "reply"], ["a", "b"]])
    reading = read(content, "f.xlsx")
    assert [document.id for document in reading.documents] == ["f.xlsx#where"]
    assert [(failure.document, failure.reason) for failure in reading.failures] == [
        ("f.xlsx#when", "Sheet Desk, row 3: This entry has no `answer`."),
        ("f.xlsx#where", "Sheet Shop: Another sheet has an entry of this id; give each entry an `id` of its own."),
        ("f.xlsx", ("Sheet Broken, row 1: An FAQ table begins with a row of column names, `question` and `answer` "
                    "among them; `answer` cannot be found."))]


def test_hidden_sheets_are_left_out() -> None:
    workbook = Workbook()
    workbook.active.append(["secret", "figures"])
    workbook.active.sheet_state = "hidden"
    workbook.create_sheet("Open").append(["shown"])
    (document,) = read(saved(workbook), "f.xlsx").documents
    assert "secret" not in "".join(section.text for section in document.sections)


@pytest.mark.parametrize("name", ["f.docx", "f.pptx", "f.xlsx"])
@pytest.mark.parametrize(("content", "begins"), [
    (PASSWORD, " needs a password; save it without one."), (OLD, " is in the format of Office 97-2003; "),
    (b"no archive at all", " is damaged or is something else; "), (zipped({"a.txt": "b"}), ": `"),
    (docx(paragraph("x"))[:-40], " is damaged or is something else; ")])
def test_what_no_office_program_would_open_is_told_in_a_sentence(name: str, content: bytes, begins: str) -> None:
    kind = {"f.docx": "Word document", "f.pptx": "PowerPoint presentation", "f.xlsx": "Excel workbook"}[name]
    assert f"{kind}{begins}" in reason(content, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_is_refused_before_any_library_sees_it(encoding: str) -> None:
    hostile = "<!DOCTYPE w [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"
    content = docx(paragraph("&amp;a;"), extra=hostile)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = members["word/document.xml"].decode().encode(encoding)
    assert "holds XML entities" in reason(zipped(members), "f.docx")


def test_a_file_that_unpacks_to_far_more_than_anybody_wrote_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.office.LARGEST_UNPACKED", 100_000)
    content = docx(paragraph("x" * 200_000))
    assert len(content) < 5_000
    assert "unpacks to more than" in reason(content, "f.docx")


def test_documents_without_text_are_told() -> None:
    assert reason(docx(paragraph("")), "f.docx") == "The file holds no text."
    assert reason(saved(Presentation()), "f.pptx") == "The file holds no text."
    assert reason(book(A=[]), "f.xlsx") == "The workbook holds no text."


def test_reading_says_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert isinstance(read(deck(), "deck.pptx"), Reading)
    assert capfd.readouterr() == ("", "")


def test_a_cell_of_a_word_document_that_spans_rows_stands_in_each_of_them() -> None:
    content = docx(table((cell("Country", merged="restart"), cell("Rate", wide=2)),
                         (cell("", merged="continue"), "Day", "Night"),
                         (cell("Wales", merged="restart"), "1", "2"), (cell("", merged="continue"), "3", "4"),
                         (cell("Kent", wide=2, merged="restart"), "5"),
                         (cell("", wide=2, merged="continue"), "6")))
    (section,) = read(content, "f.docx").documents[0].sections
    assert section.text == ("| Country | Rate | |\n| --- | --- | --- |\n| Country | Day | Night |\n| Wales | 1 | 2 |\n"
                            "| Wales | 3 | 4 |\n| Kent | | 5 |\n| Kent | | 6 |")


def noted(*body: str, footnotes: tuple[str, ...] = (), endnotes: tuple[str, ...] = ()) -> list[str]:
    """The blocks of the sections of a Word document with notes."""
    content = docx(*body, footnotes=[paragraph(note) for note in footnotes],
                   endnotes=[paragraph(note) for note in endnotes])
    return [block for section in read(content, "f.docx").documents[0].sections for block in section.text.split("\n\n")]


def test_notes_stand_below_their_paragraph_in_their_order() -> None:
    blocks = noted(paragraph(f"Goods{mark(1)} and travel{mark(2)} need consent."), paragraph("Nobody else."),
                   paragraph(f"Pens{mark(3)} do not."), paragraph("Limits", "heading1"), paragraph("Up to 500."),
                   footnotes=("Of any kind.", "By train.", "And paper."))
    assert blocks == ["Goods[1] and travel[2] need consent.", "[1] Of any kind.", "[2] By train.", "Nobody else.",
                      "Pens[3] do not.", "[3] And paper.", "Up to 500."]


def test_notes_at_the_end_of_a_document_are_no_others() -> None:
    blocks = noted(paragraph(f"Goods{mark(1)} and travel{mark(1, 'endnote')}."), paragraph("Nobody else."),
                   footnotes=("Of any kind.",), endnotes=("By train.",))
    assert blocks == ["Goods[1] and travel[2].", "[1] Of any kind.", "[2] By train.", "Nobody else."]


def test_notes_to_a_table_stand_below_it() -> None:
    blocks = noted(table(("Amount", "Approver"), (f"500{mark(1)}", "manager")), paragraph("Nobody else."),
                   footnotes=("In *pounds*.",))
    assert blocks == ["| Amount | Approver |\n| --- | --- |\n| 500[1] | manager |", r"[1] In \*pounds\*.",
                      "Nobody else."]


def test_the_table_of_contents_of_a_word_document_is_left_out() -> None:
    content = docx(paragraph("Contents", "TOCHeading"), paragraph("Limits 4", "toc1"), paragraph("Before all."),
                   paragraph("Limits", "heading1"), paragraph("Up to 500."))
    sections = read(content, "f.docx").documents[0].sections
    assert [section.text for section in sections] == ["Before all.", "Up to 500."]


DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")


@pytest.mark.parametrize(("description", "shown"), [
    ("The button *Close* at the\nlower right", r"*[The button \*Close\* at the lower right]*"),
    ("The steps, one by one. " * 20 + "End.", f"*[{'The steps, one by one. ' * 20}End.]*"),
    ("Screenshot 2031-01-31 at 10.00.00.png", ""), (r"D:\pictures\the screen.jpg", ""),
    ("image.png", ""), ("Screen-12.jpeg", ""), ("Image 3", ""), ("img", ""), ("", "")])
def test_a_picture_on_a_slide_is_told_by_its_description(description: str, shown: str) -> None:
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.shapes.title.text = "Closing"
    slide.shapes.add_textbox(0, 3_000_000, 1, 1).text_frame.text = "Then leave."
    group = slide.shapes.add_group_shape()
    for place in (slide.shapes, group.shapes):
        picture = place.add_picture(io.BytesIO(DOT), 0, 2_000_000)
        picture._element._nvXxPr.cNvPr.set("descr", description)
    (section,) = read(saved(slides), "f.pptx").documents[0].sections
    assert section.text == "\n\n".join([*([shown, shown] if shown else []), "Then leave."])


def test_a_note_is_told_whole_with_what_it_refers_to() -> None:
    long = "The approver is the person named on the cost centre. " * 8
    link = ('See </w:t></w:r><w:hyperlink w:anchor="limits"><w:r><w:t>section 3</w:t></w:r></w:hyperlink><w:r><w:t>, '
            '</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>not</w:t></w:r><w:r><w:t>.')
    assert noted(paragraph(f"Goods{mark(1)}, travel{mark(2)}."), footnotes=(long, link)) == [
        "Goods[1], travel[2].", f"[1] {long.strip()}", "[2] See section 3, **not**."]


def test_a_note_of_several_paragraphs_is_told_whole() -> None:
    content = docx(paragraph(f"Goods{mark(1)}."), paragraph("Nobody else."),
                   footnotes=[paragraph("Of any kind.") + paragraph("And paper.")])
    (section,) = read(content, "f.docx").documents[0].sections
    assert section.text == "Goods[1].\n\n[1] Of any kind.\n\nAnd paper.\n\nNobody else."

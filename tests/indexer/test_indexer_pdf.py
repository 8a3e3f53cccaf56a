"""PDF documents: reading order, headings, tables, pages; and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.readers import read
from indexer.types import Document, Section
from tests.indexer.paper import PICTURE, Text, column, pdf

FILES = Path(__file__).parent / "files"
LEFT = ("Every request for goods goes to", "an approver before the supplier", "sees an order. The approver is the",
        "person named on the cost centre", "to which the goods are charged.")
RIGHT = ("Travel is booked by the traveller", "in person, at the latest two weeks", "before the journey begins. Late",
         "bookings need the consent of the", "budget holder of the cost centre.")


def document(content: bytes, name: str = "Approvals.pdf") -> Document:
    reading = read(content, name)
    assert not reading.failures
    (only,) = reading.documents
    return only


def sections(*pages: list[Text]) -> tuple[Section, ...]:
    return document(pdf(*pages)).sections


def reason(content: bytes) -> str:
    ((name, sentence),) = [(failure.document, failure.reason) for failure in read(content, "a/b.pdf").failures]
    assert name == "a/b.pdf"
    return sentence


def test_each_page_is_a_place_to_which_a_link_leads() -> None:
    found = document(pdf(column(72, 700, *LEFT), column(72, 700, *RIGHT)))
    assert found.title == "Approvals.pdf"
    assert [(section.place, section.anchor) for section in found.sections] == [
        ("page 1", "page=1"), ("page 2", "page=2")]
    assert found.sections[1].text == " ".join(RIGHT)


def test_a_title_that_somebody_gave_is_taken_and_a_file_name_is_not() -> None:
    page = column(72, 700, *LEFT)
    assert document(pdf(page, title="Approvals in Quaymark")).title == "Approvals in Quaymark"
    assert document(pdf(page, title="Microsoft Word - draft7.docx")).title == "Approvals.pdf"


def test_two_columns_are_read_one_after_the_other_below_their_common_heading() -> None:
    (section,) = sections([(72, 760, 18, "The newsletter of the whole roll-out of this year"),
                           *column(72, 700, *LEFT), *column(320, 700, *RIGHT)])
    assert section.text == f"{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"


def test_larger_lines_are_headings_and_go_on_over_pages() -> None:
    found = sections(
        [(72, 780, 20, "Manual"), *column(72, 740, *LEFT), (72, 640, 14, "Travel"), *column(72, 610, *RIGHT)],
        [*column(72, 740, *LEFT), (72, 640, 14, "Mileage"), *column(72, 610, *RIGHT)])
    assert [(section.heading_path, section.place) for section in found] == [
        ((), "page 1"), (("Travel",), "page 1"), (("Travel",), "page 2"), (("Mileage",), "page 2")]


def test_running_heads_and_page_numbers_go_and_boilerplate_of_the_text_stays() -> None:
    pages = [[(72, 810, 9, "Tarnbrook Supplies - internal"), (290, 30, 9, f"Page {number} of 4"),
              *column(72, 780, f"Order {number} needs a signature.", f"Reason {number}: goods above the limit."),
              *column(72, 600, *LEFT)] for number in range(1, 5)]
    text = "\n".join(section.text for section in sections(*pages))
    assert "internal" not in text
    assert "Page 3" not in text
    assert "Order 3 needs a signature." in text


def test_a_word_divided_at_the_end_of_a_line_is_one_word_again() -> None:
    (section,) = sections(column(72, 700, "The roll-out of the ware-", "house begins on Monday. The roll-",
                                 "out of the shops follows."))
    assert section.text == "The roll-out of the warehouse begins on Monday. The roll-out of the shops follows."


def test_items_of_lists_stay_items() -> None:
    (section,) = sections(column(72, 700, "Before you begin you need these three things at hand:", "\u2022 the number",
                                 "\u2022 the date", "1. Open the case.", "2. Close it."))
    assert section.text.endswith("at hand:\n\n- the number\n- the date\n1. Open the case.\n2. Close it.")


def test_cells_that_stand_below_each_other_make_a_table() -> None:
    rows = [("Amount", "Approver", "Days"), ("up to 500", "line manager", "1"), ("over 500", "budget holder", "2")]
    (section,) = sections([*column(72, 740, *LEFT), *((x, 640 - 20 * number, 10, row[at]) for number, row in
                                                      enumerate(rows) for at, x in enumerate((72, 200, 340)))])
    assert section.text.endswith("\n\n| Amount | Approver | Days |\n| --- | --- | --- |\n"
                                 "| up to 500 | line manager | 1 |\n| over 500 | budget holder | 2 |")


def test_a_table_with_ruled_lines_keeps_its_cells() -> None:
    rules = [f"{x} {y} 120 24 re S" for x in (72, 192) for y in (600, 624)]
    (section,) = document(pdf([(76, 632, 10, "Country"), (196, 632, 10, "Days"), (76, 608, 10, "Wales"),
                               (196, 608, 10, "a|b")], rules=rules)).sections
    assert section.text == "| Country | Days |\n| --- | --- |\n| Wales | a\\|b |"


def test_marks_in_the_text_are_no_markup() -> None:
    (section,) = sections(column(72, 700, "# of seats: press <Enter> and *wait* for the [x](y) sign"))
    assert section.text == r"\# of seats: press \<Enter> and \*wait\* for the \[x](y) sign"


def test_a_page_without_text_says_that_it_needs_text_recognition() -> None:
    assert reason(pdf([])).startswith("This PDF holds drawings or empty pages, no text; run text recognition")


def test_a_password_is_named() -> None:
    assert reason((FILES / "locked.pdf").read_bytes()) == "This PDF needs a password; save it without one."


@pytest.mark.parametrize("content", [b"GIF89a and nothing else", b"%PDF-1.7\nnothing of that kind",
                                     pdf(column(72, 700, *LEFT))[:300]])
def test_a_damaged_file_is_told_in_a_sentence(content: bytes) -> None:
    assert reason(content).startswith("This PDF document is damaged or is something else; ")


def test_an_empty_file_is_told() -> None:
    assert reason(b"") == "The file is empty."


def test_lines_that_only_point_to_pages_are_left_out() -> None:
    (section,) = sections([*column(72, 700, "1 Introduction . . . . . . . . 4", "2 Travel ........... 12"),
                           *column(72, 600, *LEFT)])
    assert section.text == " ".join(LEFT)


def test_what_stands_side_by_side_in_columns_is_no_running_head() -> None:
    same = "Price on request, and on"
    (section,) = sections([*column(72, 790, same, *LEFT), *column(320, 790, same, *RIGHT)])
    assert section.text == f"{same} {' '.join(LEFT)}\n\n{same} {' '.join(RIGHT)}"


@pytest.mark.parametrize("symbol", ["F0B7", "F0A8", "F0E0", "F02D", "E000", "F8FF"])
def test_bullets_of_symbol_fonts_are_bullets(symbol: str) -> None:
    content = pdf(column(72, 700, "You need:", "\u2022 the number", "\u2022 the date", "and nothing else at all"),
                  encoding=f"<< /BaseEncoding /WinAnsiEncoding /Differences [149 /uni{symbol}] >>")
    (section,) = document(content).sections
    assert section.text == "You need:\n\n- the number\n- the date and nothing else at all"


def test_lists_within_lists_are_as_deep_as_their_left_edges_say() -> None:
    items = [(72, "1. Open"), (90, "\u2022 now"), (108, "\u2022 late"), (90, "\u2022 never"), (72, "10. Close"),
             (90, "\u2022 so")]
    (section,) = sections([*((left, 700 - 12 * number, 10, item) for number, (left, item) in enumerate(items)),
                           *column(72, 600, "The end comes without any mark.")])
    assert section.text == ("1. Open\n   - now\n     - late\n   - never\n10. Close\n    - so\n\n"
                            "The end comes without any mark.")


def test_numbers_that_end_at_one_edge_are_one_list() -> None:
    (section,) = sections([*column(77.5, 700, "9. Open"), *column(72, 688, "10. Close"), *column(72, 676, "11. Go")])
    assert section.text == "9. Open\n10. Close\n11. Go"


def test_the_lists_of_the_next_column_are_not_below_those_of_the_one_before() -> None:
    left = [*column(72, 700, "\u2022 Every request for goods goes to"), *column(
        90, 688, "\u2022 an approver before the order", "\u2022 the person named on a cost"), *column(
        72, 664, "\u2022 Whatever else is needed comes")]
    right = [*column(320, 700, "\u2022 Travel is booked by the traveller"), *column(
        338, 688, "\u2022 at the latest two weeks before", "\u2022 with the consent of a holder"), *column(
        320, 664, "\u2022 Whoever is late asks somebody")]
    (section,) = sections([*left, *right])
    assert section.text.split("\n") == [
        "- Every request for goods goes to", "  - an approver before the order", "  - the person named on a cost",
        "- Whatever else is needed comes", "- Travel is booked by the traveller",
        "  - at the latest two weeks before", "  - with the consent of a holder", "- Whoever is late asks somebody"]


def test_the_marks_of_notes_stay_on_their_line() -> None:
    (section,) = sections([(72, 700, 10, "Goods"), (103, 704, 6, "\u2020"), (112, 700, 10, "need two approvers"),
                           (202, 704, 6, "\u2021"), *column(72, 688, "before anybody sees the order.")])
    assert section.text == "Goods \u2020 need two approvers \u2021 before anybody sees the order."


def test_small_words_a_little_above_a_line_are_no_mark_of_a_note() -> None:
    (section,) = sections([*column(72, 700, "Every request for goods."), (200, 686, 6, "for all"),
                           *column(72, 681, "Nobody else asks for it.")])
    assert " ".join(section.text.split()) == "Every request for goods. for all Nobody else asks for it."


def ruled(*cells: tuple[int, int, int, int, str]) -> bytes:
    """A table; each cell: its row and column, how many of them it spans, and its text."""
    boxes = [(72 + 100 * x, 700 - 24 * (y + high), 100 * wide, 24 * high) for y, x, high, wide, _ in cells]
    texts = [(76 + 100 * x, 684 - 24 * y, 10, text) for y, x, _, _, text in cells if text]
    return pdf(texts, rules=[f"{x} {y} {width} {height} re S" for x, y, width, height in boxes])


def rows(content: bytes) -> list[str]:
    (section,) = document(content).sections
    head, rule, *body = section.text.split("\n")
    assert set(rule) <= set("|- ")
    return [head, *body]


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    content = ruled((0, 0, 1, 1, "Country"), (0, 1, 1, 1, "Days"), (1, 0, 3, 1, "Wales"), (1, 1, 1, 1, "one"),
                    (2, 1, 1, 1, "two"), (3, 1, 1, 1, "three"), (4, 0, 1, 1, "Kent"), (4, 1, 1, 1, "four"))
    assert rows(content) == ["| Country | Days |", "| Wales | one |", "| Wales | two |", "| Wales | three |",
                             "| Kent | four |"]


def test_a_cell_that_spans_rows_and_columns_stands_in_its_rows() -> None:
    content = ruled((0, 0, 2, 2, "both"), (0, 2, 1, 1, "c"), (1, 2, 1, 1, "d"), (2, 0, 1, 1, "e"), (2, 1, 1, 1, "f"),
                    (2, 2, 1, 1, "g"))
    assert rows(content) == ["| both |  | c |", "| both |  | d |", "| e | f | g |"]


def test_an_empty_cell_stays_empty() -> None:
    content = ruled((0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "c"), (2, 0, 1, 2, "wide"))
    assert rows(content) == ["| a | b |", "|  | c |", "| wide |  |"]


@pytest.mark.parametrize(("pages", "named"), [
    ("TST", "Page 2 is a picture without text, and left out"),
    ("STSSTS", "3 pages, from page 3 to 6, are pictures without text, and left out"),
    ("TTTTTTTTS", "Page 9 is a picture without text, and left out")])
def test_of_a_pdf_that_is_scanned_in_part_the_text_is_read_and_the_other_pages_are_told(pages: str, named: str) -> None:
    reading = read(pdf(*(column(72, 700, f"Text {number}.", *LEFT) if kind == "T" else []
                         for number, kind in enumerate(pages, start=1)), rules=[PICTURE]), "a/b.pdf")
    ((name, sentence),) = [(failure.document, failure.reason) for failure in reading.failures]
    assert (name, sentence) == ("a/b.pdf", f"{named}; run text recognition (OCR) over the file.")
    (found,) = reading.documents
    assert [section.place for section in found.sections] == [
        f"page {number}" for number, kind in enumerate(pages, start=1) if kind == "T"]


@pytest.mark.parametrize("pages", ["ST", "T" * 9 + "S", "S" + "T" * 18 + "S"])
def test_a_cover_that_is_a_picture_and_single_pages_of_many_are_no_loss(pages: str) -> None:
    texts = [column(72, 700, *LEFT) if kind == "T" else [] for kind in pages]
    assert document(pdf(*texts, rules=[PICTURE])).sections


def test_pages_without_anything_are_no_loss() -> None:
    assert document(pdf(column(72, 700, *LEFT), [], [])).sections


def test_the_mark_of_a_note_makes_no_other_figure() -> None:
    (section,) = sections([(72, 700, 10, "Goods up to 500"), (145.5, 704, 6, "12"), (155, 700, 10, "pounds are free."),
                           *column(72, 688, *LEFT)])
    assert section.text.startswith("Goods up to 500\u00b9\u00b2 pounds are free. ")


def test_items_at_the_same_height_in_two_columns_are_one_list() -> None:
    left, right = (f"1. {LEFT[0]}", *LEFT[1:]), (f"2. {RIGHT[0]}", *RIGHT[1:])
    (section,) = sections([*column(72, 700, *left), *column(320, 700, *right)])
    assert section.text == f"1. {' '.join(LEFT)}\n2. {' '.join(RIGHT)}"


def test_cells_that_span_rows_may_overlap() -> None:
    content = ruled((0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (0, 2, 1, 1, "c"), (1, 1, 2, 1, "d"), (1, 2, 1, 1, "e"),
                    (2, 0, 1, 1, "f"), (2, 2, 1, 1, "g"))
    assert rows(content) == ["| a | b | c |", "| a | d | e |", "| f | d | g |"]

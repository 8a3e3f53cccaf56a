"""PDF documents: reading order, headings, tables, pages; and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.readers import read
from indexer.types import Document, Section
from tests.indexer.paper import Text, column, pdf

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

"""What stands on every page of a PDF is no text of it, wherever in the line the page's number is."""

from __future__ import annotations

import pytest

from indexer.readers import read
from indexer.types import Document
from tests.indexer.paper import Text, column, pdf

TEXTS = ("A parcel is taped twice.", "A pallet is wrapped in film.", "A letter needs no label.",
         "A crate is nailed shut.", "A roll is tied with string.", "A drum is sealed with wax.")


def document(*pages: list[Text], title: str = "") -> Document:
    (only,) = read(pdf(*pages, title=title), "f.pdf").documents
    return only


@pytest.mark.parametrize("footer", [
    "Version 3.2 of March    Page {} of 6", "Page {} of 6 - Version 3.2 of March", "Version 3.2 | {} / 6 | March",
    "Stand: Mai, Seite {} von 6, Lager", "Warehouse manual, page {}, version 3.2"])
def test_a_footer_with_the_page_number_among_its_words_goes(footer: str) -> None:
    pages = [[*column(72, 700, text, "It is then put on the belt."), (72.0, 30.0, 9.0, footer.format(number))]
             for number, text in enumerate(TEXTS, start=1)]
    found = document(*pages)
    assert [section.text for section in found.sections] == [f"{text} It is then put on the belt." for text in TEXTS]


@pytest.mark.parametrize("title", ["(anonymous)", "(unspecified)"])
def test_what_a_program_writes_without_a_title_is_none(title: str) -> None:
    assert document(column(72, 700, *TEXTS), title=title).title == "f.pdf"
    assert document(column(72, 700, *TEXTS), title="Parcels (anonymous)").title == "Parcels (anonymous)"

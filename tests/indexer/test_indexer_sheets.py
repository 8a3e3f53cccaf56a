"""Workbooks: what says for whom an entry is holds wherever it stands, and cells are shown as Excel shows them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from indexer.readers import Reading, read
from indexer.readers.sheet_values import shown

ENTRY = ["What is code Alder?", "Code Alder is 1.", "hr"]


def saved(made: Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def workbook(*rows: Sequence[object], **others: Sequence[Sequence[object]]) -> Workbook:
    made = Workbook()
    made.active.title = "First"
    for row in rows:
        made.active.append(list(row))
    for name, more in others.items():
        sheet = made.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    return made


def reading(*rows: Sequence[object], **others: Sequence[Sequence[object]]) -> Reading:
    return read(saved(workbook(*rows, **others)), "f.xlsx")


def text_of(made: Workbook) -> str:
    found = read(saved(made), "f.xlsx")
    assert found.failures == ()
    return "\n\n".join(section.text for document in found.documents for section in document.sections)


@pytest.mark.parametrize("header", [
    ["Questions", "Answers", "Audience"], ["Q", "A", "audience"], ["question*", "Answer *", "Audience:"],
    ["Question (EN)", "Answer", "Audiences"], ["Question", "Answer", "Audience [groups]"]])
@pytest.mark.parametrize("above", [[], [["Quaymark FAQ"]], [["Quaymark FAQ"], [], ["Last changed", "May"]]])
def test_a_column_that_says_for_whom_holds_below_titles_and_beside_other_spellings(
    header: list[str], above: list[list[str]]
) -> None:
    found = reading(*above, header, ENTRY)
    assert found.failures == ()
    assert [(document.id, document.audience) for document in found.documents] == [
        ("f.xlsx#what-is-code-alder", ("hr",))]


def test_the_same_holds_for_csv() -> None:
    table = "Quaymark FAQ\n\nQuestions;Answers*;Audience\nWhat is code Alder?;Code Alder is 1.;hr\n"
    (document,) = read(table.encode(), "f.csv").documents
    assert (document.id, document.audience) == ("f.csv#what-is-code-alder", ("hr",))


def test_a_table_may_say_from_when_its_rows_are_valid() -> None:
    found = reading(["Rate", "Amount", "Valid from"], ["Car", "45p", "2026-01-01"])
    assert found.failures == ()
    assert "| Car | 45p | 2026-01-01 |" in found.documents[0].sections[0].text


@pytest.mark.parametrize("limit", ["audience", "Audience*", "Audience (groups)"])
@pytest.mark.parametrize("above", [[], [["Codes"]], [["Codes"], ["For", "warehouses"]]])
def test_a_table_with_a_limit_that_nothing_would_heed_is_not_published(limit: str, above: list[list[str]]) -> None:
    found = reading(*above, ["Word", "Meaning", limit], ["Alder", "Code Alder is 1.", "hr"], Open=[["Gate", "Code"]])
    assert [(document.id, [section.place for section in document.sections]) for document in found.documents] == [
        ("f.xlsx", ["sheet Open"])]
    ((name, reason),) = [(failure.document, failure.reason) for failure in found.failures]
    assert name == "f.xlsx"
    assert reason.startswith("Sheet First: `")


def test_column_names_far_below_are_not_overlooked() -> None:
    remarks = [["Remark", f"number {number}"] for number in range(30)]
    found = reading(*remarks, ["question", "answer", "audience"], ENTRY)
    assert found.documents == ()
    assert found.failures[0].reason.startswith("Sheet First: `audience` stands here")


def test_a_limit_above_the_column_names_is_told() -> None:
    found = reading(["Audience", "hr"], ["question", "answer"], ENTRY[:2])
    assert found.documents == ()
    assert "stands above the row of column names" in found.failures[0].reason


def test_two_columns_that_say_for_whom_are_told() -> None:
    found = reading(["question", "answer", "audience", "Audience (old)"], [*ENTRY, "all"])
    assert found.documents == ()
    assert "The column `audience` stands here twice" in found.failures[0].reason


@pytest.mark.parametrize("header", [["A", "P", "Q"], ["Answer (EN)", "Answer (DE)", "x"]])
def test_a_table_is_no_faq_because_of_a_letter_or_two_languages(header: list[str]) -> None:
    (document,) = reading(header, ["one", "two", "three"]).documents
    assert document.kind == "training"


def test_hidden_rows_and_columns_are_left_out() -> None:
    made = workbook(["Gate", "Code", "Site"], ["north", "4711", "Hull"], ["south", "4712", "Leeds"])
    made.active.column_dimensions["B"].hidden = True
    made.active.row_dimensions[3].hidden = True
    assert text_of(made) == "| Gate | Site |\n| --- | --- |\n| north | Hull |"


def test_a_hidden_entry_is_left_out_and_a_hidden_column_still_says_for_whom() -> None:
    made = workbook(["question", "answer", "audience"], ENTRY, ["And Birch?", "Code Birch is 2.", None])
    made.active.column_dimensions["C"].hidden = True
    made.active.row_dimensions[3].hidden = True
    found = read(saved(made), "f.xlsx")
    assert [(document.id, document.audience) for document in found.documents] == [
        ("f.xlsx#what-is-code-alder", ("hr",))]


def test_a_hidden_row_of_column_names_still_says_for_whom() -> None:
    made = workbook(["Word", "Meaning", "audience"], ["Alder", "Code Alder is 1.", "hr"])
    made.active.row_dimensions[1].hidden = True
    assert read(saved(made), "f.xlsx").documents == ()


def test_a_workbook_of_which_everything_is_hidden_holds_no_text() -> None:
    made = workbook(["north", "4711"])
    made.active.row_dimensions[1].hidden = True
    assert [failure.reason for failure in read(saved(made), "f.xlsx").failures] == ["The workbook holds no text."]


@pytest.mark.parametrize(("value", "number_format", "seen"), [
    (0.2, "0%", "20%"), (0.125, "0.0%", "12.5%"), (0.125, "0%", "13%"), (1234.5, '"£"#,##0.00', "£1,234.50"),
    (1234.5, '[$€-407] #,##0.00', "€ 1,234.50"), (1234567, "#,##0", "1,234,567"), (42, "0000", "0042"),
    (1.1, "0.00", "1.10"), (2, '0 "boxes"', "2 boxes"), (-3.5, "0.00;(0.00)", "(3.50)"), (-3.5, "0.00", "-3.50"),
    (12.5, '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-', "£12.50"), (0.5, "#.##", ".5"),
    (-3, "#,##0;[Red]-#,##0", "-3"), (5, "\\N0", "N5"),
    (time(8, 30), "hh:mm", "08:30"), (time(8, 30), "h:mm:ss", "08:30"), (time(20, 5), "h:mm AM/PM", "8:05 PM"),
    (date(2026, 12, 4), "dd.mm.yyyy", "04.12.2026"), (date(2026, 12, 4), "d mmm yy", "4 Dec 26"),
    (date(2026, 12, 4), "dd/mmm/yyyy", "04/Dec/2026"),
    (datetime.fromisoformat("2026-12-04T08:05"), "dd.mm.yyyy hh:mm", "04.12.2026 08:05"),
    (datetime.fromisoformat("2026-12-04"), "[$-809]d mmmm yyyy;@", "4 December 2026")])
def test_a_cell_is_shown_as_excel_shows_it(value: object, number_format: str, seen: str) -> None:
    assert shown(value, number_format) == seen


@pytest.mark.parametrize(("value", "number_format", "plain"), [
    (0.25, "# ?/?", "0.25"), (12345.0, "0.00E+00", "12345"), (1_200_000, '#,##0,"k"', "1200000"), (7, "[>5]0;0.0", "7"),
    (1234567, "000-0000", "1234567"), (0, '#,##0;-#,##0;"none"', "0"), (-0.001, "0.00", "-0.001"), (0, "#", "0"),
    (date(2026, 12, 4), "mm-dd-yy", "2026-12-04"), (date(2026, 12, 4), "dd/mm/yyyy", "2026-12-04"),
    (date(2026, 12, 4), "m\\/d\\/yyyy", "2026-12-04"), (date(2026, 12, 4), "[$-407]d. mmmm yyyy", "2026-12-04"),
    (date(2026, 12, 4), "[$-F800]dddd", "2026-12-04"),
    (datetime.fromisoformat("2026-12-04"), "yyyy-mm-dd h:mm:ss", "2026-12-04"),
    (date(2026, 12, 4), 'ggge"年"', "2026-12-04"), (timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
    (True, "0%", "yes"), (12345678901.0, "General", "12345678901")])
def test_what_is_not_sure_is_shown_plainly(value: object, number_format: str, plain: str) -> None:
    assert shown(value, number_format) == plain


def test_tables_and_answers_show_numbers_so_and_fields_stay_days() -> None:
    made = workbook(["Rate"], ["Fee", 0.2], FAQ=[["question", "answer", "valid_to"],
                                                 ["How much?", 0.2, date(2031, 1, 31)]])
    made["First"]["B2"].number_format = made["FAQ"]["B2"].number_format = "0%"
    made["FAQ"]["C2"].number_format = "dd.mm.yyyy"
    entry, table = read(saved(made), "f.xlsx").documents
    assert (entry.sections[0].text, entry.valid_to) == ("20%", date(2031, 1, 31))
    assert "| Fee | 20% |" in table.sections[0].text

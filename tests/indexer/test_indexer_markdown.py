"""Markdown files become sections that keep the source's text."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.readers import Reading, read

MANUAL = """\
---
title: "Expenses: the basics"
url: https://intranet.example/expenses
owner: Finance
review_by: 2027-01-31
audience: [finance, managers]
valid_from: 2026-11-02
colour: blue
---
Before you start.

# Expenses

Intro.

## New claim

1. Choose **New claim**.

```sh
# not a heading
```

### On the phone

Tap *plus*.

## New claim

Again, with `code`.

## What's *new* & ready?

| a | b |
|---|---|
| 1 | 2 |
"""


def only(reading: Reading):
    assert reading.failures == ()
    (document,) = reading.documents
    return document


def reason(content: bytes, name: str = "a.md") -> str:
    reading = read(content, name)
    assert reading.documents == ()
    (failure,) = reading.failures
    assert failure.document == name
    return failure.reason


def test_front_matter_is_taken_over_and_foreign_keys_are_ignored() -> None:
    document = only(read(MANUAL.encode(), "training/expenses.md"))
    assert document.id == "training/expenses.md"
    assert document.title == "Expenses: the basics"
    assert document.url == "https://intranet.example/expenses"
    assert document.owner == "Finance"
    assert document.review_by == date(2027, 1, 31)
    assert document.audience == ("finance", "managers")
    assert (document.valid_from, document.valid_to) == (date(2026, 11, 2), None)


def test_sections_have_paths_anchors_lines_and_their_text_word_for_word() -> None:
    sections = only(read(MANUAL.encode(), "a.md")).sections
    assert [(section.heading_path, section.anchor) for section in sections] == [
        ((), ""),
        ((), "expenses"),
        (("New claim",), "new-claim"),
        (("New claim", "On the phone"), "on-the-phone"),
        (("New claim",), "new-claim-1"),
        (("What's new & ready?",), "whats-new--ready"),
    ]
    assert sections[2].text == "1. Choose **New claim**.\n\n```sh\n# not a heading\n```"
    lines = MANUAL.split("\n")
    assert lines[sections[2].line - 1] == "## New claim"
    assert lines[sections[0].line - 1] == "Before you start."


def test_the_title_is_the_first_h1_or_else_the_file_name() -> None:
    assert only(read(b"# Claims\n\nText.", "x/claims.md")).title == "Claims"
    assert only(read(b"## Claims\n\nText.", "x/claims-2.md")).title == "claims-2"


def test_several_top_headings_below_a_front_matter_title_stay_in_the_path() -> None:
    document = only(read(b"---\ntitle: T\n---\n# One\n\na\n\n# Two\n\nb\n", "a.md"))
    assert [section.heading_path for section in document.sections] == [("One",), ("Two",)]


def test_headings_in_quotes_and_lists_are_no_sections() -> None:
    document = only(read(b"# T\n\n> # quoted\n\n- # listed\n\nSetext\n------\n\nbelow\n", "a.md"))
    assert [section.heading_path for section in document.sections] == [(), ("Setext",)]


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    plain = only(read(MANUAL.encode(), "a.md"))
    assert only(read(b"\xef\xbb\xbf" + MANUAL.replace("\n", "\r\n").encode(), "a.md")) == plain


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    document = only(read(b"---\n\nJust a rule.\n\n---\n\nMore.\n", "a.md"))
    assert document.sections[0].text == "---\n\nJust a rule.\n\n---\n\nMore."


def test_broken_front_matter_is_named_with_its_line() -> None:
    assert reason(b"---\ntitle: ok\naudience: [a, b\n---\n# T\n\ntext\n").startswith("Line 4: This is not valid YAML")
    assert reason(b"---\ntitle: a: b\n---\n\ntext\n").startswith("Line 2: This is not valid YAML")
    assert reason(b"---\ntitle: never closed\n\ntext\n").startswith("Line 1: The front matter is not closed")
    assert reason(b"---\ntitle: a\nvalid_to: soon\n---\nx").startswith("Line 3: `valid_to` is not a date")
    assert reason(b"---\nvalid_from: 2026-02-30\n---\nx").startswith("Line 2: `valid_from` is not a date")
    assert reason(b"---\naudience: {a: b}\n---\nx").startswith("Line 2: `audience` must be a text")
    backwards = b"---\nvalid_from: 2026-03-02\nvalid_to: 2026-03-01\n---\nx"
    assert reason(backwards).startswith("Line 3: `valid_to` is before")
    assert reason(b"---\ntitle: a\ntitle: b\n---\nx").startswith("Line 3: `title` stands here twice")


def test_what_is_no_text_is_named_with_the_place() -> None:
    assert "zero byte at byte 3" in reason(b"PK\0\x04")
    assert reason("first\nÜber".encode("latin-1")).startswith("Line 2: Byte 7 is not UTF-8")
    assert "no text" in reason(b"# Only\n\n## headings\n")
    assert reason(b"") == "The file is empty."


@pytest.mark.parametrize("matter", ["---\nAudience: hr\n---\n", "\n \n---\naudience: [hr]\n---\n",
                                    '+++\naudience = ["hr"]\n+++\n', '\n+++\n"Audience" = "hr"\n+++ \n'])
def test_whom_a_document_is_for_is_understood_however_it_is_written(matter: str) -> None:
    [document] = read(f"{matter}# Pay\n\nIn April.\n".encode(), "a.md").documents
    assert document.audience == ("hr",)
    assert [(section.text, section.line) for section in document.sections] == [("In April.", 1 + matter.count("\n"))]


def test_front_matter_in_toml() -> None:
    text = ('+++\ntitle = "Pay"\ndate = 2026-01-01T08:00:00Z\ndraft = false\nvalid_from = 2026-11-02\n'
            'review-by = "2027-01-31"\nowner = "Ana"\n[params]\nowner = "Ben"\n+++\nIn April.\n')
    [document] = read(text.encode(), "a.md").documents
    assert (document.title, document.owner) == ("Pay", "Ana")
    assert (document.valid_from, document.review_by) == (date(2026, 11, 2), date(2027, 1, 31))
    assert [section.text for section in document.sections] == ["In April."]


@pytest.mark.parametrize(("matter", "begins"), [
    ("+++\naudience = [hr]\n+++\n", "Line 2: This is not valid TOML"),
    ("\n+++\ntitle = 'a'\naudience = \n+++\n", "Line 4: This is not valid TOML"),
    ("+++\naudience = 'hr'\n", "Line 1: The front matter is not closed"),
    ("+++\nowner = 'Ana'\naudience = { only = 'hr' }\n+++\n", "Line 3: `audience` must be a text"),
    ("+++\naudience = 'hr'\nAudience = 'it'\n+++\n", "Line 3: `audience` stands here twice"),
    (f"+++\nowner = {'9' * 5000}\n+++\n", "Line 2: This is not valid TOML"),
    ("---\naudience: hr\nAudience: it\n---\n", "Line 3: `audience` stands here twice"),
    ("\n---\naudience: hr\nvalid_to: soon\n---\n", "Line 4: `valid_to` is not a date"),
    ("\n---\naudience: hr\n", "Line 2: The front matter is not closed"),
])
def test_front_matter_that_cannot_be_read_opens_nothing(matter: str, begins: str) -> None:
    reading = read(f"{matter}# Pay\n\nIn April.\n".encode(), "a.md")
    assert reading.documents == ()
    assert reading.failures[0].reason.startswith(begins)


def test_foreign_fields_may_differ_in_capitals_alone() -> None:
    assert read(b"---\nTags: a\ntags: b\n---\nText.\n", "a.md").failures == ()


@pytest.mark.parametrize("content", [b"---\ntitle: Pay\n---\n", b"\n---\nowner: Ana\n---\n \n"])
def test_a_file_without_headings_is_not_blamed_for_them(content: bytes) -> None:
    assert reason(content) == "The file holds no text."
    assert reason(b"# Pay\n") == "The file holds no text below its headings."

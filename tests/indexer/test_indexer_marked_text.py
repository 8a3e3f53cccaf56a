"""reStructuredText, AsciiDoc, plain text, and what site generators add to Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.readers import read
from indexer.types import Document

RST = """\
:owner: Finance
:review-by: 2027-01-31

Approvals
=========

Who :guilabel:`&approves` what. See :ref:`the limits <limits>`.

.. toctree::
   other

.. include:: /etc/hostname

.. _limits:

Limits
------

======  ========
Amount  Approver
======  ========
500     manager
======  ========

.. warning:: Not on Fridays.

.. tip-box:: Ask early

   It **helps**.

.. code-block:: bash

   ls *.md
"""

ASCIIDOC = """\
= Approvals
:owner: Finance
:product: Quaymark

Who *approves* in {product}, says https://x.example/a[the guide].

include::other.adoc[]

[[limits]]
== Limits

[cols="1,2"]
|===
|Amount |Approver

|500
|line manager
|===

WARNING: Not on Fridays.

[NOTE]
====
Ask early.
====

. Open
* now
. Close

[source,bash]
----
ls *.md
----
"""

TEXT = """\
Approvals in Quaymark

Who approves what
-----------------

The line manager, up to 500 pounds. Press <Enter>.

    Amount      Approver
    500         manager

DEADLINES

- Friday
- Monday, if it
  is a holiday
"""

SITE = """\
# Cases

!!! warning "Mind the freeze"
    Cases stay.

    Call us.

After it.

```text
!!! note
    code
```

:::tip
Name the screen.
:::

> [!NOTE]
> Screenshots help.

```{include} other.md
```

--8<-- "legal.md"

=== "Windows"

    Press Win.
"""


def document(text: str, name: str) -> Document:
    reading = read(text.encode(), name)
    assert not reading.failures
    (only,) = reading.documents
    return only


def told(found: Document) -> list[tuple[tuple[str, ...], str, str]]:
    return [(section.heading_path, section.anchor, section.text) for section in found.sections]


def test_restructured_text_with_what_sphinx_adds() -> None:
    found = document(RST, "a.rst")
    assert (found.title, found.owner, found.review_by) == ("Approvals", "Finance", date(2027, 1, 31))
    assert told(found) == [
        ((), "approvals", "Who **approves** what. See the limits."),
        (("Limits",), "limits", ("| Amount | Approver |\n| --- | --- |\n| 500 | manager |\n\n"
                                 "> **Warning:**\n>\n> Not on Fridays.\n\n**Ask early**\n\nIt **helps**.\n\n"
                                 "```\nls *.md\n```"))]


def test_nothing_is_taken_from_other_files_or_as_raw_markup(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter2", encoding="utf-8")
    secret = tmp_path / "secret.txt"
    text = (f"Title\n=====\n\nText.\n\n.. include:: {secret}\n\n.. csv-table::\n   :file: {secret}\n\n"
            ".. raw:: html\n\n   <script>x</script>\n")
    assert [section.text for section in document(text, "a.rst").sections] == ["Text."]


def test_asciidoc() -> None:
    found = document(ASCIIDOC, "a.adoc")
    assert (found.title, found.owner) == ("Approvals", "Finance")
    assert told(found) == [
        ((), "_approvals", "Who **approves** in Quaymark, says [the guide](https://x.example/a)."),
        (("Limits",), "limits", ("| Amount | Approver |\n| --- | --- |\n| 500 | line manager |\n\n"
                                 "> **Warning:**  \n> Not on Fridays.\n\n> **Note:**  \n> Ask early.\n\n"
                                 "1. Open\n   - now\n2. Close\n\n```bash\nls *.md\n```"))]


def test_plain_text_with_headings_as_people_write_them() -> None:
    found = document(TEXT, "a.txt")
    assert found.title == "Approvals in Quaymark"
    assert told(found) == [
        (("Who approves what",), "", ("The line manager, up to 500 pounds. Press \\<Enter>.\n\n"
                                      "```\n    Amount      Approver\n    500         manager\n```")),
        (("DEADLINES",), "", "- Friday\n- Monday, if it\n  is a holiday")]


def test_lines_of_a_plain_text_are_never_lost() -> None:
    text = "Dear all\n\nThe desk is open.\n\nKind regards\n\nAna\n\n\n# 5 is alive\n1. FIRST\n"
    found = document(text, "a.txt")
    whole = "\n".join([found.title, *("\n".join([*section.heading_path, section.text]) for section in found.sections)])
    wanted = ("Dear all", "The desk is open.", "Kind regards", "Ana", "# 5 is alive", "FIRST")
    assert [words for words in wanted if words not in whole] == []


def test_text_as_windows_saves_unicode() -> None:
    (found,) = read("Größe\r\n\r\nSehr groß.".encode("utf-16"), "a.txt").documents
    assert (found.title, found.sections[0].text) == ("Größe", "Sehr groß.")


def test_admonitions_are_quotes_and_includes_are_left_out() -> None:
    (section,) = document(SITE, "a.md").sections
    blocks = [block for block in section.text.split("\n\n") if block.strip()]
    assert [block.strip("\n") for block in blocks] == [
        "> **Warning: Mind the freeze**  \n> Cases stay.\n>\n> Call us.", "After it.",
        "```text\n!!! note\n    code\n```", "> **Tip:**  \n> Name the screen.",
        "> **Note:**  \n> Screenshots help.", "**Windows**", "Press Win."]


def test_admonitions_do_not_move_lines() -> None:
    found = document(SITE + "\n## Last\n\nHere.\n", "a.md")
    assert found.sections[-1].line == SITE.count("\n") + 2


def test_mistakes_in_restructured_text_cost_no_word() -> None:
    (section,) = document("Title\n=====\n\nSee `the *guide and |nothing| of it.\n", "a.rst").sections
    assert "guide and" in section.text
    assert "of it." in section.text


@pytest.mark.parametrize("text", [
    "Pay\n===\n\n:audience: hr\n:Owner: Ana\n\nIn April.\n",
    ".. _pay:\n\nPay\n===\n\n.. a remark\n\n:Author: Ben\n:Owner: Ana\n:Audience: hr\n\nIn April.\n",
    "Pay\n===\n\nFor all\n-------\n\n:owner: Ana\n:audience: hr\n\nIn April.\n",
    ":audience: hr\n:owner: Ana\n\nPay\n===\n\nIn April.\n",
])
def test_fields_below_the_title_of_restructured_text_are_its_front_matter(text: str) -> None:
    [document] = read(text.encode(), "a.rst").documents
    assert (document.audience, document.owner) == (("hr",), "Ana")
    shown = " ".join(section.text for section in document.sections)
    assert "In April." in shown
    assert "hr" not in shown
    assert "Ana" not in shown


def test_other_field_lists_of_restructured_text_are_its_content() -> None:
    [document] = read(b"Pay\n===\n\nIn April.\n\n:audience: everybody on the floor\n", "a.rst").documents
    assert document.audience == ()
    assert "everybody on the floor" in document.sections[0].text


def test_a_title_in_capitals_names_a_plain_text() -> None:
    found = document("\nAPPROVALS IN QUAYMARK\n\nAsk first.\n\nDEADLINES\n\nFriday.\n", "a.txt")
    assert found.title == "APPROVALS IN QUAYMARK"
    assert told(found) == [((), "", "Ask first."), (("DEADLINES",), "", "Friday.")]


def test_capitals_below_text_name_no_plain_text() -> None:
    found = document("Ask first, whatever it is.\n\nDEADLINES\n\nFriday.\n", "a.txt")
    assert found.title == "a.txt"
    assert told(found) == [((), "", "Ask first, whatever it is."), (("DEADLINES",), "", "Friday.")]

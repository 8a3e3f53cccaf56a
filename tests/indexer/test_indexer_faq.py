"""FAQ files become a document for each entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.readers import Reading, read
from indexer.reindex import reindex
from indexer.sources import Source
from indexer.types import Failure, Report
from tests.fakes import Clock, ToyEmbedder

FAQ = b"""\
- id: receipt
  question: I lost a receipt. What now?
  also_asked:
    - Receipt missing
    - no receipt
  answer: |
    Tick **Receipt missing**.

    - Up to 75 pounds.
  url: https://intranet.example/receipts
  audience: uk, finance
- question: What is 1.10?
  answer: 1.10
- question: Who may approve?
- also_asked: [x]
  answer: y
- question: "What is 1.10"
  answer: again
- just a text
"""


def test_entries_are_documents_of_their_own() -> None:
    first, second = read(FAQ, "faq/claims.yaml").documents
    assert first.id == "faq/claims.yaml#receipt"
    assert first.kind == "faq"
    assert first.title == "I lost a receipt. What now?"
    assert first.phrasings == ("I lost a receipt. What now?", "Receipt missing", "no receipt")
    assert first.sections[0].text == "Tick **Receipt missing**.\n\n- Up to 75 pounds."
    assert first.audience == ("uk", "finance")
    assert (second.id, second.sections[0].text) == ("faq/claims.yaml#what-is-1-10", "1.10")


def test_entries_with_a_fault_are_named_with_their_line() -> None:
    failures = {failure.document: failure.reason for failure in read(FAQ, "f.yaml").failures}
    assert failures["f.yaml#who-may-approve"] == "Line 14: This entry has no `answer`."
    assert failures["f.yaml#what-is-1-10"].startswith(
        "Line 17: The id of this entry is already that of the entry in line 12")
    both = [failure.reason for failure in read(FAQ, "f.yaml").failures if failure.document == "f.yaml"]
    assert both == ["Line 15: This entry has no `question`.",
                    "Line 19: Fields are expected here, each written as `name: value`."]


def test_a_file_that_is_no_faq_is_one_failure() -> None:
    for content, begins in (
        (b"site_name: x\n", "Line 1: An FAQ file is a list"),
        (b"- question: a\n  answer: [b\n", "Line 3: This is not valid YAML"),
        (b"- question: a\n\tanswer: b\n", "Line 2: This is not valid YAML"),
        (b"just words", "Line 1: An FAQ file is a list"),
        (b"- question: a\x07\n  answer: b\n", "Line 1: This is not valid YAML"),
    ):
        reading = read(content, "f.yaml")
        assert reading.documents == ()
        assert [failure.document for failure in reading.failures] == ["f.yaml"]
        assert reading.failures[0].reason.startswith(begins)


@pytest.mark.parametrize("content", [b"", b" \n", b"# nothing yet\n", b"---\n", b"null\n"])
def test_a_file_with_nothing_in_it_is_told(content: bytes) -> None:
    assert read(content, "f.yml") == Reading(failures=(
        Failure("f.yml", "The file holds no entries; delete it if it is not needed."),))


def test_an_empty_list_holds_no_entries() -> None:
    assert read(b"[]\n", "f.yml") == Reading()


def test_a_file_that_was_cut_to_nothing_keeps_its_entries(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()

    def run() -> Report:
        return reindex([Source(str(tmp_path / "k"))], tmp_path / "data", ToyEmbedder(), now=Clock()())

    (tmp_path / "k" / "faq.yaml").write_text("- question: May I tip?\n  answer: Yes.\n")
    (tmp_path / "k" / "faq.csv").write_text("question,answer\nWho pays?,We do.\n")
    assert run().added == 2
    (tmp_path / "k" / "faq.yaml").write_text("")
    (tmp_path / "k" / "faq.csv").write_text("question,answer\n")
    report = run()
    assert (report.documents, report.removed) == (2, 0)
    assert sorted(failure.document for failure in report.failed) == ["faq.csv", "faq.yaml"]


def test_the_names_of_fields_may_be_written_in_capitals() -> None:
    (document,) = read(b"- Question: Who pays?\n  Also asked: Who covers it?\n  Answer: We do.\n  Audience: hr\n",
                       "f.yaml").documents
    assert (document.audience, document.phrasings) == (("hr",), ("Who pays?", "Who covers it?"))


def test_a_question_that_yaml_would_take_for_something_else_stays_text() -> None:
    (document,) = read(b"- question: yes\n  answer: 2026-01-02\n", "f.yaml").documents
    assert (document.title, document.sections[0].text, document.id) == ("yes", "2026-01-02", "f.yaml#yes")

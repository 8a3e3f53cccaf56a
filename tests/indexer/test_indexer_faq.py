"""FAQ files become a document for each entry."""

from __future__ import annotations

from indexer.readers import read

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


def test_an_empty_file_holds_no_entries() -> None:
    for content in (b"", b"# nothing yet\n", b"[]\n", b"---\n"):
        assert read(content, "f.yml") == read(b"[]", "f.yml")


def test_a_question_that_yaml_would_take_for_something_else_stays_text() -> None:
    (document,) = read(b"- question: yes\n  answer: 2026-01-02\n", "f.yaml").documents
    assert (document.title, document.sections[0].text, document.id) == ("yes", "2026-01-02", "f.yaml#yes")

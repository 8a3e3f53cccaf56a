"""FAQ tables become the same documents as FAQ files in YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from indexer.readers import Reading, read
from indexer.reindex import reindex
from indexer.sources import Source
from tests.fakes import Clock, ToyEmbedder

TABLE = """\
id,question,also_asked,answer,url,owner,audience,valid_from,valid_to,note
receipt,"I lost a receipt, what now?",Receipt missing | no receipt;gone,"Tick **Receipt missing**.

- Up to ""75"" pounds.",https://intranet.example/receipts,Finance,"uk, finance; board",2026-01-01,2026-03-31,x

,What is 1.10?,"one
two",1.10
"""

YAML = """\
- id: receipt
  question: I lost a receipt, what now?
  also_asked: [Receipt missing, no receipt, gone]
  answer: "Tick **Receipt missing**.\\n\\n- Up to \\"75\\" pounds."
  url: https://intranet.example/receipts
  owner: Finance
  audience: [uk, finance, board]
  valid_from: 2026-01-01
  valid_to: 2026-03-31
- question: What is 1.10?
  also_asked: [one, two]
  answer: 1.10
"""


def reasons(text: str) -> list[tuple[str, str]]:
    return [(failure.document, failure.reason) for failure in read(text.encode(), "f.csv").failures]


def without_lines(reading: Reading) -> list[tuple[object, ...]]:
    return [(each.id.replace(".yaml", ".csv"), each.title, each.kind, each.phrasings, each.sections[0].text, each.url,
             each.owner, each.audience, each.valid_from, each.valid_to) for each in reading.documents]


def test_a_table_says_the_same_as_yaml() -> None:
    reading = read(TABLE.encode(), "faq/claims.csv")
    assert reading.failures == ()
    assert without_lines(reading) == without_lines(read(YAML.encode(), "faq/claims.yaml"))
    first, second = reading.documents
    assert (first.id, first.valid_to) == ("faq/claims.csv#receipt", date(2026, 3, 31))
    assert (second.id, second.phrasings) == ("faq/claims.csv#what-is-1-10", ("What is 1.10?", "one", "two"))
    assert [document.sections[0].line for document in reading.documents] == [2, 6]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("begins", [b"", b"\xef\xbb\xbf", b"\n"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_tables_as_spreadsheets_write_them(separator: str, begins: bytes, ends: str) -> None:
    rows = (("Question", "Also asked", "ANSWER ", ""), ("Überweisung?", '"a;b"', '"One, two; three\tfour"', ""),
            ("", "", "", ""))
    content = begins + ends.join(separator.join(row) for row in rows).encode()
    (document,) = read(content, "f.CSV").documents
    assert document.phrasings == ("Überweisung?", "a", "b")
    assert document.sections[0].text == "One, two; three\tfour"


def test_entries_with_a_fault_are_named_with_their_line() -> None:
    found = reasons("question,answer,id,audience,valid_to\n"
                    "Who may approve?,,,,\n"
                    ",y,,,\n"
                    "A?,\"b\nb\",same,,\n"
                    "B?,c,same,,\n"
                    "???,c\n"
                    "C?,Yes, but,,,2026-01-01\n"
                    "D?,d,,,31/03/2026\n"
                    "E?,fine\n")
    assert [(name, reason.split(";")[0]) for name, reason in found] == [
        ("f.csv#who-may-approve", "Line 2: This entry has no `answer`."),
        ("f.csv", "Line 3: This entry has no `question`."),
        ("f.csv#same", "Line 6: The id of this entry is already that of the entry in line 4"),
        ("f.csv", "Line 7: This entry needs an `id`, because its question holds no letters."),
        ("f.csv", "Line 8: This row has more cells than the header"),
        ("f.csv#d", "Line 9: `valid_to` is not a date"),
    ]


@pytest.mark.parametrize(("text", "begins"), [
    ("name,site\nAna,Hull\n", "Line 1: An FAQ table begins with a row of column names"),
    ("question;reply\na;b\n", "Line 1: An FAQ table"),
    ("What now?,Wait.\n", "Line 1: An FAQ table"),
    ("question,answer,Answer\na,b,c\n", "Line 1: The column `answer` stands here twice"),
    ("question,answer\na,b\nc,\"d\ne,f\n", "Line 3: The table cannot be read from here on"),
    ("question,answer\na,\"b\" c\n", "Line 2: The table cannot be read from here on"),
    ("question,answer\na,\0\n", "This is no text file"),
])
def test_a_file_that_is_no_faq_table_is_one_failure(text: str, begins: str) -> None:
    assert read(text.encode(), "f.csv").documents == ()
    ((name, reason),) = reasons(text)
    assert name == "f.csv"
    assert reason.startswith(begins)


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n", "question,answer\n", "question,answer\n,\n"])
def test_a_table_without_an_entry_is_told(text: str) -> None:
    reading = read(text.encode(), "f.csv")
    assert reading.documents == ()
    assert reading.failures[0].reason.endswith("The file holds no entries; delete it if it is not needed.")


def test_a_table_in_the_knowledge_folder_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "faq.csv").write_text("question;answer;id\nMay I tip?;Yes;tip\nNo answer?;;none\n")
    report = reindex([Source(str(tmp_path / "k"))], tmp_path / "data", ToyEmbedder(), now=Clock()())
    assert report.changes == ("+faq.csv#tip",)
    assert [failure.document for failure in report.failed] == ["faq.csv#none"]

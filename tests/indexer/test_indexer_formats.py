"""What holds for all formats: places, front matter beside a file, limits, and nothing imported that is not needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.answering.quoting import quotes_of, source_line
from bot.answering.types import Quote
from indexer.passages import cut
from indexer.readers import can_read, read
from indexer.readers.formats import format_of
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Document, Hit, Section, Viewer
from tests.fakes import Clock, ToyEmbedder
from tests.indexer.paper import PICTURE, column, pdf, zipped

LIBRARIES = {"bs4", "docutils", "lxml", "mammoth", "markdownify", "openpyxl", "pdfplumber", "pdfminer", "pptx",
             "pypdfium2", "pandas"}
FOREIGN = ("a.pdf", "a.docx", "a.pptx", "a.xlsx", "a.html", "a.rst", "a.adoc", "a.txt", "a.vtt", "a.srt")
PARKING = pdf(column(72, 700, "Everybody may park in the yard of the warehouse."),
              [(72, 740, 20, "Visitors"), *column(72, 700, "Guests get a paper badge at reception desk B.",
                                                  "They give it back in the evening.")])


def test_a_citation_names_the_page_and_links_to_it(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "Site.pdf").write_bytes(PARKING)
    (tmp_path / "kb" / "Site.pdf.meta.yaml").write_text("url: https://x.example/site.pdf\n", encoding="utf-8")
    reindex([Source(str(tmp_path / "kb"))], tmp_path / "data", ToyEmbedder(), now=Clock().now)
    base = KnowledgeBase(tmp_path / "data", ToyEmbedder())
    found = base.find("Where do guests get a paper badge?", Viewer())
    base.close()
    quote = quotes_of(found.question, found.hits)[0]
    assert quote.source == "Site.pdf › Visitors, page 2"
    assert quote.url == "https://x.example/site.pdf#page=2"
    assert quote.whereabouts == "Visitors, page 2"
    assert "paper badge" in quote.text


@pytest.mark.parametrize(("section", "place", "source", "whereabouts"), [
    ("", "page 4", "Approvals.pdf, page 4", "page 4"),
    ("Limits", "page 4", "Approvals.pdf › Limits, page 4", "Limits, page 4"),
    ("Rates", "sheet Rates", "Approvals.pdf, sheet Rates", "sheet Rates"),
    ("Limits", "", "Approvals.pdf › Limits", "Limits")])
def test_how_a_source_is_named(section: str, place: str, source: str, whereabouts: str) -> None:
    quote = Quote("a/Approvals.pdf", "Approvals.pdf", section, "Text", None, place)
    assert (quote.source, quote.whereabouts, source_line(quote)) == (source, whereabouts, f"Source: {source}")


def test_a_place_is_told_and_never_searched() -> None:
    document = Document("a.pdf", "A", "training", (Section(("Limits",), "page=4", "Up to 500.", 1, "page 4"),))
    (passage,) = cut(document)
    assert passage.place == "page 4"
    assert passage.embedded_texts == ("A › Limits\nUp to 500.",)


def test_a_passage_goes_on_over_pages_as_long_as_its_heading_holds(tmp_path: Path) -> None:
    page = [(72, 740, 20, "Steps"), *column(72, 700, "First open the hatch of the silo.")]
    other = [(72, 400, 20, "Other"), *column(72, 380, "Something else is here.")]
    last = [(72, 740, 20, "Steps"), *column(72, 700, "This is another list of the same name.")]
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "a.pdf").write_bytes(pdf(page, [*column(72, 740, "Then close the hatch again."), *other], last))
    reindex([Source(str(tmp_path / "kb"))], tmp_path / "data", ToyEmbedder(), now=Clock().now)
    base = KnowledgeBase(tmp_path / "data", ToyEmbedder())
    hits = base.find("First open the hatch of the silo", Viewer()).hits
    base.close()
    first = next(hit for hit in hits if hit.text.startswith("First"))
    assert (first.place, first.before, first.after) == ("page 1", (), ("Then close the hatch again.",))


def test_front_matter_beside_a_file_is_taken_in_and_a_change_of_it_seen(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (folder / "Site.pdf").write_bytes(PARKING)
    beside = folder / "Site.pdf.meta.yaml"

    def run() -> tuple[int, int, list[str]]:
        report = reindex([Source(str(folder))], tmp_path / "data", ToyEmbedder(), now=Clock().now)
        return report.added, report.changed, [failure.reason for failure in report.failed]

    beside.write_text("title: The site\naudience: [hull]\n", encoding="utf-8")
    assert run() == (1, 0, [])
    base = KnowledgeBase(tmp_path / "data", ToyEmbedder())
    assert not base.find("Where may I park?", Viewer()).hits
    assert base.find("Where may I park?", Viewer(frozenset({"hull"}))).hits[0].title == "The site"
    base.close()
    assert run() == (0, 0, [])
    beside.write_text("title: The yard\naudience: [hull]\n", encoding="utf-8")
    assert run() == (0, 1, [])
    beside.write_text("audience: [hull\n", encoding="utf-8")
    added, changed, (reason,) = run()
    assert (added, changed) == (0, 0)
    assert reason.startswith("Beside it, Site.pdf.meta.yaml: Line ")


def test_entries_of_a_table_keep_what_they_say_themselves() -> None:
    table = b"question,answer,owner\nOne?,A.,Ana\nTwo?,B.,\n"
    one, two = read(table, "f.csv", b"owner: Finance\nurl: https://x.example/f\n").documents
    assert [(one.owner, one.url), (two.owner, two.url)] == [("Ana", None), ("Finance", None)]


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (failure,) = read(b"x" * 5_000_001, "a.rst").failures
    assert failure.reason.startswith("The file is too large: reStructuredText documents are read up to 5 MB.")


@pytest.mark.parametrize("name", [*FOREIGN, "a.zip", "a.md", "a.csv", "a.yaml"])
@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 100, b"%PDF-1.4\n" + b"<<" * 5000, b"PK\3\4" + b"\xff" * 500,
                                     b"[[[{{{<<<\n:::" * 300, b"<a><b>" * 3000,
                                     zipped({"[Content_Types].xml": "<x/>"})])
def test_whatever_is_in_a_file_a_sentence_or_documents_come_of_it(name: str, content: bytes) -> None:
    reading = read(content, name)
    assert all(failure.reason.endswith((".", ")")) or "`" in failure.reason for failure in reading.failures)
    assert all(section.text.strip() for document in reading.documents for section in document.sections)


def test_every_format_has_its_reader() -> None:
    for name in (*FOREIGN, "a.zip"):
        found = format_of(Path(name))
        assert found
        assert callable(found.load())
    assert not can_read(Path("~$a.docx"))
    assert not can_read(Path("a.pdf.meta.yaml"))
    assert can_read(Path("faq.meta.yaml"))


def test_a_run_over_markdown_and_faqs_imports_no_library_for_other_formats() -> None:
    code = ("import sys; from indexer.readers import read; read(b'# A\\n\\nb', 'a.md'); "
            "read(b'question,answer\\na,b\\n', 'a.csv'); print(*{name.split('.')[0] for name in sys.modules})")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not LIBRARIES & set(run.stdout.split())


def test_a_hit_without_a_place_is_as_before() -> None:
    hit = Hit("a.md", "A", "training", "Limits", "limits", "Up to 500.", "https://x.example/a", 0.9)
    (quote,) = quotes_of("limits?", (hit,))
    assert (quote.source, quote.url) == ("A › Limits", "https://x.example/a#limits")


def test_a_pdf_that_is_scanned_in_part_is_taken_in_and_told_in_every_run(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    file = tmp_path / "kb" / "Site.pdf"

    def run(text: str) -> tuple[int, int, list[tuple[str, str]]]:
        file.write_bytes(pdf(column(72, 700, text), [], rules=[PICTURE]))
        report = reindex([Source(str(tmp_path / "kb"))], tmp_path / "data", ToyEmbedder(), now=Clock().now)
        return report.added, report.changed, [(failure.document, failure.reason[:19]) for failure in report.failed]

    told = [("Site.pdf", "Page 2 is a picture")]
    assert run("Everybody may park in the yard.") == (1, 0, told)
    assert run("Everybody may park in the yard.") == (0, 0, told)
    assert run("Nobody may park in the yard.") == (0, 1, told)

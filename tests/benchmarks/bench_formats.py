"""What becomes of one real file of each format, in a table that a person reads. Run by hand.

    python -m tests.benchmarks.bench_formats --work DIR [--ask] [--show FILE]

The files are made in DIR/files by `formats_folder`, indexed into DIR/data as `floorwalker index` does it, and read once
more, one after the other, to time each (the first of a format also loads its libraries). The table goes to
DIR/formats.md and to the terminal. `--ask` asks questions whose answer stands in one of the files; `--show` prints all
that a file became instead, of a folder that was made before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.answerer import Answerer
from indexer.embedder import Embedder, embedder_for
from indexer.passages import cut
from indexer.plain import plain
from indexer.readers import Reading, beside, read
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source, SourceFile, files_of
from indexer.types import Document, Failure, Passage, Viewer
from tests.benchmarks.formats_folder import made

_HALF = 10  # as `nice`
_WORDS = 12
_HEAD = ("file", "format", "became", "places", "begins", "in the middle")
_HANDBOOK = ("approvals.docx", "approvals.pdf")
_DECK = ("expenses-deck.pptx", "bundle.zip")
QUESTIONS = (
    ("Who approves a purchase of £3,000?", _HANDBOOK, "", "£5,000 | budget holder"),
    ("How much time has the budget holder for £500 to £5,000?", _HANDBOOK, "", "budget holder | one working day"),
    ("What happens to a request that is returned three times?", _HANDBOOK, "", "is closed"),
    ("What is the allowance per night in Portugal?", (*_DECK, "expenses-deck.pdf"), "3", "£98"),
    ("Do I need receipts below ten pounds?", _DECK, "slide 2", "not needed"),
    ("Where does Approve all stand?", _DECK, "slide 5", "lower right"),
    ("How long does a full charge of the hand scanner take?", ("scanner-columns.pdf", "half-scanned.pdf"), "page 1",
     "three hours"),
    ("In which cabinet are the scanners of bay 21 kept?", ("scanner-columns.pdf",), "page 2", "cabinet 61"),
    ("Which role do I need for screen QM-217?", ("manual.pdf",), "page 217", "QM-217"),
    ("How many pence per mile do I get for a bicycle?", ("rates-and-faq.xlsx",), "sheet Rates", "20.5"),
    ("Where do I book a company car?", ("rates-and-faq.xlsx",), "", "Pool cars"),
    ("How many days of leave do I have after ten years?", ("leave.md",), "", "| 30 |"),
    ("What still works during the freeze?", ("freeze.rst",), "", "Goods receipts"),
    ("Up to which amount may a deputy decide?", ("deputies.adoc",), "", "£2,000"),
    ("How long does it take to open a supplier outside the United Kingdom?", ("suppliers.html",), "", "elsewhere | 7"),
    ("Where is the key of the bicycle cage?", ("parking.txt",), "", "the porter"),
    ("What do I do when I lost my badge?", ("faq.csv", "bundle.zip"), "", "reception desk B"),
    ("How do I copy last week's time sheet?", ("webinar.vtt",), "12:30", "Copy week"),
    ("Which way up do the labels go into the printer?", ("printer.srt", "bundle.zip"), "1:10", "facing up"),
    ("Who hands out locker keys?", ("bundle.zip",), "", "porter"),
    ("How many holidays does the canteen cook get in Peru?", (), "", ""),
)
"""With the files that answer (any of them is right; none: it must not answer), what the place of the first quote must
say, and what the quote must."""


def main() -> None:
    """Make, index, read, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("bench-formats"))
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("--show", metavar="FILE")
    given = parser.parse_args()
    if given.show:
        print("\n".join(_whole(_read(given.work / "files" / given.show, given.show))))
        return
    os.nice(_HALF)
    folder, missing = made(given.work)
    data = given.work / "data"
    shutil.rmtree(data, ignore_errors=True)
    embedder = embedder_for(data, "embedded")
    lines = [*_table(folder, data, embedder), *(f"- {sentence}" for sentence in missing)]
    if given.ask:
        lines += ["", *_asked(data, embedder)]
    (given.work / "formats.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


@dataclass(frozen=True, slots=True)
class _Became:
    """What a file became, read by itself."""

    file: str
    reading: Reading
    seconds: float

    @property
    def passages(self) -> list[Passage]:
        return [passage for document in self.reading.documents for passage in cut(document)]


def _read(path: Path, name: str) -> _Became:
    began = time.perf_counter()
    reading = read(path.read_bytes(), name, beside(path))
    return _Became(name, reading, time.perf_counter() - began)


def _table(folder: Path, data: Path, embedder: Embedder) -> Iterator[str]:
    report = reindex([Source(str(folder))], data, embedder, now=datetime.now(UTC))
    listed = files_of(Source(str(folder)))
    files = [_read(file.path, file.id) for file in listed if isinstance(file, SourceFile)]
    yield _row(_HEAD)
    yield _row(["---"] * len(_HEAD))
    for file in files:
        yield from _rows(file)
    for unlisted in (file for file in listed if isinstance(file, Failure)):
        yield _row([unlisted.document, "", unlisted.reason, "", "", ""])
    longest = max(files, key=lambda file: file.seconds)
    read_alone = sum(len(file.passages) for file in files)
    yield ""
    yield (f"{report.documents} documents in {report.passages} passages, {len(report.failed)} failures, indexed in "
           f"{report.seconds:.1f} s with the model; longest to read: {longest.file}, {longest.seconds:.1f} s.")
    if read_alone != report.passages:
        yield f"- Read one by one they make {read_alone} passages: that is not what was indexed."


def _rows(file: _Became) -> Iterator[str]:
    """A row for the documents of a file, and one for each failure."""
    kind = Path(file.file).suffix.removeprefix(".")
    if file.reading.documents:
        documents, passages = file.reading.documents, file.passages
        middle = passages[len(passages) // 2]
        yield _row([file.file, kind, _told(documents, len(passages)), _places(passages), _begin(passages[0]),
                    _begin(middle) if len(passages) > 1 else ""])
    for failure in file.reading.failures:
        lost = "a part left out" if file.reading.documents and failure.document == file.file else "not taken in"
        yield _row([failure.document, kind, f"{lost}: {failure.reason}", "", "", ""])


def _told(documents: Sequence[Document], passages: int) -> str:
    """“Title”, 1 document, 5 sections, 6 passages."""
    entries = sum(document.kind == "faq" for document in documents)
    sections = sum(len(document.sections) for document in documents)
    more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
    counts = [_counted(len(documents), "document") + (f" ({entries} FAQ)" if entries else ""),
              _counted(sections, "section"), _counted(passages, "passage")]
    return f"“{documents[0].title}”{more}: {', '.join(counts)}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _places(passages: Sequence[Passage]) -> str:
    """`page 1–300`, `slide 1–6, sheet Rates`: the first and the last one of each kind."""
    of_kind: dict[str, list[str]] = {}
    for passage in passages:
        kind, _, number = passage.place.rpartition(" ")
        if passage.place:
            of_kind.setdefault(kind, []).append(number)
    return ", ".join(f"{kind} {numbers[0]}{f'–{numbers[-1]}' if numbers[-1] != numbers[0] else ''}".strip()
                     for kind, numbers in of_kind.items())


def _begin(passage: Passage) -> str:
    words = plain(passage.text).split()
    return " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _whole(file: _Became) -> Iterator[str]:
    """All that was read, to be compared with the file."""
    for document in file.reading.documents:
        yield f"==== {document.id}: {document.title} ({document.kind}) {document.url or ''} {document.owner or ''}"
        yield from (f"phrasing: {phrasing}" for phrasing in document.phrasings)
        for section in document.sections:
            yield f"---- {' › '.join(section.heading_path)} [{section.anchor}] {section.place}\n{section.text}"
    for failure in file.reading.failures:
        yield f"!!!! {failure.document}: {failure.reason}"


def _asked(data: Path, embedder: Embedder) -> Iterator[str]:
    """Each question with what people would see: verdict, source, link."""
    knowledge = KnowledgeBase(data, embedder)
    answerer = Answerer(knowledge.find, embedder.embed, ("en",))
    viewer = Viewer(on=datetime.now(UTC).date())
    yield _row(("question", "verdict", "cited as", "link", "right"))
    yield _row(["---"] * 5)
    right = 0
    for question, files, place, words in QUESTIONS:
        answer = answerer.answer(question, viewer)
        quote = answer.quotes[0] if answer.quotes else None
        is_right = not files if quote is None else (
            quote.document.partition("/")[0].partition("#")[0] in files and place in quote.place
            and words in " ".join(quote.text.split()))
        right += is_right
        first = f"({answer.hits[0].document_id})" if answer.hits else ""
        yield _row([question, answer.verdict, quote.source if quote else first, (quote.url or "") if quote else "",
                    "yes" if is_right else "no"])
    yield f"\n{right} of {len(QUESTIONS)} are right."
    knowledge.close()


if __name__ == "__main__":
    main()

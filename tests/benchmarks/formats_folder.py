"""A folder with one real file of each format, written by the programs that people use; for `bench_formats`.

Word, PowerPoint, Excel and PDF are made by LibreOffice (`soffice`, without a window) of flat OpenDocument texts, whose
words are in `formats_contents`; where it is missing, `made` says so and leaves those files out. A scanned page is the
picture of a page. Each file has a subject of its own, so that it can be told which of them an answer came from.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import formats_contents as contents
from tests.benchmarks.formats_office import PICTURE, slides, workbook, writer
from tests.benchmarks.formats_texts import TEXTS

NO_OFFICE = ("LibreOffice is not installed (`soffice`; on Debian: apt-get install libreoffice-writer-nogui "
             "libreoffice-impress-nogui libreoffice-calc-nogui): no Word, PowerPoint, Excel and PDF files are made.")
NO_LOCK = ("No Word document with a password is made: LibreOffice cannot do that without a window; install "
           "msoffcrypto-tool (pip), which can.")
_SECONDS = 300


def made(work: Path) -> tuple[Path, list[str]]:
    """The folder `work/files`, made anew, and a sentence for all that could not be made."""
    folder = work / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "empty.md").write_bytes(b"")
    for name in ("empty.docx", "empty.pdf"):
        (folder / name).write_bytes(b"")
    missing = _by_office(folder, work / "sources", work / "profile") if shutil.which("soffice") else [NO_OFFICE]
    _archive(folder)
    return folder, missing


def _by_office(folder: Path, sources: Path, profile: Path) -> list[str]:
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir(parents=True)
    picture = base64.b64encode(_picture()).decode()
    manual = "Quaymark screen by screen"
    written = {
        "approvals.fodt": writer(contents.handbook(), title="Purchase approvals handbook",
                                 header="Tarnbrook Foods: internal", footer="Version 3, page "),
        "expenses-deck.fodp": slides("Travel expenses for approvers", *contents.deck()),
        "rates-and-faq.fods": workbook(contents.SHEETS, hidden="Old"),
        "scanner-columns.fodt": writer(contents.columns(), header="Scanner news"),
        "manual.fodt": writer(contents.manual(), title=manual, header=manual, footer="Page ")}
    for name, text in written.items():
        (sources / name).write_text(text.replace(PICTURE, picture), encoding="utf-8")
    office = _Office(profile)
    office.convert("docx:MS Word 2007 XML", [sources / "approvals.fodt"], folder)
    office.convert("pptx:Impress MS PowerPoint 2007 XML", [sources / "expenses-deck.fodp"], folder)
    office.convert("xlsx:Calc MS Excel 2007 XML", [sources / "rates-and-faq.fods"], folder)
    office.convert("pdf", [folder / "approvals.docx", folder / "expenses-deck.pptx", sources / "scanner-columns.fodt",
                           sources / "manual.fodt"], folder)
    locked = ('pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
              '"DocumentOpenPassword":{"type":"string","value":"tarnbrook"}}')
    office.convert(locked, [folder / "approvals.docx"], sources)
    _moved(sources / "approvals.pdf", folder / "locked.pdf")
    _locked(folder)
    _cut_in_the_middle(folder)
    if (folder / "scanner-columns.pdf").exists():
        _scan(folder / "scanner-columns.pdf", folder)
    without = [NO_LOCK] if not (folder / "locked.docx").exists() else []
    return [*without, *(f"`{name}` could not be made; LibreOffice said: {office.said[-300:].strip() or 'nothing'}"
            for name in ("approvals.docx", "approvals.pdf", "expenses-deck.pptx", "expenses-deck.pdf",
                         "rates-and-faq.xlsx", "scanner-columns.pdf", "manual.pdf", "locked.pdf")
            if not (folder / name).exists())]


class _Office:
    """LibreOffice with a profile of its own, so that one that somebody has open does not matter."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self.said = ""
        """All that it printed."""

    def convert(self, into: str, files: Sequence[Path], folder: Path) -> None:
        """Into another format (`ending:filter:options`), below a folder."""
        self._run("--convert-to", into, "--outdir", str(folder), *map(str, files))

    def _run(self, *given: str) -> None:
        command = ["soffice", f"-env:UserInstallation={self._profile.resolve().as_uri()}", "--headless", "--norestore"]
        try:
            done = subprocess.run([*command, *given], check=False, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=_SECONDS)
            self.said += done.stdout
        except subprocess.TimeoutExpired:
            self.said += f"It took more than {_SECONDS} seconds.\n"


def _locked(folder: Path) -> None:
    """A Word document with a password, if there is the means to make it."""
    if importlib.util.find_spec("msoffcrypto") is None or not (folder / "approvals.docx").exists():
        return
    ooxml = importlib.import_module("msoffcrypto.format.ooxml")
    with (folder / "approvals.docx").open("rb") as given, (folder / "locked.docx").open("wb") as locked:
        ooxml.OOXMLFile(given).encrypt("tarnbrook", locked)


def _moved(file: Path, target: Path) -> None:
    if file.exists():
        file.rename(target)


def _cut_in_the_middle(folder: Path) -> None:
    """What a broken upload leaves."""
    for name, source in (("broken.docx", "approvals.docx"), ("broken.pdf", "approvals.pdf")):
        if (folder / source).exists():
            content = (folder / source).read_bytes()
            (folder / name).write_bytes(content[: len(content) // 2])


def _scan(file: Path, folder: Path) -> None:
    """A scanned page, which is a picture, and a PDF in which such a page follows one of text."""
    import pypdfium2

    with pypdfium2.PdfDocument(file) as pdf:
        page = pdf[0]
        page.render(scale=150 / 72).to_pil().convert("L").save(folder / "scanned.pdf")
        page.close()
    with pypdfium2.PdfDocument(file) as text, pypdfium2.PdfDocument(folder / "scanned.pdf") as picture:
        both = pypdfium2.PdfDocument.new()
        both.import_pages(text, pages=[0])
        both.import_pages(picture)
        both.save(folder / "half-scanned.pdf")
        both.close()


def _archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("guide/lockers.md", "# Lockers\n\nLocker keys are handed out by the porter until four.\n")
        archive.writestr("__MACOSX/guide/._lockers.md", b"\0\5\x16\7")
        for name in ("printer.srt", "faq.csv", "locked.pdf", "expenses-deck.pptx"):
            if (folder / name).exists():
                archive.write(folder / name, f"more/{name}")


def _picture() -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (240, 80), "white")
    ImageDraw.Draw(image).rectangle((20, 20, 220, 60), outline="black", width=3)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

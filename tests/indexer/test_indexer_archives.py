"""ZIP archives: each member is a document of its own, and nothing hostile in one does any harm."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from indexer.plan import StoredDocument, make_plan
from indexer.readers import read
from tests.indexer.paper import docx, paragraph, zipped

PAGE = "# Parcels\n\nUse two strips of tape.\n"


def failed(content: bytes, name: str = "a.zip") -> dict[str, str]:
    return {failure.document: failure.reason for failure in read(content, name).failures}


def ids(content: bytes) -> list[str]:
    return [document.id for document in read(content, "a.zip").documents]


def with_flag(content: bytes, flag: int) -> bytes:
    """The archive with a flag of its only member set, in both of its headers."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark) + offset
        content = content[:at] + bytes([content[at] | flag]) + content[at + 1 :]
    return content


def test_members_are_read_as_files_are_and_named_below_the_archive() -> None:
    content = zipped({"guide/parcels.md": PAGE, "faq.csv": "question,answer\nWhere?,There.\n", "logo.png": b"\x89PNG",
                      ".git/config.md": PAGE, "__MACOSX/guide/._parcels.md": b"\0", "README.md": PAGE})
    assert ids(content) == ["a.zip/guide/parcels.md", "a.zip/faq.csv#where"]
    assert failed(content) == {}


def test_an_archive_in_an_archive_is_read_and_no_deeper() -> None:
    inner = zipped({"parcels.md": PAGE})
    assert ids(zipped({"b.zip": inner})) == ["a.zip/b.zip/parcels.md"]
    assert failed(zipped({"b.zip": zipped({"c.zip": inner})})) == {
        "a.zip/b.zip/c.zip": "Archives in archives are read 2 deep; unpack it."}


@pytest.mark.parametrize("name", ["../parcels.md", "/etc/parcels.md", "a/../../parcels.md", "C:/parcels.md",
                                  "..\\parcels.md", "guide/par\ncels.md"])
def test_a_member_whose_name_leads_out_is_told_and_not_read(name: str) -> None:
    content = zipped({name: PAGE, "fine.md": PAGE})
    assert ids(content) == ["a.zip/fine.md"]
    (reason,) = failed(content).values()
    assert reason.startswith("The name of this member would lead out")


def test_a_link_in_an_archive_is_not_followed() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("parcels.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    assert failed(buffer.getvalue()) == {"a.zip/parcels.md": "This member is a link; pack the file that it leads to."}


def test_a_member_with_a_password_is_told_by_name() -> None:
    assert failed(with_flag(zipped({"parcels.md": PAGE}), 1)) == {
        "a.zip/parcels.md": "This member needs a password; pack it anew without one."}


def test_a_bomb_is_told_and_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({"zeros.md": b"\n" * 30_000_000, "fine.md": PAGE})
    assert failed(content) == {"a.zip/zeros.md": "The file has 30 MB; such files are read up to 20 MB."}
    monkeypatch.setattr("indexer.readers.archives._LARGEST_UNPACKED", 1_000_000)
    assert failed(content)["a.zip"].startswith("The archive unpacks to more than 1 MB")


def test_a_member_that_claims_to_be_small_and_is_not_is_told() -> None:
    content = zipped({"parcels.md": b"\n" * 30_000_000})
    size = (30_000_000).to_bytes(4, "little")
    told = failed(content.replace(size, (1_000).to_bytes(4, "little")))
    assert told == {"a.zip/parcels.md": "This member cannot be unpacked; pack the archive anew."}


def test_broken_and_empty_archives_are_told() -> None:
    assert failed(b"PK nothing") == {
        "a.zip": "This archive is damaged or is something else; pack it anew as a ZIP archive."}
    assert failed(zipped({"logo.png": b"x"})) == {"a.zip": "The archive holds no file that can be read."}


def test_an_faq_in_an_archive_keeps_its_entries_while_it_is_broken() -> None:
    stored = {name: StoredDocument("1", "a.zip") for name in ("a.zip/faq.yaml#one", "a.zip/faq.yaml#two", "a.zip/b.md")}
    reading = read(zipped({"faq.yaml": "- question: [\n"}), "a.zip")
    plan = make_plan(stored, {}, failures=reading.failures)
    assert (plan.keep, plan.drop) == (("a.zip/faq.yaml#one", "a.zip/faq.yaml#two"), ("a.zip/b.md",))


def test_members_may_have_their_front_matter_beside_them() -> None:
    content = zipped({"parcels.md": PAGE, "parcels.md.meta.yaml": "owner: Post room\naudience: [hull]\n"})
    (document,) = read(content, "a.zip").documents
    assert (document.owner, document.audience) == ("Post room", ("hull",))


def test_an_archive_with_false_offsets_is_told() -> None:
    content = bytearray(zipped({"parcels.md": PAGE}))
    at = content.index(b"PK\x01\x02") + 42  # where its header is said to begin
    content[at : at + 4] = (0xFFFFFF00).to_bytes(4, "little")
    assert list(failed(bytes(content)).values()) == ["This member cannot be unpacked; pack the archive anew."]


def stored(members: dict[str, bytes]) -> bytes:
    """A ZIP archive that packs nothing, as programs do with what is packed already."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("inner", [{"parcels.md": PAGE}, {}])
def test_an_archive_that_was_cut_off_is_not_taken_for_the_one_within_it(inner: dict[str, str | bytes]) -> None:
    within = zipped(inner)
    whole = stored({"first.md": PAGE.encode(), "b.zip": within, "last.md": PAGE.encode()})
    cut = whole[: whole.index(within) + len(within) + 10]
    assert ids(whole)[0] == "a.zip/first.md"
    assert failed(cut) == {"a.zip": "This archive is damaged or is something else; pack it anew as a ZIP archive."}


def test_a_word_document_that_was_cut_off_is_not_taken_for_the_one_within_it() -> None:
    within = docx(paragraph("An attachment."))
    whole = stored({"word/embeddings/a.docx": within, "word/document.xml": b"<never/>" * 9})
    assert failed(whole[: whole.index(within) + len(within) + 10], "a.docx") == {"a.docx": (
        "This Word document is damaged or is something else; open it in the program that made it, and save it anew.")}


@pytest.mark.parametrize("mark", [b"PK00", b"PK\x07\x08"])
def test_an_archive_that_might_have_been_split_is_read(mark: bytes) -> None:
    assert ids(mark + zipped({"parcels.md": PAGE})) == ["a.zip/parcels.md"]


@pytest.mark.parametrize("ending", [".meta.yml", ".META.YAML", ".Meta.Yml"])
def test_front_matter_beside_a_member_is_heeded_however_its_name_is_spelled(ending: str) -> None:
    content = zipped({"parcels.md": PAGE, f"parcels.md{ending}": "audience: [hull]\n"})
    assert [document.audience for document in read(content, "a.zip").documents] == [("hull",)]
    assert failed(content) == {}


def test_a_member_with_two_files_about_it_is_told() -> None:
    content = zipped({"parcels.md": PAGE, "parcels.md.meta.yml": "audience: [hull]\n",
                      "parcels.md.meta.yaml": "owner: x\n"})
    assert failed(content) == {
        "a.zip/parcels.md": "The file cannot be read (there are two .meta.yaml files about it; keep one)."}

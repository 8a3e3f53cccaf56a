"""What a run decides to do."""

from __future__ import annotations

from dataclasses import replace

from indexer.plan import Plan, StoredDocument, document_hash, make_plan
from indexer.types import Document, Failure, Section


def stored(**hashes: str) -> dict[str, StoredDocument]:
    return {name: StoredDocument(digest, f"{name}.md") for name, digest in hashes.items()}


def test_documents_are_added_changed_dropped_and_kept() -> None:
    plan = make_plan(stored(a="1", b="1", c="1", d="1"), {"a": "1", "b": "2", "new": "1"}, unread={"d.md"})
    assert plan == Plan(add=("new",), change=("b",), drop=("c",), keep=("a", "d"))
    assert not plan.changes_nothing
    assert make_plan(stored(a="1"), {"a": "1"}).changes_nothing


def test_what_is_behind_a_failure_is_kept() -> None:
    known = {"f.yaml#a": StoredDocument("1", "f.yaml"), "f.yaml#b": StoredDocument("1", "f.yaml"),
             "x/deep/a.md": StoredDocument("1", "x/deep/a.md"), "xy/a.md": StoredDocument("1", "xy/a.md")}
    assert make_plan(known, {}, failures=[Failure("f.yaml#a", "")]).keep == ("f.yaml#a",)
    assert make_plan(known, {}, failures=[Failure("f.yaml", "")]).keep == ("f.yaml#a", "f.yaml#b")
    assert make_plan(known, {}, failures=[Failure("x/", "")]).keep == ("x/deep/a.md",)


def test_a_documents_hash_knows_its_content_but_not_its_place() -> None:
    document = Document("a.md", "T", "training", (Section((), "", "text", 1),))
    moved = replace(document, sections=(Section((), "", "text", 7),))
    assert document_hash(moved) == document_hash(document)
    for other in (replace(document, title="U"), replace(document, audience=("x",)),
                  replace(document, sections=(Section((), "", "texts", 1),))):
        assert document_hash(other) != document_hash(document)

"""From the entries of an FAQ file, in whatever format, to documents: the checks are the same for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, common_fields, text_of, texts_of
from indexer.types import Document, Failure, Section

NO_ENTRIES = "The file holds no entries; delete it if it is not needed."


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the file."""

    line: int
    fields: Fields | Fault
    """A fault where the fields cannot be told from each other."""


def reading_of(entries: Iterable[Entry], file_id: str) -> Reading:
    """The entries as documents of their own, those with a fault apart."""
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    for entry in entries:
        try:
            document = _document(entry, file_id, documents)
            documents[document.id] = document
        except _EntryFault as fault:
            failures.append(Failure(fault.document, fault.reason))
    return Reading(tuple(documents.values()), tuple(failures))


def slug(question: str) -> str:
    """The id of an entry that has none: the question's words, in lower case, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", question.lower()).strip("-")


class _EntryFault(Exception):
    def __init__(self, document: str, reason: str) -> None:
        self.document, self.reason = document, reason
        super().__init__(reason)


def _document(entry: Entry, file_id: str, known: Mapping[str, Document]) -> Document:
    document_id = file_id  # as long as the entry cannot be told from the others
    try:
        if isinstance(entry.fields, Fault):
            raise entry.fields
        question, identity = text_of(entry.fields, "question"), text_of(entry.fields, "id")
        document_id = f"{file_id}#{identity or slug(question or '')}".rstrip("#")
        if question is None:
            raise Fault("This entry has no `question`.", entry.line)
        if document_id == file_id:
            raise Fault("This entry needs an `id`, because its question holds no letters.", entry.line)
        if document_id in known:
            raise Fault(f"The id of this entry is already that of the entry in line "
                        f"{known[document_id].sections[0].line}; give it an `id` of its own.", entry.line)
        return _checked(entry.fields, document_id, question, entry.line)
    except Fault as fault:
        raise _EntryFault(document_id, fault.reason) from None


def _checked(fields: Fields, document_id: str, question: str, line: int) -> Document:
    answer = text_of(fields, "answer")
    if answer is None:
        raise Fault("This entry has no `answer`.", line)
    phrasings = dict.fromkeys((question, *texts_of(fields, "also_asked")))
    return Document(
        id=document_id, title=question, kind="faq", phrasings=tuple(phrasings),
        sections=(Section(heading_path=(), anchor="", text=answer, line=line),),
        **common_fields(fields),
    )

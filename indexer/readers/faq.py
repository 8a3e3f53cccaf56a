"""An FAQ file: a YAML list of questions with their answers. Each entry becomes a document of its own."""

from __future__ import annotations

import re

import yaml

from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, common_fields, compose, fields_of, text_of, texts_of
from indexer.types import Document, Failure, Section


def read(text: str, file_id: str) -> Reading:
    """The entries of the file, those with a fault apart. Raises Fault if it is no FAQ file at all."""
    root = compose(text)
    if root is None or root.tag.endswith(":null"):
        return Reading()
    if not isinstance(root, yaml.SequenceNode):
        raise Fault("An FAQ file is a list of entries, each beginning with `- question: …`.",
                    root.start_mark.line + 1)
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    for node in root.value:
        try:
            document = _entry(node, file_id, documents)
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


def _entry(node: yaml.Node, file_id: str, known: dict[str, Document]) -> Document:
    line = node.start_mark.line + 1
    document_id = file_id  # as long as the entry cannot be told from the others
    try:
        fields = fields_of(node)
        question, identity = text_of(fields, "question"), text_of(fields, "id")
        document_id = f"{file_id}#{identity or slug(question or '')}".rstrip("#")
        if question is None:
            raise Fault("This entry has no `question`.", line)
        if document_id == file_id:
            raise Fault("This entry needs an `id`, because its question holds no letters.", line)
        if document_id in known:
            raise Fault(f"The id of this entry is already that of the entry in line "
                        f"{known[document_id].sections[0].line}; give it an `id` of its own.", line)
        return _document(fields, document_id, question, line)
    except Fault as fault:
        raise _EntryFault(document_id, fault.reason) from None


def _document(fields: Fields, document_id: str, question: str, line: int) -> Document:
    answer = text_of(fields, "answer")
    if answer is None:
        raise Fault("This entry has no `answer`.", line)
    phrasings = dict.fromkeys((question, *texts_of(fields, "also_asked")))
    return Document(
        id=document_id, title=question, kind="faq", phrasings=tuple(phrasings),
        sections=(Section(heading_path=(), anchor="", text=answer, line=line),),
        **common_fields(fields),
    )

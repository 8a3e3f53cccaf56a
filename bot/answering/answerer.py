"""A question and what the search found -> the answer. It decides nothing: the verdict is the search's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.answering.quoting import quotes_of, source_line
from bot.answering.types import Answer
from indexer.types import Findings, Hit, Viewer

HITS = 10
NOTHING_ASKED = "What would you like to know? Ask it in a sentence, such as “How do I …?”"
NOTHING_FOUND = "I do not find an answer to this in the training material."


class Answerer:
    """Answers questions from what `find` brings. Safe to use from any thread if `find` is."""

    def __init__(self, find: Callable[[str, Viewer], Findings]) -> None:
        self._find = find

    def answer(self, question: str, viewer: Viewer) -> Answer:
        """The answer for this viewer. Raises what `find` raises (`IndexMissing`, …)."""
        if not question.strip():
            return Answer(question, "clarify", 0.0, NOTHING_ASKED, (), (), 0)
        return self.from_findings(self._find(question, viewer))

    def from_findings(self, found: Findings) -> Answer:
        """The answer that these findings give."""
        quotes = quotes_of(found.hits) if found.verdict == "answer" else ()
        # Without anything to quote there is no answer, whatever the figures say.
        verdict = "handover" if found.verdict == "answer" and not quotes else found.verdict
        if quotes:
            text = f"{quotes[0].text}\n\n{source_line(quotes[0])}"
        else:
            text = NOTHING_ASKED if verdict == "clarify" else NOTHING_FOUND
        return Answer(found.question, verdict, found.confidence, text, quotes,
                      tuple(first_of_each_document(found.hits))[:HITS], found.generation)


def first_of_each_document(hits: Iterable[Hit]) -> list[Hit]:
    """The best hit of every document, in the order given."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.document_id, hit)
    return list(best.values())

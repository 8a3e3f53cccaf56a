"""A question and what the search found -> the answer. It decides nothing: the verdict is the search's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from bot.answering.fitting import fitting_first
from bot.answering.follow_up import is_follow_up, merged, place_of, together, topic_of
from bot.answering.language import foreign_language, language_of
from bot.answering.quoting import quotes_of, source_line
from bot.answering.relevance import Embed
from bot.answering.small_talk import without_greeting
from bot.answering.types import Answer, Choice, Turn
from indexer.types import Findings, Hit, Viewer

HITS = 10
CHOICES = 3
_AS_WRITTEN = 0.97  # the very words stand in the knowledge base: what the model reads does not matter
_WORTH_OFFERING = 0.6  # of the best one's score
NOTHING_ASKED = "What would you like to know? Ask it in a sentence, such as “How do I …?”"
NOTHING_FOUND = "I do not find an answer to this in the training material."
WHICH = "Which of these do you mean?"
NOT_MY_LANGUAGE = "I do not read this language, so a coach has to answer this."


class Answerer:
    """Answers questions from what `find` brings. Safe to use from any thread if `find` is."""

    def __init__(self, find: Callable[[str, Viewer], Findings], embed: Embed | None = None,
                 languages: Collection[str] = ()) -> None:
        """`embed` helps to choose the part of a passage that answers; `languages`: what the model reads, empty: any."""
        self._find = find
        self._embed = embed
        self._languages = frozenset(languages)

    def answer(self, question: str, viewer: Viewer, earlier: Sequence[Turn] = ()) -> Answer:
        """The answer for this viewer; `earlier`: what was asked before in the conversation, oldest first.

        Raises what `find` raises (`IndexMissing`, …).
        """
        if not question.strip():
            return Answer(question, "clarify", 0.0, NOTHING_ASKED, (), (), 0)
        meant = without_greeting(question)
        foreign = foreign_language(meant, self._languages)
        found = self._find(meant, viewer)
        if foreign and found.confidence < _AS_WRITTEN and not _is_written_in(found, foreign):
            hits = tuple(first_of_each_document(found.hits))[:HITS]
            return Answer(question, "handover", 0.0, NOT_MY_LANGUAGE, (), hits, found.generation, language=foreign)
        if earlier and is_follow_up(meant):
            topic = topic_of(earlier)
            found = self._with_topic(meant, topic, found, earlier, viewer)
            return replace(self.from_findings(found), question=question, follows=topic.id)
        return replace(self.from_findings(found), question=question)

    def from_findings(self, found: Findings) -> Answer:
        """The answer that these findings give."""
        quotes = quotes_of(found.question, found.hits, self._embed) if found.verdict == "answer" else ()
        # Without anything to quote there is no answer, whatever the figures say.
        verdict = "handover" if found.verdict == "answer" and not quotes else found.verdict
        choices = self._choices(found) if verdict == "clarify" else ()
        if quotes:
            text = f"{quotes[0].text}\n\n{source_line(quotes[0])}"
        elif choices:
            text = "\n".join([f"{WHICH}\n", *(f"- {choice.label}" for choice in choices)])
        else:
            text = NOTHING_ASKED if verdict == "clarify" else NOTHING_FOUND
        return Answer(found.question, verdict, found.confidence, text, quotes,
                      tuple(first_of_each_document(found.hits))[:HITS], found.generation, choices)

    def _with_topic(self, question: str, topic: Turn, alone: Findings, earlier: Sequence[Turn],
                    viewer: Viewer) -> Findings:
        """What the question finds together with the earlier one."""
        told = {place_of(turn.told[0]) for turn in earlier if turn.told}
        both = self._find(together(topic, question), viewer)
        return merged(question, alone, both, told)

    def _choices(self, found: Findings) -> tuple[Choice, ...]:
        """The best candidates of different documents, each with what would be quoted of it."""
        likely = [hit for hit in first_of_each_document(found.hits)
                  if hit.score >= _WORTH_OFFERING * found.hits[0].score][:CHOICES]
        meant = [fitting_first(found.question, [hit for hit in found.hits if hit.document_id == best.document_id])[0]
                 for best in likely]
        return tuple(Choice(label_of(hit), quote)
                     for hit in meant for quote in quotes_of(found.question, (hit,)))


def label_of(hit: Hit) -> str:
    """What a passage is about, on one line: the FAQ entry's question, or title › section."""
    if hit.question:
        return hit.question
    named = f"{hit.title} › {hit.section}" if hit.section else hit.title
    return f"{named}, {hit.place}" if hit.place else named


def _is_written_in(found: Findings, language: str) -> bool:
    """Whether what was found is in this language: then words are found, though the model does not read them."""
    return bool(found.hits) and language_of(found.hits[0].text) == language


def first_of_each_document(hits: Iterable[Hit]) -> list[Hit]:
    """The best hit of every document, in the order given."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.document_id, hit)
    return list(best.values())

"""Similar tickets, as far as their asker may see what those were answered from."""

from __future__ import annotations

from bot.desk.answers import Answers
from bot.desk.office import FindSimilar, Hidden
from bot.desk.similar import SimilarTicket
from bot.desk.types import People, Ticket


class SimilarForAsker:
    """What coaches told somebody else may come from a document that is not for this asker, or no longer holds."""

    def __init__(self, similar: FindSimilar, answers: Answers, people: People, hidden: Hidden) -> None:
        self._similar, self._answers, self._people, self._hidden = similar, answers, people, hidden

    def to(self, ticket: Ticket) -> tuple[SimilarTicket, ...]:
        """As `Similar.to`. Takes time."""
        found = self._similar(ticket)
        sources = {one.ticket.number: self._sources(one.ticket) for one in found}
        if not any(sources.values()):
            return found
        hidden = set(self._hidden(frozenset().union(*sources.values()), self._people.viewer(ticket.asker)))
        return tuple(one for one in found if not sources[one.ticket.number] & hidden)

    def _sources(self, ticket: Ticket) -> frozenset[str]:
        """The documents that its asker was shown, and the one that stood first."""
        if ticket.answer_id is None:
            return frozenset()
        answer = self._answers.get(ticket.answer_id).answer
        quoted = [quote.document for quote in (*answer.quotes, *(choice.quote for choice in answer.choices))]
        return frozenset([*quoted, *(hit.document_id for hit in answer.hits[:1])])

"""Similar tickets, as far as their asker may see what those were answered from."""

from __future__ import annotations

from bot.desk.answers import Answers
from bot.desk.office import FindSimilar, Hidden
from bot.desk.similar import SimilarTicket
from bot.desk.types import People, Ticket
from indexer.types import Viewer


class SimilarForAsker:
    """What coaches told somebody else may come from a document that is not for this asker, or no longer holds."""

    def __init__(self, similar: FindSimilar, answers: Answers, people: People, hidden: Hidden) -> None:
        self._similar, self._answers, self._people, self._hidden = similar, answers, people, hidden

    def to(self, ticket: Ticket) -> tuple[SimilarTicket, ...]:
        """As `Similar.to`. Takes time."""
        found = self._similar(ticket)
        answers = {one.ticket.number: self._answers.get(one.ticket.answer_id)
                   for one in found if one.ticket.answer_id is not None}
        sources = {number: stored.answer.sources for number, stored in answers.items()}
        if not any(sources.values()):
            return found
        hidden = set(self._hidden(frozenset().union(*sources.values()), self._people.viewer(ticket.asker)))
        hidden |= self._lost(frozenset().union(*(stored.restricted for stored in answers.values())))
        return tuple(one for one in found if hidden.isdisjoint(sources.get(one.ticket.number, ())))

    def _lost(self, restricted: frozenset[str]) -> frozenset[str]:
        """Those that are not in the index any more, under their name: for whom they are cannot be told."""
        return restricted - frozenset(self._hidden(restricted, Viewer())) if restricted else restricted

"""“Which of these?”: the asker says which document they mean, and it becomes the answer in the same message."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.answering.quoting import source_line
from bot.answering.types import Choice
from bot.desk.answers import StoredAnswer
from bot.desk.asking import not_yours, still_stuck
from bot.desk.office import Office
from bot.errors import FloorwalkerError, UnknownAnswer

log = logging.getLogger(__name__)


def choose(office: Office, answer_id: int, number: int, user: str, now: datetime, *, respond_url: str) -> None:
    """See `Desk.choose`."""
    stored = office.answers.get(answer_id)
    if not 0 <= number < len(stored.answer.choices):
        raise UnknownAnswer
    choice = stored.answer.choices[number]
    waits = stored.asker == user and stored.answer.verdict == "clarify" and stored.outcome is None
    if waits and not _still_there(office, stored, choice):
        # Nothing is left to tell them; a coach knows what holds instead.
        still_stuck(office, answer_id, user, now, respond_url=respond_url)
        return
    with office.store.transaction():
        if stored.asker != user:
            not_yours(office, stored, user, now, respond_url)
        elif office.answers.choose(answer_id, choice.quote, f"{choice.quote.text}\n\n{source_line(choice.quote)}"):
            office.notify("answer_chosen", stored.message_channel or stored.channel, now, thread=stored.thread or "",
                          user="" if stored.thread is not None else stored.asker, respond_url=respond_url,
                          answer=answer_id)


def _still_there(office: Office, stored: StoredAnswer, choice: Choice) -> bool:
    """Whether the asker may see this document now: it may have gone, or ended, since it was offered.

    Asked by its own title, a document that is there is always among the hits.
    """
    try:
        found = office.find_answer(choice.label, office.people.viewer(stored.asker))
    except FloorwalkerError as error:
        log.warning("A chosen document could not be looked for: %s", error.sentence)
        return True
    return any(hit.document_id == choice.quote.document for hit in found.hits)

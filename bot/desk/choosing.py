"""“Which of these?”: the asker says which document they mean, and it becomes the answer in the same message.

They say so by a click, or by writing it into the thread. There they also say that an answer did not help.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.answering.complaints import is_complaint
from bot.answering.quoting import source_line
from bot.answering.small_talk import talk_of
from bot.answering.typed_choice import picked_from
from bot.answering.types import Choice
from bot.desk.answers import StoredAnswer
from bot.desk.asking import not_yours, still_stuck
from bot.desk.office import Office
from bot.desk.types import Message
from bot.errors import FloorwalkerError, UnknownAnswer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pick:
    """What somebody chose, with all that took time to look up, ready to be concluded."""

    stored: StoredAnswer
    """As it was when they chose."""
    choice: Choice | None
    """None: none of those that were offered, or one that is no longer there."""


def choose(office: Office, answer_id: int, number: int, user: str, now: datetime, *, respond_url: str) -> None:
    """See `Desk.choose`."""
    stored = office.answers.get(answer_id)
    if not 0 <= number < len(stored.answer.choices):
        raise UnknownAnswer
    conclude(office, _picked(office, stored, number, user), user, now, respond_url=respond_url)


def typed(office: Office, message: Message) -> Pick | None:
    """What the asker chose by writing it under the question back; None if this message is no choice."""
    if message.thread_ts is None or message.files or talk_of(message.text) is not None:
        return None
    stored = _offer(office, message.user, message.channel, message.thread_ts)
    picked = None if stored is None else picked_from(message.text, [choice.label for choice in stored.answer.choices])
    if stored is None or picked is None:
        return None
    return Pick(stored, None) if picked == "none" else _picked(office, stored, picked, message.user)


def turned_down(office: Office, message: Message) -> Pick | None:
    """“That did not work”, written below an answer: as if its asker had pressed *Still stuck*. None if it says more,
    or if there is no answer that it could mean."""
    if message.thread_ts is None or message.files or not is_complaint(message.text):
        return None
    last = office.answers.last_to(message.user, message.channel, message.thread_ts)
    stuck = last is not None and last.answer.verdict == "answer" and last.outcome != "passed_on"
    return Pick(last, None) if last is not None and stuck else None


def conclude(office: Office, pick: Pick, user: str, now: datetime, *, respond_url: str = "") -> None:
    """Make the choice the answer, or a ticket. May be part of a transaction that is open."""
    stored, choice = pick.stored, pick.choice
    if choice is None:
        # Nothing is left to tell them; a coach knows what holds instead.
        still_stuck(office, stored.id, user, now, respond_url=respond_url)
        return
    with office.store.transaction():
        if stored.asker != user:
            not_yours(office, stored, user, now, respond_url)
        elif office.answers.choose(stored.id, choice.quote, f"{choice.quote.text}\n\n{source_line(choice.quote)}"):
            _tell(office, stored, now, respond_url)


def _tell(office: Office, stored: StoredAnswer, now: datetime, respond_url: str) -> None:
    """In the offer's place; but what only the asker sees can be changed by a click on it alone, so who has written it
    is answered below."""
    alone = stored.thread is None
    if alone and stored.beside and not respond_url:
        office.notify("answer", stored.channel, now, thread=stored.beside, user=stored.asker, answer=stored.id)
        return
    office.notify("answer_chosen", stored.message_channel or stored.channel, now, thread=stored.thread or "",
                  user=stored.asker if alone else "", respond_url=respond_url, answer=stored.id)


def _picked(office: Office, stored: StoredAnswer, number: int, user: str) -> Pick:
    choice = stored.answer.choices[number]
    gone = stored.asker == user and _waits(stored) and not _still_there(office, stored, choice)
    return Pick(stored, None if gone else choice)


def _offer(office: Office, user: str, channel: str, thread: str) -> StoredAnswer | None:
    """The bot's last word to this very user in this thread, if it offered something and they have not chosen yet."""
    turns = office.answers.conversation(channel, thread)
    answers = (office.answers.get(turn.id) for turn in reversed(turns))
    last = next((answer for answer in answers if answer.asker == user), None)
    return last if last is not None and last.answer.choices and _waits(last) else None


def _waits(stored: StoredAnswer) -> bool:
    return stored.answer.verdict == "clarify" and stored.outcome is None


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

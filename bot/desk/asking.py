"""Questions: the answer, the question back, or the ticket. Small talk: a short reply."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.answering.small_talk import Talk, talk_of
from bot.answering.types import Answer
from bot.desk.answers import Outcome, StoredAnswer
from bot.desk.lifecycle import OPEN
from bot.desk.office import Office
from bot.desk.tickets import NOWHERE, NewTicket
from bot.desk.types import Asked, NoticeKind, Origin, Ticket
from bot.errors import FloorwalkerError

log = logging.getLogger(__name__)

ONLY_A_FILE = "(a file, without words)"
COULD_NOT_SEARCH = "I could not search the training material just now."
_ASKS_BACK: tuple[Talk, ...] = ("greeting", "help")
"""After these the bot waits for the question."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question with all that took time to look up, ready to be concluded in a transaction."""

    asked: Asked
    answer: Answer
    direct_channel: str
    """Where a ticket's thread is opened if there is none to begin with; else empty."""
    talk: Talk | None = None
    """It is no question at all, but this."""
    area: str = ""
    """Where a ticket belongs, if one is opened."""
    coach: str | None = None
    """Who is asked to take it."""
    restricted: frozenset[str] = frozenset()
    """Which of the documents that were found are not for everybody."""


def ask(office: Office, asked: Asked, now: datetime) -> None:
    """See `Desk.ask`."""
    if office.once.known(asked.key):
        return
    prepared = prepare(office, asked, now)
    with office.store.transaction():
        if office.once.first(asked.key, now):
            conclude(office, prepared, now)


def prepare(office: Office, asked: Asked, now: datetime) -> Prepared:
    """Search, outside any transaction. What cannot be searched goes to the coaches: nobody is left without a word."""
    talk = None if asked.files else talk_of(asked.text)
    if talk is not None:
        return Prepared(asked, Answer(asked.text, "clarify", 0.0, "", (), (), 0), "", talk)
    thread = asked.thread_ts or asked.beside
    earlier = office.answers.conversation(asked.channel, thread) if thread else ()
    try:
        answer = office.find_answer(asked.text, office.people.viewer(asked.user), earlier)
    except FloorwalkerError as error:
        log.error("A question could not be searched for: %s", error.sentence)
        answer = Answer(asked.text, "handover", 0.0, COULD_NOT_SEARCH, (), (), 0)
    restricted = _restricted(office, asked, answer)
    if answer.verdict == "handover":
        return replace(_for_coaches(office, asked, answer, now), restricted=restricted)
    return Prepared(_in_confidence(asked, answer, restricted), answer, "", restricted=restricted)


def _restricted(office: Office, asked: Asked, answer: Answer) -> frozenset[str]:
    """Which of the documents that were found are not for everybody."""
    found = {*answer.shown, *(hit.document_id for hit in answer.hits)}
    viewer = office.people.viewer(asked.user)
    if not found or not viewer.groups:
        return frozenset()
    return frozenset(office.hidden(found, replace(viewer, groups=frozenset())))


def _in_confidence(asked: Asked, answer: Answer, restricted: frozenset[str]) -> Asked:
    """Where others read along, what is not for everybody is shown to the asker only, who may share it."""
    if not asked.overheard or restricted.isdisjoint(answer.shown):
        return asked
    return replace(asked, thread_ts=None, beside=asked.thread_ts or "", overheard=False)


def conclude(office: Office, prepared: Prepared, now: datetime, ticket: Ticket | None = None) -> None:
    """Keep the answer and send it, in the transaction that is open. With a `ticket` no other one is opened."""
    asked, answer = prepared.asked, prepared.answer
    if prepared.talk is not None:
        _talk_back(office, prepared, prepared.talk, now, ticket)
        return
    answer_id = office.answers.add(asked, answer, now, prepared.restricted)
    if answer.verdict == "answer":
        _reply(office, "answer", asked, now, answer=answer_id)
    elif answer.choices:
        _reply(office, "choices", asked, now, answer=answer_id)
    elif answer.verdict == "clarify":
        _reply(office, "clarify", asked, now, reason="only_file" if asked.files else "empty")
    elif ticket is not None or (ticket := _open_in_thread(office, asked)) is not None:
        office.notify("handed_over", asked.channel, now, thread=asked.thread_ts or "", ticket=ticket, answer=answer_id)
    else:
        open_ticket(office, "handed_over", prepared, answer_id, now)


def request(office: Office, asked: Asked, now: datetime) -> Ticket | None:
    """See `Desk.request`."""
    if office.once.known(asked.key):
        return office.tickets.by_key(asked.key)
    if not asked.channel:
        asked = replace(asked, channel=office.people.direct_channel(asked.user))
    wanted = bool(asked.text.strip() or asked.files)
    nothing = Answer(asked.text, "handover", 0.0, "", (), (), 0)
    prepared = _for_coaches(office, asked, nothing, now) if wanted else Prepared(asked, nothing, "")
    with office.store.transaction():
        if not office.once.first(asked.key, now):
            return office.tickets.by_key(asked.key)
        if not wanted:
            _reply(office, "clarify", asked, now, reason="empty")
            return None
        return open_ticket(office, "requested", prepared, None, now)


def helped(office: Office, answer_id: int, user: str, now: datetime, *, respond_url: str) -> None:
    """See `Desk.helped`."""
    stored = office.answers.get(answer_id)
    with office.store.transaction():
        if stored.asker != user:
            not_yours(office, stored, user, now, respond_url)
        elif office.answers.settle(answer_id, "helped"):
            _settle(office, stored, "helped", now, respond_url)


def still_stuck(office: Office, answer_id: int, user: str, now: datetime, *, respond_url: str,
                reporter: str = "") -> None:
    """See `Desk.still_stuck`. `reporter`: the coach who does it for the asker, if it was not they themselves."""
    stored = office.answers.get(answer_id)
    asked = Asked(f"stuck:{answer_id}", stored.asker, stored.answer.question, stored.via, stored.channel,
                  stored.thread, stored.files, respond_url, stored.source_ts, stored.beside, reporter=reporter,
                  author=stored.asker if reporter else "")
    # Where the bot only offered what might be meant, it had no answer to be stuck with.
    origin: Origin = "handed_over" if stored.answer.verdict == "clarify" else "still_stuck"
    is_next = stored.asker == user and stored.outcome != "passed_on"
    prepared = _for_coaches(office, asked, stored.answer, now) if is_next else Prepared(asked, stored.answer, "")
    with office.store.transaction():
        if stored.asker != user:
            not_yours(office, stored, user, now, respond_url)
        elif not office.answers.settle(answer_id, "passed_on"):
            _already_passed_on(office, stored, asked, now)
        else:
            ticket = _pass_on(office, origin, prepared, answer_id, now)
            _settle(office, stored, "passed_on", now, respond_url, ticket)


def open_ticket(office: Office, origin: Origin, prepared: Prepared, answer_id: int | None, now: datetime) -> Ticket:
    """A new ticket: the asker hears its number wherever they asked, the coaches get its card."""
    asked = prepared.asked
    ticket = office.tickets.open_new(_new_ticket(office, origin, prepared, answer_id, now), now)
    if prepared.coach is not None:
        ticket = office.tickets.step(ticket, "assigned", "", now, prepared.coach, assigned=prepared.coach)
    office.answers.files_taken(asked.user, asked.channel)
    if asked.thread_ts is not None:
        # After “which of these?” there is a message with this answer already: this one only tells of the ticket.
        kind: NoticeKind = "handed_over" if origin == "handed_over" and not prepared.answer.choices else "passed_on"
        office.notify(kind, asked.channel, now, thread=asked.thread_ts, ticket=ticket, answer=answer_id,
                      reporter=asked.reporter)
    else:
        office.notify("thread_opener", ticket.asker_channel, now, ticket=ticket, answer=answer_id)
        # In the direct messages with the bot the opener itself tells the number; but from Home they look at a form.
        if asked.channel != ticket.asker_channel or asked.via == "home":
            office.notify("ticket_pointer", asked.channel, now, thread=asked.shown_in, user=asked.user, ticket=ticket,
                          respond_url=asked.respond_url)
    office.notify("card", ticket.card_channel, now, ticket=ticket, answer=answer_id)
    return ticket


def _new_ticket(office: Office, origin: Origin, prepared: Prepared, answer_id: int | None, now: datetime) -> NewTicket:
    asked = prepared.asked
    return NewTicket(
        key=asked.key, origin=origin, question=asked.text.strip() or ONLY_A_FILE, asker=asked.user,
        asker_channel=asked.channel if asked.thread_ts is not None else prepared.direct_channel,
        asker_thread=asked.thread_ts, card_channel=office.policy.channel_of(prepared.area),
        source=(asked.channel, asked.source_ts) if asked.source_ts else NOWHERE, answer_id=answer_id,
        files=(*office.answers.files_left(asked.user, asked.channel, now), *asked.files),
        area=prepared.area, priority=asked.priority or office.policy.priority_of(asked.text),
        reporter=asked.reporter, author=asked.author, tags=asked.tags)


def _for_coaches(office: Office, asked: Asked, answer: Answer, now: datetime) -> Prepared:
    """What opening a ticket needs to have looked up."""
    area = office.find_area(asked.text)
    coach = office.roster.pick(office.people.coaches(area), asked.user, now)
    return Prepared(asked, answer, _thread_home(office, asked), area=area, coach=coach)



def _pass_on(office: Office, origin: Origin, prepared: Prepared, answer_id: int, now: datetime) -> Ticket:
    asked = prepared.asked
    ticket = _open_in_thread(office, asked)
    if ticket is None:
        return open_ticket(office, origin, prepared, answer_id, now)
    office.notify("passed_on", asked.channel, now, thread=asked.thread_ts or "", ticket=ticket, answer=answer_id,
                  reporter=asked.reporter)
    tried = "my answer to" if origin == "still_stuck" else "what I offered for"
    stuck = "has handed over this, besides" if asked.reporter else "is still stuck after"
    office.tell_coaches("noted_in_thread", ticket, now, author=asked.reporter or asked.user,
                        text=f"{stuck} {tried}: {asked.text}")
    return ticket


def _talk_back(office: Office, prepared: Prepared, talk: Talk, now: datetime, ticket: Ticket | None) -> None:
    """A short reply to what is no question; `ticket`: the open one in whose thread it was said."""
    asked = prepared.asked
    if talk in _ASKS_BACK:
        office.answers.add(asked, prepared.answer, now)
    still_open = [(one.name, one.question) for one in office.tickets.of_asker(asked.user) if one.state in OPEN]
    _reply(office, "small_talk", asked, now, talk=talk, here=ticket.name if ticket else "", tickets=still_open)


def _open_in_thread(office: Office, asked: Asked) -> Ticket | None:
    """The open ticket that this thread belongs to already: no thread has two."""
    if asked.thread_ts is None:
        return None
    ticket = (office.tickets.in_thread(asked.channel, asked.thread_ts, asked.user)
              or office.tickets.by_card(asked.channel, asked.thread_ts))
    return ticket if ticket is not None and ticket.state in OPEN else None


def _thread_home(office: Office, asked: Asked) -> str:
    return office.people.direct_channel(asked.user) if asked.thread_ts is None else ""


def _reply(office: Office, kind: NoticeKind, asked: Asked, now: datetime, **content: Any) -> None:
    """Into the thread; where there is none, for the asker only."""
    office.notify(kind, asked.channel, now, thread=asked.shown_in,
                  user="" if asked.thread_ts is not None else asked.user, respond_url=asked.respond_url, **content)


def _settle(office: Office, stored: StoredAnswer, outcome: Outcome, now: datetime, respond_url: str,
            ticket: Ticket | None = None) -> None:
    """Take the buttons off the answer."""
    ephemeral_for = "" if stored.thread is not None else stored.asker
    office.notify("answer_settled", stored.message_channel or stored.channel, now, thread=stored.thread or "",
                  user=ephemeral_for, ticket=ticket, respond_url=respond_url, answer=stored.id, outcome=outcome)


def not_yours(office: Office, stored: StoredAnswer, user: str, now: datetime, respond_url: str) -> None:
    """Buttons are for the person who asked; others are told so."""
    office.notify("whisper", stored.channel, now, thread=stored.thread or "", user=user, respond_url=respond_url,
                  text="These buttons are for the person who asked. Ask me yourself, and I answer you, too.")


def _already_passed_on(office: Office, stored: StoredAnswer, asked: Asked, now: datetime) -> None:
    ticket = office.tickets.by_key(asked.key)
    what = ticket.name if ticket else "This question"
    office.notify("whisper", stored.channel, now, thread=stored.thread or "", user=stored.asker,
                  respond_url=asked.respond_url, text=f"{what} is with the coaches already.")

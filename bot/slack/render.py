"""A notice of the desk -> the message that Slack shows, as things stand when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.answering.types import Answer
from bot.desk.desk import Desk
from bot.desk.types import Notice, Ticket, is_direct
from bot.slack.views import answers, cards, clockwork, notices, reviews
from bot.slack.views.parts import View

_WORTH_A_LOOK = 0.1  # confidence below which what is nearest is far


def render(notice: Notice, desk: Desk, now: datetime,
           address: Callable[[str, str], str] = lambda _channel, _ts: "") -> View:
    """The view for a notice. Reads the ticket and the answer anew, so that a late message tells the latest.

    `address`: of a message in Slack, by its channel and time stamp; empty where there is none.
    """
    content = notice.content
    if notice.kind in ("card", "card_changed"):
        return _card(notice.ticket or 0, desk, now)
    if notice.kind == "digest":
        return _digest(content, desk, now)
    if notice.kind == "escalation":
        return _escalation(desk.ticket(notice.ticket or 0), content, address)
    if notice.kind in _APART:
        return _APART[notice.kind](notice, desk)
    assert notice.ticket is not None
    return _ABOUT_A_TICKET[notice.kind](desk.ticket(notice.ticket), content, desk)


def _settled(notice: Notice, desk: Desk) -> View:
    ticket = desk.ticket(notice.ticket) if notice.ticket else None
    if notice.content["outcome"] == "shared":
        return answers.answer(notice.content["answer"], desk.answer(notice.content["answer"]).answer)
    return answers.settled(desk.answer(notice.content["answer"]).answer, notice.content["outcome"], ticket)


def _whisper(notice: Notice, _: Desk) -> View:
    mrkdwn = notice.content.get("mrkdwn")
    return notices.said(mrkdwn) if mrkdwn else notices.noted(notice.content["text"], "")


def _copy(notice: Notice, _: Desk) -> View:
    content = notice.content
    return notices.relayed(content["text"], content["author"], content.get("files", ()))


def _answer(notice: Notice, desk: Desk) -> View:
    """As it stands now: a choice may have been made before the question was sent."""
    answer_id = notice.content["answer"]
    stored = desk.answer(answer_id)
    if stored.answer.quotes:
        return answers.answer(answer_id, stored.answer, shareable=bool(stored.beside),
                              with_files=bool(stored.files))
    return answers.choices(answer_id, stored.answer)


def _card(number: int, desk: Desk, now: datetime) -> View:
    ticket = desk.ticket(number)
    tried = _tried(ticket, desk)
    due: dict[str, datetime | None] = {clock.name: clock.due for clock in desk.clocks(number, now).all}
    after = desk.answer(tried.follows).answer.question if tried is not None and tried.follows else ""
    return cards.card(ticket, tried, desk.history(number), after, desk.surroundings(number), due, now)


def _digest(content: Mapping[str, Any], desk: Desk, now: datetime) -> View:
    return clockwork.digest({kind: [(desk.ticket(number), desk.due(number, now)) for number in content[kind]]
                             for kind in clockwork.KINDS})


def _reminder(ticket: Ticket, content: Mapping[str, Any], _: Desk) -> View:
    return clockwork.reminder(ticket, content["clock"], content["tier"], content["whom"], _due(content))


def _escalation(ticket: Ticket, content: Mapping[str, Any], address: Callable[[str, str], str]) -> View:
    card = address(ticket.card_channel, ticket.card_ts) if ticket.card_ts else ""
    return clockwork.escalation(ticket, content["clock"], content["whom"], _due(content), card)


def _due(content: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(content["due"]) if content["due"] else None


def _with_hours(draw: Callable[[Ticket, Mapping[str, Any], Desk], View]) -> Callable[..., View]:
    """Whoever sent files is told what becomes of them, whoever asks outside business hours when to expect somebody."""

    def drawn(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
        view, opens = draw(ticket, content, desk), desk.expected(ticket.area, ticket.opened_at)
        if any(file["id"] for file in ticket.files):  # links have none
            view = answers.files_passed_on(view)
        return clockwork.with_opening(view, opens) if opens > ticket.opened_at else view

    return drawn


def _open_again(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    view, opens = notices.open_again(ticket, content.get("author") or ""), desk.expected(ticket.area, ticket.changed_at)
    return clockwork.with_opening(view, opens) if opens > ticket.changed_at else view


def _handed_over(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    stored = desk.answer(content["answer"])
    found = stored.answer.hits if stored.answer.confidence >= _WORTH_A_LOOK else ()
    nearest = [hit for hit in found if is_direct(stored.channel) or hit.document_id not in stored.restricted]
    return answers.handed_over(ticket, nearest, stored.answer.language)


def _review(ticket: Ticket, desk: Desk) -> View:
    stored = desk.answer(ticket.answer_id) if ticket.answer_id else None
    return reviews.review(desk.lesson(ticket.number), ticket, restricted=stored is not None and stored.is_restricted)


def _passed_on(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    answer = desk.answer(content["answer"]).answer if content.get("answer") else None
    return answers.passed_on(ticket, after_choices=answer is not None and not answer.quotes and bool(answer.choices),
                             reporter=content.get("reporter") or "")


def _opener(ticket: Ticket, _: Mapping[str, Any], desk: Desk) -> View:
    return answers.thread_opener(ticket, _reporter(ticket, desk))


def _pointer(ticket: Ticket, _: Mapping[str, Any], desk: Desk) -> View:
    tried = _tried(ticket, desk)
    return answers.ticket_pointer(ticket, tried.language if tried else "", _reporter(ticket, desk))


def _reporter(ticket: Ticket, desk: Desk) -> str:
    """Who has handed it over; empty if its asker came by themselves."""
    brought_by = next((entry.actor for entry in desk.history(ticket.number)), ticket.asker)
    return brought_by if brought_by != ticket.asker else ""


def _tried(ticket: Ticket, desk: Desk) -> Answer | None:
    return desk.answer(ticket.answer_id).answer if ticket.answer_id else None


_APART: Mapping[str, Callable[[Notice, Desk], View]] = {
    "answer": _answer,
    "choices": _answer,
    "answer_chosen": _answer,
    "answer_shared": lambda notice, desk: answers.shared(
        desk.answer(notice.content["answer"]).answer, notice.content["author"]),
    "answer_settled": _settled,
    "clarify": lambda notice, _: answers.clarify(notice.content["reason"]),
    "small_talk": lambda notice, _: notices.small_talk(
        notice.content["talk"], notice.content["here"], notice.content["tickets"]),
    "whisper": _whisper,
    "ops": _whisper,
    "relay_deleted": lambda notice, _: notices.removed(notice.content["author"]),
    "relay_edited": _copy,
}
"""Notices that may belong to no ticket."""
_ABOUT_A_TICKET: Mapping[str, Callable[[Ticket, Mapping[str, Any], Desk], View]] = {
    "handed_over": _with_hours(_handed_over),
    "passed_on": _with_hours(_passed_on),
    "thread_opener": _with_hours(_opener),
    "ticket_pointer": _pointer,
    "reminder": _reminder,
    "claimed": lambda ticket, _content, _desk: notices.claimed(ticket),
    "released": lambda ticket, _content, _desk: notices.released(ticket),
    "asked_back": lambda ticket, content, _desk: notices.asked_back(ticket, content["text"], content["author"]),
    "relayed": lambda _ticket, content, _desk: notices.relayed(
        content["text"], content["author"], content.get("files", ())),
    "resolved": lambda ticket, content, _desk: notices.resolved(ticket, content["text"], content["author"]),
    "dismissed": lambda ticket, content, _desk: notices.dismissed(ticket, content["author"]),
    "reopened": lambda ticket, _content, _desk: notices.reopened(ticket),
    "open_again": _open_again,
    "not_needed": lambda ticket, content, _desk: notices.not_needed(ticket, content["author"]),
    "noted_in_thread": lambda _ticket, content, _desk: notices.noted(
        content["text"], content["author"], content.get("whom") or ""),
    "review": lambda ticket, _content, desk: _review(ticket, desk),
    "review_changed": lambda ticket, content, desk: (
        reviews.replaced(ticket) if "former" in content else _review(ticket, desk)),
    "taught": lambda _ticket, _content, _desk: reviews.taught(),
    "untaught": lambda _ticket, _content, _desk: reviews.untaught(),
    "replied": lambda _ticket, content, _desk: notices.relayed(content["text"], content["author"], ()),
    "passed_to": lambda ticket, content, _desk: notices.passed_to(ticket, content["author"]),
    "parked": lambda ticket, content, _desk: notices.parked(ticket, content["text"], content["author"]),
    "resumed": lambda ticket, content, _desk: notices.resumed(ticket, content["author"]),
    "duplicate": lambda ticket, content, _desk: notices.duplicate(ticket, content["of"], merged=content["merged"]),
    "card_left": lambda ticket, content, _desk: cards.left(ticket, content.get("author") or ""),
}

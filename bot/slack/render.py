"""A notice of the desk -> the message that Slack shows, as things stand when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.answering.types import Answer
from bot.desk.desk import Desk
from bot.desk.types import Notice, Ticket
from bot.slack.views import answers, cards, notices
from bot.slack.views.parts import View

_WORTH_A_LOOK = 0.1  # confidence below which what is nearest is far


def render(notice: Notice, desk: Desk) -> View:
    """The view for a notice. Reads the ticket and the answer anew, so that a late message tells the latest."""
    content = notice.content
    match notice.kind:
        case "answer" | "choices" | "answer_chosen":
            return _answer(content["answer"], desk)
        case "answer_settled":
            ticket = desk.ticket(notice.ticket) if notice.ticket else None
            return answers.settled(desk.answer(content["answer"]).answer, content["outcome"], ticket)
        case "clarify":
            return answers.clarify(content["reason"])
        case "small_talk":
            return notices.small_talk(content["talk"], content["here"], content["tickets"])
        case "whisper" if "mrkdwn" in content:
            return notices.said(content["mrkdwn"])
        case "whisper" | "ops":
            return notices.noted(content["text"], "")
        case "relay_deleted":
            return notices.removed(content["author"])
        case "relay_edited":
            return notices.relayed(content["text"], content["author"], content.get("files", ()))
        case _:
            assert notice.ticket is not None
            return _ABOUT_A_TICKET[notice.kind](desk.ticket(notice.ticket), content, desk)


def _answer(answer_id: int, desk: Desk) -> View:
    """As it stands now: a choice may have been made before the question was sent."""
    stored = desk.answer(answer_id)
    if stored.answer.quotes:
        return answers.answer(answer_id, stored.answer)
    return answers.choices(answer_id, stored.answer)


def _card(ticket: Ticket, _: Mapping[str, Any], desk: Desk) -> View:
    tried = _tried(ticket, desk)
    after = desk.answer(tried.follows).answer.question if tried is not None and tried.follows else ""
    return cards.card(ticket, tried, desk.history(ticket.number), after)


def _handed_over(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    answer = desk.answer(content["answer"]).answer
    nearest = answer.hits if answer.confidence >= _WORTH_A_LOOK else ()
    return answers.handed_over(ticket, nearest, answer.language)


def _passed_on(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    answer = desk.answer(content["answer"]).answer if content.get("answer") else None
    return answers.passed_on(ticket, after_choices=answer is not None and not answer.quotes and bool(answer.choices))


def _pointer(ticket: Ticket, _: Mapping[str, Any], desk: Desk) -> View:
    tried = _tried(ticket, desk)
    return answers.ticket_pointer(ticket, tried.language if tried else "")


def _tried(ticket: Ticket, desk: Desk) -> Answer | None:
    return desk.answer(ticket.answer_id).answer if ticket.answer_id else None


_ABOUT_A_TICKET: Mapping[str, Callable[[Ticket, Mapping[str, Any], Desk], View]] = {
    "handed_over": _handed_over,
    "passed_on": _passed_on,
    "thread_opener": lambda ticket, _content, _desk: answers.thread_opener(ticket),
    "ticket_pointer": _pointer,
    "card": _card,
    "card_changed": _card,
    "claimed": lambda ticket, _content, _desk: notices.claimed(ticket),
    "released": lambda ticket, _content, _desk: notices.released(ticket),
    "asked_back": lambda ticket, content, _desk: notices.asked_back(ticket, content["text"], content["author"]),
    "relayed": lambda _ticket, content, _desk: notices.relayed(
        content["text"], content["author"], content.get("files", ())),
    "resolved": lambda ticket, content, _desk: notices.resolved(ticket, content["text"], content["author"]),
    "dismissed": lambda ticket, content, _desk: notices.dismissed(ticket, content["author"]),
    "reopened": lambda ticket, _content, _desk: notices.reopened(ticket),
    "not_needed": lambda ticket, content, _desk: notices.not_needed(ticket, content["author"]),
    "noted_in_thread": lambda _ticket, content, _desk: notices.noted(content["text"], content["author"]),
}

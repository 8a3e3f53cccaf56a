"""A notice of the desk -> the message that Slack shows, as things stand when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk.desk import Desk
from bot.desk.types import Notice, Ticket
from bot.slack.views import answers, cards, notices
from bot.slack.views.parts import View


def render(notice: Notice, desk: Desk) -> View:
    """The view for a notice. Reads the ticket and the answer anew, so that a late message tells the latest."""
    content = notice.content
    match notice.kind:
        case "answer":
            return answers.answer(content["answer"], desk.answer(content["answer"]).answer)
        case "answer_settled":
            ticket = desk.ticket(notice.ticket) if notice.ticket else None
            return answers.settled(desk.answer(content["answer"]).answer, content["outcome"], ticket)
        case "clarify":
            return answers.clarify(content["reason"])
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


def _card(ticket: Ticket, _: Mapping[str, Any], desk: Desk) -> View:
    tried = desk.answer(ticket.answer_id).answer if ticket.answer_id else None
    return cards.card(ticket, tried, desk.history(ticket.number))


def _handed_over(ticket: Ticket, content: Mapping[str, Any], desk: Desk) -> View:
    return answers.handed_over(ticket, desk.answer(content["answer"]).answer.hits)


_ABOUT_A_TICKET: Mapping[str, Callable[[Ticket, Mapping[str, Any], Desk], View]] = {
    "handed_over": _handed_over,
    "passed_on": lambda ticket, _content, _desk: answers.passed_on(ticket),
    "thread_opener": lambda ticket, _content, _desk: answers.thread_opener(ticket),
    "ticket_pointer": lambda ticket, _content, _desk: answers.ticket_pointer(ticket),
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
    "noted_in_thread": lambda _ticket, content, _desk: notices.noted(content["text"], content["author"]),
}

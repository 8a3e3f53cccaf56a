"""The review of a draft for the FAQ: as it will stand, what is like it, and the buttons to decide on it."""

from __future__ import annotations

from bot.desk.lessons import Lesson, Near
from bot.desk.lifecycle import OPEN
from bot.desk.marks import WORDLESS
from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, link, mention, moment, shorten
from bot.slack.views.notices import said
from bot.slack.views.parts import Block, View, actions, button, context, modal, section_with, sections, text_input

APPROVE, EXTEND, EDIT, REJECT, WITHDRAW = (
    "approve_lesson", "extend_lesson", "edit_lesson", "reject_lesson", "withdraw_lesson")
QUESTION, ANSWER, WHY = "lesson_question", "lesson_answer", "lesson_reason"
_NEAR_ANSWER = 300  # characters of what an entry answers that is there already
_PIECES = 8  # sections of a text: Slack shows 50 blocks, and both texts have room
_RESTRICTED = ("⚠️ *What the bot found for this ticket is not for everybody,* but what is in the FAQ is: "
               "see that the answer gives nothing away.")
_HEADS = {"draft": "📝 *Draft for the FAQ*", "approved": "📚 *In the FAQ*", "rejected": "🚫 *Not for the FAQ*",
          "withdrawn": "↩️ *Taken back from the FAQ*"}


def review(lesson: Lesson, ticket: Ticket, *, restricted: bool = False) -> View:
    """The review as things stand. `restricted`: the bot had found its ticket a document that is not for everybody."""
    asked = _whom_it_waits_for(lesson) if lesson.state == "draft" else ""
    head = f"{_HEADS[lesson.state]} · {ticket.name}, by {mention(lesson.author)}"
    blocks = [*sections(f"{head}\n{asked}".strip()), *_warned(lesson, ticket, restricted),
              *_shown("Question", lesson.question), *_answered(lesson)]
    if lesson.state == "draft":
        blocks += _near(lesson)
    blocks += [context(line) for line in [_standing(lesson)] if line]
    text = f"Draft for the FAQ ({ticket.name}, {lesson.state}). {asked}".strip()
    return View(text, [*blocks, *_buttons(lesson)])


def replaced(ticket: Ticket) -> View:
    """What is left of a review whose ticket was resolved anew."""
    return said(f"_The draft for the FAQ from {ticket.name} was replaced by a newer one, further below._")


def taught() -> View:
    """For those who asked it."""
    return said("📚 Your question is now in the FAQ, so the next one who asks gets the answer at once.")


def untaught() -> View:
    """For those who were told that it is there."""
    return said("A coach has taken your question out of the FAQ again.")


def edit(lesson: Lesson) -> Block:
    """Question and answer in better words."""
    return modal(
        EDIT, shorten(f"Edit the FAQ: {lesson.name}", 24), "Save", [
            text_input(QUESTION, "Question", initial=lesson.question, hint="As somebody would ask it."),
            text_input(ANSWER, "Answer", initial=lesson.answer, hint="Markdown. The bot quotes it word for word."),
        ], private_metadata=seen(lesson))


def reject(lesson: Lesson) -> Block:
    """Why not, if there is something to say."""
    return modal(
        REJECT, shorten(f"Not for the FAQ: {lesson.name}", 24), "Reject", [
            context(f"“{escape(shorten(lesson.question, 300))}” stays out of the FAQ. The asker keeps their answer."),
            text_input(WHY, "Reason", optional=True, hint="For your colleagues, below the draft."),
        ], private_metadata=seen(lesson))


def seen(lesson: Lesson) -> str:
    """What a button or form is about: the lesson, in the version that it shows."""
    return f"{lesson.ticket}:{lesson.version}"


def _shown(label: str, text: str) -> list[Block]:
    return sections(f"*{label}*\n>" + escape(text).replace("\n", "\n>"), pieces=_PIECES)


def _warned(lesson: Lesson, ticket: Ticket, restricted: bool) -> list[Block]:
    """What whoever decides on a draft should know of its ticket."""
    if lesson.state != "draft":
        return []
    return [*_overtaken(lesson, ticket), *(sections(_RESTRICTED) if restricted else ())]


def _overtaken(lesson: Lesson, ticket: Ticket) -> list[Block]:
    if ticket.state in OPEN:
        return sections(f"⚠️ *{ticket.name} is open again:* {mention(ticket.asker)} came back after this answer, so it "
                        "cannot be approved. Resolve the ticket anew, or reject the draft.")
    since = ticket.resolution not in (None, "", *WORDLESS) and ticket.resolution != lesson.answer
    if since and lesson.edited_by is None:
        return sections(f"⚠️ *{ticket.name} was resolved anew with other words* after this was written.")
    return []


def _answered(lesson: Lesson) -> list[Block]:
    """What the FAQ says: of a question that was added to another entry, that entry's answer."""
    if lesson.state == "approved" and lesson.entry_answer:
        return _shown(f"Answer in the FAQ, from FW-{lesson.extends}", lesson.entry_answer)
    return _shown("Answer", lesson.answer)


def _whom_it_waits_for(lesson: Lesson) -> str:
    if lesson.reviewer is not None:
        return f"{mention(lesson.reviewer)}, please look this over."
    writers = " or ".join(mention(writer) for writer in dict.fromkeys((lesson.author, lesson.last_writer)))
    return f"Please look this over: another coach than {writers}, where there is one."


def _near(lesson: Lesson) -> list[Block]:
    """Entries that ask nearly the same: to be extended instead, or to be edited where they stand."""
    blocks: list[Block] = [context("The FAQ has something like it already:")] if lesson.near else []
    for one in lesson.near:
        named = f"• {link(one.url, shorten(one.question, 300)) if one.url else escape(shorten(one.question, 300))}"
        if one.answer.strip():
            named += f"\n>{escape(shorten(' '.join(one.answer.split()), _NEAR_ANSWER))}"
        if one.lesson is None:
            blocks.append(context(f"{named}\nIt stands in a document: add the question there, and reject this draft."))
        else:
            add = button(_extend(one), EXTEND, f"{seen(lesson)}:{one.lesson}")
            first, *more = sections(named, pieces=1)
            blocks += [section_with(first, add), *more]
    return blocks


def _extend(near: Near) -> str:
    return shorten(f"Extend “{shorten(' '.join(near.question.split()), 50)}” instead", 75)


def _standing(lesson: Lesson) -> str:
    by = mention(lesson.decided_by) if lesson.decided_by else ""
    why = f" {escape(shorten(lesson.reason, 500))}" if lesson.reason else ""
    match lesson.state:
        case "draft":
            return f"✏️ Edited by {mention(lesson.edited_by)}." if lesson.edited_by else ""
        case "rejected":
            stands = " What was approved earlier stands." if lesson.held_in is not None else ""
            return f"Rejected{f' by {by}' if by else ''}.{why}{stands}"
        case "withdrawn":
            gone = f"Out of the index since {moment(lesson.taken_in_at)}." if lesson.taken_in_at else (
                "It leaves the index within seconds.")
            return f"Taken back by {by}. {gone}"
        case "approved":
            added = f" Added to the entry of FW-{lesson.extends}." if lesson.extends is not None else ""
            there = f"In the index since {moment(lesson.taken_in_at)}." if lesson.taken_in_at else (
                "It is in the index within seconds.")
            return f"✅ Approved by {by}.{added} {there}"


def _buttons(lesson: Lesson) -> list[Block]:
    value = seen(lesson)
    buttons = []
    if lesson.state == "draft":
        buttons = [button("Approve", APPROVE, value, style="primary"), button("Edit", EDIT, value),
                   button("Reject", REJECT, value)]
    if lesson.is_published:
        buttons.append(button("Take back", WITHDRAW, value))
    return [actions(f"lesson-{lesson.ticket}-{lesson.version}", *buttons)] if buttons else []

"""From a draft to an entry of the FAQ: a reviewer's decision, and word to those who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from bot.desk.coaching import by_coach
from bot.desk.lessons import Lesson, LessonState
from bot.desk.lifecycle import OPEN
from bot.desk.marks import DELETED, WORDLESS
from bot.desk.office import Office
from bot.desk.proposing import may_approve, near_of, redraw, redraw_draft, reviewer_of
from bot.desk.types import Ticket
from bot.errors import IllegalStep, NotAllowed

_WORDS: dict[LessonState, str] = {
    "draft": "still waits for a decision", "approved": "was approved already", "rejected": "was rejected already",
    "withdrawn": "was taken back already"}


class AlreadyDecided(IllegalStep):
    """Another coach was faster."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(f"The FAQ entry of {lesson.name} {_WORDS[lesson.state]}.")
        self.by = lesson.decided_by or ""


def approve(office: Office, number: int, coach: str, now: datetime, *, extend: int | None, version: int | None,
            key: str) -> Lesson:
    """See `Desk.approve_lesson`."""
    seen = office.lessons.get(number)
    may = may_approve(office, office.tickets.get(number), seen, coach)

    def act(lesson: Lesson) -> Lesson:
        _must_be_draft(lesson, seen.version if version is None else version)
        _must_have_ended(office.tickets.get(number))
        if not may:
            raise NotAllowed("Another coach has to approve what you wrote yourself.",
                             hint="You can still edit or reject it.")
        if not lesson.question.strip() or not lesson.answer.strip():
            raise IllegalStep("A question or an answer is missing.", hint="Press Edit to write it.")
        if extend is not None:
            _must_be_extendable(office, lesson, extend)
        lesson = office.lessons.decide(lesson, "approved", coach, now, extends=extend)
        done = "approved this for the FAQ." if extend is None else f"added this question to FW-{extend} in the FAQ."
        return _decided(office, lesson, coach, done, now)

    return _step(office, number, coach, now, key, act)


def edit(office: Office, number: int, coach: str, question: str, answer: str, now: datetime, *, version: int | None,
         key: str) -> Lesson:
    """See `Desk.edit_lesson`."""
    question, answer = question.strip(), answer.strip()
    if not question or not answer:
        raise IllegalStep("A question or an answer is missing.")
    before = office.lessons.get(number)
    near = before.near if question == before.question else near_of(office, number, question)
    reviewer = _reviewer_after(office, before, coach, now)

    def act(lesson: Lesson) -> Lesson:
        _must_be_draft(lesson, before.version if version is None else version)
        lesson = office.lessons.edit(lesson, question, answer, coach, reviewer, near)
        _note(office, lesson, coach, "edited the draft for the FAQ.", now)
        if reviewer not in (None, before.reviewer):
            office.tell_coaches("noted_in_thread", office.tickets.get(number), now, author=coach, whom=reviewer,
                                text="edited the draft for the FAQ, so it is yours to look over.")
        return lesson

    return _step(office, number, coach, now, key, act)


def reject(office: Office, number: int, coach: str, reason: str, now: datetime, *, version: int | None,
           key: str) -> Lesson:
    """See `Desk.reject_lesson`."""

    def act(lesson: Lesson) -> Lesson:
        _must_be_draft(lesson, version)
        lesson = office.lessons.decide(lesson, "rejected", coach, now, reason=reason.strip())
        _note(office, lesson, coach, "rejected the draft for the FAQ.", now)
        return lesson

    return _step(office, number, coach, now, key, act)


def withdraw(office: Office, number: int, coach: str, now: datetime, *, key: str) -> Lesson:
    """See `Desk.withdraw_lesson`."""

    def act(lesson: Lesson) -> Lesson:
        if lesson.state == "withdrawn":
            raise AlreadyDecided(lesson)
        if lesson.state != "approved" and lesson.held_in is None:
            raise IllegalStep(f"{lesson.name} is not in the FAQ.")
        for added in office.lessons.extending(number):  # their questions stand in the entry that goes
            _taken_back(office, added, coach, f"took the FAQ entry of {lesson.name} back, and this with it.", now)
        return _taken_back(office, lesson, coach, "took this back from the FAQ.", now)

    return _step(office, number, coach, now, key, act)


def taken_in(office: Office, lessons: Iterable[Lesson], now: datetime) -> None:
    """See `Desk.lessons_taken_in`."""
    for lesson in lessons:
        with office.store.transaction():
            done = office.lessons.taken_in(lesson, now)
            if done is None:
                continue
            ticket = office.tickets.get(done.ticket)
            if done.state == "approved" and office.lessons.told(done, now):
                told = [asked for asked in (ticket, *office.tickets.duplicates_of(ticket.number))
                        if asked.reason != "merged" and asked.question not in WORDLESS]
                for asked in told:
                    office.tell_asker("taught", asked, now)
                office.lessons.keep_told(done, (asked.number for asked in told))
            redraw(office, done, ticket, now)


def question_changed(office: Office, channel: str, ts: str, now: datetime) -> None:
    """The message that asked reads otherwise: a draft follows. Belongs into the transaction of that change."""
    for lesson in office.lessons.of_message(channel, ts):
        ticket = office.tickets.get(lesson.ticket)
        is_deleted = ticket.question == DELETED
        if lesson.state == "approved":
            if is_deleted and office.once.first(f"lesson-deleted:{channel}:{ts}", now):
                office.tell_coaches("noted_in_thread", ticket, now, author=ticket.asker, text=(
                    "deleted the question. Its words still stand in the FAQ: take the entry back if they should go."))
        elif lesson.question != ticket.question and (is_deleted or lesson.state == "draft"):
            if lesson.state == "draft" and is_deleted:
                lesson = office.lessons.decide(lesson, "rejected", "", now, reason="The asker deleted the question.")
            redraw(office, office.lessons.follow(lesson, ticket.question), ticket, now)


def reopened(office: Office, number: int, now: datetime, *, by: str = "") -> None:
    """The asker came back after the resolution, or a coach (`by`) has opened it again: its review warns of that, and
    coaches hear of an entry that is in the FAQ. Belongs into the transaction that reopens the ticket."""
    redraw_draft(office, number, now)
    lesson = office.lessons.find(number)
    if lesson is not None and lesson.is_published:
        ticket = office.tickets.get(number)
        done = "has opened this again" if by else "is back after this was resolved"
        office.tell_coaches("noted_in_thread", ticket, now, author=by or ticket.asker, text=(
            f"{done}, and what was taught from it is in the FAQ: take it back there if it does not help."))


def _step(office: Office, number: int, coach: str, now: datetime, key: str, act: Callable[[Lesson], object]) -> Lesson:
    """One step of a coach, as on the ticket itself."""

    def on_ticket(ticket: Ticket) -> Ticket:
        act(office.lessons.get(number))
        return ticket

    by_coach(office, number, coach, now, key, on_ticket)
    return office.lessons.get(number)


def _must_be_draft(lesson: Lesson, version: int | None) -> None:
    if lesson.state != "draft":
        raise AlreadyDecided(lesson)
    if version is not None and version != lesson.version:
        raise IllegalStep("This draft was changed a moment ago.", hint="Please look at it as it stands now.")


def _must_have_ended(ticket: Ticket) -> None:
    if ticket.state in OPEN:
        raise IllegalStep(f"{ticket.name} is open again: its answer may not have helped.",
                          hint="Resolve it anew, or reject this draft.")


def _reviewer_after(office: Office, lesson: Lesson, editor: str, now: datetime) -> str | None:
    """Who is to look the draft over once this coach has edited it: somebody else, if there is anybody. Takes time."""
    if lesson.reviewer != editor:
        return lesson.reviewer
    ticket, writers = office.tickets.get(lesson.ticket), frozenset({lesson.author, editor})
    return reviewer_of(office, ticket, writers, now) or editor


def _must_be_extendable(office: Office, lesson: Lesson, extend: int) -> None:
    """Raises `IllegalStep` where a question cannot be added to that entry."""
    other = office.lessons.get(extend)
    if other.state == "draft":
        raise IllegalStep(f"The draft of {other.name} still waits for a decision itself.", hint="Decide on that first.")
    if extend == lesson.ticket or other.state != "approved" or other.extends is not None:
        raise IllegalStep(f"{other.name} is no entry of the FAQ of its own.",
                          hint="Approve this one by itself instead.")
    if office.lessons.extending(lesson.ticket):
        raise IllegalStep("Other questions were added to this very entry.", hint="Approve it by itself instead.")


def _taken_back(office: Office, lesson: Lesson, coach: str, done: str, now: datetime) -> Lesson:
    """Those who were told that it is in the FAQ, and only these, hear that it is not."""
    lesson = office.lessons.decide(lesson, "withdrawn", coach, now, extends=lesson.extends)
    for number in office.lessons.take_back_told(lesson):
        office.tell_asker("untaught", office.tickets.get(number), now)
    return _decided(office, lesson, coach, done, now)


def _decided(office: Office, lesson: Lesson, coach: str, done: str, now: datetime) -> Lesson:
    """Files, and then the index, follow what was decided."""
    _note(office, lesson, coach, done, now)
    if office.teaching is not None:
        office.store.after_commit(partial(office.teaching.write_missing, now))
    return lesson


def _note(office: Office, lesson: Lesson, coach: str, done: str, now: datetime) -> None:
    ticket = office.tickets.step(office.tickets.get(lesson.ticket), "noted", coach, now, done)
    redraw(office, lesson, ticket, now)

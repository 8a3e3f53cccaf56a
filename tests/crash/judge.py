"""Was anything lost, or said twice? Pure: what people said, what is seen, what the desk noted -> what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.crash.books import Books
from tests.crash.ledger import Done, Ledger, Said
from tests.crash.people import BOT, COACHES, Seen

FIRST_WORDS = frozenset({"answer", "choices", "clarify", "small_talk", "handed_over"})
"""Kinds of messages that a question is answered with."""
CARDS = frozenset({"card", "card_changed"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that must not be."""

    what: str
    item: str
    missing: bool = False
    """It may only be late."""


@dataclass(slots=True)
class Evidence:
    """Everything there is, indexed."""

    ledger: Ledger
    seen: Sequence[Seen]
    books: Books
    given_up: str = ""
    """What the workspace gave up delivering to the bot, as one text: Slack tries four times and no more."""
    by_bot: list[Seen] = field(default_factory=list)
    threads: Mapping[tuple[str, str], list[Seen]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_bot = [one for one in self.seen if one.user == BOT]
        threads: dict[tuple[str, str], list[Seen]] = defaultdict(list)
        for one in self.by_bot:
            threads[one.channel, one.thread_ts].append(one)
        self.threads = threads

    def kind(self, message: Seen) -> str:
        return self.books.kinds.get(message.key, "")

    def holding(self, word: str, *kinds: str) -> list[Seen]:
        """The bot's messages in which this word stands."""
        return [one for one in self.by_bot if word in one.text and (not kinds or self.kind(one) in kinds)]

    def delivered(self, said: Said) -> bool:
        """Whether Slack brought it to the bot, as far as Slack does."""
        return said.ts not in self.given_up


Rule: TypeAlias = Callable[[Evidence], Iterable[Wrong]]


def judge(evidence: Evidence) -> list[Wrong]:
    """All that is wrong, rule by rule."""
    return [wrong for rule in RULES for wrong in rule(evidence)]


def every_question_has_one_answer(evidence: Evidence) -> Iterator[Wrong]:
    for question in evidence.ledger.messages("question"):
        if question.deleted or not evidence.delivered(question):
            continue
        first = [one for one in evidence.threads.get((question.channel, question.ts), ())
                 if evidence.kind(one) in FIRST_WORDS]
        if not first:
            yield Wrong("a question without an answer", _named(question), missing=True)
        elif len(first) > 1:
            yield Wrong("a question answered twice", f"{_named(question)}: {[evidence.kind(one) for one in first]}")


def every_ticket_has_one_card(evidence: Evidence) -> Iterator[Wrong]:
    cards = Counter(one.ticket for one in evidence.by_bot if one.channel == COACHES and evidence.kind(one) in CARDS)
    told = {one.ticket for one in evidence.by_bot if one.channel != COACHES} - {""}
    for ticket in sorted(set(evidence.books.tickets) | set(cards) | told):
        if cards[ticket] == 0:
            yield Wrong("a ticket of which the coaches have no card", ticket, missing=True)
        elif cards[ticket] > 1:
            yield Wrong("a ticket with two cards", ticket)
        if ticket not in evidence.books.tickets:
            yield Wrong("a ticket that the desk does not know", ticket)
        if ticket not in told:
            yield Wrong("a ticket whose number its asker never heard", ticket, missing=True)


def no_question_has_two_tickets(evidence: Evidence) -> Iterator[Wrong]:
    asked: list[Said | Done] = [*evidence.ledger.messages("question"), *evidence.ledger.deeds("command", "shortcut")]
    for one in asked:
        tickets = [name for name, question in evidence.books.tickets.items() if one.token in question]
        if len(tickets) > 1:
            yield Wrong("a question with two tickets", f"{one.token}: {tickets}")
        if isinstance(one, Done) and one.acknowledged and not tickets:
            yield Wrong("a command or form whose ticket is not there", one.token, missing=True)


def still_stuck_became_a_ticket(evidence: Evidence) -> Iterator[Wrong]:
    edited = {one.token for one in evidence.ledger.messages("question") if one.deleted}
    pressed = {one.token for one in evidence.ledger.deeds("still_stuck") if one.acknowledged} - edited
    for token in sorted(pressed):
        if not any(token in question for question in evidence.books.tickets.values()):
            yield Wrong("Still stuck, and no ticket", token, missing=True)


def no_message_twice(evidence: Evidence) -> Iterator[Wrong]:
    keys = Counter(one.key for one in evidence.by_bot if one.key)
    for key, count in keys.items():
        if count > 1:
            yield Wrong("a message posted twice", f"{key} ({evidence.books.kinds.get(key, '?')}) {count} times")
    for one in evidence.by_bot:
        if not one.key:
            yield Wrong("a message without a key", f"{one.channel} {one.ts}")


def every_reply_is_passed_on_once(evidence: Evidence) -> Iterator[Wrong]:
    for said in evidence.ledger.messages("asker_reply", "coach_reply"):
        copies = evidence.holding(said.token)
        if said.deleted:
            if copies and evidence.delivered(said):
                yield Wrong("the text of a deleted reply is still there", _named(said), missing=True)
        elif len(copies) > 1:
            yield Wrong("a reply passed on twice", _named(said))
        elif not copies and evidence.delivered(said):
            yield Wrong("a reply that was not passed on", _named(said), missing=True)
        elif copies and not _in_right_thread(evidence, said, copies[0]):
            yield Wrong("a reply in the wrong thread", _named(said))


def edits_follow(evidence: Evidence) -> Iterator[Wrong]:
    """In the copy of a reply, and in the ticket that a question became."""
    tickets = evidence.books.tickets.values()
    for said in evidence.ledger.messages("question", "asker_reply", "coach_reply"):
        if said.deleted or not said.edited_token or not evidence.delivered(said):
            continue
        where = tickets if said.kind == "question" else [one.text for one in evidence.by_bot]
        shown = [text for text in where if said.token in text]
        if shown and not any(said.edited_token in text for text in shown):
            yield Wrong("an edit that did not follow", _named(said), missing=True)


def notes_stay_among_coaches(evidence: Evidence) -> Iterator[Wrong]:
    for said in evidence.ledger.messages("note"):
        if evidence.holding(said.token):
            yield Wrong("a note that left the coaches", _named(said))


def copies_stand_in_order(evidence: Evidence) -> Iterator[Wrong]:
    """As the desk took them: after a missed delivery Slack itself brings messages in another order."""
    places = {(one.channel, one.ts): one.thread_ts for one in evidence.by_bot}
    newest: dict[tuple[str, str], str] = {}
    for source, channel, ts in evidence.books.relayed:
        place = (channel, places.get((channel, ts), "?"))
        if newest.get(place, "") > ts:
            yield Wrong("a reply that overtook another", f"{source} in {place}")
        newest[place] = max(ts, newest.get(place, ""))


def forms_reach_the_asker_once(evidence: Evidence) -> Iterator[Wrong]:
    for done in evidence.ledger.deeds("resolve", "ask_back"):
        kind = {"resolve": "resolved", "ask_back": "asked_back"}[done.kind]
        told = evidence.holding(done.token, kind)
        if len(told) > 1:
            yield Wrong(f"{kind.replace('_', ' ')}: told twice", f"{done.ticket} {done.token}")
        elif not told and done.acknowledged:
            yield Wrong(f"{kind.replace('_', ' ')}: asker not told", f"{done.ticket} {done.token}", missing=True)


def lessons_are_recorded(evidence: Evidence) -> Iterator[Wrong]:
    """One a ticket: what is resolved anew is taught anew."""
    lessons = [done for done in evidence.ledger.deeds("resolve") if done.teach]
    for number, done in enumerate(lessons):
        since = [one.token for one in lessons[number:] if one.ticket == done.ticket]
        recorded = any(token in evidence.books.taught for token in since) or _question_deleted(evidence, done)
        if done.acknowledged and not recorded:
            yield Wrong("a lesson that is not recorded", f"{done.ticket} {done.token}", missing=True)


def claims_are_told_once(evidence: Evidence) -> Iterator[Wrong]:
    given_back = Counter(one.ticket for one in evidence.ledger.deeds("give_back"))
    told = Counter(one.ticket for one in evidence.by_bot if evidence.kind(one) == "claimed")
    for ticket, count in told.items():
        if count > 1 + given_back[ticket]:
            yield Wrong("a claim told twice", f"{ticket}: {count} times")


def nothing_is_left_over(evidence: Evidence) -> Iterator[Wrong]:
    for line in evidence.books.unsent:
        yield Wrong("an outgoing message that was not sent", line, missing=" given_up " not in line)
    for line in evidence.books.undone:
        yield Wrong("an incoming item that is not done", line, missing=" failed " not in line)


RULES: tuple[Rule, ...] = (
    every_question_has_one_answer, every_ticket_has_one_card, no_question_has_two_tickets, still_stuck_became_a_ticket,
    no_message_twice, every_reply_is_passed_on_once, edits_follow, notes_stay_among_coaches, copies_stand_in_order,
    forms_reach_the_asker_once, lessons_are_recorded, claims_are_told_once, nothing_is_left_over,
)


def _in_right_thread(evidence: Evidence, said: Said, copy: Seen) -> bool:
    """Both threads speak of the same ticket: the card, and what the asker was told."""
    if copy.channel == COACHES:
        card = [one for one in evidence.by_bot if one.channel == COACHES and one.ts == copy.thread_ts]
        return bool(card) and card[0].ticket in _tickets_of_thread(evidence, said.channel, said.thread_ts)
    card = [one for one in evidence.by_bot if one.channel == COACHES and one.ts == said.thread_ts]
    return bool(card) and card[0].ticket in _tickets_of_thread(evidence, copy.channel, copy.thread_ts)


def _tickets_of_thread(evidence: Evidence, channel: str, root: str) -> set[str]:
    inside = [*evidence.threads.get((channel, root), ()), *(one for one in evidence.threads.get((channel, ""), ())
                                                            if one.ts == root)]
    return {one.ticket for one in inside}


def _question_deleted(evidence: Evidence, done: Done) -> bool:
    """Its author took the question back: there is nothing left to teach."""
    question = evidence.books.tickets.get(done.ticket, "")
    deleted = any(one.deleted and one.token in question for one in evidence.ledger.messages("question"))
    return deleted or "zq" not in question


def _named(said: Said) -> str:
    return f"{said.token} ({said.kind}, {said.channel} {said.ts})"

"""The crash test in small: a few kills, so that it keeps working itself. `make crash-test` is the real one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.books import Books
from tests.crash.judge import Evidence, Wrong, judge
from tests.crash.ledger import Done, Ledger, Said
from tests.crash.people import BOT, COACHES, Seen
from tests.crash.run import Options, run

D, ASKED, CARD, REPLY = "D0MIA", "10.1", "10.3", "10.4"
QUESTION = Said("zq1n1z", "question", "U0MIA", D, ASKED)
COACH_SAYS = Said("zq1n2z", "coach_reply", "U0ANA", COACHES, REPLY, CARD)
RESOLVES = Done("zq1n3z", "resolve", "U0ANA", "FW-1", teach=True)
SEEN = (
    Seen(D, ASKED, "", "U0MIA", "Why? zq1n1z", ""),
    Seen(D, "10.2", ASKED, BOT, "I don't know, your ticket is FW-1", "k1"),
    Seen(COACHES, CARD, "", BOT, "FW-1 (resolved): Why? zq1n1z", "k2"),
    Seen(COACHES, REPLY, CARD, "U0ANA", "zq1n2z", ""),
    Seen(D, "10.5", ASKED, BOT, "Ana: zq1n2z", "k3"),
    Seen(D, "10.6", ASKED, BOT, "Ana resolved FW-1: zq1n3z", "k4"),
)
KINDS = {"k1": "handed_over", "k2": "card", "k3": "relayed", "k4": "resolved"}
BOOKS = Books(KINDS, (), (), {"FW-1": "Why? zq1n1z"}, ((REPLY, D, "10.5"),), "a lesson: zq1n3z")


@pytest.mark.slow
def test_three_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    small = Options(tmp_path, kills=3, seed=3, pause=1.0, longest_life=2.0, calm=0.5, quick_workspace=True)
    outcome = run(small, lambda _line: None)
    assert outcome.wrong == []
    assert outcome.kills == 3
    assert outcome.ledger.counts["question"] > 0


def verdict(seen: tuple[Seen, ...] = SEEN, books: Books = BOOKS) -> set[str]:
    ledger = Ledger(1, said=[QUESTION, COACH_SAYS], done=[RESOLVES])
    return {wrong.what for wrong in judge(Evidence(ledger, seen, books))}


def test_the_judge_finds_nothing_wrong_where_all_is_well() -> None:
    assert verdict() == set()


@pytest.mark.parametrize(("missing", "what"), [
    ("k1", "a question without an answer"),
    ("k2", "a ticket of which the coaches have no card"),
    ("k3", "a reply that was not passed on"),
    ("k4", "resolved: asker not told"),
])
def test_the_judge_misses_what_was_lost(missing: str, what: str) -> None:
    assert what in verdict(tuple(one for one in SEEN if one.key != missing))


@pytest.mark.parametrize(("doubled", "what"), [
    ("k1", "a question answered twice"),
    ("k2", "a ticket with two cards"),
    ("k3", "a reply passed on twice"),
    ("k4", "resolved: told twice"),
])
def test_the_judge_sees_what_was_said_twice(doubled: str, what: str) -> None:
    again = next(one for one in SEEN if one.key == doubled)
    found = verdict((*SEEN, replace(again, ts="10.9")))
    assert {what, "a message posted twice"} <= found
    other_key = replace(BOOKS, kinds=KINDS | {"k9": KINDS[doubled]})
    assert what in verdict((*SEEN, replace(again, ts="10.9", key="k9")), other_key)


def test_the_judge_wants_each_lesson_recorded_and_nothing_left_over() -> None:
    left = replace(BOOKS, taught="", unsent=("relayed n-1 pending ",), undone=("event Ev1 working ",))
    assert verdict(books=left) == {
        "a lesson that is not recorded", "an outgoing message that was not sent", "an incoming item that is not done"}


def test_what_may_only_be_late_is_told_from_what_can_never_become_right() -> None:
    ledger = Ledger(1, said=[QUESTION])
    late = judge(Evidence(ledger, SEEN[:1], replace(BOOKS, tickets={}, relayed=())))
    assert late == [Wrong("a question without an answer", "zq1n1z (question, D0MIA 10.1)", missing=True)]

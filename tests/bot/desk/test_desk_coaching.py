"""Coaches claim, ask back, resolve, release and dismiss; each step is told where it matters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.desk.lifecycle import HasEnded
from bot.desk.retention import Retention
from bot.desk.types import Ticket
from bot.errors import FloorwalkerError, IllegalStep, NotAllowed, TicketTaken, UnknownTicket
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, TOM, House


def steps(house: House, number: int = 1) -> list[tuple[str, str]]:
    return [(entry.step, entry.actor) for entry in house.desk.history(number)]


def test_the_whole_way_of_a_ticket(house: House) -> None:
    ticket = house.open_ticket(MIA)
    house.desk.claim(1, ANA, house.clock.now)
    assert house.postman.kinds() == ["claimed", "card_changed"]
    house.desk.ask_back(1, ANA, "Which floor?", house.clock.now)
    asked_back, _, noted = house.postman.deliver()
    assert (asked_back.kind, asked_back.channel, asked_back.thread) == ("asked_back", ticket.asker_channel,
                                                                       ticket.asker_thread)
    assert asked_back.content == {"text": "Which floor?", "author": ANA}
    assert noted.content == {"text": "asked back: Which floor?", "author": ANA}
    assert house.desk.ticket(1).state == "waiting"
    house.in_asker_thread(ticket, MIA, "The third")
    assert house.desk.ticket(1).state == "claimed"
    house.postman.deliver()
    house.desk.resolve(1, ANA, "Your badge works now.", False, house.clock.now)
    resolved, card, noted = house.postman.deliver()
    assert (resolved.kind, resolved.thread, resolved.content) == (
        "resolved", ticket.asker_thread, {"text": "Your badge works now.", "author": ANA})
    assert (card.kind, card.channel, noted.kind, noted.channel) == ("card_changed", COACHES, "noted_in_thread", COACHES)
    ticket = house.desk.ticket(1)
    assert (ticket.state, ticket.owner, ticket.resolution) == ("resolved", ANA, "Your badge works now.")
    assert steps(house) == [("opened", MIA), ("claimed", ANA), ("asked_back", ANA), ("asker_replied", MIA),
                            ("resolved", ANA)]


def test_one_of_two_coaches_wins_and_the_other_hears_who(house: House) -> None:
    house.open_ticket()
    together = threading.Barrier(2)
    lost: list[TicketTaken] = []

    def press(coach: str) -> None:
        together.wait()
        try:
            house.desk.claim(1, coach, house.clock.now)
        except TicketTaken as error:
            lost.append(error)

    coaches = [threading.Thread(target=press, args=(coach,)) for coach in (ANA, BEN)]
    for coach in coaches:
        coach.start()
    for coach in coaches:
        coach.join()
    winner = house.desk.ticket(1).owner
    assert [error.owner for error in lost] == [winner]
    assert house.postman.kinds() == ["claimed", "card_changed"]


def test_claiming_ones_own_again_changes_nothing(house: House) -> None:
    house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    house.postman.deliver()
    assert house.desk.claim(1, ANA, house.clock.now).owner == ANA
    assert house.postman.kinds() == []
    assert steps(house) == [("opened", MIA), ("claimed", ANA)]


@pytest.mark.parametrize(("act", "state"), [
    (lambda house: house.desk.ask_back(1, ANA, "Which floor?", house.clock.now), "waiting"),
    (lambda house: house.desk.resolve(1, ANA, "Done.", False, house.clock.now), "resolved"),
])
def test_acting_on_an_unclaimed_ticket_claims_it(house: House, act: Callable[[House], Ticket], state: str) -> None:
    house.open_ticket()
    ticket = act(house)
    assert (ticket.state, ticket.owner) == (state, ANA)
    assert [step for step, _ in steps(house)][:2] == ["opened", "claimed"]


def test_a_colleague_may_help_out_and_the_owner_stays(house: House) -> None:
    house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    assert house.desk.resolve(1, BEN, "Done.", False, house.clock.now).owner == ANA


def test_released_it_is_for_all_again(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    house.postman.deliver()
    assert (house.desk.release(1, ANA, house.clock.now).state, house.desk.ticket(1).owner) == ("new", None)
    released, *_ = house.postman.deliver()
    assert (released.kind, released.thread) == ("released", ticket.asker_thread)
    assert house.desk.claim(1, BEN, house.clock.now).owner == BEN


def test_dismissed_the_asker_hears_of_it(house: House) -> None:
    house.open_ticket()
    assert house.desk.dismiss(1, BEN, house.clock.now).state == "closed"
    assert house.postman.kinds() == ["dismissed", "card_changed", "noted_in_thread"]


@pytest.mark.parametrize("act", [
    lambda desk, who, now: desk.claim(1, who, now),
    lambda desk, who, now: desk.release(1, who, now),
    lambda desk, who, now: desk.ask_back(1, who, "?", now),
    lambda desk, who, now: desk.resolve(1, who, "!", True, now),
    lambda desk, who, now: desk.dismiss(1, who, now),
    lambda desk, who, now: desk.take_over(1, who, now),
])
def test_only_coaches_may_and_only_what_is_possible(house: House, act: Callable[..., Ticket]) -> None:
    with pytest.raises(UnknownTicket):
        act(house.desk, ANA, house.clock.now)
    house.open_ticket()
    before = house.everything()
    with pytest.raises(NotAllowed):
        act(house.desk, TOM, house.clock.now)
    assert house.everything() == before
    house.desk.resolve(1, BEN, "Done.", False, house.clock.now)
    before = house.everything()
    with pytest.raises(IllegalStep) as refused:
        act(house.desk, ANA, house.clock.now)
    assert isinstance(refused.value, FloorwalkerError)
    assert house.everything() == before


@pytest.mark.parametrize("act", [
    lambda desk, now: desk.claim(1, ANA, now, key="click-1"),
    lambda desk, now: desk.release(1, ANA, now, key="click-1"),
    lambda desk, now: desk.ask_back(1, ANA, "Which floor?", now, key="click-1"),
    lambda desk, now: desk.resolve(1, ANA, "Done.", True, now, key="click-1"),
    lambda desk, now: desk.dismiss(1, ANA, now, key="click-1"),
])
def test_a_click_that_is_taken_up_again_does_nothing_more(house: House, act: Callable[..., Ticket]) -> None:
    house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    act(house.desk, house.clock.now)
    before = house.everything()
    act(house.desk, house.clock.forward(minutes=1))
    assert house.everything() == before


def test_who_is_too_late_hears_who_has_ended_it(house: House) -> None:
    house.open_ticket()
    house.desk.resolve(1, BEN, "Done.", False, house.clock.now)
    for late in (lambda: house.desk.resolve(1, ANA, "Mine.", False, house.clock.now),
                 lambda: house.desk.dismiss(1, ANA, house.clock.now),
                 lambda: house.desk.claim(1, ANA, house.clock.now)):
        with pytest.raises(HasEnded, match="resolved already") as refused:
            late()
        assert refused.value.by == BEN


def test_what_was_ended_by_mistake_is_opened_again_and_its_asker_told(house: House) -> None:
    ticket = house.open_ticket()
    house.desk.claim(1, ANA, house.clock.now)
    house.desk.dismiss(1, BEN, house.clock.now, reason="not_a_request")
    house.postman.deliver()
    again = house.desk.reopen(1, BEN, house.clock.now, key="click-1")
    assert (again.state, again.owner, again.reason) == ("claimed", ANA, None)
    told, *others = house.postman.deliver()
    assert (told.kind, told.channel, told.thread, told.content) == (
        "open_again", ticket.asker_channel, ticket.asker_thread, {"author": BEN})
    assert [one.kind for one in others] == ["card_changed", "noted_in_thread"]
    assert house.desk.reopen(1, BEN, house.clock.now, key="click-1") == again, "the same click once more"
    with pytest.raises(IllegalStep):
        house.desk.reopen(1, BEN, house.clock.now)


def test_what_is_no_longer_kept_cannot_be_gone_on_with(house: House) -> None:
    house.open_ticket()
    house.desk.dismiss(1, BEN, house.clock.now)
    Retention(house.store).apply(house.clock.forward(days=400), timedelta(days=90))
    with pytest.raises(IllegalStep, match="no longer kept"):
        house.desk.reopen(1, BEN, house.clock.now)

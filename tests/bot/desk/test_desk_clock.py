"""What the desk says because time has passed: each thing once, to the right people, in business hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.areas import Area
from bot.desk.policy import DeskPolicy
from bot.desk.types import Notice, Ticket
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, House

POLICY = DeskPolicy(COACHES, (Area("Finance", "invoices", "C0FINANCE"),), {"urgent": ("on fire",)},
                    programme_channel="C0PROGRAMME")
TOLD = ("reminder", "escalation", "noted_in_thread")


@pytest.fixture
def desk(house: House) -> House:
    """Monday, 09:00 in London, which keeps the hours of UTC in March; nine to five; a first answer is due in 2 h."""
    house.people.coaches_of = {"": (ANA, BEN)}
    house.run_by(POLICY)
    return house


def told(house: House) -> list[Notice]:
    return [notice for notice in house.postman.deliver() if notice.kind in TOLD]


def look(house: House, *, until: timedelta) -> list[tuple[str, Notice]]:
    """Let the time pass in steps of five minutes; what was told, with the time of day."""
    heard = []
    end = house.clock.now + until
    while house.clock.now < end:
        house.clock.forward(minutes=5)
        house.desk.look_at_the_clock(house.clock.now)
        heard += [(f"{house.clock.now:%a %H:%M}", notice) for notice in told(house)]
    return heard


def test_an_unclaimed_ticket_climbs_and_each_step_is_told_once(desk: House) -> None:
    desk.open_ticket()
    heard = look(desk, until=timedelta(hours=7))
    assert [(at, n.kind, n.channel, n.content.get("tier", "")) for at, n in heard] == [
        ("Mon 10:00", "noted_in_thread", COACHES, ""),        # the next coach is asked
        ("Mon 10:30", "reminder", COACHES, ""),               # three quarters are over
        ("Mon 11:05", "reminder", COACHES, "area"),
        ("Mon 12:00", "escalation", "D-U0LEA", "lead"),
        ("Mon 13:00", "escalation", "C0PROGRAMME", "programme"),
        ("Mon 15:00", "escalation", "C0PROGRAMME", "programme"),
    ]
    assert desk.desk.open_tickets()[0].assigned == BEN
    assert list(heard[2][1].content["whom"]) == [BEN, ANA]


def test_a_claimed_ticket_reminds_its_owner_and_never_reaches_the_programme(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.claim(ticket.number, BEN, desk.clock.now)
    desk.postman.deliver()
    heard = look(desk, until=timedelta(hours=7))
    assert [(at, n.kind, n.content["tier"], list(n.content["whom"])) for at, n in heard] == [
        ("Mon 10:30", "reminder", "", [BEN]), ("Mon 11:05", "reminder", "area", [BEN]),
        ("Mon 12:00", "escalation", "lead", ["U0LEA"])]


def test_answered_in_time_nobody_hears_anything(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.in_card_thread(ticket, ANA, "On my way")
    desk.postman.deliver()
    assert look(desk, until=timedelta(hours=7)) == []


def test_while_it_waits_for_the_asker_the_clock_stands_still(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.ask_back(ticket.number, ANA, "Which printer?", desk.clock.now)
    desk.postman.deliver()
    assert look(desk, until=timedelta(days=4)) == []
    desk.in_asker_thread(ticket, MIA, "The blue one")
    desk.postman.deliver()
    heard = look(desk, until=timedelta(hours=2))
    assert {n.content["clock"] for _, n in heard} == {"next_response"}


def test_outside_business_hours_nobody_is_told_unless_it_is_urgent(desk: House) -> None:
    desk.clock.set(datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    desk.open_ticket()
    heard = look(desk, until=timedelta(hours=16))
    assert heard == [] or all(at < "Mon 17:00" for at, _ in heard)
    late = desk.open_ticket(text="The server room is on fire")
    desk.clock.set(datetime(2026, 3, 3, 16, 40, tzinfo=UTC))
    desk.desk.look_at_the_clock(desk.clock.now)
    desk.postman.deliver()
    desk.clock.set(datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    desk.desk.look_at_the_clock(desk.clock.now)
    assert all(n.ticket == late.number for n in told(desk))


def test_after_a_standstill_each_tier_is_told_once(desk: House) -> None:
    desk.open_ticket()
    desk.clock.forward(hours=4, minutes=30)
    desk.desk.look_at_the_clock(desk.clock.now)
    assert [(n.kind, n.content["tier"]) for n in told(desk)] == [
        ("reminder", "area"), ("escalation", "lead"), ("escalation", "programme")]
    desk.clock.forward(minutes=1)
    desk.desk.look_at_the_clock(desk.clock.now)
    assert told(desk) == []


def test_looking_is_harmless_to_repeat_and_reports_a_missed_target_once(desk: House) -> None:
    desk.open_ticket()
    desk.clock.forward(hours=2, minutes=1)
    missed = desk.desk.look_at_the_clock(desk.clock.now)
    assert [(one.clock, one.priority) for one in missed] == [("first_response", "normal")]
    before = desk.everything()
    assert desk.desk.look_at_the_clock(desk.clock.now) == []
    assert desk.everything() == before


def test_a_snoozed_ticket_is_silent_until_its_time_comes(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.claim(ticket.number, ANA, desk.clock.now)
    desk.desk.snooze(ticket.number, ANA, desk.clock.now + timedelta(hours=6), desk.clock.now)
    desk.postman.deliver()
    heard = look(desk, until=timedelta(hours=6, minutes=5))
    assert [(at, n.content["clock"]) for at, n in heard] == [("Mon 15:00", ""), ("Mon 15:05", "first_response"),
                                                               ("Mon 15:05", "first_response")]


def test_the_owner_is_away_so_the_others_are_told(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.claim(ticket.number, BEN, desk.clock.now)
    desk.desk.switch_duty(BEN, False, desk.clock.now)
    desk.postman.deliver()
    heard = look(desk, until=timedelta(hours=2, minutes=10))
    assert all(list(n.content["whom"]) == [BEN, ANA] for _, n in heard)


def test_a_resolved_ticket_is_closed_after_some_days(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.resolve(ticket.number, ANA, "Door 4", False, desk.clock.now)
    desk.clock.forward(days=4, hours=23)
    desk.desk.look_at_the_clock(desk.clock.now)
    assert desk.desk.ticket(ticket.number).state == "resolved"
    desk.clock.forward(hours=2)
    desk.desk.look_at_the_clock(desk.clock.now)
    assert desk.desk.ticket(ticket.number).state == "closed"
    desk.in_asker_thread(ticket, MIA, "It is broken again")
    assert desk.desk.ticket(ticket.number).state == "claimed"


def _of_kind(house: House, kind: str) -> list[Notice]:
    return [notice for notice in house.postman.deliver() if notice.kind == kind]


def _claimed(house: House, coach: str) -> Ticket:
    return house.desk.claim(house.open_ticket().number, coach, house.clock.now)


def test_each_coach_gets_one_digest_when_their_day_begins(desk: House) -> None:
    mine, unclaimed = _claimed(desk, ANA), desk.open_ticket()
    waiting = desk.desk.ask_back(_claimed(desk, ANA).number, ANA, "Which?", desk.clock.now)
    desk.postman.deliver()
    desk.clock.set(datetime(2026, 3, 3, 8, 59, tzinfo=UTC))
    desk.desk.send_digests(desk.clock.now)
    assert _of_kind(desk, "digest") == []
    desk.clock.forward(minutes=1)
    for _ in range(2):
        desk.desk.send_digests(desk.clock.now)
    digests = {notice.channel: notice.content for notice in _of_kind(desk, "digest")}
    assert digests["D-U0ANA"] == {
        "mine": [mine.number, waiting.number], "unclaimed": [unclaimed.number],
        "pressing": [mine.number, unclaimed.number], "waiting": [waiting.number]}
    assert digests["D-U0BEN"]["mine"] == []


def test_in_the_evening_only_what_is_late_or_nearly_is_near(desk: House) -> None:
    desk.open_ticket()
    assert desk.desk.digest(ANA, desk.clock.now).near == ()
    desk.clock.forward(hours=1, minutes=30)
    assert [ticket.number for ticket in desk.desk.digest(ANA, desk.clock.now).near] == [1], "30 minutes are left"
    desk.clock.set(datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    fresh = desk.open_ticket(text="The coffee machine is dead")
    digest = desk.desk.digest(ANA, desk.clock.now)
    assert fresh in digest.pressing, "before tomorrow's end it is due"
    assert [ticket.number for ticket in digest.near] == [1], "nothing of its time is used up yet"


def test_who_is_off_duty_or_has_nothing_to_do_gets_no_digest(desk: House) -> None:
    desk.clock.set(datetime(2026, 3, 3, 9, 0, tzinfo=UTC))
    desk.desk.send_digests(desk.clock.now)
    assert _of_kind(desk, "digest") == []
    desk.open_ticket()
    desk.desk.switch_duty(ANA, False, desk.clock.now)
    desk.clock.set(datetime(2026, 3, 4, 9, 0, tzinfo=UTC))
    desk.desk.send_digests(desk.clock.now)
    assert [notice.channel for notice in _of_kind(desk, "digest")] == ["D-U0BEN"]


def test_a_ticket_that_came_when_nobody_was_on_duty_is_offered_as_soon_as_somebody_is(desk: House) -> None:
    for coach in (ANA, BEN):
        desk.desk.switch_duty(coach, False, desk.clock.now)
    ticket = desk.open_ticket()
    assert ticket.assigned is None
    desk.desk.look_at_the_clock(desk.clock.now)
    assert told(desk) == []
    desk.desk.switch_duty(BEN, True, desk.clock.now)
    desk.desk.look_at_the_clock(desk.clock.forward(minutes=1))
    assert [(n.kind, n.content["whom"]) for n in told(desk)] == [("noted_in_thread", BEN)]
    assert desk.desk.ticket(ticket.number).assigned == BEN


def test_given_back_after_an_answer_the_next_coach_is_asked_at_once(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.in_card_thread(ticket, ANA, "One moment")
    desk.postman.deliver()
    after = desk.desk.release(ticket.number, ANA, desk.clock.now, note="she speaks French")
    assert (after.state, after.assigned) == ("new", BEN)
    [note] = told(desk)
    assert (note.content["whom"], note.content["text"]) == (BEN, "put this back for all coaches: she speaks French")


def test_waiting_for_a_third_party_it_comes_back_even_without_a_date(desk: House) -> None:
    ticket = desk.open_ticket()
    desk.desk.park(ticket.number, ANA, "the vendor", None, desk.clock.now)
    desk.in_asker_thread(ticket, MIA, "Any news?")
    desk.in_card_thread(ticket, ANA, "Not yet")
    desk.postman.deliver()
    heard = look(desk, until=timedelta(days=2, minutes=10))
    assert [(at, n.content["clock"]) for at, n in heard] == [("Wed 09:00", "")]
    desk.desk.resume(ticket.number, ANA, desk.clock.now)
    assert "resumed" in desk.postman.kinds()


def test_what_is_wrong_with_one_ticket_does_not_keep_the_others_unseen(
        desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = desk.open_ticket(), desk.open_ticket()
    desk.clock.forward(hours=2, minutes=1)
    coaches = desk.people.coaches
    asked = iter([True])

    def broken_once(area: str) -> tuple[str, ...]:
        if next(asked, False):
            raise OSError("Slack is away")
        return coaches(area)

    monkeypatch.setattr(desk.people, "coaches", broken_once)
    assert [one.ticket for one in desk.desk.look_at_the_clock(desk.clock.now)] == [second.number]
    assert [one.ticket for one in desk.desk.look_at_the_clock(desk.clock.now)] == [first.number]

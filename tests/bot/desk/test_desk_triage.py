"""What coaches do to sort tickets, as the desk sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.areas import Area
from bot.desk.policy import DeskPolicy
from bot.errors import IllegalStep, NotAllowed
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, MIA, TOM, House

FINANCE = "C0FINANCE"
POLICY = DeskPolicy(COACHES, (Area("Finance", "expenses, invoices", FINANCE), Area("Stores", "scanners", COACHES)),
                    {"urgent": ("nobody can",), "high": ("audit",)})


def finance_of(question: str) -> str:
    return "Finance" if "invoice" in question else ""


@pytest.fixture
def areas(house: House) -> House:
    house.people.coaches_of = {"": (ANA, BEN), "Finance": (BEN,)}
    house.run_by(POLICY, finance_of)
    return house


def test_a_ticket_goes_to_its_area_and_a_coach_of_it_is_asked(areas: House) -> None:
    ticket = areas.open_ticket(text="My invoice has vanished")
    assert (ticket.area, ticket.card_channel, ticket.assigned, ticket.owner) == ("Finance", FINANCE, BEN, None)
    assert [(entry.step, entry.actor, entry.text) for entry in areas.desk.history(ticket.number)] == [
        ("opened", MIA, ""), ("assigned", "", BEN)]


def test_those_with_less_to_do_are_asked_first_then_in_turn(areas: House) -> None:
    asked = [areas.open_ticket(text=f"Printer {n} is dark").assigned for n in range(4)]
    assert asked == [ANA, BEN, ANA, BEN]
    for ticket in areas.desk.open_tickets():
        if ticket.assigned == ANA:
            areas.desk.claim(ticket.number, BEN, areas.clock.now)
    assert areas.open_ticket(text="Printer 5 is dark").assigned == ANA


def test_a_coach_of_the_askers_site_is_asked_first(areas: House) -> None:
    areas.people.sites = {MIA: "Hull", BEN: "Hull"}
    assert [areas.open_ticket(text=f"Printer {n}").assigned for n in range(2)] == [BEN, BEN]


def test_who_is_off_duty_is_not_asked(areas: House) -> None:
    areas.desk.switch_duty(ANA, False, areas.clock.now)
    assert areas.open_ticket(text="Printer 1").assigned == BEN
    areas.desk.switch_duty(BEN, False, areas.clock.now)
    assert areas.open_ticket(text="Printer 2").assigned is None
    areas.desk.switch_duty(ANA, True, areas.clock.now)
    assert areas.open_ticket(text="Printer 3").assigned == ANA


def test_words_give_the_priority(areas: House) -> None:
    assert areas.open_ticket(text="NOBODY\ncan log in before the audit").priority == "urgent"
    assert areas.open_ticket(text="The audit is tomorrow").priority == "high"
    assert areas.open_ticket(text="The auditorium is dark").priority == "normal"


def test_moved_to_another_area_the_card_goes_to_its_channel(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    areas.desk.claim(ticket.number, ANA, areas.clock.now)
    areas.postman.deliver()
    moved = areas.desk.move(ticket.number, ANA, "Finance", areas.clock.now)
    assert (moved.state, moved.owner, moved.card_channel, moved.card_ts) == ("new", None, FINANCE, None)
    assert moved.assigned == BEN
    sent = {(notice.kind, notice.channel) for notice in areas.postman.deliver()}
    assert {("card", FINANCE), ("card_left", COACHES)} <= sent
    assert areas.desk.ticket(ticket.number).card_ts is not None


def test_what_is_written_under_a_former_card_still_reaches_the_asker(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    old = areas.desk.ticket(ticket.number).card_ts
    areas.desk.move(ticket.number, ANA, "Finance", areas.clock.now)
    areas.postman.deliver()
    areas.say(ANA, "Hold the button for three seconds", channel=COACHES, thread_ts=old)
    relayed = [notice for notice in areas.postman.deliver() if notice.kind == "relayed"]
    assert [(notice.channel, notice.content["text"]) for notice in relayed] == [
        (ticket.asker_channel, "Hold the button for three seconds")]


def test_moved_before_its_card_is_posted_it_is_posted_once_and_there(areas: House) -> None:
    areas.say(MIA, "The scanner beeps", direct=True)
    ticket = areas.desk.tickets_of(MIA)[0]
    areas.in_asker_thread(ticket, MIA, "And it blinks")
    areas.desk.move(ticket.number, ANA, "Finance", areas.clock.now)
    sent = areas.postman.deliver()
    assert [(n.channel, n.kind) for n in sent if n.kind in ("card", "card_left")] == [(FINANCE, "card")]
    relayed = [n for n in sent if n.kind == "relayed"]
    assert [(n.channel, n.thread) for n in relayed] == [(FINANCE, areas.desk.ticket(ticket.number).card_ts)]


def test_a_card_that_is_being_posted_while_the_ticket_moves_becomes_a_former_one(areas: House) -> None:
    areas.say(MIA, "The scanner beeps", direct=True)
    ticket = areas.desk.tickets_of(MIA)[0]
    outbox, now = areas.desk.outbox, areas.clock.now
    taken = [outbox.claim_next(now), outbox.claim_next(now)]
    areas.desk.move(ticket.number, ANA, "Finance", now)
    for number, one in enumerate(taken):
        assert one is not None
        outbox.sent(one.id, now, "1700.999" if one.notice.kind == "card" else f"1700.99{number}")
    assert areas.desk.ticket(ticket.number).card_ts is None
    areas.postman.deliver()
    areas.say(ANA, "Read the manual", channel=COACHES, thread_ts="1700.999")
    assert "relayed" in areas.postman.kinds()


def test_passed_on_the_other_coach_owns_it_and_the_asker_hears_of_it(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    after = areas.desk.pass_on(ticket.number, ANA, BEN, areas.clock.now, note="you know scanners")
    assert (after.state, after.owner) == ("claimed", BEN)
    sent = {notice.kind: notice for notice in areas.postman.deliver()}
    assert sent["passed_to"].channel == ticket.asker_channel
    assert sent["noted_in_thread"].content["whom"] == BEN
    with pytest.raises(NotAllowed):
        areas.desk.pass_on(ticket.number, BEN, TOM, areas.clock.now)
    with pytest.raises(IllegalStep):
        areas.desk.pass_on(ticket.number, ANA, BEN, areas.clock.now)


def test_taking_over_makes_another_the_owner(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    areas.desk.claim(ticket.number, ANA, areas.clock.now)
    assert areas.desk.take_over(ticket.number, BEN, areas.clock.now).owner == BEN


def test_parked_and_gone_on_with(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    until = areas.clock.now + timedelta(days=1)
    parked = areas.desk.park(ticket.number, ANA, "the vendor", until, areas.clock.now)
    assert (parked.state, parked.owner, parked.snoozed_until) == ("parked", ANA, until)
    assert "parked" in areas.postman.kinds()
    areas.in_asker_thread(ticket, MIA, "Any news?")
    assert areas.desk.ticket(ticket.number).state == "parked"
    assert areas.desk.resume(ticket.number, ANA, areas.clock.now).state == "claimed"


def test_a_snooze_is_taken_back_early(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    areas.desk.snooze(ticket.number, ANA, areas.clock.now + timedelta(hours=3), areas.clock.now)
    areas.postman.deliver()
    woken = areas.desk.resume(ticket.number, BEN, areas.clock.now)
    assert (woken.state, woken.owner, woken.snoozed_until) == ("new", None, None)
    assert areas.postman.kinds() == ["card_changed"], "its asker never heard of the snooze"
    with pytest.raises(IllegalStep):
        areas.desk.resume(ticket.number, BEN, areas.clock.now)


def test_the_askers_of_duplicates_get_the_resolution_too(areas: House) -> None:
    first = areas.open_ticket(MIA, "The scanner beeps")
    second = areas.open_ticket(TOM, "Beeping scanner")
    closed = areas.desk.duplicate(second.number, ANA, first.number, areas.clock.now)
    assert (closed.state, closed.reason, closed.duplicate_of) == ("closed", "duplicate", first.number)
    areas.postman.deliver()
    areas.desk.resolve(first.number, ANA, "Charge it", False, areas.clock.now)
    told = [notice.channel for notice in areas.postman.deliver() if notice.kind == "resolved"]
    assert told == [first.asker_channel, second.asker_channel]


def test_a_duplicates_duplicate_follows_to_the_ticket_that_is_left(areas: House) -> None:
    one, two, three = (areas.open_ticket(MIA, f"The scanner beeps {n}") for n in range(3))
    areas.desk.duplicate(one.number, ANA, two.number, areas.clock.now)
    areas.desk.duplicate(two.number, ANA, three.number, areas.clock.now)
    assert areas.desk.ticket(one.number).duplicate_of == three.number


def test_merged_its_thread_goes_on_in_the_other_ticket(areas: House) -> None:
    first, second = areas.open_ticket(MIA, "The scanner beeps"), areas.open_ticket(MIA, "And it blinks, too")
    areas.desk.merge(second.number, ANA, first.number, areas.clock.now)
    areas.postman.deliver()
    areas.in_asker_thread(second, MIA, "It is the blue one")
    relayed = [notice for notice in areas.postman.deliver() if notice.kind == "relayed"]
    assert [(n.ticket, n.thread) for n in relayed] == [(first.number, areas.desk.ticket(first.number).card_ts)]
    assert areas.desk.ticket(second.number).state == "closed"
    areas.desk.resolve(first.number, ANA, "Charge it", False, areas.clock.now)
    assert areas.postman.kinds().count("resolved") == 1


@pytest.mark.parametrize("other", ["itself", "unknown", "ended", "somebody else's"])
def test_what_cannot_be_merged_is_refused_with_a_sentence(areas: House, other: str) -> None:
    ticket, ended = areas.open_ticket(MIA, "The scanner beeps"), areas.open_ticket(MIA, "It blinks")
    areas.desk.dismiss(ended.number, ANA, areas.clock.now)
    number = {"itself": ticket.number, "unknown": 99, "ended": ended.number,
              "somebody else's": areas.open_ticket(TOM, "It smells").number}[other]
    before = areas.everything()
    with pytest.raises(IllegalStep) as refused:
        areas.desk.merge(ticket.number, ANA, number, areas.clock.now)
    assert refused.value.sentence.endswith(".")
    assert areas.everything() == before


def test_tags_and_related_tickets(areas: House) -> None:
    one, two = areas.open_ticket(text="The scanner beeps"), areas.open_ticket(text="The scanner is hot")
    areas.desk.tag(one.number, ANA, ["Hardware ", "scanner", "hardware"], areas.clock.now)
    areas.desk.relate(one.number, ANA, two.number, areas.clock.now)
    assert areas.desk.tags(one.number) == ("hardware", "scanner")
    assert (areas.desk.related(one.number), areas.desk.related(two.number)) == ((two.number,), (one.number,))
    with pytest.raises(IllegalStep):
        areas.desk.tag(one.number, ANA, ["x" * 31], areas.clock.now)


def test_a_key_makes_a_step_happen_once(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    for _ in range(2):
        areas.desk.prioritise(ticket.number, ANA, "urgent", areas.clock.now, key="click:1")
    assert [entry.step for entry in areas.desk.history(ticket.number)].count("prioritised") == 1


def test_who_is_no_coach_is_refused(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    before = areas.everything()
    for step in (lambda: areas.desk.take_over(ticket.number, TOM, areas.clock.now),
                 lambda: areas.desk.tag(ticket.number, TOM, ["x"], areas.clock.now),
                 lambda: areas.desk.switch_duty(TOM, False, areas.clock.now)):
        with pytest.raises(NotAllowed):
            step()
    assert areas.everything() == before


def test_the_askers_of_duplicates_hear_of_a_dismissal_too(areas: House) -> None:
    first, second = areas.open_ticket(MIA, "The scanner beeps"), areas.open_ticket(TOM, "Beeping scanner")
    areas.desk.duplicate(second.number, ANA, first.number, areas.clock.now)
    areas.postman.deliver()
    areas.desk.dismiss(first.number, ANA, areas.clock.now)
    assert [n.channel for n in areas.postman.deliver() if n.kind == "dismissed"] == [
        first.asker_channel, second.asker_channel]


def test_what_is_written_under_a_merged_tickets_card_belongs_to_the_ticket_that_goes_on(areas: House) -> None:
    first, second = areas.open_ticket(MIA, "The scanner beeps"), areas.open_ticket(MIA, "And it blinks, too")
    areas.desk.merge(second.number, ANA, first.number, areas.clock.now)
    areas.postman.deliver()
    areas.in_card_thread(second, ANA, "Charge it")
    relayed = [n for n in areas.postman.deliver() if n.kind == "relayed"]
    assert [(n.ticket, n.thread) for n in relayed] == [(first.number, first.asker_thread)]


def test_passed_on_to_oneself_is_taken_over(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    assert areas.desk.pass_on(ticket.number, ANA, ANA, areas.clock.now).owner == ANA
    assert "passed_to" not in areas.postman.kinds()


def test_soft_thanks_reach_the_coaches_and_reopen_nothing(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    areas.desk.resolve(ticket.number, ANA, "Charge it", False, areas.clock.now)
    areas.postman.deliver()
    areas.in_asker_thread(ticket, MIA, "Cheers Ana, works like a charm")
    assert areas.postman.kinds() == ["relayed"]
    assert areas.desk.ticket(ticket.number).state == "resolved"
    areas.in_asker_thread(ticket, MIA, "great, now it is dark")
    assert "reopened" in areas.postman.kinds()


def test_a_card_that_somebody_deleted_is_posted_anew(areas: House) -> None:
    ticket = areas.open_ticket(text="The scanner beeps")
    assert ticket.card_ts is not None
    areas.desk.card_deleted(ticket.card_channel, ticket.card_ts, areas.clock.now)
    areas.desk.card_deleted(ticket.card_channel, "1.5", areas.clock.now)
    assert areas.postman.kinds() == ["card"]

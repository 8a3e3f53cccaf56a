"""Each step is one transaction: wherever it breaks off, nothing has changed, and doing it again does it whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.store import Row
from tests.bot.desk.desk_fakes import ANA, GENERAL, MIA, House, PowerCut


def ask_unknown(house: House) -> Callable[[], object]:
    message = house.message(MIA, "My badge is broken", mentioned=True)
    return lambda: house.desk.receive(message, house.clock.now)


def ask_by_command(house: House) -> Callable[[], object]:
    asked = house.asked(MIA, "My badge is broken")
    return lambda: house.desk.ask(asked, house.clock.now)


def still_stuck(house: House) -> Callable[[], object]:
    house.say(MIA, "expenses?", mentioned=True)
    [answer] = house.postman.deliver()
    return lambda: house.desk.still_stuck(answer.content["answer"], MIA, house.clock.now)


def choose(house: House) -> Callable[[], object]:
    find = house.library.find
    house.desk = house.desk_with(lambda question, viewer: replace(find(question, viewer), verdict="clarify"))
    house.postman._desk = house.desk
    house.say(MIA, "expenses?", mentioned=True)
    [offer] = house.postman.deliver()
    house.desk = house.desk_with(house.library.find)
    return lambda: house.desk.choose(offer.content["answer"], 0, MIA, house.clock.now)


def claim(house: House) -> Callable[[], object]:
    house.open_ticket()
    return lambda: house.desk.claim(1, ANA, house.clock.now, key="click")


def ask_back(house: House) -> Callable[[], object]:
    house.open_ticket()
    return lambda: house.desk.ask_back(1, ANA, "Which floor?", house.clock.now, key="click")


def resolve(house: House) -> Callable[[], object]:
    house.open_ticket()
    house.desk._office.teaching = None  # its files come after the commit, and are made good at the next start
    return lambda: house.desk.resolve(1, ANA, "Done.", True, house.clock.now, key="click")


def coach_replies(house: House) -> Callable[[], object]:
    ticket = house.open_ticket()
    message = house.message(ANA, "On my way", channel=ticket.card_channel, thread_ts=house.desk.ticket(1).card_ts)
    return lambda: house.desk.receive(message, house.clock.now)


def asker_reopens_and_asks(house: House) -> Callable[[], object]:
    ticket = house.open_ticket()
    house.desk.resolve(1, ANA, "Done.", False, house.clock.now)
    message = house.message(MIA, "And expenses?", channel=ticket.asker_channel, thread_ts=ticket.asker_thread,
                            mentioned=True)
    return lambda: house.desk.receive(message, house.clock.now)


def delete_question(house: House) -> Callable[[], object]:
    message = house.say(MIA, "My badge is broken", mentioned=True)
    house.postman.deliver()
    return lambda: house.desk.deleted(GENERAL, message.ts, house.clock.now)


def send_a_card(house: House) -> Callable[[], object]:
    house.say(MIA, "My badge is broken", mentioned=True)
    while (outgoing := house.desk.outbox.claim_next(house.clock.now)).notice.kind != "card":  # type: ignore[union-attr]
        house.desk.outbox.sent(outgoing.id, house.clock.now, "1.5")  # type: ignore[union-attr]
    return lambda: house.desk.outbox.sent(outgoing.id, house.clock.now, "1.6")  # type: ignore[union-attr]


def find_the_thread_gone(house: House) -> Callable[[], object]:
    house.say(MIA, "My badge is broken", mentioned=True)
    house.postman.deliver()
    house.in_card_thread(house.desk.ticket(1), ANA, "On my way")
    return lambda: house.desk.thread_gone(1, house.clock.now)


def note_becomes_a_reply(house: House) -> Callable[[], object]:
    note = house.in_card_thread(house.open_ticket(), ANA, "// on my way")
    return lambda: house.desk.edited(note.channel, note.ts, "On my way", house.clock.now)


STEPS = [ask_unknown, ask_by_command, still_stuck, choose, claim, ask_back, resolve, coach_replies,
         asker_reopens_and_asks, delete_question, send_a_card, find_the_thread_gone, note_becomes_a_reply]


def comparable(dump: str) -> str:
    """Without the random keys of notices."""
    return re.sub(r"n-[0-9a-f-]{36}", "n-…", dump)


@pytest.mark.parametrize("begin", STEPS, ids=lambda step: step.__name__)
def test_a_step_that_breaks_off_has_not_begun(house: House, begin: Callable[[House], Callable[[], object]],
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    step = begin(house)
    before = house.everything()
    write = house.store.write
    written = breaks_at = 0

    def write_until_it_breaks(sql: str, values: Any = ()) -> list[Row]:
        nonlocal written
        written += 1
        rows = write(sql, values)
        if written == breaks_at:
            raise PowerCut
        return rows

    monkeypatch.setattr(house.store, "write", write_until_it_breaks)
    for breaks_at in range(1, 100):
        written = 0
        try:
            step()
        except PowerCut:
            assert house.everything() == before, f"write {breaks_at} was left behind"
            assert house.taught == []
            continue
        break
    assert breaks_at > 1, "the step wrote nothing"
    done = comparable(house.everything())
    assert done != comparable(before)
    if begin is not send_a_card:
        monkeypatch.undo()
        step()
        again = set(comparable(house.everything()).splitlines()) - set(done.splitlines())
        again = {line for line in again if "sqlite_sequence" not in line and "'whisper'" not in line}
        assert not again, "done a second time"

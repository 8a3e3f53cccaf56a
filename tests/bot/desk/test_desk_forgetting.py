"""A forgotten person is nowhere any more: not in a row, not in a byte of the files. The figures are as before."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.desk.forgetting import Forgotten, NobodyKnown, StillOpen, forget
from bot.desk.marks import NO_LONGER_KEPT
from bot.desk.reading import reading
from bot.errors import StoreBusy
from indexer.types import Findings, Hit
from tests.bot.desk.desk_fakes import ANA, BEN, MIA, TOM, House
from tests.bot.desk.test_desk_retention import WORD, bytes_of, figures, talk


def forgetting(house: House, user: str, *, force: bool = False) -> Forgotten:
    return forget(house.store, user, house.clock.forward(seconds=1), force=force)


def test_nothing_of_an_asker_is_left(house: House) -> None:
    talk(house)
    house.say(TOM, f"<@{MIA}> had trouble with expenses", direct=True)
    house.postman.deliver()
    done = forgetting(house, MIA)
    assert (done.tickets, done.questions, done.messages, done.wiped) == (1, 1, 1, True)
    left = bytes_of(house.store)
    assert MIA.encode() not in left, "neither their id nor their direct messages, also where others mention them"
    assert b"My xylophone is broken" not in left
    assert b"A xylophone in bay 4" not in left
    assert b"Which xylophone?" in left, "what others wrote stays"
    ticket = house.desk.ticket(1)
    assert (ticket.asker, ticket.question, ticket.state) == ("forgotten-1", NO_LONGER_KEPT, "resolved")
    assert "<@forgotten-1> had trouble with expenses" in house.everything()


def test_nothing_is_left_in_the_free_space_of_what_was_replaced_before(house: House) -> None:
    house.store.db.execute("PRAGMA secure_delete = OFF").fetchall()  # as SQLite is built on many systems
    talk(house)
    message = house.say(MIA, "A long xylophone " * 500, direct=True)
    house.postman.deliver()
    house.desk.deleted(message.channel, message.ts, house.clock.now)
    assert b"A long xylophone" in bytes_of(house.store)
    forgetting(house, MIA, force=True)
    assert b"A long xylophone" not in bytes_of(house.store)


def test_the_figures_are_as_before(house: House) -> None:
    talk(house)
    before = str(figures(house.store))
    forgetting(house, MIA)
    assert str(figures(house.store)) == before.replace(MIA, "forgotten-1")


def test_nothing_of_a_coach_is_left(house: House) -> None:
    talk(house)
    house.desk.switch_duty(ANA, False, house.clock.now)
    done = forgetting(house, ANA)
    assert (done.resolutions, done.tickets) == (1, 0)
    left = bytes_of(house.store)
    assert ANA.encode() not in left
    assert b"A new xylophone is there." not in left
    assert b"xylophone, really" not in left
    assert house.desk.ticket(1).owner == "forgotten-1"
    assert not house.store.rows("SELECT * FROM duty")


def test_everyone_forgotten_gets_a_name_of_their_own(house: House) -> None:
    house.say(MIA, "expenses?", direct=True)
    house.say(TOM, "expenses?", direct=True)
    house.postman.deliver()
    assert [forgetting(house, user).pseudonym for user in (MIA, TOM)] == ["forgotten-1", "forgotten-2"]
    house.say(MIA, "expenses?", direct=True)
    house.postman.deliver()
    assert forgetting(house, MIA).pseudonym == "forgotten-3", "who comes back is somebody new"


def test_another_whose_id_holds_theirs_stays(house: House) -> None:
    for user in (f"{MIA}X", f"X{MIA}", MIA):
        house.say(user, "expenses?", direct=True)
    house.postman.deliver()
    forgetting(house, MIA)
    assert [row["asker"] for row in house.store.rows("SELECT asker FROM answers ORDER BY id")] == [
        f"{MIA}X", f"X{MIA}", "forgotten-1"]


def test_an_open_ticket_is_not_forgotten_unless_it_is_wished(house: House) -> None:
    house.open_ticket(MIA)
    house.open_ticket(TOM)
    house.desk.claim(2, BEN, house.clock.now)
    house.postman.deliver()
    before = house.everything()
    with pytest.raises(StillOpen, match="FW-1 is still open"):
        forgetting(house, MIA)
    with pytest.raises(StillOpen, match="FW-2"):
        forgetting(house, BEN)
    assert house.everything() == before
    assert forgetting(house, MIA, force=True).ended == (1,)
    assert forgetting(house, BEN, force=True).ended == (2,)
    assert [house.desk.ticket(number).state for number in (1, 2)] == ["closed", "new"]
    assert house.desk.ticket(2).owner is None
    assert house.postman.kinds() == ["card_changed", "card_changed"], "the coaches see it"


def test_what_waits_for_them_or_with_their_words_is_not_sent(house: House) -> None:
    ticket = house.open_ticket(MIA)
    house.in_asker_thread(ticket, MIA, "And a xylophone")
    house.desk.whisper("C0GENERAL", MIA, "Psst", house.clock.now)
    house.desk.whisper("C0GENERAL", TOM, "Psst", house.clock.now)
    house.inbox.record("k", "event", {"event": {"user": MIA, "text": "xylophone"}}, f"D-{MIA}", house.clock.now)
    assert forgetting(house, MIA, force=True).waiting >= 3
    assert house.inbox.pending() == 0
    assert [notice.kind for notice in house.postman.deliver() if notice.kind != "card_changed"] == ["whisper"]
    left = bytes_of(house.store)
    assert WORD not in left
    assert MIA.encode() not in left
    house.desk.outbox.purge(house.clock.forward(days=8))
    assert not house.store.rows("SELECT * FROM outbox WHERE state = 'given_up'")


def test_what_is_being_sent_at_this_moment_is_waited_for(house: House) -> None:
    house.say(MIA, "expenses?", direct=True)
    outgoing = house.desk.outbox.claim_next(house.clock.now)
    assert outgoing is not None
    with pytest.raises(StoreBusy):
        forgetting(house, MIA)
    assert house.store.rows("SELECT asker FROM answers") == [{"asker": MIA}]
    house.desk.outbox.sent(outgoing.id, house.clock.now, "1.1")
    assert forgetting(house, MIA).questions == 1


def test_published_lessons_are_told_and_drafts_go(house: House) -> None:
    for number in (1, 2):
        house.open_ticket(MIA, f"xylophone {number}")
        house.desk.resolve(number, ANA, "Tune it.", True, house.clock.now)
    house.store.write("UPDATE lessons SET state = CASE ticket WHEN 1 THEN 'approved' ELSE 'draft' END")
    house.open_ticket(TOM, "A glockenspiel")
    house.desk.resolve(3, BEN, "Tune it.", True, house.clock.now)
    house.store.write("UPDATE lessons SET near = ? WHERE ticket = 3", ('[{"question":"xylophone 2","lesson":2}]',))
    house.postman.deliver()
    done = forgetting(house, MIA)
    assert (done.published, done.lessons) == ((1,), 1)
    kept = [tuple(row.values()) for row in house.store.rows("SELECT question, state FROM lessons ORDER BY ticket")]
    assert kept == [("xylophone 1", "approved"), (NO_LONGER_KEPT, "rejected"), ("A glockenspiel", "draft")]
    assert b"xylophone 2" not in bytes_of(house.store), "nor where another lesson names it as alike"


def test_nor_do_answers_to_others_keep_what_was_taught_from_their_tickets(house: House) -> None:
    house.open_ticket(MIA, "xylophone 1")
    house.open_ticket(TOM, "A glockenspiel")
    for number in (1, 2):
        house.desk.resolve(number, ANA, "Tune it.", True, house.clock.now)
        house.desk.approve_lesson(number, ANA, house.clock.now)
    theirs = Hit("taught/fw-1.yaml#fw-1", "xylophone 1", "faq", "", "", "Tune the xylophone", "https://x/1", 0.9,
                 "xylophone 1")
    other = replace(theirs, document_id="taught/fw-2.yaml#fw-2", title="A glockenspiel", text="Tune that one",
                    question="A glockenspiel")
    for verdict, hits in (("answer", (theirs,)), ("clarify", (other, theirs)), ("handover", (theirs,)),
                          ("answer", (other,))):
        house.desk_with(lambda question, _, verdict=verdict, hits=hits: Findings(  # type: ignore[misc]
            question, verdict, 0.4, hits, 1)).receive(house.message(TOM, "Out of tune?", direct=True), house.clock.now)
    house.postman.deliver()
    before = [row["hits"] for row in house.store.rows("SELECT hits FROM answers WHERE instr(hits, 'fw-2')")]
    done = forgetting(house, MIA)
    assert done.quoted == 3
    left = bytes_of(house.store)
    assert b"Tune the xylophone" not in left
    rows = house.store.rows("SELECT text, quotes, choices, hits FROM answers WHERE instr(hits, 'fw-') ORDER BY id")
    assert [bool(row["text"]) for row in rows] == [False, False, True, True]
    assert all('"xylophone' not in str(row) for row in rows)
    quote = json.loads(rows[0]["quotes"])[0]
    assert (quote["document"], quote["url"], quote["text"]) == (
        "taught/fw-1.yaml#fw-1", "https://x/1", NO_LONGER_KEPT)
    offered = json.loads(rows[1]["choices"])
    assert [choice["label"] for choice in offered] == ["A glockenspiel", NO_LONGER_KEPT]
    assert rows[3]["hits"] == before[-1], "what comes from others stays"
    assert house.desk.answer(1).asker == "forgotten-1"


def test_who_is_forgotten_hears_of_no_entry_that_is_taken_back(house: House) -> None:
    house.open_ticket(MIA)
    house.desk.resolve(1, ANA, "Tune it.", True, house.clock.now)
    house.desk.approve_lesson(1, ANA, house.clock.now)
    house.desk.lessons_taken_in(house.teaching.untaken(), house.clock.now)
    house.postman.deliver()
    forgetting(house, MIA)
    house.desk.withdraw_lesson(1, ANA, house.clock.now)
    assert "untaught" not in house.postman.kinds()


def test_a_person_whom_nobody_knows(house: House) -> None:
    house.say(MIA, "expenses?", direct=True)
    before = house.everything()
    with pytest.raises(NobodyKnown, match="U0NOBODY"):
        forgetting(house, "U0NOBODY")
    assert house.everything() == before


def test_a_reader_who_does_not_end_leaves_old_bytes_and_that_is_told(house: House) -> None:
    talk(house)
    house.store.db.execute("PRAGMA busy_timeout = 50").fetchall()
    with reading(house.store.path) as connection:
        connection.execute("SELECT count(*) FROM tickets").fetchone()
        assert forgetting(house, MIA).wiped is False
    assert MIA.encode() not in bytes_of(house.store)

"""How the desk behaves among people: what it answers unasked, to whom, and for whose eyes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.manners import ChannelManners, Manners
from bot.desk.policy import DeskPolicy
from bot.errors import IllegalStep, NotReachable
from tests.bot.desk.desk_fakes import ANA, BEN, COACHES, GENERAL, MIA, TOM, House

ASKED = "How do I claim an expense?"
UNKNOWN = "How do I open the printer?"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def with_manners(house: House, *, outsiders: str = "ignore", **of_general: object) -> House:
    manners = Manners({GENERAL: ChannelManners(**of_general)}, outsiders)  # type: ignore[arg-type]
    house.run_by(DeskPolicy(COACHES, manners=manners))
    return house


@pytest.mark.parametrize(("answers", "text", "kinds"), [
    ("mentions", ASKED, []), ("off", ASKED, []),
    ("questions", ASKED, ["answer"]), ("questions", UNKNOWN, []), ("questions", "I claimed my expense.", []),
    ("everything", ASKED, ["answer"]), ("everything", UNKNOWN, ["handed_over", "card"]),
    ("everything", "The printer does not work.", ["handed_over", "card"]), ("everything", "Thanks all!", []),
    ("everything", "hello", []), ("everything", "I can't log in to the printer", ["handed_over", "card"]),
    ("everything", "The new printer is in the hall.", []), ("everything", "I claimed my expense.", ["answer"]),
    ("everything", "@U0TOM how do I open the printer?", []), ("everything", "Hi Tom, I can't open the printer", []),
])
def test_a_message_that_mentions_nobody(house: House, answers: str, text: str, kinds: list[str]) -> None:
    with_manners(house, answers=answers)
    message = house.say(MIA, text)
    assert house.postman.kinds() == kinds
    assert house.desk.may_concern(message) == (
        (answers == "everything" and "Tom" not in text and "@" not in text and text not in ("Thanks all!", "hello"))
        or (answers == "questions" and text != "I claimed my expense."))


@pytest.mark.parametrize("user", [ANA, "U0EVE"])
def test_what_coaches_and_admins_announce_is_no_question(house: House, user: str) -> None:
    with_manners(house, answers="everything")
    house.say(user, "From today on nobody can't claim an expense by mail.")
    house.say(user, UNKNOWN)
    assert house.postman.kinds() == []
    house.say(user, ASKED)
    assert house.postman.kinds() == ["answer"]
    house.say(user, UNKNOWN, mentioned=True)
    assert house.postman.kinds()[-2:] == ["handed_over", "card"]


@pytest.mark.parametrize("answers", ["mentions", "questions", "everything"])
def test_a_mention_is_answered_everywhere(house: House, answers: str) -> None:
    with_manners(house, answers=answers)
    house.say(MIA, UNKNOWN, mentioned=True)
    assert house.postman.kinds() == ["handed_over", "card"]


def test_where_it_is_off_a_mention_is_turned_away_once_and_only_for_its_author(house: House) -> None:
    with_manners(house, answers="off")
    message = house.say(MIA, ASKED, mentioned=True)
    house.desk.receive(message, house.clock.forward(seconds=1))
    [told] = house.postman.deliver()
    assert (told.kind, told.user, told.thread) == ("whisper", MIA, "")
    assert "direct messages" in told.content["text"]
    assert house.library.searched == []


def test_a_ticket_from_before_goes_on_where_it_is_off_now(house: House) -> None:
    root = house.say(MIA, UNKNOWN, mentioned=True)
    house.postman.deliver()
    with_manners(house, answers="off")
    house.say(MIA, "It is the one upstairs.", thread_ts=root.ts)
    assert house.postman.kinds() == ["relayed", "card_changed"]


def test_a_private_answer_and_what_follows_it_are_for_its_asker(house: House) -> None:
    with_manners(house, private=True)
    root = house.say(MIA, ASKED, mentioned=True)
    [told] = house.postman.deliver()
    assert (told.kind, told.user, told.thread) == ("answer", MIA, "")
    house.say(MIA, "and another expense?", thread_ts=root.ts)
    [told] = house.postman.deliver()
    assert (told.kind, told.user, told.thread) == ("answer", MIA, root.ts)
    house.say(MIA, "Why is the printer locked?", mentioned=True, thread_ts=root.ts)
    kinds = {(one.kind, one.channel, one.user) for one in house.postman.deliver()}
    assert kinds == {("thread_opener", f"D-{MIA}", ""), ("ticket_pointer", GENERAL, MIA), ("card", COACHES, "")}


def test_below_their_own_question_the_asker_reaches_the_coaches_though_the_ticket_is_in_private(house: House) -> None:
    with_manners(house, private=True)
    root = house.say(MIA, UNKNOWN, mentioned=True)
    house.postman.deliver()
    house.say(MIA, "any news?", thread_ts=root.ts)
    notices = {one.kind: one for one in house.postman.deliver()}
    assert notices.keys() == {"relayed", "card_changed", "whisper"}
    assert (notices["relayed"].channel, notices["whisper"].user) == (COACHES, MIA)
    house.say(MIA, ASKED, thread_ts=root.ts, mentioned=True)
    [told] = house.postman.deliver()
    assert (told.kind, told.user) == ("answer", MIA), "what follows stays in private, too"


def test_who_is_turned_away_and_who_is_not(house: House) -> None:
    with_manners(house, answers="off")
    message = house.message(MIA, ASKED, mentioned=True)
    assert "direct messages" in house.desk.turns_away(message)
    assert house.postman.kinds() == []
    with_manners(house)
    assert house.desk.turns_away(message) == ""


def test_only_the_asker_shares_and_only_once(house: House) -> None:
    with_manners(house, private=True)
    root = house.say(MIA, ASKED, mentioned=True)
    [told] = house.postman.deliver()
    answer = told.content["answer"]
    house.desk.share(answer, TOM, house.clock.now)
    assert house.postman.kinds() == ["whisper"]
    for _ in range(2):
        house.desk.share(answer, MIA, house.clock.now)
    shared, settled = house.postman.deliver()
    assert (shared.kind, shared.thread, shared.user) == ("answer_shared", root.ts, "")
    assert settled.content["outcome"] == "shared"


def test_what_everybody_has_seen_cannot_be_shared(house: House) -> None:
    house.say(MIA, ASKED, mentioned=True)
    [told] = house.postman.deliver()
    with pytest.raises(IllegalStep):
        house.desk.share(told.content["answer"], MIA, house.clock.now)


def test_direct_messages_are_no_channel(house: House) -> None:
    with_manners(house, private=True, answers="off")
    house.say(MIA, ASKED, direct=True)
    [told] = house.postman.deliver()
    assert (told.kind, told.user) == ("answer", "")


def test_a_coach_who_helps_in_the_thread_is_not_talked_over(house: House) -> None:
    root = house.say(MIA, ASKED, mentioned=True)
    house.say(MIA, "and a second expense?", thread_ts=root.ts)
    house.say(ANA, "Let me show you.", thread_ts=root.ts)
    house.say(MIA, "and a third expense?", thread_ts=root.ts)
    assert house.postman.kinds() == ["answer", "answer"]
    house.say(MIA, "and a fourth expense?", thread_ts=root.ts, mentioned=True)
    assert house.postman.kinds() == ["answer"]


def test_a_thread_that_a_coach_began_is_theirs(house: House) -> None:
    root = house.say(ANA, "From today on expenses are claimed online.")
    house.say(MIA, ASKED, mentioned=True, thread_ts=root.ts, root_user=ANA)
    house.say(MIA, "and a second expense?", thread_ts=root.ts, root_user=ANA)
    assert house.postman.kinds() == ["answer"]


def test_a_coach_who_asks_the_bot_is_an_asker(house: House) -> None:
    root = house.say(ANA, ASKED, mentioned=True)
    house.say(ANA, "and a second expense?", thread_ts=root.ts, root_user=ANA)
    assert house.postman.kinds() == ["answer", "answer"]


def test_outsiders_are_told_if_they_mention_the_bot_and_else_not_heard(house: House) -> None:
    with_manners(house, answers="everything")
    unheard = house.say("U9OUT", ASKED, outsider=True)
    house.say("U9OUT", ASKED, outsider=True, mentioned=True)
    [told] = house.postman.deliver()
    assert (told.kind, told.user) == ("whisper", "U9OUT")
    assert "organisation" in told.content["text"]
    assert not house.desk.may_concern(unheard)
    assert house.library.searched == []


def test_what_an_outsider_says_in_a_tickets_thread_stays_there(house: House) -> None:
    root = house.say(MIA, UNKNOWN, mentioned=True)
    house.postman.deliver()
    house.say("U9OUT", "Try turning it off.", thread_ts=root.ts, outsider=True)
    assert house.postman.kinds() == []


def test_outsiders_are_answered_where_the_settings_say_so(house: House) -> None:
    with_manners(house, outsiders="answer")
    house.say("U9OUT", ASKED, outsider=True, mentioned=True)
    assert house.postman.kinds() == ["answer"]


def test_known_issues_and_what_is_new_are_what_coaches_have_published(house: House) -> None:
    ticket = house.open_ticket()
    assert house.desk.known_issues() == []
    house.desk.tag(ticket.number, ANA, ["known issue"], house.clock.now)
    assert [one.number for one in house.desk.known_issues()] == [ticket.number]
    before = house.desk.mark()
    house.desk.dismiss(ticket.number, ANA, house.clock.now)
    assert house.desk.known_issues() == []
    assert house.desk.mark() != before


def test_a_coach_who_has_left_does_not_keep_the_digest_from_the_others(
        house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def direct_channel(user: str) -> str:
        if user == ANA:
            raise NotReachable
        return f"D-{user}"

    house.open_ticket()
    house.people.coaches_of[""] = (ANA, BEN)
    monkeypatch.setattr(house.people, "direct_channel", direct_channel)
    house.desk.send_digests(house.clock.now)
    assert [(one.kind, one.channel) for one in house.postman.deliver()] == [("digest", f"D-{BEN}")]

"""Whatever goes wrong at Slack: nobody is left without an answer, nothing is said twice, no ticket is lost.

A story for every kind of fault that the local workspace has; a kind without one fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, get_args

import httpx
import pytest

from bot.assemble.app import Bot
from bot.assemble.demo import Demo
from bot.settings import load_settings
from bot.workspace.faults import SignatureFault
from bot.workspace.people_api.fault_kinds import DISCONNECT_REASONS, KINDS, TOKEN_CODES
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor, write_knowledge

OPS = "C0OPS"
KNOWN, UNKNOWN = "How do I attach a receipt to a claim?", "Where do we park the forklift on Sundays?"
POSTING = "chat.postMessage"

Story: TypeAlias = Callable[[Floor], None]


def running(floor: Floor) -> Bot:
    assert floor.demo.bot is not None
    return floor.demo.bot


def fault(floor: Floor, kind: str, **more: Any) -> dict[str, Any]:
    return floor.call("fault", kind=kind, **more)


def cards(floor: Floor, words: str, channel: str = COACHES, user: str = "U0EVE") -> list[dict[str, Any]]:
    return [card for card in floor.messages(channel, user) if words in str(card["blocks"])]


def ask_both(floor: Floor) -> tuple[str, str]:
    """One question that is answered and one that becomes a ticket."""
    return floor.say("U0TOM", BOT, KNOWN), floor.say("U0MIA", BOT, UNKNOWN)


def both_once(floor: Floor, asked: tuple[str, str]) -> None:
    """Each has exactly one reply, and the ticket exactly one card."""
    floor.reply_with(BOT, "U0TOM", asked[0], "Attach receipt")
    floor.reply_with(BOT, "U0MIA", asked[1], "FW-1")
    floor.card_of("forklift")
    floor.settle()
    assert len(floor.replies(BOT, "U0TOM", asked[0])) == 1
    assert len(floor.replies(BOT, "U0MIA", asked[1])) == 1
    assert len(cards(floor, "forklift")) == 1


def health(floor: Floor) -> tuple[int, str]:
    """The status of `/healthz`, and what it says about Slack."""
    told = floor.http.get("/healthz")
    return told.status_code, str(told.json()["checks"]["slack"])


# ---- calls that fail -------------------------------------------------------------------------------------------------

def calls_fail(kind: str, **more: Any) -> Story:
    def story(floor: Floor) -> None:
        fault(floor, kind, method=POSTING, **more)
        both_once(floor, ask_both(floor))
    return story


def refused_for_good(floor: Floor) -> None:
    """No repetition cures it: the admins hear of it, and the next question is answered."""
    fault(floor, "error", method=POSTING, error="restricted_action")
    floor.say("U0TOM", BOT, KNOWN)
    floor.wait_for(lambda: cards(floor, "restricted_action", OPS), "the admins to be told")
    both_once(floor, ask_both(floor))


# ---- events that come wrongly ----------------------------------------------------------------------------------------

def event_comes_again(floor: Floor) -> None:
    fault(floor, "duplicate", count=2)
    asked = floor.say("U0TOM", BOT, KNOWN)
    fault(floor, "duplicate", count=2)
    both_once(floor, (asked, floor.say("U0MIA", BOT, UNKNOWN)))


def event_is_overtaken(floor: Floor) -> None:
    fault(floor, "out_of_order")
    both_once(floor, ask_both(floor))


def event_is_late(floor: Floor) -> None:
    fault(floor, "late_event", seconds=0.5, count=2)
    both_once(floor, ask_both(floor))


def signed_wrongly(how: str) -> Story:
    """Refused; and when Slack sends it again, signed rightly, it is answered, once."""
    def story(floor: Floor) -> None:
        fault(floor, "signature", how=how)
        both_once(floor, ask_both(floor))
    return story


def cut_off(reason: str) -> Story:
    def story(floor: Floor) -> None:
        fault(floor, "disconnect", reason=reason, seconds=0.2)
        asked = ask_both(floor)
        if reason == "link_disabled":
            fault(floor, "none")
        both_once(floor, asked)
    return story


# ---- what is taken from the app --------------------------------------------------------------------------------------

def token_refused(code: str) -> Story:
    """Health tells it; what was asked meanwhile is kept, and answered once as soon as there is a token again."""
    def story(floor: Floor) -> None:
        fault(floor, "token_revoked", error=code)
        asked = ask_both(floor)
        floor.wait_for(lambda: health(floor)[0] == 503, "the refusal to be told")
        assert code in health(floor)[1]
        assert floor.replies(BOT, "U0TOM", asked[0]) == []
        fault(floor, "none")
        both_once(floor, asked)
        assert health(floor)[0] == 200
    return story


def scope_is_missing(floor: Floor) -> None:
    """Until an admin adds it again, everything waits."""
    fault(floor, "scope_removed", scope="chat:write")
    asked = ask_both(floor)
    floor.wait_for(lambda: 'error="missing_scope",method="chat.postMessage"' in floor.http.get("/metrics").text, "it")
    assert floor.replies(BOT, "U0TOM", asked[0]) == []
    fault(floor, "none")
    both_once(floor, asked)


def coaches_channel_is_lost(kind: str) -> Story:
    """The ticket goes where the bot reports to the admins, and its asker hears its number all the same."""
    def story(floor: Floor) -> None:
        fault(floor, kind, channel=COACHES)
        asked = floor.say("U0MIA", BOT, UNKNOWN)
        floor.reply_with(BOT, "U0MIA", asked, "FW-1")
        card = floor.wait_for(lambda: cards(floor, "forklift", OPS), "the card elsewhere")[0]
        floor.settle()
        assert len(cards(floor, "forklift", OPS)) == 1
        assert len(floor.replies(BOT, "U0MIA", asked)) == 1
        assert card["ts"] == running(floor).desk.ticket(1).card_ts
    return story


def bot_is_thrown_out_and_comes_back(floor: Floor) -> None:
    """The admins read once what is wrong and its cure; once it is cured, the open cards stand where they belong."""
    bot = running(floor)
    floor.say("U0TOM", BOT, UNKNOWN)
    first = floor.card_of("forklift")["ts"]
    floor.settle()
    fault(floor, "bot_removed", channel=COACHES)
    floor.say("U0MIA", BOT, "Who waters the marzipan?")
    floor.call("click", user="U0ANA", channel=COACHES, ts=first, label="Claim")
    floor.wait_for(lambda: cards(floor, "marzipan", OPS) and cards(floor, "forklift", OPS), "the cards elsewhere")
    floor.settle()
    [told] = [one["text"] for one in floor.messages(OPS, "U0EVE") if "/invite" in one["text"]]
    assert f"I am not in <#{COACHES}>" in told
    [trouble] = bot.lost.troubles()
    assert f"I am not in the channel {COACHES}" in trouble
    assert trouble in bot.front.admin.health_text()
    bot.lost.look(bot.front.now())
    assert bot.lost.troubles(), "it is still out"
    fault(floor, "bot_removed", channel=COACHES, undo=True)
    bot.lost.look(bot.front.now())
    floor.card_of("marzipan")
    floor.card_says(first, "<@U0ANA>")
    floor.settle()
    assert bot.lost.troubles() == []
    assert len(cards(floor, "forklift")) == len(cards(floor, "marzipan")) == 1
    assert all("has moved to" in str(one["blocks"]) for one in cards(floor, "FW-", OPS) if one["user"] == BOT
               and "open tickets" not in one["text"]), "no card with buttons is left where nobody may claim"
    assert running(floor).desk.ticket(1).card_ts == first


def asker_leaves(floor: Floor) -> None:
    """What they are told is there when they come back, or the coach who wrote it knows that they have not got it."""
    asked = floor.say("U0MIA", BOT, UNKNOWN)
    card = floor.card_of("forklift")["ts"]
    floor.settle()
    fault(floor, "user_deactivated", user="U0MIA")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."}) == {}
    floor.wait_for(lambda: running(floor).desk.ticket(1).state == "resolved", "the end")
    floor.settle()
    fault(floor, "user_deactivated", user="U0MIA", undo=True)
    arrived = [text for text in floor.replies(BOT, "U0MIA", asked) if "In bay 7." in text]
    told = [text for text in floor.replies(COACHES, "U0ANA", card) if "The asker has not got" in text]
    assert len(arrived) + len(told) == 1


def card_is_deleted(floor: Floor) -> None:
    """There is another one, on which a coach can go on."""
    floor.say("U0MIA", BOT, UNKNOWN)
    card = floor.card_of("forklift")["ts"]
    floor.settle()
    fault(floor, "message_gone", channel=COACHES, ts=card)
    again = floor.wait_for(lambda: [one for one in cards(floor, "forklift") if one["ts"] != card], "a new card")[0]
    floor.call("click", user="U0ANA", channel=COACHES, ts=again["ts"], label="Claim")
    floor.card_says(again["ts"], "<@U0ANA>")
    assert len(cards(floor, "forklift")) == 1


# ---- views and streams -----------------------------------------------------------------------------------------------

def home_was_changed_by_another(floor: Floor) -> None:
    floor.call("open_home", user="U0MIA")
    floor.wait_for(lambda: floor.http.get("/workspace/views", params={"user": "U0MIA"}).json()["home"], "Home")
    fault(floor, "hash_conflict", user="U0MIA")
    floor.say("U0MIA", BOT, UNKNOWN)
    floor.card_of("forklift")
    floor.call("open_home", user="U0MIA")
    floor.wait_for(lambda: "FW-1" in floor.http.get("/workspace/views", params={"user": "U0MIA"}).text, "the ticket")


def form_is_gone(floor: Floor) -> None:
    """Whoever filled it in opens it once more; the ticket is as it was."""
    asked = floor.say("U0MIA", BOT, UNKNOWN)
    card = floor.card_of("forklift")["ts"]
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    fault(floor, "view_gone", user="U0ANA")
    gone = floor.http.post("/workspace/submit", json={"user": "U0ANA", "values": {"Resolution": "In bay 7."}})
    assert 400 <= gone.status_code < 500
    assert running(floor).desk.ticket(1).state == "new"
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "In bay 7.")


def stream_is_stopped(floor: Floor) -> None:
    """The bot writes its answers in one piece, so there is nothing to stop in them; a stream's end disturbs nothing."""
    nothing = floor.http.post("/workspace/fault", json={"kind": "stream_stopped"})
    assert 400 <= nothing.status_code < 500
    thread = floor.say("U0PRIYA", BOT, KNOWN)
    client = running(floor).client
    client.api_call("chat.startStream", params={"channel": "D0PRIYA", "thread_ts": thread, "markdown_text": "I am"})
    assert fault(floor, "stream_stopped")["stopped"]
    both_once(floor, ask_both(floor))


def all_is_well_again(floor: Floor) -> None:
    fault(floor, "server_error", method=POSTING, count=50)
    fault(floor, "late_event", seconds=60)
    fault(floor, "token_revoked")
    assert fault(floor, "none")["faults"] == []
    both_once(floor, ask_both(floor))


STORIES: Mapping[str, Mapping[str, Story]] = {
    "rate_limited": {"before": calls_fail("rate_limited", count=2, seconds=1),
                     "at once": calls_fail("rate_limited", seconds=0)},
    "server_error": {"before": calls_fail("server_error", count=2, status=503),
                     "after": calls_fail("server_error", count=2, status=500, done=True)},
    "reset": {"before": calls_fail("reset", count=2), "after": calls_fail("reset", count=2, done=True)},
    "slow": {"": calls_fail("slow", count=2, seconds=1)},
    "error": {"passing": calls_fail("error", count=2, error="internal_error"), "final": refused_for_good},
    "duplicate": {"": event_comes_again},
    "out_of_order": {"": event_is_overtaken},
    "late_event": {"": event_is_late},
    "signature": {how: signed_wrongly(how) for how in get_args(SignatureFault)},
    "disconnect": {reason: cut_off(reason) for reason in DISCONNECT_REASONS},
    "stream_stopped": {"": stream_is_stopped},
    "token_revoked": {code: token_refused(code) for code in TOKEN_CODES},
    "scope_removed": {"": scope_is_missing},
    "channel_archived": {"": coaches_channel_is_lost("channel_archived")},
    "bot_removed": {"": coaches_channel_is_lost("bot_removed"), "and_back": bot_is_thrown_out_and_comes_back},
    "user_deactivated": {"": asker_leaves},
    "message_gone": {"": card_is_deleted},
    "hash_conflict": {"": home_was_changed_by_another},
    "view_gone": {"": form_is_gone},
    "none": {"": all_is_well_again},
}
BY_HTTP = {"signature"}
"""Kinds that there are only where Slack comes by signed HTTP."""


@pytest.fixture
def http_floor(tmp_path: Path) -> Iterator[Floor]:
    write_knowledge(tmp_path / "knowledge")
    config = tmp_path / "config.toml"
    config.write_text('[knowledge]\nsources = ["knowledge"]\n[slack]\nmode = "http"\nport = 0\n', encoding="utf-8")
    with Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder()) as demo:
        demo.prepare(lambda _stage, _done, _total: None)
        demo.start()
        with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
            yield Floor(demo, http, tmp_path / "knowledge")


def test_every_kind_of_fault_has_its_story() -> None:
    assert set(STORIES) == set(KINDS)


@pytest.mark.parametrize(("kind", "how"), [(kind, how) for kind in KINDS for how in STORIES.get(kind, {})])
def test_nobody_is_left_alone_nothing_is_said_twice_and_no_ticket_is_lost(
    kind: str, how: str, request: pytest.FixtureRequest
) -> None:
    STORIES[kind][how](request.getfixturevalue("http_floor" if kind in BY_HTTP else "floor"))

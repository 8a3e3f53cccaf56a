"""Coming and going: the bot is away and comes back, by websocket or by signed HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from bot.assemble.app import Bot
from bot.assemble.demo import Demo
from bot.assemble.health_words import NEVER, golden_told
from bot.assemble.quality import are_golden_due
from bot.errors import DataInUse
from bot.settings import load_settings
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, Floor, write_knowledge

QUESTION = "How do I attach a receipt to a claim?"


def test_what_was_asked_while_the_bot_was_away_is_answered_once(floor: Floor) -> None:
    assert floor.demo.bot is not None
    floor.demo.bot.stop()
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.demo.bot = Bot(floor.demo.settings, floor.demo.data, embedder=ToyEmbedder())
    floor.demo.bot.start()
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1


def test_what_was_kept_but_not_worked_on_is_taken_up_at_the_next_start(floor: Floor) -> None:
    """A process that dies right after the acknowledgement has the event on disk; the next one answers it."""
    bot = floor.demo.bot
    assert bot is not None
    bot.pause()
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.wait_for(lambda: bot.inbox.pending() == 1, "the event in the inbox")
    assert floor.replies(BOT, "U0MIA", asked) == []
    bot.stop()
    floor.demo.bot = Bot(floor.demo.settings, floor.demo.data, embedder=ToyEmbedder())
    floor.demo.bot.start()
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1


def test_a_bot_that_is_cut_off_reconnects(floor: Floor) -> None:
    floor.call("fault", kind="disconnect")
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "reset"])
def test_trouble_at_slack_delays_an_answer_and_never_doubles_it(floor: Floor, kind: str) -> None:
    floor.call("fault", kind=kind, method="chat.postMessage", count=2, seconds=1)
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1


def test_the_same_bot_by_signed_http(tmp_path: Path) -> None:
    write_knowledge(tmp_path / "knowledge")
    config = tmp_path / "config.toml"
    config.write_text('[knowledge]\nsources = ["knowledge"]\n[slack]\nmode = "http"\nport = 0\n', encoding="utf-8")
    with Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder()) as demo:
        demo.prepare(lambda _stage, _done, _total: None)
        demo.start()
        with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
            floor = Floor(demo, http, tmp_path / "knowledge")
            asked = floor.say("U0MIA", BOT, QUESTION)
            floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
            floor.call("click", user="U0MIA", channel=BOT, ts=asked, label="Still stuck")
            card = floor.card_of("still stuck")
            floor.call("click", user="U0ANA", channel="C0COACHES", ts=card["ts"], label="Resolve")
            assert floor.call("submit", user="U0ANA", values={"Resolution": "Like this."}) == {}
            floor.reply_with(BOT, "U0MIA", asked, "Like this.")


def test_the_golden_questions_of_a_first_index_are_asked_once_the_bot_is_at_work(tmp_path: Path) -> None:
    write_knowledge(tmp_path / "knowledge")
    (tmp_path / "knowledge" / "questions.jsonl").write_text(
        json.dumps({"question": QUESTION, "expect": ["training/receipts.md"]}), encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text('[knowledge]\nsources = ["knowledge"]\n', encoding="utf-8")
    with Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder()) as demo:
        demo.prepare(lambda _stage, _done, _total: None)
        assert golden_told(demo.data) == NEVER
        demo.start()
        with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
            floor = Floor(demo, http, tmp_path / "knowledge")
            told = floor.wait_for(lambda: (shown := golden_told(demo.data)) != NEVER and shown, "the golden questions")
        assert told.startswith("1 of 1 decided rightly, generation 1")
        assert not are_golden_due(demo.settings, demo.data)


def test_a_second_bot_on_the_same_data_is_refused(floor: Floor) -> None:
    second = Bot(floor.demo.settings, floor.demo.data, embedder=ToyEmbedder())
    with pytest.raises(DataInUse):
        second.start()
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")


def test_a_message_that_may_have_arrived_is_looked_for_before_it_is_sent_again(floor: Floor) -> None:
    floor.call("fault", kind="server_error", method="chat.postMessage", done=True)
    asked = floor.say("U0MIA", BOT, QUESTION)
    floor.reply_with(BOT, "U0MIA", asked, "Attach receipt")
    floor.settle()
    assert len(floor.replies(BOT, "U0MIA", asked)) == 1


def test_health_tells_the_truth(floor: Floor) -> None:
    healthy = floor.http.get("/healthz")
    assert (healthy.status_code, healthy.json()["status"]) == (200, "ok")
    assert floor.demo.bot is not None
    floor.demo.bot.stop()
    assert floor.http.get("/healthz").status_code == 503


def test_hanging_up_ends_well_when_the_connection_breaks_at_that_moment(floor: Floor) -> None:
    bot = floor.demo.bot
    assert bot is not None
    assert bot._socket is not None
    client = bot._socket._handler.client
    session, disconnect = client.current_session, client.current_session.disconnect

    def twice() -> None:
        """As when the reader has closed the socket in between."""
        session.disconnect = disconnect
        disconnect()
        raise AttributeError("'NoneType' object has no attribute 'close'")

    session.disconnect = twice
    bot.stop()
    assert session.disconnect is disconnect
    assert not client.message_processor.is_alive()
    floor.demo.bot = None

"""Seen from outside: one number from event to message, no word of anybody in the log, figures, and true health."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import Any, NamedTuple

import pytest

from bot.assemble.app import Bot
from bot.watching.logs import FOREIGN, JsonLines, TextLines, attach
from tests.stories.floor import BOT, COACHES, Floor

QUESTION = "How do I attach a receipt to a claim?"


class Logs(NamedTuple):
    text: StringIO
    lines: StringIO

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines.getvalue().splitlines()]


@pytest.fixture
def logs() -> Iterator[Logs]:
    """All that is logged from now on, down to the last detail, in both formats."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in FOREIGN}
    kept = Logs(StringIO(), StringIO())
    readable, for_programs = logging.StreamHandler(kept.text), logging.StreamHandler(kept.lines)
    readable.setFormatter(TextLines())
    for_programs.setFormatter(JsonLines())
    attach(readable, "debug")
    root.addHandler(for_programs)
    yield kept
    root.handlers[:] = before
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def running(floor: Floor) -> Bot:
    assert floor.demo.bot is not None
    return floor.demo.bot


def test_what_people_write_stands_in_no_log(logs: Logs, floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question, a hand-over, replies both ways, an edit, a resolution; with faults of Slack's and of our own."""
    desk = running(floor).desk
    receive, failures = desk.receive, ["badly kumquat"]

    def fails_once(message: Any, now: Any) -> None:
        if failures:
            raise ValueError(f"{failures.pop()}: {message.text}")
        receive(message, now)

    monkeypatch.setattr(desk, "receive", fails_once)
    asked = floor.say("U0MIA", BOT, "Where does the kumquat forklift park?")
    card = floor.card_of("kumquat")["ts"]
    for kind in ("rate_limited", "server_error", "reset"):
        floor.call("fault", kind=kind, method="chat.postMessage", seconds=0)
    floor.say("U0ANA", COACHES, "kumquat? Which one?", thread_ts=card)
    floor.reply_with(BOT, "U0MIA", asked, "Which one?")
    reply = floor.say("U0MIA", BOT, "The red kumquat.", thread_ts=asked)
    floor.reply_with(COACHES, "U0ANA", card, "red kumquat")
    floor.call("edit", user="U0MIA", channel=BOT, ts=reply, text="The blue kumquat.")
    floor.reply_with(COACHES, "U0ANA", card, "blue kumquat")
    floor.call("command", user="U0TOM", channel="C0GENERAL", command="/floorwalker", text="kumquat hours?")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "Beside the kumquat tree."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "kumquat tree")
    floor.settle()
    assert "from ValueError" not in logs.text.getvalue()
    assert "ValueError" in logs.text.getvalue(), "our own fault is told"
    assert "ratelimited" in logs.text.getvalue(), "and Slack's"
    for kept in logs:
        assert "kumquat" not in kept.getvalue().lower()


def test_one_number_leads_from_the_event_to_its_messages(logs: Logs, floor: Floor) -> None:
    floor.say("U0MIA", BOT, "Where do we park the forklift on Sundays?")
    floor.card_of("forklift")
    other = floor.say("U0TOM", BOT, QUESTION)
    floor.reply_with(BOT, "U0TOM", other, "Attach receipt")
    floor.settle()
    steps: dict[str, list[str]] = {}
    for line in logs.read():
        if line["logger"] in ("bot.slack.intake", "bot.slack.notifier"):
            steps.setdefault(line["reference"], []).append(line["message"])
    assert len(steps) == 2, "one number an event"
    handed_over, answered = steps.values()
    assert "handover" in handed_over[0]
    assert sum("is in Slack" in step for step in handed_over) == 2, "the asker's message and the card"
    assert "answer" in answered[0]
    assert sum("is in Slack" in step for step in answered) == 1


def test_a_form_that_is_worked_on_before_its_acknowledgement_has_one_number_too(floor: Floor) -> None:
    asked = floor.say("U0MIA", BOT, "Where do we park the forklift on Sundays?")
    card = floor.card_of("forklift")["ts"]
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "In bay 7.")
    floor.settle()
    store = running(floor).store
    [form] = store.rows("SELECT reference FROM inbox WHERE kind = 'submission'")
    [message] = store.rows("SELECT reference FROM outbox WHERE kind = 'resolved'")
    assert form == message
    assert len(form["reference"]) == 8


def sample(floor: Floor, name: str) -> float:
    """One figure of `/metrics`."""
    answered = floor.http.get("/metrics")
    assert answered.status_code == 200
    return next(float(line.rsplit(" ", 1)[1]) for line in answered.text.splitlines() if line.startswith(name + " "))


def test_the_figures_tell_what_has_happened(floor: Floor) -> None:
    asked = floor.say("U0TOM", BOT, QUESTION)
    floor.reply_with(BOT, "U0TOM", asked, "Attach receipt")
    floor.call("fault", kind="rate_limited", method="chat.postMessage", seconds=0)
    floor.say("U0MIA", BOT, "Where do we park the forklift on Sundays?")
    floor.card_of("forklift")
    floor.settle()
    floor.wait_for(lambda: sample(floor, 'floorwalker_answer_seconds_count{until="sent"}') == 2, "both to be counted")
    assert sample(floor, 'floorwalker_questions_total{verdict="answer"}') == 1
    assert sample(floor, 'floorwalker_questions_total{verdict="handover"}') == 1
    assert sample(floor, 'floorwalker_answer_seconds_count{until="written"}') == 2
    assert sample(floor, 'floorwalker_messages_sent_total{kind="card"}') == 1
    assert sample(floor, 'floorwalker_slack_errors_total{error="ratelimited",method="chat.postMessage"}') == 1
    assert sample(floor, 'floorwalker_tickets{state="new"}') == 1
    assert sample(floor, 'floorwalker_ticket_oldest_age_seconds{state="new"}') > 0
    assert sample(floor, "floorwalker_outbox_messages") == 0
    assert sample(floor, "floorwalker_index_generation") == 1
    assert sample(floor, "floorwalker_index_documents") == 4


def test_failed_attempts_to_reconnect_are_counted_too(floor: Floor) -> None:
    floor.call("fault", kind="server_error", method="apps.connections.open")
    floor.call("fault", kind="disconnect")
    floor.wait_for(lambda: 'method="apps.connections.open"} 1.0' in floor.http.get("/metrics").text, "the count")


def told(floor: Floor) -> tuple[int, dict[str, str]]:
    """What `/healthz` says: its status, and what is wrong."""
    answered = floor.http.get("/healthz")
    return answered.status_code, {name: text for name, text in answered.json()["checks"].items() if text != "ok"}


def test_a_database_that_takes_nothing_is_told(floor: Floor) -> None:
    assert told(floor) == (200, {})
    with closing(sqlite3.connect(floor.demo.data / "desk.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, wrong = told(floor)
        assert (status, list(wrong)) == (503, ["store"])
        assert "SQLITE_BUSY" in wrong["store"]
        other.execute("ROLLBACK")
    assert told(floor) == (200, {})


def test_a_disk_that_is_nearly_full_is_told(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**12, 10**12 - 2**20, 2**20))
    assert told(floor) == (503, {"disk": "Only 1 MB are free on the disk of the data folder."})


def test_workers_that_have_ended_are_told(floor: Floor) -> None:
    running(floor).pause()
    assert told(floor) == (503, {"workers": "Not at work any more: intake."})


def test_a_short_cut_of_the_line_is_nothing_and_a_long_one_is_told(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(floor) == (200, {})
    watch, time = running(floor).watch, [1000.0]
    monkeypatch.setattr(watch._offline, "_clock", lambda: time[0])
    assert running(floor)._socket is not None
    running(floor)._socket.stop()  # type: ignore[union-attr]
    floor.wait_for(lambda: not running(floor)._connected(), "the line to be cut")
    assert told(floor) == (200, {})
    time[0] += 31
    assert told(floor) == (503, {"slack": "The connection from Slack has been down for 31 seconds."})


def test_a_token_that_was_revoked_is_told(floor: Floor) -> None:
    running(floor).client.token = "xoxb-revoked"
    floor.say("U0TOM", BOT, QUESTION)
    floor.wait_for(lambda: told(floor)[0] == 503, "the refusal to be told")
    assert "SLACK_BOT_TOKEN" in told(floor)[1]["slack"]

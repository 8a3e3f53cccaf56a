"""What cannot be worked on ends in an apology, with the number that stands in the log."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.desk.inbox import TRIES, Inbox
from bot.desk.store import Store
from bot.slack.connection import Identity, web_client
from bot.slack.front import Front
from bot.slack.intake import Intake
from bot.watching.logs import JsonLines
from bot.watching.work import Work, at_work, current
from tests.bot.desk.desk_fakes import FakePeople
from tests.fakes import Clock

EVENT = {"type": "event_callback", "team_id": "T0", "event_id": "Ev1", "event": {
    "type": "message", "channel_type": "im", "channel": "D1", "user": "U0MIA", "ts": "1700.1", "text": "marzipan?"}}


@pytest.fixture
def lines() -> StringIO:
    return StringIO()


@pytest.fixture(autouse=True)
def logged(lines: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    handler, logger = logging.StreamHandler(lines), logging.getLogger("bot")
    handler.setFormatter(JsonLines())
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "level", logging.INFO)


def front(folder: Path, clock: Clock, receive: Any, told: list[str]) -> Front:
    def whisper(channel: str, user: str, text: str, now: object, *, thread: str = "", respond_url: str = "") -> None:
        told.append(text)

    desk: Any = SimpleNamespace(receive=receive, whisper=whisper)
    nobody: Any = None
    return Front(Inbox(Store(folder / "desk.sqlite")), desk, nobody, nobody, web_client("", "http://127.0.0.1:9/"),
                 Identity("T0", "Here", "U0BOT", "B0BOT"), clock, lambda: None)


def test_who_is_told_of_a_failure_is_given_the_number_of_all_its_log_lines(tmp_path: Path, lines: StringIO) -> None:
    clock, told = Clock(), list[str]()

    def receive(message: Any, now: object) -> None:
        raise ValueError(message.text)

    shared = front(tmp_path, clock, receive, told)
    with at_work(Work("3f9ac21b")):
        shared.keep("event", EVENT)
    intake = Intake(shared)
    for _ in range(TRIES):
        assert intake.work_next()
        clock.forward(hours=1)
    assert not intake.work_next()
    assert len(told) == 1
    assert "3f9ac21b" in told[0]
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {line["reference"] for line in written} == {"3f9ac21b"}
    assert [line["level"] for line in written].count("error") == 1
    assert "marzipan" not in lines.getvalue()
    assert 'floorwalker_given_up_total{what="event"} 1.0' in shared.metrics.text().decode()


def test_a_question_counts_once_however_often_it_was_tried(tmp_path: Path) -> None:
    clock, tries = Clock(), list[int]()

    def receive(_message: object, _now: object) -> None:
        doing = current()
        assert doing is not None
        doing.verdicts.append("answer")
        tries.append(1)
        if len(tries) < 3:
            raise OSError

    shared = front(tmp_path, clock, receive, [])
    shared.keep("event", EVENT)
    intake = Intake(shared)
    for _ in range(3):
        clock.forward(seconds=2)
        assert intake.work_next()
    figures = shared.metrics.text().decode()
    assert 'floorwalker_questions_total{verdict="answer"} 1.0' in figures
    assert 'floorwalker_answer_seconds_sum{until="written"} 6.0' in figures


@pytest.mark.parametrize(("typed_in", "begins", "answer"), [
    ("C0GENERAL", True, ["in our direct messages"]), ("C0GENERAL", False, ["running already"]), ("D-U0EVE", True, []),
])
def test_where_a_reindex_was_typed_it_is_said_where_it_is_shown(tmp_path: Path, typed_in: str, begins: bool,
                                                                answer: list[str]) -> None:
    clock, told, shown = Clock(), list[str](), list[str]()

    def reindex(channel: str, _key: str) -> bool:
        shown.append(channel)
        return begins

    admin: Any = SimpleNamespace(reindex=reindex)
    shared = replace(front(tmp_path, clock, None, told), people=FakePeople(), admin=admin)
    shared.keep("command", {"trigger_id": "1.1", "team_id": "T0", "user_id": "U0EVE", "channel_id": typed_in,
                            "command": "/floorwalker", "text": "reindex", "response_url": ""})
    assert Intake(shared).work_next()
    assert shown == ["D-U0EVE"]
    assert len(told) == len(answer)
    assert all(words in said for words, said in zip(answer, told, strict=True))

"""The notifier's own faults: a message is neither lost at the first one nor tried for ever."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from slack_sdk import WebClient

from bot.desk.outbox import Outbox
from bot.desk.store import Store
from bot.desk.types import Notice
from bot.slack.notifier import BROKEN_TRIES, Notifier
from tests.fakes import Clock


def test_what_cannot_be_drawn_is_tried_a_few_times_and_then_told_to_the_admins(tmp_path: Path) -> None:
    clock, tries = Clock(), []

    def answer(answer_id: int) -> Any:
        tries.append(answer_id)
        raise KeyError(answer_id)

    outbox = Outbox(Store(tmp_path / "desk.sqlite"))
    notifier = Notifier(outbox, SimpleNamespace(answer=answer), WebClient(), "C0OPS", clock)  # type: ignore[arg-type]
    outbox.add(Notice("answer", "C1", content={"answer": 7}), clock())
    for _ in range(BROKEN_TRIES):
        assert notifier.send_next()
        clock.forward(hours=1)
    assert tries == [7] * BROKEN_TRIES
    told = outbox.claim_next(clock())
    assert told is not None
    assert (told.notice.kind, told.notice.channel) == ("ops", "C0OPS")
    assert outbox.claim_next(clock()) is None

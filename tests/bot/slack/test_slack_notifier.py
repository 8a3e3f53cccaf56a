"""The notifier's own faults: a message is neither lost at the first one nor tried for ever."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.desk.outbox import Outbox
from bot.desk.store import Store
from bot.desk.types import Notice
from bot.slack.notifier import BROKEN_TRIES, Notifier
from tests.bot.desk.desk_fakes import ANA, COACHES, MIA, House
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


class _NobodyThere(WebClient):
    """Refuses whatever is posted into one person's direct messages."""

    def __init__(self, channel: str, error: str) -> None:
        super().__init__()
        self.channel, self.error = channel, error
        self.posted: list[dict[str, Any]] = []

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        sent = arguments.get("json") or arguments.get("params") or {}
        if sent.get("channel") == self.channel:
            data = {"ok": False, "error": self.error}
            raise SlackApiError(self.error, _response(api_method, data))
        self.posted.append(sent)
        return _response(api_method, {"ok": True, "ts": f"1900.{len(self.posted)}", "channel": "C"})


def _response(method: str, data: dict[str, Any]) -> SlackResponse:
    return SlackResponse(client=WebClient(), http_verb="POST", api_url=method, req_args={}, data=data, headers={},
                         status_code=200)


def test_a_deactivated_asker_keeps_the_ticket_and_the_coaches_are_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    ticket = house.open_ticket()
    house.desk.reply(ticket.number, ANA, "Try the other door.", house.clock.now)
    client = _NobodyThere(f"D-{MIA}", "user_disabled")
    notifier = Notifier(house.desk.outbox, house.desk, client, "C0OPS", house.clock)
    while notifier.send_next():
        pass
    told = [sent["text"] for sent in client.posted if sent["channel"] == COACHES and "has not got" in sent["text"]]
    assert told == ["⚠️ The asker has not got what was last written to them: their account is deactivated."]
    assert [sent for sent in client.posted if sent["channel"] == "C0OPS"]
    assert house.desk.ticket(ticket.number).state == "claimed"


class _Permalinks(_NobodyThere):
    """Gives addresses, or is away."""

    away = False

    def chat_getPermalink(self, **arguments: Any) -> SlackResponse:  # noqa: N802 - Slack's name
        if self.away:
            raise OSError("away")
        address = f"https://w.example/{arguments['channel']}/{arguments['message_ts']}"
        return _response("chat.getPermalink", {"ok": True, "permalink": address})


@pytest.mark.parametrize("away", [False, True])
def test_an_escalation_leads_to_the_card_and_goes_out_without_its_address_too(tmp_path: Path, away: bool) -> None:
    house = House(tmp_path)
    ticket = house.open_ticket()
    office = house.desk._office
    office.notify("escalation", "D-U0LEA", house.clock.now, ticket=ticket, clock="first_response", tier="lead",
                  whom=["U0LEA"], due="")
    client = _Permalinks("nobody", "")
    client.away = away
    notifier = Notifier(house.desk.outbox, house.desk, client, "C0OPS", house.clock)
    assert notifier.send_next()
    [sent] = client.posted
    assert (f"<https://w.example/{COACHES}/{ticket.card_ts}|FW-1>" in str(sent["blocks"])) is not away
    assert "FW-1" in str(sent["blocks"])

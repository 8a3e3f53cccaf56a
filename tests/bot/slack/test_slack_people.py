"""Who may see what: guests only what is for everybody, whatever the settings say of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import NotReachable
from bot.slack.people import AGAIN_SECONDS, MEMBERS_SECONDS, Named, SlackPeople


class Slack:
    """Knows its people, or is away."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.away = False

    def users_info(self, user: str) -> dict[str, Any]:
        self.asked.append(user)
        if self.away:
            raise OSError("away")
        return {"user": {"id": user, "team_id": "T0", **self.told.get(user, {})}}


    def conversations_open(self, users: str) -> dict[str, Any]:
        if users == "U0GONE":
            raise SlackApiError("no", SlackResponse(
                client=None, http_verb="POST", api_url="", req_args={}, data={"ok": False, "error": "user_disabled"},
                headers={}, status_code=200))
        return {"channel": {"id": f"D-{users}"}}


class House:
    def __init__(self) -> None:
        self.slack, self.seconds = Slack(), 0.0
        self.people = SlackPeople(
            self.slack, coaches={}, admins=(), team="T0", clock=lambda: self.seconds,  # type: ignore[arg-type]
            named=[Named("U0TOM", frozenset({"warehouse"}))], today=lambda: date(2026, 3, 2))

    def groups(self, user: str = "U0TOM") -> set[str]:
        return set(self.people.viewer(user).groups)


@pytest.mark.parametrize(("told", "groups"), [
    ({}, {"warehouse"}), ({"is_restricted": False}, {"warehouse"}), ({"is_restricted": True}, set()),
    ({"is_restricted": True, "is_ultra_restricted": True}, set()), ({"is_stranger": True}, set()),
    ({"team_id": "T9"}, set()),
])
def test_only_full_members_see_what_is_not_for_everybody(told: dict[str, Any], groups: set[str]) -> None:
    house = House()
    house.slack.told["U0TOM"] = told
    assert house.groups() == groups


def test_slack_is_asked_only_of_those_for_whom_it_matters_and_once_in_five_minutes() -> None:
    house = House()
    house.groups("U0MIA")
    assert house.slack.asked == []
    house.groups()
    house.seconds = MEMBERS_SECONDS - 1
    house.groups()
    assert house.slack.asked == ["U0TOM"]
    house.slack.told["U0TOM"] = {"is_restricted": True}
    house.seconds = MEMBERS_SECONDS
    assert house.groups() == set()


def test_while_slack_is_away_the_last_word_holds_and_nobody_unknown_is_trusted() -> None:
    house = House()
    house.slack.away = True
    assert house.groups() == set()
    house.slack.away = False
    house.seconds = AGAIN_SECONDS
    assert house.groups() == {"warehouse"}
    house.slack.away = True
    house.seconds += MEMBERS_SECONDS
    assert house.groups() == {"warehouse"}


def test_who_has_left_the_company_cannot_be_written_to() -> None:
    house = House()
    assert house.people.direct_channel("U0TOM") == "D-U0TOM"
    with pytest.raises(NotReachable):
        house.people.direct_channel("U0GONE")

"""What the calls to Slack tell about the way there."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.connection import PASSING_SECONDS, Contact, web_client
from bot.slack.posting import UNREACHED


def refused(code: str, status: int = 200) -> SlackApiError:
    data: dict[str, Any] = {"ok": False, "error": code}
    return SlackApiError("refused", SlackResponse(
        client=None, http_verb="POST", api_url="x", req_args={}, data=data, headers={}, status_code=status))


@pytest.fixture
def time() -> list[float]:
    return [1000.0]


@pytest.fixture
def failed() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def contact(time: list[float], failed: list[tuple[str, str]]) -> Contact:
    return Contact(lambda method, error: failed.append((method, error)), clock=lambda: time[0])


def test_every_failed_call_is_counted_by_its_method(contact: Contact, failed: list[tuple[str, str]]) -> None:
    contact.went_wrong("chat.postMessage", refused("is_archived"))
    contact.went_wrong("views.open", refused("", 503))
    contact.went_wrong("chat.update", TimeoutError("to somebody"))
    assert failed == [("chat.postMessage", "is_archived"), ("views.open", "http_503"), ("chat.update", "TimeoutError")]
    assert contact.trouble() == ""


def test_slack_is_lost_when_call_after_call_has_failed_for_half_a_minute(contact: Contact, time: list[float]) -> None:
    contact.went_wrong("chat.postMessage", ConnectionResetError())
    time[0] += 3600
    assert contact.trouble() == "", "one failure after which nobody called says nothing"
    contact.went_wrong("chat.postMessage", ConnectionResetError())
    assert "3600 seconds" in contact.trouble()
    contact.answered()
    assert contact.trouble() == ""


def test_a_refusal_is_an_answer_too(contact: Contact, time: list[float]) -> None:
    contact.went_wrong("chat.postMessage", ConnectionResetError())
    contact.went_wrong("chat.postMessage", refused("is_archived"))
    time[0] += 2 * PASSING_SECONDS
    contact.went_wrong("chat.postMessage", ConnectionResetError())
    assert contact.trouble() == ""


def test_a_revoked_token_is_told_at_once_with_its_cure(contact: Contact) -> None:
    contact.went_wrong("chat.postMessage", refused("token_revoked"))
    assert "token_revoked" in contact.trouble()
    assert "SLACK_BOT_TOKEN" in contact.trouble()
    contact.answered()
    assert contact.trouble() == ""


def test_the_client_reports_whichever_method_is_called(contact: Contact, failed: list[tuple[str, str]]) -> None:
    client = web_client("xoxb-none", "http://127.0.0.1:9/", contact)  # the discard port: nobody listens there
    with pytest.raises(UNREACHED):
        client.chat_postMessage(channel="C1", text="hello")
    assert [method for method, _ in failed] == ["chat.postMessage"]

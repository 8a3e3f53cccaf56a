"""Tokens and secrets stay where they were given: in no file of the data folder, no log and no answer."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.assemble.app import secret
from bot.assemble.demo import Demo
from bot.settings import Settings, load_settings
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor, write_knowledge
from tests.stories.test_story_seen_from_outside import Logs, logs

__all__ = ["logs"]

UNKNOWN = "Where do we park the forklift on Sundays?"


@pytest.fixture(params=["socket", "http"])
def floor(request: pytest.FixtureRequest, logs: Logs, tmp_path: Path) -> Iterator[Floor]:
    write_knowledge(tmp_path / "knowledge")
    config = tmp_path / "config.toml"
    config.write_text(f'[knowledge]\nsources = ["knowledge"]\n[slack]\nmode = "{request.param}"\nport = 0\n',
                      encoding="utf-8")
    with Demo(load_settings(config, {}), tmp_path / "data", port=0, embedder=ToyEmbedder()) as demo:
        demo.prepare(lambda _stage, _done, _total: None)
        demo.start()
        with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
            yield Floor(demo, http, tmp_path / "knowledge")


def secrets_of(settings: Settings) -> dict[str, str]:
    slack = settings.slack
    return {"bot token": secret(slack.bot_token), "app token": secret(slack.app_token),
            "signing secret": secret(slack.signing_secret)}


def found_in(content: bytes, secrets: dict[str, str]) -> list[str]:
    """Which of them stand there, in clear or as base64 would have them."""
    return [name for name, value in secrets.items()
            if value.encode() in content or base64.b64encode(value.encode()).rstrip(b"=")[:-2] in content]


def play(floor: Floor) -> None:
    """A ticket from its question to its end, with every kind of trouble on the way."""
    for kind in ("rate_limited", "server_error", "reset"):
        floor.call("fault", kind=kind, seconds=0)
    asked = floor.say("U0MIA", BOT, UNKNOWN)
    card = floor.card_of("forklift")["ts"]
    floor.call("command", user="U0TOM", channel="C0GENERAL", command="/floorwalker", text="How do I attach a receipt?")
    floor.call("open_home", user="U0EVE")
    floor.call("fault", kind="disconnect")
    floor.call("fault", kind="token_revoked")
    floor.say("U0MIA", BOT, "Soon, please.", thread_ts=asked)
    floor.wait_for(lambda: floor.http.get("/healthz").status_code == 503, "the refusal")
    floor.call("fault", kind="none")
    floor.call("click", user="U0ANA", channel=COACHES, ts=card, label="Resolve")
    assert floor.call("submit", user="U0ANA", values={"Resolution": "In bay 7."}) == {}
    floor.reply_with(BOT, "U0MIA", asked, "In bay 7.")
    floor.settle()


def test_no_secret_is_written_anywhere(floor: Floor, logs: Logs) -> None:
    play(floor)
    secrets, data = secrets_of(floor.demo.settings), floor.demo.data
    for page in ("/healthz", "/metrics"):
        assert found_in(floor.http.get(page).content, secrets) == []
    # The workspace's own file is Slack's side: who tries the bot out keeps its tokens there.
    files = [file for file in data.rglob("*") if file.is_file() and file.name != "workspace.json"]
    assert {"desk.sqlite", "bot.lock"} <= {file.name for file in files}
    leaks = {str(file.relative_to(data)): found for file in files if (found := found_in(file.read_bytes(), secrets))}
    assert leaks == {}
    for kept in logs:
        assert found_in(kept.getvalue().encode(), secrets) == []
        assert "token_revoked" in kept.getvalue(), "the trouble itself is told"


def test_a_secret_that_is_written_would_be_found() -> None:
    secrets = {"bot token": "xoxb-1-abcdefghijkl"}
    assert found_in(b"..xoxb-1-abcdefghijkl..", secrets) == ["bot token"]
    assert found_in(base64.b64encode(b"xoxb-1-abcdefghijkl"), secrets) == ["bot token"]
    assert found_in(b"xoxb-1-", secrets) == []

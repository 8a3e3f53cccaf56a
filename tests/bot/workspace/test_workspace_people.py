"""What people may and may not do, what they see, and what is left after a restart."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import httpx
import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace
from bot.workspace.saving import StateUnreadable
from bot.workspace.text import stored
from tests.bot.workspace.playing import Hands, ListeningApp

BOT = "U0FLOORWALKER"


def test_the_cast(hands: Hands) -> None:
    state = hands.see("state")
    roles = {user["id"]: user["role"] for user in state["users"]}
    assert roles == {
        BOT: "bot",
        "U0MIA": "end_user",
        "U0TOM": "end_user",
        "U0PRIYA": "end_user",
        "U0ANA": "coach",
        "U0BEN": "coach",
        "U0EVE": "admin",
    }
    kinds = {channel["id"]: channel["kind"] for channel in state["channels"]}
    assert kinds["C0COACHES"] == "channel"
    assert kinds["D0EVE"] == "im"
    assert all(BOT in channel["members"] for channel in state["channels"])
    assert [command["command"] for command in state["commands"]] == ["/floorwalker"]
    assert {shortcut["name"] for shortcut in state["shortcuts"]} == {"create_ticket", "report_problem"}
    assert state["connected"] is False


def test_the_bots_id_means_direct_messages(hands: Hands) -> None:
    ts = hands.say("hello", channel=BOT)
    assert [one["ts"] for one in hands.messages(BOT)] == [ts]
    assert hands.see("messages", channel=BOT, user="U0MIA")["channel"] == "D0MIA"


def test_others_conversations_are_closed(hands: Hands, workspace: LocalWorkspace) -> None:
    hands.say("hello", channel=BOT)
    answer = hands.http.get("/workspace/messages", params={"channel": "D0MIA", "user": "U0TOM"})
    assert (answer.status_code, answer.json()) == (403, {"error": "Tom Okafor cannot see this conversation."})
    assert hands.refused("say", channel="C0COACHES", text="hello")[0] == 403
    workspace._workspace.state.channels["C0OPS"].private = True
    assert hands.http.get("/workspace/messages", params={"channel": "C0OPS", "user": "U0MIA"}).status_code == 403


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("say", {"channel": "C0GOLIVE"}, 400),
        ("say", {"channel": "C0GOLIVE", "text": "  "}, 400),
        ("say", {"channel": "C0GOLIVE", "text": 7}, 400),
        ("say", {"channel": "C0GOLIVE", "text": "x" * 40_001}, 400),
        ("say", {"channel": "C0NONE", "text": "x"}, 404),
        ("say", {"channel": "C0GOLIVE", "text": "x", "user": "U0NOBODY"}, 404),
        ("say", {"channel": "C0GOLIVE", "text": "x", "user": BOT}, 403),
        ("say", {"channel": "C0GOLIVE", "text": "x", "thread_ts": "1.000001"}, 404),
        ("edit", {"channel": "C0GOLIVE", "ts": "1.000001", "text": "x"}, 404),
        ("react", {"channel": "C0GOLIVE", "ts": "1.000001", "name": "eyes"}, 404),
        ("upload", {"channel": "C0GOLIVE", "content": "x"}, 400),
        ("upload", {"channel": "C0GOLIVE", "name": "x", "content_base64": "?"}, 400),
        ("submit", {}, 409),
        ("click", {"label": "x"}, 409),
        ("shortcut", {"name": "none"}, 404),
        ("open_home", {"tab": "about"}, 400),
        ("fault", {"kind": "earthquake"}, 400),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(
    hands: Hands, what: str, body: dict[str, object], status: int
) -> None:
    answer = hands.http.post(f"/workspace/{what}", json={"user": "U0MIA"} | body)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


def test_bodies_that_are_none(hands: Hands) -> None:
    assert hands.http.post("/workspace/say", content=b"{").json() == {"error": "The body is not JSON."}
    assert hands.http.post("/workspace/say", json=[1]).status_code == 400


def test_only_own_messages_can_be_edited_and_deleted(hands: Hands) -> None:
    ts = hands.say("mine")
    assert hands.refused("edit", "U0TOM", channel="C0GOLIVE", ts=ts, text="yours")[0] == 403
    assert hands.refused("delete", "U0TOM", channel="C0GOLIVE", ts=ts)[0] == 403
    hands.do("delete", channel="C0GOLIVE", ts=ts)
    assert hands.messages("C0GOLIVE") == []


def test_reactions_come_and_go(hands: Hands, app: ListeningApp) -> None:
    ts = hands.say("hello")
    hands.do("react", "U0TOM", channel="C0GOLIVE", ts=ts, name=":eyes:")
    assert hands.refused("react", "U0TOM", channel="C0GOLIVE", ts=ts, name="eyes")[0] == 409
    assert app.event("reaction_added")["item"] == {"type": "message", "channel": "C0GOLIVE", "ts": ts}
    hands.do("react", "U0TOM", channel="C0GOLIVE", ts=ts, name="eyes", remove=True)
    assert app.event("reaction_removed")["user"] == "U0TOM"
    assert hands.messages("C0GOLIVE")[0]["reactions"] == []


def test_a_file_is_told_and_can_be_fetched_with_the_token(
    hands: Hands, app: ListeningApp, workspace: LocalWorkspace
) -> None:
    content = base64.b64encode(b"\x89PNG").decode()
    sent = hands.do("upload", channel=BOT, name="../shot.png", content_base64=content, text="look")
    event = app.event("message", ts=sent["ts"])
    file = event["files"][0]
    assert (event["subtype"], event["text"], file["name"], file["mimetype"]) == (
        "file_share",
        "look",
        "shot.png",
        "image/png",
    )
    assert httpx.get(file["url_private"]).status_code == 403
    fetched = httpx.get(file["url_private"], headers={"Authorization": f"Bearer {workspace.bot_token}"})
    assert fetched.content == b"\x89PNG"
    assert hands.http.get(f"/workspace/files/{file['id']}").content == b"\x89PNG"


def test_what_is_typed_is_stored_as_slack_stores_it() -> None:
    mentions = {"ana": "<@U0ANA>", "here": "<!here>"}
    assert stored("a < b & c > d", mentions) == "a &lt; b &amp; c &gt; d"
    assert stored("@Ana, @nobody and me@ana.example", mentions) == "<@U0ANA>, @nobody and me@ana.example"
    assert stored("see https://a.example/?x=1&y=2.", mentions) == "see <https://a.example/?x=1&amp;y=2>."
    assert stored("run `<b> @ana` now", mentions) == "run `&lt;b&gt; @ana` now"
    assert stored("<@U0MIA> <#C0OPS> <https://a.example|here> <script>", mentions) == (
        "<@U0MIA> <#C0OPS> <https://a.example|here> &lt;script&gt;"
    )


def test_the_stream_tells_everything(hands: Hands, workspace: LocalWorkspace, web: WebClient) -> None:
    with httpx.stream("GET", f"{workspace.base_url}/workspace/stream") as stream:
        changes = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        assert next(changes)["type"] == "hello"
        ts = hands.say("a question")
        web.chat_postMessage(channel="C0GOLIVE", thread_ts=ts, text="an answer")
        web.chat_postEphemeral(channel="C0GOLIVE", user="U0MIA", text="psst")
        hands.do("delete", channel="C0GOLIVE", ts=ts)
        seen = []
        for change in changes:
            if change["type"] != "log":
                seen.append((change["type"], change.get("message", {}).get("text")))
            if len(seen) == 5:
                break
    assert seen == [
        ("message", "a question"),
        ("message", "an answer"),
        ("message_changed", "a question"),
        ("ephemeral", "psst"),
        ("message_changed", "This message was deleted."),
    ]


def test_the_page_and_nothing_beside_it_is_served(hands: Hands) -> None:
    page = hands.http.get("/")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert hands.http.get("/../server.py").status_code == 404
    assert hands.http.get("/%2e%2e/server.py").status_code == 404


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "new" / "workspace.json"
    with LocalWorkspace(state_file=file) as first:
        hands, web = Hands(first), WebClient(first.bot_token, base_url=first.api_url)
        ts = hands.say("a question", channel=BOT)
        web.chat_postMessage(channel="D0MIA", thread_ts=ts, text="an answer", blocks=[{"type": "divider"}])
        web.chat_postEphemeral(channel="C0GOLIVE", user="U0MIA", text="psst")
        web.views_publish(user_id="U0MIA", view={"type": "home", "blocks": [{"type": "divider"}]})
        hands.do("upload", channel="C0GOLIVE", name="a.txt", content="abc")
        before = [hands.messages("C0GOLIVE"), hands.messages("D0MIA", thread_ts=ts), hands.see("views", user="U0MIA")]
        tokens = (first.bot_token, first.app_token, first.signing_secret)
        address = first.base_url
    assert file.stat().st_mode & 0o077 == 0
    with LocalWorkspace(state_file=file) as second:
        hands = Hands(second)
        after = [hands.messages("C0GOLIVE"), hands.messages("D0MIA", thread_ts=ts), hands.see("views", user="U0MIA")]
        assert json.dumps(after).replace(second.base_url, address) == json.dumps(before)
        assert (second.bot_token, second.app_token, second.signing_secret) == tokens
        app = ListeningApp(second)  # what nobody had heard before is heard now
        assert app.event("message", ts=ts)["text"] == "a question"
        app.close()


def test_a_file_that_is_no_state_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "workspace.json"
    file.write_text('{"format": 99}')
    with pytest.raises(StateUnreadable):
        LocalWorkspace(state_file=file)
    assert file.read_text() == '{"format": 99}'


def test_a_port_in_use_is_the_callers_error(workspace: LocalWorkspace) -> None:
    with pytest.raises(OSError, match="in use"):
        LocalWorkspace(port=workspace.port)

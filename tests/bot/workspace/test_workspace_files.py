"""Files of the bot: announced, posted, shared; each step refuses what Slack refuses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.workspace import LocalWorkspace
from tests.bot.workspace.playing import Hands, ListeningApp, refusal

GO_LIVE = "C0GOLIVE"
FIVE_MIB = 5 * 1024 * 1024


def announced(web: WebClient, content: bytes = b"hello", **more: Any) -> tuple[str, str]:
    answer = web.files_getUploadURLExternal(filename="notes.txt", length=len(content), **more)
    return answer["upload_url"], answer["file_id"]


def test_the_sdks_own_helper_uploads_here(
    web: WebClient, hands: Hands, app: ListeningApp, workspace: LocalWorkspace
) -> None:
    ts = hands.say("a question")
    web.files_upload_v2(content="a,b\n1,2\n", filename="plan.csv", title="The plan", channel=GO_LIVE,
                        thread_ts=ts, initial_comment="Here it is")
    message = hands.messages(GO_LIVE, thread_ts=ts)[-1]
    assert (message["text"], message["subtype"]) == ("Here it is", "file_share")
    file = message["files"][0]
    assert (file["name"], file["title"], file["size"], file["filetype"]) == ("plan.csv", "The plan", 8, "csv")
    assert app.event("message", subtype="file_share")["files"][0]["id"] == file["id"]
    headers = {"Authorization": f"Bearer {workspace.bot_token}"}
    assert httpx.get(file["url_private"], headers=headers).content == b"a,b\n1,2\n"
    assert httpx.get(file["url_private"]).status_code == 403
    assert web.files_info(file=file["id"])["file"]["title"] == "The plan"


def test_reading_a_file_needs_its_scope(web: WebClient, hands: Hands, workspace: LocalWorkspace) -> None:
    hands.do("upload", channel=GO_LIVE, name="a.txt", content="x")
    url = hands.messages(GO_LIVE)[-1]["files"][0]["url_private"]
    hands.do("fault", kind="scope_removed", scope="files:read")
    answer = httpx.get(url, headers={"Authorization": f"Bearer {workspace.bot_token}"})
    assert (answer.status_code, answer.text) == (403, "missing_scope")


@pytest.mark.parametrize(("given", "code"), [
    ({"length": FIVE_MIB}, ""),
    ({"length": FIVE_MIB + 1}, "file_upload_size_restricted"),
    ({"length": 0}, "invalid_arguments"),
    ({"length": 5, "alt_txt": "x" * 1000}, ""),
    ({"length": 5, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ({"length": 1024 * 1024, "snippet_type": "python"}, ""),
    ({"length": 1024 * 1024 + 1, "snippet_type": "python"}, "snippet_too_large"),
])
def test_what_may_be_announced(web: WebClient, given: dict[str, Any], code: str) -> None:
    call = {"api_method": "files.getUploadURLExternal", "params": {"filename": "a.txt", **given}}
    if code:
        assert refusal(web.api_call, **call)["error"] == code
    else:
        assert web.api_call(**call)["upload_url"]


def test_as_many_bytes_as_were_announced(web: WebClient) -> None:
    url, file = announced(web, b"hello")
    assert httpx.post(url, content=b"hell").status_code == 400
    assert refusal(web.files_completeUploadExternal, files=[{"id": file}])["error"] == "file_not_found"
    assert httpx.post(url, files={"file": ("notes.txt", b"hello")}).text == "OK - 5"
    assert web.files_completeUploadExternal(files=[{"id": file}])["files"][0]["id"] == file
    assert refusal(web.files_completeUploadExternal, files=[{"id": file}])["error"] == "file_not_found"
    assert httpx.post(url, content=b"hello").status_code == 404


@pytest.mark.parametrize(("given", "code"), [
    ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
    ({"channels": "C0GENERAL,C0GOLIVE"}, "channels_limit_exceeded"),
    ({"channel_id": GO_LIVE, "blocks": "{"}, "invalid_blocks_format"),
    ({"channel_id": GO_LIVE, "thread_ts": "1.000001"}, "thread_not_found"),
])
def test_where_a_file_cannot_be_shared(web: WebClient, given: dict[str, str], code: str) -> None:
    url, file = announced(web)
    httpx.post(url, content=b"hello")
    arguments = {"files": [{"id": file}], **given}
    assert refusal(web.api_call, api_method="files.completeUploadExternal", json=arguments)["error"] == code
    assert web.files_completeUploadExternal(files=[{"id": file}], channel_id=GO_LIVE)["ok"]


def test_only_own_files_are_deleted(web: WebClient, hands: Hands) -> None:
    theirs = hands.do("upload", channel=GO_LIVE, name="a.txt", content="x")["file"]["id"]
    assert refusal(web.files_delete, file=theirs)["error"] == "cant_delete_file"
    web.files_upload_v2(content="x", filename="b.txt", channel=GO_LIVE)
    mine = hands.messages(GO_LIVE)[-1]["files"][0]["id"]
    web.files_delete(file=mine)
    assert hands.messages(GO_LIVE)[-1]["files"] == []
    assert refusal(web.files_info, file=mine)["error"] == "file_not_found"

"""Response URLs: the app may answer an interaction five times in thirty minutes, without a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.workspace import cast
from bot.workspace.block_kit import blocks_problems, fill_ids
from bot.workspace.conversation import Conversation
from bot.workspace.identifiers import secret
from bot.workspace.records import Json, Message

LIFETIME = timedelta(minutes=30)
USES = 5
KNOWN_FIELDS = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "metadata",
        "unfurl_links",
        "unfurl_media",
        "link_names",
        "parse",
    }
)
MAX_TEXT = 40_000


@dataclass(slots=True)
class ResponseUrl:
    """Where an answer goes."""

    channel: str
    user: str
    original: Message | None
    """The message with the button; None for commands."""
    issued: datetime
    uses: int = 0


class BadAnswer(Exception):
    """Slack answers these in plain text with an HTTP status."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class ResponseUrls:
    """All that were given out."""

    def __init__(self, base_url: str, now: Callable[[], datetime]) -> None:
        self._base_url = base_url
        self._now = now
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, original: Message | None = None) -> str:
        """An address for one interaction."""
        now = self._now()
        self._urls = {key: url for key, url in self._urls.items() if now - url.issued < 2 * LIFETIME}
        key = secret()
        self._urls[key] = ResponseUrl(channel, user, original, now)
        return f"{self._base_url}/response/{key}"

    def take(self, key: str) -> ResponseUrl:
        """Use an address once.

        Raises:
            BadAnswer: unknown, used up or expired.
        """
        url = self._urls.get(key)
        if url is None or self._now() - url.issued > LIFETIME:
            raise BadAnswer(404, "expired_url")
        if url.uses >= USES:
            raise BadAnswer(404, "used_url")
        url.uses += 1
        return url


def answer(conversation: Conversation, url: ResponseUrl, payload: Json) -> None:
    """Do what an answer to an interaction says (also the body with which a command is acknowledged).

    Raises:
        BadAnswer: Slack would not take it.
    """
    if set(payload) - KNOWN_FIELDS or not isinstance(payload.get("text", ""), str):
        raise BadAnswer(400, "invalid_payload")
    if payload.get("delete_original"):
        _delete_original(conversation, url)
        return
    content = _content(payload)
    if payload.get("replace_original") and url.original is not None:
        _replace_original(conversation, url, content)
        return
    _new_message(conversation, url, payload, content)


def _content(payload: Json) -> dict[str, Any]:
    blocks = payload.get("blocks") or []
    if blocks_problems(blocks, "message"):
        raise BadAnswer(400, "invalid_blocks")
    text = payload.get("text", "")[:MAX_TEXT]
    if not text and not blocks and not payload.get("attachments"):
        raise BadAnswer(400, "no_text")
    return {"text": text, "blocks": fill_ids(blocks), "attachments": payload.get("attachments") or []}


def _delete_original(conversation: Conversation, url: ResponseUrl) -> None:
    if url.original is None or not _still_there(conversation, url.original):
        raise BadAnswer(404, "message_not_found")
    conversation.delete(url.original)


def _replace_original(conversation: Conversation, url: ResponseUrl, content: dict[str, Any]) -> None:
    assert url.original is not None
    if url.original.bot_id is None or not _still_there(conversation, url.original):
        raise BadAnswer(404, "message_not_found")
    conversation.change(url.original, cast.BOT_USER, **content)


def _new_message(conversation: Conversation, url: ResponseUrl, payload: Json, content: dict[str, Any]) -> None:
    thread_ts = payload.get("thread_ts")
    if thread_ts and conversation.state.message(url.channel, thread_ts) is None:
        raise BadAnswer(400, "thread_not_found")
    public = payload.get("response_type") == "in_channel"
    metadata = payload.get("metadata") if public else None
    conversation.post(
        conversation.state.channels[url.channel],
        cast.BOT_USER,
        content["text"],
        blocks=content["blocks"],
        attachments=content["attachments"],
        thread_ts=thread_ts,
        bot_id=cast.BOT_ID,
        metadata=metadata,
        visible_to=None if public else url.user,
    )


def _still_there(conversation: Conversation, message: Message) -> bool:
    state = conversation.state
    found = state.ephemeral if message.visible_to else state.message
    return found(message.channel, message.ts) is message

"""Inbox -> desk: what was kept is worked on, in the order of each conversation, until it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.desk.inbox import InboxItem
from bot.desk.types import Asked, Message
from bot.errors import FloorwalkerError
from bot.slack import payloads, steps
from bot.slack.front import Front
from bot.slack.posting import UNREACHED
from bot.slack.views import home
from bot.slack.whispers import refuse

log = logging.getLogger(__name__)

BROKEN = ("Something went wrong with this, and it is not your fault. Please write it once more; if it happens again, "
          "tell an admin this reference: {reference}.")


class Intake:
    """Works on one kept item at a time; several threads may call `work_next`."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._by_kind: Mapping[str, Callable[[InboxItem], None]] = {
            "event": self._event, "click": self._click, "submission": self._submission, "command": self._command,
        }

    def work_next(self) -> bool:
        """Work on what is due next. False: there is nothing."""
        front = self._front
        item = front.inbox.claim_next(front.now())
        if item is None:
            return False
        try:
            self._by_kind[item.kind](item)
        except Exception as error:
            log.warning("item in-%s (%s) failed", item.id, item.kind, exc_info=error)
            if not front.inbox.retry(item.id, front.now(), type(error).__name__):
                self._apologise(item)
        else:
            front.inbox.done(item.id, front.now())
        return True

    def _event(self, item: InboxItem) -> None:
        front = self._front
        match payloads.event(item.payload, front.identity.user):
            case Message() as message:
                front.desk.receive(message, front.now())
            case payloads.Edited(channel, ts, text):
                front.desk.edited(channel, ts, text, front.now())
            case payloads.HomeOpened(user):
                self.publish_home(user)
            case _:
                pass  # deletions are done where they come in

    def _click(self, item: InboxItem) -> None:
        front = self._front
        click = payloads.click(item.payload)
        if click.action_id == "reindex":
            self._reindex(click.user, item.key)
            return
        try:
            steps.press(front.desk, click, front.now(), item.key)
        except FloorwalkerError as refusal:
            refuse(front.desk, click, refusal, front.now())

    def _submission(self, item: InboxItem) -> None:
        """Only after a restart: the form is gone, so a refusal can be told to nobody."""
        try:
            steps.submit(self._front.desk, payloads.submission(item.payload), self._front.now(), item.key)
        except FloorwalkerError as refusal:
            log.info("a form sent before the restart was refused: %s", type(refusal).__name__)

    def _command(self, item: InboxItem) -> None:
        front = self._front
        command = payloads.command(item.payload)
        word, _, rest = command.text.partition(" ")
        if word.lower() == "reindex" and not rest:
            self._reindex(command.user, item.key)
            return
        wants_a_person = word.lower() == "ticket"
        asked = Asked(
            key=item.key, user=command.user, text=rest if word.lower() in {"ask", "ticket"} else command.text,
            via="command", channel=command.channel, thread_ts=None, respond_url=command.response_url,
        )
        (front.desk.request if wants_a_person else front.desk.ask)(asked, front.now())

    def _reindex(self, user: str, key: str) -> None:
        if self._front.people.is_admin(user):
            self._front.admin.reindex(self._front.people.direct_channel(user), key)

    def publish_home(self, user: str) -> None:
        """Draw the Home tab as it is for this person now."""
        front = self._front
        view = home.home(
            mine=front.desk.tickets_of(user),
            open_tickets=front.desk.open_tickets() if front.people.is_coach(user) else None,
            me=user,
            health=front.admin.health_text() if front.people.is_admin(user) else None,
        )
        front.client.views_publish(user_id=user, view=view)

    def _apologise(self, item: InboxItem) -> None:
        """Given up: whoever is waiting must hear it. Nothing addressed to the bot ends in silence."""
        reference = f"in-{item.id}"
        log.error("item %s (%s) was given up", reference, item.kind)
        where = _where(item.payload)
        if where is None:
            return
        channel, user, thread = where
        text = BROKEN.format(reference=reference)
        try:
            self._front.desk.whisper(channel, user, text, self._front.now(), thread=thread)
        except (FloorwalkerError, *UNREACHED):
            log.exception("nobody could be told about %s", reference)


def _where(payload: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Channel, user and thread of whoever caused this."""
    inner: Mapping[str, Any] = payload.get("event") or {}
    channel = inner.get("channel") or (payload.get("channel") or {}).get("id") or payload.get("channel_id")
    user = inner.get("user") or (payload.get("user") or {}).get("id") or payload.get("user_id")
    thread = inner.get("thread_ts") or (payload.get("container") or {}).get("thread_ts") or ""
    return (str(channel), str(user), str(thread)) if channel and user else None

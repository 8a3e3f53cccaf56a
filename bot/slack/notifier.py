"""Outbox -> Slack: in order, at Slack's pace, again after a failure, and never the same message twice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.desk.desk import Desk
from bot.desk.outbox import Outbox
from bot.desk.types import Notice, Outgoing
from bot.errors import FloorwalkerError
from bot.slack.messages import link_to
from bot.slack.open_forms import IN_VIEW
from bot.slack.posting import GONE, UNREACHED, Pace, find_posted, metadata, trouble_of
from bot.slack.render import render
from bot.slack.views.home import in_modal
from bot.slack.views.parts import View
from bot.watching.metrics import Metrics
from bot.watching.work import Work, at_work

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=10)
BROKEN_TRIES = 5
LOST_MESSAGE = frozenset({"thread_not_found", "cannot_reply_to_message", "message_not_found"})
LOST_CHANNEL = frozenset({"is_archived", "channel_not_found", "not_in_channel", "restricted_action"})
BEST_EFFORT_TRIES = 3
"""For what only one person sees for a moment: ephemeral messages cannot be looked for."""
GIVE_UP_TRIES = 60
"""With waits that grow to ten minutes: after about nine hours."""


class Notifier:
    """Sends one notice at a time per channel; several threads may call `send_next`."""

    def __init__(self, outbox: Outbox, desk: Desk, client: WebClient, admin_channel: str,
                 now: Callable[[], datetime], pace: Pace | None = None, metrics: Metrics | None = None,
                 posting: Callable[[str, str], None] = lambda _channel, _thread: None,
                 lost: Callable[[str, str, datetime], None] = lambda _channel, _why, _now: None) -> None:
        """`posting(channel, thread)` is called before a message is posted for all to see; `lost(channel, why, now)`
        when a channel of cards is closed to the bot."""
        self._outbox, self._desk, self._client = outbox, desk, client
        self._admin_channel, self._now = admin_channel, now
        self._pace = pace or Pace()
        self._metrics = metrics or Metrics()
        self._posting, self._lost = posting, lost
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Wait no longer for Slack's pace."""
        self._stopping.set()

    def send_next(self) -> bool:
        """Send what is due next. False: there is nothing."""
        outgoing = self._outbox.claim_next(self._now())
        if outgoing is None:
            return False
        with at_work(Work(outgoing.reference, outgoing.caused_at)):
            self._send(outgoing)
        return True

    def _send(self, outgoing: Outgoing) -> None:
        try:
            view = render(outgoing.notice, self._desk, self._now(), self._address)
        except Exception:
            log.exception("notice %s (%s) could not be drawn", outgoing.key, outgoing.notice.kind)
            self._broken(outgoing)
            return
        try:
            ts = self._deliver(outgoing, view)
        except UNREACHED as error:
            self._failed(outgoing, error)
        except Exception:
            log.exception("notice %s (%s) could not be sent", outgoing.key, outgoing.notice.kind)
            self._broken(outgoing)
        else:
            now = self._now()
            self._outbox.sent(outgoing.id, now, ts)
            self._count(outgoing, now)

    def _address(self, channel: str, ts: str) -> str:
        """A message that lacks a link is better than one that is late."""
        try:
            return link_to(self._client, channel, ts)
        except UNREACHED as error:
            log.info("a message gets no link: %s", type(error).__name__)
            return ""

    def _count(self, outgoing: Outgoing, now: datetime) -> None:
        seconds = (now - outgoing.caused_at).total_seconds() if outgoing.caused_at else None
        self._metrics.sent(outgoing.notice.kind, seconds)
        log.info("notice %s (%s) is in Slack", outgoing.key, outgoing.notice.kind)

    def _deliver(self, outgoing: Outgoing, view: View) -> str | None:
        notice = outgoing.notice
        if outgoing.doubtful and _is_posted(notice):
            arrived = find_posted(self._client, notice.channel, notice.thread, outgoing.key)
            if arrived:
                return arrived
        if notice.kind in _UPDATES:
            return _UPDATES[notice.kind](self, notice, view)
        if notice.user:
            self._show_to_one(notice, view)
            return None
        self._stopping.wait(self._pace.wait_seconds(notice.channel))
        self._posting(notice.channel, notice.thread)
        posted = self._client.chat_postMessage(
            channel=notice.channel, thread_ts=notice.thread or None, text=view.text, blocks=view.blocks or None,
            metadata=metadata(outgoing.key), unfurl_links=False, unfurl_media=False,
        )
        return str(posted["ts"])

    def _show_to_one(self, notice: Notice, view: View) -> None:
        """Best effort. Such a message cannot be updated by its time stamp, so nobody needs to know it."""
        if notice.respond_url.startswith(IN_VIEW):
            if self._show_in_form(notice.respond_url, view):
                return
        elif notice.respond_url:
            body = {"text": view.text, "blocks": view.blocks, "response_type": "ephemeral", "replace_original": False}
            answered = WebhookClient(notice.respond_url, timeout=15, retry_handlers=[]).send_dict(
                body | ({"thread_ts": notice.thread} if notice.thread else {}))
            if answered.status_code == 200:
                return
            self._metrics.slack_error("response_url", f"http_{answered.status_code}")
            log.info("a response URL was refused (%s); an ephemeral message is tried", answered.status_code)
        self._client.chat_postEphemeral(
            channel=notice.channel, user=notice.user, thread_ts=notice.thread or None, text=view.text,
            blocks=view.blocks or None)

    def _show_in_form(self, address: str, view: View) -> bool:
        """False: whoever asked in it has closed it."""
        try:
            self._client.views_update(view_id=address.removeprefix(IN_VIEW), view=in_modal(view))
        except SlackApiError as error:
            if trouble_of(error).reason != "not_found":
                raise
            return False
        return True

    def _update_card(self, notice: Notice, view: View) -> str:
        assert notice.ticket is not None
        ts = self._desk.ticket(notice.ticket).card_ts
        assert ts is not None
        self._client.chat_update(channel=notice.channel, ts=ts, text=view.text, blocks=view.blocks)
        return ts

    def _update_former_card(self, notice: Notice, view: View) -> str:
        ts = str(notice.content["ts"])
        self._client.chat_update(channel=notice.channel, ts=ts, text=view.text, blocks=view.blocks)
        return ts

    def _update_answer(self, notice: Notice, view: View) -> str | None:
        stored = self._desk.answer(notice.content["answer"])
        if stored.message_ts and stored.message_channel:
            self._client.chat_update(
                channel=stored.message_channel, ts=stored.message_ts, text=view.text, blocks=view.blocks)
        elif notice.respond_url.startswith(IN_VIEW):
            self._show_in_form(notice.respond_url, view)
        elif notice.respond_url:
            WebhookClient(notice.respond_url, timeout=15, retry_handlers=[]).send(
                text=view.text, blocks=view.blocks, replace_original=True)
        return None

    def _update_copy(self, notice: Notice, view: View) -> str | None:
        link = self._desk.link(notice.content["link"])
        if link.copy_ts:
            self._client.chat_update(channel=link.copy_channel, ts=link.copy_ts, text=view.text, blocks=view.blocks)
        return link.copy_ts

    def _update_review(self, notice: Notice, view: View) -> None:
        assert notice.ticket is not None
        former = notice.content.get("former")
        lesson = self._desk.lesson(notice.ticket)
        channel, ts = (former["channel"], former["ts"]) if former else (lesson.message_channel, lesson.message_ts)
        if channel and ts:
            self._client.chat_update(channel=channel, ts=ts, text=view.text, blocks=view.blocks)

    def _failed(self, outgoing: Outgoing, error: Exception) -> None:
        trouble = trouble_of(error)
        if trouble.reason in LOST_MESSAGE | LOST_CHANNEL and self._moved(outgoing, trouble.reason):
            return
        best_effort = bool(outgoing.notice.user)
        tries = BEST_EFFORT_TRIES if best_effort else GIVE_UP_TRIES
        if trouble.final or outgoing.attempts + 1 >= tries:
            self._give_up(outgoing, trouble.reason)
            return
        wait = min(FIRST_WAIT * 2 ** min(outgoing.attempts, 12), LONGEST_WAIT)
        if trouble.wait_seconds is not None:
            wait = timedelta(seconds=trouble.wait_seconds)
            self._pace.close(outgoing.notice.channel, trouble.wait_seconds)
        log.warning("notice %s waits %.0f s: %s", outgoing.key, wait.total_seconds(), trouble.reason)
        self._outbox.retry(outgoing.id, self._now(), wait, trouble.doubtful)

    def _broken(self, outgoing: Outgoing) -> None:
        """A fault on our side: a busy disk passes, a bug does not, so a few tries are enough."""
        if outgoing.attempts + 1 >= BROKEN_TRIES:
            self._give_up(outgoing, "unexpected")
        else:
            self._outbox.retry(outgoing.id, self._now(), FIRST_WAIT * 4**outgoing.attempts, doubtful=True)

    def _moved(self, outgoing: Outgoing, reason: str) -> bool:
        """The asker deleted the message that began the thread, the card is gone, or its channel is: it goes on
        elsewhere."""
        notice, now = outgoing.notice, self._now()
        if notice.ticket is None:
            return False
        try:
            ticket = self._desk.ticket(notice.ticket)
            if notice.channel == ticket.card_channel and reason in LOST_CHANNEL:
                self._lost(notice.channel, reason, now)
                return self._desk.card_gone(notice.ticket, now, channel=notice.channel)
            of_card = notice.kind == "card_changed" or notice.thread == ticket.card_ts
            if notice.channel == ticket.card_channel and of_card and ticket.card_ts:
                return self._desk.card_gone(notice.ticket, now, channel=notice.channel, ts=ticket.card_ts)
            return bool(notice.thread) and self._desk.thread_gone(notice.ticket, now, thread=notice.thread)
        except (FloorwalkerError, *UNREACHED) as error:
            log.warning("the thread of FW-%s could not be moved: %s", notice.ticket, type(error).__name__)
            return False

    def _give_up(self, outgoing: Outgoing, reason: str) -> None:
        """The end of a notice that cannot be delivered: the admins hear of it, unless it was for one glance only."""
        notice = outgoing.notice
        log.error("notice %s (%s) was given up: %s", outgoing.key, notice.kind, reason)
        self._outbox.give_up(outgoing.id, self._now(), reason)
        self._metrics.given_up("message")
        if notice.user or notice.kind == "ops":
            return
        self._tell_coaches(outgoing, reason)
        about = f" of FW-{notice.ticket}" if notice.ticket else ""
        self._outbox.add(
            Notice("ops", self._admin_channel, content={"text": (
                f"I could not deliver a message ({notice.kind.replace('_', ' ')}){about} in channel {notice.channel}: "
                f"Slack said {reason}. Reference {outgoing.reference}."
            )}),
            self._now(),
        )


    def _tell_coaches(self, outgoing: Outgoing, reason: str) -> None:
        """Whoever looks after the ticket must not believe that the asker was told."""
        notice = outgoing.notice
        if notice.ticket is None:
            return
        ticket = self._desk.ticket(notice.ticket)
        if notice.channel != ticket.asker_channel or notice.channel == ticket.card_channel:
            return
        gone = reason in GONE
        why = "their account is deactivated" if gone else f"Slack said {reason}"
        self._outbox.add(Notice("noted_in_thread", ticket.card_channel, "card", ticket=ticket.number, content={
            "text": f"⚠️ The asker has not got what was last written to them: {why}.", "author": ""}), self._now())


_UPDATES: dict[str, Callable[[Notifier, Notice, View], str | None]] = {
    "card_changed": Notifier._update_card,
    "card_left": Notifier._update_former_card,
    "answer_settled": Notifier._update_answer,
    "answer_chosen": Notifier._update_answer,
    "relay_edited": Notifier._update_copy,
    "relay_deleted": Notifier._update_copy,
    "review_changed": Notifier._update_review,
}


def _is_posted(notice: Notice) -> bool:
    """Only posted messages carry a key; updates may be repeated without harm."""
    return notice.kind not in _UPDATES and not notice.user

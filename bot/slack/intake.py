"""Inbox -> desk: what was kept is worked on, in the order of each conversation, until it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.desk.inbox import InboxItem
from bot.desk.types import Asked, Message, Notice
from bot.errors import FloorwalkerError
from bot.slack import click_forms, home_steps, payloads, pointing, report_steps, steps
from bot.slack.admin import ADMINS_ONLY, RUNS_ALREADY, SHOWN_IN_DIRECT
from bot.slack.command_words import bare
from bot.slack.front import Front
from bot.slack.homes import Homes
from bot.slack.posting import UNREACHED
from bot.slack.whispers import in_reach, refuse, whisper
from bot.watching.work import Work, at_work

log = logging.getLogger(__name__)

BROKEN = ("Something went wrong with this, and it is not your fault. Please write it once more; if it happens again, "
          "tell an admin this reference: {reference}.")

NOT_OPENED = "I was just starting, so the form did not open. Please write `/floorwalker report` once more."
NOT_REPORTED = ("Slack did not open the form *Report a problem*. Please try once more, or write "
                "`/floorwalker ticket` and what is wrong.")
ON_DUTY = "You are on duty: new tickets come to you in your working hours."
OFF_DUTY = "You are off duty: nobody passes you new tickets. `/floorwalker duty on` brings you back."


class Intake:
    """Works on one kept item at a time; several threads may call `work_next`."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self.homes = Homes(front)
        self._by_kind: Mapping[str, Callable[[InboxItem], None]] = {
            "event": self._event, "click": self._click, "submission": self._submission, "command": self._command,
            "shortcut": self._shortcut,
        }

    def work_next(self) -> bool:
        """Work on what is due next. False: there is nothing."""
        front = self._front
        item = front.inbox.claim_next(front.now())
        if item is None:
            return False
        with at_work(Work(item.reference, item.received_at)) as work:
            try:
                self._by_kind[item.kind](item)
            except Exception as error:
                log.warning("item in-%s (%s) failed", item.id, item.kind, exc_info=error)
                if not front.inbox.retry(item.id, front.now(), type(error).__name__):
                    self._apologise(item)
            else:
                self._count(item, work)
                front.inbox.done(item.id, front.now())
        return True

    def _count(self, item: InboxItem, work: Work) -> None:
        seconds = (self._front.now() - item.received_at).total_seconds()
        self._front.metrics.questions(work.verdicts, seconds)
        log.info("%s done after %.2f s%s", item.kind, seconds, "".join(f", {verdict}" for verdict in work.verdicts))

    def _event(self, item: InboxItem) -> None:
        front = self._front
        match payloads.event(item.payload, front.identity.user):
            case Message() as message:
                self._receive(message)
            case payloads.Edited(channel, ts, text, for_us, asks):
                front.desk.edited(channel, ts, text, front.now(), early=for_us, asks=asks)
            case payloads.OwnDeleted(channel, ts):
                front.desk.card_deleted(channel, ts, front.now())
            case payloads.HomeOpened(user):
                self.homes.opened(user)
            case payloads.PaneOpened() as opened:
                pointing.suggest(front, opened)
            case payloads.Reacted() as reacted:
                pointing.reacted(front, item.payload, reacted)
            case _:
                pass  # deletions are done where they come in

    def _receive(self, message: Message) -> None:
        front = self._front
        if front.pane is not None and message.direct and front.desk.is_asked(message):
            pointing.show_working(front.pane, message)
        front.desk.receive(message, front.now())

    def _shortcut(self, item: InboxItem) -> None:
        if item.payload["type"] == "message_action":
            pointing.hand_over(self._front, payloads.shortcut(item.payload, self._front.identity.user))
        elif item.payload["callback_id"] == report_steps.CALLBACK:
            self._tell_directly(str(item.payload["user"]["id"]), NOT_REPORTED)

    def _click(self, item: InboxItem) -> None:
        front = self._front
        click = payloads.click(item.payload)
        if click.action_id == "reindex":
            self._reindex_at_home(click.user)
            return
        try:
            if click_forms.opens(click.action_id):
                self._not_opened(click)
            else:
                steps.press(front.desk, click, front.now(), item.key)
        except FloorwalkerError as refusal:
            refuse(front.desk, in_reach(click, front.people), refusal, front.now())
            return
        if click.action_id in steps.SHOWN_AT_HOME:
            self.homes.opened(click.user)

    def _not_opened(self, click: payloads.Click) -> None:
        """The listener has not come to its end, or could tell nobody. Raises what there is to say instead."""
        click_forms.form_for(self._front, click)
        whisper(self._front.desk, in_reach(click, self._front.people), click_forms.NOT_OPENED, self._front.now())

    def _submission(self, item: InboxItem) -> None:
        """What takes long; else only after a restart: the form is gone, so a refusal goes to its sender, with what they
        had written."""
        front, sent = self._front, payloads.submission(item.payload)
        if sent.callback_id in home_steps.ANSWERED_IN_PLACE:
            home_steps.ask(front.desk, sent, front.people.direct_channel(sent.user), front.now(), item.key)
            return
        try:
            steps.submit(front.desk, sent, front.now(), item.key)
        except FloorwalkerError as refusal:
            log.info("a form sent before the restart was refused: %s", type(refusal).__name__)
            lines = [f"The form that you sent could not be carried out. {refusal.sentence}", *sent.texts.values()]
            self._tell_directly(sent.user, "\n".join(filter(None, lines)), ours=False)

    def _command(self, item: InboxItem) -> None:
        front = self._front
        command = payloads.command(item.payload)
        word, _, rest = command.text.strip().partition(" ")
        if bare(command.text) == "reindex":
            self._reindex(command, item.key)
            return
        if word.lower() == "report":
            front.desk.whisper(command.channel, command.user, NOT_OPENED, front.now(), respond_url=command.response_url)
            return
        if bare(command.text) in ("duty on", "duty off"):
            self._switch_duty(command, on=bare(rest) == "on")
            return
        wants_a_person = word.lower() == "ticket"
        asked = Asked(
            key=item.key, user=command.user, text=rest if word.lower() in {"ask", "ticket"} else command.text,
            via="command", channel=command.channel, thread_ts=None, respond_url=command.response_url,
        )
        (front.desk.request if wants_a_person else front.desk.ask)(asked, front.now())

    def _switch_duty(self, command: payloads.Command, *, on: bool) -> None:
        front = self._front
        try:
            front.desk.switch_duty(command.user, on, front.now())
            told = ON_DUTY if on else OFF_DUTY
        except FloorwalkerError as refusal:
            told = refusal.sentence
        front.desk.whisper(command.channel, command.user, told, front.now(), respond_url=command.response_url)

    def _reindex(self, command: payloads.Command, key: str) -> None:
        """Its progress is shown in the direct messages; where it was typed, that."""
        front = self._front
        if not front.people.is_admin(command.user):
            return
        direct = front.people.direct_channel(command.user)
        begun = front.admin.reindex(direct, key)
        if command.channel != direct:
            front.desk.whisper(command.channel, command.user, SHOWN_IN_DIRECT if begun else RUNS_ALREADY, front.now(),
                               respond_url=command.response_url)

    def _reindex_at_home(self, user: str) -> None:
        """Its progress is shown in the button's place."""
        front = self._front
        why = ADMINS_ONLY if not front.people.is_admin(user) else "" if front.admin.reindex_at_home() else RUNS_ALREADY
        if why:
            self._tell_directly(user, why, ours=False)
        self.homes.opened(user)

    def _tell_directly(self, user: str, text: str, *, ours: bool = True) -> None:
        """A message of its own in somebody's direct messages. `ours`: the text is mrkdwn, and nobody else's."""
        front = self._front
        content = {"mrkdwn" if ours else "text": text}
        front.desk.outbox.add(Notice("ops", front.people.direct_channel(user), content=content), front.now())

    def _apologise(self, item: InboxItem) -> None:
        """Given up: whoever is waiting must hear it. Nothing addressed to the bot ends in silence."""
        log.error("item in-%s (%s) was given up", item.id, item.kind)
        self._front.metrics.given_up("event")
        where = _where(item.payload)
        if where is None:
            return
        channel, user, thread = where
        text = BROKEN.format(reference=item.reference)
        try:
            if channel:
                self._front.desk.whisper(channel, user, text, self._front.now(), thread=thread)
            else:
                self._tell_directly(user, text)
        except (FloorwalkerError, *UNREACHED):
            log.exception("nobody could be told about it")


def _where(payload: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Channel (empty at Home and in forms), user and thread of whoever caused this."""
    inner: Mapping[str, Any] = payload.get("event") or {}
    at: Mapping[str, Any] = inner.get("item") or inner
    channel = at.get("channel") or (payload.get("channel") or {}).get("id") or payload.get("channel_id")
    user = inner.get("user") or (payload.get("user") or {}).get("id") or payload.get("user_id")
    thread = inner.get("thread_ts") or (payload.get("container") or {}).get("thread_ts") or ""
    return (str(channel or ""), str(user), str(thread)) if user else None

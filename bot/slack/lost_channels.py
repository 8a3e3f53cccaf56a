"""Channels of cards in which the bot cannot write: the admins are told once, and the cards go home when it can."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot.desk.desk import Desk
from bot.desk.types import Notice
from bot.slack.inspection import Unseen, look_at_channel

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(hours=1)
"""When to look again after a channel that seemed to be back was lost once more: cards must not go to and fro."""
_OUTSIDE = "write `/invite @floorwalker` there"
_CURES = {
    "is_archived": ("{} is archived", f"take it out of the archive and {_OUTSIDE}"),
    "restricted_action": ("I may not write in {}", "let apps post there, in the channel's settings"),
}
"""What is wrong with the channel, and the cure, by Slack's error; else the bot is not in it."""


@dataclass(frozen=True, slots=True)
class _Lost:
    why: str
    look_at: datetime
    """Not to be looked at earlier."""


class LostChannels:
    """Safe to use from any thread. After a restart it is known again from where the cards are."""

    def __init__(self, client: WebClient, desk: Desk, admin_channel: str) -> None:
        self._client, self._desk, self.admin_channel = client, desk, admin_channel
        self._lock = threading.Lock()
        self._lost: dict[str, _Lost] = {}
        self._returned: dict[str, datetime] = {}
        self._remembered = False

    def lost(self, channel: str, why: str, now: datetime) -> None:
        """Slack has refused (`why`: its error) a card in this channel, where the coaches look for it."""
        with self._lock:
            if channel in self._lost:
                return
            again = channel in self._returned and now - self._returned[channel] < AGAIN_AFTER
            # Slack does not tell who may write in a channel, only who is in it.
            self._lost[channel] = _Lost(why, now + AGAIN_AFTER if again or why == "restricted_action" else now)
        if channel != self.admin_channel and not again:
            wrong, cure = _told(why, f"<#{channel}>")
            self._say(f"⚠️ {wrong}, so the tickets of its coaches come here. The cure: {cure}. The cards then go home "
                      "by themselves.", now)

    def look(self, now: datetime) -> None:
        """Find out which channels are open to the bot again, and bring the cards back."""
        self._remember(now)
        with self._lock:
            due = [channel for channel, lost in self._lost.items() if lost.look_at <= now]
        for channel in due:
            if self._is_open(channel):
                with self._lock:
                    del self._lost[channel]
                    self._returned[channel] = now
                moved = self._desk.cards_home(channel, now)
                log.info("a lost channel is open again: %s cards go home", moved)
                if moved and channel != self.admin_channel:
                    self._say(f"I can write in <#{channel}> again: the cards of {moved} open "
                              f"ticket{'s' if moved > 1 else ''} are there now.", now)

    def troubles(self) -> list[str]:
        """What is wrong, and the cure, in plain sentences."""
        with self._lock:
            lost = sorted((channel, one.why) for channel, one in self._lost.items())
        return [f"{wrong}: {cure}." for wrong, cure in (_told(why, f"the channel {channel}") for channel, why in lost)]

    def _remember(self, now: datetime) -> None:
        """What was lost before the restart; the admins were told then."""
        if self._remembered:
            return
        away = self._desk.cards_away()
        with self._lock:
            self._remembered = True
            for channel in away:
                self._lost.setdefault(channel, _Lost("not_in_channel", now))

    def _is_open(self, channel: str) -> bool:
        try:
            place = look_at_channel(self._client, channel)
        except Unseen as unseen:
            log.info("a lost channel cannot be seen: %s", unseen)
            return False
        return place.joined and not place.archived

    def _say(self, mrkdwn: str, now: datetime) -> None:
        self._desk.outbox.add(Notice("ops", self.admin_channel, content={"mrkdwn": mrkdwn}), now)


def _told(why: str, channel: str) -> tuple[str, str]:
    """What is wrong, as the beginning of a sentence, and the cure."""
    wrong, cure = _CURES.get(why, ("I am not in {}", _OUTSIDE))
    wrong = wrong.format(channel)
    return wrong[0].upper() + wrong[1:], cure

"""How the bot behaves among people: what it answers in which channel, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.answering.looks_like_question import is_put_to_another, looks_like_question, reports_problem
from bot.answering.small_talk import talk_of
from bot.desk.types import Message

Unasked = Literal["silent", "if_known", "as_asked"]
"""What becomes of a message that nobody addressed to the bot: nothing, an answer if there is one, or as if asked."""


@dataclass(frozen=True, slots=True)
class ChannelManners:
    """In one channel. The defaults are those of a channel of which the settings say nothing."""

    answers: Literal["mentions", "questions", "everything", "off"] = "mentions"
    private: bool = False
    """Only the asker sees the answer, and may share it."""


_USUAL = ChannelManners()


@dataclass(frozen=True, slots=True)
class Manners:
    """Everywhere."""

    channels: Mapping[str, ChannelManners] = field(default_factory=dict)
    """By the channel's id."""
    outsiders: Literal["ignore", "answer"] = "ignore"
    """People of other organisations."""

    def of(self, channel: str) -> ChannelManners:
        """Those of a channel."""
        return self.channels.get(channel, _USUAL)

    def ignores(self, message: Message) -> bool:
        """Its author is none of those whom the bot serves."""
        return message.outsider and self.outsiders == "ignore"

    def unasked(self, message: Message) -> Unasked:
        """For a new message in a channel, without a mention. What is no question or report gets no lecture."""
        answers = self.of(message.channel).answers
        if answers == "everything":
            return _of_everything(message)
        return "if_known" if answers == "questions" and looks_like_question(message.text) else "silent"

    def may_concern(self, message: Message) -> bool:
        """False for what people say among themselves: that is not even written down."""
        if message.mentioned:
            return True
        if self.ignores(message):
            return False
        return message.direct or message.thread_ts is not None or self.unasked(message) != "silent"


def _of_everything(message: Message) -> Unasked:
    """Where every message is for the bot, but people still chat, tell each other things, and ask each other."""
    text = message.text.strip()
    if not text:
        return "as_asked" if message.files else "silent"
    if is_put_to_another(text) or (not message.files and talk_of(text) is not None):
        return "silent"
    wants = looks_like_question(text) or reports_problem(text)
    return "as_asked" if wants else "if_known"

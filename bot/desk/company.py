"""Who else is in a thread: where coaches help, and where people talk to each other, the bot holds back."""

from __future__ import annotations

from datetime import datetime

from bot.desk.office import Office
from bot.desk.types import Message


def note_coach(office: Office, message: Message, now: datetime) -> None:
    """A coach who helps in a thread by themselves is not talked over there. Who asks the bot there does not help."""
    if message.direct or message.mentioned or message.thread_ts is None:
        return
    key = _helped_by_coach(message.channel, message.thread_ts)
    asks = office.answers.last_verdict(message.user, message.channel, message.thread_ts) is not None
    if not asks and not office.once.known(key):
        office.once.first(key, now)


def coach_is_there(office: Office, message: Message) -> bool:
    """Whether a coach has written in this thread, or began it, without asking the bot."""
    thread, root = message.thread_ts or "", message.root_user
    if office.once.known(_helped_by_coach(message.channel, thread)):
        return True
    began = bool(root) and root != message.user and office.people.is_coach(root)
    return began and office.answers.last_verdict(root, message.channel, thread) is None


def note(office: Office, message: Message, now: datetime) -> None:
    """Somebody else writes in a thread that an asker began with a question to the bot: what is said there from now on
    may be meant for them."""
    if message.direct or message.thread_ts is None:
        return
    asker = office.answers.asker_of(message.channel, message.thread_ts)
    if asker not in (None, message.user):
        office.once.first(_in_company(message.channel, message.thread_ts), now)


def alone(office: Office, message: Message) -> bool:
    """Whether this thread began with a question of this asker to the bot, and nobody else has written there since:
    all of that is theirs and the bot's."""
    thread = message.thread_ts or ""
    return (office.answers.asker_of(message.channel, thread) == message.user
            and not office.once.known(_in_company(message.channel, thread)))


def _in_company(channel: str, thread: str) -> str:
    return f"company:{channel}:{thread}"


def _helped_by_coach(channel: str, thread: str) -> str:
    return f"coach:{channel}:{thread}"

"""What people point at: a message that is to be handed over or answered, the agent pane that they look at."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.answering.small_talk import talk_of
from bot.desk.types import Message
from bot.errors import FloorwalkerError, NotReachable
from bot.slack import payloads
from bot.slack.front import Front
from bot.slack.messages import link_to, read_message
from bot.slack.pane import Pane

log = logging.getLogger(__name__)

NOT_A_PERSON = ("I only take what people wrote: this is from a bot, or not a message of a person. "
                "Tell me in your own words with `/floorwalker ticket …`.")


def hand_over(front: Front, pointed: payloads.PointedAt) -> None:
    """Give a message to the coaches. Raises what Slack raises: it is tried again."""
    message, now = pointed.message, front.now()
    if message is None:
        front.desk.whisper(pointed.channel, pointed.user, NOT_A_PERSON, now, thread=pointed.thread_ts,
                           respond_url=pointed.response_url)
        return
    front.desk.report(message, pointed.user, now, link=link_to(front.client, message.channel, message.ts),
                      respond_url=pointed.response_url, reachable=_can_be_written_to(front, message.user))


def reacted(front: Front, body: Mapping[str, Any], reaction: payloads.Reacted) -> None:
    """An emoji of ours was put on a message: ask what it says, or hand it over. Once for each message."""
    meaning, found = front.ways.meaning(reaction.emoji), read_message(front.client, reaction.channel, reaction.ts)
    if found is None or meaning is None:
        return
    pointed = payloads.pointed_at(body, found, reaction.channel, reaction.user, front.identity.user)
    if meaning == "ticket":
        hand_over(front, pointed)
    elif pointed.message is not None:
        # As if its author had mentioned the bot: so it is answered once, however it comes.
        message = replace(pointed.message, mentioned=True)
        if refusal := front.desk.turns_away(message):
            front.desk.whisper(pointed.channel, pointed.user, refusal, front.now(), thread=pointed.thread_ts)
        else:
            front.desk.receive(message, front.now())


def suggest(front: Front, opened: payloads.PaneOpened) -> None:
    """Offer what this person could ask."""

    def questions() -> Sequence[str]:
        try:
            return front.ways.questions(front.people.viewer(opened.user))
        except FloorwalkerError as error:
            log.info("nothing can be suggested: %s", type(error).__name__)
            return ()

    if front.pane is not None:
        front.pane.suggest(opened.channel, questions, opened.thread_ts)


def show_working(pane: Pane, message: Message) -> None:
    """The bot looks for an answer; a new thread gets its question as its title."""
    if message.files or talk_of(message.text) is None:
        pane.working(message.channel, message.thread_ts or message.ts)
        if message.thread_ts is None:
            pane.title(message.channel, message.ts, message.text)


def _can_be_written_to(front: Front, user: str) -> bool:
    try:
        front.people.direct_channel(user)
    except NotReachable:
        return False
    return True

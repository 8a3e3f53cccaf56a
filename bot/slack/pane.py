"""The agent pane around a conversation: suggestions, "is looking it up…", the thread's title.

All of it is decoration: done beside the answers, on a thread of its own, once, and never missed.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.manifest import MOST_PROMPTS, prompt
from bot.slack.mrkdwn import shorten
from bot.slack.posting import UNREACHED, trouble_of

log = logging.getLogger(__name__)

WORKING = "is looking it up…"
MAX_TITLE = 80
WAITING = 100
"""So much decoration may wait to be done; more is left out."""
_REFUSED = frozenset({"missing_scope", "unknown_method", "not_allowed_token_type", "method_deprecated"})
"""What Slack refuses like this, it will refuse again."""

Place: TypeAlias = tuple[str, str]
"""Channel and thread."""


class Pane:
    """Calls return at once. Nothing is raised, and whatever fails is not tried again."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(WAITING)
        self._lock = threading.Lock()
        self._status: dict[Place, Literal["due", "calling", "answered"]] = {}
        self._without: set[str] = set()
        self._thread: threading.Thread | None = None

    def suggest(self, channel: str, questions: Callable[[], Sequence[str]], thread_ts: str = "") -> None:
        """Offer questions to begin with. `thread_ts` only for apps with the older `assistant_view`."""
        self._soon(lambda: self._suggest(channel, questions, thread_ts))

    def working(self, channel: str, thread_ts: str) -> None:
        """The bot has begun to work on a question in this thread."""
        with self._lock:
            self._status[channel, thread_ts] = "due"
        self._soon(lambda: self._show_working((channel, thread_ts)))

    def answering(self, channel: str, thread_ts: str) -> None:
        """A message is about to be posted there. Slack then clears the status; what is not shown yet must not come."""
        with self._lock:
            if self._status.get((channel, thread_ts)) == "calling":
                self._status[channel, thread_ts] = "answered"
            else:
                self._status.pop((channel, thread_ts), None)

    def title(self, channel: str, thread_ts: str, question: str) -> None:
        """Name the thread by its question."""
        named = shorten(" ".join(question.split()), MAX_TITLE)
        if named:
            self._soon(lambda: self._call("assistant.threads.setTitle", lambda: self._client.assistant_threads_setTitle(
                channel_id=channel, thread_ts=thread_ts, title=named)))

    def stop(self) -> None:
        """What waits is left out."""
        try:
            self._jobs.put_nowait(None)
        except queue.Full:
            log.info("the agent pane stops with much left undone")

    # ---- on the thread ------------------------------------------------------------------------------------------

    def _suggest(self, channel: str, questions: Callable[[], Sequence[str]], thread_ts: str) -> None:
        prompts = [prompt(question) for question in questions()][:MOST_PROMPTS]
        if prompts:
            self._call("assistant.threads.setSuggestedPrompts",
                       lambda: self._client.assistant_threads_setSuggestedPrompts(
                           channel_id=channel, prompts=prompts, thread_ts=thread_ts or None))

    def _show_working(self, place: Place) -> None:
        with self._lock:
            if place not in self._status:
                return  # the answer was faster
            self._status[place] = "calling"
        self._set_status(place, WORKING)
        with self._lock:
            late = self._status.pop(place, "answered") == "answered"
        if late:
            self._set_status(place, "")

    def _set_status(self, place: Place, status: str) -> None:
        self._call("assistant.threads.setStatus", lambda: self._client.assistant_threads_setStatus(
            channel_id=place[0], thread_ts=place[1], status=status))

    def _call(self, method: str, call: Callable[[], object]) -> None:
        if method in self._without:
            return
        try:
            call()
        except UNREACHED as error:
            reason = trouble_of(error).reason
            if isinstance(error, SlackApiError) and reason in _REFUSED:
                self._without.add(method)
            log.info("%s was left out: %s", method, reason)

    def _soon(self, job: Callable[[], None]) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="pane", daemon=True)
                self._thread.start()
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            log.info("the agent pane was left as it is: too much to do")

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:
                log.warning("the agent pane was left as it is: %s", type(error).__name__)

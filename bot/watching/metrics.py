"""The figures for Prometheus. What happens is counted as it happens; how things stand is read at each scrape."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE_LATEST", "Index", "Metrics", "Standing", "Waiting"]

log = logging.getLogger(__name__)

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
ANSWERS = frozenset({"answer", "choices", "clarify", "handed_over"})
"""Messages with which a question ends; how long the others took says nothing about answering."""
_WORD = re.compile(r"[A-Za-z_0-9.]{1,60}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things that wait, and the age of the oldest in seconds (0 where there is none)."""

    number: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Index:
    """The generation in use; its age in seconds."""

    generation: int
    age_seconds: float
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at one moment."""

    tickets: Mapping[str, Waiting]
    """By state; the age of those that are not finished, since they were opened."""
    inbox: Waiting
    outbox: Waiting
    index: Index | None


class Metrics:
    """One bot's figures, in a registry of its own: several bots may run in one process. Safe from any thread.

    Labels hold words of ours and of Slack's methods only, never an id or a text of a person.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = self._registry = CollectorRegistry()
        self._questions = Counter(
            "floorwalker_questions", "Questions that were answered, asked back or handed over.", ["verdict"],
            registry=registry)
        self._answer_seconds = Histogram(
            "floorwalker_answer_seconds", "From the arrival of a question until its answer was written to the outbox,"
            " and until Slack had it.", ["until"], buckets=SECONDS, registry=registry)
        self._slack_errors = Counter(
            "floorwalker_slack_errors", "Calls to Slack that were refused or did not get through.",
            ["method", "error"], registry=registry)
        self._sent = Counter("floorwalker_messages_sent", "Messages that Slack has taken.", ["kind"], registry=registry)
        self._given_up = Counter(
            "floorwalker_given_up", "What could never be done: messages not delivered, events not worked on.", ["what"],
            registry=registry)
        self._missed = Counter(
            "floorwalker_targets_missed", "Service targets that were missed.", ["target", "priority"],
            registry=registry)
        ProcessCollector(registry=registry)
        for verdict in ("answer", "clarify", "handover"):
            self._questions.labels(verdict)
        for what in ("message", "event"):
            self._given_up.labels(what)

    def questions(self, verdicts: list[str], seconds: float) -> None:
        """What one event asked was dealt with, this long after it arrived."""
        for verdict in verdicts:
            self._questions.labels(verdict).inc()
            self._answer_seconds.labels("written").observe(max(0.0, seconds))

    def sent(self, kind: str, seconds: float | None) -> None:
        """Slack has taken a message, this long after that arrived which it follows from (None: unknown)."""
        self._sent.labels(kind).inc()
        if seconds is not None and kind in ANSWERS:
            self._answer_seconds.labels("sent").observe(max(0.0, seconds))

    def slack_error(self, method: str, error: str) -> None:
        """A call to Slack failed."""
        self._slack_errors.labels(method, error if _WORD.fullmatch(error) else "other").inc()

    def given_up(self, what: str) -> None:
        """A `message` or an `event` was given up."""
        self._given_up.labels(what).inc()

    def target_missed(self, target: str, priority: str) -> None:
        """A ticket's `first_response`, `next_response` or `resolution` is late."""
        self._missed.labels(target, priority).inc()

    def watch(self, read: Callable[[], Standing]) -> None:
        """From now on, each scrape reads how things stand."""
        self._registry.register(_AsItStands(read))

    def text(self) -> bytes:
        """All figures in Prometheus's text format (`CONTENT_TYPE_LATEST`)."""
        return bytes(generate_latest(self._registry))


class _AsItStands(Collector):
    def __init__(self, read: Callable[[], Standing]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Nothing where it cannot be read: the counters must not be lost with it."""
        try:
            standing = self._read()
        except Exception as error:
            log.warning("how things stand could not be read", exc_info=error)
            return
        yield from _tickets(standing.tickets)
        yield from _queue("inbox_items", "inbox", "Events that are not worked on yet.", standing.inbox)
        yield from _queue("outbox_messages", "outbox", "Messages that Slack does not have yet.", standing.outbox)
        if standing.index is not None:
            yield from _index(standing.index)


def _tickets(tickets: Mapping[str, Waiting]) -> Iterator[Metric]:
    numbers = GaugeMetricFamily("floorwalker_tickets", "Tickets in each state.", labels=["state"])
    ages = GaugeMetricFamily("floorwalker_ticket_oldest_age_seconds",
                             "How long ago the oldest unfinished ticket of each state was opened.", labels=["state"])
    for state, waiting in tickets.items():
        numbers.add_metric([state], waiting.number)
        ages.add_metric([state], waiting.oldest_seconds)
    yield from (numbers, ages)


def _queue(name: str, place: str, about: str, waiting: Waiting) -> Iterator[Metric]:
    yield GaugeMetricFamily(f"floorwalker_{name}", about, value=waiting.number)
    yield GaugeMetricFamily(f"floorwalker_{place}_oldest_age_seconds", "How long the oldest of them has waited.",
                            value=waiting.oldest_seconds)


def _index(index: Index) -> Iterator[Metric]:
    for name, about, value in (
        ("generation", "The generation of the index that is in use.", index.generation),
        ("age_seconds", "How long ago that generation was built.", index.age_seconds),
        ("documents", "Documents in it.", index.documents),
        ("passages", "Passages in it.", index.passages),
    ):
        yield GaugeMetricFamily(f"floorwalker_index_{name}", about, value=value)

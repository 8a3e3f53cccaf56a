"""The reference number: one for all that follows from one event, click or command, in every log line of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Work", "at_work", "current", "new_reference", "reference"]


@dataclass(frozen=True, slots=True)
class Work:
    """What a thread is doing, and for whom it can be looked up."""

    reference: str
    since: datetime | None = None
    """When that came in which this work follows from; None where nobody waits for it."""
    verdicts: list[str] = field(default_factory=list)
    """Of the questions answered meanwhile. They count once the work is done, and not again with each try."""


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def new_reference() -> str:
    """Eight characters that a person can read out on the phone."""
    return uuid.uuid4().hex[:8]


def current() -> Work | None:
    """What this thread is doing, if it is something with a reference number."""
    return _current.get()


def reference() -> str:
    """The reference number of what this thread is doing; empty if it is nothing that has one."""
    work = _current.get()
    return work.reference if work else ""


@contextmanager
def at_work(work: Work) -> Iterator[Work]:
    """Inside, all that is logged or put into the outbox carries this work's number."""
    before = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(before)

"""Lessons become FAQ files in the data folder, where every index run finds them."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import yaml

from bot.desk.lessons import Lesson, Lessons
from bot.desk.store import Store

log = logging.getLogger(__name__)


class Teaching:
    """Writes `fw-<number>.yaml` files into a folder (`DATA/taught`), each whole or not at all."""

    def __init__(self, store: Store, folder: Path, on_taught: Callable[[], None]) -> None:
        """`on_taught` is called after files were written; it should return at once."""
        self._lessons = Lessons(store)
        self._folder = folder
        self._on_taught = on_taught
        self._lock = threading.Lock()

    def write_missing(self, now: datetime) -> int:
        """Write the lessons that no file holds yet. Returns how many; what fails is logged, and left for next time."""
        written = 0
        with self._lock:
            for lesson in self._lessons.unwritten():
                try:
                    self._write(lesson)
                except OSError as error:
                    log.error("The lesson of FW-%d could not be written: %s", lesson.ticket, error.strerror)
                    break
                self._lessons.written(lesson, now)
                written += 1
        if written:
            self._on_taught()
        return written

    def start(self, now: datetime) -> None:
        """Finish what a killed process left: lessons without a file, and files that no index holds yet."""
        if not self.write_missing(now) and self.untaken():
            self._on_taught()

    def untaken(self) -> tuple[Lesson, ...]:
        """Lessons that stand in a file, but in no index as far as we know. An index run that begins after this
        call finds them all: it passes them to `taken_in` when it has succeeded."""
        return tuple(self._lessons.untaken())

    def taken_in(self, lessons: Iterable[Lesson], now: datetime) -> None:
        """The index that is in use now holds these, as `untaken` gave them before the run began."""
        for lesson in lessons:
            self._lessons.taken_in(lesson, now)

    def _write(self, lesson: Lesson) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Hidden until it is whole: an index run may read the folder at any moment.
        unfinished = self._folder / f".fw-{lesson.ticket}-{uuid.uuid4().hex}"
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                file.write(faq_file(lesson))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / f"fw-{lesson.ticket}.yaml")
        finally:
            unfinished.unlink(missing_ok=True)


def faq_file(lesson: Lesson) -> str:
    """An FAQ file with this one entry, pleasant to read and to edit."""
    entry = {"id": f"fw-{lesson.ticket}", "question": _tidy(lesson.question), "answer": _tidy(lesson.answer)}
    head = f"# Taught by a coach in FW-{lesson.ticket} on {lesson.taught_at:%Y-%m-%d}.\n"
    return head + yaml.dump([entry], Dumper=_Readable, allow_unicode=True, sort_keys=False, width=120)


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _as_block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _as_block)


def _tidy(text: str) -> str:
    # Spaces at the ends of lines would force YAML to quote the whole text.
    return "\n".join(line.rstrip() for line in text.strip().splitlines())

"""Approved lessons become FAQ files in the data folder, where every index run finds them."""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from bot.desk.lessons import Lesson, Lessons
from bot.desk.store import Store

log = logging.getLogger(__name__)


class Teaching:
    """Keeps the `fw-<number>.yaml` files of a folder (`DATA/taught`) as it was decided, each whole or not at all.

    Coaches and admins may edit these files: what stands in one is kept until its own lesson is taught anew.
    """

    def __init__(self, store: Store, folder: Path, on_taught: Callable[[], None]) -> None:
        """`on_taught` is called after files were changed; it should return at once."""
        self._lessons = Lessons(store)
        self._folder = folder
        self._on_taught = on_taught
        self._lock = threading.Lock()

    def write_missing(self, now: datetime) -> int:
        """Bring files up to what was decided. Returns for how many lessons; what fails is logged, and left for next
        time."""
        written = 0
        with self._lock:
            for lesson in self._lessons.unwritten():
                try:
                    held_in = self._write(lesson)
                except OSError as error:
                    log.error("The lesson of %s could not be written: %s", lesson.name, error.strerror)
                    break
                self._lessons.written(lesson, held_in, now)
                written += 1
        if written:
            self._on_taught()
        return written

    def start(self, now: datetime) -> None:
        """Finish what a killed process left: lessons without a file, and files that no index holds yet."""
        if not self.write_missing(now) and self.untaken():
            self._on_taught()

    def untaken(self) -> tuple[Lesson, ...]:
        """Lessons whose files are as decided, but no index as far as we know. An index run that begins after this
        call finds them all: `Desk.lessons_taken_in` is told of them when it is in use."""
        return tuple(self._lessons.untaken())

    def _write(self, lesson: Lesson) -> int | None:
        """The files that a decision touches. Returns the number of the one that holds the lesson then."""
        goes_into = lesson.file if lesson.state == "approved" else None
        if lesson.held_in is not None and lesson.held_in != goes_into:
            self._renew(lesson.held_in, lesson)
        if goes_into is not None:
            self._renew(goes_into, lesson)
        return goes_into

    def _renew(self, number: int, decided: Lesson) -> None:
        """Write one file, or remove it if its own lesson was taken back or now belongs elsewhere."""
        path = self._folder / f"fw-{number}.yaml"
        own = self._lessons.get(number)
        goes = own.state == "withdrawn" or (own.state == "approved" and own.file != number)
        if goes:
            path.unlink(missing_ok=True)
            return
        stands = _entry_in(path, own)
        taught = {} if stands and number != decided.ticket else _words(own)
        once_added = {_tidy(one.question) for one in self._lessons.ever_in(number)}
        also = [text for text in _listed(stands.get("also_asked")) if text not in once_added]
        also += [_tidy(one.question) for one in self._lessons.extending(number)]
        entry = {"id": f"fw-{number}", **stands, **taught}
        entry["also_asked"] = [text for text in dict.fromkeys(also) if text != entry.get("question")]
        self._replace(path, faq_file(own, entry))

    def _replace(self, path: Path, text: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Hidden until it is whole: an index run may read the folder at any moment.
        unfinished = self._folder / f".{path.stem}-{uuid.uuid4().hex}"
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def faq_file(lesson: Lesson, entry: dict[str, Any]) -> str:
    """An FAQ file with this one entry, pleasant to read and to edit."""
    ordered = {key: entry[key] for key in ("id", "question", "also_asked", "answer") if entry.get(key)} | {
        key: value for key, value in entry.items() if key != "also_asked"}
    head = f"# Taught by a coach in {lesson.name} on {lesson.taught_at:%Y-%m-%d}.\n"
    return head + yaml.dump([ordered], Dumper=_Readable, allow_unicode=True, sort_keys=False, width=120)


def _words(lesson: Lesson) -> dict[str, str]:
    return {"question": _tidy(lesson.question), "answer": _tidy(lesson.answer)}


def _entry_in(path: Path, own: Lesson) -> dict[str, Any]:
    """The entry as it stands, perhaps edited by hand; empty if there is none that can be read."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    wanted = f"fw-{own.ticket}"
    found = [one for one in entries if isinstance(one, dict) and one.get("id") == wanted] if (
        isinstance(entries, list)) else []
    return {str(key): value for key, value in found[0].items()} if found else {}


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _as_block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _as_block)


def _tidy(text: str) -> str:
    # Spaces at the ends of lines would force YAML to quote the whole text.
    return "\n".join(line.rstrip() for line in text.strip().splitlines())

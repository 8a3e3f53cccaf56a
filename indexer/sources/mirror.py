"""What was fetched of a source lies in a folder of the data folder, with a note of how it came there.

    sources/wiki-1a2b3c4d/state.json    what was fetched when, and what went wrong since
    sources/wiki-1a2b3c4d/v000004/      the files, complete as of one moment; never changed afterwards

A folder on this machine has the note alone: what it held when it was indexed last.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from indexer.errors import IndexNotWritten
from indexer.sources.source import Source

FORM = 1
_NEXT = "next"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was fetched."""

    signature: str = ""
    """What the other side calls this version of it: an ETag, an object's id."""
    link: str = ""
    """Its own address, where it has one."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a source; times are ISO 8601 in UTC."""

    identity: str = ""
    """Of the settings under which that was tried last."""
    version: int = 0
    """Of the folder with its files; 0: there is none."""
    files: Mapping[str, Entry] = field(default_factory=dict)
    """By their paths below the source's root, as they were when all was well."""
    tried_at: str = ""
    fetched_at: str = ""
    """When all was well last."""
    changed_at: str = ""
    """When anything in it was found to be different."""
    trouble: Literal["", "unreachable", "shrunk"] = ""
    reason: str = ""
    """A sentence or more, for whoever looks after the source."""
    since: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    """Single files that could not be fetched, by their paths, and why."""
    failures: tuple[tuple[str, str], ...] = ()
    """Documents that could not be taken in at the last run, and why."""
    fetched_under: str = ""
    """The identity of the source when its files were fetched."""


def mirrors_in(data: Path) -> Path:
    """Where the mirrors of a data folder lie."""
    return data / "sources"


class Mirror:
    """One source's folder."""

    def __init__(self, mirrors: Path, source: Source) -> None:
        self.folder = mirrors / key_of(source)
        self._identity = source.identity

    def state(self) -> State:
        """What is known; nothing if its note cannot be read.

        Of a source that has been set otherwise since, the files, until others have been fetched in their place.
        """
        try:
            told = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
            state = _from_json(told) if told.pop("form") == FORM else State()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return State(identity=self._identity)
        if not state.fetched_under:
            state = replace(state, fetched_under=state.identity)
        return state if state.identity == self._identity else replace(
            state, identity=self._identity, tried_at="", trouble="", reason="", since="", faults=())

    @property
    def root(self) -> Path | None:
        """The files as they were fetched last; None if there are none."""
        version = self.state().version
        root = self.folder / _name(version)
        return root if version and root.is_dir() else None

    def begin(self) -> Path:
        """An empty folder for what is being fetched; what a run that broke off left of its own is gone."""
        coming = self.folder / _NEXT
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(parents=True)
        return coming

    def give_up(self) -> None:
        """Throw away what was being fetched."""
        shutil.rmtree(self.folder / _NEXT, ignore_errors=True)

    def take_over(self, state: State, now: str) -> None:
        """What was being fetched is the source from now on; the version before stays for who is just reading it."""
        coming, root = self.folder / _NEXT, self.root
        if root is not None and _alike(root, coming):
            self.give_up()
            self.note(replace(state, version=self.state().version, changed_at=self.state().changed_at or now))
            return
        there = sorted(_versions(self.folder))
        version = max(there, default=0) + 1
        coming.rename(self.folder / _name(version))
        before = self.state().version
        self.note(replace(state, version=version, changed_at=now))
        for old in there:
            if old != before:
                shutil.rmtree(self.folder / _name(old), ignore_errors=True)

    def note(self, state: State) -> None:
        """Write down what is known. Raises IndexNotWritten."""
        told = {"form": FORM, **asdict(replace(state, identity=self._identity))}
        fresh = self.folder / "state.json.new"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(told, file, ensure_ascii=True)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.folder / "state.json")
        except OSError as error:
            raise IndexNotWritten("What was fetched could not be written down; the index stays as it is.") from error


def key_of(source: Source) -> str:
    """The name of a source's folder, of letters that every disk takes."""
    place = source.location if source.is_remote else str(Path(source.location).absolute())
    digest = hashlib.sha256((source.name or place).encode()).hexdigest()[:8]
    plain = re.sub(r"[^a-z0-9-]+", "-", source.name.lower()).strip("-")[:40]
    return f"{plain or 'source'}-{digest}"


def _from_json(told: dict[str, Any]) -> State:
    files = {path: Entry(**entry) for path, entry in told.pop("files").items()}
    faults, failures = (tuple((str(one), str(other)) for one, other in told.pop(name))
                        for name in ("faults", "failures"))
    told.pop("audience", None)  # of an earlier version
    return State(files=files, faults=faults, failures=failures, **told)


def _name(version: int) -> str:
    return f"v{version:06}"


def _versions(folder: Path) -> list[int]:
    return [int(there.name[1:]) for there in folder.glob("v*") if there.name[1:].isdecimal()]


def _alike(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same content."""
    names, others = ({path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
                     for root in (one, other))
    return names == others and all(
        (one / name).samefile(other / name) or filecmp.cmp(one / name, other / name, shallow=False) for name in names)

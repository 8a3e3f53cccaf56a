"""A source as it is set, and a file of it as it is handed on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from indexer.sources.address import kind_of, shown
from indexer.types import Failure

Kind = Literal["folder", "git", "web", "files"]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that holds documents."""

    location: str
    """A folder or a file, the address of a Git repository or of a web site, or any other address that fsspec knows."""
    name: str = ""
    """Prefixes the ids of its documents with `name/`; needed where two sources hold files of the same path."""
    link: str = ""
    """The address at which people know a document, with `{path}` and the like in it: see `links.link_of`."""
    include: tuple[str, ...] = ()
    """Patterns as in `.gitignore`: only what fits one is taken in. Empty: everything."""
    exclude: tuple[str, ...] = ()
    """What fits one of these is left out."""
    audience: tuple[str, ...] = ()
    """Whom its documents are for at most; a document's own audience narrows that down. Empty: no limit."""
    every: timedelta | None = None
    """How often it is to be fetched and indexed by itself; None: with the other runs only."""
    branch: str = ""
    """Of a Git repository; empty: the one that it names as its own."""
    pages: int = 2000
    """Of a web site, or files of another address: no more than so many are fetched."""
    depth: int = 10
    """Of a web site: so many links away from its first page at most."""
    megabytes: int = 1000
    """No more than this is fetched in all."""
    delay: float = 0.5
    """Of a web site: seconds between two requests; what its robots.txt asks for is kept if it is more."""
    may_lose: float = 0.5
    """The share of its files that may be gone at once (0 to 1); beyond that it keeps what it had."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What fsspec's file system is to be told besides, such as `endpoint_url`."""

    @property
    def kind(self) -> Kind:
        """How its files are got at."""
        return kind_of(self.location)

    @property
    def is_remote(self) -> bool:
        """Whether it has to be fetched."""
        return self.kind != "folder"

    @property
    def called(self) -> str:
        """Its name, or its location without any secret in it."""
        return self.name or shown(self.location)

    @property
    def prefix(self) -> str:
        """What the ids of its documents begin with."""
        return f"{self.name}/" if self.name else ""

    @property
    def identity(self) -> str:
        """Changes when something else is to be fetched."""
        place = self.location if self.is_remote else str(Path(self.location).absolute())
        told = [place, self.branch, self.pages, self.depth,
                sorted((key, repr(value)) for key, value in self.options.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that holds one or more documents."""

    id: str
    """Its path below the source's root with `/`, after the source's prefix."""
    path: Path
    link: str = ""
    """Where people know it; a document's own `url` wins."""
    audience: tuple[str, ...] = ()
    """Whom its documents are for at most; empty: no limit."""
    is_lost: bool = False
    """It is not there, but so much else is gone, too, that it stays as it is stored."""

    @property
    def stamp(self) -> bytes:
        """Changes with what the source says of the file; empty where it says nothing."""
        return f"\0{json.dumps([self.link, self.audience])}".encode() if self.link or self.audience else b""


def _untold(_done: int, _total: int) -> None:
    """Reports no progress."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """How a run fetches what is not on this machine."""

    now: datetime
    refresh: Collection[str] | None = None
    """Only these, by what they are `called`, and what was never tried; None: all."""
    accept_losses: bool = False
    """Take in what is left of a source that lost much of what it had."""
    dry_run: bool = False
    """Leave everything as it is."""
    progress: Callable[[int, int], None] = _untold
    listed: list[tuple[Source, frozenset[str]]] = field(default_factory=list)
    """The ids of each source's files. Filled in by the listing…"""
    owned: list[tuple[Source, frozenset[str]]] = field(default_factory=list)
    """…and which files of the index are whose; see `owners.owned`."""
    failed: list[Failure] = field(default_factory=list)
    """Filled in by the run: what could not be taken in…"""
    changed: list[str] = field(default_factory=list)
    """…and the ids of the documents that were added, changed and removed."""
    held: list[bool] = field(default_factory=list)
    """Not empty if what the run made is kept, but not published."""

    def heard(self, failed: Iterable[Failure], changed: Iterable[str]) -> None:
        """What the run made of the files."""
        self.failed.extend(failed)
        self.changed.extend(changed)

    def wants(self, source: Source) -> bool:
        """Whether this source is to be fetched."""
        return self.refresh is None or source.called in self.refresh

"""One data folder, and what its sources hold after each fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.reading import listing
from indexer.reindex import reindex
from indexer.sources import Fetching, Source, SourceFile, root_of
from indexer.sources.mirror import Mirror, State, mirrors_in
from indexer.types import Failure, Report
from tests.fakes import Clock, ToyEmbedder


class Place:
    """A data folder with a clock that goes on an hour with each run."""

    def __init__(self, root: Path) -> None:
        self.data = root / "data"
        self.clock = Clock()
        self.embedder = ToyEmbedder()

    def fetch(self, *sources: Source, **options: Any) -> dict[str, str]:
        """Fetch and list: the ids of the files with their links, and what failed with its reason."""
        with listing(sources, self.data, Fetching(self.clock.forward(hours=1), **options)) as listed:
            return {file.id: file.link for file in listed if isinstance(file, SourceFile)} | {
                file.document: file.reason for file in listed if isinstance(file, Failure)}

    def index(self, *sources: Source, **options: Any) -> Report:
        """A whole run."""
        return reindex(sources, self.data, self.embedder, now=self.clock.forward(hours=1), **options)

    def state(self, source: Source) -> State:
        """What is noted of a source."""
        return Mirror(mirrors_in(self.data), source).state()

    def held(self, source: Source) -> set[str]:
        """The paths of the files that were fetched."""
        root = root_of(source, self.data)
        return set() if root is None else {path.relative_to(root).as_posix() for path in root.rglob("*")
                                           if path.is_file()}

    def text(self, source: Source, path: str) -> str:
        """What a fetched file holds."""
        root = root_of(source, self.data)
        assert root
        return (root / path).read_text(encoding="utf-8")

"""A source inside another one's folder: what lies there is the inner one's alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.sources.address import local_path
from indexer.sources.source import Source

_SPECIAL = re.compile(r"([\\*?\[\] ])")
"""What means something in a pattern."""


def set_apart(sources: Sequence[Source]) -> list[Source]:
    """The sources, each without the folders and files in it that are sources of their own.

    Otherwise a document that the inner source keeps for some people would be there for everybody, too.
    """
    roots = [_root(source) for source in sources]
    return [source if root is None else replace(source, exclude=tuple(dict.fromkeys(
        [*source.exclude, *_inner(root, roots)]))) for source, root in zip(sources, roots, strict=True)]


def _root(source: Source) -> Path | None:
    """Where its files really lie; None for what is fetched, and for no place at all."""
    if source.is_remote or not source.location.strip():
        return None
    return Path(os.path.realpath(local_path(source.location)))


def _inner(root: Path, roots: Sequence[Path | None]) -> Iterator[str]:
    """A pattern for each of the others that lies in `root`."""
    for other in roots:
        if other is not None and other != root and other.is_relative_to(root):
            yield "/" + _SPECIAL.sub(r"\\\1", other.relative_to(root).as_posix())

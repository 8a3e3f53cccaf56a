"""Which files of a source are taken in: patterns as in `.gitignore`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from indexer.readers import can_read, is_sidecar, subject_of, why_unreadable


def looks_readable(path: str) -> bool:
    """Whether a file that would have to be fetched is worth it: knowledge by its name, or golden questions."""
    name = PurePosixPath(path)
    is_hidden = any(part.startswith(".") and part.strip(".") for part in name.parts)
    is_knowledge = can_read(name) or is_sidecar(name) or bool(why_unreadable(name)) or path == "questions.jsonl"
    return is_knowledge and not is_hidden


class Choice:
    """What fits a pattern of `include`, if there are any, and none of `exclude`."""

    def __init__(self, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        """Raises ValueError for what is no pattern."""
        self._include = GitIgnoreSpec.from_lines(include) if include else None
        self._exclude = GitIgnoreSpec.from_lines(exclude)

    def takes(self, path: str) -> bool:
        """Whether the file of this path, below the source's root with `/`, is taken in.

        A file about another one comes with that, whatever the patterns say: it may tell whom that is not for.
        """
        name = PurePosixPath(path)
        path = name.with_name(subject_of(Path(name.name)).name).as_posix() if is_sidecar(name) else path
        return (self._include is None or self._include.match_file(path)) and not self._exclude.match_file(path)

    def leaves_out(self, path: str) -> bool:
        """Whether that fits a pattern of `exclude`: it is meant to be gone. A path that fits none of `include`, where
        nothing else does either, has rather been left out by a slip of the pen."""
        return bool(self._exclude.match_file(path))

    def enters(self, folder: str) -> bool:
        """Whether anything of this folder may be taken in."""
        return not self._exclude.match_file(f"{folder}/")

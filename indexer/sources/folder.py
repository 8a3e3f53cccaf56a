"""A folder, or a single file, as a source."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import SourceMissing
from indexer.readers import can_read, is_sidecar, subject_of, why_unreadable
from indexer.sources.choice import Choice
from indexer.sources.source import SourceFile
from indexer.types import Failure

NEVER_INDEXED = frozenset({"README.md", "questions.jsonl"})
"""Files in a source's root that are about the knowledge base, not part of it."""

_LEADS_OUT = ("This link leads out of the source's folder and is not followed; "
              "put a copy in its place, or name what it leads to as a source of its own.")
_UNLISTED = "This folder cannot be opened; check its access rights."
_ABOUT_NOTHING = ("There is no file beside this one that it could be about; give it the file's whole name with "
                  "`.meta.yaml` added.")
_NO_FILE = "This is a pipe, a socket or a device, not a file; take it out of the source."
_CONTROL_CHARACTERS = frozenset({"Cc", "Zl", "Zp"})


def walk(root: Path, prefix: str = "", skip: Path | None = None, choice: Choice | None = None
         ) -> list[SourceFile | Failure]:
    """The files below `root` that hold documents, and a Failure for what looks as if, but cannot be taken in.

    `choice` decides about files below a folder, not about a single file that `root` is itself.
    Raises SourceMissing.
    """
    try:
        exists, is_folder = root.exists(), root.is_dir()
    except OSError as error:
        raise SourceMissing(f"The source {root} cannot be opened ({(error.strerror or 'unknown').lower()}).") from error
    if not exists:
        raise SourceMissing(f"The source {root} does not exist.")
    if not is_folder:
        return [_named(root, prefix)]
    found = _Tree(root, prefix, skip.resolve() if skip else None, choice or Choice()).files()
    return sorted(found, key=lambda each: each.id if isinstance(each, SourceFile) else each.document)


def _named(path: Path, prefix: str) -> SourceFile | Failure:
    """A file that was named as a source: unlike in a folder, an unknown format is a fault."""
    if can_read(path):
        return _as_file(path, prefix + path.name)
    return Failure(_visible(prefix + path.name), why_unreadable(path) or (
        f"Files of type {path.suffix or 'without an extension'} cannot be read; "
        "Markdown (.md), reStructuredText, AsciiDoc, plain text, web pages, PDF, Office files (.docx, .pptx, .xlsx), "
        "subtitles, ZIP archives and FAQ files (.yaml, .csv) can."))


class _Tree:
    """A folder with all below it. Links are followed within it only: beyond may be what nobody meant to publish."""

    def __init__(self, root: Path, prefix: str, skip: Path | None, choice: Choice) -> None:
        self._root, self._prefix, self._choice = root, prefix, choice
        self._real = root.resolve()
        # A source may lie in the folder to skip, as the demo's knowledge lies in its data folder.
        self._skip = None if skip is None or self._real.is_relative_to(skip) else skip
        self._visited: set[Path] = set()

    def files(self) -> Iterator[SourceFile | Failure]:
        unlisted: list[OSError] = []
        for folder, folders, names in os.walk(self._root, followlinks=True, onerror=unlisted.append):
            self._visited.add(_real(Path(folder)))
            within = [name for name in folders if self._is_for_us(Path(folder, name))]
            folders[:] = [name for name in within if not self._leads_out(Path(folder, name))]
            for name in set(within).difference(folders):
                yield Failure(_visible(self._id(Path(folder, name)) + "/"), _LEADS_OUT)
            for name in names:
                if not (name.startswith(".") or (folder == str(self._root) and name in NEVER_INDEXED)):
                    yield from self._file(Path(folder, name))
        for error in unlisted:
            yield Failure(_visible(self._id(Path(str(error.filename))) + "/"), _UNLISTED)

    def _file(self, path: Path) -> Iterator[SourceFile | Failure]:
        """Nothing for a file that does not look like knowledge, or is not chosen."""
        if not self._choice.takes(self._below(path)):
            return
        if can_read(path):
            leads_out = path.is_symlink() and self._leads_out(path)
            yield Failure(_visible(self._id(path)), _LEADS_OUT) if leads_out else _as_file(path, self._id(path))
        elif is_sidecar(path) and not subject_of(path).exists():
            yield Failure(_visible(self._id(path)), _ABOUT_NOTHING)
        elif reason := why_unreadable(path):
            yield Failure(_visible(self._id(path)), reason)

    def _is_for_us(self, folder: Path) -> bool:
        real = _real(folder)
        is_skipped = self._skip is not None and real.is_relative_to(self._skip)
        return (not folder.name.startswith(".") and real not in self._visited and not is_skipped
                and self._choice.enters(self._below(folder)))

    def _leads_out(self, path: Path) -> bool:
        return not _real(path).is_relative_to(self._real)

    def _id(self, path: Path) -> str:
        return self._prefix + self._below(path)

    def _below(self, path: Path) -> str:
        return unicodedata.normalize("NFC", path.relative_to(self._root).as_posix())


def _real(path: Path) -> Path:
    """Where all links lead, also if they lead in a circle."""
    return Path(os.path.realpath(path))


def _as_file(path: Path, identity: str) -> SourceFile | Failure:
    visible = _visible(identity)
    if visible != identity:
        return Failure(visible, "The file's name, or that of a folder above it, holds control characters or is not "
                                "valid Unicode; rename it.")
    if path.exists() and not path.is_file():  # would never end; a link to nothing is told when it is read
        return Failure(identity, _NO_FILE)
    return SourceFile(identity, path)


def _visible(identity: str) -> str:
    """With escapes in place of what would break a line, hide, or be no text at all."""
    shown = ("\\" + f"{character!a}"[2:-1] if unicodedata.category(character) in _CONTROL_CHARACTERS else character
             for character in identity)
    return "".join(shown).encode(errors="replace").decode()

"""The doctor at home: data folder, disk, database, sources, model, index."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.assemble.basics import sources_of
from bot.assemble.findings import Finding
from bot.assemble.watch import ROOM_BYTES
from bot.desk.backup import examine, newer_than_us
from bot.desk.reading import DATABASE, NoDesk
from bot.errors import FloorwalkerError
from bot.settings import Settings
from indexer.embedder import Embedder
from indexer.errors import IndexMissing
from indexer.reranker import reranker_for
from indexer.search import KnowledgeBase
from indexer.sources import SourceFile, files_of

MEGABYTE = 1024 * 1024


def free_bytes(folder: Path) -> int:
    """On the disk of a folder."""
    return shutil.disk_usage(folder).free


def look_at_folder(data: Path, free: Callable[[Path], int]) -> Iterator[Finding]:
    """Whether the data folder can be written to, has room, and holds a sound database. Makes no folder."""
    place = next(there for there in (data, *data.absolute().parents) if there.exists())
    why = _why_not_writable(place)
    if why:
        yield Finding.wrong("data", f"The data folder {data} cannot be written to ({why}).",
                            "Give the user that runs Floorwalker the right to, or name another folder with --data.")
        return
    yield Finding.ok("data", f"The data folder {data} can be written to." if place == data
                     else f"The data folder {data} is not there yet, and can be made.")
    yield _disk(data, free(place))
    yield _database(data / DATABASE)


def _why_not_writable(folder: Path) -> str:
    """Tried, not asked: access rights do not tell of a disk that is mounted read-only."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    return ""


def _disk(data: Path, free: int) -> Finding:
    room = f"{free / MEGABYTE:,.0f} MB are free on the disk of the data folder"
    if free < ROOM_BYTES:
        return Finding.wrong("disk", f"Only {room}.", f"Make room for at least {ROOM_BYTES // MEGABYTE} MB: what "
                             "cannot be written down is not acknowledged to Slack.")
    return Finding.ok("disk", f"{room}.")


def _database(path: Path) -> Finding:
    try:
        contents = examine(path)
    except NoDesk:
        return Finding.ok("database", "There is no database yet; `floorwalker serve` makes it.")
    except FloorwalkerError as error:
        return Finding.wrong("database", error.message, error.hint)
    if newer_than_us(contents.migrations):
        return Finding.wrong("database", "The database was written by a newer version of Floorwalker.",
                             "Install that version again.")
    return Finding.ok("database", f"The database is sound, with {contents.counts.get('tickets', 0):,} tickets in it.")


def look_at_sources(settings: Settings, data: Path) -> Iterator[Finding]:
    """Whether there is anything to read."""
    for source in sources_of(settings):
        try:
            listed = [file for file in files_of(source, skip=data) if isinstance(file, SourceFile)]
        except FloorwalkerError as error:
            yield Finding.wrong("sources", error.message, error.hint)
            continue
        if listed:
            yield Finding.ok("sources", f"{source.called} holds {len(listed):,} files to read.")
        elif source.is_remote:
            yield Finding.unknown("sources", f"Nothing of {source.called} has been fetched yet.",
                                  "Run `floorwalker index`; `floorwalker sources` says how it went.")
        else:
            yield Finding.wrong("sources", f"{source.called} holds nothing that can be read.",
                                "Put training documents (.md) or FAQ files (.yaml, .csv) there.")


def look_at_model(settings: Settings, data: Path, embedder: Embedder) -> Iterator[Finding]:
    """Loads the model and the index, as `serve` would."""
    began = time.perf_counter()
    try:
        embedder.embed(["How do I claim my expenses?"])
        reranker = reranker_for(settings.model.reranker)
        if reranker is not None:
            reranker.scores("How do I claim my expenses?", ["Open a claim."])
    except FloorwalkerError as error:
        yield Finding.wrong("model", error.message, error.hint)
        yield Finding.unknown("index", "The index was not opened.", "See to the model first.")
        return
    called = f"The model {embedder.name!r}" + (f" and the reranker {settings.model.reranker!r}" if reranker else "")
    yield Finding.ok("model", f"{called} can be used (loaded in {time.perf_counter() - began:.1f} s).")
    yield _index(data, embedder)


def _index(data: Path, embedder: Embedder) -> Finding:
    knowledge = KnowledgeBase(data, embedder)
    try:
        knowledge.refresh()
        about = knowledge.about()
    except IndexMissing as error:
        return Finding.wrong("index", error.message, "Run `floorwalker index`; `floorwalker serve` would do it, too.")
    except FloorwalkerError as error:
        return Finding.wrong("index", error.message, error.hint)
    finally:
        knowledge.close()
    told = (f"{about['documents']:,} documents in {about['passages']:,} passages, generation {about['generation']} of "
            f"{about['built_at']:%d %b %Y, %H:%M} UTC.")
    if not about["documents"]:
        return Finding.wrong("index", "The index is empty: every question would go to a coach.",
                             "Put documents where [knowledge] sources points, and run `floorwalker index`.")
    return Finding.ok("index", f"The index has {told}")

"""Brings what is not on this machine into the data folder, whole or not at all."""

from __future__ import annotations

import logging
import shutil
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexBusy, IndexNotWritten, SourceMissing
from indexer.sources.address import local_path
from indexer.sources.choice import Choice
from indexer.sources.faults import Unreachable
from indexer.sources.fetcher import Fetched, Fetcher
from indexer.sources.keeping import has_shrunk, told_shrunk, told_unfitting
from indexer.sources.mirror import Mirror, State, key_of, mirrors_in
from indexer.sources.paths import reuse
from indexer.sources.source import Fetching, Source

log = logging.getLogger(__name__)


@contextmanager
def fetched(sources: Sequence[Source], data: Path, fetching: Fetching) -> Iterator[Path]:
    """Fetch the remote ones among the sources, and give the folder of their mirrors.

    What cannot be fetched stays as it was, with a note of the reason. A dry run has mirrors of its own, for as long as
    this is open. Raises SourceMissing for a folder that is not there, before anything is fetched, and IndexBusy.
    """
    for source in sources:
        _check_there(source)
    mirrors = mirrors_in(data)
    wanted = [source for source in sources if source.is_remote
              and (fetching.wants(source) or not Mirror(mirrors, source).state().tried_at)]
    if not wanted:
        yield mirrors
    elif fetching.dry_run:
        with tempfile.TemporaryDirectory(prefix="floorwalker-") as folder:
            trial = Path(folder)
            for source in sources:
                _lend(mirrors / key_of(source), trial / key_of(source))
            _fetch_all(wanted, trial, fetching)
            yield trial
    else:
        with _only_us(mirrors):
            _fetch_all(wanted, mirrors, fetching)
        yield mirrors


def clear_out(sources: Sequence[Source], data: Path) -> None:
    """Throw away what is kept of sources that are no sources any more; not while somebody else is fetching."""
    mirrors, kept = mirrors_in(data), {key_of(source) for source in sources}
    with suppress(IndexBusy, FileNotFoundError), _only_us(mirrors):
        for folder in mirrors.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _check_there(source: Source) -> None:
    path = local_path(source.location)
    try:
        if source.is_remote or not source.location.strip() or path.exists():
            return
    except OSError:
        return  # told better by who opens it
    raise SourceMissing(f"The source {path} does not exist.")


@contextmanager
def _only_us(mirrors: Path) -> Iterator[None]:
    """Raises IndexBusy."""
    lock = FileLock(mirrors / "lock", timeout=0)
    try:
        mirrors.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IndexBusy(f"Another run is fetching the sources of {mirrors.parent}.") from None
    except OSError as error:
        raise IndexNotWritten("The folder for what is fetched cannot be made; the index stays as it is.") from error
    try:
        yield
    finally:
        lock.release()


def _lend(mirror: Path, trial: Path) -> None:
    """A mirror for a dry run, of links instead of copies where the disk allows."""
    if mirror.is_dir():
        shutil.copytree(mirror, trial, copy_function=reuse)


def _fetch_all(sources: Sequence[Source], mirrors: Path, fetching: Fetching) -> None:
    for number, source in enumerate(sources):
        fetching.progress(number, len(sources))
        _fetch(source, Mirror(mirrors, source), fetching)
    fetching.progress(len(sources), len(sources))


def _fetch(source: Source, mirror: Mirror, fetching: Fetching) -> None:
    """Whatever happens to one source holds up no other. Raises IndexNotWritten."""
    state, now = mirror.state(), fetching.now.isoformat(timespec="seconds")
    try:
        is_same = state.fetched_under == source.identity
        coming, old = mirror.begin(), mirror.root if is_same else None
        got = fetcher_of(source)(source, coming, state.files if old else {}, old, mirror.folder)
        _settle(source, mirror, got, state, fetching)
        return
    except Unreachable as fault:
        reason = told_unreachable(fault, state)
    except IndexNotWritten:
        raise
    except Exception as error:
        reason = told_unreachable(_unforeseen(error, source), state)
    finally:
        mirror.give_up()
    mirror.note(replace(state, trouble="unreachable", reason=reason, tried_at=now,
                        since=state.since if state.trouble == "unreachable" else now))


def _unforeseen(error: Exception, source: Source) -> Unreachable:
    if isinstance(error, OSError):
        return Unreachable(f"it could not be written down ({(error.strerror or type(error).__name__).lower()})",
                           "Check the free space and the access rights of the data folder.")
    at = traceback.extract_tb(error.__traceback__)[-1]  # its text might hold a secret
    log.error("fetching %s failed: %s at %s, line %s", source.called, type(error).__name__, at.filename, at.lineno)
    return Unreachable(f"something went wrong that should not have ({type(error).__name__})", "The log tells more.")


def _settle(source: Source, mirror: Mirror, got: Fetched, state: State, fetching: Fetching) -> None:
    now = fetching.now.isoformat(timespec="seconds")
    choice = Choice(source.include, source.exclude)
    had, has = sum(map(choice.takes, state.files)), len(got.files)
    reason = told_shrunk(had, has)
    if source.include and not has and not had:
        had = sum(not choice.leaves_out(path) for path in state.files)
        reason = told_unfitting(source, had, "file")
    if has_shrunk(had, has, source.may_lose) and not fetching.accept_losses:
        mirror.note(replace(state, trouble="shrunk", reason=reason, tried_at=now,
                            since=state.since if state.trouble == "shrunk" else now))
        return
    faults = tuple(sorted(got.faults.items()))
    mirror.take_over(State(files=got.files, tried_at=now, fetched_at=now, faults=faults, failures=state.failures,
                           reason=got.note), now)


def told_unreachable(fault: Unreachable, state: State) -> str:
    """The reason, with the cure."""
    stays = "What was fetched before stays. " if state.version else ""
    return f"It could not be fetched: {fault.reason}. {stays}{fault.cure}"


def fetcher_of(source: Source) -> Fetcher:
    """Imported when it is needed: most knowledge bases are folders."""
    if source.kind == "git":
        from indexer.sources.git import fetch_repository
        return fetch_repository
    if source.kind == "web":
        from indexer.sources.web import fetch_site
        return fetch_site
    from indexer.sources.files import fetch_files
    return fetch_files

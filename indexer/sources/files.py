"""Files at any address that fsspec knows: buckets, archives, file servers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.sources.address import filled_in, placed
from indexer.sources.choice import Choice, looks_readable
from indexer.sources.faults import Unreachable
from indexer.sources.fetcher import Fetched, check_megabytes, with_linked_sidecars, with_odd_names
from indexer.sources.mirror import Entry
from indexer.sources.paths import reuse
from indexer.sources.source import Source

_AT_ONCE = 8
"""Files that are fetched side by side where the file system can do that."""
_PATIENCE = {"connect_timeout": 15, "read_timeout": 60, "retries": {"max_attempts": 3}}
_SIGNS = ("ETag", "etag", "md5Hash", "content_md5", "sha", "CRC", "mtime", "LastModified", "last_modified", "updated",
          "modified", "date_time")
"""What file systems call that which changes with a file's content."""


@dataclass(frozen=True, slots=True)
class _There:
    """A file on the other side."""

    place: str
    size: int
    signature: str


def fetch_files(source: Source, into: Path, before: Mapping[str, Entry], old: Path | None, mirror: Path) -> Fetched:
    """All files below an address that can be read here. Raises Unreachable."""
    try:
        return _fetch(source, into, before, old)
    except Unreachable:
        raise
    except Exception as error:  # each file system has errors of its own
        raise _why(error) from error


def _fetch(source: Source, into: Path, before: Mapping[str, Entry], old: Path | None) -> Fetched:
    system, root = _open(source)
    there, others = _listed(system, root, Choice(source.include, source.exclude))
    _check_size(there, source)
    got = Fetched(faults=with_odd_names(there) | with_linked_sidecars(there, others))
    fresh: list[tuple[str, Path]] = []
    for path, file in there.items():
        if path in got.faults:
            continue
        got.files[path] = Entry(file.signature)
        known = before.get(path)
        if old and file.signature and known == got.files[path] and (old / path).is_file():
            reuse(old / path, into / path)
        else:
            fresh.append((file.place, into / path))
    _copy(system, fresh)
    _check_whole(there, got, into)
    return got


def _open(source: Source) -> tuple[Any, str]:
    """The file system, without anything that it may have remembered of an earlier run."""
    import fsspec

    location = placed(source.location)
    protocols = [part.partition("://")[0] for part in location.split("::")]
    options = _filled(source.options)
    try:
        classes = [fsspec.get_filesystem_class(protocol) for protocol in protocols if protocol]
        for each in classes:
            each.clear_instance_cache()
        if protocols == ["s3"] or protocols == ["s3a"]:
            options = {"config_kwargs": _PATIENCE, "use_listings_cache": False, **options}
        return fsspec.core.url_to_fs(location, **options)  # type: ignore[no-any-return]
    except ImportError as error:
        raise Unreachable(f"{' and '.join(protocols)} addresses need a package that is not installed",
                          _package(error)) from error
    except ValueError as error:
        if "rotocol not known" not in str(error):
            raise
        raise Unreachable(f"{protocols[0]} is no kind of address that fsspec knows", "Check its location.") from error


def _filled(options: Any) -> Any:
    """A copy, since file systems change what they are given, with the environment's values."""
    if isinstance(options, Mapping):
        return {key: _filled(value) for key, value in options.items()}
    if isinstance(options, list | tuple):
        return [_filled(value) for value in options]
    return filled_in(options, in_address=False) if isinstance(options, str) else options


def _package(error: ImportError) -> str:
    """fsspec says which; what it says is not always a sentence."""
    told = str(error)
    named = re.search(r"[Ii]nstall (?:the )?[`\"']?([\w.-]+(?:\[[\w,]+\])?)", told)
    needed = [named[1]] if named else re.findall(r'"([\w.-]+)"', told) or re.findall(r"requires? (\w+) to be", told)
    missing = " ".join(word for word in needed if word != "to") or error.name
    return f"Run `pip install {missing}`." if missing else "The documentation of fsspec says which."


def _listed(system: Any, root: str, choice: Choice) -> tuple[dict[str, _There], set[str]]:
    """The files by their paths below the root, those that nobody could read left alone; and the paths of what is no
    file, such as links."""
    found: dict[str, dict[str, Any]] = system.find(root, detail=True)
    if not found and not system.exists(root):
        raise Unreachable("there is nothing at this address", "Check its location.")
    base = root.rstrip("/")
    files: dict[str, _There] = {}
    others: set[str] = set()
    for place, told in found.items():
        path = place.removeprefix(base).lstrip("/") or place.rpartition("/")[2]
        if told.get("type", "file") != "file":
            others.add(path)
        elif looks_readable(path) and choice.takes(path):
            files[path] = _There(place, int(told.get("size") or 0), _signature(told))
    return files, others


def _signature(told: Mapping[str, Any]) -> str:
    """Empty where the file system does not tell versions from each other."""
    signs = [str(told[sign]) for sign in _SIGNS if told.get(sign)]
    return " ".join([str(told.get("size", "")), *signs]) if signs else ""


def _check_size(there: Mapping[str, _There], source: Source) -> None:
    check_megabytes(sum(file.size for file in there.values()), source)
    if len(there) > source.pages:
        raise Unreachable(f"it holds {len(there):,} files, more than {source.pages:,}",
                          "Choose fewer by `include` and `exclude`, or raise `pages` of the source.")


def _copy(system: Any, files: Sequence[tuple[str, Path]]) -> None:
    for _, target in files:
        target.parent.mkdir(parents=True, exist_ok=True)
    copy: Callable[[tuple[str, Path]], None] = lambda pair: system.get_file(pair[0], str(pair[1]))  # noqa: E731
    if not getattr(system, "async_impl", False):
        for pair in files:
            copy(pair)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(copy, files):
            pass


def _check_whole(there: Mapping[str, _There], got: Fetched, into: Path) -> None:
    """What was cut off half way must not stand in for what was there before."""
    for path in got.files:
        if there[path].size and (into / path).stat().st_size != there[path].size:
            raise Unreachable("a file came in part only, or changed while it was fetched",
                              "The next run tries again.")


def _why(error: Exception) -> Unreachable:
    """Its kind in words of our own: what it says itself may quote addresses, and with them secrets."""
    name = type(error).__name__
    if isinstance(error, PermissionError) or "Credentials" in name or "Auth" in name or "Token" in name:
        return Unreachable("it does not let us in", "Check the credentials, and that they have not expired.")
    if isinstance(error, FileNotFoundError):
        return Unreachable("there is nothing at this address, or a file went while it was fetched",
                           "Check its location; the next run tries again.")
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return Unreachable("it did not answer in time", "Check the network; the next run tries again.")
    if isinstance(error, ConnectionError) or "Connect" in name:
        return Unreachable("the connection failed", "Check its location and the network; the next run tries again.")
    return Unreachable(f"it broke off ({name})", "Check its location and its options; the next run tries again.")

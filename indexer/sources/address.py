"""What a source's location says: of which kind it is, and how it is shown without its secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from indexer.errors import SourceMissing
from indexer.sources.faults import Unreachable

_GIT = re.compile(r"git(\+[a-z]+)?://|ssh://.*\.git/?$|https?://.*\.git/?$|[\w.-]+@[\w.-]+:(?!//).*", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_USER = re.compile(r"(://)[^/@\s]*@")
_QUERY = re.compile(r"\?[^\s:]*")
_FILE = "file://"


def kind_of(location: str) -> Literal["folder", "git", "web", "files"]:
    """`folder` for what lies on this machine, single files among it. Without a variable's value, it is as written."""
    with suppress(Unreachable):
        location = placed(location)
    if _GIT.match(location):
        return "git"
    if not _ADDRESS.match(location) or location.lower().startswith(_FILE):
        return "folder"
    return "web" if re.match(r"https?://", location, re.IGNORECASE) else "files"


def local_path(location: str) -> Path:
    """Of a folder or file on this machine. Raises SourceMissing for what is meant to name one and does not."""
    if kind_of(location) != "folder":
        return Path(location)
    try:
        place = placed(location)
    except Unreachable as fault:
        raise SourceMissing(f"The source {location} cannot be found: {fault.reason}.", hint=fault.cure) from None
    if not place.lower().startswith(_FILE):
        return Path(place)
    machine, slash, path = place[len(_FILE):].partition("/")
    if not slash or machine not in ("", "localhost"):
        called = _USER.sub(r"\1", location)
        raise SourceMissing(f"The source {called} names a machine, not a folder of this one.",
                            hint="Write `file:///…`, with three slashes and the whole path, or the path alone.")
    return Path(unquote(f"/{path}"))


def shown(location: str) -> str:
    """The location as it may be read by anybody: without user, password and query of an address."""
    if kind_of(location) == "folder":
        return location
    return _QUERY.sub("", _USER.sub(r"\1", location))


def placed(location: str, environment: Mapping[str, str] | None = None) -> str:
    """A location with the environment's values, which are escaped where it is an address without them.

    Behind a folder, a value that is a whole path or an address itself stands alone, as where paths are joined: the
    settings put their own folder before each relative path. Raises Unreachable.
    """
    if _is_address(location):
        safe = "/" if location.lower().startswith(_FILE) else ""
        return filled_in(location, environment, safe=safe)
    before, mark, _ = location.partition("${")
    told = filled_in(location[len(before):], environment, in_address=False)
    is_whole = mark and before.endswith(("/", "\\")) and (Path(told).is_absolute() or _is_address(told))
    return told if is_whole else before + told


def _is_address(location: str) -> bool:
    return bool(_ADDRESS.match(location) or _GIT.match(location))


def filled_in(text: str, environment: Mapping[str, str] | None = None, *, in_address: bool = True,
              safe: str = "") -> str:
    """With the environment's values in place of `${NAME}`; `NAME_FILE` may name a file that holds one.

    In an address, all but letters, digits and `safe` is escaped in them. Raises Unreachable.
    """
    known = os.environ if environment is None else environment

    def value(found: re.Match[str]) -> str:
        name = found[1]
        told = known.get(name) or _from_file(name, known.get(f"{name}_FILE", ""))
        return quote(told, safe=safe) if in_address else told

    return _VARIABLE.sub(value, text)


def _from_file(name: str, file: str) -> str:
    if not file:
        raise Unreachable(f"the environment variable {name} is not set", f"Set {name}, or {name}_FILE.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Unreachable(f"the file that {name}_FILE names cannot be read", "Check its access rights.") from None


def without_user(address: str) -> tuple[str, tuple[str, str] | None]:
    """An address, and the user and password that stood in it. Raises Unreachable."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Unreachable("this is no address that can be read", "Check its location; an IPv6 address stands in `[…]`."
                          ) from None
    if "@" not in parts.netloc:
        return address, None
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, (unquote(parts.username or ""), unquote(parts.password or ""))

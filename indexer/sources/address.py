"""What a source's location says: of which kind it is, and how it is shown without its secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from indexer.sources.faults import Unreachable

_GIT = re.compile(r"git(\+[a-z]+)?://|ssh://.*\.git/?$|https?://.*\.git/?$|[\w.-]+@[\w.-]+:(?!//).*", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_USER = re.compile(r"(://)[^/@\s]*@")
_QUERY = re.compile(r"\?[^\s:]*")


def kind_of(location: str) -> Literal["folder", "git", "web", "files"]:
    """`folder` for what lies on this machine, single files among it."""
    if _GIT.match(location):
        return "git"
    if not _ADDRESS.match(location) or location.lower().startswith("file://"):
        return "folder"
    return "web" if re.match(r"https?://", location, re.IGNORECASE) else "files"


def local_path(location: str) -> Path:
    """Of a folder or file on this machine."""
    if location.lower().startswith("file://"):
        return Path(unquote(urlsplit(location).path))
    return Path(location)


def shown(location: str) -> str:
    """The location as it may be read by anybody: without user, password and query of an address."""
    if kind_of(location) == "folder":
        return location
    return _QUERY.sub("", _USER.sub(r"\1", location))


def filled_in(text: str, environment: Mapping[str, str] | None = None, *, in_address: bool = True) -> str:
    """With the environment's values in place of `${NAME}`; `NAME_FILE` may name a file that holds one.

    Raises Unreachable.
    """
    known = os.environ if environment is None else environment

    def value(found: re.Match[str]) -> str:
        name = found[1]
        told = known.get(name) or _from_file(name, known.get(f"{name}_FILE", ""))
        return quote(told, safe="") if in_address else told

    return _VARIABLE.sub(value, text)


def _from_file(name: str, file: str) -> str:
    if not file:
        raise Unreachable(f"the environment variable {name} is not set", f"Set {name}, or {name}_FILE.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Unreachable(f"the file that {name}_FILE names cannot be read", "Check its access rights.") from None


def without_user(address: str) -> tuple[str, tuple[str, str] | None]:
    """An address, and the user and password that stood in it."""
    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address, None
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, (unquote(parts.username or ""), unquote(parts.password or ""))

"""Addresses of web pages: one form for each, which of them belong to a site, and under what path they are kept."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from indexer.readers import can_read, why_unreadable
from indexer.sources.paths import harmless

_PORTS = {"http": 80, "https": 443}
_UNRESERVED = re.compile(r"%([46][1-9a-fA-F]|[57][0-9aA]|3[0-9]|2[dDeE]|5[fF]|7[eE])")
_HTML = ("text/html", "application/xhtml+xml")
_NO_TEXT = re.compile(r"(image|audio|video|font)/|text/(css|javascript)|application/(javascript|json|xml|wasm|gzip)")


def normal(address: str, base: str = "") -> str:
    """The one form in which an address is written, without fragment and user; empty for what is no web address."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    query = quote(parts.query, safe="=&?/%:@!$'()*+,;~-._")
    return urlunsplit((parts.scheme, netloc, _normal_path(parts.path), query, ""))


def _normal_path(path: str) -> str:
    """Without `.` and `..`, also where these are written as escapes, so that none leads out unseen."""
    plain = _UNRESERVED.sub(lambda found: unquote(found[0]), path or "/")
    kept: list[str] = []
    for part in plain.replace("\\", "/").split("/")[1:]:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    if plain.endswith(("/.", "/..")):
        kept.append("")
    return "/" + quote("/".join(kept), safe="/%:@!$&'()*+,;=~-._")


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of one host: what lies below a path."""

    scheme: str
    netloc: str
    folder: str
    """Ends with a slash."""

    @classmethod
    def around(cls, address: str) -> Scope:
        """Everything beside and below a page, given in its normal form."""
        parts = urlsplit(address)
        *_, last = parts.path.split("/")
        folder = parts.path.removesuffix(last) if "." in last or not last else parts.path + "/"
        return cls(parts.scheme, parts.netloc, folder)

    def holds(self, address: str) -> bool:
        """Whether an address in its normal form belongs to it. A site may move from http to https, not back."""
        parts = urlsplit(address)
        is_same = parts.scheme == self.scheme or (parts.scheme == "https" and ":" not in self.netloc)
        return is_same and parts.netloc == self.netloc and f"{parts.path}/".startswith(self.folder)

    def path_of(self, address: str, suffix: str) -> str:
        """Where the page at an address is kept."""
        parts = urlsplit(address)
        below = unquote(parts.path.removeprefix(self.folder) if f"{parts.path}/" != self.folder else "")
        below = f"{below}index" if not below or below.endswith("/") else below
        end = PurePosixPath(below).suffix
        if end.lower() in (suffix, suffix.removesuffix("l")):
            below, suffix = below.removesuffix(end), end
        mark = f"-{digest_of(parts.query)}" if parts.query else ""
        return harmless(f"{below}{mark}{suffix}")


def digest_of(text: str) -> str:
    """Short, and different for different texts."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def may_hold_text(address: str) -> bool:
    """Whether what an address is called does not speak against fetching it."""
    name = PurePosixPath(unquote(urlsplit(address).path))
    return _is_readable(name) or not _NO_TEXT.match(mimetypes.guess_type(name.name)[0] or "")


def suffix_of(address: str, content_type: str) -> str:
    """The ending under which what was fetched can be read; empty if it is nothing to read."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _HTML:
        return ".html"
    name = PurePosixPath(unquote(urlsplit(address).path))
    if _is_readable(name):
        return name.suffix.lower()
    guessed = ".md" if kind == "text/markdown" else mimetypes.guess_extension(kind) or ""
    return guessed if guessed and _is_readable(PurePosixPath(f"x{guessed}")) else ""


def _is_readable(name: PurePosixPath) -> bool:
    return can_read(name) or bool(why_unreadable(name))

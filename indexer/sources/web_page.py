"""What a crawler needs to know of a page: its title, its links, and what it says to crawlers."""

from __future__ import annotations

import contextlib
import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree

from indexer.sources.faults import Unreachable
from indexer.sources.web_address import normal

_MOST_BYTES = 50_000_000
_CHARSET = re.compile(r"charset=[\"']?([\w:.-]+)", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:(?:<!--.*?-->|<\?xml[^>]*>)\s*)*<(?:!doctype\s+html|html|head|body|title|meta|h1)[\s>]",
                   re.IGNORECASE | re.DOTALL)
_NO_SITEMAP = "Check that the address is that of a sitemap."


@dataclass(slots=True)
class Page:
    """A page of HTML."""

    title: str = ""
    canonical: str = ""
    """The address that it names as its own; empty if none."""
    links: list[str] = field(default_factory=list)
    """In their normal form, in the order of the page."""
    wants_index: bool = True
    wants_follow: bool = True


class _Looking(HTMLParser):
    def __init__(self, page: Page, address: str) -> None:
        super().__init__()
        self._page, self._base, self._in_title = page, address, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "base" and told.get("href"):
            self._base = normal(told["href"], self._base) or self._base
        elif tag == "a" and told.get("href") and "nofollow" not in told.get("rel", "").lower():
            self._page.links.append(normal(told["href"], self._base))
        elif tag == "link" and told.get("rel", "").lower() == "canonical":
            self._page.canonical = normal(told.get("href", ""), self._base)
        elif tag == "meta" and told.get("name", "").lower() in ("robots", "floorwalker"):
            heed(self._page, told.get("content", ""))
        self._in_title = tag == "title" and not self._page.title

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._page.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


def heed(page: Page, directives: str) -> None:
    """What a page, or the header of its response, asks of crawlers."""
    words = {word.strip() for word in directives.lower().split(",")}
    page.wants_index = page.wants_index and not words & {"noindex", "none"}
    page.wants_follow = page.wants_follow and not words & {"nofollow", "none"}


def page_of(content: bytes, address: str) -> Page:
    """What HTML says; broken HTML says what can be made out."""
    page = Page()
    looking = _Looking(page, address)
    with contextlib.suppress(AssertionError):  # Python's own parser gives up at some broken declarations
        looking.feed(content.decode("utf-8", "replace"))
    page.title = " ".join(page.title.split())
    page.links = [link for link in dict.fromkeys(page.links) if link]
    return page


def kind_of(content: bytes, content_type: str) -> str:
    """What a response says that it is; if it says nothing, `text/html` for what begins like that."""
    if content_type.strip() or not _HTML.match(content[:2048].removeprefix(b"\xef\xbb\xbf")):
        return content_type
    return "text/html"


def as_utf8(content: bytes, content_type: str) -> bytes:
    """The text of a response with the character set that its header names; a mark at its start outdoes all others."""
    named = _CHARSET.search(content_type)
    if not named or named[1].lower().replace("_", "-") in ("utf-8", "utf8"):
        return content
    try:
        return b"\xef\xbb\xbf" + content.decode(named[1], "replace").encode("utf-8", "replace")
    except LookupError:
        return content


def sitemap_of(content: bytes) -> tuple[Sequence[str], Sequence[str]]:
    """The pages that a sitemap names, and further sitemaps. Raises Unreachable."""
    try:
        if content[:2] == b"\x1f\x8b":
            content = zlib.decompressobj(wbits=31).decompress(content, _MOST_BYTES)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:  # a sitemap has none; they could fill the memory
            raise Unreachable("its sitemap defines entities of its own", _NO_SITEMAP)
        tree = ElementTree.fromstring(content)
    except (ElementTree.ParseError, gzip.BadGzipFile, zlib.error, ValueError):
        raise Unreachable("its sitemap is no XML", _NO_SITEMAP) from None
    places = {kind: [found.text.strip() for found in tree.iterfind(f"{{*}}{kind}/{{*}}loc") if found.text]
              for kind in ("url", "sitemap")}
    return places["url"], places["sitemap"]

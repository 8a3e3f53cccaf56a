"""A web page: its main content, without what only leads through the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from indexer.readers.faults import Fault, Reading
from indexer.readers.fields import Fields, Value
from indexer.readers.html_parts import parts_of
from indexer.readers.structure import document_of, tidy

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LARGEST = 20_000_000
"""Bytes; a page of text is a hundredth of that."""

_FIELDS = ("title", "url", "owner", "review_by", "audience", "valid_from", "valid_to")
_MAIN = ("#main-content", "main", "[role=main]", "article", "#content", ".document .body")
_LEFT_OUT = (
    "script", "style", "template", "noscript", "nav", "footer", "form", "button", "select", "svg", "iframe", "object",
    "canvas", "dialog", "[hidden]", "[aria-hidden=true]", "[role=navigation]", "[role=search]", "[role=contentinfo]",
    "a.headerlink", "#breadcrumbs", ".breadcrumb", ".breadcrumbs", ".breadcrumb-section", ".toc", ".toc-macro",
    "#toc", ".contents.topic", ".page-metadata", "#footer", ".footer", ".skip-link", ".sr-only", ".visually-hidden",
    ".pageSectionHeader.greybox",
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ASIDE = "aside:not(.admonition)"
_NAMES_A_CHARSET = re.compile(rb"<meta[^>]+charset|<\?xml[^>]+encoding", re.IGNORECASE)


def read(content: bytes, file_id: str) -> Reading:
    """The page as one document. Raises Fault for one without text."""
    from bs4 import BeautifulSoup

    if b"\0" in content[:2] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        soup = BeautifulSoup(content, "lxml", from_encoding="utf-16")
    else:
        soup = BeautifulSoup(content, "lxml", from_encoding=None if _names_charset(content) else _encoding(content))
    fields, title = _fields(soup), _title(soup)
    main = _main(soup)
    if main is None:
        raise Fault("The page holds no text.")
    parts = parts_of(main)
    name = _space_name(soup)
    return Reading((document_of(parts, file_id, title=_without_space(soup, name), fields=fields, fallback=title),))


def _names_charset(content: bytes) -> bool:
    return bool(_NAMES_A_CHARSET.search(content[:4096]))


def _encoding(content: bytes) -> str:
    """Of a page that does not say it: as browsers do, but UTF-8 first."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _main(soup: BeautifulSoup) -> Tag | None:
    """The element with the content, cleared of everything else."""
    for unwanted in [*soup.select(", ".join(_LEFT_OUT)), *soup.select(_ASIDE)]:
        unwanted.extract()
    for hidden in soup.find_all(style=_HIDDEN):
        hidden.extract()
    candidates = (found[0] for choice in _MAIN if len(found := soup.select(choice)) == 1)
    main = next((one for one in candidates if one.get_text(strip=True)), None)
    if main is None:
        for header in soup.select("body > header"):
            if not header.find("h1"):
                header.extract()
        main = soup.body
    return main


def _fields(soup: BeautifulSoup) -> Fields:
    """What `<meta name="floorwalker:owner" content="…">` and the like say, and the page's own address."""
    fields = dict(_metas(soup))
    canonical = soup.select_one("link[rel~=canonical][href]")
    address = str(canonical["href"]).strip() if canonical else ""
    if "url" not in fields and address.startswith(("https://", "http://")):
        fields["url"] = Value(1, text=address)
    return fields


def _metas(soup: BeautifulSoup) -> Iterator[tuple[str, Value]]:
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or "").strip().lower()
        field = name.removeprefix("floorwalker:").replace("-", "_")
        if field != name and field in _FIELDS:
            yield field, Value(meta.sourceline or 1, text=str(meta.get("content") or ""))


def _title(soup: BeautifulSoup) -> str:
    return tidy(soup.title.get_text()) if soup.title else ""


def _space_name(soup: BeautifulSoup) -> str:
    """A Confluence export begins every title with the space's name, which the first breadcrumb gives."""
    first = soup.select_one("#breadcrumbs .first a")
    return tidy(first.get_text()) if first else ""


def _without_space(soup: BeautifulSoup, space: str) -> str | None:
    """The title of a page exported from Confluence; None for any other page."""
    heading = soup.select_one("#title-text")
    if heading is None:
        return None
    title = tidy(heading.get_text())
    return title.removeprefix(f"{space} : ") if space else title.split(" : ", 1)[-1]

"""Quotes: a passage word for word, shortened only where Markdown allows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.answering.types import Quote
from indexer.types import Hit

LONGEST = 1200
QUOTES = 3
_WORTH_A_LINK = 0.75

_markdown = MarkdownIt("commonmark").enable("table")


def quotes_of(hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """The best passage, then up to two of other documents that are nearly as good."""
    if not hits:
        return ()
    chosen: dict[str, Hit] = {}
    for hit in hits:
        if hit.score >= _WORTH_A_LINK * hits[0].score:
            chosen.setdefault(hit.document_id, hit)
    return tuple(quote_of(hit) for hit in list(chosen.values())[:QUOTES])


def quote_of(hit: Hit) -> Quote:
    """A hit as it is quoted; its link leads to the section where the address has room for that."""
    return Quote(hit.document_id, hit.title, hit.section, shortened(hit.text), link_to(hit))


def link_to(hit: Hit) -> str | None:
    """The document's address with the section's anchor; None if the document has no address."""
    if hit.url and hit.anchor and "#" not in hit.url:
        return f"{hit.url}#{hit.anchor}"
    return hit.url or None


def source_line(quote: Quote) -> str:
    """Where a quote is from, in Markdown."""
    name = f"{quote.title} › {quote.section}" if quote.section else quote.title
    return f"Source: [{name}]({quote.url})" if quote.url else f"Source: {name}"


def shortened(text: str, longest: int = LONGEST) -> str:
    """The beginning of a Markdown text: whole blocks and list items up to about `longest` characters.

    A table, a block of code, a paragraph or a list item is never cut; the first one stays however long it is.
    """
    text = text.strip("\n")
    if len(text) <= longest:
        return text
    lines = text.splitlines(keepends=True)
    end = 0
    for line in _places_to_cut(_markdown.parse(text)):
        if end and len("".join(lines[:line]).rstrip()) > longest:
            break
        end = line
    return "".join(lines[:end] if end else lines).rstrip()


def _places_to_cut(tokens: Iterable[Token]) -> list[int]:
    """Numbers of the lines after which the text may end: outermost blocks, and the items of outermost lists."""
    cuts = set()
    for token in tokens:
        is_item = token.type == "list_item_open" and token.level == 1
        if token.map and token.nesting >= 0 and (token.level == 0 or is_item):
            is_list = token.type in ("bullet_list_open", "ordered_list_open")
            # A heading without what it heads says nothing.
            if not is_list and token.type != "heading_open":
                cuts.add(token.map[1])
    return sorted(cuts)

"""Quotes: of the best passage the part that answers, word for word; of others where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.answering.choice import chosen_from
from bot.answering.fitting import fitting_first
from bot.answering.markup import cleaned
from bot.answering.relevance import Embed, Relevance
from bot.answering.seams import mended
from bot.answering.types import Quote
from indexer.types import Hit

LONGEST = 1200
LONGEST_ANSWER = 2400
"""Characters up to which an FAQ answer is shown as written."""
QUOTES = 3
_WORTH_A_LINK = 0.75

_markdown = MarkdownIt("commonmark").enable("table")


def quotes_of(question: str, hits: Sequence[Hit], embed: Embed | None = None) -> tuple[Quote, ...]:
    """What answers the question in the best passage, then up to two other documents that are nearly as good.

    Without `embed`, the part that answers is chosen by its words alone.
    """
    if not hits:
        return ()
    best, text = _best(question, hits, embed)
    linked = _worth_a_link(hits, best)
    return (_quote(best, text), *(_quote(hit, shortened(hit.text)) for hit in linked))


def _best(question: str, hits: Sequence[Hit], embed: Embed | None) -> tuple[Hit, str]:
    """The best hit that has something to show: a table of contents has not, another passage of that document may.

    Only where the whole document has nothing to show, the next best hit of another one is quoted instead.
    """
    for hit in sorted(fitting_first(question, hits), key=lambda hit: hit.document_id != hits[0].document_id):
        text = answering_part(question, hit, [other.text for other in hits], embed)
        if text:
            return hit, text
    return hits[0], shortened(hits[0].text)


def answering_part(question: str, hit: Hit, background: Sequence[str] = (), embed: Embed | None = None) -> str:
    """The part of a hit that answers; an FAQ answer as it was written. Empty if the hit only points elsewhere."""
    if hit.kind == "faq":
        return shortened(hit.text, LONGEST_ANSWER)
    passage = mended(hit.before, hit.text, hit.after)
    marked = [cleaned(passage.text[:passage.start]), cleaned(passage.text[:passage.end])]
    whole = cleaned(passage.text)
    relevance = Relevance(question, background, embed, f"{hit.title}\n{hit.section}")
    return chosen_from(whole, (len(marked[0]), len(marked[1])), relevance)


def _worth_a_link(hits: Sequence[Hit], best: Hit) -> list[Hit]:
    """The best hits of other documents; a text that stands in several documents is offered once."""
    chosen = {best.document_id: best}
    told = {_words(best.text)}
    for hit in hits:
        if len(chosen) == QUOTES or hit.score < _WORTH_A_LINK * hits[0].score:
            break
        if hit.document_id not in chosen and _words(hit.text) not in told:
            chosen[hit.document_id] = hit
            told.add(_words(hit.text))
    return list(chosen.values())[1:]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.lower()))


def _quote(hit: Hit, text: str) -> Quote:
    """Its link leads to the section where the address has room for that."""
    return Quote(hit.document_id, hit.title, hit.section, text, link_to(hit), hit.place, hit.past_review)


def link_to(hit: Hit) -> str | None:
    """The document's address with the section's anchor; None if the document has no address."""
    if hit.url and hit.anchor and "#" not in hit.url:
        return f"{hit.url}#{hit.anchor}"
    return hit.url or None


def source_line(quote: Quote) -> str:
    """Where a quote is from, in Markdown."""
    source = f"Source: [{quote.source}]({quote.url})" if quote.url else f"Source: {quote.source}"
    return "\n\n".join(filter(None, (source, review_line(quote))))


def review_line(quote: Quote) -> str:
    """What is to be said of a source that nobody has looked over in time; else empty. Plain text."""
    if not quote.past_review:
        return ""
    day = date.fromisoformat(quote.past_review)
    return f"It was due for review on {day.day} {day:%B %Y}, so check with a coach if something looks out of date."


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

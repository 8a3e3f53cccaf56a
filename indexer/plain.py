"""Markdown as the plain words that a model should read: no markers, no link targets."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_AS_TEXT = ("text", "code_inline", "html_inline")
_BREAKS = ("softbreak", "hardbreak")


def plain(markdown: str) -> str:
    """The visible text, a line for each block or cell; what has none stays as it is."""
    lines = [line for line in _lines(_PARSER.parse(markdown)) if line]
    return "\n".join(lines) or markdown


def _lines(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_visible(child) for child in token.children or ()).strip()
        elif token.type in ("fence", "code_block", "html_block"):
            yield token.content.strip()


def _visible(child: Token) -> str:
    if child.type in _BREAKS:
        return "\n"
    if child.type == "image":
        return child.content
    return child.content if child.type in _AS_TEXT else ""

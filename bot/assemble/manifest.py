"""`floorwalker manifest`: the app manifest with suggestions out of this very knowledge base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from bot.assemble.basics import sources_of
from bot.errors import FloorwalkerError
from bot.settings import Settings
from bot.slack.manifest import MOST_PROMPTS, manifest, request_url
from indexer.errors import SourceMissing
from indexer.reading import read_files
from indexer.sources import SourceFile, files_of
from indexer.types import Document

FALLBACK = ("What is changing, and when?", "How do I get help from a coach?")
"""Suggested where there is no FAQ."""
TEXTS = (".md", ".markdown")
"""Files that hold no FAQ: there may be thousands, and they need not be read."""


class AddressMissing(FloorwalkerError):
    """The settings say mode = "http", but where does Slack reach the bot?"""

    hint = "Say --http https://…, with the address that leads to the bot."


def manifest_of(settings: Settings, data: Path, today: date, address: str = "") -> dict[str, Any]:
    """The manifest for these settings; for HTTP if there is an `address`.

    Raises:
        AddressMissing, AddressUnusable: Slack could not call the bot.
    """
    if settings.slack.mode == "http" and not address:
        raise AddressMissing
    questions = settings.slack.suggested_prompts or first_questions(settings, data, today) or FALLBACK
    return manifest(questions, request_url(address) if address else "")


def first_questions(settings: Settings, data: Path, today: date) -> tuple[str, ...]:
    """Up to four questions of the FAQ that anybody may see today: the first of each file, then the second ones.

    Empty where there is no FAQ, or a source is not there.
    """
    try:
        listed = [file for source in sources_of(settings) for file in files_of(source, skip=data)]
    except (SourceMissing, OSError):
        return ()
    tables = [file for file in listed if isinstance(file, SourceFile) and not file.id.endswith(TEXTS)]
    found = read_files(tables, {}, lambda _done, _total: None)
    by_file: dict[str, list[str]] = {}
    for document in found.documents.values():
        if document.kind == "faq" and _for_everybody(document, today):
            by_file.setdefault(found.file_of[document.id], []).append(document.phrasings[0])
    return tuple(islice(_in_turn(list(by_file.values())), MOST_PROMPTS))


def _for_everybody(document: Document, today: date) -> bool:
    begun = document.valid_from is None or document.valid_from <= today
    return begun and not document.audience and (document.valid_to is None or today <= document.valid_to)


def _in_turn(files: Sequence[Sequence[str]]) -> Iterator[str]:
    return (question for question in chain.from_iterable(zip_longest(*files)) if question is not None)

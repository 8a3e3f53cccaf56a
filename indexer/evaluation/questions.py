"""Golden questions: what people ask, and the documents that answer it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import QuestionsUnreadable

_MOST_FAULTS = 10


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the documents that answer it; without any, it must be handed over."""

    question: str
    expect: frozenset[str]
    kind: str = ""
    id: str = ""


def read_questions(path: Path) -> list[GoldenQuestion]:
    """The golden questions of a JSON Lines file. Raises QuestionsUnreadable, which names the lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be opened"
        raise QuestionsUnreadable(f"The file of questions {path} {reason}.", hint="Check the path.") from error
    questions: list[GoldenQuestion] = []
    faults: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                questions.append(golden_of(json.loads(line)))
            except (ValueError, RecursionError) as wrong:
                is_json = not isinstance(wrong, json.JSONDecodeError | RecursionError)
                faults.append(f"{path}, line {number}: {wrong if is_json else 'this is not JSON'}.")
    if faults:
        raise QuestionsUnreadable("\n".join(faults[:_MOST_FAULTS]))
    if not questions:
        raise QuestionsUnreadable(f"The file of questions {path} is empty.")
    return questions


def golden_of(row: Any) -> GoldenQuestion:
    """A golden question from its JSON object. Raises ValueError, which says what is wrong with it."""
    if not isinstance(row, dict):
        raise ValueError("this is not a JSON object")
    question, expect = row.get("question"), row.get("expect")
    if not isinstance(question, str):
        raise ValueError('"question" must be a text')
    if not isinstance(expect, list) or not all(isinstance(document, str) for document in expect):
        raise ValueError('"expect" must be a list of document ids; an empty one means: hand over')
    return GoldenQuestion(question, frozenset(expect), _text(row.get("kind")), _text(row.get("id")))


def _text(value: Any) -> str:
    return "" if value is None else str(value)

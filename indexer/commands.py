"""What the commands do, on plain arguments, and the JSON that other programs rely on.

What belongs to the answering room comes in as a callable, for the indexer does not know that room.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NoReturn

from indexer.evaluation.outcomes import AnswerLike
from indexer.types import Report, Viewer

ROW_FORM = 'A row is a JSON object with "id" and "question".'
_KINDS: dict[type, str] = {
    type(None): "null", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def report_json(report: Report) -> dict[str, Any]:
    """An index run as JSON."""
    return {
        "documents": report.documents, "passages": report.passages, "added": report.added, "changed": report.changed,
        "removed": report.removed, "unchanged": report.unchanged,
        "failed": [{"document": failure.document, "reason": failure.reason} for failure in report.failed],
        "embedded": report.embedded, "seconds": round(report.seconds, 3), "generation": report.generation,
        "gate": None if report.gated is None else {
            "held_back": report.gated.held_back, "asked": report.gated.asked, "worse": list(report.gated.worse),
            "better": report.gated.better},
        "released": report.released or None,
    }


def answer_json(identity: Any, question: str, answer: AnswerLike) -> dict[str, Any]:
    """An answer as JSON."""
    return {
        "id": identity, "question": question, "verdict": answer.verdict,
        "confidence": round(answer.confidence, 4), "text": answer.text,
        "quotes": [{"document": quote.document, "section": quote.whereabouts, "text": quote.text, "url": quote.url}
                   for quote in answer.quotes],
        "hits": [{"document": hit.document_id, "score": round(hit.score, 4)} for hit in answer.hits],
    }


def ask_batch(
    lines: Iterable[str], answer: Callable[[str, Viewer], AnswerLike], viewer: Viewer
) -> Iterator[dict[str, Any]]:
    """An object for each line, in order; a bad row gets its sentence and stops nothing. Empty lines are passed over.

    `viewer` asks where a row brings no `audience` or `at` of its own.
    """
    for line in lines:
        if line.strip():
            yield _answered(line, answer, viewer)


def _answered(line: str, answer: Callable[[str, Viewer], AnswerLike], viewer: Viewer) -> dict[str, Any]:
    try:
        row = json.loads(line.removeprefix("\ufeff"), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return {"id": None, "error": f"This row is not JSON. {ROW_FORM}"}
    if not isinstance(row, dict):
        return {"id": None, "error": f"This row is not an object. {ROW_FORM}"}
    identity, question = row.get("id"), row.get("question")
    if "question" not in row:
        return {"id": identity, "error": f'This row has no "question". {ROW_FORM}'}
    if not isinstance(question, str):
        return {"id": identity, "error": f'"question" must be a text, not {_KINDS[type(question)]}.'}
    try:
        asker = _viewer(row, viewer)
    except ValueError as wrong:
        return {"id": identity, "error": str(wrong)}
    return answer_json(identity, question, answer(question, asker))


def _no_number(name: str) -> NoReturn:
    """Python reads NaN and Infinity, which no other JSON reader would take back in the answer's `id`."""
    raise ValueError(name)


def _finite(written: str) -> float:
    """Nor the infinity that Python makes of 1e400."""
    number = float(written)
    return number if math.isfinite(number) else _no_number(written)


def _viewer(row: dict[str, Any], usual: Viewer) -> Viewer:
    audience, at = row.get("audience"), row.get("at")
    groups, on = usual.groups, usual.on
    if audience is not None:
        listed = [audience] if isinstance(audience, str) else audience
        if not isinstance(listed, list) or not all(isinstance(group, str) for group in listed):
            raise ValueError('"audience" must be a list of texts.')
        groups = frozenset(listed)
    if at is not None:
        try:
            on = date.fromisoformat(at)
        except (TypeError, ValueError):
            raise ValueError('"at" must be a date such as "2027-01-11".') from None
    return Viewer(groups, on)

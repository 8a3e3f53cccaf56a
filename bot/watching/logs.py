"""Logs: readable lines or JSON, each with its reference number, and never with what somebody wrote.

The text of an exception may quote a message (a value that could not be read, a body that was refused). So of an
exception only its kind, its code and where it was raised are written down, whoever logged it.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.watching.work import reference

__all__ = ["LEVELS", "JsonLines", "TextLines", "attach", "described"]

LEVELS = ("debug", "info", "warning", "error")

FOREIGN = ("slack_sdk", "slack_bolt", "bot.slack.bolt", "httpx", "httpcore", "uvicorn", "websockets",
           "sentence_transformers", "faiss", "botocore", "aiobotocore", "fsspec")
"""Libraries that see what people write: of them only errors are shown, and of these only what they begin with."""
_CODE = re.compile(r"[A-Za-z_0-9]{1,60}")


def attach(handler: logging.Handler, level: str) -> None:
    """Send all logs from `level` up to this handler, in place of those before."""
    root = logging.getLogger()
    for before in list(root.handlers):
        root.removeHandler(before)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in FOREIGN:
        logging.getLogger(name).setLevel(logging.ERROR)


class TextLines(logging.Formatter):
    """`2026-11-02 08:15:02Z WARNING 3f9ac21b bot.slack.intake: …`; what follows from an exception is indented."""

    def __init__(self, *, bare: bool = False) -> None:
        """`bare`: whoever shows the line adds time and level by itself."""
        super().__init__()
        self._bare = bare

    def format(self, record: logging.LogRecord) -> str:
        told = f"{reference() or '-':<8} {record.name}: {_message(record)}"
        head = "" if self._bare else f"{_time(record):%Y-%m-%d %H:%M:%SZ} {record.levelname:<7} "
        return "\n    ".join([head + told, *_trace(record)])


class JsonLines(logging.Formatter):
    """An object a line: `time`, `level`, `reference` (null without), `logger`, `thread`, `message`, maybe `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record).isoformat(timespec="milliseconds"), "level": record.levelname.lower(),
            "reference": reference() or None, "logger": record.name, "thread": record.threadName,
            "message": _message(record),
        }
        trace = _trace(record)
        return json.dumps(line | {"trace": trace} if trace else line, ensure_ascii=False)


def described(error: BaseException) -> Iterator[str]:
    """An exception and what it came from, line by line: kinds, codes and places, but no texts."""
    seen: set[int] = set()
    head = ""
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        code = _code_of(following)
        yield f"{head}{type(following).__name__}{f' ({code})' if code else ''}"
        for frame in traceback.extract_tb(following.__traceback__):
            yield f"  {'/'.join(frame.filename.replace(chr(92), '/').split('/')[-3:])}:{frame.lineno} in {frame.name}"
        head = "from "
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _code_of(error: BaseException) -> str:
    """What a system says about an error in one word: SQLite's name of it, the errno's, Slack's code."""
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f"errno {error.errno}"
    response = getattr(error, "response", None)
    refused = response.get("error") if response is not None and hasattr(response, "get") else None
    said = getattr(error, "sqlite_errorname", None) or refused
    return said if isinstance(said, str) and _CODE.fullmatch(said) else ""


def _message(record: logging.LogRecord) -> str:
    text = record.getMessage()
    return text.split(":", 1)[0] if record.name.startswith(FOREIGN) else text


def _trace(record: logging.LogRecord) -> list[str]:
    error = record.exc_info[1] if record.exc_info else None
    return list(described(error)) if error is not None else []


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)

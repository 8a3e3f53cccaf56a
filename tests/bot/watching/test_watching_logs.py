"""Logs: the reference number is in every line, and no text of an exception or a library ever is."""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from bot.watching.logs import JsonLines, TextLines, described
from bot.watching.work import Work, at_work, reference

SECRET_WORDS = "my salary is wrong"


def logged(formatter: logging.Formatter, write: Callable[[logging.Logger], None], name: str = "bot.test") -> str:
    """What a logger writes with this formatter."""
    stream, logger = StringIO(), logging.Logger(name)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    write(logger)
    return stream.getvalue()


def fail(logger: logging.Logger) -> None:
    try:
        try:
            raise ValueError(SECRET_WORDS)
        except ValueError as error:
            raise RuntimeError(f"about {SECRET_WORDS}") from error
    except RuntimeError:
        logger.exception("item %s failed", 7)


@pytest.mark.parametrize("formatter", [TextLines(), TextLines(bare=True), JsonLines()])
def test_of_an_exception_only_kinds_and_places_are_written(formatter: logging.Formatter) -> None:
    text = logged(formatter, fail)
    assert SECRET_WORDS not in text
    assert "RuntimeError" in text
    assert "from ValueError" in text
    assert "test_watching_logs.py" in text
    assert "item 7 failed" in text


def test_an_exception_that_another_handler_has_written_out_before_stays_unwritten_here() -> None:
    def both(logger: logging.Logger) -> None:
        logger.handlers.insert(0, logging.StreamHandler(StringIO()))  # caches the whole text in the record
        fail(logger)

    assert SECRET_WORDS not in logged(TextLines(), both)


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_each_line_carries_the_number_of_the_work(formatter: logging.Formatter) -> None:
    with at_work(Work("3f9ac21b")):
        with at_work(Work("00000000")):
            pass
        assert "3f9ac21b" in logged(formatter, lambda logger: logger.info("done"))
    assert reference() == ""
    assert "3f9ac21b" not in logged(formatter, lambda logger: logger.info("done"))


def test_a_line_of_json_says_the_same_as_a_readable_one() -> None:
    line: dict[str, Any] = json.loads(logged(JsonLines(), lambda logger: logger.warning("a\nb: %s", "c")))
    assert (line["level"], line["logger"], line["message"]) == ("warning", "bot.test", "a\nb: c")
    assert line["reference"] is None
    assert line["time"].endswith("+00:00")
    assert "trace" not in line


def test_libraries_may_say_what_happened_but_not_to_what() -> None:
    text = logged(TextLines(), lambda logger: logger.error(f"Failed to process a message: {SECRET_WORDS}"),
                  "slack_sdk.socket_mode.client")
    assert "Failed to process a message" in text
    assert SECRET_WORDS not in text


def test_codes_that_a_system_gives_are_told() -> None:
    with pytest.raises(sqlite3.OperationalError) as broken:
        sqlite3.connect(":memory:").execute("SELECT * FROM nothing")
    assert next(described(broken.value)) == "OperationalError (SQLITE_ERROR)"
    assert next(described(OSError(errno.ENOSPC, "full"))) == f"OSError (errno {errno.ENOSPC})"


def test_exceptions_that_lead_to_themselves_come_to_an_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert list(described(one)) == ["ValueError", "from KeyError"]

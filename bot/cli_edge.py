"""The edge of the command line: errors become sentences, a traceback goes to a file."""

from __future__ import annotations

import sys
import traceback
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from indexer.errors import FloorwalkerError

INTERRUPTED = 130


class Edge(click.Group):
    """A command group that shows sentences only. Exit codes: 0 done, 1 failed, 2 called wrongly."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FloorwalkerError as error:
            _tell(error.message, error.hint)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            sys.stderr.close()  # whoever read our output has gone; Python would complain once more at exit
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        except Exception:
            _tell_unexpected()
        raise SystemExit(1)


def _tell(message: str, hint: str) -> None:
    click.secho(message, fg="red", err=True)
    if hint:
        click.echo(hint, err=True)


def _tell_unexpected() -> None:
    reference = uuid.uuid4().hex[:8]
    log = Path.home() / ".cache" / "floorwalker" / "errors.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"--- {reference} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{traceback.format_exc()}\n")
    except OSError:
        traceback.print_exc()
        return
    _tell("Something went wrong that should not have.", f"The details are in {log} under reference {reference}.")

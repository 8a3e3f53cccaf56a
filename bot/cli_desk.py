"""The commands that look after the desk's data: tickets, backup, restore, forget."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli_options import F, as_json, common, read_settings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.desk.listing import Wanted

STATES = ("open", "new", "claimed", "waiting", "parked", "resolved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
ORDERS = ("newest", "oldest", "changed", "priority")


def ticket_number(text: str) -> int:
    """`FW-12`, and however else people write it: `fw-12`, `fw12`, `FW 12`, `12`."""
    found = re.fullmatch(r"(?:FW[-\s]?)?0*([1-9]\d{0,8})", text.strip(), re.IGNORECASE | re.ASCII)
    if not found:
        raise click.BadParameter(f"{text!r} is no ticket's number. They look like FW-12.")
    return int(found[1])


def filters(command: F) -> F:
    """The options that choose tickets."""
    day = click.DateTime(["%Y-%m-%d"])
    for option in reversed((
        click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="In this state; repeatable."),
        click.option("--area", "areas", multiple=True, metavar="NAME", help="Of this area; repeatable."),
        click.option("--priority", "priorities", multiple=True, type=click.Choice(PRIORITIES), help="Repeatable."),
        click.option("--owner", default="", metavar="USER", help="Whose it is; none: nobody's."),
        click.option("--asker", default="", metavar="USER", help="Who asked."),
        click.option("--since", type=day, metavar="DATE", help="Opened on this day or later."),
        click.option("--until", type=day, metavar="DATE", help="Opened on this day or earlier."),
        click.option("--tag", "tags", multiple=True, metavar="TAG", help="Has this tag; repeated: all of them."),
        click.option("--text", default="", metavar="WORDS", help="Words in the question or the resolution."),
        click.option("--sort", "order", type=click.Choice(ORDERS), default="newest", show_default=True),
        click.option("--limit", type=click.IntRange(min=1), metavar="N", help="No more than so many."),
    )):
        command = option(command)
    return command


@click.group()
def tickets() -> None:
    """Look at tickets, also while the bot runs. Nothing is changed."""


@tickets.command("list")
@filters
@as_json
@common()
def list_tickets(as_json: bool, config: Path | None, data: Path, **asked: Any) -> None:
    """List the tickets that fit."""
    from bot import console_tickets
    from bot.desk.listing import find

    zone = read_settings(config).desk.timezone
    console_tickets.show_list(find(data, _wanted(zone, **asked)), zone, as_json=as_json)


@tickets.command()
@click.argument("ticket", type=ticket_number)
@as_json
@common()
def show(ticket: int, as_json: bool, config: Path | None, data: Path) -> None:
    """Everything about one TICKET, such as FW-12, with its history."""
    from bot import console_tickets
    from bot.desk import listing

    zone = read_settings(config).desk.timezone
    console_tickets.show_ticket(listing.show(data, ticket), zone, as_json=as_json)


@tickets.command()
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write it there.  [default: standard output]")
@filters
@common()
def export(form: str, output: Path | None, config: Path | None, data: Path, **asked: Any) -> None:
    """Export the tickets that fit: for a spreadsheet, or for a program. Times are UTC."""
    from bot import console_tickets
    from bot.desk.listing import find

    found = find(data, _wanted(read_settings(config).desk.timezone, **asked))
    console_tickets.export(found, form, output)


def _wanted(zone: ZoneInfo, *, since: datetime | None, until: datetime | None, **asked: Any) -> Wanted:
    """The filters; days are those of the desk's time zone, both inclusive."""
    from bot.desk.listing import Wanted

    return Wanted(since=since.replace(tzinfo=zone) if since else None,
                  until=(until + timedelta(days=1)).replace(tzinfo=zone) if until else None, **asked)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--with-index", is_flag=True, help="Also the index and the fitted model, so that nothing is built anew.")
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep the newest N beside it, remove older ones.")
@as_json
@common()
def backup(file: Path | None, with_index: bool, keep: int | None, as_json: bool, config: Path | None,
           data: Path) -> None:
    """Back up the desk and what was taught, also while the bot runs.

    FILE is `floorwalker-<date>-<time>.zip` in the folder `backups` of the data folder unless you name another.
    The index is left out: `floorwalker index` makes it from your documents.
    """
    from bot import console_tickets
    from bot.assemble.backup import back_up

    made = back_up(data, file, datetime.now(UTC), with_index=with_index, keep=keep)
    console_tickets.show_backup(made, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--next-ticket", type=ticket_number, metavar="TICKET",
              help="Give the next ticket at least this number, where the old database is lost.")
@click.option("--dry-run", is_flag=True, help="Only check it, and say which tickets and people that would concern.")
@as_json
@common()
def restore(file: Path, next_ticket: int | None, dry_run: bool, as_json: bool, config: Path | None,
            data: Path) -> None:
    """Go back to a backup FILE. The bot must not run; what is there now is kept beside it."""
    from bot import console_tickets
    from bot.assemble.restore import restore as run

    done = run(file, data, datetime.now(UTC), next_ticket=next_ticket, dry_run=dry_run)
    console_tickets.show_restored(done, as_json=as_json)


@click.command()
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option("--force", is_flag=True, help="Also if a ticket of theirs is open: it is closed, or has no owner again.")
@as_json
@common()
def forget(user: str, yes: bool, force: bool, as_json: bool, config: Path | None, data: Path) -> None:
    """Forget a person: the words of USER (such as U0123ABC) go, their id becomes a made-up name, the figures stay."""
    from bot import console_tickets
    from bot.assemble.forget import forget as run

    if not yes:
        click.confirm(f"Forget all that {user} wrote? This cannot be taken back.", abort=True, err=True)
    console_tickets.show_forgotten(run(data, user, datetime.now(UTC), force=force), as_json=as_json)


COMMANDS = (tickets, backup, restore, forget)

"""The commands with which one begins: init, manifest, doctor."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli_options import as_json, common, read_settings

if TYPE_CHECKING:
    from bot.assemble.init import Answers

T = TypeVar("T")
CONFIG, DATA = Path("config.toml"), Path("data")


def _as(form: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that has a value read by a function of `bot.assemble.init`."""

    def check(_context: click.Context, _option: click.Parameter, value: Any) -> Any:
        from bot.assemble import init

        if not value:
            return None
        try:
            return getattr(init, form)(" ".join(value) if isinstance(value, tuple) else value)
        except ValueError as wrong:
            raise click.BadParameter(str(wrong)) from None

    return check


@click.command("init")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given keeps its default.")
@click.option("--coach-channel", metavar="CHANNEL", callback=_as("a_channel"),
              help="Where tickets are triaged: an id, or a name such as '#coaches'.")
@click.option("--coach", "coaches", multiple=True, metavar="ID", callback=_as("members"),
              help="A user or user group that takes tickets; repeatable.")
@click.option("--admin", "admins", multiple=True, metavar="ID", callback=_as("members"),
              help="A user or user group that looks after the bot; repeatable.")
@click.option("--timezone", metavar="ZONE", callback=_as("a_zone"), help="Such as Europe/London.")
@click.option("--mode", type=click.Choice(["socket", "http"]), default="socket", show_default=True,
              help="How Slack reaches the bot; socket needs no public address.")
@click.option("--knowledge", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="The folder of your documents.  [default: knowledge beside the settings]")
@as_json
@common()
def init_(yes: bool, knowledge: Path | None, as_json: bool, config: Path | None, data: Path, **given: Any) -> None:
    """Write a settings file and a knowledge folder to begin with. Asks a few questions; overwrites nothing."""
    from bot import console_setup
    from bot.assemble.init import begin, check_free

    file = config or CONFIG
    check_free(file)
    answers = _answers(ask=not yes, **given)
    begun = begin(answers, file, knowledge or file.parent / "knowledge")
    options = (f" --config {file}" if file != CONFIG else "") + (f" --data {data}" if data != DATA else "")
    console_setup.show_begun(begun, answers.mode, options, channel=answers.coach_channel,
                             complete=bool(answers.coaches and answers.admins), as_json=as_json)


def _answers(*, ask: bool, coach_channel: str | None, coaches: tuple[str, ...] | None, admins: tuple[str, ...] | None,
             timezone: str | None, mode: str) -> Answers:
    """What was given; the rest is asked for, or keeps its default."""
    from bot.assemble.init import COACH_CHANNEL, Answers, a_channel, a_zone, members, zone_of_this_machine

    def known(value: T | None, question: str, default: str, form: Callable[[str], T]) -> T:
        if value is not None:
            return value
        return _asked(question, default, form) if ask else form(default)

    ids = "ids of people (U…) or user groups (S…); Enter: later"
    return Answers(
        known(coach_channel, "In which channel do coaches take tickets?", COACH_CHANNEL, a_channel),
        known(coaches, f"Who takes tickets? ({ids})", "", members),
        known(admins, f"Who looks after the bot? ({ids})", "", members),
        known(timezone, "In which time zone are your business hours?", zone_of_this_machine(), a_zone), mode)


def _asked(question: str, default: str, form: Callable[[str], T]) -> T:
    def read(text: str) -> T:
        try:
            return form(text)
        except ValueError as wrong:
            raise click.UsageError(str(wrong)) from None

    answer: T = click.prompt(question, default=default, show_default=bool(default), value_proc=read, err=True)
    return answer


@click.command()
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default=None,
              help="Slack takes both.  [default: yaml]")
@click.option("--http", "address", default="", metavar="URL",
              help="For mode = \"http\": the https address at which Slack reaches the bot.")
@as_json
@common()
def manifest(form: str | None, address: str, as_json: bool, config: Path | None, data: Path) -> None:
    """Print the app manifest, from which Slack makes the bot's app: what it may do, hear and show."""
    from bot import console_setup
    from bot.assemble.manifest import manifest_of

    if as_json and form == "yaml":
        raise click.UsageError("Give either --json or --format yaml.")
    settings = read_settings(config)
    today = datetime.now(UTC).astimezone(settings.desk.timezone).date()
    made = manifest_of(settings, data, today, address)
    console_setup.show_manifest(made, "line" if as_json else form or "yaml")


@click.command()
@as_json
@common()
def doctor(as_json: bool, config: Path | None, data: Path) -> None:
    """Look whether everything is as the bot needs it, and tell the cure where it is not. Changes nothing.

    Exits with 0 if all is well, with 1 if something is wrong or could not be looked at.
    """
    from bot import console_doctor
    from bot.assemble.doctor import examine

    findings = examine(config, data, os.environ, lambda: datetime.now(UTC))
    if not console_doctor.show(findings, as_json=as_json):
        raise SystemExit(1)


COMMANDS = (init_, manifest, doctor)

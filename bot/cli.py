"""The `floorwalker` command. Nothing heavy is imported before a command needs it, so that `--help` is there at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot import cli_desk, cli_index, cli_setup, cli_sources
from bot.cli_edge import Edge
from bot.cli_options import as_json, common
from bot.cli_options import read_settings as _settings

DEMO_DATA = Path("data/demo")


@click.group(cls=Edge, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="floorwalker")
def main() -> None:
    """Floorwalker answers roll-out questions in Slack from your training material and hands the rest to coaches."""


@main.command()
@click.argument("question", required=False)
@click.option("--batch", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE",
              help="Questions as JSON lines with id and question; - reads stdin. Prints a JSON object for each.")
@click.option("--audience", multiple=True, metavar="GROUP", help="Ask as a member of this role, site or wave.")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Ask as if on this day.")
@as_json
@common()
def ask(question: str | None, batch: str | None, audience: tuple[str, ...], at: datetime | None, as_json: bool,
        config: Path | None, data: Path) -> None:
    """Ask a question, as an end user would."""
    from bot import console
    from bot.assemble.commands import Asking

    if (question is None) == (batch is None):
        raise click.UsageError("Give either a QUESTION or --batch FILE.")
    asking = Asking(_settings(config), data, frozenset(audience), at.date() if at else None)
    if batch is not None:
        with click.open_file(batch, encoding="utf-8", errors="replace") as rows:
            for row in asking.batch(rows):
                console.print_json(row)
    elif as_json:
        console.print_json(asking.one_as_json(question or ""))
    else:
        console.show_answer(asking.one(question or ""))


def _picture(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    from indexer.evaluation.running import PICTURES

    if path and path.suffix.lower() not in PICTURES:
        raise click.BadParameter(f"{path} must end with {', '.join(PICTURES[:-1])} or {PICTURES[-1]}.")
    return path


@main.command()
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--plot", type=click.Path(path_type=Path), callback=_picture, metavar="FILE",
              help="Draw what more answers would cost, and how far the confidence can be trusted: png, svg or html.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Keep this evaluation, to compare with.")
@click.option("--against", type=click.Path(path_type=Path), metavar="FILE",
              help="Say what has changed since a saved evaluation.")
@as_json
@common()
def evaluate(questions: Path, plot: Path | None, save: Path | None, against: Path | None, as_json: bool,
             config: Path | None, data: Path) -> None:
    """Measure the knowledge base with golden QUESTIONS (JSON lines with question and expect)."""
    from bot import console
    from bot.assemble.quality import run_evaluation
    from bot.console_evaluation import show_evaluation
    from indexer.evaluation.running import Wanted

    with console.progress() as progress:
        evaluated = run_evaluation(
            _settings(config), data, Wanted(questions, save, against, plot), progress, console.say)
    show_evaluation(evaluated, as_json=as_json)


@main.command()
@click.option("--minutes", type=click.FloatRange(0.1, 600), default=2.0, show_default=True,
              help="How long it may take in all.")
@click.option("--undo", is_flag=True, help="Use the model as it was before.")
@as_json
@common()
def tune(minutes: float, undo: bool, as_json: bool, config: Path | None, data: Path) -> None:
    """Fit the embedding model to the indexed knowledge base, and keep it if it is better.

    It judges itself on phrasings that it has not seen. What was kept is used by the next `floorwalker index`.
    """
    import time

    started = time.perf_counter()
    from bot import console, console_tuning

    settings = _settings(config)
    if undo:
        from indexer.tuning.tune import undo as take_back

        console_tuning.show_undone(take_back(data), as_json=as_json)
        return
    from bot.assemble.commands import run_tuning

    with console.progress() as progress:
        tuned = run_tuning(settings, data, minutes, progress, started)
    console_tuning.show_tuned(tuned, as_json=as_json)


@main.command()
@common()
def serve(config: Path | None, data: Path) -> None:
    """Run the bot in your Slack workspace until Ctrl-C."""
    from bot import console
    from bot.assemble.serving import serve as run
    from bot.assemble.serving import until_told_to_stop

    settings = _settings(config)
    console.log_to_stderr(settings.log)
    tell = console.teller(settings.log)
    with until_told_to_stop() as told, console.progress() as progress:
        for line in run(settings, data, progress, told):
            tell(line)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="0 takes a free one.")
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@common(DEMO_DATA)
def demo(port: int, no_browser: bool, config: Path | None, data: Path) -> None:
    """Try everything in the browser: a local Slack with the bot in it. Needs no account and no network."""
    from bot import console
    from bot.assemble.demo import Demo, with_starter_knowledge
    from bot.assemble.serving import until_told_to_stop
    from bot.assemble.sources import places_of

    settings = with_starter_knowledge(_settings(config), data, configured=_configured(config))
    console.log_to_stderr(settings.log, quiet=True)
    with until_told_to_stop() as told:
        running = Demo(settings, data, port)
        with running:
            with console.progress() as progress:
                running.prepare(progress)
            running.start()
            console.show_demo(running.workspace, data, places_of(settings), open_browser=not no_browser)
            told.wait()
            console.say("Stopping…")


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8421, show_default=True, help="0 takes a free one.")
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Keep the workspace in this file.  [default: workspace.json in the data folder]")
@click.option("--request-url", default=None, metavar="URL",
              help="Send events there by HTTP, signed, instead of over Socket Mode.")
@click.option("--manifest", "manifest_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Let in another app than Floorwalker: its manifest, JSON or YAML.")
@common()
def workspace(port: int, state: Path | None, request_url: str | None, manifest_file: Path | None,
              config: Path | None, data: Path) -> None:
    """Run the local Slack alone: a test bed that outlives the bot."""
    from bot import console
    from bot.assemble.demo import open_workspace
    from bot.assemble.serving import until_told_to_stop

    console.log_to_stderr(_settings(config).log, quiet=True)
    file = state or data / "workspace.json"
    with until_told_to_stop() as told, open_workspace(port, file, request_url, manifest_file=manifest_file) as running:
        console.show_workspace(running)
        told.wait()


def _configured(config: Path | None) -> bool:
    from bot.settings.load import DEFAULT_FILE

    return config is not None or DEFAULT_FILE.exists()


for command in (*cli_index.COMMANDS, *cli_sources.COMMANDS, *cli_desk.COMMANDS, *cli_setup.COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()

"""The command that tells how the sources are."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli_options import as_json, common, read_settings


@click.command()
@as_json
@common()
def sources(as_json: bool, config: Path | None, data: Path) -> None:
    """Show how each source of the knowledge base is: documents, last fetch and change, and what failed.

    Nothing is fetched and nothing is changed.
    """
    from bot import console_sources
    from bot.assemble.sources import held_of_sources, told_sources

    console_sources.show_sources(told_sources(read_settings(config), data), held_of_sources(data), as_json=as_json)


COMMANDS = (sources,)

"""`floorwalker forget`: a person is taken out of a data folder, also while the bot runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.assemble.archive import TAUGHT
from bot.desk.forgetting import Forgotten
from bot.desk.forgetting import forget as forget_in
from bot.desk.reading import DATABASE, NoDesk
from bot.desk.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """What went, and what is left that this command cannot take out."""

    user: str
    forgotten: Forgotten
    taught: tuple[Path, ...]
    """Published FAQ entries with words of theirs."""
    backups: tuple[Path, ...]
    """Backups and states moved aside by a restore, where they are still known."""


def forget(data: Path, user: str, now: datetime, *, force: bool = False) -> Outcome:
    """Forget a person. Raises `NoDesk`, and as `bot.desk.forgetting.forget` does."""
    if not (data / DATABASE).is_file():
        raise NoDesk(f"There is no desk in {data}.")
    store = Store(data / DATABASE)
    try:
        forgotten = forget_in(store, user, now, force=force)
    finally:
        store.close()
    taught = tuple(file for number in forgotten.published if (file := data / TAUGHT / f"fw-{number}.yaml").exists())
    backups = (*sorted((data / "backups").glob("*.zip")), *sorted(data.glob("before-restore-*")))
    return Outcome(user, forgotten, taught, backups)

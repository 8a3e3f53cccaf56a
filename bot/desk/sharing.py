"""*Share here*: an answer that only its asker has seen, for everybody in the thread where they asked."""

from __future__ import annotations

from datetime import datetime

from bot.desk.asking import not_yours
from bot.desk.office import Office
from bot.errors import IllegalStep


def share(office: Office, answer_id: int, user: str, now: datetime, *, respond_url: str) -> None:
    """See `Desk.share`."""
    stored = office.answers.get(answer_id)
    if not stored.beside or not stored.answer.quotes:
        raise IllegalStep("There is no thread to share this in.")
    with office.store.transaction():
        if stored.asker != user:
            not_yours(office, stored, user, now, respond_url)
        elif office.once.first(f"share:{answer_id}", now):
            office.notify("answer_shared", stored.channel, now, thread=stored.beside, answer=answer_id, author=user)
            if stored.outcome is None:
                office.notify("answer_settled", stored.channel, now, user=user, respond_url=respond_url,
                              answer=answer_id, outcome="shared")

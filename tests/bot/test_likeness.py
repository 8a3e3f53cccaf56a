"""What helped somebody else is not suggested where it comes from a document that is not for this asker."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.types import Answer, Quote
from bot.assemble.likeness import SimilarForAsker
from bot.desk.similar import SimilarTicket
from indexer.types import Hit, Viewer


@dataclass
class Ticket:
    """As much of one as is looked at."""

    number: int
    asker: str = "U0TOM"
    answer_id: int | None = None


def answer(*quoted: str, found: str = "open.md", restricted: Collection[str] = ()) -> Any:
    hits = (Hit(found, found, "training", "", "", "text", None, 0.5),)
    quotes = tuple(Quote(name, name, "", "text", None) for name in quoted)
    return SimpleNamespace(answer=Answer("?", "answer", 0.9, "", quotes, hits, 1), restricted=frozenset(restricted))


def hidden(documents: Collection[str], viewer: Viewer) -> set[str]:
    return {name for name in documents if name.startswith("finance") and "finance" not in viewer.groups}


ANSWERS = {1: answer("open.md"), 2: answer("finance/limits.md"), 3: answer(found="finance/limits.md"),
           5: answer("gone.md"), 6: answer("lost.md", restricted=["lost.md"]),
           7: answer("finance/limits.md", restricted=["finance/limits.md"])}
PEOPLE = SimpleNamespace(viewer=lambda user: Viewer(frozenset({"finance"} if user == "U0FIN" else ())))


@pytest.mark.parametrize(("asker", "seen"), [("U0TOM", [11, 14, 15]), ("U0FIN", [11, 12, 13, 14, 15, 17])])
def test_only_what_the_asker_may_see_is_similar(asker: str, seen: list[int]) -> None:
    resolved: Any = [Ticket(11, answer_id=1), Ticket(12, answer_id=2), Ticket(13, answer_id=3), Ticket(14),
                     *(Ticket(10 + number, answer_id=number) for number in (5, 6, 7))]
    found = tuple(SimilarTicket(one, 0.9) for one in resolved)
    answers: Any = SimpleNamespace(get=ANSWERS.__getitem__)
    people: Any = PEOPLE
    new: Any = Ticket(20, asker)
    similar = SimilarForAsker(lambda _ticket: found, answers, people, hidden)
    assert [one.ticket.number for one in similar.to(new)] == seen


def test_nothing_similar_asks_for_nothing() -> None:
    never: Any = None
    new: Any = Ticket(20)
    assert SimilarForAsker(lambda _ticket: (), never, never, hidden).to(new) == ()

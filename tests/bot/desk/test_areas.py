"""To which area a question belongs, with an embedder whose meaning is words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.desk.areas import Area, AreaFinder
from bot.desk.tickets import NewTicket, Tickets
from tests.bot.desk.desk_fakes import ANA, MIA, House
from tests.fakes import ToyEmbedder

AREAS = (Area("Finance", "expenses, invoices, purchase orders", "C1"), Area("Stores", "scanners, labels", "C2"))


def finder(past: dict[str, list[str]] | None = None, areas: Sequence[Area] = AREAS) -> AreaFinder:
    return AreaFinder(areas, ToyEmbedder().embed, lambda: past or {})


@pytest.mark.parametrize(("question", "area"), [
    ("Where are my invoices?", "Finance"), ("purchase orders", "Finance"), ("The labels of the scanners", "Stores"),
    ("My chair is broken", ""), ("", ""),
])
def test_the_area_whose_topics_are_nearest(question: str, area: str) -> None:
    assert finder().find(question) == area


def test_past_tickets_of_an_area_draw_their_like() -> None:
    past = {"Stores": ["the handheld beeps twice", "handheld beeps and stops", "why the handheld beeps"]}
    assert finder().find("the handheld beeps") == ""
    assert finder(past).find("the handheld beeps") == "Stores"


def test_one_misplaced_ticket_draws_nothing() -> None:
    assert finder({"Stores": ["the chair is broken"]}).find("the chair is broken") == ""


def test_past_tickets_of_the_desk_itself_hold_their_own() -> None:
    past = {"": ["invoices by mail for the canteen"] * 3}
    assert finder(past).find("invoices by mail for the canteen") == ""


def test_without_areas_nothing_is_embedded() -> None:
    def refuse(texts: Sequence[str]) -> np.ndarray:
        raise AssertionError(texts)

    assert AreaFinder((), refuse, dict).find("Where are my invoices?") == ""


def test_each_text_is_embedded_once() -> None:
    toy = ToyEmbedder()
    areas = AreaFinder(AREAS, toy.embed, lambda: {"Stores": ["old one"]})
    areas.find("first")
    count = len(toy.embedded)
    areas.find("second")
    assert toy.embedded[count:] == ["second"]


def test_of_each_area_only_the_newest_past_tickets_are_embedded() -> None:
    toy = ToyEmbedder()
    past = {"Stores": [f"ticket {number} of a thousand" for number in range(1000)], "": ["of the desk"]}
    AreaFinder(AREAS, toy.embed, lambda: past).find("first")
    compared = [text for text in toy.embedded if text.startswith("ticket")]
    assert sorted(compared) == sorted(past["Stores"][:100])
    assert "of the desk" in toy.embedded


def test_a_busy_area_does_not_crowd_out_the_past_of_a_quiet_one(house: House) -> None:
    tickets = Tickets(house.store)
    for number in range(105):
        area = "Stores" if number == 0 else "Finance"
        new = NewTicket(f"k{number}", "requested", f"question {number}", MIA, "D1", None, "C1", area=area)
        tickets.step(tickets.open_new(new, house.clock.now), "claimed", ANA, house.clock.now)
    latest = tickets.latest_questions()
    assert latest["Stores"] == ["question 0"]
    assert latest["Finance"] == [f"question {number}" for number in range(104, 4, -1)]

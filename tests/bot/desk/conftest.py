from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.desk.desk_fakes import House, Shelf


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.store.close()


@pytest.fixture
def shelf(house: House) -> Shelf:
    """What the house's bot searches in: it has to ask back each time."""
    return house.asks_back()

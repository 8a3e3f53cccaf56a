"""Which of the authors' own phrasings and headings may stand for questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from indexer.library import Phrasing


def telling(phrasings: Sequence[Phrasing]) -> list[Phrasing]:
    """Those that belong to one document only: "Before you begin" stands above many texts, and asks for none of them."""
    owners: dict[str, set[int]] = defaultdict(set)
    for phrasing in phrasings:
        owners[phrasing.text.casefold()].add(phrasing.document)
    return [phrasing for phrasing in phrasings if len(owners[phrasing.text.casefold()]) == 1]

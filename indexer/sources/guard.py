"""What files that are still there lost within: an FAQ file that was cut off half way has lost its entries, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from indexer.plan import Plan, StoredDocument
from indexer.sources.keeping import ACCEPT, FEW, has_shrunk
from indexer.sources.source import Fetching, Source
from indexer.types import Failure


class Found(Protocol):
    """What was read; see `indexer.reading.Found`."""

    file_of: dict[str, str]
    files: dict[str, str]
    failures: list[Failure]


def without_losses(plan: Plan, stored: Mapping[str, StoredDocument], found: Found, fetching: Fetching) -> Plan:
    """The plan, but documents of a source of ten or more stay if more are gone from its files than may go at once.

    What is kept is told among the failures, and its files are read anew the next time.
    """
    spared: set[str] = set()
    if plan.drop and not fetching.accept_losses:
        for source, files in fetching.listed:
            spared |= _spared(source, files, plan, stored, found)
    if not spared:
        return plan
    for name in spared:
        found.files.pop(stored[name].file, None)
    return replace(plan, drop=tuple(name for name in plan.drop if name not in spared),
                   keep=tuple(sorted({*plan.keep, *spared})))


def _spared(source: Source, files: frozenset[str], plan: Plan, stored: Mapping[str, StoredDocument], found: Found
            ) -> set[str]:
    gone = {name for name in plan.drop if stored[name].file in files}
    had = sum(document.file in files for document in stored.values()) if gone else 0
    has = had - len(gone) + sum(found.file_of.get(name) in files for name in plan.add)
    if had < FEW or not has_shrunk(had, has, source.may_lose):
        return set()
    found.failures.append(Failure(source.called, f"Of its {had:,} documents only {has:,} are left, so the others stay "
                                                 f"as they were. {ACCEPT}"))
    return gone

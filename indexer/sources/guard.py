"""What must not leave the index, and what must: losses within files that are still there (an FAQ file that was cut off
half way has lost its entries, too), and what a source has become too narrow for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from indexer.audience import covers
from indexer.plan import Plan, StoredDocument, is_behind
from indexer.sources.choice import Choice
from indexer.sources.keeping import ACCEPT, has_shrunk, told_unfitting
from indexer.sources.source import Fetching, Source
from indexer.types import Document, Failure

_WITHDRAWN = "What was stored of it is taken out, for the audience of its source is another by now."


class Found(Protocol):
    """What was read; see `indexer.reading.Found`."""

    documents: dict[str, Document]
    file_of: dict[str, str]
    files: dict[str, str]
    failures: list[Failure]


def without_losses(plan: Plan, stored: Mapping[str, StoredDocument], found: Found, fetching: Fetching) -> Plan:
    """The plan, but documents of a source stay if more are gone from its files than may go at once.

    What is kept is told among the failures, and its files are read anew the next time.
    """
    spared: set[str] = set()
    if plan.drop and not fetching.accept_losses:
        for source, files in fetching.listed:
            spared |= _spared(source, files, plan, stored, found)
        for (source, files), (_, share) in zip(fetching.listed, fetching.owned, strict=True):
            if source.include and not files:
                spared |= _left_out(source, share, plan, stored, found)
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
    if not has_shrunk(had, has, source.may_lose):
        return set()
    left = f"only {has:,} {'is' if has == 1 else 'are'} left, so the others stay" if has else "none is left: they stay"
    found.failures.append(Failure(source.called, f"Of its {had:,} documents {left} as they were. {ACCEPT}"))
    return gone


def _left_out(source: Source, share: frozenset[str], plan: Plan, stored: Mapping[str, StoredDocument], found: Found
              ) -> set[str]:
    """What would go because `include` fits nothing at all any more: that is a slip, unlike what `exclude` names."""
    choice = Choice(source.include, source.exclude)
    gone = {name for name in plan.drop if stored[name].file in share
            and not choice.leaves_out(stored[name].file.removeprefix(source.prefix))}
    is_told = any(failure.document in (source.called, source.prefix) for failure in found.failures)
    if gone and not is_told:
        found.failures.append(Failure(source.called, told_unfitting(source, len(gone), "document")))
    return gone


def without_forbidden(plan: Plan, stored: Mapping[str, StoredDocument], found: Found, fetching: Fetching) -> Plan:
    """The plan, but what would stay as it is stored, for more than its source's audience by now, leaves the index.

    It is told with the failure for which it would have stayed, and read anew the next time.
    """
    limits: dict[str, list[Source]] = {}
    for source, files in fetching.owned:
        for file in files if source.audience else ():
            limits.setdefault(file, []).append(source)
    gone = {name for name in plan.keep if name not in found.documents and any(
        not covers(source.audience, stored[name].audience) for source in limits.get(stored[name].file, ()))}
    if not gone:
        return plan
    concerned = {source.called for name in gone for source in limits[stored[name].file]}
    for number, failure in enumerate(found.failures):
        if failure.document in concerned or any(is_behind(name, stored[name].file, [failure]) for name in gone):
            found.failures[number] = replace(failure, reason=f"{failure.reason} {_WITHDRAWN}")
    for name in gone:
        found.files.pop(stored[name].file, None)
    return replace(plan, drop=tuple(sorted({*plan.drop, *gone})),
                   keep=tuple(name for name in plan.keep if name not in gone))


def hidden_by(plan: Plan, stored: Mapping[str, StoredDocument], found: Found) -> frozenset[str]:
    """The documents that somebody sees in the index, and would not after this plan."""
    return frozenset(plan.drop) | {
        name for name in plan.change if not covers(found.documents[name].audience, stored[name].audience)}

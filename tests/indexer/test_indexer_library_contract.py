"""The libraries that there are: in SQLite and FAISS, with the files of a small knowledge base and of a large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.library import Library, deriving
from indexer.library.sqlite import SqliteLibrary
from tests.indexer.library_contract import LibraryContract


class TestSmallSqliteLibrary(LibraryContract):
    """Every vector is looked at, and SQLite's full-text index is asked."""

    @staticmethod
    def open(folder: Path) -> Library:
        return SqliteLibrary(folder)


class TestMiddlingSqliteLibrary(LibraryContract):
    """Every vector is looked at, and postings are asked."""

    @pytest.fixture(autouse=True)
    def _everything_is_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(deriving, "LISTED", 0)

    @staticmethod
    def open(folder: Path) -> Library:
        return SqliteLibrary(folder)


class TestLargeSqliteLibrary(LibraryContract):
    """Codes in lists, and postings."""

    @pytest.fixture(autouse=True)
    def _everything_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(deriving, "LARGE", 0)
        monkeypatch.setattr(deriving, "LISTED", 0)

    @staticmethod
    def open(folder: Path) -> Library:
        return SqliteLibrary(folder)

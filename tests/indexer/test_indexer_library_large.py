"""What a large knowledge base is searched with finds what looking at everything finds."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from indexer.library import coded, deriving, postings, stems, writing
from indexer.library.coded import CodedVectors
from indexer.library.postings import Place, Postings
from indexer.library.rights import Right, Rights, Selection
from indexer.library.schema import TOKENIZER
from indexer.library.sqlite import SqliteLibrary
from indexer.library.vectors import FlatVectors
from indexer.types import Viewer
from tests.indexer.library_contract import document, embed, many, publish, seal, vector_of

COUNT, DIMENSIONS = 5_000, 32


def clustered(count: int = COUNT, seed: int = 0) -> np.ndarray:
    """Vectors around a hundred middles."""
    dice = np.random.default_rng(seed)
    made = np.random.default_rng(7).normal(size=(100, DIMENSIONS))[dice.integers(0, 100, count)]
    made += 0.7 * dice.normal(size=made.shape)
    unit: np.ndarray = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def blobs(vectors: np.ndarray) -> list[bytes]:
    return [vector.tobytes() for vector in vectors]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[CodedVectors, FlatVectors]:
    """The same vectors, looked at in part and wholly."""
    folder = tmp_path_factory.mktemp("vectors")
    return built(folder, clustered()), FlatVectors.build(DIMENSIONS, blobs(clustered()))


def built(folder: Path, vectors: np.ndarray) -> CodedVectors:
    coded.store(folder / "v", DIMENSIONS, [], blobs(vectors))
    stored = coded.stored(folder / "v", DIMENSIONS)
    index = coded.learn(stored)
    coded.fill(index, stored)
    coded.write(index, folder / "c")
    return CodedVectors.read(folder / "c", folder / "v")


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.001])
def test_of_the_ten_nearest_hardly_any_is_missed_however_few_may_be_seen(
    both: tuple[CodedVectors, FlatVectors], monkeypatch: pytest.MonkeyPatch, share: float,
) -> None:
    monkeypatch.setattr(coded, "LOOKED_AT", 1_000)
    monkeypatch.setattr(coded, "_TIMES_LIMIT", 1)
    monkeypatch.setattr(coded, "EXACTLY", 20)
    chosen = np.random.default_rng(3).random(COUNT) < share
    among = None if share == 1.0 else Selection(chosen)
    found, expected = [], []
    for vector in clustered(50, seed=9):
        found.append(both[0].nearest(vector, 10, among))
        expected.append(both[1].nearest(vector, 10, among))
    assert all(chosen[rows].all() for rows, _ in found if share < 1)
    same = [len({*rows.tolist()} & {*right.tolist()}) / len(right)
            for (rows, _), (right, _) in zip(found, expected, strict=True)]
    assert np.mean(same) > 0.98
    assert max(abs(cosines[0] - right[0]) for (_, cosines), (_, right) in zip(found, expected, strict=True)) < 1e-3


def test_what_may_be_seen_is_found_also_where_it_is_far_from_the_question(
    both: tuple[CodedVectors, FlatVectors], monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("LOOKED_AT", 250), ("_TIMES_LIMIT", 1), ("EXACTLY", 20)):
        monkeypatch.setattr(coded, name, value)
    middle = clustered(1, seed=4)[0]
    cosines = clustered() @ middle
    among = Selection(cosines > np.quantile(cosines, 0.95))  # 250 texts on one subject
    same = []
    for vector in clustered(50, seed=9):
        rows, right = (vectors.nearest(vector, 10, among)[0].tolist() for vectors in both)
        same.append(len({*rows} & {*right}) / 10)
    assert np.mean(same) > 0.98


def test_a_search_looks_at_a_part_of_the_codes(both: tuple[CodedVectors, FlatVectors],
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "LOOKED_AT", 50)
    monkeypatch.setattr(coded, "_TIMES_LIMIT", 1)
    far = both[1].nearest(clustered(1, seed=9)[0], COUNT, None)[0]
    found = both[0].nearest(clustered(1, seed=9)[0], COUNT // 3, None)[0]
    assert {*found.tolist()} != {*far[: COUNT // 3].tolist()}


def test_vectors_are_the_stored_ones_in_16_bits(both: tuple[CodedVectors, FlatVectors],
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "_MAPPED", 1)  # the pages are given back after each reading
    rows = np.array([4_999, 0, 17, 17])
    for _ in range(3):
        assert np.array_equal(both[0].of(rows), clustered()[rows].astype(np.float16).astype(np.float32))
    assert np.array_equal(both[1].of(rows), clustered()[rows])


def test_codes_that_are_carried_over_are_those_that_would_be_made(tmp_path: Path) -> None:
    vectors = clustered()
    built(tmp_path, vectors)
    kept = np.ones(COUNT, dtype=bool)
    kept[::7] = False
    after = np.concatenate([vectors[kept], clustered(100, seed=5)])
    coded.store(tmp_path / "v2", DIMENSIONS, [], blobs(after))
    stored = coded.stored(tmp_path / "v2", DIMENSIONS)
    carried, anew = coded.emptied(tmp_path / "c"), coded.emptied(tmp_path / "c")
    old = coded.read_index(tmp_path / "c")
    coded.carry_over(carried, old, np.where(kept, np.cumsum(kept) - 1, -1))
    coded.fill(carried, stored, int(kept.sum()))
    coded.fill(anew, stored)
    coded.write(carried, tmp_path / "carried")
    coded.write(anew, tmp_path / "anew")
    assert (tmp_path / "carried").read_bytes() == (tmp_path / "anew").read_bytes()


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Some stems are in most of them, others in few, a few often in one."""
    dice = np.random.default_rng(1)
    words = [f"w{number}" for number in range(300)]
    return [" ".join(words[min(int(one), 299)] for one in dice.zipf(1.3, dice.integers(5, 60)) - 1)
            for _ in range(3_000)]


def full_text(texts: list[str]) -> Database:
    db = Database(sqlite3.connect(":memory:"))
    db.execute(f"CREATE VIRTUAL TABLE passages_fts USING fts5(context, text, tokenize='{TOKENIZER}')")
    db.conn.executemany("INSERT INTO passages_fts(rowid, context, text) VALUES (?, 'w5 the context', ?)",
                        [(2 * number + 1, text) for number, text in enumerate(texts)])
    db.table("words").create({"stem": str, "occurrences": int, "passages": int, "start": int}, pk="stem")
    return db


QUESTIONS = [["w0", "w1", "w250"], ["w3", "w40", "w41", "w7"], ["w299"], ["w0"], ["w5", "w100", "contexts"],
             ["no", "w9"]]


@pytest.mark.parametrize("at_once", [10, 4_000_000])
@pytest.mark.parametrize("short", [0, 5_000])
@pytest.mark.parametrize("share", [None, 0.5, 0.01])
def test_scores_are_those_of_the_full_text_index(texts: list[str], monkeypatch: pytest.MonkeyPatch, at_once: int,
                                                 short: int, share: float | None) -> None:
    monkeypatch.setattr(stems, "_AT_ONCE", at_once)
    monkeypatch.setattr(postings, "_SHORT", short)  # 0: thinks before each list whether it may stop
    monkeypatch.setattr(postings, "_FEW", 100)
    db = full_text(texts)
    ids = np.arange(1, 2 * len(texts), 2, dtype=np.int32)
    made = stems.list_passages(db, ids, np.zeros(len(ids), dtype=np.int32), None)
    chosen = np.random.default_rng(2).random(len(ids)) < (share or 1.0)
    for words in QUESTIONS:
        expected = {row: -score for row, score in db.execute(
            "SELECT rowid, rank FROM passages_fts WHERE passages_fts MATCH ?", [" OR ".join(words)])
            if chosen[row // 2]}
        found = made.best(places(db, words), 50, None if share is None else Selection(chosen))
        best = sorted(expected.values(), reverse=True)[:50]
        assert [*found.values()] == pytest.approx(best, rel=1e-4)
        assert found == pytest.approx({row: expected[row] for row in found}, rel=1e-4)


def places(db: Database, words: list[str]) -> list[list[Place]]:
    rows = db.execute("SELECT stem, start, passages FROM words")
    known = {stem: Place(start, length) for stem, start, length in rows}
    return [[known[word]] if word in known else [] for word in (word.removesuffix("s") for word in words)]


def test_postings_survive_storing(texts: list[str], tmp_path: Path) -> None:
    db = full_text(texts[:100])
    ids = np.arange(1, 200, 2, dtype=np.int32)
    made = stems.list_passages(db, ids, np.zeros(100, dtype=np.int32), None)
    made.write(tmp_path)
    for words in QUESTIONS:
        assert Postings.read(tmp_path).best(places(db, words), 9, None) == made.best(places(db, words), 9, None)


def test_a_small_change_takes_over_what_was_derived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deriving, "LARGE", 0)
    monkeypatch.setattr(deriving, "LISTED", 0)
    library = SqliteLibrary(tmp_path)
    publish(library, *many(30))

    def forbidden(*_: object) -> None:
        raise AssertionError("nothing was to be learnt anew")

    with monkeypatch.context() as patched:
        patched.setattr(coded, "learn", forbidden)
        publish(library, *many(3, seed=1), drop=["d0-2"])
        with pytest.raises(AssertionError):
            publish(library, *many(60, seed=2))  # so many more that the lists do not suit them any more
    assert library.open().about.documents == 32


def test_a_knowledge_base_may_grow_large_and_become_small_again(tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deriving, "LARGE", 40)
    monkeypatch.setattr(deriving, "LISTED", 20)
    library = SqliteLibrary(tmp_path)
    for number, drop in ((5, []), (20, []), (1, [f"d20-{number}" for number in range(20)]), (30, [])):
        publish(library, *many(number, seed=number), drop=drop)
        generation = library.open()
        assert len(generation.nearest(vector_of("x"), 1_000, None)) == generation.about.passages
        assert len(generation.matching(["only5x2x1"], 1_000, None)) == 1
        generation.close()


def test_vectors_of_words_are_given_up_beyond_a_size_and_made_again_far_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "WITH_WORDS", 4)
    library = SqliteLibrary(tmp_path)

    def words() -> list[bytes]:
        generation = library.open()
        packed = generation.packed_words(generation.layout.texts.tolist())
        generation.close()
        return packed

    publish(library, document("a", "one", "two", "three"))
    assert words() == [b"one", b"two", b"three"]
    publish(library, document("b", "four", "five"))
    assert words() == [b""] * 5
    publish(library, drop=["b"])
    assert words() == [b""] * 3  # all alike: with two vectors out of three, the third would fall behind
    with library.writing(), library.draft() as draft:
        draft.drop(["a"])
        draft.put(*document("c", "two", "six"), "h", "c.md")
        assert embed(draft) == ["six", "two"]
        seal(library, draft)
        draft.publish({}, "")
    assert words() == [b"two", b"six"]


RIGHTS = Rights([Right(1, None, None, frozenset()), Right(2, "2026-11-10", None, frozenset()),
                 Right(4, None, "2026-11-22", frozenset({"staff"})),
                 Right(5, None, None, frozenset({"staff", "leeds"}))])


@pytest.mark.parametrize(("viewer", "ids"), [
    (Viewer(), [1]),
    (Viewer(on=date(2026, 11, 9)), [1]),
    (Viewer(on=date(2026, 11, 10)), [1, 2]),
    (Viewer(frozenset({"STAFF"}), date(2026, 11, 22)), None),
    (Viewer(frozenset({"staff"}), date(2026, 11, 23)), [1, 2, 5]),
    (Viewer(frozenset({"Leeds"})), [1, 5]),
    (None, None),
])
def test_rights_are_judged_by_day_and_group(viewer: Viewer | None, ids: list[int] | None) -> None:
    allowed = RIGHTS.allowed(viewer)
    assert (None if allowed is None else np.flatnonzero(allowed).tolist()) == ids


def test_a_selection_is_the_rows_that_were_chosen() -> None:
    chosen = np.random.default_rng(0).random(1003) < 0.3
    selection = Selection(chosen)
    assert np.array_equal(selection.chosen(), chosen)
    assert np.array_equal(selection.rows, np.flatnonzero(chosen))
    assert (selection.count, len(selection.bits)) == (int(chosen.sum()), 126)

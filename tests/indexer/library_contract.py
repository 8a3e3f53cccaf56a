"""What every library must hold to. A library's test derives from `LibraryContract` and opens its own kind.

Written against the Protocols of `indexer.library` alone, with vectors that are made here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexBusy, IndexMissing
from indexer.library import Draft, Generation, Library
from indexer.types import Document, Passage, Viewer

DIMENSIONS = 16
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
VOCABULARY = [f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
NEAR = 2e-3
"""How far a cosine may be off: a library may keep 16 bits of each figure."""


def document(name: str, *texts: str, audience: Sequence[str] = (), valid_from: date | None = None,
             valid_to: date | None = None) -> tuple[Document, list[Passage]]:
    """A document, a passage for each text."""
    made = Document(name, name.upper(), "training", (), audience=tuple(audience), valid_from=valid_from,
                    valid_to=valid_to)
    return made, [Passage(name, place, "Part", "part", text, (text,)) for place, text in enumerate(texts)]


def vector_of(text: str) -> np.ndarray:
    """Always the same for a text, and another one for another."""
    made = np.random.default_rng([*text.encode()]).normal(size=DIMENSIONS)
    vector: np.ndarray = (made / np.linalg.norm(made)).astype(np.float32)
    return vector


def embed(draft: Draft) -> list[str]:
    """Give the draft the vectors that it lacks. Returns of which texts."""
    missing = draft.unembedded()
    texts = draft.texts(missing)
    if missing:
        draft.store_vectors(missing, np.array([vector_of(text) for text in texts]), [text.encode() for text in texts])
    return texts


def seal(library: Library, draft: Draft) -> Generation:
    """Embed what is missing, and seal."""
    embed(draft)
    return draft.seal(number=library.next_number(), model="toy", fingerprint="f", dimensions=DIMENSIONS, built_at=NOW)


def publish(library: Library, *documents: tuple[Document, list[Passage]], drop: Sequence[str] = ()) -> None:
    """One run: take some documents out, put some in."""
    with library.writing(), library.draft(empty=library.current() == 0) as draft:
        draft.drop(drop)
        for made, passages in documents:
            draft.put(made, passages, f"hash of {made.id}", f"{made.id}.md")
        seal(library, draft)
        draft.publish({"some": 1}, "golden")


def many(count: int, seed: int = 0) -> list[tuple[Document, list[Passage]]]:
    """Documents of three passages with random words, audiences and dates."""
    dice = np.random.default_rng(seed)
    made = []
    for number in range(count):
        texts = [f"only{seed}x{number}x{place} " + " ".join(dice.choice(VOCABULARY, dice.integers(3, 12)))
                 for place in range(3)]
        groups = [group for group in ("Staff", "wave 2", "leeds") if dice.random() < 0.3]
        days = [date(2026, 11, int(day)) if dice.random() < 0.3 else None for day in dice.integers(15, 29, 2)]
        made.append(document(f"d{seed}-{number}", *texts, audience=groups, valid_from=days[0], valid_to=days[1]))
    return made


def may_see(made: Document, viewer: Viewer | None) -> bool:
    """The rule, once more in other words than the library's."""
    if viewer is None:
        return True
    if viewer.on is None and (made.valid_from or made.valid_to):
        return False
    groups = {group.casefold() for group in viewer.groups}
    day = viewer.on or DAY
    is_for_them = not made.audience or bool(groups & {group.casefold() for group in made.audience})
    return is_for_them and (made.valid_from or day) <= day <= (made.valid_to or day)


VIEWERS = [None, Viewer(), Viewer(on=DAY), Viewer(frozenset({"STAFF"}), DAY), Viewer(frozenset({"Wave 2", "x"}), DAY),
           Viewer(frozenset({"leeds", "staff"}), date(2026, 11, 17)), Viewer(frozenset({"Leeds"}))]



def _named(viewer: Viewer | None) -> str:
    """The same in every process, which a set's order is not."""
    return "sees all" if viewer is None else f"{'+'.join(sorted(viewer.groups)) or 'nobody'} on {viewer.on}"


class LibraryContract(ABC):
    """Found is what is there and may be seen, nothing else; a generation never changes; one writer at a time."""

    @staticmethod
    @abstractmethod
    def open(folder: Path) -> Library:
        """The library of this folder, empty if it is new."""

    @pytest.fixture
    def library(self, tmp_path: Path) -> Library:
        return self.open(tmp_path)

    @pytest.fixture
    def generation(self, library: Library) -> Iterator[Generation]:
        """Of fifty documents."""
        publish(library, *many(50))
        generation = library.open()
        yield generation
        generation.close()

    def test_nothing_is_there_at_first(self, library: Library) -> None:
        assert library.current() == 0
        with pytest.raises(IndexMissing):
            library.open()

    def test_a_published_draft_is_what_everybody_reads(self, library: Library) -> None:
        publish(library, document("a", "first words", "second words"))
        generation = library.open()
        about = generation.about
        assert (library.current(), about.number, about.documents, about.passages) == (1, 1, 1, 2)
        assert (about.model, about.fingerprint, about.dimensions, about.built_at) == ("toy", "f", DIMENSIONS, NOW)
        assert (about.calibration, about.golden) == ({"some": 1}, "golden")
        assert generation.documents()["a"].hash == "hash of a"
        generation.close()

    def test_a_draft_that_is_not_published_leaves_nothing(self, library: Library) -> None:
        publish(library, document("a", "first"))
        with library.writing(), library.draft() as draft:
            draft.drop(["a"])
            seal(library, draft)
        generation = library.open()
        assert (library.current(), set(generation.documents())) == (1, {"a"})
        generation.close()

    def test_a_text_is_embedded_once_however_often_it_occurs_and_is_moved(self, library: Library) -> None:
        publish(library, document("a", "same", "other"), document("b", "same"))
        with library.writing(), library.draft() as draft:
            draft.drop(["a"])
            draft.put(*document("c", "same", "new and longer", "new"), "h", "c.md")
            assert embed(draft) == ["new", "new and longer"]

    def test_vectors_can_be_forgotten(self, library: Library) -> None:
        publish(library, document("a", "one", "three"))
        with library.writing(), library.draft() as draft:
            draft.forget_vectors()
            assert embed(draft) == ["one", "three"]

    def test_files_are_remembered_until_they_are_told_anew(self, library: Library) -> None:
        with library.writing(), library.draft(empty=True) as draft:
            draft.remember_files({"x.md": "1", "y.md": "2"})
            draft.remember_files({"x.md": "3"})
            assert seal(library, draft).files() == {"x.md": "3"}

    @pytest.mark.parametrize("viewer", VIEWERS, ids=_named)
    def test_the_nearest_are_those_of_all_that_the_viewer_may_see(self, generation: Generation,
                                                                  viewer: Viewer | None) -> None:
        asked = vector_of("a question")
        cosines = {passage.text: float(vector_of(passage.text) @ asked)
                   for made, passages in many(50) if may_see(made, viewer) for passage in passages}
        found = generation.nearest(asked, 10, viewer)
        assert [*found.values()] == pytest.approx(sorted(cosines.values(), reverse=True)[:10], abs=NEAR)
        texts = self.texts(generation, found)
        assert [*found.values()] == pytest.approx([cosines[text] for text in texts], abs=NEAR)
        assert len(generation.nearest(asked, 1000, viewer)) == len(cosines)

    @pytest.mark.parametrize("viewer", VIEWERS, ids=_named)
    def test_passages_that_share_words_are_found_if_the_viewer_may_see_them(self, generation: Generation,
                                                                            viewer: Viewer | None) -> None:
        expected = {passage.text for made, passages in many(50) if may_see(made, viewer) for passage in passages
                    if {"wordb", "wordq"} & set(passage.text.split())}
        found = generation.matching(["wordb", "wordq", "nowhere"], 1000, viewer)
        assert {passage.text for passage in generation.passages(found).values()} == expected
        best = generation.matching(["wordb", "wordq", "nowhere"], 5, viewer)
        assert [*best.values()] == sorted(found.values(), reverse=True)[:5]

    def test_rare_words_and_short_passages_score_more(self, library: Library) -> None:
        usual = document("b", *(f"usual {number}" for number in range(9)))
        publish(library, document("a", "rare", "rare and so on and on"), usual)
        found = generation_scores(library.open(), ["rare", "usual"])
        assert found["rare"] > found["rare and so on and on"] > found["usual 3"] > 0

    def test_words_are_found_by_their_stems_and_counted(self, library: Library) -> None:
        publish(library, document("a", "claims are claimed", "Claiming"), document("b", "nothing of that"))
        generation = library.open()
        assert set(generation_scores(generation, ["claim"])) == {"claims are claimed", "Claiming"}
        assert generation.frequencies(["claim", "unheard"]) == {"claim": 2}
        generation.close()

    def test_the_layout_leads_from_texts_to_passages_and_documents(self, generation: Generation) -> None:
        layout = generation.layout
        numbers = {number: name for name, number in generation.numbers().items()}
        passages = generation.passages(layout.passages.tolist())
        assert len(passages) == generation.about.passages == 150
        for passage, number in zip(layout.passages.tolist(), layout.documents.tolist(), strict=True):
            assert passages[passage].document_id == numbers[number]
        assert set(numbers.values()) == {made.id for made, _ in many(50)}

    def test_vectors_and_words_are_given_as_they_were_stored(self, generation: Generation) -> None:
        texts = generation.layout.texts[[5, 3, 140]].tolist()
        stored = self.texts(generation, texts)
        assert np.allclose(generation.vectors(texts), [vector_of(text) for text in stored], atol=NEAR)
        assert generation.packed_words(texts) == [text.encode() for text in stored]
        asked = vector_of("a question")
        assert generation.cosines(asked, texts).tolist() == pytest.approx(
            [float(vector_of(text) @ asked) for text in stored], abs=NEAR)

    def test_neighbours_are_the_passages_of_a_section_around_one(self, library: Library) -> None:
        publish(library, document("a", "one", "two", "three", "four", "five"))
        generation = library.open()
        passages = generation.passages(generation.layout.passages.tolist())
        ids = {stored.text: number for number, stored in passages.items()}
        assert generation.neighbours(ids["three"], 1) == (("two",), ("four",))
        assert generation.neighbours(ids["one"], 9) == ((), ("two", "three", "four", "five"))
        generation.close()

    def test_a_generation_stays_as_it_was_when_the_next_one_is_published(self, library: Library) -> None:
        publish(library, *many(50))
        old = library.open()
        asked = vector_of("a question")
        before = old.nearest(asked, 20, None), old.matching(["wordc"], 20, None)
        publish(library, *many(5, seed=1), drop=[f"d0-{number}" for number in range(0, 50, 2)])
        assert (old.nearest(asked, 20, None), old.matching(["wordc"], 20, None)) == before
        assert (old.about.number, library.current()) == (1, 2)
        old.close()

    def test_after_changes_the_same_is_found_as_when_all_is_built_at_once(self, library: Library,
                                                                          tmp_path: Path) -> None:
        publish(library, *many(40))
        publish(library, *many(10, seed=1), drop=["d0-39", "d0-3", "d0-0"])
        publish(library, *many(10, seed=2), drop=["d1-9", "d0-17"])
        gone = {"d0-39", "d0-3", "d0-0", "d1-9", "d0-17"}
        at_once = self.open(tmp_path / "at once")
        publish(at_once, *(row for row in [*many(40), *many(10, seed=1), *many(10, seed=2)] if row[0].id not in gone))
        first, second = library.open(), at_once.open()
        assert first.about.passages == second.about.passages == 165
        for viewer in VIEWERS:
            asked = vector_of(str(viewer))
            one, other = (self.texts(one, one.nearest(asked, 30, viewer)) for one in (first, second))
            assert one == other
            words = ["worda", "wordk", "wordx", "only2x3x1"]
            assert generation_scores(first, words, viewer) == pytest.approx(generation_scores(second, words, viewer))
        assert first.frequencies(VOCABULARY) == second.frequencies(VOCABULARY)
        assert first.words_in_a_passage == pytest.approx(second.words_in_a_passage)

    def test_a_library_that_was_emptied_finds_nothing_and_can_be_filled_again(self, library: Library) -> None:
        publish(library, *many(4))
        publish(library, drop=[f"d0-{number}" for number in range(4)])
        generation = library.open()
        assert generation.nearest(vector_of("x"), 5, None) == {} == generation.matching(["worda"], 5, Viewer())
        generation.close()
        publish(library, document("a", "again"))
        assert [*generation_scores(library.open(), ["again"])] == ["again"]

    def test_there_is_one_writer(self, library: Library, tmp_path: Path) -> None:
        with library.writing(), pytest.raises(IndexBusy), self.open(tmp_path).writing():
            pass  # pragma: no cover
        with self.open(tmp_path).writing():
            pass

    def test_numbers_grow_and_what_is_kept_is_told(self, library: Library) -> None:
        for name in "abc":
            publish(library, document(name, name))
        assert library.next_number() == 4
        assert [(one.number, one.state) for one in library.generations()] == [
            (3, "published"), (2, "kept"), (1, "kept")]
        assert library.undo("f") == (3, 2)
        assert (library.current(), library.next_number()) == (2, 4)

    @staticmethod
    def texts(generation: Generation, texts: Sequence[int] | dict[int, float]) -> list[str]:
        """The passages that texts belong to, in their order; here they are the same."""
        layout = generation.layout
        passages = layout.passages[layout.rows_of_texts(texts)].tolist()
        stored = generation.passages(passages)
        return [stored[passage].text for passage in passages]


def generation_scores(generation: Generation, words: Sequence[str], viewer: Viewer | None = None) -> dict[str, float]:
    """What passages score, by their texts."""
    found = generation.matching(words, 100, viewer)
    return {stored.text: found[number] for number, stored in generation.passages(found).items()}

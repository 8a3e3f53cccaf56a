"""Words of a question against words of a passage, each in its context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.embedder import SentenceTransformerEmbedder
from indexer.late_interaction import NO_WORDS, WordVectors, met, word_vectors
from indexer.library.sqlite import SqliteLibrary
from indexer.library.words import telling_places
from indexer.ranking import MET, MET_DOCUMENTS, Candidate, head, with_met_words
from indexer.reindex import reindex
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Viewer
from tests.fakes import Clock, ToyEmbedder
from tests.indexer.tiny_model import make_tiny_model


def random_words(count: int, dimensions: int, seed: int) -> WordVectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return WordVectors(tuple(f"w{number}" for number in range(count)), unit.astype(np.float32))


@pytest.mark.parametrize("dimensions", [384, 510])
def test_packed_words_keep_what_is_near(dimensions: int) -> None:
    passages = [random_words(20, dimensions, seed) for seed in range(8)]
    noise = random_words(3, dimensions, 99).vectors
    mixed = passages[5].vectors[:3] + 0.8 * noise
    question = WordVectors(("a", "b", "c"), mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
    packed = [passage.packed() for passage in passages]
    assert {len(one) for one in packed} == {20 * -(-dimensions // 4)}
    found = met(question, np.ones(3), packed)
    exact = [(question.vectors @ passage.vectors.T).max(1).mean() for passage in passages]
    assert found.argmax() == 5
    assert found == pytest.approx(exact, abs=0.12)


def test_a_word_of_which_one_figure_says_all_is_packed_as_well() -> None:
    toy = ToyEmbedder()
    _, (question, same, other) = toy.embed_with_words(["hotel", "cheap hotel", "cheap train"])
    found = met(question, np.ones(1), [same.packed(), other.packed()])
    assert found[0] > 0.8 > 0.3 > found[1]


def test_rare_words_count_more() -> None:
    question = random_words(2, 64, 1)
    first, second = (WordVectors(("x",), question.vectors[row : row + 1]).packed() for row in (0, 1))
    assert met(question, np.array([3.0, 1.0]), [first, second]).argmax() == 0
    assert met(question, np.array([1.0, 3.0]), [first, second]).argmax() == 1


def test_without_words_nothing_is_met() -> None:
    question = random_words(2, 64, 1)
    assert met(question, np.ones(2), [b"", question.packed(), b""]) == pytest.approx([0.0, 0.88, 0.0], abs=0.05)
    assert met(question, np.zeros(2), [question.packed()]).tolist() == [0.0]
    assert met(question, np.ones(2), []).tolist() == []
    assert NO_WORDS.packed() == b""


def test_a_word_is_the_mean_of_its_pieces_wherever_they_stand() -> None:
    text = "The VPN, my VPN-client"
    places = np.array([[0, 0], [0, 3], [3, 6], [6, 7], [7, 8], [9, 11], [12, 15], [15, 16], [16, 19], [19, 22], [0, 0]])
    tokens = np.eye(len(places), 12, dtype=np.float32)
    made = word_vectors(telling_places(text), places, tokens)
    assert made.words == ("vpn", "client")
    half = np.sqrt(1 / 3)
    assert np.flatnonzero(made.vectors[0]).tolist() == [2, 3, 6]  # the first piece begins with the space before it
    assert made.vectors[0][[2, 3, 6]] == pytest.approx([half] * 3)
    assert np.flatnonzero(made.vectors[1]).tolist() == [8, 9]


def test_what_the_model_does_not_read_has_no_vector() -> None:
    assert word_vectors([("vpn", 0, 3), ("client", 4, 10)], np.array([[0, 3]]), np.ones((1, 4))).words == ("vpn",)
    assert word_vectors([("vpn", 0, 3)], np.array([[0, 0]]), np.ones((1, 4))) is NO_WORDS
    assert word_vectors([], np.array([[0, 3]]), np.ones((1, 4))) is NO_WORDS


def test_the_documents_at_the_head_change_places_among_themselves() -> None:
    candidates = [Candidate(number, number // 2, 0.9 - number / 100) for number in range(40)]
    looked_at = head(candidates)
    assert {candidate.document for candidate in looked_at} == set(range(MET_DOCUMENTS))
    better = with_met_words(candidates, {one.passage: 0.9 if one.passage == 7 else 0.2 for one in looked_at})
    assert better[0].passage == 7
    assert better[0].score == pytest.approx((1 - MET) * candidates[7].score + MET * 0.9)
    assert {one.document for one in better[: len(looked_at)]} == set(range(MET_DOCUMENTS))
    assert better[-1] == replace(candidates[-1], score=pytest.approx((1 - MET) * candidates[-1].score + MET * 0.2))
    assert with_met_words([], {}) == head([]) == []


class Lodging(ToyEmbedder):
    """Knows that a lodging is a hotel, but sees it only in single words."""

    def embed_with_words(self, texts: Sequence[str]) -> tuple[np.ndarray, list[WordVectors]]:
        vectors, words = super().embed_with_words(texts)
        _, meant = super().embed_with_words([text.replace("lodging", "hotel") for text in texts])
        return vectors, [replace(one, vectors=other.vectors) for one, other in zip(words, meant, strict=True)]


def documents_for(tmp_path: Path, **files: str) -> KnowledgeBase:
    folder = tmp_path / "knowledge"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    embedder = Lodging()
    reindex([Source(str(folder))], tmp_path / "data", embedder, now=Clock()())
    return KnowledgeBase(tmp_path / "data", embedder)


def test_a_passage_is_found_by_a_word_that_means_the_same(tmp_path: Path) -> None:
    files = {"a_md": "# Trains\n\nTickets are ordered.\n", "b_md": "# Beds\n\nA hotel is ordered.\n",
             "c_md": "# Cars\n\nCars are ordered.\n"}
    hits = documents_for(tmp_path, **files).find("Which lodging?", Viewer()).hits
    assert hits[0].document_id == "b.md"
    assert hits[0].score > hits[1].score + 0.2
    faq = "- id: tip\n  question: May I tip?\n  answer: Ten percent.\n"
    hits = documents_for(tmp_path, f_yaml=faq).find("Which lodging?", Viewer()).hits
    assert max(hit.score for hit in hits) < 0.1  # where phrasings are associated, single words have no say


def test_packed_words_outlive_a_change_of_other_documents(tmp_path: Path) -> None:
    def packed() -> dict[str, bytes]:
        generation = SqliteLibrary(tmp_path / "data").open()
        texts = generation.layout.texts.tolist()
        found = generation.packed_words(texts)
        names = [generation.passages([passage])[passage].document_id for passage in generation.layout.passages.tolist()]
        generation.close()
        return dict(zip(names, found, strict=True))

    documents_for(tmp_path, a_md="# Trains\n\nTickets are ordered.\n", b_md="# Beds\n\nA hotel is ordered.\n")
    before = packed()
    documents_for(tmp_path, b_md="# Beds\n\nTwo hotels are ordered, and a motel.\n")
    after = packed()
    assert after["a.md"] == before["a.md"] != b""
    assert len(after["b.md"]) > len(before["b.md"])


def test_a_model_gives_the_same_vectors_with_words_as_without(tmp_path: Path) -> None:
    vocabulary = ["How", "do", "I", "book", "a", "hotel", "in", "Rome", "train"]
    embedder = SentenceTransformerEmbedder(str(make_tiny_model(tmp_path, vocabulary)))
    texts = ["book a hotel in Rome", "train", ""]
    vectors, words = embedder.embed_with_words(texts)
    assert vectors == pytest.approx(embedder.embed(texts), abs=1e-6)
    assert [one.words for one in words] == [("book", "hotel", "rome"), ("train",), ()]
    assert np.linalg.norm(words[0].vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert words[1].vectors[0] == pytest.approx(vectors[1], abs=1e-5)  # the mean of one token is that token


@pytest.mark.real_model
def test_the_embedded_model_sees_a_fact_in_a_long_passage() -> None:
    embedder = SentenceTransformerEmbedder()
    _, (question, fact, other) = embedder.embed_with_words([
        "How much storage may MariaDB have?",
        "Backups run at night. The limit of the disk is 64 TiB for MariaDB databases, and alarms go to the owner.",
        "Backups run at night. Alarms go to the owner, and the weather in Italy is fine."])
    assert question.words == ("much", "storage", "may", "mariadb")
    found = met(question, np.ones(len(question.words)), [fact.packed(), other.packed()])
    assert found[0] > found[1] + 0.1

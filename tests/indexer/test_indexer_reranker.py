"""The reranker: what it reads, what it may change, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.errors import ModelMissing, RerankerMissing
from indexer.library import StoredPassage
from indexer.ranking import Candidate
from indexer.reindex import reindex
from indexer.reranker import LOOK, CrossEncoderReranker, readable, reranked, reranker_for
from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.types import Findings, Viewer
from tests.fakes import Clock, ToyEmbedder
from tests.indexer.tiny_model import make_tiny_cross_encoder, make_tiny_model

WORDS = ["hotel", "taxi", "train", "claim", "book", "early"]
TEXTS = ["taxi", "book hotel early", "train claim", "hotel", "claim claim claim", "early early train", "book",
         "hotel taxi train claim book early", "train", "early taxi"]


class Backwards:
    """Likes best what was found last."""

    name = "backwards"

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.read = [*texts]
        return list(range(len(texts)))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_tiny_cross_encoder(tmp_path_factory.mktemp("tiny") / "model", WORDS))


def found_in(root: Path, documents: dict[str, str], question: str, reranker: Backwards | None) -> Findings:
    if not (root / "knowledge").exists():
        (root / "knowledge").mkdir()
        for name, text in documents.items():
            (root / "knowledge" / name).write_text(text)
        reindex([Source(str(root / "knowledge"))], root / "data", ToyEmbedder(), now=Clock()())
    knowledge = KnowledgeBase(root / "data", ToyEmbedder(), reranker=reranker)
    try:
        return knowledge.find(question, Viewer())
    finally:
        knowledge.close()


def passage(number: int, *, section: str = "", question: str | None = None, title: str = "Travel") -> StoredPassage:
    return StoredPassage(number, f"{number}.md", title, "faq" if question else "training", section, "",
                         f"Book **hotel {number}** [early](https://x.example).", None, question)


def test_the_first_change_places_and_the_scores_stay(tmp_path: Path) -> None:
    documents = {f"d{n:02}.md": f"# Hotels {n}\n\nHotels" + " and more" * n for n in range(LOOK + 5)}
    before = found_in(tmp_path, documents, "hotels", None)
    after = found_in(tmp_path, documents, "hotels", Backwards())
    ids = [hit.document_id for hit in before.hits]
    assert len(ids) == LOOK + 5
    assert [hit.document_id for hit in after.hits] == [*reversed(ids[:LOOK]), *ids[LOOK:]]
    assert [hit.score for hit in after.hits] == [hit.score for hit in before.hits]
    assert (after.verdict, after.confidence, after.question, after.generation) == (
        before.verdict, before.confidence, before.question, before.generation)


def test_the_neighbours_are_those_of_the_hit_that_stands_first(tmp_path: Path) -> None:
    long = "# Hotels\n\n" + "\n\n".join(
        [f"Remark {n}, of the hotels hotels." + " hotels lorem" * 95 for n in range(2)]
        + ["Something else altogether." + " ipsum dolor" * 95])
    documents = {"long.md": long}
    before = found_in(tmp_path, documents, "hotels lorem", None)
    after = found_in(tmp_path, documents, "hotels lorem", Backwards())
    assert len(after.hits) == 3
    assert after.hits[0].text == before.hits[-1].text
    assert [after.hits[0].text[:9], *(text[:9] for text in after.hits[0].before)] == [
        "Something", "Remark 0,", "Remark 1,"]
    assert [text[:9] for text in after.hits[1].after][-1] == "Something", "each may be quoted in its place"


def test_an_entry_that_comes_first_has_no_neighbours(tmp_path: Path) -> None:
    documents = {"a.md": "# Hotels\n\n" + "Hotels hotels." * 120 + "\n\n" + "Hotels hotels." * 120,
                 "f.yaml": "- question: Who tips?\n  answer: Guests of hotels.\n"}
    first = found_in(tmp_path, documents, "hotels hotels", Backwards()).hits[0]
    assert (first.document_id, first.before, first.after) == ("f.yaml#who-tips", (), ())


def test_what_is_read_of_a_passage() -> None:
    assert readable(passage(1, section="Stay › Booking")) == "Travel › Stay › Booking\nBook hotel 1 early."
    assert readable(passage(2)) == "Travel\nBook hotel 2 early."
    assert readable(passage(3, question="Where?", title="Where?")) == "Where?\nBook hotel 3 early."
    assert readable(passage(4, question="Where?")) == "Travel\nWhere?\nBook hotel 4 early."


def test_equals_and_what_has_no_figure_keep_their_order() -> None:
    candidates = [Candidate(n, n, 1 - n / 10) for n in range(5)]
    passages = {n: passage(n) for n in range(5)}

    class Odd(Backwards):
        def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
            return [float("nan"), 1.0, 2.0, 1.0, float("nan")]

    found = reranked(Odd(), "x", candidates, passages)
    assert [one.passage for one in found] == [one.document for one in found] == [2, 1, 3, 0, 4]
    assert [one.score for one in found] == [one.score for one in candidates]


def test_none_is_made_of_an_empty_setting(tiny: str) -> None:
    assert reranker_for("") is None
    made = reranker_for(tiny)
    assert made is not None
    assert made.name == tiny


def test_a_cross_encoder_scores_as_its_library_does(tiny: str) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    library = CrossEncoder(tiny, device="cpu", local_files_only=True)
    expected = library.predict([("book taxi", text) for text in TEXTS], activation_fn=Identity())
    scores = CrossEncoderReranker(tiny).scores("book taxi", TEXTS)
    assert scores == pytest.approx(expected.tolist(), abs=1e-5)
    assert len({round(score, 4) for score in scores}) == len(TEXTS)
    assert list(CrossEncoderReranker(tiny).scores("book taxi", [])) == []
    assert len(CrossEncoderReranker(tiny).scores("taxi " * 5000, ["hotel " * 5000, "", "\0"])) == 3


def test_a_cross_encoder_orders_the_hits(tmp_path: Path, tiny: str) -> None:
    documents = {f"d{n}.md": f"# hotel\n\n{text} hotel" for n, text in enumerate(TEXTS)}
    reranker = CrossEncoderReranker(tiny)
    found_in(tmp_path, documents, "hotel", None)
    hits = KnowledgeBase(tmp_path / "data", ToyEmbedder(), reranker=reranker).find("book hotel", Viewer()).hits
    scores = reranker.scores("book hotel", [f"{hit.title}\n{hit.text}" for hit in hits])
    assert len(hits) == len(TEXTS)
    assert scores == sorted(scores, reverse=True)


def test_two_threads_get_what_one_gets(tiny: str) -> None:
    alone = {question: CrossEncoderReranker(tiny).scores(question, TEXTS) for question in WORDS[:2]}
    reranker, together, failed = CrossEncoderReranker(tiny), {question: [] for question in alone}, []

    def ask(question: str) -> None:
        try:
            for _ in range(20):
                together[question].append(reranker.scores(question, TEXTS))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=[question]) for question in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for question, scores in alone.items():
        assert together[question] == [pytest.approx(scores, abs=1e-5)] * 20


def test_a_model_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, sentence: str) -> None:
        with pytest.raises(RerankerMissing, match=sentence) as caught:
            CrossEncoderReranker(name).scores("x", ["y"])
        assert isinstance(caught.value, ModelMissing)
        assert "Set [model] reranker" in caught.value.sentence

    refuse(str(tmp_path / "none"), "no model folder")
    refuse(str(tmp_path), "is no cross-encoder")
    refuse(str(make_tiny_model(tmp_path / "embedding", WORDS)), "is no cross-encoder")
    refuse(str(tmp_path / "embedding" / "raw"), "is no cross-encoder")
    refuse(str(make_tiny_cross_encoder(tmp_path / "three", WORDS, figures=3)), "makes 3 figures of a text")
    broken = make_tiny_cross_encoder(tmp_path / "broken", WORDS)
    (broken / "model.safetensors").write_bytes(b"")
    refuse(str(broken), "cannot be loaded")
    monkeypatch.setattr("huggingface_hub.snapshot_download", _no_network)
    refuse("no-such-model", "neither a folder nor could it be fetched")


def _no_network(repository: str, **_: object) -> str:
    assert repository == "cross-encoder/no-such-model"
    raise OSError("no network")


def test_a_saved_cross_encoder_is_one(tmp_path: Path, tiny: str) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(tiny, device="cpu", local_files_only=True).save(str(tmp_path / "saved"))
    assert (tmp_path / "saved" / "modules.json").exists()
    again = CrossEncoderReranker(str(tmp_path / "saved")).scores("book taxi", TEXTS)
    assert again == pytest.approx(CrossEncoderReranker(tiny).scores("book taxi", TEXTS), abs=1e-5)


def test_its_own_prompt_is_used(tmp_path: Path, tiny: str) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    CrossEncoder(tiny, device="cpu", local_files_only=True, prompts={"ask": "claim train "},
                 default_prompt_name="ask").save(str(tmp_path / "saved"))
    prompted = CrossEncoderReranker(str(tmp_path / "saved")).scores("book taxi", TEXTS)
    library = CrossEncoder(str(tmp_path / "saved"), device="cpu", local_files_only=True)
    expected = library.predict([("book taxi", text) for text in TEXTS], activation_fn=Identity())
    assert prompted == pytest.approx(expected.tolist(), abs=1e-5)
    assert prompted != pytest.approx(CrossEncoderReranker(tiny).scores("book taxi", TEXTS), abs=1e-3)


def test_nothing_heavy_is_imported_before_the_first_question() -> None:
    code = ("import sys; from indexer import reranker; reranker.reranker_for('x').name; "
            "print([m for m in ('torch', 'faiss', 'sentence_transformers', 'sklearn') if m in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.real_model
def test_the_embedded_model_needs_no_network_and_leaves_it_to_the_reranker() -> None:
    code = """
import json, socket
tried = []
def refuse(*address, **_):
    tried.append(str(address))
    raise OSError("no network")
socket.getaddrinfo = socket.socket.connect = refuse
from indexer.embedder import SentenceTransformerEmbedder
shape = SentenceTransformerEmbedder().embed(["hotel"]).shape
import huggingface_hub
print(json.dumps([shape, tried, huggingface_hub.is_offline_mode()]))
"""
    usual = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=usual)
    assert json.loads(run.stdout) == [[1, 384], [], False]

"""The knowledge base as the bot asks it: searches the published generation, and moves to the next one by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from indexer.confidence import Calibration
from indexer.embedder import Embedder
from indexer.errors import FloorwalkerError, IndexOfAnotherModel
from indexer.library import DueDocument, Generation, Library, StoredPassage
from indexer.library.sqlite import SqliteLibrary
from indexer.library.words import words_of
from indexer.ranking import Candidate
from indexer.reranker import Reranker, reranked
from indexer.searcher import search
from indexer.types import Findings, Hit, Viewer

_NEIGHBOURS = 4  # passages on each side of one that may be quoted
_QUOTABLE = 12  # passages of the best one's document that may be quoted in its place
_LOOK_EVERY = 0.2  # seconds between two looks for a new generation
_WORTH_A_WAIT = 0.3
"""Seconds for which the question that comes upon a new generation waits until it is open: most are within a tenth."""
_TRY_AGAIN = 10.0  # seconds after which one that could not be opened is tried again: it may have been half copied

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """A generation that is asked before it is published, as the only one of a library."""

    generation: Generation
    calibration: Mapping[str, Any]

    def current(self) -> int:
        """Its number."""
        return self.generation.about.number

    def open(self) -> Generation:
        """Itself."""
        return self.generation


class KnowledgeBase:
    """Finds passages, from any thread. A generation that is published later is opened in the background."""

    def __init__(self, data: Path, embedder: Embedder, *, false_answers: float = 0.10,
                 reranker: Reranker | None = None, trial: Trial | None = None) -> None:
        """Opens nothing yet. `false_answers`: of the unanswerable questions, the share that may get an answer.

        `trial`: ask this generation, whatever is published; it is not closed here.

        `reranker` puts the best passages in order; how sure the answer is does not depend on it.
        """
        self._library: Library | Trial = SqliteLibrary(data)
        self._embedder = embedder
        self._false_answers = false_answers
        self._reranker = reranker
        self._lock = threading.Lock()  # of the next three; never held while anything is read
        self._open: _Opened | None = None
        self._looked_at = 0.0
        self._tried, self._try_again_at = 0, 0.0
        self._opening = threading.Lock()
        if trial is not None:
            self._library, self._open = trial, _Opened(trial.generation, trial.calibration)

    def find(self, question: str, viewer: Viewer) -> Findings:
        """The passages that best fit a question, and whether they answer it.

        Up to 50 hits of at least 10 documents, if there are as many that the viewer may see.
        Raises IndexMissing, IndexDamaged, IndexOfAnotherModel, ModelMissing.
        """
        opening = self.look()
        if opening is not None:
            opening.join(_WORTH_A_WAIT)
        with self._leased() as opened:
            number = opened.generation.about.number
            question = question.encode(errors="replace").decode()
            if not words_of(question):
                return Findings(question, "clarify", 0.0, (), number)
            candidates = search(opened.generation, question, self._embedder, viewer)
            if not candidates:
                return Findings(question, "handover", 0.0, (), number)
            score = candidates[0].score
            verdict = opened.calibration.verdict(score, self._false_answers)
            confidence = opened.calibration.confidence(score)
            hits = self._hits(opened.generation, question, candidates, viewer)
            return Findings(question, verdict, confidence, hits, number)

    def _hits(self, generation: Generation, question: str, candidates: Sequence[Candidate],
              viewer: Viewer) -> tuple[Hit, ...]:
        passages = generation.passages(candidate.passage for candidate in candidates)
        if self._reranker is not None:
            candidates = reranked(self._reranker, question, candidates, passages)
        return _with_neighbours(generation, candidates, passages, viewer.on.isoformat() if viewer.on else "")

    @property
    def generation(self) -> int:
        """The number of the generation in use; opens it if none is. Raises as `find`."""
        with self._leased() as opened:
            return opened.generation.about.number

    def questions(self, viewer: Viewer, limit: int) -> tuple[str, ...]:
        """Questions of the FAQ with which this viewer may begin, of each file in turn. Raises as `find`."""
        with self._leased() as opened:
            return tuple(opened.generation.questions(limit, viewer))

    def about(self) -> dict[str, Any]:
        """Figures of the generation in use: documents, passages, model, generation, built_at. Raises as `find`."""
        with self._leased() as opened:
            about = opened.generation.about
            return {"documents": about.documents, "passages": about.passages, "model": about.model,
                    "generation": about.number, "built_at": about.built_at}

    def past_review(self, day: date) -> list[DueDocument]:
        """Documents whose owners should have looked them over before that day. Raises as `find`."""
        with self._leased() as opened:
            return opened.generation.past_review(day)

    def hidden(self, documents: Collection[str], viewer: Viewer) -> frozenset[str]:
        """Which of these documents there are, but not for this viewer. Raises as `find`."""
        with self._leased() as opened:
            return opened.generation.hidden(documents, viewer)

    def refresh(self) -> None:
        """Use the published generation from now on. Raises as `find`; the one in use then stays."""
        with self._opening:
            opened = self._open
            if opened is not None and opened.generation.about.number == self._library.current():
                return
            generation = self._library.open()
            if generation.about.fingerprint != self._embedder.fingerprint:
                generation.close()
                raise IndexOfAnotherModel(
                    f"The index was made with the model {generation.about.model!r}, not with {self._embedder.name!r}.")
            with self._lock:
                old, self._open = self._open, _Opened(generation)
            if old is not None:
                self._release(old)

    def look(self) -> threading.Thread | None:
        """Begin to open what was published since; each question does it, too. The thread that opens it, if any does."""
        now = time.monotonic()
        with self._lock:
            if self._open is None or now - self._looked_at < _LOOK_EVERY:
                return None
            self._looked_at = now
            in_use = self._open.generation.about.number
        try:
            published = self._library.current()
        except FloorwalkerError as error:
            _log.warning("%s The generation in use keeps answering.", error.sentence)
            return None
        if published in (0, in_use) or (published == self._tried and now < self._try_again_at):
            return None
        self._tried, self._try_again_at = published, now + _TRY_AGAIN
        opening = threading.Thread(target=self._refresh_quietly, name="open-generation", daemon=True)
        opening.start()
        return opening

    def close(self) -> None:
        """Let go of the index; the next search opens it again."""
        with self._lock:
            old, self._open = self._open, None
        if old is not None:
            self._release(old)


    def _refresh_quietly(self) -> None:
        try:
            self.refresh()
        except FloorwalkerError as error:
            _log.warning("%s The generation in use keeps answering.", error.sentence)

    @contextmanager
    def _leased(self) -> Iterator[_Opened]:
        """The generation in use, kept open until the caller is done with it."""
        opened = self._lease()
        if opened is None:
            self.refresh()
            opened = self._lease()
        assert opened is not None
        try:
            yield opened
        finally:
            self._release(opened)

    def _lease(self) -> _Opened | None:
        with self._lock:
            if self._open is not None:
                self._open.users += 1
            return self._open

    def _release(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            is_last = opened.users == 0
        if is_last:
            opened.generation.close()


class _Opened:
    """A generation with what was learnt from it, and how many use it: the knowledge base itself is one."""

    def __init__(self, generation: Generation, calibration: Mapping[str, Any] | None = None) -> None:
        self.generation = generation
        self.calibration = Calibration.from_json(
            generation.about.calibration if calibration is None else calibration)
        self.users = 1


def _with_neighbours(
    generation: Generation, candidates: Sequence[Candidate], passages: Mapping[int, StoredPassage], day: str
) -> tuple[Hit, ...]:
    """The hits as on a day; those of the best one's document, one of which is quoted, with their neighbours."""
    hits = [_hit(passages[candidate.passage], candidate.score, day) for candidate in candidates]
    quotable = [number for number, hit in enumerate(hits)
                if hit.kind == "training" and hit.document_id == hits[0].document_id]
    for number in quotable[:_QUOTABLE]:
        before, after = generation.neighbours(candidates[number].passage, _NEIGHBOURS)
        hits[number] = replace(hits[number], before=before, after=after)
    return tuple(hits)


def _hit(passage: StoredPassage, score: float, day: str) -> Hit:
    review_by = passage.review_by or ""
    return Hit(
        document_id=passage.document_id, title=passage.title, kind=passage.kind, section=passage.section,
        anchor=passage.anchor, text=passage.text, url=passage.url, score=score, question=passage.question,
        place=passage.place, past_review=review_by if review_by < day else "",
    )

"""Questions that the knowledge base asks itself when it is indexed, to learn which scores have no answer behind them.

Without its entry, a phrasing of an FAQ is a question on a neighbouring topic that nothing here answers; so is a heading
without the documents that tell nearly the same. Questions on anything under the sun are unanswerable, too, and more
easily seen to be. What users ask in vain lies between these: how far, depends on how close the topics are to each
other. Golden questions, where an admin wrote some, say it best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import numpy as np

from indexer.confidence import FEWEST, TYPICAL, Calibration, Scores, calibration, fitted
from indexer.embedder import Embedder
from indexer.evaluation.questions import GoldenQuestion
from indexer.lexical import AskedWords, stemmer
from indexer.library import Generation, Phrasing
from indexer.phrasings import telling
from indexer.ranking import ASSOCIATED, NEAREST, OVERALL, WEIGHT, Candidate
from indexer.searcher import Asked, Without, asked_of, candidates_of
from indexer.tuning.judging import Drift

PHRASINGS, HEADINGS = 300, 150
"""How many of them are tried: enough for a quantile, and not much work."""

_TELLS_THE_SAME = 0.55  # cosine of sections from which on another one may answer the same heading
_LOOK = 2_000  # texts near a section
_OFTEN = 1 / 3
"""Share of phrasings for which another document comes before their own entry. Where it is more, that is no error of the
ranking: the knowledge base says things twice, and what fits as well as the own entry answers, too."""

_FAR_FROM_HEADINGS = 0.4
_FAR = (0.10, 0.60)
_APART = (0.89, 0.915)
"""The share of questions on anything, by how well phrasings with an answer are told from such without one (AUROC)."""
_NOT_UNRELATED = 0.8
_GOLDEN = 10
"""So many golden questions without an answer count as much as all that the knowledge base asks itself."""
_ALL_COSINES = (NEAREST + OVERALL + ASSOCIATED) / WEIGHT  # what of a score moves with the cosines
_EVEN_HEADINGS, _EVEN_PHRASINGS = 0.88, 0.75
"""Shares of the unanswerable questions below the score of even odds."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Scores of the knowledge base's own questions."""

    unanswerable: tuple[float, ...] = ()
    answerable: tuple[float, ...] = ()
    """Those whose answer came first."""
    mistaken: tuple[float, ...] = ()
    """Those for which another document came first."""

    def drifted(self, drift: Drift) -> _Asked:
        """What questions would score that the model was not fitted to."""
        vain, answered = (_ALL_COSINES * by for by in (drift.unanswerable, drift.answerable))
        return _Asked(tuple(score + vain for score in self.unanswerable),
                      tuple(score + answered for score in self.answerable),
                      tuple(score + answered for score in self.mistaken))

    @property
    def tried(self) -> int:
        """How many with an answer."""
        return len(self.answerable) + len(self.mistaken)


def calibrate(
    generation: Generation, embedder: Embedder, golden: Sequence[GoldenQuestion], progress: Callable[[int, int], None]
) -> Calibration:
    """What this generation teaches about its own searches."""
    own = telling(generation.phrasings(PHRASINGS))
    phrasings = [one for one in own if one.kind == "faq" and one.others][:PHRASINGS]
    headings = [one for one in own if one.kind == "training"][:HEADINGS]
    unrelated = files(__package__).joinpath("unrelated_questions.txt").read_text("utf-8").splitlines()
    asker = _Asker(generation, embedder, progress,
                   2 * len(phrasings) + len(headings) + len(unrelated) + len(golden))
    of_phrasings = asker.phrasings(phrasings).drifted(embedder.drift)
    of_headings = asker.headings(headings).drifted(embedder.drift)
    learnt = _learnt(of_phrasings, of_headings, [_best(found) for found in asker.ask(unrelated)])
    numbers = generation.numbers()
    expected = [{numbers.get(document) for document in one.expect} for one in golden]
    made = _refined(learnt, asker.ask([one.question for one in golden]), expected).calibration()
    asker.done()
    return made


class _Asker:
    """Asks a generation, and tells how far it is."""

    def __init__(self, generation: Generation, embedder: Embedder, progress: Callable[[int, int], None],
                 total: int) -> None:
        self._generation = generation
        self._embedder = embedder
        self._progress, self._done, self._total = progress, 0, total

    def ask(self, questions: Sequence[str], without: Sequence[Without] = ()) -> list[list[Candidate]]:
        """What is found for each question."""
        lefts = without or [Without()] * len(questions)
        return [self._find(*row) for row in zip(self._read(questions), lefts, strict=True)]

    def phrasings(self, phrasings: Sequence[Phrasing]) -> _Asked:
        """Each is asked once without itself, and once without its entry."""
        rows = list(zip(phrasings, self._read([one.text for one in phrasings]), strict=True))
        found = [self._find(asked, self._without_itself(one, asked.words)) for one, asked in rows]
        own = [next((candidate.score for candidate in some if candidate.document == one.document), 0.0)
               for one, some in zip(phrasings, found, strict=True)]
        right = [bool(some) and some[0].document == one.document for one, some in zip(phrasings, found, strict=True)]
        said_twice = right.count(False) > _OFTEN * len(right)
        unanswerable = []
        for (one, asked), some, score in zip(rows, found, own, strict=True):
            rivals = {candidate.document for candidate in some if said_twice and candidate.score >= score}
            rest = self._find(asked, Without(documents=frozenset(rivals | {one.document})))
            if rest:
                unanswerable.append(rest[0].score)
        tops = [_best(some) for some in found]
        return _Asked(tuple(unanswerable), tuple(top for top, good in zip(tops, right, strict=True) if good),
                      tuple(top for top, good in zip(tops, right, strict=True) if not good))

    def headings(self, headings: Sequence[Phrasing]) -> _Asked:
        """Each is asked without the documents that tell nearly the same as what stands below it."""
        withouts = [Without(documents=self._related(one)) for one in headings]
        found = self.ask([one.text for one in headings], withouts)
        return _Asked(tuple(some[0].score for some in found if some))

    def done(self) -> None:
        """All that could be asked was asked."""
        self._progress(self._total, self._total)

    def _find(self, asked: Asked, without: Without) -> list[Candidate]:
        self._progress(self._done, self._total)
        self._done += 1
        return candidates_of(self._generation, asked, None, without)

    def _read(self, questions: Sequence[str]) -> list[Asked]:
        return asked_of(self._generation, questions, self._embedder) if questions else []

    def _without_itself(self, phrasing: Phrasing, asked: AskedWords) -> Without:
        counts, repeated = stemmer.stems([self._generation.lexical_text(phrasing.passage), phrasing.text])
        bm25 = asked.score(counts - repeated, self._generation.words_in_a_passage)
        return Without(texts=frozenset(phrasing.repeats), bm25={phrasing.passage: bm25})

    def _related(self, heading: Phrasing) -> frozenset[int]:
        (vector,) = self._generation.vectors([heading.leads_to])
        near = self._generation.nearest(vector, _LOOK, None)
        same = [text for text, cosine in near.items() if cosine >= _TELLS_THE_SAME]
        layout = self._generation.layout
        return frozenset(layout.documents[layout.rows_of_texts(same)].tolist()) | {heading.document}


def _best(found: Sequence[Candidate]) -> float:
    return found[0].score if found else 0.0


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What questions without and with an answer score; how many of each sort count how much."""

    sorts: tuple[Scores, ...]
    """Without an answer."""
    even: float
    """The share of them below the score of even odds, where nothing tells better."""
    right: Sequence[float]
    wrong: Sequence[float]
    """Of questions with an answer, by whether it came first."""
    questions: int

    def calibration(self) -> Calibration:
        """All of it as numbers."""
        tried = len(self.right) + len(self.wrong)
        made = calibration(self.sorts, self.even, self.right, len(self.right) / max(tried, 1), self.questions)
        line = fitted(self.right, self.wrong, made.unanswerable)
        return made if line is None else replace(made, slope=line[0], middle=line[1])


def _learnt(of_phrasings: _Asked, of_headings: _Asked, unrelated: Sequence[float]) -> _Learnt:
    near = [*of_phrasings.unanswerable, *of_headings.unanswerable]
    share = len(of_phrasings.unanswerable) / len(near) if near else 0.0
    if len(near) < FEWEST:
        near += TYPICAL[: FEWEST - len(near)]
    # An unrelated question that scores like the nearest ones is not unrelated here.
    most = float(np.quantile(near, _NOT_UNRELATED))
    far = tuple(score for score in unrelated if score <= most)
    far_share = share * _far_from(of_phrasings) + (1 - share) * _FAR_FROM_HEADINGS
    return _Learnt(
        (Scores(tuple(near), 1 - far_share), Scores(far, far_share)),
        share * _EVEN_PHRASINGS + (1 - share) * _EVEN_HEADINGS, of_phrasings.answerable, of_phrasings.mistaken,
        len(near) + of_phrasings.tried + len(far))


def _far_from(asked: _Asked) -> float:
    """Where entries are easily told apart, what users ask in vain is seldom close to one."""
    if min(len(asked.answerable), len(asked.unanswerable)) < FEWEST:
        return _FAR_FROM_HEADINGS
    above = np.array(asked.answerable)[:, None] - np.array(asked.unanswerable)[None]
    return float(np.interp(((above > 0) + 0.5 * (above == 0)).mean(), _APART, _FAR))


def _refined(learnt: _Learnt, found: Sequence[list[Candidate]], expected: Sequence[set[int | None]]) -> _Learnt:
    """With golden questions: those without an answer count the more, the more there are; of the others, enough do."""
    rows = [(_best(some), bool(some) and some[0].document in documents, bool(documents))
            for some, documents in zip(found, expected, strict=True)]
    in_vain = tuple(score for score, _, answerable in rows if not answerable)
    relied_on = len(in_vain) / (len(in_vain) + _GOLDEN)
    sorts = (*(Scores(sort.scores, sort.weight * (1 - relied_on)) for sort in learnt.sorts), Scores(in_vain, relied_on))
    learnt = replace(learnt, sorts=sorts, questions=learnt.questions + len(rows))
    right = [score for score, good, _ in rows if good]
    if len(right) < FEWEST:
        return learnt
    return replace(learnt, right=right, wrong=[score for score, good, answerable in rows if answerable and not good])

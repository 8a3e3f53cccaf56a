"""“And on the phone?”: whether a question needs the one before it, and what the two find together. Pure.

No language model: the form of a question says whether it is one (“and …”, “what about …”, “same for …”, “by when?”,
“how long does that take?”). Both are searched for, the question alone and behind the one before it. What is good in
both searches and holds the question's own words is the answer. The earlier question alone would only find again what
was told already, so an echo that says nothing about what is new is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.answering.types import Quote, Turn
from indexer.types import Findings, Hit, Verdict

Place: TypeAlias = tuple[str, str, str]
"""Document, section, and the place within it."""

_LONGEST = 14  # words of a follow-up: who writes more says what it is about
_FEW_THINGS = 3
_OWN_WORDS, _ECHO = 0.15, 0.15  # what the question's own words add to a score; what an echo without them loses
_ABSENT = 0.8  # of the lowest score of a search that did not find a passage at all
_HOLDS, _HALF = 0.6, 0.5  # share of the question's own words in a passage
_NEAR_TOP, _STILL_GOOD = 4, 0.75  # rank among the question's own hits, and share of the best common score
_SAME_MATTER = 0.6  # share of the best common score from which a passage is still about what was asked before

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LINK = re.compile(r"(?:(?:ok(?:ay)?|so|and|but|or|also|then)[\s,]+)+", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:(?:ok(?:ay)?|oh|ah|hm+|thanks|thank you|great|right|yes|yeah|no|sorry)[\s,.!:–-]+)*"
    r"(?:and|but|or|what about|how about|what if|(?:the )?same|then|else|otherwise|even if|also|only|"
    r"what else|what then|why not|how so|like what|such as|i mean|i meant|meaning)\b", re.IGNORECASE)
_THERE_IS = re.compile(r"\b(?:is|are|was|were|will) there\b", re.IGNORECASE)

def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_POINTS = _listed(
    "it its that that's this these those they them their there here then one ones both such otherwise instead")
_FUNCTION = _POINTS | _listed(
    "a an the and or but if so as at by for from in into of off on onto out over per than to up via with without "
    "within it's i i'm i've me my mine we us our you your he his him she her is are am was were be been being do does "
    "did done don't doesn't didn't can can't cannot could may might must shall should will would won't have has had "
    "having need needs want wants get gets got go goes going let lets make makes how what when where which who whom "
    "whose why not no yes please ok okay also too just only even still again already yet now ever never always any "
    "some each every all more most less much many few other another else same very really about after before since "
    "until while during between long often soon later first last next use used using say says said happen happens "
    "happened mean means know see seen look looks like thing things something anything work works working worked help "
    "helps helped")
# A clause of its own: somebody does something, or something is asked of somebody.
_CLAUSE = re.compile(
    r"\b(?:how|where|when|which|who|why|what)\b.{0,40}\b(?:i|we|you|is|are|do|does|did|can|could|must|should|will|would)\b"
    r"|^(?:can|could|may|must|should|do|does|did|is|are|will|would)\s"
    r"|\b(?:i|we|my|our)\b", re.IGNORECASE)


def is_follow_up(question: str) -> bool:
    """Whether a question in a conversation needs what was asked before. One that says its matter itself does not."""
    text = _THERE_IS.sub("are", question.strip())
    words = _words(text)
    if not words or len(words) > _LONGEST:
        return False
    if _OPENS.match(text):
        return True
    few = len(_things(text)) <= _FEW_THINGS
    return few and (any(word in _POINTS for word in words) or not _CLAUSE.search(text))


def topic_of(earlier: Sequence[Turn]) -> Turn:
    """What a follow-up is about: the latest question that stood by itself, or else the first (of at least one).

    So “and abroad?” after “and on the phone?” is still about what was asked first.
    """
    alone = [turn for turn in earlier if not is_follow_up(turn.question)]
    return alone[-1] if alone else earlier[0]


def together(topic: Turn, question: str) -> str:
    """Both questions as one, for the search."""
    return f"{topic.question.strip()} {_LINK.sub('', question.strip(), count=1) or question.strip()}"


def merged(question: str, alone: Findings, both: Findings, told: Collection[Place]) -> Findings:
    """What a follow-up finds: `alone` by itself, `both` behind the earlier question; `told`: what was quoted already.

    An answer has to be sure of the matter (`both`), to be about it, and to hold the question's own words, or to be what
    the question alone finds surely.
    """
    if not both.hits or not alone.hits:
        return both if both.hits else alone
    things = _things(question)
    own, common = _best(alone.hits), _best(both.hits)
    ranked = sorted((_weigh(place, own, common, things, place in told) for place in own.keys() | common.keys()),
                    key=lambda one: (-one.score, *place_of(one.hit)))
    verdict = _verdict(ranked[0], alone, both)
    hits = tuple(replace(one.hit, score=min(1.0, max(0.0, one.score))) for one in ranked)
    return Findings(both.question, verdict, both.confidence if verdict == "answer" else alone.confidence, hits,
                    both.generation)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A passage with what speaks for it."""

    hit: Hit
    score: float
    held: float | None
    """Share of the question's own words that it holds; None if the question has none."""
    own_rank: int
    """Among what the question finds alone; 0 is the best."""
    common: float
    """Its score behind the earlier question, as a share of the best one."""
    echo: bool


def _weigh(place: Place, own: Mapping[Place, Hit], common: Mapping[Place, Hit], things: Sequence[str],
           echo: bool) -> _Weighed:
    hit = common.get(place) or own[place]
    held = _held(hit, things)
    score = (_score(place, own) + _score(place, common)) / 2 + _OWN_WORDS * (held or 0.0)
    best = max(other.score for other in common.values())
    return _Weighed(
        hit, score - (_ECHO if echo and not held else 0.0), held,
        sum(other.score > own[place].score for other in own.values()) if place in own else len(own),
        common[place].score / best if place in common and best > 0 else 0.0, echo)


def _verdict(best: _Weighed, alone: Findings, both: Findings) -> Verdict:
    if both.verdict == "answer" and best.common >= _SAME_MATTER:
        if best.held is None:
            if not best.echo and best.own_rank < _NEAR_TOP and best.common >= _STILL_GOOD:
                return "answer"
        elif best.held >= _HOLDS:
            return "answer"
        if best.own_rank == 0 and (alone.verdict == "answer" or (best.held or 0.0) >= _HALF):
            return "answer"
    if best.own_rank == 0 and alone.verdict == "answer" and (best.held or 0.0) >= _HOLDS:
        return "answer"
    # Surely about the same matter; only the asker can say which part of it.
    perhaps = best.held is None or (best.own_rank == 0 and best.held > 0)
    return "clarify" if perhaps and both.verdict != "handover" else "handover"


def place_of(hit: Hit | Quote) -> Place:
    """Where a passage stands, as far as people tell places apart; a PDF without headings has its pages."""
    document = hit.document if isinstance(hit, Quote) else hit.document_id
    return document, hit.section, hit.place


def _best(hits: Sequence[Hit]) -> dict[Place, Hit]:
    """The best passage of each section."""
    best: dict[Place, Hit] = {}
    for hit in hits:
        place = place_of(hit)
        if place not in best or hit.score > best[place].score:
            best[place] = hit
    return best


def _score(place: Place, found: Mapping[Place, Hit]) -> float:
    return found[place].score if place in found else _ABSENT * min(hit.score for hit in found.values())


def _held(hit: Hit, things: Sequence[str]) -> float | None:
    if not things:
        return None
    words = {_stem(word) for word in _words(f"{hit.title} {hit.section} {hit.question or ''} {hit.text}")}
    return sum(_stem(thing) in words for thing in things) / len(things)


def _things(text: str) -> list[str]:
    """The words of a text that name something."""
    return [word for word in _words(text) if word not in _FUNCTION]


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    """Enough of a word to meet its other forms."""
    return word[: max(4, len(word) - 2)]

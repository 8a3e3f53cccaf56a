"""The part of a passage that answers a question: whole blocks where they are short; sentences, items, rows otherwise.

Cutting too much is worse than showing a little too much: what is short is shown whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.answering.blocks import Part, parts_of
from bot.answering.relevance import Relevance
from bot.answering.rendering import rendered
from bot.answering.sentences import Span, leans_back, qualifies

SHORT = 700
"""Characters up to which a passage is shown whole."""
COMFORTABLE = 900
"""Characters up to which a quote takes in more than the best part."""
LONGEST_PROCEDURE = 2400
"""Characters up to which a procedure is shown whole; Slack takes 3,000 in a block."""

_WHOLE_PARAGRAPH = 550
_WHOLE_LIST = 800
_LIST_THAT_WAS_ASKED_FOR = 1400
_ROWS = 8  # of a table that can be taken in at a glance
_ENOUGH = 280  # characters of a paragraph that can be read alone
_TOO_SHORT_ALONE = 120
_NEARLY_AS_GOOD = 0.88
_SMALL_GAP = 130  # characters that are rather shown than left out


@dataclass(frozen=True, slots=True)
class _Scored:
    """A part with the figures of its pieces."""

    part: Part
    pieces: tuple[float, ...]

    @property
    def score(self) -> float:
        """That of its best piece: an answer is often one sentence."""
        return max(self.pieces)


def chosen_from(text: str, within: Span, relevance: Relevance) -> str:
    """What to show of a text; only parts that reach into `within` count. Empty if nothing is worth showing."""
    parts = [part for part in parts_of(text) if part.start < within[1] and part.end > within[0]]
    whole = [(part.start, part.end) for part in parts]
    shown_whole = rendered(text, whole, parts)
    if len(shown_whole) <= SHORT:
        return shown_whole
    scored = _scored(text, parts, relevance)
    shown: list[Span] = []
    for number in _in_order_of_choice(text, scored):
        spans = _shown_of(text, scored[number], relevance)
        if not shown or _length(shown) + _length(spans) <= COMFORTABLE:
            shown += spans
    return rendered(text, shown, parts)


def _scored(text: str, parts: Sequence[Part], relevance: Relevance) -> list[_Scored]:
    """All pieces of all parts are judged at once, because the model is asked only once."""
    texts: list[str] = []
    steps: set[int] = set()
    counts = []
    for part in parts:
        pieces = _pieces(text, part)
        if part.kind == "steps":
            steps.add(len(texts))
        texts += pieces
        counts.append(len(pieces))
    figures = iter(relevance.of(texts, steps))
    return [_Scored(part, tuple(islice(figures, count))) for part, count in zip(parts, counts, strict=True)]


def _pieces(text: str, part: Part) -> list[str]:
    """What is judged apart: sentences and items of long parts, each with what introduces it."""
    lead = text[slice(*part.lead)]
    if part.kind == "prose" and part.end - part.start > _WHOLE_PARAGRAPH:
        return [text[slice(*piece)] for piece in part.body.pieces]
    if part.kind == "bullets" and part.end - part.start > _WHOLE_LIST:
        return [f"{text[slice(*piece)]}\n\n{lead}" for piece in part.body.pieces]
    return [text[part.start : part.end]]


def _in_order_of_choice(text: str, scored: Sequence[_Scored]) -> list[int]:
    """The best part, what it needs to be understood, then what is nearly as good."""
    best = max(range(len(scored)), key=lambda number: scored[number].score)
    order = [best]
    before, after = best - 1, best + 1
    if before >= 0 and leans_back(text[scored[best].part.start : scored[best].part.end]):
        order.append(before)
    if after < len(scored) and _belongs_to(text, scored[best].part, scored[after].part):
        order.append(after)
    good = [number for number in range(len(scored)) if scored[number].score >= _NEARLY_AS_GOOD * scored[best].score]
    order += sorted(good, key=lambda number: -scored[number].score)
    if scored[best].part.end - scored[best].part.start < _TOO_SHORT_ALONE:
        order += [number for number in (before, after) if 0 <= number < len(scored)]
    return list(dict.fromkeys(order))


def _belongs_to(text: str, part: Part, following: Part) -> bool:
    """Whether a warning, or a sentence that takes something back, follows."""
    return following.kind == "note" or (part.kind != "note" and qualifies(text[following.start : following.end]))


def _shown_of(text: str, scored: _Scored, relevance: Relevance) -> list[Span]:
    """The whole part, or what answers of a long one."""
    part = scored.part
    length = part.end - part.start
    if part.kind == "prose" and length > _WHOLE_PARAGRAPH and len(scored.pieces) > 1:
        return [part.lead, *_sentences(text, part.body.pieces, scored.pieces)]
    longest = _LIST_THAT_WAS_ASKED_FOR if relevance.wants_several else _WHOLE_LIST
    if part.kind == "bullets" and length > longest and len(scored.pieces) > 1:
        return [part.lead, *_items(part.body.pieces, scored.pieces, longest)]
    if part.kind == "table" and (length > _WHOLE_LIST or len(part.body.pieces) > _ROWS):
        return _table(text, part, relevance)
    if part.kind == "steps" and length > LONGEST_PROCEDURE:
        return [part.lead, *_first(part.body.pieces, LONGEST_PROCEDURE - _length([part.lead]))]
    return [(part.start, part.end)]


def _table(text: str, part: Part, relevance: Relevance) -> list[Span]:
    """What introduces a table, its head, and the rows that share most with the question, else the first ones."""
    rows = part.body.pieces
    if not rows:
        return [(part.start, part.end)]
    head = (part.start, part.start + len(text[part.start : rows[0][0]].rstrip()))
    telling = relevance.telling([text[slice(*row)] for row in rows])
    return [head, *_items(rows, telling, _WHOLE_LIST)]


def _sentences(text: str, spans: Sequence[Span], scores: Sequence[float]) -> list[Span]:
    """The best sentences, each with the one that it leans on and those that take it back."""
    best = max(scores)
    shown: set[int] = set()
    for number in sorted(range(len(spans)), key=lambda number: -scores[number]):
        window = _window(text, spans, number)
        if not shown or (scores[number] >= _NEARLY_AS_GOOD * best
                         and _length(spans[one] for one in shown | window) <= _WHOLE_PARAGRAPH):
            shown |= window
    for number in range(min(shown) + 1, max(shown)):
        if spans[number][1] - spans[number][0] <= _SMALL_GAP:
            shown.add(number)
    return [spans[number] for number in sorted(shown)]


def _window(text: str, spans: Sequence[Span], number: int) -> set[int]:
    first = last = number
    while first and leans_back(text[slice(*spans[first])]):
        first -= 1
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= _WHOLE_PARAGRAPH and (
            qualifies(text[slice(*spans[last + 1])]) or leans_back(text[slice(*spans[last + 1])])):
        last += 1
    while spans[last][1] - spans[first][0] < _ENOUGH and (first, last + 1) != (0, len(spans)):
        first, last = (first, last + 1) if last + 1 < len(spans) else (first - 1, last)
    return set(range(first, last + 1))


def _items(spans: Sequence[Span], scores: Sequence[float], longest: int) -> list[Span]:
    """The best items as far as they fit, in their order; where none is better, the first ones."""
    shown: list[Span] = []
    for number in sorted(range(len(spans)), key=lambda number: -scores[number]):
        good = scores[number] >= _NEARLY_AS_GOOD * max(scores)
        if not shown or (good and _length(shown) + _length([spans[number]]) <= longest):
            shown.append(spans[number])
    return sorted(shown)


def _first(spans: Sequence[Span], longest: int) -> list[Span]:
    """Whole steps from the start; the first one however long it is."""
    count = 1
    while count < len(spans) and spans[count][1] - spans[0][0] <= longest:
        count += 1
    return list(spans[:count])


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)

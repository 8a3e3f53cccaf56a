"""Which passage of the document that was found is quoted.

The search ranks passages by what they are about as a whole. Two things it sees less well: a section whose very heading
is the question, and a row or sentence deep inside of a passage that holds all that was asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.answering.blocks import Part, parts_of
from bot.answering.markup import cleaned
from bot.answering.relevance import asks_for_steps, rarity, share
from indexer.library.words import Stemmer, telling_words, words_of
from indexer.plain import plain
from indexer.types import Hit

COMPARED = 4
"""Passages of the document that are looked at."""

_NEARLY_ALL = 0.75
_HALF = 0.5
_CLEARLY = 0.2  # more of the question's words, weighted by rarity, for another passage to be quoted
_EQUAL = 0.05
_FAR = 0.7  # of the best score: what is less was found for another reason
_ABOUT_AS_GOOD = 0.85
_WISHES = frozenset(("must", "may", "might", "shall", "need", "want", "like"))
_stemmer = Stemmer()

Stems = Collection[str]


def fitting_first(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The same hits; of the best one's document, the passage that fits the question comes first."""
    if not hits or hits[0].kind == "faq":
        return list(hits)
    same = [hit for hit in hits if hit.document_id == hits[0].document_id]
    named = _named(question, same)
    best = _best_fitting(question, named, 0.0) if named else _procedure(question, same)
    best = best or _best_fitting(question, same[:COMPARED], _CLEARLY)
    return [best, *(hit for hit in hits if hit is not best)]


# ---- the section whose heading is the question ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class _Likeness:
    """How alike a question and a heading are: shares of words that the other has, too. The order is that of choice."""

    covered: float
    """Of the question's telling words, by the heading with those above it."""
    own: float
    """Of the question's telling words, by the heading itself."""
    heading: float
    """Of the heading's telling words, by the question."""
    wording: float
    """Of all words of both."""


def _named(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The passages of the section whose heading says nearly what is asked, and nearly nothing else."""
    sections: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.section:
            sections.setdefault(hit.section, []).append(hit)
    asked, above, *found = _stemmer.stems([_telling(question), hits[0].title, *(
        text for path, inside in sections.items()
        for text in (_telling(_last(path)), path, " ".join(hit.text for hit in inside)))])
    alike = {}
    for path, heading, whole, text in zip(sections, found[::3], found[1::3], found[2::3], strict=True):
        others = above.keys() | (whole.keys() - heading.keys())
        if _says(asked.keys(), heading.keys(), others, text.keys()):
            alike[path] = _likeness(question, path, asked.keys(), heading.keys(), others)
    return sections[max(alike, key=alike.__getitem__)] if alike else []


def _says(asked: Stems, heading: Stems, above: Stems, text: Stems) -> bool:
    """Whether a heading says what is asked, as far as the headings above it do not, and hardly anything else.

    What little of the question no heading says, the text below has to hold.
    """
    asked, heading, above = set(asked), set(heading), set(above)
    common, unsaid = asked & heading, asked - heading - above - _WISHES
    if len(common) < max(1.0, _NEARLY_ALL * len(heading)) or not unsaid <= set(text):
        return False
    if len(unsaid) > (1 - _NEARLY_ALL) * len(asked):
        return False
    return len(common) >= _HALF * len(asked) or (bool(asked - above) and asked - above <= heading)


def _likeness(question: str, path: str, asked: Stems, heading: Stems, above: Stems) -> _Likeness:
    common = set(asked) & set(heading)
    said, written = set(words_of(question)), set(words_of(_last(path)))
    covered = common | (set(asked) & set(above))
    return _Likeness(len(covered) / len(asked), len(common) / len(asked), len(common) / len(heading),
                     len(said & written) / len(said | written))


def _last(path: str) -> str:
    return path.rsplit(" › ", 1)[-1]


def _telling(text: str) -> str:
    return " ".join(telling_words(text))


# ---- the procedure below the introduction ---------------------------------------------------------------------------


def _procedure(question: str, hits: Sequence[Hit]) -> Hit | None:
    """Who asks how to do something, and whose best hit is only what a document begins with, wants the steps below."""
    if hits[0].section or not asks_for_steps(question) or _has_steps(hits[0]):
        return None
    below = [hit for hit in hits if hit.section and hit.score >= _ABOUT_AS_GOOD * hits[0].score and _has_steps(hit)]
    asked, *headings = _stemmer.stems([_telling(question), *(_telling(_last(hit.section)) for hit in below)])
    alike = [len(asked.keys() & heading.keys()) / len(heading) for heading in headings]
    return below[alike.index(max(alike))] if alike and max(alike) >= _HALF else None


def _has_steps(hit: Hit) -> bool:
    return any(part.kind == "steps" for part in parts_of(hit.text))


# ---- the passage that holds what is asked for -----------------------------------------------------------------------


def _best_fitting(question: str, hits: Sequence[Hit], lead: float) -> Hit:
    """The best hit, unless more of the question's words stand together in another one that is nearly as good.

    `lead`: how much more, as a share of all of them, weighted by rarity.
    """
    near = [hit for hit in hits if hit.score >= _FAR * hits[0].score]
    if len(near) == 1:
        return hits[0]
    pieces = [_pieces(hit) for hit in near]
    asked, *stems = _stemmer.stems([_telling(question), *(
        text for inside in pieces for piece in inside for text in (piece.text, _telling(piece.own)))])
    weights, found = rarity(asked, stems[::2]), iter(zip(stems[::2], stems[1::2], strict=True))
    fits = [max((_fit(weights, piece, *next(found)) for piece in inside), default=_Fit(0.0, None)) for inside in pieces]
    leads = [_lead(fit, fits[0]) for fit in fits]
    best = max(range(len(near)), key=leads.__getitem__)
    return near[best] if leads[best] > lead else near[0]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What can be read alone in a passage."""

    text: str
    """With the headings above it, those of a table's columns among them."""
    own: str
    """The item or row itself; empty for other pieces."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a piece fits the question."""

    held: float
    """Share of the question's telling words, by rarity, that it holds."""
    exact: float | None
    """Share of an item's or a row's own words that the question has; None for other pieces."""

    def __lt__(self, other: _Fit) -> bool:
        return (self.held, self.exact or 0.0) < (other.held, other.exact or 0.0)


def _fit(weights: Mapping[str, float], piece: _Piece, stems: Stems, own: Stems) -> _Fit:
    words = {stem for stem in own if not stem.isdigit()}
    exact = len(words & weights.keys()) / len(words) if words else 0.0
    return _Fit(share(weights, stems), exact if piece.own else None)


def _lead(fit: _Fit, first: _Fit) -> float:
    """By how much a piece fits better. Of two rows with the same words, the one that says nothing else is meant."""
    lead = fit.held - first.held
    if fit.exact is None or first.exact is None or abs(lead) > _EQUAL or first.held < _HALF:
        return lead
    return lead + fit.exact - first.exact


def _pieces(hit: Hit) -> list[_Piece]:
    """Paragraphs, items, rows."""
    text = cleaned(hit.text)
    return [_Piece(plain(f"{hit.section}\n\n{head or ''}\n\n{piece}"), plain(piece) if head is not None else "")
            for part in parts_of(text) for head, piece in _pieces_of(text, part)]


def _pieces_of(text: str, part: Part) -> list[tuple[str | None, str]]:
    """Each with the head of its table, empty for a list; None where it is no item of something."""
    if part.kind in ("bullets", "table") and part.body.pieces:
        head = text[part.body.start : part.body.pieces[0][0]]
        lead = [(None, text[slice(*part.lead)])] if part.lead[0] < part.lead[1] else []
        return [*lead, *((head, text[slice(*piece)]) for piece in part.body.pieces)]
    return [(None, text[part.start : part.end])]

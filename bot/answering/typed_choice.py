"""“The second one”: which of the offered candidates a typed message means. English words and plain numbers.

In doubt it means none of them: a message that asks something new must be answered as a question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal, TypeAlias

from indexer.library.words import Stemmer

Picked: TypeAlias = int | Literal["none"]
"""The candidate's number, counted from 0; `none`: none of those that were offered."""

_LONGEST = 400  # characters: a title typed off is not longer
_OF_THE_MESSAGE, _OF_THE_TITLE = 0.8, 0.6  # share of the telling words of each that the other has, too

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:")
_NUMBERS = {word: number for number, words in enumerate((
    "first 1st 1 one", "second 2nd 2 two", "third 3rd 3 three", "fourth 4th 4 four", "fifth 5th 5 five"))
    for word in words.split()}
_POSITION = re.compile(
    r"(?:(?:ok|okay|oh|ah|hm+|um|well|so|yes|yeah|yep|no|sorry|please|i|i'd|i'll|we|just|think|guess|mean|meant|would|"
    r"like|want|need|choose|pick|take|it|it's|was|that|that's|this|is|to|go|with|for|of|be|will|probably|"
    r"definitely|maybe|let's|can|could|you|show|tell|give|me|my|the|answer|choice|option|number|nr|#) )*?"
    r"(?:(?P<which>first|second|third|fourth|fifth|[1-5]|1st|2nd|3rd|[45]th|last|latter|former|top|bottom|middle)|"
    # “This one” is no number.
    r"(?:\A|(?<=option )|(?<=number )|(?<=choice )|(?<=answer )|(?<=no )|(?<=nr ))(?P<spelt>one|two|three|four|five))"
    r"(?: (?:one|option|choice|answer|of|these|those|them|the|it|is|please|pls|thanks|thank|you|i|guess|think|mean|"
    r"meant|then|probably|looks|sounds|seems|right|good|best|fits))*")
_MEANT = r"(?:mean|meant|want|need|asked|am asking|was asking)(?: for| about)?"
_NONE = re.compile(
    r"(?:(?:no|nope|sorry|hm+|well|oh|actually|it's|i|mean|meant|think|please|unfortunately) )*(?:"
    r"(?:none|neither|nothing of|not any|not one|no one)(?: of)?(?: (?:these|those|them|the above|the (?:two|three)))?"
    r"(?: (?:really|fits?|appl(?:y|ies)|helps?|match(?:es)?|works?|is|are|was|were|it|right|sorry|thanks|please|"
    rf"what i {_MEANT}))*"
    r"|not (?:these|those|that|this|it|them|either)(?: ones?| either)?|something (?:else|different)"
    r"|(?:it's|it is|that's|that is|these are|those are|they are|this is) (?:not|neither)"
    rf"(?: (?:it|that|these|those|right|them|what i {_MEANT}))?|not what i {_MEANT}"
    r"|no|nope|nah|not (?:really|quite))(?: sorry)?")
_YES = re.compile(
    r"(?:(?:oh|ah|ok|okay|well) )*(?:yes|yeah|yep|yup|sure|exactly|correct|right|indeed|precisely|absolutely|of course|"
    r"(?:it's |that's |it is |that is )?(?:this|that)(?: one)|that's (?:it|right|the one)|that is (?:it|right|the one))"
    r"(?: (?:please|thanks|thank you|yes|exactly|right|correct|that's|it|this|that|one|the|is|i|mean|meant|what))*")
_THE_ONE = re.compile(r"the .+ (?:one|option|choice)")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ASKING = _listed("how what when where which who whom whose why")
_NEGATION = _listed("not don't doesn't didn't isn't can't never without except but instead no neither nor")
_SAY_NOTHING = _ASKING | _NEGATION | _listed(
    "a about am an and any are as at be by can could did do does for from has have i i'd i'm if in into is it it's its "
    "let's like me mean meant my of ok okay on one option choice or our please should so that that's the their them "
    "these they this those to was we were will with would yes yeah you your")
_stemmer = Stemmer()


def picked_from(text: str, titles: Sequence[str]) -> Picked | None:
    """Which of the `titles`, in the order in which they were offered, a message means; None if it is no choice."""
    said = _normal(text)
    if not said or not titles or len(text) > _LONGEST:
        return None
    exact = [number for number, title in enumerate(titles) if said in map(_normal, _names_of(title))]
    if len(exact) == 1:
        return exact[0]
    if _NONE.fullmatch(said):
        return "none"
    if len(titles) == 1 and _YES.fullmatch(said):
        return 0
    position = _POSITION.fullmatch(said)
    if position is not None:
        return _number(position["which"] or position["spelt"], len(titles))
    return _by_its_words(said, titles, asks="?" in text)


def _number(word: str, count: int) -> int | None:
    """The place that a word names among so many; None if there is none."""
    if word in ("last", "bottom"):
        return count - 1
    if word in ("latter", "former"):
        return ("former", "latter").index(word) if count == 2 else None
    if word == "middle":
        return 1 if count == 3 else None
    number = 0 if word == "top" else _NUMBERS[word]
    return number if number < count else None


def _by_its_words(said: str, titles: Sequence[str], *, asks: bool) -> int | None:
    """The one title that says the same. A question that says, or asks, anything else is none of them."""
    words = said.split()
    asked = _ASKING.intersection(words)
    names = [(number, name) for number, title in enumerate(titles) for name in _names_of(title)]
    stems = [found.keys() for found in _stemmer.stems(
        [_telling(said), *(_telling(_normal(name)) for _, name in names)])]
    message = stems[0]
    some = _THE_ONE.fullmatch(said) is not None  # “the mileage one”: any word of a title will do
    likeness: dict[int, float] = {}
    for (number, title), name in zip(names, stems[1:], strict=True):
        others = set(_normal(title).split())
        if not message or not name or not asked <= others or not _NEGATION.intersection(words) <= others:
            continue
        common = len(message & name)
        of_message, of_title = common / len(message), common / len(name)
        enough = 1.0 if asks or asked or some else _OF_THE_MESSAGE
        if of_message >= enough and (some or of_title >= _OF_THE_TITLE):
            likeness[number] = max(likeness.get(number, 0.0), of_message * of_title)
    best = max(likeness.values(), default=0.0)
    chosen = [number for number, like in likeness.items() if like == best]
    return chosen[0] if len(chosen) == 1 and (len(likeness) == 1 or not some) else None


def _names_of(title: str) -> Collection[str]:
    """A title by which it may be called: as a whole, or one of the headings in it."""
    return dict.fromkeys((title, *title.split(" › ")))


def _telling(said: str) -> str:
    return " ".join(word for word in said.split() if word not in _SAY_NOTHING)


def _normal(text: str) -> str:
    """In lower case, words and numbers only, single spaces."""
    return " ".join(_WORD.findall(_EMOJI_CODE.sub(" ", text.lower().replace("’", "'"))))

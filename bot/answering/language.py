"""In which language something is asked, where that is beyond doubt. Short texts full of product words are in doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_FEWEST_WORDS = 3  # fewer are names as often as a language
_FEWEST_LETTERS = 8
_FEWEST_FOREIGN_LETTERS = 3  # of other scripts, where a sign may be a word
_LONGEST = 1000  # characters: more does not make it any surer
_SURE, _SURE_ENOUGH = 0.90, 0.45  # probability of a language, with and without a word of a known one
_HARDLY = 0.02  # probability of all known languages together, to be ruled out


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that make a text English, and that no large language writes alike.
_ENGLISH = _listed(
    "the and are you your with how what where when which why who whose does did do doesn't don't can't cannot could "
    "would should shall might have has had having been being this that these those there their they them its it it's "
    "i'm i've my our ours we he she his her from into onto about after before because while until without within "
    "between through to for of by at not isn't won't if then than as but or any some each every much many more most "
    "only also just will want need get got make makes made put take find show tell help know see use using used add "
    "give go going gone please again still already yet never always since today tomorrow yesterday week month year "
    "day time new old first last next other another same different nothing something anything everything somebody "
    "someone")
_NO_LANGUAGE = re.compile(r"https?://\S+|\S+@\S+|`[^`]*`|:[a-z0-9_+'-]+:|[@#]\S+|\S*[\d_/\\]\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NEAR = ({"no", "nb", "nn", "da"}, {"id", "ms"}, {"hr", "sr", "bs"}, {"cs", "sk"}, {"zh", "yue", "wuu"})
"""Languages that no detector tells apart in a short text."""


def foreign_language(text: str, understood: Collection[str]) -> str | None:
    """The code (ISO 639-1) of a text's language, if it is surely none of those that are `understood`.

    None also where it cannot be told. Nothing is foreign if `understood` is empty.
    """
    if not understood:
        return None
    text = _NO_LANGUAGE.sub(" ", text[:_LONGEST]).strip()
    letters = [letter for letter in text if letter.isalpha()]
    others = [letter for letter in letters if not _is_latin(letter)]
    if len(others) >= _FEWEST_FOREIGN_LETTERS and 2 * len(others) > len(letters):
        return _unless_understood(language_of(text), understood)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    if len(words) < _FEWEST_WORDS or len(letters) < _FEWEST_LETTERS:
        return None
    known = sum(word in _ENGLISH for word in words) / len(words) if "en" in understood else 0.0
    if known > 0.2:
        return None
    return _if_sure(text, understood, _SURE if known else _SURE_ENOUGH)


def language_of(text: str) -> str:
    """The likeliest language of a text, however unlikely."""
    # In capitals every language looks like another one.
    return str(_identifier().classify(text.lower())[0])


def _if_sure(text: str, understood: Collection[str], sure: float) -> str | None:
    """The language of a text if it is at least this sure, and no understood one is thinkable."""
    ranked = [(str(code), float(share)) for code, share in _identifier().rank(text.lower())]
    thinkable = sum(share for code, share in ranked if code in understood)
    best = ranked[0][0]
    total = sum(share for code, share in ranked if code in _alike(best))
    return _unless_understood(best, understood) if total >= sure and thinkable <= _HARDLY else None


def _unless_understood(code: str, understood: Collection[str]) -> str | None:
    return None if _alike(code) & set(understood) else code


def _alike(code: str) -> set[str]:
    return next((near for near in _NEAR if code in near), {code})


@cache
def _is_latin(letter: str) -> bool:
    return "LATIN" in unicodedata.name(letter, "")


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded when the first text is in doubt: that takes a moment, and most questions never need it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

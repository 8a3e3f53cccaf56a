"""“That did not work”: what people say when an answer was of no use. Pure, no model.

Only whole messages count: whoever tells more than this asks something anew, and is searched for.
"""

from __future__ import annotations

import re

_WHAT = r"(?:it|that|this|the answer|your answer|the link)"
_NOT = (r"(?:did not|didn't|didnt|does not|doesn't|doesnt|do not|don't|dont|has not|hasn't|hasnt|will not|won't|wont"
        r"|is not|isn't|isnt|was not|wasn't|wasnt)")
_HELPING = r"(?:work(?:ed|ing)?|help(?:ed|ful|ing)?|solve(?:d)? (?:it|that|this|my problem|the problem))"
_ADDED = r"(?: (?:me|us|for me|for us|either|at all|anymore|any more|yet|unfortunately|sadly|though|here|again|much))*"
_COMPLAINT = re.compile(
    r"(?:(?:no|nope|sorry|hm+|unfortunately|sadly|but|ok|okay|well|thanks|thank you|i tried(?: (?:it|that|this))?|and|"
    r"tried (?:it|that|this)) )*(?:"
    rf"(?:{_WHAT} )?(?:still |just |really )?{_NOT} (?:really |quite |even )?{_HELPING}{_ADDED}"
    rf"|(?:{_WHAT} )?still (?:{_NOT} {_HELPING}|not working|broken|nothing|no luck|the same|no change"
    rf"|(?:the )?same (?:error|problem|issue)){_ADDED}"
    rf"|not (?:really )?(?:working|helpful|solved|the answer|what i (?:asked|meant|need|needed)){_ADDED}"
    rf"|{_WHAT} (?:is|was) not (?:it|what i (?:asked|meant|need|needed)|helpful|my (?:question|problem)|right|correct)"
    rf"|(?:that's|thats|it's|its) not (?:it|what i (?:asked|meant|need|needed)|helpful|my (?:question|problem)|working)"
    r"|(?:i am|i'm|im|we are|we're) (?:still|as) stuck(?: (?:with it|with this|here|as before))?|still stuck"
    r"|(?:that's|that is|this is|it is|it's) (?:the )?wrong answer|wrong answer"
    rf"|(?:{_WHAT} )?(?:is |was )?(?:no use|useless|of no use|no help)|no luck|no success|nothing (?:works|worked|helps"
    rf"|helped|happens|happened|changed)|(?:{_WHAT} )?(?:did|changed|does|changes) nothing"
    r")")


def is_complaint(text: str) -> bool:
    """Whether a message says of the answer before it that it was of no use, and nothing besides."""
    said = " ".join(re.sub(r"[^\w']+", " ", text.lower().replace("’", "'")).split())
    return "?" not in text and _COMPLAINT.fullmatch(said) is not None

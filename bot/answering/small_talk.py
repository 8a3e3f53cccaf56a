"""What people say that is no question: greetings, thanks, farewells, “never mind”, “who are you?”. Pure, no model.

In doubt it is none of these: a message that wants something must be seen.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Talk: TypeAlias = Literal["greeting", "thanks", "farewell", "settled", "help"]
"""`settled`: the matter is closed for whoever writes, solved or not."""

_LONGEST = 16  # words
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:")
_EMOJI = re.compile(r"[\u2600-\u27BF\U0001F000-\U0001FAFF\uFE0F\u200D]")
_THUMBS = re.compile(r":(\+1|thumbsup|pray|heart|tada|raised_hands|clap|ok_hand|white_check_mark)[^:]*:"
                     r"|[\U0001F44D\U0001F64F\U0001F389\U0001F64C\U0001F44F\U0001F44C\u2764\u2705]")
_WAVE = re.compile(r":wave[^:]*:|\U0001F44B")
_CLAUSE = re.compile(r"(?:[^,;.!?\n–—]|(?<! )[–—])+[,;.!?\n–—]*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THANKS = _words(
    "thanks thank thx ty tysm tnx ta cheers merci danke dank gracias grazie obrigado obrigada bedankt dankjewel tack "
    "perfect great brilliant awesome excellent wonderful fantastic lovely super amazing cool nice legend solved fixed "
    "works worked sorted appreciated ok okay good understood noted helped helpful"
)
_COURTESY = _words(
    "you u so very much a lot lots many million bunch again all everyone both team folks guys yes yep yeah "
    "it its it's that that's this now is was all's well done job help for your the "
    "quick fast answer reply response i really appreciate oh ah wow got have having had nice one day weekend evening "
    "mate buddy pal will try v and kind regards best "
    "vielen schön schoen sehr beaucoup mille mucho muchas muito perfectly fine in advance"
)
# “Thanks a lot, Ana”: a name is no wish.
_NAMED = re.compile(r"\b((?i:thanks|thank you|thx|ty|cheers|merci|danke)(?: so| very| much| a lot| again)*)"
                    r",? @?[A-Z][\w'-]+")

_I = r"(?:(?:i|i've|i have|we|we've|we have) )?(?:already |just |now |finally )*"
_TO_WHOM = r"(?: (?:there|all|everyone|everybody|team|folks|guys|floor ?walker|bot|again|to you|you|dear|mate|friend))*"
_HELLO = (r"(?:hi|hello|hey|hiya|heya|hallo|hullo|howdy|yo|greetings|moin|servus|salut|bonjour|hola|ola|ciao|"
          r"buongiorno|namaste|(?:a )?(?:very )?good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend)|"
          r"goedemorgen)")
_GREETING = re.compile(
    rf"(?:{_HELLO}(?: {_HELLO})?|dear|morning|afternoon|evening){_TO_WHOM}"
    r"|good mornin|mornin"
    r"|happy (?:monday|tuesday|wednesday|thursday|friday|weekend|new year)(?: (?:all|everyone|team))?"
    r"|how are you(?: (?:doing|today))*|how is it going|how do you do|what's up|sup"
    r"|(?:is )?any(?:one|body)(?: (?:there|here|home))?|are you (?:there|awake|online)|ping|test(?:ing)?"
    r"|(?:i have|i've got|i got) (?:a|one|another) (?:quick |small |short )?question(?: for you)?|(?:quick )?question"
    r"|(?:can|could|may) i ask(?: you)?(?: (?:something|a (?:quick )?question))?")
_FAREWELL = re.compile(
    r"(?:ok |okay )?(?:bye+(?: bye+)?|good ?bye|cya|see (?:you|ya)|ciao|tschüss|au revoir|adios|farewell|take care|"
    r"good ?night|until (?:then|tomorrow|next time)|(?:talk|speak) to you)"
    r"(?: (?:later|soon|then|tomorrow|all|everyone|now|next week|on monday))*"
    r"|have a (?:nice|good|great|lovely) (?:day|one|weekend|evening|afternoon|week)(?: too)?|(?:so )?long|later")
_SETTLED = re.compile(
    r"(?:(?:oh|ah|ok|okay|sorry|please|no|well|actually|but|oops|nvm|never ?mind) )*(?:"
    r"no(?:pe)? (?:thanks|thank you|thx)|(?:i )?got it(?: now)?|(?:found|solved|sorted|fixed) it"
    r"|wrong (?:chat|channel|window|thread|person)|"
    r"never ?mind(?: (?:me|that|this|it))?|nvm|nevermind|don't (?:worry|bother)(?: about (?:it|that|this))?"
    r"|forget (?:it|that|this|about (?:it|that|this)|i asked|my (?:last )?(?:question|message))"
    r"|(?:please )?(?:ignore|disregard|scrap|cancel) (?:it|that|this|me|my (?:last |previous )?(?:question|message))"
    r"|(?:this|that|it) (?:is )?no longer (?:needed|necessary)|no longer needed|not needed any ?more"
    r"|(?:i )?(?:don't|do not) need (?:it|that|this|help|an answer)(?: any ?more| any longer)?"
    r"|(?:i|we) (?:do not|don't) need (?:it|that|this) any ?more"
    rf"|{_I}(?:solved|sorted|fixed|figured|found|worked|did|managed|resolved|got)(?: (?:it|this|that))?(?: out)?"
    r"(?: (?:myself|ourselves|by myself|on my own|alone))"
    r"(?: now| already| after all| in the end)?"
    rf"|{_I}(?:solved|sorted|fixed|found|resolved|figured) (?:it|this|that)(?: out)?"
    r"(?: now| already| after all| in the end)?"
    rf"|{_I}(?:got|have) (?:it|this|that|everything) (?:working|sorted|solved|fixed|to work)"
    r"(?: (?:now|again|myself|after all|in the end))*"
    r"|(?:(?:it|that|this|everything|all)(?:'s| is| has been| does| seems to)? (?:just )?)"
    r"(?:works?|working|worked|solved|sorted|fixed|resolved|settled|works fine|working fine)"
    r"(?: (?:now|again|after all|in the end|itself|fine|for me|out))*"
    r"|solved|fixed|resolved|problem solved|all (?:good|sorted|solved|settled|done)(?: now)?|case closed"
    r")")
_HELP = re.compile(
    r"(?:please |pls )?help(?: me)?(?: please| pls)?|i need (?:some |your )?help(?: please)?|sos|commands?|menu|about"
    r"|(?:can|could|would|will) (?:you|u|someone|somebody|anyone) (?:please )?help(?: me)?(?: out)?(?: please)?"
    r"|how (?:can|could|do) you help(?: me)?|who (?:are|r) (?:you|u)(?: then)?|what (?:are|r) you|what is your name"
    r"|what's your name|what is this(?: bot)?|what (?:can|do|could) you do(?: for me)?|what is floor ?walker"
    r"|what can i ask(?: you)?|what are you (?:for|good for|able to do)|how do you work|how does this work"
    r"|are you (?:a |an )?(?:ro)?(?:bot|human|real person|person|ai|robot)|introduce yourself")

_LONGEST_THANKS = 30  # words
_CONTENT = re.compile(
    r"\b(?:thanks?|thx|ty|cheers|merci|danke|gracias|great|perfect|awesome|brilliant|excellent|wonderful|lovely|solved|"
    r"fixed|works|worked|working|sorted|did it|did the trick|did the job|helped|that helps|star|legend|lifesaver)\b"
    r"|^(?:ok|okay|alright|all right|noted|understood|will do|got it|fine|sure|cool|good)\b")
_WANTING = re.compile(
    r"n't\b|\b(?:not|no|never|nothing|nobody|still|but|however|although|though|except|unless|unfortunately|sadly|wrong|"
    r"errors?|fails?|failed|failing|failure|worse|broken|broke|stuck|again|another|also|instead|yet|cannot|cant|dont|"
    r"doesnt|didnt|isnt|wont|how|what|why|where|when|who|which|whose|can you|could you|would you|will you|please|pls|"
    r"need|needs|want|wants|missing|problems? (?:is|are|with|remains)|same (?:problem|issue|thing)|only|until|for now|"
    r"one more|different|other|now (?:it|i|we|the|there|my|all))\b")

_SQUEEZED = re.compile(r"([^\W\d_])\1{2,}")
# At the beginning of a question; a name only where a comma or the like ends the greeting.
_OPENING = re.compile(
    rf"\s*(?:{_HELLO}|dear){_TO_WHOM}"
    r"(?:(?: (?-i:[A-Z])[\w'-]+){0,2}\s*[,!:;.–—-]+\s*|\s+)"
    r"(?:(?:how are you|hope you are well|i hope you are well)[^,.!?]{0,20}[,.!?]+\s*)?", re.IGNORECASE)
_FEWEST = 3  # words that a question must keep when a greeting is taken off


def talk_of(text: str) -> Talk | None:
    """What kind of small talk a message is; None if it is more than that, or in doubt."""
    plain = _normal(_NAMED.sub(r"\1", text))
    if not _WORD.search(plain):
        return "greeting" if _WAVE.search(text) else "thanks" if _is_thanks(text) else None
    if len(plain.split()) > _LONGEST:
        return None
    kinds = {_clause(clause) for clause in _CLAUSE.findall(plain)} - {"nothing"}
    if None in kinds:
        return "thanks" if _is_thanks(text) else None
    order: tuple[Talk, ...] = ("settled", "help", "thanks", "farewell", "greeting")
    return next((kind for kind in order if kind in kinds), None)


def is_content(text: str) -> bool:
    """Whether somebody who got help sounds content: they thank or agree, and neither ask nor complain.

    Softer than `talk_of`: for where a mistake costs little, as such words are passed on to people all the same.
    """
    plain = _normal(_NAMED.sub(r"\1", text))
    words = plain.split()
    if "?" in plain or len(words) > _LONGEST_THANKS or _WANTING.search(plain):
        return False
    return bool(_CONTENT.search(plain)) or bool(not _WORD.search(plain) and _THUMBS.search(text))


def without_greeting(question: str) -> str:
    """The question without the “Hi Ana, ” before it; as it is where little would be left."""
    opening = _OPENING.match(_EMOJI_CODE.sub(" ", question))
    if opening is None:
        return question
    rest = _EMOJI_CODE.sub(" ", question)[opening.end():].strip()
    return rest if len(_WORD.findall(rest)) >= _FEWEST else question


def _normal(text: str) -> str:
    """In lower case, with straight quotes, single spaces, without emoji, and “hiii” as “hi”."""
    lowered = _EMOJI.sub(" ", _EMOJI_CODE.sub(" ", text.lower().replace("’", "'")))
    return re.sub(r"[ \t]+", " ", _SQUEEZED.sub(r"\1", lowered)).strip()


def _clause(clause: str) -> Talk | Literal["nothing"] | None:
    """What one part between signs says; `nothing` where there are only signs."""
    said = re.sub(r"[^\w']+", " ", clause).strip()
    if not said:
        return "nothing"
    if _GREETING.fullmatch(said) or _GREETING.fullmatch(re.sub(r"([^\W\d_])\1+\b", r"\1", said)):
        return "greeting"
    if _HELP.fullmatch(said):
        return "help"
    if "?" in clause:
        return None
    if _SETTLED.fullmatch(said):
        return "settled"
    if _FAREWELL.fullmatch(said):
        return "farewell"
    return "thanks" if _is_thanks(said) else None


def _is_thanks(text: str) -> bool:
    lowered = _NAMED.sub(r"\1", text).lower().replace("’", "'")
    if "?" in lowered:
        return False
    words = _WORD.findall(_EMOJI_CODE.sub(" ", lowered))
    if len(words) > _LONGEST or not all(word in _THANKS or word in _COURTESY for word in words):
        return False
    return any(word in _THANKS for word in words) or bool(not words and _THUMBS.search(lowered))

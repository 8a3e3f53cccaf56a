"""Whether a message that nobody addressed to the bot asks how something is done, or reports a problem, and whether it
is for somebody else. Pure; in doubt it does not, and is not.

A miss costs little: whoever mentions the bot is answered. A false alarm costs little, too: the bot then only speaks
where it surely knows the answer.
"""

from __future__ import annotations

import re

from bot.answering.small_talk import talk_of, without_greeting

_LONGEST = 1500  # characters; what is longer tells a story
_FEWEST = 3  # words
_MARK = re.compile(r"\?[\s\"'”’)*_~]*(?=\s|$)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`|^\s*>.*?$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"https?://\S+")
_ASKING = re.compile(
    r"(?:(?:so|and|but|ok|okay|please|quick question|question|sorry|folks|all|guys|team|everyone|anyone)\b[\s,:;–—-]*)*"
    r"(?:how(?:'s| is| are| do| does| did| can| could| should| would| to| long| much| many| often| come)"
    r"|where(?:'s| is| are| do| does| can| could| should| to| in)"
    r"|what(?:'s| is| are| do| does| should| can| happens| if| kind| time| about)"
    r"|when(?:'s| is| are| do| does| can| will| should)"
    r"|who(?:'s| is| are| do| does| can| has| knows| approves)|whom|whose"
    r"|why(?:'s| is| are| do| does| can't| won't| isn't| don't| doesn't)"
    r"|which (?:\w+ )?(?:is|are|do|does|can|should|one)"
    r"|(?:can|could|may|should|must|shall) (?:i|we|you|someone|somebody|anyone|anybody|one|they)"
    r"|(?:does|do|did|has|have) (?:anyone|anybody|someone|somebody|we|i|you|they)"
    r"|(?:is|are) (?:there|it|this|that|we|anyone|anybody)|is it possible|any (?:idea|ideas|clue|hint)"
    r"|i (?:don't|do not|dont) know (?:how|where|what|which|who|when|why)"
    r"|i(?:'m| am) (?:not sure|unsure|wondering) (?:how|where|what|which|who|when|why|whether|if)"
    r"|i wonder (?:how|where|what|which|who|when|why|whether|if)|tell me (?:how|where|what))\b", re.IGNORECASE)
_PROBLEM = re.compile(
    r"(?:do|does|did|is|are|was|has|have|wo|ca|could)n['’]?t\b|\b(?:cannot|can not|could not|unable to|no longer"
    r"|(?:do|does|did|will) not|(?:is|are) not|(?:not|stopped) working"
    r"|(?:can|could) (?:someone|somebody|anyone|anybody|you) (?:please )?help|need(?:s)? (?:some |your )?help|help me"
    r"|please help|stuck|locked out|broken|out of order|crash(?:es|ed|ing)?|fail(?:s|ed|ing)?|freezes|frozen"
    r"|error(?:s|ed)?|problems? with|trouble with|issues? with|is down)\b", re.IGNORECASE)
_TO_PERSON = re.compile(
    r"\s*(?:(?:hi|hello|hey|dear|ok|okay|thanks|and|so|good (?:morning|afternoon|evening))\b[\s,]*)?"
    r"@(?!(?:channel|here|everyone)\b)[^\s@]", re.IGNORECASE)
_TO_NAME = re.compile(
    r"\s*(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Gg]ood (?:morning|afternoon|evening)),? "
    r"(?!(?i:floor ?walker|bot|team|all|everyone|everybody|folks|guys|there)\b)[A-Z][a-z'’-]+\s*(?:$|[,!:;.–—-])")


def reports_problem(text: str) -> bool:
    """True for what says that something does not work, or that somebody is stuck."""
    return _PROBLEM.search(_LINK.sub(" ", _CODE.sub(" ", text))) is not None


def is_put_to_another(text: str) -> bool:
    """True for what begins with somebody's mention, or greets somebody by name. The bot's own mention is not in it."""
    return _TO_PERSON.match(text) is not None or _TO_NAME.match(text) is not None


def looks_like_question(text: str) -> bool:
    """True for what ends a sentence with a question mark, or begins as questions begin."""
    bare = " ".join(_LINK.sub(" ", _CODE.sub(" ", text.replace("’", "'"))).split())
    if not bare or len(text) > _LONGEST or talk_of(text) is not None:
        return False
    asked = without_greeting(bare)
    if len(re.findall(r"\w+", asked)) < _FEWEST:
        return False
    return bool(_MARK.search(asked)) or _ASKING.match(asked) is not None

"""What the asker gets to see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.quoting import review_line
from bot.answering.types import Answer, Choice, Quote
from bot.desk.types import Ticket
from bot.slack.mrkdwn import escape, from_markdown, link, mention, shorten, shorten_mrkdwn
from bot.slack.views.languages import in_their_language
from bot.slack.views.parts import DIVIDER, Block, View, actions, button, context, listed, sections
from indexer.types import Hit

MAX_TEXT = 2500
"""The plain text of a message: chat.update refuses more than 4,000 characters."""
MAX_MESSAGE = 3900
MAX_BUTTON, MAX_LABEL = 75, 500
WHICH, IS_THIS_IT = "Which of these do you mean?", "Is this what you mean?"
NONE_OF_THESE = "None of these"
_UNREAD = "📎 I can't read files or pictures"
_IN_DIRECT_MESSAGES = "I have opened a thread for it in our direct messages; a coach will reply there."


def answer(answer_id: int, found: Answer, *, shareable: bool = False, with_files: bool = False) -> View:
    """The quote, its source, and the two buttons; a third one where only the asker sees it.

    `with_files`: the question came with some.
    """
    view = _quoted(found)
    value = str(answer_id)
    buttons = actions(
        "feedback",
        button("That helped", "helped", value, style="primary"),
        button("Still stuck", "still_stuck", value),
        *([button("Share here", "share", value)] if shareable else []),
    )
    unread = [context(f"{_UNREAD}, so this is about your words alone. *Still stuck* passes them on, too.")]
    return View(view.text, [*view.blocks, *(unread if with_files else []), buttons])


def files_passed_on(view: View) -> View:
    """The same message, for a question that came with files."""
    return View(view.text, [*view.blocks, context(f"{_UNREAD}, so I have passed them on to the coaches.")])


def shared(found: Answer, author: str) -> View:
    """What only its asker had seen, for everybody in the thread."""
    view = _quoted(found)
    return View(view.text, [*view.blocks, context(f"Shared by {mention(author)}, who asked me this.")])


def choices(answer_id: int, found: Answer) -> View:
    """A button for each candidate, below each other; what does not fit on its button stands above it."""
    value = str(answer_id)
    blocks = sections(_which(found))
    labels = _button_labels(found.choices)
    for number, (choice, label) in enumerate(zip(found.choices, labels, strict=True)):
        if label.endswith("…"):
            blocks.append(context(_line(choice)))
        blocks.append(actions(f"choice-{number}", button(label, f"choose_{number}", value)))
    blocks.append(actions("choice-none", button(NONE_OF_THESE, "still_stuck", value)))
    return View(shorten_mrkdwn(_offered(found), MAX_TEXT), blocks)


def settled(found: Answer, outcome: str, ticket: Ticket | None) -> View:
    """The same answer after a button was pressed: what became of it stands in the buttons' place."""
    offered = "" if found.quotes else _offered(found)
    view = _quoted(found) if found.quotes else View(shorten_mrkdwn(offered, MAX_TEXT), sections(offered))
    note = "✅ Glad that helped."
    if outcome == "passed_on" and ticket is not None:
        none = "None of these: passed" if found.choices and not found.quotes else "Passed"
        note = f"🎫 {none} on to the coaches as *{ticket.name}*."
    return View(view.text, [*view.blocks, context(note)])


def handed_over(ticket: Ticket, hits: Sequence[Hit], language: str = "") -> View:
    """The honest sentence, the number, and what happens next. `language`: theirs, where the bot does not read it."""
    if language:
        text = _not_read(ticket, language, "A coach will reply here in this thread.")
        return View(text, sections(text))
    text = (
        f"I don't have a reliable answer to that, so I have passed it on: your ticket is *{ticket.name}*.\n"
        "A coach will reply here in this thread. You can add details below at any time."
    )
    return View(text, [*sections(text), *_nearest(hits)])


def passed_on(ticket: Ticket, *, after_choices: bool = False, reporter: str = "") -> View:
    """`reporter`: the coach who has passed it on; empty: the asker did."""
    why = "Then I have no answer to that." if after_choices else "Sorry that this did not solve it."
    if reporter:
        why = f"{mention(reporter)} has handed over your question to the coaches, so that a person looks at it, too."
    text = (
        f"{why} Your ticket is *{ticket.name}*: a coach will reply here in this thread.\n"
        "It helps them to know what you tried and what you see on the screen; just write it below."
    )
    return View(text, sections(text))


def _not_read(ticket: Ticket, language: str, then: str) -> str:
    text = f"I can't read this language, so I have passed it on: your ticket is *{ticket.name}*. {then}"
    theirs = in_their_language(language, ticket.name)
    return f"{theirs}\n{text}" if theirs else text


def thread_opener(ticket: Ticket, reporter: str = "") -> View:
    """`reporter`: who has handed over what the asker wrote; empty: they came by themselves."""
    head = f"{mention(reporter)} has handed over to the coaches what you wrote" if reporter else "it is about"
    text = (
        f"🎫 *{ticket.name}* · {head}:\n>{escape(shorten(ticket.question, 1500)).replace(chr(10), chr(10) + '>')}\n"
        "A coach will reply here in this thread. You can add details below at any time."
    )
    return View(shorten_mrkdwn(text, MAX_MESSAGE), sections(text))


def ticket_pointer(ticket: Ticket, language: str = "", reporter: str = "") -> View:
    """`language`: theirs, where the bot does not read it; `reporter`: who has handed it over, if not they."""
    if language:
        text = _not_read(ticket, language, _IN_DIRECT_MESSAGES)
        return View(text, sections(text))
    why = {
        "handed_over": "I don't have a reliable answer to that, so I have passed it on. ",
        "still_stuck": "Sorry that this did not solve it. ", "requested": "",
    }[ticket.origin]
    if reporter:
        why = f"{mention(reporter)} has handed over to the coaches what you wrote. "
    text = f"{why}Your ticket is *{ticket.name}*. {_IN_DIRECT_MESSAGES}"
    return View(text, sections(text))


def clarify(reason: str) -> View:
    text = "What would you like to know? Ask me in a sentence, for example “How do I hand in a receipt?”"
    if reason == "only_file":
        text = "I can't read files or pictures. What is it about? A sentence helps; I keep the file for the coaches."
    return View(text, sections(text))


def source_of(quote: Quote) -> str:
    """Document and section as a link, where there is one to point to."""
    return link(quote.url or "", quote.source)


def _offered(found: Answer) -> str:
    """The candidates as a list, in mrkdwn."""
    return "\n".join([_which(found), *(f"• {_line(choice)}" for choice in found.choices)])


def _which(found: Answer) -> str:
    return WHICH if len(found.choices) > 1 else IS_THIS_IT


def _line(choice: Choice) -> str:
    return escape(shorten(choice.label.replace("\n", " "), MAX_LABEL))


def _button_labels(offered: Sequence[Choice]) -> list[str]:
    """Plain text, short enough for a button; numbered where two would look alike."""
    plain = [choice.label.replace("\n", " ").replace("<", "‹").replace(">", "›").strip() or choice.quote.document
             for choice in offered]
    labels = [shorten(label, MAX_BUTTON) for label in plain]
    if len(set(labels)) == len(labels):
        return labels
    return [shorten(f"{number}. {label}", MAX_BUTTON) for number, label in enumerate(plain, start=1)]


def _quoted(found: Answer) -> View:
    best = found.quotes[0]
    body = from_markdown(best.text)
    due = f"⏳ {escape(line)}" if (line := review_line(best)) else ""
    source = f"📄 Source: {source_of(best)}"
    blocks: list[Block] = [*sections(body), context("\n".join(filter(None, (source, due))))]
    if len(found.quotes) > 1:
        blocks.append(listed("See also:", [source_of(quote) for quote in found.quotes[1:3]]))
    return View("\n\n".join(filter(None, (shorten_mrkdwn(body, MAX_TEXT), source, due))), blocks)


def _nearest(hits: Sequence[Hit]) -> list[Block]:
    links = links_to(hits)
    return [DIVIDER, listed("The nearest that I have, in case it helps:", links)] if links else []


def links_to(hits: Sequence[Hit], most: int = 3) -> list[str]:
    """The documents of the best hits, each once, in mrkdwn."""
    named = {hit.document_id: link(hit.url or "", hit.title) for hit in reversed(hits[:most])}
    return list(reversed(named.values()))

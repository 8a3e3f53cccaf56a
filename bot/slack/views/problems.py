"""The form in which a problem is reported."""

from __future__ import annotations

from bot.slack.views.parts import Block, context, link_input, modal, one_of, text_input

REPORT = "report_problem"
"""The form's name, and that of every button that opens it."""
WHAT, HOW_BAD, WHO, LINK = "what", "how_bad", "who", "link"
HOW_BAD_IT_IS = (("I cannot work", "urgent"), ("It blocks part of my work", "high"), ("It is annoying", "normal"),
                 ("It can wait", "low"))
"""Labels and priorities."""
AFFECTED = (("Only me", "only me"), ("My team", "my team"), ("Everyone", "everyone"))


def report_form(opened_in: str = "", what: str = "") -> Block:
    """`opened_in`: what the submission is to carry of where the form was opened. `what`: what is wrong, so far."""
    return modal(
        REPORT, "Report a problem", "Send",
        [
            context("This goes straight to a coach, and you get a ticket number."),
            text_input(WHAT, "What is wrong?", initial=what,
                       hint="What you did, what you expected, and what happened instead."),
            one_of(HOW_BAD, "How bad is it?", HOW_BAD_IT_IS, initial="normal"),
            one_of(WHO, "Who is affected?", AFFECTED, initial="only me"),
            link_input(LINK, "A link to it", hint="The address of the page or document, if there is one."),
        ],
        private_metadata=opened_in)

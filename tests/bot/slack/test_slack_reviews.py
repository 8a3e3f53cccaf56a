"""The review of a draft within Slack's rules, with the buttons that its state allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.desk.lessons import Lesson, LessonState, Near
from bot.desk.types import Ticket
from bot.slack.views import reviews
from bot.workspace.block_kit import blocks_problems, view_problems
from tests.bot.slack.test_slack_views import LONG, ticket

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = ["", "Why?", "<!channel> & *bold*", *LONG]


def lesson(text: str, state: LessonState = "draft") -> Lesson:
    near = (Near(text, "https://intranet.example/faq", None, text), Near(text, "", 7, text),
            Near(text or "x", "", 8, text))
    return Lesson(12, text, text, "U0ANA", WHEN, state, 3, near, "U0BEN", "U0BEN", True, "U0BEN", WHEN, text)


def labels(one: Lesson) -> list[str]:
    return [element["text"]["text"] for block in reviews.review(one, ticket("")).blocks if block["type"] == "actions"
            for element in block["elements"]]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("state", get_args(LessonState))
def test_a_review_is_within_slacks_rules_and_calls_nobody(text: str, state: LessonState) -> None:
    view = reviews.review(lesson(text, state), ticket(text))
    assert not blocks_problems(view.blocks, "message")
    assert not [block for block in view.blocks if "<!channel>" in str(block.get("text")) + str(block.get("elements"))]
    assert len(view.text) < 4000


def words(one: Lesson, of: Ticket) -> str:
    return "\n".join(str(block) for block in reviews.review(one, of).blocks)


def test_a_draft_whose_ticket_is_open_again_says_so() -> None:
    draft = lesson("Why?")
    assert "FW-12 is open again" in words(draft, ticket("Why?", "claimed"))
    assert "open again" not in words(draft, ticket("Why?", "resolved"))
    assert "open again" not in words(replace(draft, state="approved"), ticket("Why?", "claimed"))


def test_a_draft_from_what_is_not_for_everybody_says_so() -> None:
    draft, ended = lesson("Why?"), ticket("Why?", "resolved")
    assert "not for everybody" in str(reviews.review(draft, ended, restricted=True).blocks)
    assert "not for everybody" not in str(reviews.review(draft, ended).blocks)
    taught = replace(draft, state="approved")
    assert "not for everybody" not in str(reviews.review(taught, ended, restricted=True).blocks)


def test_a_draft_whose_ticket_was_resolved_with_other_words_says_so() -> None:
    draft = replace(lesson("Why?"), edited_by=None)
    assert "other words" in words(replace(draft, answer="Because."), ticket("Why?", "resolved"))
    assert "other words" not in words(draft, ticket("Why?", "resolved"))


def test_what_is_like_a_draft_is_shown_with_its_answer() -> None:
    near = (Near("Badge lost?", "", 7, "Ask at <the> gate.\n" + "x" * 900), Near("Badge old?", "", None, "Wait."))
    shown = words(replace(lesson("Why?"), near=near), ticket("Why?", "resolved"))
    assert "Badge lost?\\n>Ask at &lt;the&gt; gate. xxx" in shown
    assert "x" * 400 not in shown
    assert "Badge old?\\n>Wait." in shown


def test_an_added_question_is_shown_with_the_answer_that_the_faq_gives() -> None:
    added = replace(lesson("Why?", "approved"), answer="My own words", extends=7, entry_answer="What FW-7 says")
    shown = words(added, ticket("Why?", "resolved"))
    assert "What FW-7 says" in shown
    assert "My own words" not in shown


def test_an_asker_hears_that_it_is_taken_back() -> None:
    assert reviews.untaught().text == "A coach has taken your question out of the FAQ again."


@pytest.mark.parametrize("text", TEXTS)
def test_its_forms_are_within_slacks_rules(text: str) -> None:
    for form in (reviews.edit(lesson(text)), reviews.reject(lesson(text))):
        assert not view_problems(form)


@pytest.mark.parametrize(("state", "held_in", "allowed"), [
    ("draft", None, ["Approve", "Edit", "Reject"]),
    ("draft", 12, ["Approve", "Edit", "Reject", "Take back"]),
    ("approved", 12, ["Take back"]),
    ("rejected", None, []),
    ("rejected", 12, ["Take back"]),
    ("withdrawn", 12, []),
])
def test_only_what_is_possible_can_be_pressed(state: LessonState, held_in: int | None, allowed: list[str]) -> None:
    assert labels(replace(lesson("Why?", state), held_in=held_in)) == allowed


def test_only_what_was_taught_can_be_extended() -> None:
    blocks = reviews.review(lesson("Why?"), ticket("")).blocks
    assert [block["accessory"]["value"] for block in blocks if "accessory" in block] == ["12:3:7", "12:3:8"]
    assert "reject this draft" in str(blocks)

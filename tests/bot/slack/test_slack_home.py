"""The Home tab by role: what each must find there, and Slack's limits at the shortest and the longest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from bot.desk.types import State
from bot.slack.views import answers, home, home_admin, notices
from bot.slack.views.home import AskerPart, ask_form, in_modal, looking
from bot.slack.views.home_admin import AdminPart, LastRun, Running, report_text
from bot.slack.views.home_coach import CoachPart, Placed
from bot.slack.views.parts import Block
from bot.workspace.block_kit import view_problems
from indexer.types import Failure, Report
from tests.bot.slack.test_slack_views import WHEN, answer, offering, texts, ticket

URL = "https://tarnbrook.slack.com/archives/C0COACHES/p1700000000000100?thread_ts=1700000000.000100&cid=C0COACHES"
MOST_BYTES = 250_000


def report(text: str, many: int) -> Report:
    return Report(documents=9, passages=90, added=many, changed=0, removed=0, unchanged=9, embedded=1, seconds=1.25,
                  failed=tuple(Failure(text, text) for _ in range(many)), generation=4,
                  changes=tuple(f"+{text}{number}" for number in range(many)))


def everything(text: str, running: Running | None = None) -> Block:
    tickets = [Placed(ticket(text, state, "U0ANA"), URL, WHEN) for state in get_args(State)] * 8
    return home.home(
        AskerPart(tickets, [text] * 20, [text] * 20), CoachPart("U0ANA", tickets, tickets, tickets, tickets, True),
        AdminPart(dict.fromkeys([f"Fact {number}" for number in range(12)], text), [text] * 20, running,
                  LastRun(WHEN, report(text, 40)), report(text, 40).failed))


def accepted(view: Block) -> None:
    assert not view_problems(view), view_problems(view)[:3]
    assert len(json.dumps(view).encode()) <= MOST_BYTES
    assert "<!channel>" not in str(view)
    assert "<!here>" not in str(view)


@settings(deadline=None, max_examples=25)
@given(texts)
def test_slack_takes_the_longest_home_and_cuts_off_nothing(text: str) -> None:
    for running in (None, Running(), Running(text, 10**9, 10**9)):
        view = everything(text, running)
        accepted(view)
        assert len(view["blocks"]) < home.MOST_BLOCKS
        assert "What's new" in str(view["blocks"][-4:])
    failed = AdminPart(last=LastRun(WHEN, None, text))
    accepted(home.home(AskerPart(), None, failed))


@settings(deadline=None, max_examples=25)
@given(texts)
def test_slack_takes_what_is_shown_in_the_form(text: str) -> None:
    found = answer(text, None)
    for view in (answers.answer(7, found), answers.choices(7, offering(text, None)), notices.noted(text, ""),
                 answers.ticket_pointer(ticket(text)), answers.settled(found, "passed_on", ticket(text))):
        accepted(in_modal(view))
    accepted(looking())
    accepted(ask_form())


def test_slack_takes_the_shortest_home() -> None:
    accepted(home.home(AskerPart()))
    accepted(home.home(AskerPart(), CoachPart("U0ANA"), AdminPart()))


def labels(view: Block) -> list[str]:
    return [element["text"]["text"] for block in view["blocks"]
            for element in (*block.get("elements", ()), block.get("accessory") or {})
            if element.get("type") == "button"]


def test_each_role_has_its_own_buttons() -> None:
    asker = AskerPart()
    assert labels(home.home(asker)) == ["Ask", "Report a problem"]
    assert labels(home.home(asker, CoachPart("U0ANA"))) == ["Ask", "Report a problem", "Go off duty"]
    assert labels(home.home(asker, CoachPart("U0ANA", off_duty=True)))[-1] == "Back on duty"
    assert labels(home.home(asker, None, AdminPart())) == ["Ask", "Report a problem", "Reindex"]


@pytest.mark.parametrize(("state", "owner", "words"), [
    ("new", None, "waits for a coach"), ("claimed", "U0ANA", "<@U0ANA> looks after it"),
    ("waiting", "U0ANA", "<@U0ANA> waits for your reply"), ("parked", "U0ANA", "waits for somebody else"),
    ("resolved", "U0ANA", "resolved"), ("closed", None, "closed"),
])
def test_an_asker_reads_how_their_ticket_stands_and_gets_to_it(state: str, owner: str | None, words: str) -> None:
    shown = str(home.home(AskerPart([Placed(ticket("My badge is dead", state, owner), URL)])))
    assert words in shown
    assert "&amp;cid=C0COACHES|My badge is dead>" in shown


def test_open_tickets_stand_before_those_that_ended() -> None:
    both = [replace(ticket("old news", "closed"), number=9), replace(ticket("still open"), number=3)]
    shown = home.ticket_lines(both)
    assert shown.index("FW-3") < shown.index("FW-9")


def test_a_coach_sees_each_kind_apart_and_when_it_is_due() -> None:
    asked = Placed(replace(ticket("asked"), assigned="U0ANA"))
    part = CoachPart("U0ANA", [Placed(ticket("pressing"), URL, WHEN)], [Placed(ticket("mine", "claimed", "U0ANA"))],
                     [Placed(ticket("waiting", "waiting", "U0ANA"))], [asked, Placed(ticket("free"))])
    shown = [block["text"]["text"] for block in home.home(AskerPart(), part)["blocks"] if block["type"] == "section"]
    groups = {text.split("*")[1]: text for text in shown if text.startswith("*") and "FW-12" in text}
    assert {label: next(word for word in ("pressing", "mine", "waiting", "asked", "free") if f" {word}" in text
                        or f"|{word}" in text) for label, text in groups.items()} == {
        "⏰ About to be due, or late": "pressing", "🙋 Yours": "mine", "👉 You were asked to take": "asked",
        "⏳ Yours, waiting for somebody": "waiting", "🔔 Unclaimed": "free"}
    assert "due <!date^1772442000^" in groups["⏰ About to be due, or late"]


def test_an_admin_sees_the_run_in_the_buttons_place_and_then_its_end() -> None:
    during = home.home(AskerPart(), None, AdminPart(running=Running("embedding", 5, 40)))
    assert "embedding 5 of 40" in str(during)
    assert "Reindex" not in labels(during)
    after = home.home(AskerPart(), None, AdminPart(last=LastRun(WHEN + timedelta(hours=1), report("a.md", 1))))
    assert "1 added" in str(after)
    assert "Reindex" in labels(after)
    assert "The store is full." in str(home.home(AskerPart(), None, AdminPart(troubles=["The store is full."])))


def test_a_report_names_up_to_ten_documents_and_why_others_failed() -> None:
    told: Any = replace(report("d", 0), added=12, changed=1, removed=1, failed=(Failure("bad.md", "line 3: no `:`"),),
                        changes=("~guide.md", "-old.md", *(f"+new-{number}.md" for number in range(12))))
    text = report_text(told)
    assert "`guide.md` changed" in text
    assert "`old.md` removed" in text
    assert "`new-7.md` added" in text
    assert "new-8" not in text
    assert "… and 4 more." in text
    assert "`bad.md`: line 3: no `:`" in text
    assert len(report_text(report("x" * 5000, 40))) < 40_000
    assert home_admin.report_text(report("d", 0)).startswith("✅ Reindexed: nothing had changed.")
    renewed = home_admin.report_text(report("d", 0), renewed=True)
    assert "nothing had changed" not in renewed
    assert "worked out anew" in renewed


def test_what_could_not_be_taken_in_is_shown_though_nobody_here_has_run_anything() -> None:
    kept = AdminPart(failures=[Failure("training/bad.md", "it is <empty>")])
    shown = str(home.home(AskerPart(), None, kept))
    assert "`training/bad.md`: it is &lt;empty&gt;" in shown
    assert "Last run" not in shown
    fresh = replace(kept, last=LastRun(WHEN, report("d", 0)))
    assert "bad.md" not in str(home.home(AskerPart(), None, fresh)), "the run that was seen says more"

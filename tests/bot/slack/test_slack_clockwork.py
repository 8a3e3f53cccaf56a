"""Reminders, escalations and digests as messages: complete, escaped, and below Slack's limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.render import render
from bot.slack.views import clockwork
from bot.slack.views.parts import View
from tests.bot.desk.desk_fakes import ANA, House
from tests.bot.slack.test_slack_views import accepted, ticket

DUE = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
TEXTS = st.one_of(st.text(max_size=300), st.sampled_from(["<!channel> & <@U0EVE>", "😀" * 5000, "‮" * 3000, "\n" * 500]))


def told(view: View) -> str:
    return json.dumps(view.blocks, ensure_ascii=False)


@given(TEXTS)
def test_whatever_was_asked_slack_takes_it_and_nobody_is_called(text: str) -> None:
    for owner in (None, "U0ANA"):
        asked = ticket(text, owner=owner)
        for view in (clockwork.escalation(asked, "first_response", ["U0LEA"], DUE),
                     clockwork.reminder(asked, "resolution", "area", ["U0ANA", "U0BEN"], None),
                     clockwork.digest({kind: [(asked, DUE)] * 40 for kind in clockwork.KINDS})):
            accepted(view)
            assert "<!channel>" not in told(view)
            assert "<@U0EVE>" not in told(view)


def test_a_reminder_says_what_is_due_when_and_to_whom() -> None:
    view = clockwork.reminder(ticket("Why?"), "first_response", "", ["U0ANA"], DUE)
    assert "<@U0ANA> ⏰ the first answer is due <!date^1779271200^" in told(view)
    missed = clockwork.reminder(ticket("Why?"), "next_response", "area", ["U0ANA"], DUE)
    assert "the next answer was due <!date^1779271200^" in told(missed)
    assert "here it is again" in told(clockwork.reminder(ticket("Why?"), "", "", ["U0ANA"], None))


def test_an_escalation_says_whether_anybody_has_it_and_where() -> None:
    assert "Nobody has claimed it." in told(clockwork.escalation(ticket("Why?"), "first_response", [], DUE))
    owned = told(clockwork.escalation(ticket("Why?", "claimed", "U0BEN"), "first_response", [], DUE))
    assert "<@U0BEN> has it." in owned
    assert "in <#C0COACHES>" in owned
    linked = told(clockwork.escalation(ticket("Why?"), "first_response", [], DUE, "https://w.example/archives/C0/p1"))
    assert "*<https://w.example/archives/C0/p1|FW-12>* in <#C0COACHES>" in linked


def test_a_digest_names_ten_of_a_kind_and_counts_the_others() -> None:
    view = clockwork.digest({"mine": [(ticket("Why?"), DUE)] * 12, "waiting": []})
    assert told(view).count("• *FW-") == 10
    assert "… and 2 more" in told(view)
    assert "waiting for somebody" not in told(view)
    assert view.text == "Your day at the desk: 12 yours"


def test_who_opens_a_ticket_again_in_the_evening_hears_when_the_coaches_are_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    for hour, told_when in ((10, False), (20, True)):
        house.clock.set(datetime(2026, 3, 2, hour, 0, tzinfo=UTC))
        number = house.open_ticket(text=f"My badge is broken at {hour}").number
        house.desk.dismiss(number, ANA, house.clock.now)
        house.desk.reopen(number, ANA, house.clock.now)
        [said] = [one for one in house.postman.deliver() if one.kind == "open_again"]
        view = render(said, house.desk, house.clock.now)
        assert f"*FW-{number}* is open again" in view.text
        assert ("The coaches are back" in told(view)) is told_when

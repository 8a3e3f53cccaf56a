"""The rules of a ticket's life, each pair of state and step, and what holds whatever happens."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.lifecycle import Standing, advance, steps_for
from bot.desk.types import State, Step
from bot.errors import IllegalStep, TicketTaken

STATES: tuple[State, ...] = get_args(State)
STEPS: tuple[Step, ...] = tuple(step for step in get_args(Step) if step != "opened")

# What Ana's step makes of a ticket that (unless new) is Ana's. Missing pairs are refused.
_ALWAYS: tuple[Step, ...] = ("noted", "helped", "tagged", "related")
_WHILE_OPEN: tuple[Step, ...] = ("asker_replied", "prioritised", "snoozed", "woken", "reminded", "escalated")
_ENDED: dict[Step, State] = {"dismissed": "closed", "merged": "closed"}
_OWNED: dict[Step, State] = {"released": "new", "moved": "new", "asked_back": "waiting", "resolved": "resolved"}


def _stay(state: State, *steps: Step) -> dict[Step, State]:
    return dict.fromkeys(steps, state)


EXPECTED: dict[State, dict[Step, State]] = {
    "new": _stay("new", *_ALWAYS, *_WHILE_OPEN, "assigned", "moved") | _ENDED
    | {"claimed": "claimed", "passed_on": "claimed"},
    "claimed": _stay("claimed", *_ALWAYS, *_WHILE_OPEN, "claimed", "coach_replied", "passed_on", "taken_over") | _ENDED
    | _OWNED | {"parked": "parked"},
    "waiting": _stay("waiting", *_ALWAYS, *_WHILE_OPEN, "claimed", "coach_replied", "passed_on", "taken_over") | _ENDED
    | _OWNED | {"parked": "parked", "asker_replied": "claimed"},
    "parked": _stay("parked", *_ALWAYS, *_WHILE_OPEN, "claimed", "coach_replied", "passed_on", "taken_over") | _ENDED
    | _OWNED | {"resumed": "claimed"},
    "resolved": _stay("resolved", *_ALWAYS, "coach_replied") | {"reopened": "claimed", "archived": "closed"},
    "closed": _stay("closed", *_ALWAYS, "coach_replied") | {"reopened": "claimed"},
}
WHOM = {"passed_on": "cleo"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", [*STEPS, "opened"])
def test_every_pair_of_state_and_step(state: State, step: Step) -> None:
    standing = Standing(state, None if state == "new" else "ana")
    expected = EXPECTED[state].get(step)
    if expected is None:
        with pytest.raises(IllegalStep) as refused:
            advance(standing, step, "ana", WHOM.get(step, ""))
        assert refused.value.sentence.endswith(".")
    else:
        after = advance(standing, step, "ana", WHOM.get(step, ""))
        unowned = expected == "new" or (state == "new" and expected == "closed")
        assert after == Standing(expected, None if unowned else WHOM.get(step, "ana"))


@pytest.mark.parametrize("state", ["claimed", "waiting", "parked"])
def test_who_loses_the_race_hears_who_won(state: State) -> None:
    with pytest.raises(TicketTaken) as refused:
        advance(Standing(state, "ana"), "claimed", "ben")
    assert refused.value.owner == "ana"


def test_reopened_without_an_owner_is_new() -> None:
    assert advance(Standing("closed", None), "reopened", "mia") == Standing("new", None)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(["ana", "ben"])), max_size=30))
def test_whatever_happens_claimed_tickets_have_one_owner(history: list[tuple[Step, str]]) -> None:
    standing = Standing("new", None)
    for step, actor in history:
        before = standing
        try:
            for each in steps_for(standing, step):
                standing = advance(standing, each, actor, WHOM.get(each, ""))
        except IllegalStep:
            assert standing == before, "a refused step changed something"
            continue
        assert (standing.owner is None) == (standing.state == "new") or standing.state == "closed"
        if standing.owner != before.owner:
            assert (standing.state == "new" or (before.owner is None and standing.owner == actor)
                    or step in ("taken_over", "passed_on"))

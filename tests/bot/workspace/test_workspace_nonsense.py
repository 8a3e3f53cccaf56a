"""Whatever it is sent, the workspace answers in its own words and lives on."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import httpx

from bot.workspace import LocalWorkspace
from bot.workspace.people_api.routes import DOING
from bot.workspace.web_api import METHODS
from tests.bot.workspace.playing import Hands

SEED = 20261122
TEXTS = [
    "",
    "x",
    "C0GOLIVE",
    "U0MIA",
    "D0MIA",
    "U0FLOORWALKER",
    "1.000001",
    "A",
    "x" * 4500,
    "😀",
    "\ud800",
    "9" * 400,
    "²",
]
MORE_TEXTS = [
    "[]",
    "{}",
    "[1]",
    '{"type":"modal"}',
    "home",
    "/floorwalker",
    "create_ticket",
    "rate_limited",
    "duplicate",
]
BLOCKS = [[{"type": "divider"}], [{"type": "section", "text": {"type": "mrkdwn"}}], {"type": "home", "blocks": []}]
JUNK: list[Any] = [
    *TEXTS,
    *MORE_TEXTS,
    *BLOCKS,
    None,
    0,
    -1,
    1.5,
    True,
    [],
    {},
    [1],
    [[]],
    {"a": 1},
    float("nan"),
    10**30,
]
WISHES = re.findall(
    r"\w+",
    """user channel ts thread_ts text name label block_id action_id view_id value values
    content content_base64 command tab kind count seconds clear remove after""",
)


def test_nonsense_is_answered_in_slacks_way(workspace: LocalWorkspace) -> None:
    dice = random.Random(SEED)
    with httpx.Client(base_url=workspace.base_url) as http:
        for number in range(600):
            method = dice.choice(list(METHODS.values()))
            names = sorted(method.required) + dice.sample(
                sorted(method.optional), dice.randint(0, len(method.optional))
            )
            body = json.dumps({name: dice.choice(JUNK) for name in names})
            token = workspace.app_token if method.token == "app" else workspace.bot_token
            answer = http.post(
                f"/api/{method.name}",
                content=body,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"},
            )
            assert answer.status_code == 200, f"{number}: {method.name} {body[:300]}"
            assert answer.json()["ok"] or answer.json()["error"]


def test_nonsense_is_answered_to_people_with_a_sentence(workspace: LocalWorkspace, hands: Hands) -> None:
    dice = random.Random(SEED)
    hands.say("something to point at")
    for number in range(600):
        what = dice.choice(sorted(DOING))
        body = {name: dice.choice(JUNK) for name in WISHES if dice.random() < 0.6}
        body |= {"user": "U0MIA"} if dice.random() < 0.8 else {}
        body |= {"channel": "C0GOLIVE"} if dice.random() < 0.6 else {}
        if what in ("command", "shortcut"):
            body |= {"command": "/none", "name": "none"}  # real ones would wait for an app that is not there
        answer = hands.http.post(f"/workspace/{what}", content=json.dumps(body))
        assert answer.status_code < 500, f"{number}: {what} {body}"
        assert answer.status_code == 200 or answer.json()["error"].endswith((".", "none.")), answer.text

"""Nobody sees what is not for them: in no answer, no card, no form, no Home tab, and in no log.

A fixed seed decides what is asked and pressed; LEAK_MESSAGES sets how many questions there are.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import StringIO
from itertools import combinations, islice
from typing import Any

import httpx
import pytest

from bot.assemble.demo import Demo
from bot.settings import load_settings
from bot.slack import posting
from bot.watching.logs import FOREIGN, JsonLines, TextLines, attach
from bot.workspace import pace
from tests.fakes import ToyEmbedder
from tests.stories.floor import BOT, COACHES, Floor
from tests.stories.leaks import SECRET, SETTINGS, TOPICS, Judge, Secret, Sighting, secrets, write
from tests.stories.leaks_play import PUBLIC, TODAY, UNASKED, Play, fill_in, labels

MESSAGES = int(os.environ.get("LEAK_MESSAGES", "48"))
SHOWN = ("Source: ", "Which of these", "Shared by", "The nearest that I have", "It said:", "Resolved before",
         "Suggested reply", "Reply: FW-", "In the index since", "What's new", "Known issues", "prompts", "1 changed")
"""What has to be seen at least once, or not everything was looked at."""


@pytest.fixture(scope="module")
def log() -> Iterator[StringIO]:
    """All that is logged, down to the last detail, in both formats and with the texts of exceptions."""
    root, kept = logging.getLogger(), StringIO()
    before, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in FOREIGN}
    handlers = [logging.StreamHandler(kept) for _ in range(3)]
    for handler, form in zip(handlers, (TextLines(), JsonLines(), logging.Formatter()), strict=True):
        handler.setFormatter(form)
    attach(handlers[0], "debug")
    root.handlers += handlers[1:]
    yield kept
    root.handlers[:] = before
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


@pytest.fixture(scope="module")
def hidden() -> list[Secret]:
    return list(secrets(random.Random(7), 48, TODAY))


@pytest.fixture(scope="module")
def floor(log: StringIO, hidden: list[Secret], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """Without Slack's pace, which would only make it slow: a message a second in the coaches' channel."""
    folder = tmp_path_factory.mktemp("leaks")
    write(random.Random(8), folder, hidden)
    (folder / "config.toml").write_text(SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(posting.Pace, "wait_seconds", lambda *_: 0.0)
        patched.setattr(pace.Pace, "seconds_to_wait", lambda *_: 0)
        with Demo(load_settings(folder / "config.toml", {}), folder / "data", 0, embedder=ToyEmbedder()) as demo:
            demo.prepare(lambda _stage, _done, _total: None)
            demo.start()
            with httpx.Client(base_url=demo.workspace.base_url, timeout=20) as http:
                floor = Floor(demo, http, folder / "knowledge")
                floor.call("person", user="U0EVE", name="Gus", kind="guest", channels=[PUBLIC, UNASKED])
                yield floor


# ---- what the play has found, each by itself: first, while there is nothing similar yet -----------------------------

def unsure(floor: Floor, hidden: list[Secret], least: float) -> Iterator[tuple[str, Secret]]:
    """What Mia asks and the bot hands over, though it is this sure of a document, and one that is not for Priya."""
    assert floor.demo.bot is not None
    viewer = floor.demo.bot.people.viewer("U0MIA")
    for asked in (f"Where is the blue {one} {other}?" for one, other in combinations(TOPICS, 2)):
        found = floor.demo.bot.knowledge.find(asked, viewer)
        best = next((one for one in hidden if f"{one.word}.md" == found.hits[0].document_id), None)
        if best and found.verdict == "handover" and found.confidence > least and not best.is_for("U0PRIYA", TODAY):
            yield asked, best


def test_where_others_read_along_a_hand_over_names_no_document_that_is_not_for_them(
    floor: Floor, hidden: list[Secret]
) -> None:
    asked, one = next(unsure(floor, hidden, 0.1))
    direct, public = floor.say("U0MIA", BOT, asked), floor.say("U0MIA", PUBLIC, f"<@{BOT}> {asked}")
    assert one.word in str(floor.wait_for(lambda: floor.messages(BOT, "U0MIA", direct)[1:]))
    assert one.word not in str(floor.wait_for(partial(replies, floor, public), "the number"))


def test_where_others_read_along_nothing_is_suggested_that_is_not_for_them(floor: Floor, hidden: list[Secret]) -> None:
    for asked, one in islice(unsure(floor, hidden, 0.5), 3):
        public = floor.say("U0MIA", PUBLIC, f"<@{BOT}> {asked}")
        floor.wait_for(partial(replies, floor, public), "the number")
        card = card_of(floor, "U0MIA", asked)
        assert one.word in str(card["blocks"]), "the coaches see what the bot found"
        if "Send suggestion" in labels(card):
            fill_in(floor, "U0ANA", card["ts"], "Send suggestion")
            floor.wait_for(lambda: len(replies(floor, public)) > 1, "the coach's word")  # noqa: B023
        assert one.word not in str(replies(floor, public)[1:])


def test_what_somebody_was_told_from_a_document_is_not_suggested_to_others_when_its_file_has_another_name(
    floor: Floor, hidden: list[Secret]
) -> None:
    asked, one = next(unsure(floor, hidden, 0.1))
    floor.say("U0MIA", BOT, asked)
    fill_in(floor, "U0ANA", card_of(floor, "U0MIA", asked)["ts"], "Resolve", Resolution="It is under the marzipan.")
    (floor.knowledge / f"{one.word}.md").rename(floor.knowledge / f"new-{one.word}.md")
    floor.call("command", user="U0EVE", channel=PUBLIC, command="/floorwalker", text="reindex")
    floor.wait_for(lambda: "1 added, 0 changed, 1 removed" in str(floor.messages(BOT, "U0EVE")), "the new name")
    floor.say("U0PRIYA", BOT, asked)
    assert "marzipan" not in str(card_of(floor, "U0PRIYA", asked)["blocks"])


def replies(floor: Floor, public: str) -> list[dict[str, Any]]:
    """As Priya reads them."""
    return floor.messages(PUBLIC, "U0PRIYA", public)[1:]


def card_of(floor: Floor, asker: str, asked: str) -> dict[str, Any]:
    """Their newest ticket's with this question, once there is nothing left to do."""
    def cards() -> list[dict[str, Any]]:
        said = floor.messages(COACHES, "U0ANA")
        return [card for card in said if asked in card["text"] and asker in str(card["blocks"])]

    floor.wait_for(lambda: [card for card in cards() if "Claim" in labels(card)], asked)
    floor.settle()
    return cards()[-1]


# ---- the play --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def play(floor: Floor, hidden: list[Secret]) -> Play:
    play = Play(floor, hidden)
    play.ask_around(MESSAGES * 2 // 3)
    play.press_around()
    play.coach_around()
    play.reindex()
    play.ask_around(MESSAGES // 3)
    play.press_around()
    play.coach_around()
    play.look_around()
    return play


@pytest.fixture(scope="module")
def seen(play: Play) -> list[Sighting]:
    return play.seen()


def judge(play: Play, hidden: list[Secret]) -> Judge:
    return Judge({one.word: one for one in hidden}, play.typed, play.members[COACHES], TODAY)


def test_nobody_sees_what_is_not_for_them(play: Play, seen: list[Sighting], hidden: list[Secret]) -> None:
    leaks = list(judge(play, hidden).leaks(seen))
    assert not leaks, "\n".join(leaks[:10])
    assert not [what for what in SHOWN if not any(what in one.shown for one in seen)], "or not everything was seen"


def test_no_log_says_what_anybody_asks_or_is_told(seen: list[Sighting], floor: Floor, log: StringIO) -> None:
    told = log.getvalue() + floor.http.get("/metrics").text + floor.http.get("/healthz").text
    assert told.count("(answer) is in Slack") > 10
    assert not SECRET.search(told)


def test_the_test_can_fail(play: Play, seen: list[Sighting], hidden: list[Secret]) -> None:
    """A document that is public by mistake, and a word that somebody wrote to Eve alone."""
    told = {word for one in seen if "U0PRIYA" in one.to for word in one.words}
    slip = next(one for one in hidden if one.word in told and not one.audience)
    meant = [replace(one, audience=("board",)) if one is slip else one for one in hidden]
    assert any(slip.word in leak for leak in judge(play, meant).leaks(seen))
    typed = next(word for word, readers in play.typed.items() if "U0PRIYA" in readers and word in told)
    strict = replace(judge(play, hidden), typed=play.typed | {typed: frozenset({"U0EVE"})})
    assert any(typed in leak for leak in strict.leaks(seen))

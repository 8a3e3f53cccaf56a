"""People who ask, reply, claim and resolve all the time, whether the bot is there or not."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.crash.forms import filled, is_about
from tests.crash.ledger import Done, DoneKind, Ledger, Said, SaidKind
from tests.crash.people import BOT, COACHES, Hands, NotTaken, Seen

ASKERS = ("U0MIA", "U0TOM", "U0PRIYA", "U0EVE")
COACH_USERS = ("U0ANA", "U0BEN")
CHANNELS = ("C0GOLIVE", "C0FINANCE", "C0GENERAL")
KNOWN = (
    "How do I attach a receipt to a claim?", "What is the mileage rate for my own car?",
    "Who approves a purchase order?", "I am locked out of my account, what now?",
)
UNKNOWN = (
    "Why does the scanner in hall three beep twice?", "Can the quarterly stocktake be moved to Sunday?",
    "Which printer prints pallet labels in Hull?", "The supplier portal shows a blank page, what is wrong?",
    "Where do I see the customs code of a returned item?",
)
ANSWERED = "That helped"
STUCK = "Still stuck"
AGAIN = 3
"""How often somebody presses the same button when the bot does not respond."""


@dataclass(slots=True)
class Crowd:
    """Threads that act until told to stop; `pause` is the mean number of seconds between two deeds of one person."""

    hands: Hands
    ledger: Ledger
    seed: int
    pause: float = 2.0
    early_edits: bool = False
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Two who ask and two who coach."""
        parts: list[tuple[str, Callable[[random.Random], None]]] = [
            ("asker-1", self._ask_or_reply), ("asker-2", self._ask_or_reply),
            ("coach-1", self._coach), ("coach-2", self._coach)]
        for name, act in parts:
            thread = threading.Thread(target=self._live, args=(name, act), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each finish what they are doing."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(30)

    def _live(self, name: str, act: Callable[[random.Random], None]) -> None:
        chance = random.Random(f"{self.seed}:{name}")
        while not self._stopping.wait(chance.expovariate(1 / self.pause)):
            try:
                act(chance)
            except NotTaken as refusal:
                # Somebody else was faster, the message has gone, or the bot is not there: as in life.
                self.ledger.count("no reply from the bot" if "did not respond" in str(refusal) else "refused")
            except Exception as error:
                self.errors.append(f"{name}: {error!r}")

    # ---- askers -------------------------------------------------------------------------------------------------

    def _ask_or_reply(self, chance: random.Random) -> None:
        user = chance.choice(ASKERS)
        act = _pick(chance, [
            (28, self._question), (18, self._press_below_answer), (22, self._reply), (6, self._change),
            (3, self._take_back), (5, self._command), (3, self._shortcut), (3, self._home), (3, self._small_talk),
        ])
        act(chance, user)

    def _question(self, chance: random.Random, user: str) -> None:
        token = self.ledger.token()
        text = f"{chance.choice(KNOWN + UNKNOWN)} ({token})"
        if chance.random() < 0.15:
            self.hands.call("fault", kind="duplicate")
            self.ledger.count("event delivered twice")
        if chance.random() < 0.6:
            self._say("question", token, user, BOT, text)
        else:
            self._say("question", token, user, chance.choice(CHANNELS), f"@floorwalker {text}")

    def _small_talk(self, chance: random.Random, user: str) -> None:
        """People among themselves: the bot must stay out of it."""
        self.hands.call("say", user=user, channel=chance.choice(CHANNELS), text="Lunch at twelve?")
        self.ledger.count("among people")

    def _press_below_answer(self, chance: random.Random, _user: str) -> None:
        question = _recent(chance, self.ledger.messages("question"))
        label = STUCK if chance.random() < 0.7 else ANSWERED
        if question is None or not self._offers(question, label):
            return
        self._press("still_stuck" if label == STUCK else "helped", question.token, question.user, label,
                    channel=question.channel, ts=question.ts)

    def _reply(self, chance: random.Random, _user: str) -> None:
        """In the thread of a ticket."""
        card = _recent(chance, self.hands.cards())
        thread = self._asker_thread(card) if card else None
        if thread is None:
            return
        user, channel, ts = thread
        token = self.ledger.token()
        self._say("asker_reply", token, user, channel, f"It says error seven on my screen ({token})", ts)

    def _change(self, chance: random.Random, _user: str) -> None:
        """Edit what one wrote some time ago."""
        message = _recent(chance, self.ledger.messages("question", "asker_reply", "coach_reply"), among=8)
        if message is None or message.deleted or message.edited_token:
            return
        if not (self.early_edits or self._taken_up(message)):
            return
        token = self.ledger.token()
        mention = "@floorwalker " if message.kind == "question" and message.channel in CHANNELS else ""
        self.hands.call("edit", user=message.user, channel=message.channel, ts=message.ts,
                        text=f"{mention}I mean something else than I wrote ({message.token}) ({token})")
        message.edited_token = token
        self.ledger.count("edit")

    def _take_back(self, chance: random.Random, _user: str) -> None:
        """Delete what one wrote."""
        message = _recent(chance, self.ledger.messages("question", "asker_reply", "coach_reply"), among=8)
        if message is None or message.deleted:
            return
        message.deleted = True
        self.hands.call("delete", user=message.user, channel=message.channel, ts=message.ts)
        self.ledger.count("deletion")

    def _command(self, chance: random.Random, user: str) -> None:
        token = self.ledger.token()
        done = Done(token, "command", user)
        try:
            self.hands.call("command", user=user, channel=chance.choice(CHANNELS), command="/floorwalker",
                            text=f"ticket {chance.choice(UNKNOWN)} ({token})")
        except NotTaken:
            done.acknowledged = False
        self.ledger.add(done)

    def _shortcut(self, chance: random.Random, user: str) -> None:
        """The global one, where the app offers any: its form is filled in and sent."""
        offered = [one["name"] for one in self.hands.shortcuts() if one["type"] == "global"]
        if not offered or self.hands.modal(user) is not None:
            return
        self.hands.call("shortcut", user=user, name=chance.choice(offered))
        token = self.ledger.token()
        self._submit(Done(token, "shortcut", user), f"{chance.choice(UNKNOWN)} ({token})")

    def _home(self, _chance: random.Random, user: str) -> None:
        self.hands.call("open_home", user=user)
        self.ledger.count("home opened")

    # ---- coaches ------------------------------------------------------------------------------------------------

    def _coach(self, chance: random.Random) -> None:
        coach = chance.choice(COACH_USERS)
        cards = [card for card in self.hands.cards() if "Resolve" in card.labels]
        if not cards:
            return
        card = chance.choice(cards[:6])  # oldest first, so that the queue gets shorter
        act = _pick(chance, [(22, self._claim), (26, self._coach_reply), (5, self._note), (9, self._ask_back),
                             (30, self._resolve), (4, self._give_back), (3, self._close)])
        act(chance, coach, card)

    def _claim(self, chance: random.Random, coach: str, card: Seen) -> None:
        if "Claim" not in card.labels:
            return
        racers = COACH_USERS if chance.random() < 0.4 else (coach,)
        threads = [threading.Thread(target=self._try, args=("claim", racer, "Claim", card)) for racer in racers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    def _coach_reply(self, _chance: random.Random, coach: str, card: Seen) -> None:
        token = self.ledger.token()
        self._say("coach_reply", token, coach, COACHES, f"Please try it once more ({token})", card.ts)

    def _note(self, _chance: random.Random, coach: str, card: Seen) -> None:
        token = self.ledger.token()
        self._say("note", token, coach, COACHES, f"// who knows this one? ({token})", card.ts)

    def _give_back(self, _chance: random.Random, coach: str, card: Seen) -> None:
        self._try("give_back", coach, "Give back", card)

    def _close(self, _chance: random.Random, coach: str, card: Seen) -> None:
        self._try("close", coach, "Not a request", card)

    def _ask_back(self, _chance: random.Random, coach: str, card: Seen) -> None:
        token = self.ledger.token()
        if self._open_form(coach, "Ask back", card):
            self._submit(Done(token, "ask_back", coach, card.ticket), f"Which screen is it? ({token})")

    def _resolve(self, chance: random.Random, coach: str, card: Seen) -> None:
        token = self.ledger.token()
        if self._open_form(coach, "Resolve", card):
            teach = chance.random() < 0.25
            self._submit(Done(token, "resolve", coach, card.ticket, teach=teach),
                         f"Switch it off and on again ({token})")

    # ---- hands --------------------------------------------------------------------------------------------------
    def _say(self, kind: SaidKind, token: str, user: str, channel: str, text: str, thread_ts: str = "") -> None:
        more = {"thread_ts": thread_ts} if thread_ts else {}
        said = self.hands.call("say", user=user, channel=channel, text=text, **more)
        self.ledger.add(Said(token, kind, user, said["channel"], said["ts"], thread_ts))

    def _try(self, kind: DoneKind, user: str, label: str, card: Seen) -> None:
        try:
            self._press(kind, card.ticket, user, label, channel=COACHES, ts=card.ts)
        except NotTaken:
            self.ledger.count("refused")  # the button is gone

    def _press(self, kind: DoneKind, token: str, user: str, label: str, *, channel: str, ts: str) -> None:
        """Press a button, again if Slack says that the app did not respond."""
        for _ in range(AGAIN):
            done = Done(token, kind, user, token if kind in ("claim", "give_back", "close") else "")
            try:
                self.hands.call("click", user=user, channel=channel, ts=ts, label=label)
            except NotTaken as refusal:
                if "did not respond" not in str(refusal):
                    raise
                done.acknowledged = False
            self.ledger.add(done)
            if done.acknowledged or self._stopping.wait(0.5):
                return

    def _open_form(self, coach: str, label: str, card: Seen) -> bool:
        """Press the button that opens a form. Each coach has one at a time."""
        with _FORMS[coach]:
            if self.hands.modal(coach) is not None:
                self.hands.call("close", user=coach, clear=True)
            try:
                self.hands.call("click", user=coach, channel=COACHES, ts=card.ts, label=label)
            except NotTaken:
                self.ledger.count("form not opened")
                return False
        modal = self.hands.modal(coach)
        return modal is not None and modal["callback_id"] == label.lower().replace(" ", "_")

    def _submit(self, done: Done, text: str) -> None:
        """Send the form that is open, again while the bot does not respond; then give it up."""
        with _FORMS.get(done.user, threading.Lock()):
            modal = self.hands.modal(done.user)
            if modal is None or not is_about(modal, done.ticket):
                return
            done.acknowledged = False
            values = filled(modal, text, tick=done.teach)
            for _ in range(AGAIN):
                try:
                    answered = self.hands.call("submit", user=done.user, values=values)
                except NotTaken:
                    self._stopping.wait(0.7)
                    continue
                done.acknowledged = not answered.get("errors")
                break
            self.ledger.add(done)
            if not done.acknowledged and self.hands.modal(done.user) is not None:
                self.hands.call("close", user=done.user, clear=True)

    def _offers(self, question: Said, label: str) -> bool:
        return any(label in one.labels for one in self.hands.messages(question.channel, question.ts))

    def _taken_up(self, message: Said) -> bool:
        """Whether the bot has answered it, or passed it on."""
        if message.kind == "question":
            return any(one.user == BOT for one in self.hands.messages(message.channel, message.ts))
        return any(one.user == BOT and message.token in one.text for one in self.hands.everything())

    def _asker_thread(self, card: Seen) -> tuple[str, str, str] | None:
        """Who asks, and where their thread is: below their question, or below the opener in the direct messages."""
        for question in self.ledger.messages("question"):
            if question.token in card.text and not question.deleted:
                return question.user, question.channel, question.ts
        for done in self.ledger.deeds("command", "shortcut"):
            if done.token in card.text:
                channel = "D" + done.user[1:]
                openers = [one for one in self.hands.messages(channel) if done.token in one.text and one.user == BOT]
                return (done.user, channel, openers[0].ts) if openers else None
        return None


_FORMS = {coach: threading.Lock() for coach in COACH_USERS}


def _recent(chance: random.Random, things: Sequence[Any], among: int = 12) -> Any:
    return chance.choice(things[-among:]) if things else None


def _pick(chance: random.Random, weighed: Sequence[tuple[int, Any]]) -> Any:
    return chance.choices([one for _, one in weighed], [weight for weight, _ in weighed])[0]

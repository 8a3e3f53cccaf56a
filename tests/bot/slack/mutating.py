"""Real requests of Slack's, and thousands of ways in which they can be wrong."""

from __future__ import annotations

import copy
import hashlib
import hmac
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

Json: TypeAlias = dict[str, Any]
Travels: TypeAlias = Literal["events_api", "interactive", "slash_commands"]
"""How a payload is sent: as JSON, as JSON in a field of a form, or as a form."""

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FOREIGN_TEAM = "T0ELSEWHERE"
MARK = "FOREIGN"
"""Stands in the ids of each request of another workspace."""
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """A request as Slack sends it."""

    kind: str
    travels: Travels
    payload: Json


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted, and what must come back."""

    how: str
    """The mutation's name."""
    kind: str
    """What it was made from."""
    body: bytes
    headers: list[tuple[bytes, bytes]]
    statuses: tuple[int, ...] = ()
    """What may come back; empty: anything below 500."""


@dataclass(slots=True)
class Draft:
    """A sample on its way to become wrong."""

    sample: Sample
    payload: Json
    dice: random.Random
    body: bytes | None = None
    """Set where the body is no longer what the payload says."""
    content_type: str = ""
    statuses: tuple[int, ...] = ()
    more_headers: list[tuple[str, str]] = field(default_factory=list)

    def written(self) -> bytes:
        return _encoded(self.sample.travels, self.payload) if self.body is None else self.body


def kind_of(travels: Travels, payload: Json) -> str:
    """What a payload is, in a word."""
    if travels == "slash_commands":
        return "command"
    event = payload.get("event") or {}
    return " ".join(filter(None, (payload["type"], event.get("type"), event.get("channel_type"), event.get("subtype"))))


def written_by_hand(samples: list[Sample]) -> Iterator[Sample]:
    """What Slack sends, too, but the local workspace does not in these stories."""
    yield Sample("url_verification", "events_api", {"type": "url_verification", "token": "local", "challenge": "abc"})
    yield Sample("ssl_check", "slash_commands", {"ssl_check": "1", "token": "local"})
    yield Sample("app_rate_limited", "events_api", {
        "type": "app_rate_limited", "token": "local", "team_id": "T0TARNBROOK", "minute_rate_limited": 1518467820,
        "api_app_id": "A0FLOORWALKER"})
    for sample in samples:
        if sample.payload.get("type") == "view_submission":
            yield Sample("view_closed", "interactive", sample.payload | {"type": "view_closed", "is_cleared": False})
        event = sample.payload.get("event") or {}
        if event.get("channel_type") == "channel" and event["type"] == "message" and "subtype" not in event:
            group = event | {"channel": "G0SECRET", "channel_type": "group"}
            yield Sample("message.groups", "events_api", sample.payload | {"event": group})


# ---- what is wrong with the payload ----------------------------------------------------------------------------------

JUNK: list[Any] = [
    None, "", 0, -1, 1.5, 10**30, True, False, [], {}, [[]], [None], {"id": None}, {"id": []}, "0", "💥",
    "\u202e\u200b",
    "x" * 300, "1.1", "U0MIA", "D0MIA", "C0GOLIVE", "<!channel>", "\x00\x01\x1f", "\ud800", "../../etc/passwd",
    "'; DROP TABLE inbox; --", "{{7*7}}", "%s%n", "1e999", "²", "9" * 400, ["x"] * 50, {"type": "message"},
]
ACTION_IDS = ["", "💥", "choose_", "choose_-1", "choose_99999999999999999999", "claim", "resolve", "reindex", "x" * 256,
              "lesson_approve", "constructor", "__class__", "home_ask", "suggest", "on_duty"]


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a payload."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _holder(draft: Draft, path: tuple[Any, ...]) -> Any:
    node: Any = draft.payload
    for key in path[:-1]:
        node = node[key]
    return node


def _somewhere(draft: Draft, change: Callable[[Any, Any], None], times: int = 1) -> None:
    """Change what is held by something, under some key, at a place that is drawn."""
    for _ in range(times):
        places = list(_places(draft.payload))
        if places:
            path = draft.dice.choice(places)
            change(_holder(draft, path), path[-1])


def dropped(draft: Draft) -> None:
    _somewhere(draft, lambda holder, key: holder.pop(key), draft.dice.choice([1, 1, 1, 2, 5]))


def retyped(draft: Draft) -> None:
    def change(holder: Any, key: Any) -> None:
        holder[key] = copy.deepcopy(draft.dice.choice(JUNK))

    _somewhere(draft, change, draft.dice.choice([1, 1, 1, 2, 5]))


def nulled(draft: Draft) -> None:
    def change(holder: Any, key: Any) -> None:
        holder[key] = None

    _somewhere(draft, change, draft.dice.choice([1, 1, 3]))


def wrapped(draft: Draft) -> None:
    """A value where its list should be, a list where the value should be."""
    def change(holder: Any, key: Any) -> None:
        holder[key] = [holder[key], holder[key]] if draft.dice.random() < 0.5 else {"value": holder[key]}

    _somewhere(draft, change)


def huge_text(draft: Draft) -> None:
    def change(holder: Any, key: Any) -> None:
        text = draft.dice.choice(["x", "kumquat ", "<!channel>", "💥", "\n>"])
        holder[key] = text * draft.dice.choice([5_000, 15_000])

    _somewhere(draft, change)


def deeply_nested(draft: Draft) -> None:
    depth = draft.dice.choice([50, 500, 5_000, 100_000])
    text = ("[" * depth + "]" * depth) if draft.dice.random() < 0.5 else '{"a":' * depth + "1" + "}" * depth
    draft.body = _with_raw(draft, text)


def no_number(draft: Draft) -> None:
    draft.body = _with_raw(draft, draft.dice.choice(["NaN", "Infinity", "-Infinity", "1" * 5_000, "1e99999"]))


def control_characters(draft: Draft) -> None:
    def change(holder: Any, key: Any) -> None:
        if isinstance(holder[key], str):
            holder[key] = draft.dice.choice(["\x00", "\x1b[31m", "\r\n", "\ud83d", "\u202e"]) + holder[key]

    _somewhere(draft, change, 4)


def unknown_action(draft: Draft) -> None:
    for action in draft.payload.get("actions") or [draft.payload]:
        name = "action_id" if "action_id" in action else "callback_id"
        action[name] = draft.dice.choice(ACTION_IDS)
        if draft.dice.random() < 0.5:
            action["value"] = draft.dice.choice(["", "💥", "0", "-1", "1:2:3", "999999999", "9" * 40, "1 OR 1=1"])


def foreign_form(draft: Draft) -> None:
    """A form with other names, other numbers, or nothing in it."""
    view = draft.payload.get("view")
    if not isinstance(view, dict) or "state" not in view:
        return retyped(draft)
    name, value = draft.dice.choice([
        ("private_metadata", "💥"), ("private_metadata", "999"), ("private_metadata", ""), ("callback_id", "unknown"),
        ("callback_id", "resolve"), ("callback_id", "sort"), ("callback_id", "wait"), ("callback_id", "same"),
        ("blocks", []), ("state", {"values": {}}),
        ("state", {"values": {"what": {"chosen": {"type": "static_select", "selected_option": {"value": "💥"}}}}})])
    view[name] = value
    return None


def foreign_team(draft: Draft) -> None:
    for name in ("team_id", "context_team_id"):
        if name in draft.payload:
            draft.payload[name] = FOREIGN_TEAM
    if isinstance(draft.payload.get("team"), dict):
        draft.payload["team"] = {"id": FOREIGN_TEAM, "domain": "elsewhere"}
    if isinstance(draft.payload.get("user"), dict):
        draft.payload["user"] |= {"team_id": FOREIGN_TEAM}
    for name in ("event_id", "trigger_id"):
        if name in draft.payload:
            draft.payload[name] += MARK
    for action in draft.payload.get("actions") or ():
        action["action_id"] += MARK
    if isinstance(draft.payload.get("view"), dict):
        draft.payload["view"]["id"] += MARK
    draft.statuses = (200,)


# ---- what is wrong with the body -------------------------------------------------------------------------------------

def truncated(draft: Draft) -> None:
    body = draft.written()
    draft.body = body[:draft.dice.randrange(len(body))]


def invalid_utf8(draft: Draft) -> None:
    body = bytearray(draft.written())
    at = draft.dice.randrange(len(body))
    body[at:at] = draft.dice.choice([b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\x80\x80"])
    draft.body, draft.statuses = bytes(body), (400,)


def noisy(draft: Draft) -> None:
    """Some bytes are others."""
    body = bytearray(draft.written())
    for _ in range(draft.dice.choice([1, 3, 20])):
        body[draft.dice.randrange(len(body))] = draft.dice.randrange(256)
    draft.body = bytes(body)


def duplicate_keys(draft: Draft) -> None:
    if draft.sample.travels == "events_api":
        again = draft.dice.choice(
            ['"type":[],', '"event":null,', '"team_id":"T0ELSEWHERE",', '"type":"block_actions",'])
        written = draft.written()
        draft.body = (b"{" + again.encode() + written[1:] if draft.dice.random() < 0.5
                      else written[:-1] + b"," + again.encode()[:-1] + b"}")
    else:
        name = "payload" if draft.sample.travels == "interactive" else draft.dice.choice(["command", "text", "team_id"])
        again = urlencode({name: draft.dice.choice(["{}", "", "💥", '{"type":"event_callback"}'])})
        draft.body = draft.written() + b"&" + again.encode()
        if name in draft.payload or draft.sample.travels == "interactive":
            draft.statuses = (400,)


def wrong_content_type(draft: Draft) -> None:
    draft.content_type = draft.dice.choice([
        "", "text/plain", "multipart/form-data; boundary=x", "application/xml", "💥", JSON + "; charset=utf-16", FORM,
        JSON, "APPLICATION/JSON", "application/json-seq", "application/x-www-form-urlencoded; charset=latin-1"])


def too_large(draft: Draft) -> None:
    draft.body, draft.statuses = draft.written() + b" " * MIB, (413,)


def nonsense(draft: Draft) -> None:
    draft.body = draft.dice.choice([
        b"", b"null", b"[]", b"{}", b"0", b'"x"', b"payload=", b"payload=null", b"payload=[]", b"command=", b"command",
        b"&&&===", b"ssl_check=1&ssl_check=2", b"payload=%ff", b'{"type":"event_callback"}', b"\x00" * 100,
        draft.dice.randbytes(200), b"[" * 200_000, b'{"a":' * 100_000, b"%7b" * 1000])


def retried(draft: Draft) -> None:
    """Nothing is wrong, but it comes again; or says so in a strange way."""
    draft.more_headers = [("x-slack-retry-num", draft.dice.choice(["1", "3", "-1", "many", "", "9" * 50])),
                          ("x-slack-retry-reason", draft.dice.choice(["http_timeout", "💥", ""])),
                          ("x-slack-bolt-lazy-only", "1"), ("x-slack-bolt-lazy-function-name", "keep_event")]


MUTATIONS: list[Callable[[Draft], None]] = [
    dropped, retyped, nulled, wrapped, huge_text, deeply_nested, no_number, control_characters, unknown_action,
    foreign_form, foreign_team, truncated, invalid_utf8, noisy, duplicate_keys, wrong_content_type, nonsense, retried,
]


# ---- what is wrong with the signature --------------------------------------------------------------------------------

Forged: TypeAlias = Callable[[random.Random, bytes, str, int], list[tuple[str, str]]]
STAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


def signature(secret: str, stamp: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def _signed(secret: str, stamp: str, body: bytes) -> list[tuple[str, str]]:
    return [(STAMP, stamp), (SIGNATURE, signature(secret, stamp, body))]


def _stamped(stamp: str) -> Forged:
    """Signed rightly, with this for a time."""
    return lambda _dice, body, secret, _now: _signed(secret, stamp, body)


def _aged(*seconds: int) -> Forged:
    return lambda dice, body, secret, now: _signed(secret, str(now + dice.choice(seconds)), body)


def _shown(change: Callable[[str], str]) -> Forged:
    """The right signature, changed."""
    return lambda _dice, body, secret, now: [(STAMP, str(now)), (SIGNATURE, change(signature(secret, str(now), body)))]


FORGERIES: dict[str, Forged] = {
    "no headers": lambda *_: [],
    "no signature": lambda _dice, _body, _secret, now: [(STAMP, str(now))],
    "no time": lambda _dice, body, secret, now: _signed(secret, str(now), body)[1:],
    "another secret": lambda _dice, body, secret, now: _signed(secret[::-1], str(now), body),
    "an empty secret": lambda _dice, body, _secret, now: _signed("", str(now), body),
    "another body": lambda _dice, body, secret, now: _signed(secret, str(now), body + b" "),
    "another time": lambda _dice, body, secret, now: [
        (STAMP, str(now)), (SIGNATURE, signature(secret, str(now - 1), body))],
    "old": _aged(-310, -3600, -10**9), "from the future": _aged(310, 3600, 10**9),
    "time is a word": _stamped("yesterday"), "time is empty": _stamped(""), "time is a float": _stamped("1.7e9"),
    "time is negative": _stamped("-1700000000"), "time is endless": _stamped("9" * 4000),
    "time in other digits": _stamped("١٧٠٠٠٠٠٠٠٠"), "time is superscript": _stamped("²"),
    "time is hex": _stamped("0x65"),
    "time in two": lambda _dice, body, secret, now: [(STAMP, str(now)), *_signed(secret, str(now), body)],
    "right, then wrong": lambda _dice, body, secret, now: [*_signed(secret, str(now), body), (SIGNATURE, "v0=00")],
    "wrong, then right": lambda _dice, body, secret, now: [(SIGNATURE, "v0=00"), *_signed(secret, str(now), body)],
    "signature is empty": _shown(lambda _right: ""), "no version": _shown(lambda right: right[3:]),
    "other version": _shown(lambda right: "v1" + right[2:]), "upper case": _shown(str.upper),
    "cut off": _shown(lambda right: right[:-1]), "longer": _shown(lambda right: right + "0"),
    "signature is no ASCII": _shown(lambda _right: "v0=é💥"), "endless": _shown(lambda right: right * 100),
}


def requests(samples: list[Sample], secret: str, seed: int, now: Callable[[], float] = time.time) -> Iterator[Request]:
    """Without end. Each third one is forged, and otherwise as Slack sends it or mutated."""
    dice = random.Random(seed)
    forgeries, mutations = itertools.cycle(FORGERIES), itertools.cycle(MUTATIONS)
    by_kind: dict[str, list[Sample]] = {}
    for sample in samples:
        by_kind.setdefault(sample.kind, []).append(sample)
    for number in itertools.count():
        sample = dice.choice(by_kind[dice.choice(sorted(by_kind))])
        draft = Draft(sample, _fresh(sample.payload, seed, number), dice)
        forged = next(forgeries) if number % 3 == 0 else ""
        mutate = too_large if number % 200 == 199 else next(mutations)
        if not forged or dice.random() < 0.5:
            mutate(draft)
        body = draft.written()
        headers = (FORGERIES[forged](dice, body, secret, int(now())) if forged
                   else _signed(secret, str(int(now())), body))
        headers = [*headers, *draft.more_headers, ("content-type", draft.content_type or (
            JSON if sample.travels == "events_api" else FORM))]
        statuses = ((413,) if len(body) > MIB else (401,)) if forged else draft.statuses
        yield Request(forged or mutate.__name__, sample.kind, body,
                      [(name.encode(), value.encode()) for name, value in headers], statuses)


def _fresh(payload: Json, seed: int, number: int) -> Json:
    """The same once more, with ids of its own: else it would be known already, and left alone."""
    made = copy.deepcopy(payload)
    if "event_id" in made:
        made["event_id"] = f"Ev{seed}N{number}"
    if "trigger_id" in made:
        made["trigger_id"] = f"{seed}.{number}"
    event = made.get("event") or {}
    if event.get("type") in ("message", "app_mention") and "subtype" not in event:
        event["ts"] = event["event_ts"] = f"17{number:08}.{seed:06}"
    for action in made.get("actions") or ():
        action["action_ts"] = f"17{number:08}.{seed:06}"
    return made


def _encoded(travels: Travels, payload: Json) -> bytes:
    if travels == "events_api":
        return json.dumps(payload).encode()
    if travels == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode()
    return urlencode({key: value if isinstance(value, str) else json.dumps(value) for key, value in payload.items()},
                     errors="replace").encode()


def _with_raw(draft: Draft, text: str) -> bytes:
    """The body with this piece of JSON, which Python would not write, somewhere in it."""
    if draft.sample.travels == "slash_commands":
        return draft.written() + b"&more=" + text.encode()

    def change(holder: Any, key: Any) -> None:
        holder[key] = "RAW PIECE"

    _somewhere(draft, change)
    raw = json.dumps(draft.payload).replace('"RAW PIECE"', text)
    return raw.encode() if draft.sample.travels == "events_api" else urlencode({"payload": raw}).encode()

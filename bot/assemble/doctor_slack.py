"""The doctor in Slack: token, scopes, clock, the channels and people that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from bot.assemble.findings import Finding
from bot.errors import FloorwalkerError
from bot.settings import Settings
from bot.settings.forms import suggestion
from bot.slack.inspection import (
    Place,
    Token,
    Unseen,
    WebClient,
    channels_by_name,
    check_app_token,
    look_at_channel,
    look_at_token,
    members_of,
    web_client,
    why_no_user,
)
from bot.slack.manifest import SCOPES, scope_names

SKEW_SECONDS = 60
"""From here on a clock is wrong. Slack's signatures are refused at 300 seconds."""
MOST_PEOPLE = 80
"""So many users are asked after; more would run into Slack's limit of 100 questions a minute."""
RENEW = "Paste the output of `floorwalker manifest` under App Manifest on api.slack.com/apps, and reinstall the app."
PROXY = "A proxy on the way to Slack may take headers away."
Named = dict[str, list[str]]
"""An id, or a channel's name -> the settings in which it stands."""


def look(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """All that can be seen with the tokens that there are."""
    token = settings.slack.bot_token
    if token is None:
        yield Finding.unknown("token", "Slack was not asked: there is no bot token.", "Set SLACK_BOT_TOKEN.")
        return
    client = web_client(token.get_secret_value(), settings.slack.api_url)
    try:
        seen = look_at_token(client)
    except FloorwalkerError as refusal:
        yield Finding.wrong("token", refusal.message, refusal.hint)
        return
    except Unseen as unseen:
        yield Finding.unknown("token", f"Slack stopped answering ({unseen}).", _again(str(unseen)))
        return
    asked_at = now()
    yield Finding.ok("token", f"The bot token opens {seen.identity.team_name}.")
    yield _socket(settings)
    yield _clock(seen, asked_at)
    yield from _scopes(seen)
    yield from _channels(settings, client)
    yield from _people(settings, client)


def _socket(settings: Settings) -> Finding:
    if settings.slack.mode == "http":
        return Finding.ok("socket", "Slack calls by HTTP; its signing secret proves itself at the first call.")
    if settings.slack.app_token is None:
        return Finding.unknown("socket", "Socket Mode was not tried: there is no app-level token.",
                               "Set SLACK_APP_TOKEN.")
    try:
        check_app_token(settings.slack.api_url, settings.slack.app_token.get_secret_value(), patience=())
    except FloorwalkerError as refusal:
        return Finding.wrong("socket", refusal.message, refusal.hint)
    return Finding.ok("socket", "The app-level token opens Socket Mode.")


def _clock(seen: Token, here: datetime) -> Finding:
    if seen.told_at is None:
        return Finding.note("clock", "The clock could not be compared: no time stood in Slack's answer.", PROXY)
    off = (here - seen.told_at).total_seconds()
    if abs(off) < SKEW_SECONDS:
        return Finding.ok("clock", "The clock agrees with Slack's.")
    how = f"{abs(off):,.0f} seconds {'ahead of' if off > 0 else 'behind'} Slack's"
    return Finding.wrong("clock", f"The clock of this machine is {how}.",
                         "Let the machine set its clock by the network (NTP): targets are counted by it, and from "
                         "300 seconds on Slack's signatures are refused.")


def _scopes(seen: Token) -> Iterator[Finding]:
    if seen.scopes is None:
        yield Finding.note("scopes", "Which scopes the token has did not stand in Slack's answer.", PROXY)
        return
    missing = [f"{scope.name} (to {scope.reason})" for scope in SCOPES if scope.name not in seen.scopes]
    if missing:
        yield Finding.wrong("scopes", f"The token lacks {len(missing)} of {len(SCOPES)} scopes: {'; '.join(missing)}.",
                            RENEW)
    more = sorted(seen.scopes - set(scope_names()))
    if more:
        yield Finding.note("scopes", f"The token may do more than is needed: {', '.join(more)}.", RENEW)
    if not missing:
        yield Finding.ok("scopes", f"The token has the {len(SCOPES)} scopes that are needed.")


def _channels(settings: Settings, client: WebClient) -> Iterator[Finding]:
    wanted = _named_channels(settings)
    known: dict[str, Place] = {}
    if any(name.startswith("#") for name in wanted):
        try:
            known = channels_by_name(client)
        except Unseen as unseen:
            yield Finding.unknown("channels", f"Slack does not tell which channels there are ({unseen}).",
                                  _again(str(unseen)))
            wanted = {name: places for name, places in wanted.items() if not name.startswith("#")}
    for name, places in wanted.items():
        yield _channel(name, " and ".join(places), known, client)


def _channel(name: str, setting: str, known: dict[str, Place], client: WebClient) -> Finding:
    check = "channels"
    try:
        found = known.get(name[1:]) if name.startswith("#") else look_at_channel(client, name)
    except Unseen as unseen:
        if str(unseen) != "channel_not_found":
            return Finding.unknown(check, f"Slack does not tell about {name}, {setting} ({unseen}).",
                                   _again(str(unseen)))
        found = None
    if found is None:
        meant = suggestion(name[1:], list(known)) if name.startswith("#") else ""
        return Finding.wrong(check, f"The bot sees no channel {name}, {setting}.", (
            f"Did you mean #{meant}?" if meant else
            "Check the setting. If the channel is private, write /invite @floorwalker in it."))
    shown = f"#{found.name}" if found.name else name
    if found.archived:
        return Finding.wrong(check, f"{shown}, {setting}, is archived.", "Unarchive it, or name another channel.")
    if not found.joined:
        return Finding.wrong(check, f"The bot is not in {shown}, {setting}.", f"Write /invite @floorwalker in {shown}.")
    return Finding.ok(check, f"The bot is in {shown}, {setting}.")


def _people(settings: Settings, client: WebClient) -> Iterator[Finding]:
    named = _named_people(settings)
    users = [name for name in named if not name.startswith("S")]
    groups = [name for name in named if name.startswith("S")]
    well, unseen = 0, dict[str, list[str]]()
    for name in [*users[:MOST_PEOPLE], *groups]:
        look_at = _group if name in groups else _user
        try:
            finding = look_at(name, named[name], client)
        except Unseen as why:
            unseen.setdefault(str(why), []).append(name)
            continue
        well += finding is None
        if finding:
            yield finding
    for reason, names in unseen.items():
        yield Finding.unknown("people", f"Slack does not tell about {', '.join(names)} ({reason}).", _again(reason))
    if well:
        yield Finding.ok("people", f"Of the users and user groups in the settings, {well} can be reached.")
    if len(users) > MOST_PEOPLE:
        yield Finding.note("people", f"{len(users) - MOST_PEOPLE} more users in the settings were not asked after.",
                           "Where it matters, name user groups instead.")


def _again(reason: str) -> str:
    return "See to the scopes first." if reason == "missing_scope" else "Look again in a minute."


def _user(user: str, settings: list[str], client: WebClient) -> Finding | None:
    why = why_no_user(client, user)
    return Finding.wrong("people", f"{user} in {_list(settings)} {why}.",
                         "Correct the setting; a profile's menu in Slack has Copy member ID.") if why else None


def _group(group: str, settings: list[str], client: WebClient) -> Finding | None:
    members = members_of(client, group)
    if members is None:
        return Finding.wrong("people", f"There is no user group {group}, which {_list(settings)} names.",
                             "Correct the setting; the ids of user groups begin with S.")
    return None if members else Finding.wrong(
        "people", f"Nobody is in the user group {group} of {_list(settings)}.", "Add people to it in Slack.")


def _named_channels(settings: Settings) -> Named:
    desk = settings.desk
    pairs = [(desk.coach_channel, "[desk] coach_channel"), (desk.admin_channel, "[desk] admin_channel"),
             (desk.programme_channel, "[desk] programme_channel"),
             *((area.channel, f"the channel of [[areas]] {area.name}") for area in settings.areas),
             *((entry.channel, "[[channels]]") for entry in settings.channels if entry.answers != "off")]
    return _gathered(pairs)


def _named_people(settings: Settings) -> Named:
    desk = settings.desk
    lists = [(desk.coaches, "[desk] coaches"), (desk.admins, "[desk] admins"), (desk.leads, "[desk] leads"),
             (desk.programme, "[desk] programme"),
             *((area.coaches, f"the coaches of [[areas]] {area.name}") for area in settings.areas),
             *((area.lead, f"the lead of [[areas]] {area.name}") for area in settings.areas)]
    pairs = [(id_, setting) for ids, setting in lists for id_ in ids]
    pairs += [(entry.user, "[[duty]]") for entry in settings.duty]
    pairs += [(person.user or person.group, "[[people]]") for person in settings.people]
    return _gathered(pairs)


def _gathered(pairs: Iterable[tuple[str, str]]) -> Named:
    named: Named = {}
    for name, setting in pairs:
        if name and setting not in named.setdefault(name, []):
            named[name].append(setting)
    return {name: settings for name, settings in named.items() if name}


def _list(settings: list[str]) -> str:
    return " and ".join(settings)

"""The settings as the desk takes them: its policy, its areas, and who is who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.desk import service_levels
from bot.desk.areas import DESK, Area
from bot.desk.calendars import calendars_of
from bot.desk.manners import ChannelManners, Manners
from bot.desk.policy import DeskPolicy
from bot.settings import Settings
from bot.slack.connection import WebClient
from bot.slack.people import Named, SlackPeople


def policy_of(settings: Settings, channel: Callable[[str], str]) -> DeskPolicy:
    """`channel` gives the id of a channel of which the settings may have the name."""
    desk_channel = channel(settings.desk.coach_channel)
    areas = tuple(Area(area.name, area.about, channel(area.channel) if area.channel else desk_channel)
                  for area in settings.areas)
    words = settings.desk.priority_words
    return DeskPolicy(
        desk_channel, areas, {"urgent": words.urgent, "high": words.high, "low": words.low},
        calendars=calendars_of(settings), targets=service_levels.policy_of(settings),
        manners=_manners(settings, channel),
        admin_channel=channel(settings.desk.ops_channel), programme_channel=channel(settings.desk.escalation_channel))


def _manners(settings: Settings, channel: Callable[[str], str]) -> Manners:
    return Manners({channel(one.channel): ChannelManners(one.answers, one.private) for one in settings.channels},
                   settings.slack.outsiders)


def people_of(client: WebClient, settings: Settings, now: Callable[[], datetime], team: str = "") -> SlackPeople:
    """Coaches, admins and everybody of whom the settings know something. `team`: the workspace's id."""
    zone = settings.desk.timezone
    return SlackPeople(
        client, coaches={DESK: settings.desk.coaches, **{area.name: area.coaches for area in settings.areas}},
        leads={DESK: settings.desk.leads, **{area.name: area.lead for area in settings.areas}},
        programme=settings.desk.programme, admins=settings.desk.admins,
        named=[Named(person.user or person.group, person.audiences, person.site, person.role)
               for person in settings.people],
        team=team, today=lambda: now().astimezone(zone).date(),
    )

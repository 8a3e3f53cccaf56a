"""Who and what is in a fresh workspace: a company of six in the week of its go-live."""

from __future__ import annotations

from bot.workspace.app_config import AppConfig, Shortcut, SlashCommand
from bot.workspace.records import Channel, User, UserGroup

TEAM_ID = "T0TARNBROOK"
TEAM_NAME = "Tarnbrook Supplies"
TEAM_DOMAIN = "tarnbrook"
APP_ID = "A0FLOORWALKER"
BOT_ID = "B0FLOORWALKER"
BOT_USER = "U0FLOORWALKER"

USERS = (
    User(BOT_USER, "floorwalker", "Floorwalker", "bot", "Help at the elbow", "#0f766e"),
    User("U0MIA", "mia", "Mia Lindqvist", "end_user", "Buyer", "#b83280"),
    User("U0TOM", "tom", "Tom Okafor", "end_user", "Warehouse supervisor", "#2b6cb0"),
    User("U0PRIYA", "priya", "Priya Nair", "end_user", "Accounts payable", "#6b46c1"),
    User("U0ANA", "ana", "Ana Duarte", "coach", "Roll-out coach", "#c05621"),
    User("U0BEN", "ben", "Ben Achterberg", "coach", "Super user, finance", "#2f855a"),
    User("U0EVE", "eve", "Eve Marchetti", "admin", "Roll-out lead", "#9b2c2c"),
)
PEOPLE = [user.id for user in USERS if not user.is_bot]
COACHES = ["U0ANA", "U0BEN"]
ADMINS = ["U0EVE"]

CHANNELS = (
    Channel("C0GENERAL", "general", "channel", [*PEOPLE, BOT_USER], "Everything that concerns us all"),
    Channel(
        "C0GOLIVE", "go-live", "channel", [*PEOPLE, BOT_USER], "Questions about the new system: mention @floorwalker"
    ),
    Channel("C0FINANCE", "finance-help", "channel", [*PEOPLE, BOT_USER], "Expenses, invoices, purchase orders"),
    Channel("C0COACHES", "coaches", "channel", [*COACHES, *ADMINS, BOT_USER], "Tickets are triaged here"),
    Channel("C0OPS", "ops", "channel", [*ADMINS, BOT_USER], "What the bot reports to its admins"),
)
USER_GROUPS = (
    UserGroup("S0COACHES", "coaches", "Coaches", COACHES),
    UserGroup("S0ADMINS", "admins", "Roll-out admins", ADMINS),
)

FLOORWALKER = AppConfig(
    scopes=frozenset({
        "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands",
        "files:read", "groups:history", "groups:read", "im:history", "im:write", "reactions:read", "usergroups:read",
        "users:read",
    }),
    events=frozenset({
        "app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "reaction_added",
    }),
    commands=(SlashCommand("/floorwalker", "Ask how to do something in the new system", "[your question]"),),
    shortcuts=(
        Shortcut("create_ticket", "Create ticket", "message", "Hand this message to a coach"),
        Shortcut("report_problem", "Report a problem", "global", "Tell a coach what is wrong, and how bad it is"),
    ),
    agent_view=True,
)
"""What the app is allowed and told, as in the manifest that `floorwalker manifest` prints."""


def direct_channel_of(user: str) -> str:
    """The id of a person's direct messages with the bot: `U0MIA` has `D0MIA`."""
    return "D" + user[1:]


def bot_id_of(user: str) -> str:
    """Another app's bot id: `U0ALARM` has `B0ALARM`."""
    return "B" + user[1:]


def app_id_of(user: str) -> str:
    """Another app's id: `U0ALARM` has `A0ALARM`."""
    return "A" + user[1:]


def direct_channels() -> list[Channel]:
    """One for each person, there from the start, so that ids are known before anybody writes."""
    return [
        Channel(direct_channel_of(user.id), user.name, "im", [user.id, BOT_USER]) for user in USERS if not user.is_bot
    ]

"""What comes from the environment: the secrets, which are accepted from nowhere else, and Slack's address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings.faults import Fault, Place
from bot.settings.forms import is_secret

SECRETS = {"bot_token": "SLACK_BOT_TOKEN", "app_token": "SLACK_APP_TOKEN", "signing_secret": "SLACK_SIGNING_SECRET"}
ADDRESS = "SLACK_API_URL"


def from_environment(env: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    """The values for [slack], and what is wrong with the variables. An empty variable counts as unset."""
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for key, variable in SECRETS.items():
        try:
            value = _secret(env, variable)
        except ValueError as wrong:
            faults.append(Fault((), str(wrong)))
            continue
        if value:
            values[key] = value
    if env.get(ADDRESS, "").strip():
        values["api_url"] = env[ADDRESS].strip()
    return values, faults


def _secret(env: Mapping[str, str], variable: str) -> str:
    value, file = env.get(variable, "").strip(), env.get(f"{variable}_FILE", "").strip()
    if value and file:
        raise ValueError(f"{variable} and {variable}_FILE are both set. Keep one of them.")
    if not file:
        return value
    try:
        value = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{variable}_FILE names {file}, which cannot be read. "
                         "Check the path and who may read it.") from error
    if not value:
        raise ValueError(f"{variable}_FILE names {file}, which is empty.")
    return value


def take_secrets_out(tables: dict[str, Any]) -> list[Fault]:
    """Removes secrets that were written into the file, so that nothing later can show them; says where they belong."""
    faults: list[Fault] = []
    slack = tables.get("slack")
    for key, variable in SECRETS.items():
        if isinstance(slack, dict) and key in slack:
            del slack[key]
            faults.append(Fault(("slack", key), f"[slack] {key} is a secret and must not stand in this file. "
                          f"Remove it, and set {variable} (or {variable}_FILE) in the environment."))
    return faults + _strays(tables, ())


def _strays(node: Any, place: Place) -> list[Fault]:
    """Tokens under other keys, taken out of the tree as well."""
    faults: list[Fault] = []
    items = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for key, value in reversed(items):
        if is_secret(value):
            del node[key]
            faults.append(Fault((*place, key), "this value is one of Slack's tokens, and secrets must not stand in "
                          "this file. Remove it, and set SLACK_BOT_TOKEN or SLACK_APP_TOKEN in the environment."))
        else:
            faults += _strays(value, (*place, key))
    return faults

"""The whole workspace as one JSON document: saved, put back, or begun anew."""

from __future__ import annotations

import json

from bot.workspace.errors import NotNow, Refused
from bot.workspace.kept import from_json, pieces, plain
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json
from bot.workspace.state import fresh_state

SECRETS = "secrets"


async def save(wish: Wish) -> Json:
    """Everything but the secrets, as the state file has it."""
    saved: Json = json.loads("".join(pieces(wish.workspace.state)))
    del saved[SECRETS]
    return saved


async def load(wish: Wish) -> Json:
    """Put a saved workspace in the place of this one; without `state`, a fresh one. Tokens stay."""
    workspace = wish.workspace
    saved = wish.mapping("state")
    try:
        state = from_json({**saved, SECRETS: plain(workspace.state.secrets)}) if saved else fresh_state()
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"This is not a saved workspace: {type(error).__name__} in what it holds.") from error
    state.name_bot(workspace.app.name, workspace.app.bot_name)
    # a time stamp is never given out twice, also not after a step back
    state.last_ts = max(state.last_ts, workspace.state.last_ts)
    async with workspace.saver.still:
        workspace.courier.forget()
        workspace.state.become(state)
        workspace.uploads.clear()
        workspace.saver.begin()
    workspace.courier.resume()
    workspace.changes.tell("reload")
    return {"messages": sum(1 for _ in state.all_messages())}


async def verify_url(wish: Wish) -> Json:
    """Slack's handshake with the app's request URL (`url_verification`)."""
    problem = await wish.workspace.verify_request_url()
    if problem:
        raise NotNow(f"The request URL was not accepted: {problem}.")
    return {}

"""What a person does with the app: commands, shortcuts, buttons, forms, App Home."""

from __future__ import annotations

from collections.abc import Iterator

from bot.workspace import events, payloads
from bot.workspace.errors import NotNow, NotPermitted, NotThere, Refused
from bot.workspace.lookup import Target, by_ids, by_label, labels
from bot.workspace.people_api.wish import Wish
from bot.workspace.records import Json, Message, View


async def command(wish: Wish) -> Json:
    """Type a slash command."""
    channel = wish.own_channel()
    if wish.text("thread_ts", ""):
        raise Refused("Slash commands do not work in threads.")
    name = "/" + wish.text("command").strip().lstrip("/")
    await wish.workspace.interactions.command(wish.user(), channel, name, wish.text("text", "").strip())
    return {}


async def shortcut(wish: Wish) -> Json:
    """Choose a shortcut, from a message's menu or the global one."""
    name = wish.text("name")
    interactions = wish.workspace.interactions
    if wish.text("ts", ""):
        message = wish.message()
        if message.visible_to:
            raise Refused("Messages that only you can see have no shortcuts.")
        await interactions.message_shortcut(wish.user(), name, wish.channel(), message)
    else:
        await interactions.global_shortcut(wish.user(), name)
    return {}


async def click(wish: Wish) -> Json:
    """Press a button or choose from a menu: in a message, in the open modal, in App Home."""
    interactions, user = wish.workspace.interactions, wish.user()
    if wish.text("channel", "") and not wish.text("view_id", ""):
        message, target = _in_messages(wish)
        await interactions.click_in_message(user, message, target)
    else:
        view, target = _in_views(wish)
        await interactions.click_in_view(user, view, target, wish.mapping("values"))
    return {}


async def submit(wish: Wish) -> Json:
    """Fill in the open modal and submit it."""
    view = wish.workspace.state.top_modal(wish.user().id)
    if view is None:
        raise NotNow("No modal is open.")
    errors = await wish.workspace.interactions.submit(wish.user(), view, wish.mapping("values"))
    return {"errors": errors} if errors else {}


async def close(wish: Wish) -> Json:
    """Cancel the open modal, or close all of them."""
    if wish.workspace.state.top_modal(wish.user().id) is None:
        raise NotNow("No modal is open.")
    await wish.workspace.interactions.close(wish.user(), everything=wish.flag("clear"))
    return {}


async def open_home(wish: Wish) -> Json:
    """Look at the app's Home (or its Messages tab)."""
    workspace, user = wish.workspace, wish.user()
    if user.team:
        raise NotPermitted(f"{user.real_name} is of another organisation, where the app is not installed.")
    tab = wish.text("tab", "home")
    if tab not in ("home", "messages"):
        raise Refused("`tab` is `home` or `messages`.")
    channel = workspace.state.direct_channel(user.id)
    home = workspace.state.homes.get(user.id)
    event = events.home_opened(
        user.id,
        channel.id if channel else "",
        tab,
        home.body if home else None,
        workspace.state.next_ts(workspace.now()),
    )
    workspace.conversation.tell_app(None, event)
    return {}


async def options(wish: Wish) -> Json:
    """What an external select offers."""
    view = wish.workspace.views.find(wish.text("view_id", "") or None)
    if view is not None:
        where: Json = {"view": view.body, "container": {"type": "view", "view_id": view.id}}
    else:
        message = wish.message()
        where = {
            "message": wish.workspace.shapes.message(message),
            "container": payloads.message_container(message),
            "channel": payloads.channel_of(wish.channel()),
        }
    return await wish.workspace.interactions.options(
        wish.user(), where, wish.text("block_id"), wish.text("action_id"), wish.text("value", "")
    )


def _in_messages(wish: Wish) -> tuple[Message, Target]:
    """The message named by `ts` first, else the newest of its thread (or of the channel) that has it."""
    candidates = list(_candidates(wish))
    for message in candidates:
        target = _target(wish, message.blocks)
        if target:
            return message, target
    offered = [label for message in candidates for label in labels(message.blocks)]
    raise NotThere(f"There is no {_wanted(wish)} here; one could click {', '.join(map(repr, offered)) or 'nothing'}.")


def _candidates(wish: Wish) -> Iterator[Message]:
    state, channel, user = wish.workspace.state, wish.channel(), wish.user().id
    own = state.ephemerals(channel.id, user)
    if wish.text("ts", ""):
        message = wish.message()
        yield message
        if message.thread_ts is None:
            around = state.replies(channel.id, message.ts) + [one for one in own if one.thread_ts == message.ts]
            yield from sorted(around, key=lambda one: one.ts, reverse=True)
        return
    inside = [reply for root in state.history(channel.id) for reply in (root, *state.replies(channel.id, root.ts))]
    yield from sorted(inside + own, key=lambda one: one.ts, reverse=True)


def _in_views(wish: Wish) -> tuple[View, Target]:
    """The open modal before App Home."""
    state, user = wish.workspace.state, wish.user().id
    modal, home = state.top_modal(user), state.homes.get(user)
    wanted_id = wish.text("view_id", "")
    views = [view for view in (modal, home) if view and wanted_id in ("", view.id)]
    for view in views:
        target = _target(wish, view.body["blocks"])
        if target:
            return view, target
    if not views:
        raise NotNow("No modal is open, and App Home is empty; `channel` and `ts` name a message.")
    offered = [label for view in views for label in labels(view.body["blocks"])]
    raise NotThere(f"There is no {_wanted(wish)} here; one could click {', '.join(map(repr, offered)) or 'nothing'}.")


def _target(wish: Wish, blocks: list[Json]) -> Target | None:
    if wish.text("action_id", ""):
        return by_ids(blocks, wish.text("block_id"), wish.text("action_id"), wish.values.get("value"))
    return by_label(blocks, wish.text("label"))


def _wanted(wish: Wish) -> str:
    return repr(wish.text("label", "") or wish.text("action_id", ""))

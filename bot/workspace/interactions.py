"""What a person does with the app: commands, shortcuts, clicks, forms. Tells the app, and does what it answers."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.workspace import payloads
from bot.workspace.app_config import AppConfig
from bot.workspace.block_kit import SUGGESTIONS, Problem, flat
from bot.workspace.conversation import Conversation
from bot.workspace.delivery import Courier
from bot.workspace.errors import AppFailed, NotPermitted, NotThere, SlackError
from bot.workspace.forms import FilledIn, check, errors_by_key, fill_in
from bot.workspace.lookup import Target
from bot.workspace.records import Channel, Json, Message, User, View
from bot.workspace.response_urls import BadAnswer, ResponseUrls, answer
from bot.workspace.text import with_names
from bot.workspace.triggers import Triggers
from bot.workspace.values import CHOICES, entered, initial_value
from bot.workspace.views import Views, checked_view


@dataclass(frozen=True, slots=True)
class Interactions:
    """Everything that ends in an interaction payload."""

    app: AppConfig
    conversation: Conversation
    courier: Courier
    triggers: Triggers
    response_urls: ResponseUrls
    views: Views

    async def command(self, user: User, channel: Channel, name: str, text: str) -> None:
        """A slash command. What the app acknowledges with is shown to the person, or to the channel if it says so."""
        known = next((one for one in self.app.commands if one.command == name), None)
        if known is None:
            raise NotThere(f"{name} is not a valid command.")
        self._may_use_app(user, "slash commands")
        if known.should_escape:
            text = with_names(text, self.conversation.state)
        response_url = self.response_urls.issue(channel.id, user.id)
        body = await self.courier.ask(
            "slash_commands", payloads.command(user, channel, name, text, response_url, self.triggers.issue(user.id))
        )
        if not body:
            return
        payload = body if isinstance(body, dict) else {"text": body}
        try:
            answer(self.conversation, self.response_urls.take(response_url.rpartition("/")[2]), payload)
        except BadAnswer as error:
            raise AppFailed(f"The app acknowledged {name} with something that Slack refuses ({error.code}).") from error

    async def message_shortcut(self, user: User, callback_id: str, channel: Channel, message: Message) -> None:
        """An entry of a message's menu."""
        self._known_shortcut(callback_id, "message")
        self._may_use_app(user, "shortcuts")
        await self.courier.ask(
            "interactive",
            payloads.interaction(
                "message_action",
                user,
                callback_id=callback_id,
                trigger_id=self.triggers.issue(user.id),
                response_url=self.response_urls.issue(channel.id, user.id, message),
                channel=payloads.channel_of(channel),
                message_ts=message.ts,
                message=self.conversation.shapes.message(message),
                action_ts=self._ts(),
            ),
        )

    async def global_shortcut(self, user: User, callback_id: str) -> None:
        """An entry of the global menu."""
        self._known_shortcut(callback_id, "global")
        self._may_use_app(user, "shortcuts")
        await self.courier.ask(
            "interactive",
            payloads.interaction(
                "shortcut", user, callback_id=callback_id, trigger_id=self.triggers.issue(user.id), action_ts=self._ts()
            ),
        )

    async def click_in_message(self, user: User, message: Message, target: Target) -> None:
        """A button or menu below a message."""
        channel = self.conversation.state.channels[message.channel]
        entry = self._entry(target, {})
        values = (
            {target.block["block_id"]: {target.element["action_id"]: entry}} if entry and _keeps_state(target) else {}
        )
        payload = payloads.interaction(
            "block_actions",
            user,
            container=payloads.message_container(message),
            channel=payloads.channel_of(channel),
            trigger_id=self.triggers.issue(user.id),
            state={"values": values},
            response_url=self.response_urls.issue(channel.id, user.id, message),
            actions=[payloads.action(target, entry, self._ts())],
        )
        if not message.visible_to:
            # of ephemeral messages Slack sends only where they stand
            payload["message"] = self.conversation.shapes.message(message)
        await self.courier.ask("interactive", payload)

    async def click_in_view(self, user: User, view: View, target: Target, typed: Mapping[str, Any]) -> None:
        """A button, menu or dispatching input in a modal or App Home; `typed` is what stands in its fields so far."""
        filled = fill_in(view.body, typed, self.find_id)
        entry = self._entry(target, filled.values)
        if entry and _keeps_state(target):
            filled.values.setdefault(target.block["block_id"], {})[target.element["action_id"]] = entry
        self.views.fill_in(view, filled.values)
        if target.block["type"] == "input" and not target.block.get("dispatch_action"):
            return
        await self.courier.ask(
            "interactive",
            payloads.interaction(
                "block_actions",
                user,
                container={"type": "view", "view_id": view.id},
                view=copy.deepcopy(view.body),
                trigger_id=self._trigger_in(view),
                actions=[payloads.action(target, entry, self._ts())],
            ),
        )

    async def submit(self, user: User, view: View, given: Mapping[str, Any]) -> dict[str, str]:
        """Fill in and submit the modal; returns errors by the keys that were used."""
        filled = fill_in(view.body, given, self.find_id)
        check(view.body, filled)
        if filled.problems:
            return errors_by_key(view.body, filled, filled.problems)
        self.views.fill_in(view, filled.values)
        body = await self.courier.ask(
            "interactive",
            payloads.interaction(
                "view_submission",
                user,
                view=copy.deepcopy(view.body),
                trigger_id=self._trigger_in(view),
                response_urls=self._response_urls(user, view, filled.values),
            ),
        )
        return await self._after_submission(user, view, filled, body)

    async def close(self, user: User, *, everything: bool) -> None:
        """Cancel, or the × in the corner: the app is told if it wanted to be."""
        for view in self.views.close(user.id, everything=everything):
            if view.body["notify_on_close"]:
                await self.courier.ask(
                    "interactive", payloads.interaction("view_closed", user, view=view.body, is_cleared=everything)
                )

    async def options(self, user: User, where: Json, block_id: str, action_id: str, typed: str) -> Json:
        """What an external select offers for what was typed."""
        body = await self.courier.ask(
            "interactive",
            payloads.interaction(
                "block_suggestion", user, block_id=block_id, action_id=action_id, value=typed, **where
            ),
        )
        if not isinstance(body, dict) or not ("options" in body or "option_groups" in body):
            raise AppFailed("The app answered without options.")
        offered: Json = {name: body[name] for name in ("options", "option_groups") if name in body}
        problems: list[Problem] = []
        SUGGESTIONS(offered, "", problems)
        if problems:
            raise AppFailed(f"The app offered options that Slack refuses ({problems[0]}).")
        return {"options": [], "option_groups": [], **offered}

    def find_id(self, name: str) -> str:
        """The id of a person or channel, by id, handle or full name."""
        state = self.conversation.state
        wanted = name.strip().lstrip("@#").casefold()
        for user in state.users.values():
            if wanted in (user.id.casefold(), user.name.casefold(), user.real_name.casefold()):
                return user.id
        for channel in state.channels.values():
            if wanted in (channel.id.casefold(), channel.name.casefold()):
                return channel.id
        raise NotThere(f"There is nobody and no channel called {name!r}.")

    async def _after_submission(
        self, user: User, view: View, filled: FilledIn, body: Json | str | None
    ) -> dict[str, str]:
        response = body if isinstance(body, dict) else {}
        action = response.get("response_action")
        if action == "errors" and response.get("errors"):
            return errors_by_key(view.body, filled, response["errors"])
        try:
            self._follow(user, view, action, response.get("view"))
        except SlackError as error:
            raise AppFailed(f"The app answered the form with a view that Slack refuses ({error.code}).") from error
        return {}

    def _follow(self, user: User, view: View, action: str | None, new: Json | None) -> None:
        if action is None:
            self._close_submitted(user, view)
        elif action == "clear":
            self.views.close(user.id, everything=True)
        elif action == "update":
            self.views.update(view, checked_view(new or {}, "modal"))
        elif action == "push":
            self.views.push(user.id, checked_view(new or {}, "modal"))
        else:
            raise AppFailed(f"The app answered the form with the unknown action {action!r}.")

    def _close_submitted(self, user: User, view: View) -> None:
        """The view that was submitted goes, unless the app has replaced the stack meanwhile."""
        if self.conversation.state.top_modal(user.id) is view:
            self.views.close(user.id)

    def _entry(self, target: Target, values: Json) -> Json | None:
        """What stands in the element after this choice; `values` is what stands in the view or message before it."""
        if target.element["type"] not in CHOICES:
            return None
        value = target.value
        if target.toggles:
            now = values.get(target.block["block_id"], {}).get(target.element["action_id"]) or initial_value(
                target.element
            )
            ticked = [option["value"] for option in (now or {})["selected_options"]]
            value = [one for one in ticked if one != value] if value in ticked else [*ticked, value]
        return entered(target.element, value, self.find_id)

    def _may_use_app(self, user: User, what: str) -> None:
        """Commands and shortcuts are the host's: people of other organisations have none of them."""
        if user.team:
            raise NotPermitted(f"{user.real_name} is of another organisation and has no {what} of this app.")
        if "commands" not in self.conversation.scopes():
            raise NotPermitted(f"The app may not have {what}: the scope `commands` is missing.")

    def _response_urls(self, user: User, view: View, values: Json) -> list[Json]:
        """One for each channel that was chosen where `response_url_enabled` asks for it."""
        urls = []
        for block in flat(view.body["blocks"]):
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            entry = values.get(block["block_id"], {}).get(element["action_id"], {})
            channel = entry.get("selected_channel") or entry.get("selected_conversation")
            if channel:
                urls.append({"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel,
                             "response_url": self.response_urls.issue(channel, user.id)})
        return urls

    def _trigger_in(self, view: View) -> str:
        return self.triggers.issue(view.user, view.id if view.body["type"] == "modal" else None)

    def _known_shortcut(self, callback_id: str, kind: str) -> None:
        if (callback_id, kind) not in {(shortcut.callback_id, shortcut.type) for shortcut in self.app.shortcuts}:
            raise NotThere(f"There is no {kind} shortcut {callback_id!r}.")

    def _ts(self) -> str:
        return self.conversation.state.next_ts(self.conversation.now())


def _keeps_state(target: Target) -> bool:
    return bool(target.element["type"] != "overflow")

"""Modals and App Homes: the stack of each person, hashes, and what a view looks like once Slack has taken it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime

from bot.workspace import cast
from bot.workspace.block_kit import elements_of, fill_ids, flat, too_large, view_problems
from bot.workspace.changes import Changes
from bot.workspace.errors import SlackError
from bot.workspace.identifiers import slack_id
from bot.workspace.records import Json, View
from bot.workspace.state import State
from bot.workspace.values import initial_value

DEEPEST_STACK = 3


class Views:
    """Opens, pushes, updates, publishes and closes views."""

    def __init__(self, state: State, changes: Changes, now: Callable[[], datetime]) -> None:
        self._state = state
        self._changes = changes
        self._now = now

    def open(self, user: str, view: Json) -> View:
        """A new modal, alone on the stack."""
        opened = self._new(user, view, previous=None)
        self._state.modals[user] = [opened]
        self.show(user)
        return opened

    def push(self, user: str, view: Json) -> View:
        """A modal on top of the one that is open.

        Raises:
            SlackError: `push_limit_reached` or `not_found`.
        """
        stack = self._state.modals.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        pushed = self._new(user, view, previous=stack[-1])
        stack.append(pushed)
        self.show(user)
        return pushed

    def update(self, shown: View, view: Json, hash_: str | None = None) -> View:
        """Other content in the same place; what was typed stays where block and action keep their ids.

        Raises:
            SlackError: `hash_conflict`.
        """
        if hash_ and hash_ != shown.body["hash"]:
            raise SlackError("hash_conflict")
        self._refuse_external_id(view, besides=shown)
        kept = {
            key: shown.body[key]
            for key in (
                "id",
                "team_id",
                "app_id",
                "bot_id",
                "root_view_id",
                "previous_view_id",
                "app_installed_team_id",
            )
        }
        typed = shown.body["state"]["values"]
        shown.body = self._taken(view) | kept
        for block_id, actions in shown.body["state"]["values"].items():
            for action_id in actions.keys() & typed.get(block_id, {}).keys():
                if actions[action_id]["type"] == typed[block_id][action_id]["type"]:
                    actions[action_id] = typed[block_id][action_id]
        self.show(shown.user)
        return shown

    def publish(self, user: str, view: Json, hash_: str | None = None) -> View:
        """The App Home of one person.

        Raises:
            SlackError: `hash_conflict`.
        """
        shown = self._state.homes.get(user)
        if shown is None:
            self._state.homes[user] = self._new(user, view, previous=None)
            self.show(user)
            return self._state.homes[user]
        return self.update(shown, view, hash_)

    def fill_in(self, view: View, values: Json) -> None:
        """What a person has typed and chosen. Their page knows."""
        view.body["state"]["values"] = values
        self._changes.unseen("homes" if view.body["type"] == "home" else "modals", view.user)

    def close(self, user: str, *, everything: bool = False) -> list[View]:
        """Take away the top modal or the whole stack; returns what was closed."""
        stack = self._state.modals.get(user, [])
        closed = stack[::-1] if everything else stack[-1:]
        del stack[len(stack) - len(closed) :]
        self.show(user)
        return closed

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """An open modal or a Home."""
        for view in self._state.views():
            if view_id and view.id == view_id:
                return view
            if external_id and view.body["external_id"] == external_id:
                return view
        return None

    def show(self, user: str) -> None:
        """Tell the pages."""
        top = self._state.top_modal(user)
        self._changes.tell("view", user=user, modal=top.body if top else None)
        if user in self._state.homes:
            self._changes.tell("home", user=user, home=self._state.homes[user].body)

    def _new(self, user: str, view: Json, previous: View | None) -> View:
        self._refuse_external_id(view, besides=None)
        view_id = slack_id("V")
        kept = {
            "id": view_id,
            "team_id": cast.TEAM_ID,
            "app_id": cast.APP_ID,
            "bot_id": cast.BOT_ID,
            "app_installed_team_id": cast.TEAM_ID,
            "previous_view_id": previous.id if previous else None,
            "root_view_id": previous.body["root_view_id"] if previous else view_id,
        }
        return View(user, self._taken(view) | kept)

    def _taken(self, view: Json) -> Json:
        blocks = fill_ids(view["blocks"])
        body: Json = {
            "type": view["type"],
            "blocks": blocks,
            "private_metadata": view.get("private_metadata") or "",
            "callback_id": view.get("callback_id") or "",
            "external_id": view.get("external_id") or "",
            "state": {"values": initial_values(blocks)},
            "hash": f"{self._state.next_ts(self._now())}.{slack_id('')[1:7]}",
            "title": view.get("title"),
            "clear_on_close": bool(view.get("clear_on_close")),
            "notify_on_close": bool(view.get("notify_on_close")),
            "close": view.get("close"),
            "submit": view.get("submit"),
        }
        return copy.deepcopy(body)

    def _refuse_external_id(self, view: Json, besides: View | None) -> None:
        external_id = view.get("external_id")
        if external_id and self.find(external_id=external_id) not in (None, besides):
            raise SlackError("duplicate_external_id")


def initial_values(blocks: list[Json]) -> Json:
    """`state.values` of a view in which nobody has typed yet."""
    values: Json = {}
    for block in flat(blocks):
        for element in elements_of(block):
            value = initial_value(element)
            if value is not None:
                values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def checked_view(view: Json, kind: str) -> Json:
    """The view, if Slack would take it as this kind.

    Raises:
        SlackError: `invalid_arguments` with pointers, or `view_too_large`.
    """
    problems = view_problems(view)
    if not problems and view["type"] != kind:
        raise SlackError("invalid_arguments", f"must be a {kind} [json-pointer:/view/type]")
    if problems:
        raise SlackError("invalid_arguments", *[str(problem) for problem in problems])
    if too_large(view):
        raise SlackError("view_too_large")
    return view

"""`floorwalker demo`: a local Slack, the starter knowledge and the bot, in one process and one folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import SecretStr
from starlette.routing import BaseRoute

from bot.assemble.app import Bot
from bot.assemble.serving import HttpServer, build_missing_index, routes_of
from bot.errors import AddressInUse, FloorwalkerError
from bot.jobs.apart import Progress
from bot.settings import Settings, SourceSettings
from bot.settings.tree import Person
from bot.slack.manifest import manifest as own_manifest
from bot.starter import starter_knowledge
from bot.workspace import LocalWorkspace, cast
from bot.workspace.app_config import ManifestUnreadable, read_manifest
from bot.workspace.saving import StateUnreadable
from indexer.embedder import Embedder, embedder_for

DEMO_PEOPLE = (
    Person(user="U0TOM", role="warehouse", site="Hull", wave="wave-2"),
    Person(group="S0COACHES", role="super-user"),
)
"""Who may see the starter documents that are not for everybody, where the settings name nobody."""


class WorkspaceUnreadable(FloorwalkerError):
    """The saved workspace cannot be read."""

    hint = "Move the file away to begin with a fresh workspace."


class ManifestUnusable(FloorwalkerError):
    """The app manifest cannot be read."""

    hint = "It must be an app manifest in JSON or YAML, such as `floorwalker manifest` prints."


class KnowledgeNotCopied(FloorwalkerError):
    """The starter knowledge cannot be copied into the data folder."""

    hint = "Check the free space and the access rights of the data folder."


class Demo:
    """The local workspace and the bot against it; the bot knows only another `api_url`."""

    def __init__(self, settings: Settings, data: Path, port: int, *, embedder: Embedder | None = None) -> None:
        """Takes the port at once; raises AddressInUse where another program has it."""
        self._settings, self.data = settings, data
        self._embedder = embedder
        self.bot: Bot | None = None
        self._server: HttpServer | None = None
        socket_mode = settings.model_copy(update={"slack": settings.slack.model_copy(update={"mode": "socket"})})
        self.workspace = open_workspace(port, data / "workspace.json", None, routes_of(socket_mode, lambda: self.bot))

    def prepare(self, progress: Progress) -> bool:
        """Open the workspace and build the index if there is none. Returns whether it had to."""
        self.workspace.start()
        return build_missing_index(self.settings, self.data, self._make_embedder(), progress)

    @property
    def settings(self) -> Settings:
        """The given settings, completed with what the local workspace needs."""
        return demo_settings(self._settings, self.workspace)

    def start(self) -> None:
        """Let the bot into the workspace, which is open already."""
        self.bot = Bot(self.settings, self.data, embedder=self._make_embedder())
        if self.settings.slack.mode == "http":
            self._serve_http(self.bot)
        self.bot.start()

    def stop(self) -> None:
        if self.bot is not None:
            self.bot.stop()
        if self._server is not None:
            self._server.stop()
        self.workspace.stop()

    def __enter__(self) -> Demo:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _serve_http(self, bot: Bot) -> None:
        """In `http` mode the workspace sends its events to where the bot listens, signed."""
        slack = self.settings.slack
        self._server = HttpServer(routes_of(self.settings, lambda: bot), slack.host, slack.port)
        self._server.start()
        self.workspace.use_request_url(f"http://{slack.host}:{self._server.port}/slack/events")

    def _make_embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = embedder_for(self.data, self._settings.model.name)
        return self._embedder


def demo_settings(settings: Settings, workspace: LocalWorkspace) -> Settings:
    """The settings with the local workspace's address and tokens, and its people where none are named."""
    desk = settings.desk
    desk = desk.model_copy(update={
        "coach_channel": desk.coach_channel or "C0COACHES",
        "coaches": desk.coaches or tuple(cast.COACHES),
        "admins": desk.admins or tuple(cast.ADMINS),
        "admin_channel": desk.admin_channel or ("" if desk.coach_channel else "C0OPS"),
    })
    slack = settings.slack.model_copy(update={
        "api_url": workspace.api_url, "bot_token": SecretStr(workspace.bot_token),
        "app_token": SecretStr(workspace.app_token), "signing_secret": SecretStr(workspace.signing_secret),
    })
    people = settings.people or DEMO_PEOPLE
    return settings.model_copy(update={"desk": desk, "slack": slack, "people": people})


def with_starter_knowledge(settings: Settings, data: Path, *, configured: bool) -> Settings:
    """Without a settings file the demo has its own copy of the starter knowledge, to be changed and reindexed.

    Raises KnowledgeNotCopied.
    """
    if configured:
        return settings
    folder = data / "knowledge"
    if not folder.exists():
        arriving = data / ".knowledge-arriving"
        shutil.rmtree(arriving, ignore_errors=True)
        try:
            shutil.copytree(starter_knowledge(), arriving)
            arriving.rename(folder)
        except OSError as error:
            raise KnowledgeNotCopied(f"The starter knowledge cannot be copied to {folder}.") from error
    source = SourceSettings(location=str(folder.absolute()))
    return settings.model_copy(update={"knowledge": settings.knowledge.model_copy(update={"sources": (source,)})})


def open_workspace(port: int, state: Path, request_url: str | None, routes: Sequence[BaseRoute] = (), *,
                   manifest: Mapping[str, Any] | None = None, manifest_file: Path | None = None) -> LocalWorkspace:
    """A local Slack that keeps its state in a file. Not started yet, but it has its port.

    `manifest` (parsed) or `manifest_file` is that of the app that is to be let in; without one it is Floorwalker.

    Raises:
        AddressInUse: another program has the port.
        WorkspaceUnreadable: the state file is not one that a workspace wrote.
        ManifestUnusable: the manifest file is none.
    """
    try:
        manifest = read_manifest(manifest_file) if manifest_file else manifest or own_manifest(())
    except ManifestUnreadable as error:
        raise ManifestUnusable(str(error)) from error
    state.parent.mkdir(parents=True, exist_ok=True)
    try:
        return LocalWorkspace(port, state, request_url, signing_secret=os.environ.get("SLACK_SIGNING_SECRET"),
                              routes=routes, manifest=manifest)
    except StateUnreadable as error:
        raise WorkspaceUnreadable(f"{state} is not a workspace that this program has saved.") from error
    except OSError as error:
        cure = "Choose another one with --port; 0 takes a free one."
        raise AddressInUse(f"Port {port} is in use.", hint=cure) from error

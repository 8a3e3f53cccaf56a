"""What `manifest` and `init` show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml
from rich.markup import escape
from rich.padding import Padding

from bot.console import out, print_json, say

if TYPE_CHECKING:
    from bot.assemble.init import Begun

MANIFEST_GOES = ("On https://api.slack.com/apps: Create New App, From a manifest. For an app that is there already: "
                 "App Manifest, and then install it again.")


def show_manifest(manifest: Mapping[str, Any], form: str) -> None:
    """The manifest, to be pasted or piped: `yaml`, `json`, or `line` (JSON on one line)."""
    if form == "line":
        print_json(manifest)
        return
    text = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n" if form == "json" else
            yaml.safe_dump(dict(manifest), sort_keys=False, allow_unicode=True, width=100))
    print(text, end="")
    if out.is_terminal:
        say("")
        say(MANIFEST_GOES)


def show_begun(begun: Begun, mode: str, options: str, *, channel: str, complete: bool, as_json: bool) -> None:
    """What was written, and what comes next. `options` go behind each command."""
    if as_json:
        print_json({"config": str(begun.config), "knowledge": str(begun.knowledge),
                    "written": [str(path) for path in begun.written], "knowledge_kept": begun.knowledge_kept})
        return
    out.print("[green]Written:[/]")
    for path in begun.written:
        out.print(f"  {escape(str(path))}", soft_wrap=True)
    if begun.knowledge_kept:
        out.print(f"{escape(str(begun.knowledge))} has files in it and stays as it is.", soft_wrap=True)
    out.print("\n[bold]What to do next[/]")
    for number, (command, why) in enumerate(_steps(begun, mode, options, channel, complete), start=1):
        out.print(f"{number}. [bold]{escape(command)}[/]", soft_wrap=True)
        out.print(Padding(escape(why), (0, 0, 0, 3)))


def _steps(begun: Begun, mode: str, options: str, channel: str, complete: bool) -> Sequence[tuple[str, str]]:
    second, where = (("SLACK_APP_TOKEN=xapp-…", "Basic Information, App-Level Tokens, with the scope connections:write")
                     if mode == "socket" else ("SLACK_SIGNING_SECRET=…", "Basic Information, Signing Secret"))
    address = " --http https://your.address" if mode == "http" else ""
    steps = [
        (f"floorwalker manifest{address}{options}", MANIFEST_GOES),
        (f"export SLACK_BOT_TOKEN=xoxb-… {second}", f"The first from Install App, the second from {where}."),
        ("/invite @floorwalker", f"In Slack, in {channel} and wherever people shall mention the bot."),
        (f"floorwalker index{options}", f"Takes in what is in {begun.knowledge}; its README tells how to write more."),
        (f"floorwalker doctor{options}", "Looks at everything, and names what is missing."),
        (f"floorwalker serve{options}", "The bot is at work until Ctrl-C."),
    ]
    return steps if complete else [
        (f"Fill in coaches and admins in {begun.config}", "Without a coach the bot does not start."), *steps]

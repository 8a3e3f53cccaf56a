"""`python -m bot.workspace`: the local Slack alone, for any Bolt app."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.workspace.app_config import ManifestUnreadable, read_manifest
from bot.workspace.saving import StateUnreadable
from bot.workspace.server import LocalWorkspace

DEFAULT_PORT = 8421


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; 1 if that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m bot.workspace", description="A strict local Slack for Bolt apps.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--state", type=Path, help="keep the workspace in this file (default: forget it at the end)")
    parser.add_argument("--manifest", type=Path, help="the app's manifest, JSON or YAML (default: Floorwalker's)")
    parser.add_argument("--request-url", help="send events there by HTTP, signed, instead of over Socket Mode")
    parser.add_argument("--no-rate-limits", action="store_true", help="answer as fast as the app asks")
    given = parser.parse_args(arguments)
    try:
        manifest = read_manifest(given.manifest) if given.manifest else None
        running = LocalWorkspace(
            given.port, given.state, given.request_url, manifest=manifest, rate_limits=not given.no_rate_limits
        )
    except (ManifestUnreadable, StateUnreadable) as error:
        print(error)
        return 1
    except OSError as error:
        print(f"Port {given.port} cannot be used: {error.strerror}.")
        return 1
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with running:
        print(f"The local workspace is open: {running.base_url}/", flush=True)
        for name, value in running.variables.items():
            print(f"export {name}={value}", flush=True)
        told.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The Bolt app: the same listeners for Socket Mode and HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.slack.front import Front
from bot.slack.listeners import register
from bot.slack.shapes import is_heard, is_sound, without_half_characters
from bot.watching.work import Work, at_work, new_reference

log = logging.getLogger(__name__)


class ReferencedApp(App):
    """Each request of Slack's is one piece of work, with a reference number from here on."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        with at_work(Work(new_reference())):
            if req.mode == "socket_mode":  # what comes by HTTP has been looked at
                if not is_sound(req.body):
                    log.error("a request that is not what Slack sends was ignored")
                    return BoltResponse(status=200)
                req.body = without_half_characters(req.body)
            return super().dispatch(req)


def bolt_app(front: Front, bot_token: str) -> App:
    """An app whose listeners run before the acknowledgement, for this one workspace.

    Requests are not verified here: Socket Mode has no signatures, and `http.events_route` checks them first.
    """
    identity = front.identity
    authorized = AuthorizeResult(
        enterprise_id=None, team_id=identity.team, bot_token=bot_token, bot_id=identity.bot, bot_user_id=identity.user)

    def authorize() -> AuthorizeResult:
        return authorized

    app = ReferencedApp(
        client=front.client, authorize=authorize, process_before_response=True, request_verification_enabled=False,
        # Bolt would hold back that somebody deleted a message of ours, too; `payloads` knows what is our own doing.
        ignoring_self_events_enabled=False, attaching_conversation_kwargs_enabled=False,
        logger=logging.getLogger("bot.slack.bolt"),
    )

    @app.middleware
    def serve_own_workspace_only(
        body: dict[str, object], next: Callable[[], BoltResponse]  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        team = body.get("team")
        told = [one for one in (body.get("team_id"), team.get("id") if isinstance(team, dict) else team) if one]
        foreign = [str(one)[:20] for one in told if one != identity.team]
        if foreign or not told:
            log.warning("a request from the foreign workspace %r was ignored", "".join(foreign[:1]))
            return BoltResponse(status=200)
        return next() if is_heard(body) else BoltResponse(status=200)

    @app.error
    def not_acknowledged(error: Exception) -> BoltResponse:
        log.error("a request was not taken in", exc_info=error)
        return BoltResponse(status=500)

    register(app, front)
    return app

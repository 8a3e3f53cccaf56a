"""Records as JSON: for the app as Slack's Web API shows them, for people as the page needs them."""

from __future__ import annotations

from bot.workspace import cast
from bot.workspace.records import AssistantThread, Channel, File, Json, Message, User, UserGroup
from bot.workspace.state import State

SLACKBOT = "USLACKBOT"


class Shapes:
    """Knows the state and the server's address; changes nothing."""

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._base_url = base_url

    # for the app

    def message(self, message: Message, *, metadata: bool = False) -> Json:
        """As in history, events and payloads."""
        shown: Json = {
            "type": "message",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "team": self._team_of(message.user),
        }
        if self._state.is_shared(self._state.channels[message.channel]):
            shown |= {"user_team": shown["team"], "source_team": shown["team"]}
        optional = {
            "subtype": message.subtype,
            "thread_ts": self._thread_ts(message),
            "blocks": message.blocks,
            "attachments": message.attachments,
            "edited": message.edited,
            "username": message.username,
            "files": [self.file(self._state.files[file]) for file in message.files],
            "reactions": self._reactions(message),
            "metadata": message.metadata if metadata else None,
        }
        shown |= {key: value for key, value in optional.items() if value}
        if message.bot_id:
            profile = self._bot_profile(message)
            shown |= {"bot_id": message.bot_id, "app_id": profile["app_id"], "bot_profile": profile}
        if message.thread_ts:
            root = self._state.message(message.channel, message.thread_ts)
            shown["parent_user_id"] = root.user if root else SLACKBOT
        return shown | self._thread_facts(message)

    def file(self, file: File) -> Json:
        """A file object; its bytes are behind `url_private` for who has the token."""
        address = f"{self._base_url}/files/{file.id}/{file.name}"
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": file.filetype,
            "user": file.user,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "alt_txt": file.alt_text,
            "url_private": address,
            "url_private_download": address,
            "permalink": address,
        }

    def channel(self, channel: Channel) -> Json:
        """A conversation object as the bot sees it."""
        if channel.kind == "im":
            person = next(member for member in channel.members if member != cast.BOT_USER)
            return {
                "id": channel.id,
                "created": channel.created,
                "is_im": True,
                "is_channel": False,
                "is_group": False,
                "is_mpim": False,
                "is_private": True,
                "is_archived": False,
                "is_org_shared": False,
                "user": person,
                "is_user_deleted": self._state.users[person].deleted,
                "context_team_id": cast.TEAM_ID,
            }
        shared = self._state.is_shared(channel)
        return {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created,
            "is_channel": not channel.private,
            "is_group": channel.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": channel.private,
            "is_archived": channel.archived,
            "is_general": channel.name == "general",
            "is_shared": shared,
            "is_ext_shared": shared,
            "is_org_shared": False,
            "is_member": cast.BOT_USER in channel.members,
            "context_team_id": cast.TEAM_ID,
            "creator": "U0EVE",
            "num_members": len(channel.members),
            "topic": {"value": channel.topic, "creator": "U0EVE", "last_set": channel.created},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }

    def user(self, user: User) -> Json:
        """A user object; the mail address is added by who may see it. Of a deactivated one Slack says less."""
        team = user.team or cast.TEAM_ID
        profile = {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "title": user.title,
            "team": team,
            "first_name": user.real_name.split(" ")[0],
        }
        if user.is_bot:
            own = user.id == cast.BOT_USER
            profile |= {"bot_id": cast.BOT_ID if own else cast.bot_id_of(user.id)}
            profile |= {"api_app_id": cast.APP_ID if own else cast.app_id_of(user.id)}
        shown = {
            "id": user.id,
            "team_id": team,
            "name": user.name,
            "real_name": user.real_name,
            "deleted": user.deleted,
            "is_bot": user.is_bot,
            "is_app_user": False,
            "is_admin": user.role == "admin",
            "is_owner": False,
            "is_restricted": user.kind in ("guest", "single_channel_guest"),
            "is_ultra_restricted": user.kind == "single_channel_guest",
            "updated": 0,
            "profile": profile,
        }
        if user.team:
            shown["is_stranger"] = not self._meets_bot(user)
        if not user.deleted:
            shown |= {"tz": user.tz, "tz_label": user.tz, "tz_offset": user.tz_offset}
        return shown

    def user_group(self, group: UserGroup, *, users: bool) -> Json:
        """A user group, with its members on demand."""
        shown = {
            "id": group.id,
            "team_id": cast.TEAM_ID,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "description": "",
            "is_external": False,
            "date_delete": 0,
            "user_count": len(group.users),
        }
        return shown | ({"users": group.users} if users else {})

    # for people

    def message_for_people(self, message: Message) -> Json:
        """Every key always there, so that a page or a script need not ask."""
        thread = {"reply_count": 0, "reply_users": [], "latest_reply": None}
        facts = self._thread_facts(message)
        return {
            "channel": message.channel,
            "ts": message.ts,
            "thread_ts": self._thread_ts(message),
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "files": [self.file(self._state.files[file]) for file in message.files],
            "reactions": self._reactions(message),
            "edited": message.edited,
            "ephemeral": message.visible_to is not None,
            "visible_to": message.visible_to,
            "bot_id": message.bot_id,
            "username": message.username,
            "subtype": message.subtype,
            "permalink": self.permalink(message),
            "streaming": message.stream is not None and not message.stream["stopped"],
            "metadata": message.metadata,
            **{key: facts.get(key, value) for key, value in thread.items()},
        }

    def user_for_people(self, user: User) -> Json:
        """With the role, which Slack does not know."""
        initials = "".join(part[0] for part in user.real_name.split(" "))[:2].upper()
        return {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "role": user.role,
            "title": user.title,
            "color": user.color,
            "initials": initials,
            "tz": user.tz,
            "deleted": user.deleted,
            "kind": user.kind,
            "team": user.team or cast.TEAM_ID,
        }

    def channel_for_people(self, channel: Channel) -> Json:
        """As in the list of conversations."""
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "members": channel.members,
            "topic": channel.topic,
            "private": channel.private,
            "archived": channel.archived,
            "shared": self._state.is_shared(channel),
        }

    def assistant_thread(self, thread: AssistantThread) -> Json:
        """Status, title and prompts."""
        return {
            "channel": thread.channel,
            "thread_ts": thread.thread_ts,
            "status": thread.status,
            "loading_messages": thread.loading_messages,
            "title": thread.title,
            "prompts": thread.prompts,
            "prompts_title": thread.prompts_title,
            "session": thread.session,
        }

    def permalink(self, message: Message) -> str:
        """The address that jumps to a message."""
        link = f"{self._base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.thread_ts else link

    def _thread_ts(self, message: Message) -> str | None:
        if message.thread_ts:
            return message.thread_ts
        if message.visible_to or not self._state.replies(message.channel, message.ts):
            return None
        return message.ts

    def _thread_facts(self, message: Message) -> Json:
        """What a root says of its replies; nothing for any other message."""
        if message.thread_ts or message.visible_to:
            return {}
        replies = self._state.replies(message.channel, message.ts)
        if not replies:
            return {}
        users = list(dict.fromkeys(reply.user for reply in replies))
        return {
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": True,
        }

    def _bot_profile(self, message: Message) -> Json:
        """What Slack adds to messages of apps."""
        return {
            "id": message.bot_id,
            "app_id": cast.APP_ID if message.bot_id == cast.BOT_ID else cast.app_id_of(message.user),
            "user_id": message.user,
            "name": self._state.users[message.user].real_name,
            "deleted": False,
            "updated": 0,
            "team_id": cast.TEAM_ID,
        }

    def _team_of(self, user: str) -> str:
        known = self._state.users.get(user)
        return known.team if known and known.team else cast.TEAM_ID

    def _meets_bot(self, user: User) -> bool:
        """Whether there is a channel with both of them."""
        channels = self._state.channels.values()
        return any({user.id, cast.BOT_USER} <= set(channel.members) for channel in channels)

    def _reactions(self, message: Message) -> list[Json]:
        return [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]

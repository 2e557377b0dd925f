"""A workspace in memory: what Slack's methods do to it and answer."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bots.limits import message_mistakes, view_mistakes

TEAM, BOT, BOT_ID, APP = "T111", "UBOT1", "BBOT1", "A111"
TOKEN, APP_TOKEN = "xoxb-fake-bot-token", "xapp-fake-app-token"
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
NEEDS = {
    "assistant.threads.setStatus": "assistant:write",
    "chat.postMessage": "chat:write",
    "conversations.replies": "channels:history",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
}

Reply = dict[str, Any]


class Refused(Exception):
    """Slack's word for why a method does nothing."""


@dataclass
class Workspace:
    """Everything that a person could see, by where they would see it."""

    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    usergroups: dict[str, list[str]] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ephemeral: list[dict[str, Any]] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    file_channels: dict[str, str] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = SCOPES
    streams: bool = True
    slow_files: int = 0
    invalid: list[str] = field(default_factory=list)
    base: str = ""

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._numbers = itertools.count(1)

    # What people do.

    def add_channel(self, channel: str, *members: str, **info: Any) -> str:
        self.channels[channel] = {"id": channel, "name": channel.lower(), **info}
        self.members[channel] = {BOT, *members}
        return channel

    def add_user(self, user: str, email: str = "", **info: Any) -> str:
        self.users[user] = {"id": user, "team_id": TEAM, "profile": {"email": email}, **info}
        return user

    def write(self, channel: str, user: str, text: str, thread: str = "") -> str:
        """Let somebody write a message; returns its timestamp."""
        with self.lock:
            ts = self.stamp()
            message = {"type": "message", "ts": ts, "user": user, "text": text}
            if thread:
                message["thread_ts"] = thread
            self.messages[channel].append(message)
            return ts

    def trigger(self, user: str) -> str:
        """Return a trigger as a click brings one: it opens one view."""
        number = f"{next(self._numbers)}.{TEAM}.trigger"
        self.triggers[number] = user
        return number

    def stamp(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def ours(self, channel: str) -> list[dict[str, Any]]:
        """Return what the bot has posted in a channel."""
        with self.lock:
            return [m for m in self.messages[channel] if m["user"] == BOT]

    def eyes(self) -> list[str]:
        """Return the messages that still carry the bot's eyes."""
        with self.lock:
            return [m["ts"] for ms in self.messages.values() for m in ms if m.get("reactions")]

    # What the methods do.

    def call(self, method: str, arguments: Mapping[str, Any]) -> Reply:
        """Run a method; the reply is what Slack's would be."""
        needed = NEEDS.get(method)
        if needed and needed not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": needed}
        work: Callable[[Mapping[str, Any]], Reply] | None
        work = getattr(self, method.replace(".", "_"), None)
        if work is None:
            return {"ok": False, "error": "unknown_method"}
        with self.lock:
            try:
                return {"ok": True, **(work(arguments) or {})}
            except Refused as exc:
                return {"ok": False, "error": str(exc)}

    def auth_test(self, _: Mapping[str, Any]) -> Reply:
        return {
            "user_id": BOT,
            "bot_id": BOT_ID,
            "team_id": TEAM,
            "team": "Fake",
            "user": "mmsearch",
        }

    def conversations_info(self, a: Mapping[str, Any]) -> Reply:
        return {"channel": dict(self._channel(a["channel"]))}

    def conversations_members(self, a: Mapping[str, Any]) -> Reply:
        self._channel(a["channel"])
        everybody = sorted(self.members[a["channel"]])
        start = int(a.get("cursor") or 0)
        page = everybody[start : start + 2]  # small pages, to see that all are read
        following = str(start + 2) if start + 2 < len(everybody) else ""
        return {"members": page, "response_metadata": {"next_cursor": following}}

    def users_info(self, a: Mapping[str, Any]) -> Reply:
        if a["user"] not in self.users:
            raise Refused("user_not_found")
        return {"user": dict(self.users[a["user"]])}

    def usergroups_users_list(self, a: Mapping[str, Any]) -> Reply:
        if a["usergroup"] not in self.usergroups:
            raise Refused("no_such_subteam")
        return {"users": list(self.usergroups[a["usergroup"]])}

    def conversations_replies(self, a: Mapping[str, Any]) -> Reply:
        found = [m for m in self.messages[a["channel"]] if a["ts"] in (m["ts"], m.get("thread_ts"))]
        if not found:
            raise Refused("thread_not_found")
        return self._page(found, a)

    def conversations_history(self, a: Mapping[str, Any]) -> Reply:
        self._channel(a["channel"])
        return self._page([m for m in self.messages[a["channel"]] if "thread_ts" not in m], a)

    def chat_postMessage(self, a: Mapping[str, Any]) -> Reply:
        self._judge(message_mistakes(a))
        channel = a["channel"]
        if channel[0] in "UW":
            channel = self.add_channel(f"D{channel[1:]}", channel, is_im=True)
        info = self._channel(channel)
        if info.get("is_archived"):
            raise Refused("is_archived")
        if info.get("is_private") and BOT not in self.members[channel]:
            raise Refused("channel_not_found")
        message = self._post(channel, a)
        return {"channel": channel, "ts": message["ts"], "message": message}

    def chat_postEphemeral(self, a: Mapping[str, Any]) -> Reply:
        self._judge(message_mistakes(a))
        self._channel(a["channel"])
        self.ephemeral.append(dict(a))
        return {"message_ts": self.stamp()}

    def chat_update(self, a: Mapping[str, Any]) -> Reply:
        self._judge(message_mistakes(a))
        message = self._message(a["channel"], a["ts"])
        if message.get("streaming"):
            raise Refused("streaming_state_conflict")
        message.update({k: a[k] for k in ("text", "blocks", "metadata") if k in a})
        return {"ts": a["ts"], "channel": a["channel"]}

    def chat_startStream(self, a: Mapping[str, Any]) -> Reply:
        if not self.streams:
            raise Refused("unknown_method")
        if not a["channel"].startswith("D") and not a.get("recipient_user_id"):
            raise Refused("missing_recipient_user_id")
        self._judge(message_mistakes({"blocks": _chunks(a)}))
        message = self._post(a["channel"], {"blocks": _chunks(a), "thread_ts": a["thread_ts"]})
        message["streaming"] = True
        return {"ts": message["ts"], "channel": a["channel"]}

    def chat_appendStream(self, a: Mapping[str, Any]) -> Reply:
        message = self._streaming(a)
        message["blocks"] += _chunks(a)
        self._judge(message_mistakes(message))
        return {"ts": a["ts"]}

    def chat_stopStream(self, a: Mapping[str, Any]) -> Reply:
        message = self._streaming(a)
        self._judge(message_mistakes({"blocks": a.get("blocks"), "text": "x"}))
        message["blocks"] += [*_chunks(a), *(a.get("blocks") or ())]
        message["streaming"] = False
        if a.get("metadata"):
            message["metadata"] = a["metadata"]
        return {"ts": a["ts"], "message": message}

    def reactions_add(self, a: Mapping[str, Any]) -> Reply:
        reactions = self._message(a["channel"], a["timestamp"]).setdefault("reactions", [])
        if a["name"] in reactions:
            raise Refused("already_reacted")
        reactions.append(a["name"])
        return {}

    def reactions_remove(self, a: Mapping[str, Any]) -> Reply:
        reactions = self._message(a["channel"], a["timestamp"]).get("reactions") or []
        if a["name"] not in reactions:
            raise Refused("no_reaction")
        reactions.remove(a["name"])
        return {}

    def assistant_threads_setStatus(self, a: Mapping[str, Any]) -> Reply:
        self.statuses[a["channel_id"], a["thread_ts"]] = a["status"]
        return {}

    def assistant_threads_setTitle(self, a: Mapping[str, Any]) -> Reply:
        self.titles[a["channel_id"], a["thread_ts"]] = a["title"]
        return {}

    def assistant_threads_setSuggestedPrompts(self, a: Mapping[str, Any]) -> Reply:
        self.prompts[a["channel_id"], a["thread_ts"]] = a["prompts"]
        return {}

    def views_open(self, a: Mapping[str, Any]) -> Reply:
        user = self.triggers.pop(a["trigger_id"], None)
        if user is None:
            raise Refused("expired_trigger_id")
        self._judge(view_mistakes(a["view"]))
        view_id = f"V{next(self._numbers)}"
        self.views[view_id] = {**a["view"], "id": view_id, "user": user}
        return {"view": {"id": view_id}}

    views_push = views_open

    def views_update(self, a: Mapping[str, Any]) -> Reply:
        if a["view_id"] not in self.views:
            raise Refused("not_found")
        self._judge(view_mistakes(a["view"]))
        for block in a["view"]["blocks"]:
            if "slack_file" in block and self._not_ready(block["slack_file"]["id"]):
                raise Refused("invalid_blocks")
        old = self.views[a["view_id"]]
        self.views[a["view_id"]] = {**a["view"], "id": old["id"], "user": old["user"]}
        return {"view": {"id": a["view_id"]}}

    def views_publish(self, a: Mapping[str, Any]) -> Reply:
        self._judge(view_mistakes(a["view"]))
        self.homes[a["user_id"]] = a["view"]
        return {}

    def files_getUploadURLExternal(self, a: Mapping[str, Any]) -> Reply:
        file_id = f"F{next(self._numbers)}"
        return {"upload_url": f"{self.base}/upload/{file_id}", "file_id": file_id}

    def files_completeUploadExternal(self, a: Mapping[str, Any]) -> Reply:
        files = a["files"] if isinstance(a["files"], list) else json.loads(a["files"])
        for one in files:
            self.file_channels[one["id"]] = str(a.get("channel_id") or a.get("channels") or "")
        return {"files": files}

    def apps_connections_open(self, _: Mapping[str, Any]) -> Reply:
        return {"url": self.base.replace("http", "ws", 1) + "/link"}

    # What they share.

    def _post(self, channel: str, a: Mapping[str, Any]) -> dict[str, Any]:
        message = {"type": "message", "ts": self.stamp(), "user": BOT, "bot_id": BOT_ID}
        message |= {k: a[k] for k in ("text", "blocks", "metadata", "thread_ts") if a.get(k)}
        self.messages[channel].append(message)
        return message

    def _page(self, found: list[dict[str, Any]], a: Mapping[str, Any]) -> Reply:
        oldest, latest = str(a.get("oldest") or "0"), str(a.get("latest") or "9999999999.9")
        inside = [m for m in found if float(oldest) <= float(m["ts"]) <= float(latest)]
        if not a.get("include_all_metadata"):
            inside = [{k: v for k, v in m.items() if k != "metadata"} for m in inside]
        start, size = int(a.get("cursor") or 0), min(int(a.get("limit") or 100), 50)
        following = str(start + size) if start + size < len(inside) else ""
        page = [dict(message) for message in inside[start : start + size]]
        return {"messages": page, "response_metadata": {"next_cursor": following}}

    def _channel(self, channel: str) -> dict[str, Any]:
        if channel not in self.channels:
            raise Refused("channel_not_found")
        return self.channels[channel]

    def _message(self, channel: str, ts: str) -> dict[str, Any]:
        for message in self.messages[channel]:
            if message["ts"] == ts:
                return message
        raise Refused("message_not_found")

    def _not_ready(self, file_id: str) -> bool:
        self.slow_files -= 1
        return file_id not in self.files or self.slow_files >= 0

    def _streaming(self, a: Mapping[str, Any]) -> dict[str, Any]:
        message = self._message(a["channel"], a["ts"])
        if not message.get("streaming"):
            raise Refused("message_not_in_streaming_state")
        return message

    def _judge(self, mistakes: list[str]) -> None:
        if mistakes:
            self.invalid += mistakes
            raise Refused("invalid_blocks")


def _chunks(a: Mapping[str, Any]) -> list[Any]:
    return [block for chunk in a.get("chunks") or () for block in chunk["blocks"]]

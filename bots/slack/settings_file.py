"""The file with the settings per channel: read when it changes, written without losing a word.

Comments and order stay as people wrote them. A file that is wrong never takes effect: what was
read last goes on to hold, and the log says what is wrong.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bots.slack.channels import Channels
from bots.slack.errors import BadChannelSettings
from index.durable import replace_file

MOST_BYTES = 1_000_000
HEADING = "# Settings of the Slack bot, by channel. The README says what may stand here.\n"
logger = logging.getLogger("mmsearch.slack")


class SettingsFile:
    """One YAML file; one that does not exist yet is empty. Safe for several threads."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            BadChannelSettings: It is wrong; every mistake is named.
        """
        self.path = path
        self._lock = threading.Lock()
        self._stamp = self._now()
        self._channels = read(path)

    def current(self) -> Channels:
        """Return the settings, read again when the file has changed."""
        with self._lock:
            stamp = self._now()
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._channels = read(self.path)
                except BadChannelSettings as exc:
                    logger.error("the settings stay as they were: %s", exc)
            return self._channels

    def change(self, channel_id: str, values: Mapping[str, Any]) -> None:
        """Set values of one channel; None takes a value out. The file is replaced at once.

        Raises:
            BadChannelSettings: With these values, or as it is now, the file would be wrong.
        """
        with self._lock:
            content = _load(self.path) or {}
            channels = content.setdefault("channels", {})
            entry = channels.setdefault(channel_id, {})
            for name, value in values.items():
                if value is None:
                    entry.pop(name, None)
                else:
                    entry[name] = value
            changed = Channels(_plain(content))
            _write(self.path, content)
            self._channels, self._stamp = changed, self._now()

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def read(path: Path) -> Channels:
    """Read and check a file.

    Raises:
        BadChannelSettings: Naming the file and every mistake.
    """
    try:
        return Channels(_plain(_load(path) or {}))
    except BadChannelSettings as exc:
        raise BadChannelSettings(f"{path} is wrong:\n{exc}") from None


def _load(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadChannelSettings(f"  more than {MOST_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise BadChannelSettings(f"  it cannot be read: {exc}") from None
    try:
        content = _yaml().load(text)
    except YAMLError as exc:
        raise BadChannelSettings(f"  it is no YAML: {' '.join(str(exc).split())}") from None
    if content is not None and not isinstance(content, Mapping):
        raise BadChannelSettings("  expected channels, people and so on, each with a colon")
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = io.StringIO()
    _yaml().dump(content, text)
    body = text.getvalue() if path.exists() else HEADING + text.getvalue()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, body.encode())
    except OSError as exc:
        raise BadChannelSettings(f"  it cannot be written: {exc}") from None


def _plain(value: Any) -> Any:
    """Turn the reader's own kinds of dicts and lists into plain ones."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _yaml() -> YAML:
    yaml = YAML(typ="rt")  # safe: builds no objects, and keeps comments
    yaml.width = 100
    yaml.preserve_quotes = True
    return yaml

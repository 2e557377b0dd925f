"""Messages as Outlook saves them (.msg)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from oxmsg import Message as Outlook

from ingest.errors import DamagedFile, SourceError
from ingest.held import MAX_DEPTH
from ingest.parsers.eml import take
from ingest.parsers.mail import Body, Enclosure, Message, listed, message_document
from ingest.parsers.mail_writing import as_sent
from ingest.parsers.package_limits import BROKEN_CONTENT
from ingest.parsers.plain import decode
from ingest.types import ParsedDocument
from ingest.unpack import Unpacker

_HTML = 0x1013
_CONTENT_ID = 0x3712
_SHORT_NAME = 0x3704
_EMBEDDED = "__substg1.0_3701000D"
_SHORT_HEAD, _LONG_HEAD = 24, 32


def parse(path: Path) -> ParsedDocument:
    """Parse a message: subject, who wrote to whom and when, and the body.

    Its attachments are documents of their own, see ``unpack``.

    Raises:
        DamagedFile: It cannot be read as a message.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    return message_document(read_message(path))


def unpack(path: Path, into: Unpacker) -> None:
    """Take the files that a message brings along; pictures that stand in its body are left out.

    Raises:
        DamagedFile, SourceError: As ``parse``.
        LimitExceeded: They are too many or too large.
        OSError: The disk is full.
    """
    take(read_message(path), into)


def read_message(path: Path) -> Message:
    """Read a message with what it brings along.

    Raises:
        DamagedFile: It cannot be read as a message.
        SourceError: It cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise SourceError(f"Cannot read {str(path)!r}: {exc.strerror or exc}.") from exc
    try:
        return message_of(Outlook.load(data))
    except BROKEN_CONTENT as exc:
        raise DamagedFile(
            f"The message is damaged ({type(exc).__name__}). Open it in Outlook, save it anew and "
            "add that."
        ) from exc


def message_of(outlook: Any, depth: int = 0) -> Message:
    """Return what a message says and brings along, messages within it included.

    Args:
        outlook: An ``oxmsg.Message``.
        depth: In how many messages it lies.
    """
    to = [
        f"{one.name} <{one.email_address}>"
        if one.name and one.email_address
        else str(one.name or one.email_address or "")
        for one in outlook.recipients
    ]
    sent = outlook.sent_date
    head = (
        ("From", " ".join(str(outlook.sender or "").split())),
        ("To", listed([name for name in to if name])),
        ("Date", sent.strftime("%d %B %Y %H:%M UTC") if isinstance(sent, datetime) else ""),
    )
    return Message(
        subject=str(outlook.subject or ""),
        head=tuple((name, value) for name, value in head if value),
        date=sent.isoformat() if isinstance(sent, datetime) else "",
        bodies=(Body(str(outlook.body or ""), _markup(outlook)),),
        enclosures=tuple(_enclosure(one, depth) for one in outlook.attachments),
    )


def _markup(outlook: Any) -> str:
    """Return the body in HTML; its encoding is guessed where the message names a wrong one."""
    try:
        return str(outlook.html_body or "")
    except (LookupError, ValueError):
        data = outlook.properties.binary_prop_value(_HTML)
        return decode(data).text if data else ""


def _enclosure(attachment: Any, depth: int) -> Enclosure:
    properties = attachment.properties
    kind = str(attachment.mime_type or "")
    name = str(attachment.file_name or properties.str_prop_value(_SHORT_NAME) or "")
    inner = next((one for one in attachment._storage.storages if one.name == _EMBEDDED), None)
    if inner is not None:
        return _embedded(inner, name, depth + 1)
    inline = kind.startswith("image/") and bool(properties.str_prop_value(_CONTENT_ID))
    return Enclosure(name, kind, attachment.file_bytes, inline=inline)


def _embedded(storage: Any, name: str, depth: int) -> Enclosure:
    """Return a message within a message as it would be sent: no part of it is a file yet."""
    data: bytes | None = None
    if depth <= MAX_DEPTH:
        with suppress(*BROKEN_CONTENT):
            message = message_of(Outlook(_OfItsOwn(storage)), depth)
            name = message.subject or name
            data = as_sent(message)
    stem = " ".join(name.replace("/", "-").split()) or "message"
    return Enclosure(f"{stem.removesuffix('.eml')}.eml", "message/rfc822", data)


class _OfItsOwn:
    """The storage of an embedded message, with the longer head that one of its own has.

    [MS-OXMSG] 2.4.1.1 and 2.4.1.2: 32 bytes against 24.
    """

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    @property
    def properties_stream_bytes(self) -> bytes:
        """Return the properties, where ``oxmsg`` looks for them."""
        data: bytes = self._storage.properties_stream_bytes
        return data[:_SHORT_HEAD] + bytes(_LONG_HEAD - _SHORT_HEAD) + data[_SHORT_HEAD:]

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the storage has."""
        return getattr(self._storage, name)

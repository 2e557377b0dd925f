"""Messages as they are sent (RFC 5322 and MIME): the body, and the files they bring along."""

from __future__ import annotations

import email
import email.errors
from collections.abc import Iterator
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import Message as Mime
from email.utils import parsedate_to_datetime
from pathlib import Path

from ingest.errors import DamagedFile, EncryptedFile, SourceError
from ingest.parsers.mail import Body, Enclosure, Message, message_document
from ingest.parsers.plain import decode
from ingest.types import ParsedDocument
from ingest.unpack import Unpacker

MAX_PARTS = 2_000
_HEAD = ("From", "To", "Cc", "Date")
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_SEALED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
#: What the ``email`` package raises on hostile headers and bodies.
_BROKEN = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError),
    *(email.errors.MessageError, OverflowError),
)


def parse(path: Path) -> ParsedDocument:
    """Parse a message: subject, who wrote to whom and when, and the body.

    Its attachments are documents of their own, see ``unpack``.

    Raises:
        DamagedFile: It cannot be read as a message.
        EncryptedFile: Its body is encrypted.
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


def take(message: Message, into: Unpacker) -> None:
    """Take a message's enclosures."""
    for number, enclosure in enumerate(message.enclosures, 1):
        name = enclosure.file_name(number)
        if enclosure.inline:
            into.leave(name)
        elif enclosure.data is None:
            into.refuse(name, "it is not in the message itself; open the message and save it")
        else:
            into.take(name, [enclosure.data])


def read_message(path: Path) -> Message:
    """Read a message with what it brings along.

    Raises:
        DamagedFile: It cannot be read as a message.
        EncryptedFile: Its body is encrypted.
        SourceError: It cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise SourceError(f"Cannot read {str(path)!r}: {exc.strerror or exc}.") from exc
    try:
        mime = email.message_from_bytes(data)
        reader = _Reader()
        reader.read(mime)
    except _BROKEN as exc:
        raise DamagedFile(
            f"The message cannot be read ({type(exc).__name__}). Open it in your mail program, "
            "save it anew and add that."
        ) from exc
    head = tuple((name, value) for name in _HEAD if (value := _header(mime, name)))
    return Message(
        subject=_header(mime, "Subject"),
        head=head,
        date=_date(mime),
        bodies=tuple(reader.bodies),
        enclosures=tuple(reader.enclosures),
        warnings=tuple(reader.warnings),
    )


class _Reader:
    """Sorts a message's parts into bodies and enclosures."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.enclosures: list[Enclosure] = []
        self.warnings: list[str] = []
        self._parts = 0

    def read(self, part: Mime, *, related: bool = False) -> None:
        """Read a part and those in it; ``related`` ones stand in the body of another."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise DamagedFile(
                f"The message has more than {MAX_PARTS:,} parts; no message needs so many."
            )
        kind = part.get_content_type()
        if kind in _SEALED and "signed" not in str(part.get_param("smime-type") or ""):
            raise _sealed()
        if kind == "multipart/encrypted":
            raise _sealed()
        if kind in _SIGNATURES:
            return
        if kind == "multipart/alternative":
            self._alternative(part)
        elif kind == "multipart/related":
            for at, inner in enumerate(_parts(part)):
                self.read(inner, related=at > 0)
        elif part.is_multipart() and kind != "message/rfc822":
            for inner in _parts(part):
                self.read(inner, related=related)
        elif _is_body(part):
            self.bodies.append(_as_body(part))
        else:
            self.enclosures.append(_enclosure(part, related=related))

    def _alternative(self, part: Mime) -> None:
        """Join the versions of one body; whatever else is among them is read by itself."""
        plain = markup = ""
        for inner in _parts(part):
            if _is_body(inner):
                body = _as_body(inner)
                plain, markup = plain or body.plain, markup or body.markup
                continue
            before = len(self.bodies)
            self.read(inner)
            for body in self.bodies[before:]:
                plain, markup = plain or body.plain, markup or body.markup
            del self.bodies[before:]
        self.bodies.append(Body(plain, markup))


def _parts(part: Mime) -> Iterator[Mime]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in payload if isinstance(inner, Mime))


def _is_body(part: Mime) -> bool:
    """Tell whether a part is text to be read in place, not a file."""
    if part.get_content_type() not in ("text/plain", "text/html", "message/delivery-status"):
        return False
    return part.get_content_disposition() != "attachment" and not part.get_filename()


def _as_body(part: Mime) -> Body:
    text = decode(_bytes(part), str(part.get_content_charset() or "")).text
    return Body(markup=text) if part.get_content_type() == "text/html" else Body(plain=text)


def _bytes(part: Mime) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = "\n".join(str(one) for one in _parts(part))
    return inner.encode("utf-8", "replace")


def _enclosure(part: Mime, *, related: bool) -> Enclosure:
    kind = part.get_content_type()
    name = _decoded(part.get_filename() or "")
    if kind == "message/rfc822":
        inner = next(_parts(part), None)
        subject = _header(inner, "Subject") if inner is not None else ""
        name = name or f"{subject.replace('/', '-') or 'message'}.eml"
        name = name if name.lower().endswith(".eml") else f"{name}.eml"
        return Enclosure(name, kind, _whole(inner))
    inline = part.get_content_disposition() == "inline" or bool(part.get("Content-ID"))
    picture = kind.startswith("image/") and (related or inline)
    return Enclosure(name, kind, _bytes(part), inline=picture)


def _whole(message: Mime | None) -> bytes | None:
    """Return a message's bytes; None where it is too broken to be written again."""
    try:
        return message.as_bytes() if message is not None else b""
    except _BROKEN:
        return None


def _header(part: Mime, name: str) -> str:
    return _decoded(str(part.get(name) or ""))


def _decoded(value: str) -> str:
    """Return a header's value with its encoded words decoded, on one line."""
    with suppress(*_BROKEN):
        value = str(make_header(decode_header(value)))
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())


def _date(mime: Mime) -> str:
    try:
        return parsedate_to_datetime(_header(mime, "Date")).isoformat()
    except _BROKEN:
        return ""


def _sealed() -> EncryptedFile:
    return EncryptedFile(
        "The message is encrypted. Open it in the mail program that has its key, save its text "
        "and its attachments and add those."
    )

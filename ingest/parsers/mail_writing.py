"""A message that another program kept in a form of its own, written as it would be sent."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from ingest.parsers.mail import Body, Enclosure, Message


def as_sent(message: Message) -> bytes:
    """Return a message in the format of the Internet (RFC 5322), with what it brings along."""
    mixed = MIMEMultipart("mixed")
    mixed["Subject"] = _header(message.subject)
    for name, value in message.head:
        if name != "Date":
            mixed[name] = _header(value)
    if date := _date(message.date):
        mixed["Date"] = date
    for body in message.bodies:
        mixed.attach(_body(body))
    for number, enclosure in enumerate(message.enclosures, 1):
        if enclosure.data is not None:
            mixed.attach(_enclosure(enclosure, enclosure.file_name(number), enclosure.data))
    return mixed.as_bytes()


def _header(value: str) -> str:
    whole = " ".join(value.encode("utf-8", "replace").decode().split())
    return Header(whole, "utf-8").encode()


def _date(said: str) -> str:
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return ""
    return format_datetime(when if when.tzinfo else when.replace(tzinfo=UTC))


def _body(body: Body) -> MIMEMultipart:
    either = MIMEMultipart("alternative")
    for text, kind in ((body.plain, "plain"), (body.markup, "html")):
        if text:
            either.attach(MIMEText(text.encode("utf-8", "replace").decode(), kind, "utf-8"))
    return either


def _enclosure(enclosure: Enclosure, name: str, data: bytes) -> MIMEApplication | MIMEImage:
    made: MIMEApplication | MIMEImage = MIMEApplication(data)
    if enclosure.inline:
        made = MIMEImage(data, enclosure.media_type.partition("/")[2] or "png")
    disposition = "inline" if enclosure.inline else "attachment"
    made.add_header("Content-Disposition", disposition, filename=("utf-8", "", name))
    return made

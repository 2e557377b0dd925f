from __future__ import annotations

import struct
from pathlib import Path

from oxmsg import Message as Outlook
from oxmsg.storage import Storage, Stream

from ingest.held import Budget
from ingest.parsers import eml
from ingest.parsers.msg import message_of
from ingest.unpack import Unpacker
from tests.unit.ingest.parsers.laws import texts

SUBJECT, BODY, SENDER, FILE, LONG_NAME = 0x0037, 0x1000, 0x0042, 0x3701, 0x3707
UNICODE, BINARY = 0x001F, 0x0102


def storage(path: str, head: int, values: dict[int, str | bytes], *inner: Storage) -> Storage:
    """Make a storage with its properties, after [MS-OXMSG] 2.4."""
    entries, streams = b"", []
    for number, value in values.items():
        kind = UNICODE if isinstance(value, str) else BINARY
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        entries += struct.pack("<HHIII", kind, number, 6, len(data), 0)
        streams.append(Stream(f"{path}/__substg1.0_{number:04X}{kind:04X}", data))
    streams.append(Stream(f"{path}/__properties_version1.0", bytes(head) + entries))
    return Storage(path, tuple(streams), inner)


def attachment(number: int, values: dict[int, str | bytes], *inner: Storage) -> Storage:
    return storage(f"__attach_version1.0_#{number:08d}", 8, values, *inner)


def outer(*attachments: Storage) -> Outlook:
    return Outlook(storage("", 32, {SUBJECT: "Forwarded", BODY: "See below."}, *attachments))


def test_a_message_in_a_message_is_a_message_with_its_own_files(tmp_path: Path) -> None:
    inner = storage(
        "a/__substg1.0_3701000D",
        24,
        {SUBJECT: "Réunion à Osh", BODY: "The inner words.\n\nSecond.", SENDER: "Ана"},
        attachment(0, {FILE: b"Plan of May.", LONG_NAME: "план.txt"}),
    )
    message = message_of(outer(attachment(0, {}, inner)))
    out = tmp_path / "out"
    out.mkdir()
    into = Unpacker(out, Budget(), 10_000)
    eml.take(message, into)
    assert [member.name for member in into.held().members] == ["Réunion à Osh.eml"]
    document = eml.parse(out / "0.eml")
    assert texts(document) == ["Réunion à Osh", "From: Ана", "The inner words.", "Second."]
    deeper = tmp_path / "deeper"
    deeper.mkdir()
    into = Unpacker(deeper, Budget(), 10_000)
    eml.unpack(out / "0.eml", into)
    assert [member.name for member in into.held().members] == ["план.txt"]
    assert (deeper / "0.txt").read_bytes() == b"Plan of May."


def test_messages_in_messages_end_somewhere() -> None:
    inner = storage("z", 24, {SUBJECT: "deepest"})
    for _ in range(9):
        inner = storage(
            "a/__substg1.0_3701000D",
            24,
            {SUBJECT: "again"},
            attachment(0, {}, Storage("a/__substg1.0_3701000D", inner.streams, inner.storages)),
        )
    (enclosure,) = message_of(outer(attachment(0, {}, inner))).enclosures
    assert enclosure.data is not None
    assert b"deepest" not in enclosure.data


def test_a_broken_message_in_a_message_is_refused_by_its_name(tmp_path: Path) -> None:
    broken = Storage("a/__substg1.0_3701000D", (), ())
    message = message_of(outer(attachment(0, {LONG_NAME: "Old notes"}, broken)))
    into = Unpacker(tmp_path, Budget(), 10_000)
    eml.take(message, into)
    (member,) = into.held().members
    assert (member.name, member.number) == ("Old notes.eml", None)
    assert "open the message and save it" in member.reason
